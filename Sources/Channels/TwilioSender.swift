import Conversations
import Dialog
import Foundation

/// Sends SMS and WhatsApp through Twilio's REST API, and reads its answers. Options are numbered in the text.
public struct TwilioSender: GatewaySender {
    let apiURL: String
    let accountSID: String
    let authToken: String
    let statusCallback: String

    /// - Parameters:
    ///   - apiURL: such as `https://api.twilio.com`.
    ///   - statusCallback: where Twilio reports what became of a message.
    public init(apiURL: String, accountSID: String, authToken: String, statusCallback: String) {
        self.apiURL = apiURL
        self.accountSID = accountSID
        self.authToken = authToken
        self.statusCallback = statusCallback
    }

    /// Twilio cuts a text into segments by itself; it refuses one of more characters than this.
    static let longestText = 1600

    /// A template's name is the SID of its content, `HX…`. Its variables are numbered through: those of the text, of the
    /// header, of the buttons.
    public func requests(for message: OutboxMessage) -> [OutboundRequest] {
        let network = message.contact.channel == "whatsapp" ? "whatsapp:" : ""
        let addresses = [
            ("To", network + message.contact.address), ("From", network + message.contact.gatewayAccount),
        ]
        if case .template(let name, _, let parameters, let header, let buttons) = message.form {
            let variables = parameters + [header?.value].compactMap { $0 } + (buttons ?? []).compactMap(\.value)
            let values = Dictionary(uniqueKeysWithValues: variables.enumerated().map { (String($0 + 1), $1) })
            return [request(addresses + [("ContentSid", name), ("ContentVariables", UntrustedJSON.text(values))])]
        }
        return MessageParts.split(message.message.numbered, atMost: Self.longestText).map {
            request(addresses + [("Body", $0)])
        }
    }

    private func request(_ fields: [(String, String)]) -> OutboundRequest {
        let credentials = Data("\(accountSID):\(authToken)".utf8).base64EncodedString()
        let body = (fields + [("StatusCallback", statusCallback)]).map { "\($0)=\(Self.formEncoded($1))" }
        return OutboundRequest(
            url: "\(apiURL)/2010-04-01/Accounts/\(accountSID)/Messages.json",
            headers: ["Authorization": "Basic \(credentials)", "Content-Type": "application/x-www-form-urlencoded"],
            body: Data(body.joined(separator: "&").utf8))
    }

    /// Reads Twilio's answer: `{"sid"}` or `{"code","message"}`.
    public func classify(status: Int, body: Data, retryAfter: Int?) -> SendOutcome {
        let object = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any]
        if (200..<300).contains(status) { return .sent(gatewayMessageID: object?["sid"] as? String) }
        return ErrorTable.twilio.outcome(status: status, code: object?["code"] as? Int, retryAfter: retryAfter)
    }

    /// `application/x-www-form-urlencoded`: letters, digits and `-._` as they are, all else as bytes in hexadecimal.
    static func formEncoded(_ text: String) -> String {
        let hexadecimal = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
