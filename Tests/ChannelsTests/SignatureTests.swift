import Channels
import Crypto
import Foundation
import Quantities
import SharedData
import Testing

struct SignatureVector: Decodable, Sendable, CustomTestStringConvertible {
    let gateway, secret: String
    let body, header, timestamp: String?
    let now: Int64?
    let url: String?
    let params: [String: String]?
    let valid: Bool
    let why: String?
    var testDescription: String { "\(gateway): \(why ?? (valid ? "valid" : "invalid"))" }

    static var all: [SignatureVector] {
        guard let data = try? SharedData.data("signatures.json") else { return [] }
        return (try? JSONDecoder().decode([SignatureVector].self, from: data)) ?? []
    }
}

struct SignatureTests {
    @Test(
        "A signature is valid or not as the vectors say",
        .enabled(if: SharedData.has("signatures.json")), arguments: SignatureVector.all)
    func vector(vector: SignatureVector) {
        let body = Data((vector.body ?? "").utf8)
        let now = Moment(seconds: vector.now ?? 0)
        let valid: Bool? =
            switch vector.gateway {
            case "whatsapp": WhatsAppCloud.verify(signature: vector.header, body: body, secret: vector.secret)
            case "twilio":
                Twilio.verify(
                    signature: vector.header, url: vector.url ?? "", fields: vector.params ?? [:],
                    authToken: vector.secret)
            case "generic":
                GenericJSON.verify(
                    timestamp: vector.timestamp, signature: vector.header, body: body, secret: vector.secret, now: now)
            case "chatwoot":
                Chatwoot.verify(
                    timestamp: vector.timestamp, signature: vector.header, body: body, secret: vector.secret, now: now)
            case "telegram": Telegram.verify(token: vector.header, secret: vector.secret)
            case "d360": WhatsAppCloud.verify360(authorization: vector.header, secret: vector.secret)
            default: nil
            }
        #expect(valid == vector.valid)
    }

    private static let form = "To=%2B1&MessageSid=SM1&MediaUrl=b&MediaUrl=a&MediaUrl=b&Body=hola"

    /// As Twilio signs: URL, then names and values in order, a value of a name once.
    private func twilio(_ text: String) -> String {
        Data(
            HMAC<Insecure.SHA1>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: Data("t".utf8)))
        ).base64EncodedString()
    }

    @Test(
        "Twilio's signature holds with the usual port or without, and with a name that is there more than once",
        arguments: [
            ("https://b.example/h", "https://b.example:443/h", true),
            ("https://b.example:443/h?x=1", "https://b.example/h?x=1", true),
            ("http://b.example/h", "http://b.example:80/h", true), ("https://b.example/h", "https://b.example/h", true),
            ("https://b.example:8443/h", "https://b.example:8443/h", true),
            ("https://b.example:8443/h", "https://b.example/h", false),
            ("https://b.example/h", "https://b.example:80/h", false),
            ("https://b.example/h", "https://b.example/H", false),
        ])
    func twilioForms(known: String, signed: String, valid: Bool) {
        let signature = twilio(signed + "BodyholaMediaUrlaMediaUrlbMessageSidSM1To+1")
        let fields = Twilio.fields(of: Data(Self.form.utf8), signature: signature, url: known, authToken: "t")
        #expect(fields == (valid ? ["To": "+1", "MessageSid": "SM1", "MediaUrl": "b", "Body": "hola"] : nil))
    }

    @Test(
        "Twilio's JSON is known by the hash of the body in the signed URL",
        arguments: [(0, true), (1, false), (2, false), (3, false)])
    func twilioJSON(fault: Int, valid: Bool) {
        let body = Data(#"{"MessageSid":"SM1","Body":"ñandú","NumMedia":0}"#.utf8)
        let hash = Signatures.hexadecimal(Data(SHA256.hash(data: fault == 1 ? Data() : body)))
        let url = "https://b.example/h?bodySHA256=" + hash
        let fields = Twilio.fields(
            of: fault == 2 ? body + Data(" ".utf8) : body, signature: twilio(fault == 3 ? "https://b.example/h" : url),
            url: url, authToken: "t")
        #expect(fields == (valid ? ["MessageSid": "SM1", "Body": "ñandú", "NumMedia": "0"] : nil))
    }

    @Test(
        "360dialog is known by the header that its webhook was set up with",
        arguments: [("Bearer s", true), ("Bearer t", false), ("s", false), ("", false), (nil, false)]
            as [(String?, Bool)])
    func dialog360(header: String?, valid: Bool) {
        #expect(WhatsAppCloud.verify360(authorization: header, secret: "s") == valid)
    }

    @Test(
        "Any timestamp is answered, the extreme ones too",
        arguments: ["", "-9223372036854775808", "9223372036854775807", "1e9", "99999999999999999999", "ñ"])
    func extremeTimestamp(timestamp: String) {
        let signature = String(repeating: "a", count: 64)
        #expect(
            !GenericJSON.verify(
                timestamp: timestamp, signature: signature, body: Data(), secret: "s",
                now: Moment(seconds: 1_795_521_600)))
    }

    @Test("What we sign ourselves is valid")
    func ownSignature() {
        let body = Data(#"{"text":"ñandú 👍"}"#.utf8)
        let headers = GenericJSON.signedHeaders(body: body, secret: "s", timestamp: 1_795_521_600)
        #expect(
            GenericJSON.verify(
                timestamp: headers["X-Promesa-Timestamp"], signature: headers["X-Promesa-Signature"], body: body,
                secret: "s",
                now: Moment(seconds: 1_795_521_700)))
    }

    @Test(
        "Meta's challenge is answered to our token only",
        arguments: [
            (["hub.mode": "subscribe", "hub.verify_token": "t", "hub.challenge": "42"], "42"),
            (["hub.mode": "subscribe", "hub.verify_token": "u", "hub.challenge": "42"], nil),
            (["hub.mode": "unsubscribe", "hub.verify_token": "t", "hub.challenge": "42"], nil),
            (["hub.mode": "subscribe", "hub.verify_token": "t"], nil),
            ([:], nil),
        ] as [([String: String], String?)])
    func challenge(query: [String: String], answer: String?) {
        #expect(WhatsAppCloud.verifyChallenge(query, token: "t") == answer)
    }
}
