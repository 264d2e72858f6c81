import Conversations
import Dialog
import Foundation

/// Sends through Telegram's Bot API, and reads its answers. Options are an inline keyboard.
public struct TelegramSender: GatewaySender {
    let apiURL: String
    let token: String

    /// - Parameter apiURL: such as `https://api.telegram.org`.
    public init(apiURL: String, token: String) {
        self.apiURL = apiURL
        self.token = token
    }

    /// In UTF-16 units, as Telegram counts.
    static let longestText = 4096
    /// Bytes that come back with a tapped button.
    static let longestData = 64

    public func requests(for message: OutboxMessage) -> [OutboundRequest] {
        var options = message.message.options
        var text = message.message.text
        if options.contains(where: { $0.id.utf8.count > Self.longestData }) {
            text = message.message.numbered
            options = []
        }
        let parts = MessageParts.split(text, atMost: Self.longestText)
        return parts.enumerated().map { index, part in
            var body: [String: Any] = ["chat_id": Int64(message.contact.address) ?? 0, "text": part]
            if index == parts.count - 1, !options.isEmpty {
                let rows = options.map { option in
                    [
                        [
                            "text": option.title + (option.detail.map { " · \($0)" } ?? ""),
                            "callback_data": option.id,
                        ]
                    ]
                }
                body["reply_markup"] = ["inline_keyboard": rows]
            }
            return method("sendMessage", body)
        }
    }

    /// Ends the busy sign of a tapped button.
    public func answer(callbackQuery id: String) -> OutboundRequest {
        method("answerCallbackQuery", ["callback_query_id": id])
    }

    /// Asks for what came since `offset`, and confirms what came before; waits for `timeout` seconds where there is nothing.
    public func poll(offset: Int64, timeout: Int) -> OutboundRequest {
        method(
            "getUpdates",
            ["offset": offset, "timeout": timeout, "limit": 100, "allowed_updates": ["message", "callback_query"]])
    }

    private func method(_ name: String, _ body: [String: Any]) -> OutboundRequest {
        .json("\(apiURL)/bot\(token)/\(name)", [:], body)
    }

    /// Reads `{"ok","result":{"message_id"}}` or `{"error_code","parameters":{"retry_after"}}`.
    public func classify(status: Int, body: Data, retryAfter: Int?) -> SendOutcome {
        let object = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any]
        if (200..<300).contains(status) {
            let id = Telegram.integer((object?["result"] as? [String: Any])?["message_id"])
            return .sent(gatewayMessageID: id.map { String($0) })
        }
        let asked = Telegram.integer((object?["parameters"] as? [String: Any])?["retry_after"]).map { Int($0) }
        return ErrorTable.telegram.outcome(status: status, code: nil, retryAfter: asked ?? retryAfter)
    }
}
