import Conduct
import Dialog
import Ledger
import Negotiation
import Quantities
import Understanding

/// Everything a turn needs that is not in the store. Replaced as a whole when a dialog or the policy changes.
public struct World: Sendable {
    public var dialogs: [String: CompiledDialog]
    /// Dialog that a conversation begins with, by stage; `identidad` first where the policy asks for it.
    public var entryDialog: String
    public var policy: Policy
    public var reader: Reader
    public var calendar: BusinessCalendar
    public var zone: Zone
    public var conduct: ConductRules
    public var payment: PaymentInstructions
    public var attendedHours: String
    public init(
        dialogs: [String: CompiledDialog], entryDialog: String, policy: Policy, reader: Reader = .argentina,
        calendar: BusinessCalendar = .argentina, zone: Zone = .argentina, conduct: ConductRules = .argentina,
        payment: PaymentInstructions, attendedHours: String
    ) {
        self.dialogs = dialogs
        self.entryDialog = entryDialog
        self.policy = policy
        self.reader = reader
        self.calendar = calendar
        self.zone = zone
        self.conduct = conduct
        self.payment = payment
        self.attendedHours = attendedHours
    }
}

/// What a human agent orders.
public enum AgentCommand: Hashable, Sendable {
    case claim, reply(String), note(String), hold, release
    /// Back to the bot, optionally with a note shown in the transcript.
    case returnToBot(note: String?)
    case close(note: String?)
}

/// Why an agent's command was refused.
public enum AgentRefusal: Error, Hashable, Sendable {
    case unknownHandoff
    /// Another agent has it: the HTTP answer is 409 with this name.
    case claimedBy(String)
    case notYours
    /// The handoff is already returned or closed, or must be claimed first.
    case wrongState(Handoff.State)
}

public struct TurnReply: Hashable, Sendable {
    public var duplicate: Bool
    public var messages: [BotMessage]
    /// For `:why`: understanding and the engine's trace, one line each.
    public var trace: [String]
    public init(duplicate: Bool, messages: [BotMessage], trace: [String]) {
        self.duplicate = duplicate
        self.messages = messages
        self.trace = trace
    }
}

/// The rules of a turn: pure apart from the transaction it is given. Writes inbox, state, transcript, promise,
/// handoff, timers, outbox and audit through `tx`; the caller commits.
public struct TurnProcessor: Sendable {
    public var world: World
    public init(world: World) { self.world = world }

    public func receive(_ message: InboundMessage, now: Moment, tx: any TurnTransaction) throws -> TurnReply { fatalError("conversations helper") }
    /// A due timer. The store has already removed it.
    public func fire(_ timer: DueTimer, now: Moment, tx: any TurnTransaction) throws -> TurnReply { fatalError("conversations helper") }
    /// Payments from the ERP for one account (already checked); unknown ids of payments are added, known ones replaced.
    public func importPayments(_ payments: [Payment], accountID: String, now: Moment, tx: any TurnTransaction) throws { fatalError("conversations helper") }
    /// - Throws: ``AgentRefusal``.
    public func command(_ command: AgentCommand, by agent: String, handoffID: String, now: Moment, tx: any TurnTransaction) throws -> Handoff { fatalError("conversations helper") }
}
