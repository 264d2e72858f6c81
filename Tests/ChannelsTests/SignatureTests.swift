import Channels
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
