import Conversations
import Foundation
import Quantities

/// The webhook of a Chatwoot agent bot. The contact's address is the Chatwoot conversation: answers go there.
public enum Chatwoot {
    /// The whole body is not what Chatwoot sends.
    public struct Malformed: Error, CustomStringConvertible {
        public let description: String
    }

    /// - Parameters:
    ///   - timestamp: `X-Chatwoot-Timestamp`, Unix seconds, at most five minutes from our clock.
    ///   - signature: `X-Chatwoot-Signature`: `sha256=` and the HMAC of `timestamp.body` in hexadecimal.
    public static func verify(timestamp: String?, signature: String?, body: Data, secret: String, now: Moment) -> Bool {
        guard let signature, signature.hasPrefix("sha256=") else { return false }
        return GenericJSON.verify(
            timestamp: timestamp, signature: String(signature.dropFirst("sha256=".count)), body: body, secret: secret,
            now: now)
    }

    /// - Parameter account: ours, for events that do not name it.
    /// - Throws: ``Malformed``.
    public static func parse(_ body: Data, account: String, receivedAt: Moment) throws -> ParsedWebhook.Item {
        guard let event = try? UntrustedJSON.parse(LoneSurrogates.removed(from: body) ?? body) as? [String: Any] else {
            throw Malformed(description: "it is not a JSON object")
        }
        guard let name = event["event"] as? String else { throw Malformed(description: "it has no `event`") }
        switch name {
        case "message_created", "message_updated":
            return message(event, account, updated: name == "message_updated", receivedAt: receivedAt)
        case "conversation_status_changed", "conversation_resolved", "conversation_opened":
            return status(event, account, receivedAt)
        default: return .ignored(kind: name)
        }
    }

    private static func refuse(_ reason: String, _ event: [String: Any]) -> ParsedWebhook.Item {
        .deadLetter(reason: reason, fragment: UntrustedJSON.text(event))
    }

    private static func message(_ event: [String: Any], _ account: String, updated: Bool, receivedAt: Moment)
        -> ParsedWebhook.Item
    {
        if event["private"] as? Bool == true { return .ignored(kind: "private note") }
        guard let conversation = event["conversation"] as? [String: Any],
            let contact = contact(conversation, event, account)
        else { return refuse("a message without a conversation", event) }
        guard let id = Telegram.integer(event["id"]) else { return refuse("a message without `id`", event) }
        let sender = event["sender"] as? [String: Any] ?? [:]
        func message(_ messageID: String, _ content: InboundMessage.Content) -> InboundMessage {
            var message = InboundMessage(
                contact: contact, messageID: messageID,
                writtenAt: (event["created_at"] as? String).flatMap { Moment(iso: $0) } ?? receivedAt, content: content)
            message.phone = phone(of: conversation, sender)
            return message
        }
        if updated {
            // The answer to options that we sent.
            guard let values = (event["content_attributes"] as? [String: Any])?["submitted_values"] as? [[String: Any]],
                let chosen = values.first, let value = chosen["value"] as? String
            else { return .ignored(kind: "message_updated") }
            return .turn(
                message("\(id)#\(value)", .tap(id: value, title: chosen["title"] as? String ?? value)))
        }
        switch kind(event["message_type"]) {
        case "incoming":
            // What is not pending is attended by people, or is over.
            guard conversation["status"] as? String == "pending" else { return .ignored(kind: "not the bot's") }
            if let attachments = event["attachments"] as? [[String: Any]], let first = attachments.first {
                return .turn(message(String(id), .media(kind: first["file_type"] as? String ?? "file")))
            }
            guard let text = text(event), !text.isEmpty, !text.contains(LoneSurrogates.mark) else {
                return refuse("a message without readable content", event)
            }
            return .turn(message(String(id), .text(text)))
        case "outgoing":
            let stored = (conversation["messages"] as? [[String: Any]])?.first?["sender_type"]
            guard (sender["type"] as? String ?? stored as? String)?.lowercased() == "user" else {
                return .ignored(kind: "a bot's message")
            }
            return .human(message(String(id), .humanEcho(text: event["content"] as? String ?? "(adjunto)")))
        case let other: return .ignored(kind: other)
        }
    }

    /// What was written; of a mail without the one that it answers.
    private static func text(_ event: [String: Any]) -> String? {
        guard let text = event["content"] as? String, event["content_type"] as? String == "incoming_email" else {
            return event["content"] as? String
        }
        let mail = (event["content_attributes"] as? [String: Any])?["email"] as? [String: Any]
        let reply = (mail?["text_content"] as? [String: Any])?["reply"] as? String
        return MailIn.newText(reply ?? text)
    }

    /// Words in webhooks, numbers where a message is inside something else.
    private static func kind(_ value: Any?) -> String {
        if let word = value as? String { return word }
        return switch Telegram.integer(value) {
        case 0: "incoming"
        case 1: "outgoing"
        default: "activity"
        }
    }

    /// `open` and `snoozed` are people attending a conversation; `pending` and `resolved` are people giving it back.
    private static func status(_ event: [String: Any], _ account: String, _ receivedAt: Moment) -> ParsedWebhook.Item {
        let contents: [String: InboundMessage.Content] = [
            "open": .attended, "snoozed": .attended, "pending": .givenBack, "resolved": .givenBack,
        ]
        guard let status = event["status"] as? String, let content = contents[status],
            let contact = contact(event, event, account)
        else { return .ignored(kind: "conversation status") }
        let version = (event["updated_at"] as? NSNumber).map { "\($0)" } ?? "\(receivedAt.milliseconds)"
        return .notice(
            InboundMessage(
                contact: contact, messageID: "status/\(contact.address)/\(status)/\(version)", writtenAt: receivedAt,
                content: content))
    }

    private static func contact(_ conversation: [String: Any], _ event: [String: Any], _ account: String) -> ContactKey?
    {
        guard let id = Telegram.integer(conversation["id"]) else { return nil }
        let named = Telegram.integer((event["account"] as? [String: Any])?["id"]).map { String($0) }
        return ContactKey(channel: "chatwoot", gatewayAccount: named ?? account, address: String(id))
    }

    private static func phone(of conversation: [String: Any], _ sender: [String: Any]) -> String? {
        let person = (conversation["meta"] as? [String: Any])?["sender"] as? [String: Any]
        let phone = person?["phone_number"] as? String ?? sender["phone_number"] as? String
        return phone.flatMap { $0.hasPrefix("+") && UntrustedJSON.isIdentifier($0) ? $0 : nil }
    }
}
