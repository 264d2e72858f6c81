import Conversations
import Foundation
import Quantities

/// The webhook of WhatsApp Cloud API (Meta's Graph API).
public enum WhatsAppCloud {
    /// The whole body is not what Meta sends.
    public struct Malformed: Error, CustomStringConvertible {
        public let description: String
    }

    /// Answers the verification `GET`: the challenge to echo, or nil where it is not Meta with our token.
    public static func verifyChallenge(_ query: [String: String], token: String) -> String? {
        guard query["hub.mode"] == "subscribe", let given = query["hub.verify_token"],
            let challenge = query["hub.challenge"], Signatures.areEqual(given, token)
        else { return nil }
        return challenge
    }

    /// - Parameter signature: the header `X-Hub-Signature-256`: `sha256=` and the HMAC of the raw body in hexadecimal.
    public static func verify(signature: String?, body: Data, secret: String) -> Bool {
        guard let signature, signature.hasPrefix("sha256=") else { return false }
        return Signatures.isValid(signature.dropFirst("sha256=".count), of: body, secret: secret)
    }

    /// Whether a request comes from 360dialog: it sends the headers that its webhook was set up with.
    /// - Parameter authorization: `Bearer` and the secret.
    public static func verify360(authorization: String?, secret: String) -> Bool {
        guard let authorization else { return false }
        return Signatures.areEqual(authorization, "Bearer \(secret)")
    }

    /// Reads a body. Each item stands by itself: one that cannot be read becomes a dead letter, the rest go on.
    /// - Parameter number: the phone_number_id of bodies that do not say it: the form of the on-premise API, which
    ///   360dialog still sends; without one they are refused.
    /// - Throws: ``Malformed`` where nothing in it can be read.
    public static func parse(_ body: Data, number: String? = nil) throws -> ParsedWebhook {
        let root: Any
        do {
            root = try UntrustedJSON.parse(body)
        } catch UntrustedJSON.Refusal.notJSON {
            // Half a surrogate or a broken byte in one text makes Foundation refuse the body: only that text is lost.
            guard let repaired = LoneSurrogates.removed(from: body), let object = try? UntrustedJSON.parse(repaired)
            else {
                throw Malformed(description: "it is not valid JSON")
            }
            root = object
        } catch {
            throw Malformed(description: "\(error)")
        }
        guard let object = root as? [String: Any] else { throw Malformed(description: "expected an object") }
        if let number, object["entry"] == nil,
            ["messages", "statuses", "errors"].contains(where: { object[$0] != nil })
        {
            return ParsedWebhook(items: items(of: object, field: "messages", number: number))
        }
        guard let entries = object["entry"] as? [Any] else {
            throw Malformed(description: "expected `entry` to be a list")
        }
        var items: [ParsedWebhook.Item] = []
        for entry in entries {
            guard let entry = entry as? [String: Any], let changes = entry["changes"] as? [Any] else {
                items.append(
                    .deadLetter(reason: "an entry without a list of changes", fragment: UntrustedJSON.text(entry)))
                continue
            }
            for change in changes { items += parse(change: change) }
        }
        return ParsedWebhook(items: items.isEmpty ? [.ignored(kind: "nothing")] : items)
    }

    private static func parse(change: Any) -> [ParsedWebhook.Item] {
        guard let change = change as? [String: Any], let field = change["field"] as? String else {
            return [.deadLetter(reason: "a change without `field`", fragment: UntrustedJSON.text(change))]
        }
        guard ["messages", "smb_message_echoes"].contains(field) else { return [.ignored(kind: field)] }
        guard let value = change["value"] as? [String: Any] else {
            return [.deadLetter(reason: "a change without `value`", fragment: UntrustedJSON.text(change))]
        }
        let number = (value["metadata"] as? [String: Any])?["phone_number_id"] as? String ?? ""
        return items(of: value, field: field, number: number)
    }

    private static func items(of value: [String: Any], field: String, number: String) -> [ParsedWebhook.Item] {
        var items: [ParsedWebhook.Item] = []
        for (key, read) in [("messages", message), ("message_echoes", echo), ("statuses", status)]
            as [(String, ([String: Any], String) -> ParsedWebhook.Item)]
        {
            guard let list = value[key] else { continue }
            guard let list = list as? [Any] else {
                items.append(.deadLetter(reason: "`\(key)` is not a list", fragment: UntrustedJSON.text(value)))
                continue
            }
            for entry in list {
                if let entry = entry as? [String: Any] {
                    items.append(read(entry, number))
                } else {
                    items.append(.deadLetter(reason: "an item of `\(key)` is not an object", fragment: "\(entry)"))
                }
            }
        }
        return items.isEmpty ? [.ignored(kind: field)] : items
    }

    private static let media: Set<String> = [
        "audio", "voice", "image", "video", "document", "sticker", "location", "contacts", "order",
    ]
    /// What somebody sent and the API cannot hand over. The rest of `unsupported` says nothing: a pin, a vote, a reaction.
    private static let unsupportedMedia: Set<String> = [
        "gif", "group_invite", "image", "list", "location", "media_placeholder", "order", "poll_creation", "product",
    ]
    private static let understood: Set<String> = ["text", "button", "interactive", "system", "unsupported"]

    private static func message(_ entry: [String: Any], _ number: String) -> ParsedWebhook.Item {
        func refuse(_ reason: String) -> ParsedWebhook.Item {
            .deadLetter(reason: reason, fragment: UntrustedJSON.text(entry))
        }
        guard let type = entry["type"] as? String else { return refuse("a message without `type`") }
        if entry["group_id"] != nil { return .ignored(kind: "group") }
        guard media.contains(type) || understood.contains(type) else { return .ignored(kind: type) }
        let system = type == "system" ? entry["system"] as? [String: Any] ?? [:] : [:]
        guard let id = entry["id"] as? String, UntrustedJSON.isIdentifier(id) else {
            return refuse("a message without `id`")
        }
        // Who has another user id and no phone is only known by the one before.
        guard let address = address(entry) ?? system["previous_user_id"] as? String, UntrustedJSON.isIdentifier(address)
        else { return type == "system" ? .ignored(kind: type) : refuse("a message without `from`") }
        guard let writtenAt = UntrustedJSON.moment(entry["timestamp"]) else {
            return refuse("a message without a `timestamp` in seconds")
        }
        func message(_ content: InboundMessage.Content) -> InboundMessage {
            var message = InboundMessage(
                contact: ContactKey(channel: "whatsapp", gatewayAccount: number, address: address), messageID: id,
                writtenAt: writtenAt, content: content)
            message.referral = referral(entry)
            return message
        }
        func turn(_ content: InboundMessage.Content) -> ParsedWebhook.Item { .turn(message(content)) }
        if media.contains(type) { return turn(.media(kind: type)) }
        switch type {
        case "text":
            guard let text = (entry["text"] as? [String: Any])?["body"] as? String, !text.contains(LoneSurrogates.mark),
                !text.isEmpty
            else { return refuse("a text message without readable text") }
            return turn(.text(text))
        case "button":
            guard let button = entry["button"] as? [String: Any], let text = button["text"] as? String else {
                return refuse("a button without text")
            }
            return turn(.tap(id: button["payload"] as? String ?? text, title: text))
        case "interactive":
            guard let interactive = entry["interactive"] as? [String: Any], let kind = interactive["type"] as? String
            else {
                return refuse("an interactive message without `type`")
            }
            guard kind == "button_reply" || kind == "list_reply" else { return .ignored(kind: kind) }
            guard let reply = interactive[kind] as? [String: Any], let replyID = reply["id"] as? String,
                let title = reply["title"] as? String
            else { return refuse("a reply without `id` and `title`") }
            return turn(.tap(id: replyID, title: title))
        case "system":
            guard let new = newAddress(system, of: address) else { return .ignored(kind: type) }
            return .notice(message(.moved(to: new)))
        case "unsupported":
            let kind = (entry["unsupported"] as? [String: Any])?["type"] as? String ?? type
            return unsupportedMedia.contains(kind) ? turn(.media(kind: kind)) : .ignored(kind: kind)
        default: return .ignored(kind: type)
        }
    }

    /// Where the person is from now on; the same address where only the telephone behind it is another.
    private static func newAddress(_ system: [String: Any], of address: String) -> String? {
        let new: String?
        switch system["type"] as? String {
        case "user_changed_number", "customer_changed_number":
            // `new_wa_id` until v11 of the API, where `wa_id` was the old one.
            new = (system["new_wa_id"] as? String ?? system["wa_id"] as? String).flatMap(phone)
        case "user_changed_user_id": new = (system["user_id"] as? String).flatMap { $0.isEmpty ? nil : $0 }
        case "user_identity_changed", "customer_identity_changed": new = address
        default: new = nil
        }
        return new.flatMap { UntrustedJSON.isIdentifier($0) ? $0 : nil }
    }

    private static func referral(_ entry: [String: Any]) -> String? {
        guard let referral = entry["referral"] as? [String: Any] else { return nil }
        let parts = ["source_type", "source_id"].compactMap { referral[$0] as? String }
        return parts.isEmpty ? nil : String(parts.joined(separator: " ").prefix(200))
    }

    private static func echo(_ entry: [String: Any], _ number: String) -> ParsedWebhook.Item {
        guard let id = entry["id"] as? String, UntrustedJSON.isIdentifier(id),
            let to = entry["to"] as? String ?? entry["to_user_id"] as? String, UntrustedJSON.isIdentifier(to)
        else {
            return .deadLetter(reason: "an echo without `id` and `to`", fragment: UntrustedJSON.text(entry))
        }
        let text = (entry["text"] as? [String: Any])?["body"] as? String ?? "(\(entry["type"] as? String ?? "mensaje"))"
        return .human(
            InboundMessage(
                contact: ContactKey(channel: "whatsapp", gatewayAccount: number, address: phone(to) ?? to),
                messageID: id,
                writtenAt: UntrustedJSON.moment(entry["timestamp"]) ?? Moment(seconds: 0),
                content: .humanEcho(text: text)))
    }

    private static func status(_ entry: [String: Any], _ number: String) -> ParsedWebhook.Item {
        guard let id = entry["id"] as? String, let name = entry["status"] as? String else {
            return .deadLetter(reason: "a status without `id` and `status`", fragment: UntrustedJSON.text(entry))
        }
        // A voice message that was listened to was read.
        guard let state = MessageStatus.State(rawValue: name == "played" ? "read" : name) else {
            return .ignored(kind: "status \(name)")
        }
        let error = (entry["errors"] as? [Any])?.lazy.compactMap { $0 as? [String: Any] }.first
        let code = (error?["code"] as? Int) ?? (error?["code"] as? String).flatMap { Int($0) }
        let title = error?["title"] as? String ?? error?["message"] as? String ?? ""
        return .status(
            MessageStatus(
                gatewayMessageID: id, state: state,
                error: error.map { _ in "\(code.map { String($0) } ?? "") \(title.prefix(200))" }, code: code,
                tracker: entry["biz_opaque_callback_data"] as? String))
    }

    /// The phone with `+`, else the user id of somebody who hides it.
    private static func address(_ entry: [String: Any]) -> String? {
        if let from = entry["from"] as? String, !from.isEmpty { return phone(from) ?? from }
        return (entry["from_user_id"] as? String).flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func phone(_ text: String) -> String? {
        let digits = text.drop { $0 == "+" }
        return !digits.isEmpty && digits.allSatisfy(\.isNumber) ? "+" + digits : nil
    }
}
