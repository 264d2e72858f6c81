import Conversations
import Dialog
import Foundation

/// One HTTP request to a gateway.
public struct OutboundRequest: Hashable, Sendable {
    public var url: String
    public var headers: [String: String]
    public var body: Data
}

/// What became of a request.
public enum SendOutcome: Hashable, Sendable {
    /// What has to wait where a gateway says that it is too much.
    public enum Scope: Hashable, Sendable {
        /// Everything that is sent through this gateway.
        case gateway
        /// Messages to this contact.
        case pair
    }
    case sent(gatewayMessageID: String?)
    /// Try again, after the seconds that the gateway asked for.
    case retry(after: Int?, reason: String)
    /// Too much, too fast.
    case throttle(Scope, after: Int?, reason: String)
    /// The contact's last message is too long ago: only an approved template may be sent.
    case useTemplate(reason: String)
    case permanent(reason: String)
    /// The person told the gateway, or their carrier, that they want no more.
    case optedOut(reason: String)
}

/// Sends through one gateway: messages in its form and limits, and its answers read.
public protocol GatewaySender: Sendable {
    /// The requests that say `message`, in order. The same message always gives the same number of them.
    func requests(for message: OutboxMessage) -> [OutboundRequest]
    func classify(status: Int, body: Data, retryAfter: Int?) -> SendOutcome
}

extension OutboundRequest {
    static func json(_ url: String, _ headers: [String: String], _ body: [String: Any]) -> OutboundRequest {
        let data = try? JSONSerialization.data(withJSONObject: body, options: [.sortedKeys, .withoutEscapingSlashes])
        return OutboundRequest(
            url: url, headers: headers.merging(["Content-Type": "application/json"]) { $1 }, body: data ?? Data())
    }
}

extension BotMessage {
    /// The text with its options numbered below it, for gateways without buttons.
    var numbered: String {
        options.enumerated().reduce(text) { text, option in
            text + "\n\(option.offset + 1)) \(option.element.title)" + (option.element.detail.map { " \($0)" } ?? "")
        }
    }
}
