import Conversations

/// A gateway's report on a message that we sent.
public struct MessageStatus: Hashable, Sendable {
    public enum State: String, Hashable, Sendable { case sent, delivered, read, failed }
    public var gatewayMessageID: String
    public var state: State
    public var error: String?
    /// The gateway's code of what went wrong.
    public var code: Int?
    /// ``tracker(_:part:)`` of the message, where the gateway gives it back.
    public var tracker: String?

    public init(
        gatewayMessageID: String, state: State, error: String? = nil, code: Int? = nil, tracker: String? = nil
    ) {
        self.gatewayMessageID = gatewayMessageID
        self.state = state
        self.error = error
        self.code = code
        self.tracker = tracker
    }

    /// What a gateway is given to name a part of one of our messages by, counted from 0.
    public static func tracker(_ messageID: String, part: Int) -> String { "\(messageID)/\(part)" }

    /// The message and the part that a tracker names; nil where it is none of ours.
    public static func tracked(_ tracker: String) -> (messageID: String, part: Int)? {
        let parts = tracker.split(separator: "/")
        guard parts.count == 2, let part = Int(parts[1]), part >= 0 else { return nil }
        return (String(parts[0]), part)
    }
}

/// What a webhook body held, item by item.
public struct ParsedWebhook: Sendable {
    public enum Item: Hashable, Sendable {
        case turn(InboundMessage)
        case status(MessageStatus)
        /// A person of the company spoke.
        case human(InboundMessage)
        /// Something about the conversation that is noted and answered with nothing: another number, who attends.
        case notice(InboundMessage)
        /// Known to need no answer, or unknown: acknowledged.
        case ignored(kind: String)
        /// Could not be read: kept for an operator.
        case deadLetter(reason: String, fragment: String)
    }
    public var items: [Item]
    public init(items: [Item]) { self.items = items }
}
