import Conversations
import Foundation
import Quantities

/// Updates of Telegram's Bot API, from a webhook or by long poll.
public enum Telegram {
    /// The body is not an update.
    public struct Malformed: Error, CustomStringConvertible {
        public let description: String
    }

    /// - Parameter token: the header `X-Telegram-Bot-Api-Secret-Token`.
    public static func verify(token: String?, secret: String) -> Bool {
        guard let token else { return false }
        return Signatures.areEqual(token, secret)
    }

    /// One update, and what its sender's screen waits for.
    public struct Update: Sendable {
        public var item: ParsedWebhook.Item
        public var id: Int64
        /// A tapped button shows that it is busy until this is answered.
        public var callbackQueryID: String?
    }

    /// - Parameter bot: the bot's own id, the number before the colon of its token.
    /// - Throws: ``Malformed``.
    public static func parse(_ body: Data, bot: String, receivedAt: Moment) throws -> Update {
        guard let object = try? UntrustedJSON.parse(repaired(body)) as? [String: Any] else {
            throw Malformed(description: "it is not a JSON object")
        }
        guard let update = update(object, bot: bot, receivedAt: receivedAt) else {
            throw Malformed(description: "it has no `update_id`")
        }
        return update
    }

    /// The answer to `getUpdates`.
    /// - Throws: ``Malformed``.
    public static func parsePoll(_ body: Data, bot: String, receivedAt: Moment) throws -> [Update] {
        guard let object = try? UntrustedJSON.parse(repaired(body)) as? [String: Any],
            let updates = object["result"] as? [Any]
        else { throw Malformed(description: "it is not a list of updates") }
        return updates.compactMap { ($0 as? [String: Any]).flatMap { update($0, bot: bot, receivedAt: receivedAt) } }
    }

    private static func repaired(_ body: Data) -> Data { LoneSurrogates.removed(from: body) ?? body }

    private static func update(_ object: [String: Any], bot: String, receivedAt: Moment) -> Update? {
        guard let id = integer(object["update_id"]) else { return nil }
        var update = Update(item: .ignored(kind: object.keys.filter { $0 != "update_id" }.sorted().first ?? ""), id: id)
        let reader = UpdateReader(bot: bot, updateID: id, receivedAt: receivedAt)
        if let message = object["message"] {
            update.item = reader.message(message)
        } else if let query = object["callback_query"] {
            update.item = reader.tap(query)
            update.callbackQueryID = (query as? [String: Any])?["id"] as? String
        }
        return update
    }

    static func integer(_ value: Any?) -> Int64? { (value as? NSNumber).flatMap { Int64(exactly: $0.doubleValue) } }
}

private struct UpdateReader {
    let bot: String
    let updateID: Int64
    let receivedAt: Moment

    /// What people send; everything else that a message can hold tells of the chat, and is acknowledged.
    static let media = [
        "animation", "audio", "document", "paid_media", "photo", "sticker", "story", "video", "video_note", "voice",
        "contact", "dice", "poll", "venue", "location",
    ]

    private func refuse(_ reason: String, _ value: Any) -> ParsedWebhook.Item {
        .deadLetter(reason: reason, fragment: UntrustedJSON.text(value))
    }

    func message(_ value: Any) -> ParsedWebhook.Item {
        guard let message = value as? [String: Any], let chat = message["chat"] as? [String: Any],
            let chatID = Telegram.integer(chat["id"])
        else { return refuse("a message without `chat`", value) }
        guard chat["type"] as? String == "private" else { return .ignored(kind: "chat \(chat["type"] ?? "")") }
        let sender = message["from"] as? [String: Any]
        if sender?["is_bot"] as? Bool == true { return .ignored(kind: "bot") }
        guard let date = UntrustedJSON.moment(message["date"]) else {
            return refuse("a message without a `date` in seconds", value)
        }
        if let text = message["text"] {
            guard let text = text as? String, !text.isEmpty, !text.contains(LoneSurrogates.mark) else {
                return refuse("a text message without readable text", value)
            }
            return turn(chatID, date, .text(text))
        }
        guard let kind = Self.media.first(where: { message[$0] != nil }) else { return .ignored(kind: "message") }
        // Somebody's own phone, which Telegram vouches for; a contact of another person is not.
        if kind == "contact", let contact = message["contact"] as? [String: Any],
            let owner = Telegram.integer(contact["user_id"]), owner == Telegram.integer(sender?["id"]),
            let phone = contact["phone_number"] as? String
        {
            return turn(chatID, date, .opened, phone: "+" + phone.drop { $0 == "+" })
        }
        return turn(chatID, date, .media(kind: kind))
    }

    func tap(_ value: Any) -> ParsedWebhook.Item {
        guard let query = value as? [String: Any], let data = query["data"] as? String, !data.isEmpty else {
            return .ignored(kind: "callback_query without data")
        }
        let message = query["message"] as? [String: Any]
        guard let chat = message?["chat"] as? [String: Any], chat["type"] as? String == "private",
            let chatID = Telegram.integer(chat["id"])
        else { return .ignored(kind: "callback_query outside a private chat") }
        let rows = (message?["reply_markup"] as? [String: Any])?["inline_keyboard"] as? [[[String: Any]]] ?? []
        let button = rows.joined().first { $0["callback_data"] as? String == data }
        return turn(chatID, receivedAt, .tap(id: data, title: button?["text"] as? String ?? data))
    }

    private func turn(
        _ chat: Int64, _ writtenAt: Moment, _ content: InboundMessage.Content, phone: String? = nil
    ) -> ParsedWebhook.Item {
        var message = InboundMessage(
            contact: ContactKey(channel: "telegram", gatewayAccount: bot, address: String(chat)),
            messageID: String(updateID), writtenAt: writtenAt, content: content)
        message.phone = phone
        return .turn(message)
    }
}
