import Ledger
import Quantities

/// What a turn began with, as it is written down so that it can be lived again (I10).
public struct RecordedTurn: Hashable, Sendable, Codable {
    public enum Input: Hashable, Sendable, Codable {
        case message(InboundMessage)
        /// It waited in a ``QuietWindow`` for what came after it.
        case part(InboundMessage)
        /// All that waited was answered; the last of it.
        case whole(messageID: String)
        /// Not of campaigns: those are ``campaign(_:text:)``.
        case timer(DueTimer)
        case payments([Payment], quietly: Bool)
        case order(AgentCommand, by: String)
        case page(PageOrder)
        /// A campaign wrote to a contact, whatever the dialog.
        case campaign(ContactKey, text: String)
    }

    public var at: Moment
    public var conversationID: String?
    public var accountID: String?
    public var input: Input
    /// The version of the dialog that answers; nil where no dialog does.
    public var dialogVersion: String?
    /// The agency that has the account.
    public var agency: String?

    public init(
        at moment: Moment, conversationID: String?, accountID: String?, _ input: Input, dialogVersion: String? = nil,
        agency: String? = nil
    ) {
        at = moment
        self.conversationID = conversationID
        self.accountID = accountID
        self.input = input
        self.dialogVersion = dialogVersion
        self.agency = agency
    }

    /// Whether the account as it stands is kept with the turn. A payment only adds to what is known of it.
    public var keepsAccount: Bool {
        switch input {
        case .message, .part, .whole, .timer, .order, .page: true
        case .payments, .campaign: false
        }
    }
}

extension RecordedTurn.Input {
    /// The message that came with the turn.
    var message: InboundMessage? {
        switch self {
        case .message(let message), .part(let message): message
        case .whole, .timer, .payments, .order, .page, .campaign: nil
        }
    }
}

/// What came of a version of a dialog.
public enum DialogResult: Hashable, Sendable, Codable {
    case promise(id: String)
    case handoff(id: String)
}
