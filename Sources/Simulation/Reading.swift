import Channels
import Conversations
import Foundation

/// A message of ours as a gateway reads it: to whom, and what.
struct Reading {
    var address: String
    /// Empty where a template says it.
    var text: String
    var options: [String]
    /// Names this message, and this part of it, where the gateway is given such a name.
    var tracker: String?

    /// Nil where it is no message that the gateway understands.
    init?(_ request: OutboundRequest, on channel: String, genericSecret: String) {
        (text, options) = ("", [])
        if channel == "sms" {
            let fields = URLComponents(string: "?" + String(decoding: request.body, as: UTF8.self))?.queryItems ?? []
            func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
            guard let to = field("To"), let body = field("Body"), request.headers["Authorization"] != nil else {
                return nil
            }
            (address, text) = (to, body)
            return
        }
        guard let body = (try? JSONSerialization.jsonObject(with: request.body)) as? [String: Any] else { return nil }
        switch channel {
        case "telegram":
            guard let chat = body["chat_id"] as? Int, let said = body["text"] as? String else { return nil }
            (address, text) = (String(chat), said)
            let rows = (body["reply_markup"] as? [String: Any])?["inline_keyboard"] as? [[[String: Any]]] ?? []
            options = rows.joined().compactMap { $0["callback_data"] as? String }
        case "generic":
            guard let to = body["to"] as? String, let said = body["text"] as? String, let id = body["id"] as? String,
                let timestamp = request.headers["X-Promesa-Timestamp"].flatMap({ Int64($0) }),
                request.headers
                    == GenericJSON.signedHeaders(body: request.body, secret: genericSecret, timestamp: timestamp)
            else { return nil }
            (address, text, tracker) = (to, said, id + "/0")
            options = (body["options"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
        default:
            guard let to = body["to"] as? String, request.headers["Authorization"] != nil else { return nil }
            address = "+" + to
            tracker = body["biz_opaque_callback_data"] as? String
            if let said = (body["text"] as? [String: Any])?["body"] as? String {
                text = said
            } else if let interactive = body["interactive"] as? [String: Any] {
                text = (interactive["body"] as? [String: Any])?["text"] as? String ?? ""
                let action = interactive["action"] as? [String: Any] ?? [:]
                let buttons = (action["buttons"] as? [[String: Any]] ?? []).compactMap {
                    ($0["reply"] as? [String: Any])?["id"] as? String
                }
                let sections = action["sections"] as? [[String: Any]] ?? []
                let rows = sections.flatMap { $0["rows"] as? [[String: Any]] ?? [] }
                options = buttons + rows.compactMap { $0["id"] as? String }
            }
        }
    }

    /// No gateway's sender splits a text that is not longer.
    private static let shortestSplit = 1000

    /// In words, in what it differs from the message that it should say; nil where it says it.
    func difference(from message: OutboxMessage) -> String? {
        if address != message.contact.address { return "it goes to \(address) instead of \(message.contact.address)" }
        if case .template = message.form { return nil }
        let said = message.message.text
        // With its options numbered below it, or, where it is long, in parts.
        let isNumbered = !message.message.options.isEmpty && text.hasPrefix(said + "\n1) ")
        let isPart = said.utf16.count > Self.shortestSplit && !text.isEmpty && said.contains(text)
        if text != said, !isNumbered, !isPart {
            return "the gateway reads “\(text)” instead of “\(said)”"
        }
        if !options.isEmpty, options != message.message.options.map(\.id) {
            return "the gateway reads the options \(options) instead of \(message.message.options.map(\.id))"
        }
        return nil
    }
}
