import Conversations
import Dialog
import Foundation

/// Sends as a Chatwoot agent bot: messages, with options as `input_select`, and who attends the conversation.
public struct ChatwootSender: GatewaySender {
    let url: String
    let botToken: String

    /// - Parameter url: of the installation, such as `https://app.chatwoot.com`.
    public init(url: String, botToken: String) {
        self.url = url
        self.botToken = botToken
    }

    /// Longest content that Chatwoot stores.
    static let longestText = 10_000

    public func requests(for message: OutboxMessage) -> [OutboundRequest] {
        let contact = message.contact
        let base = "\(url)/api/v1/accounts/\(contact.gatewayAccount)/conversations/\(contact.address)"
        let headers = ["api_access_token": botToken]
        if case .attended(let byPeople) = message.form {
            return [.json("\(base)/toggle_status", headers, ["status": byPeople ? "open" : "pending"])]
        }
        let parts = MessageParts.split(message.message.text, atMost: Self.longestText)
        return parts.enumerated().map { index, part in
            var body: [String: Any] = ["content": part, "message_type": "outgoing", "private": false]
            if index == parts.count - 1, !message.message.options.isEmpty {
                let items = message.message.options.map {
                    ["title": $0.title + ($0.detail.map { " · \($0)" } ?? ""), "value": $0.id]
                }
                body["content_type"] = "input_select"
                body["content_attributes"] = ["items": items]
            }
            return .json("\(base)/messages", headers, body)
        }
    }

    public func classify(status: Int, body: Data, retryAfter: Int?) -> SendOutcome {
        let object = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any]
        if (200..<300).contains(status) {
            return .sent(gatewayMessageID: Telegram.integer(object?["id"]).map { String($0) })
        }
        return ErrorTable.plain.outcome(status: status, code: nil, retryAfter: retryAfter)
    }
}
