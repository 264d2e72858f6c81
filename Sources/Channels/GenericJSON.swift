import Conversations
import Dialog
import Foundation
import Quantities

/// A company's own gateway: signed JSON in, the reply in the response.
public enum GenericJSON {
    /// Which field is wrong, and what was expected.
    public struct Malformed: Error, CustomStringConvertible, Hashable {
        public let description: String
    }

    /// Seconds that a timestamp may differ from our clock.
    public static let tolerance: Int64 = 300

    /// - Parameters:
    ///   - timestamp: `X-Promesa-Timestamp`, Unix seconds.
    ///   - signature: `X-Promesa-Signature`, HMAC-SHA256 of `timestamp.body` in hexadecimal.
    public static func verify(timestamp: String?, signature: String?, body: Data, secret: String, now: Moment) -> Bool {
        let clock = now.milliseconds / 1000
        guard let timestamp, let signature, let seconds = Int64(timestamp),
            (clock - tolerance...clock + tolerance).contains(seconds)
        else { return false }
        return Signatures.isValid(signature, of: Data((timestamp + ".").utf8) + body, secret: secret)
    }

    /// Headers for a request that we make: the same signature.
    public static func signedHeaders(body: Data, secret: String, timestamp: Int64) -> [String: String] {
        let code = Signatures.hmacSHA256(Data("\(timestamp).".utf8) + body, secret: secret)
        return [
            "Content-Type": "application/json", "X-Promesa-Timestamp": String(timestamp),
            "X-Promesa-Signature": Signatures.hexadecimal(code),
        ]
    }

    /// Reads `{"id","from","text"}` with an optional `at` (ISO 8601) and `button` (the id of a tapped option).
    /// - Throws: ``Malformed``.
    public static func parse(_ body: Data, receivedAt: Moment) throws -> InboundMessage {
        let root: Any
        do {
            root = try UntrustedJSON.parse(body)
        } catch {
            throw Malformed(description: "The body cannot be read: \(error).")
        }
        guard let object = root as? [String: Any] else {
            throw Malformed(description: "The body must be a JSON object.")
        }
        func required(_ name: String) throws -> String {
            guard let text = object[name] as? String, !text.allSatisfy(\.isWhitespace) else {
                throw Malformed(description: "Field `\(name)` is missing or blank; it must be a text.")
            }
            return text
        }
        func identifier(_ name: String) throws -> String {
            let text = try required(name)
            guard UntrustedJSON.isIdentifier(text) else {
                throw Malformed(description: "Field `\(name)` is longer than 512 bytes or has control characters.")
            }
            return text
        }
        var writtenAt = receivedAt
        if let given = object["at"] ?? object["timestamp"] {
            guard let text = given as? String, let moment = Moment(iso: text) else {
                throw Malformed(description: "Field `at` must be a moment such as \"2026-11-24T10:00:00-03:00\".")
            }
            writtenAt = min(moment, receivedAt)
        }
        let id = try identifier("id")
        let contact = ContactKey(channel: "generic", gatewayAccount: "default", address: try identifier("from"))
        let content: InboundMessage.Content
        if let button = object["button"] {
            guard let button = button as? String, !button.isEmpty else {
                throw Malformed(description: "Field `button` must be the id of an option.")
            }
            content = .tap(id: button, title: object["text"] as? String ?? button)
        } else {
            content = .text(try required("text"))
        }
        return InboundMessage(contact: contact, messageID: id, writtenAt: writtenAt, content: content)
    }

    private struct Reply: Encodable {
        let text: String
        let options: [BotMessage.Option]
        init(_ message: BotMessage) {
            text = message.text
            options = message.options
        }
    }

    private struct Answer: Encodable {
        let id: String
        let duplicate: Bool
        let replies: [Reply]
    }

    private struct Callback: Encodable {
        let id: String
        let to: String
        let text: String
        let options: [BotMessage.Option]
    }

    /// The response's body: `{"id","duplicate","replies":[{"text","options":[{"id","title"}]}]}`.
    public static func response(id: String, duplicate: Bool, replies: [BotMessage]) -> Data {
        encode(Answer(id: id, duplicate: duplicate, replies: replies.map(Reply.init)))
    }

    /// A message that answers nobody, posted to the company's callback: `{"id","to","text","options"}`.
    public static func callbackBody(_ message: OutboxMessage) -> Data {
        encode(
            Callback(
                id: message.id, to: message.contact.address, text: message.message.text,
                options: message.message.options))
    }

    private static func encode(_ value: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(value)
        } catch {
            preconditionFailure("texts and flags always encode: \(error)")
        }
    }
}
