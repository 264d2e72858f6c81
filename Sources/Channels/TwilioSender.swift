import Conversations
import Foundation

/// Sends SMS through Twilio's REST API, and reads its answers.
public struct TwilioSender: Sendable {
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

    /// The requests that say `message`, in order; options are numbered in the text.
    public func requests(for message: OutboxMessage) -> [OutboundRequest] {
        var text = message.message.text
        for (index, option) in message.message.options.enumerated() { text += "\n\(index + 1)) \(option.title)" }
        let credentials = Data("\(accountSID):\(authToken)".utf8).base64EncodedString()
        return WhatsAppSender.split(text, atMost: Self.longestText).map { part in
            let fields = [
                ("To", message.contact.address), ("From", message.contact.gatewayAccount), ("Body", part),
                ("StatusCallback", statusCallback),
            ]
            return OutboundRequest(
                url: "\(apiURL)/2010-04-01/Accounts/\(accountSID)/Messages.json",
                headers: [
                    "Authorization": "Basic \(credentials)", "Content-Type": "application/x-www-form-urlencoded",
                ],
                body: Data(fields.map { "\($0)=\(Self.formEncoded($1))" }.joined(separator: "&").utf8))
        }
    }

    /// Reads Twilio's answer: `{"sid"}` or `{"code","message"}`.
    public func classify(status: Int, body: Data, retryAfter: Int?) -> SendOutcome {
        let object = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any]
        if (200..<300).contains(status) { return .sent(gatewayMessageID: object?["sid"] as? String) }
        let reason = "HTTP \(status)" + ((object?["code"] as? Int).map { ", code \($0)" } ?? "")
        if status >= 500 || status == 408 || status == 429 || status == 401 {
            return .retry(after: retryAfter, reason: reason)
        }
        return .permanent(reason: reason)
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
