import Campaigns
import Conduct
import Dialog
import Ledger
import Negotiation
import Quantities

/// What one turn reads and writes, all or nothing. Two conformers: SQLite (`Storage`) and ``MemoryStore``.
public protocol TurnTransaction {
    /// Registers the message under (channel, gateway account, message id).
    func claimInbox(_ message: InboundMessage, receivedAt: Moment) throws -> InboxClaim
    /// Stores what was answered, for duplicates.
    func storeReply(_ reply: [BotMessage], to message: InboundMessage) throws

    func conversation(for contact: ContactKey) throws -> Conversation?
    func conversation(id: String) throws -> Conversation?
    /// The account's conversations, most recently active first.
    func conversations(accountID: String) throws -> [Conversation]
    func save(_ conversation: Conversation) throws
    func append(_ entry: TranscriptEntry, to conversationID: String) throws
    /// Oldest first, the last `limit`.
    func transcript(of conversationID: String, limit: Int) throws -> [TranscriptEntry]

    func account(id: String) throws -> Account?
    /// Exact match on the E.164 phone. Nil where none or more than one account has it.
    func account(phone: String) throws -> Account?
    /// Match on the mail address, whatever its case. Nil where none or more than one account has it.
    func account(email: String) throws -> Account?
    /// All accounts of one person: those with the same document.
    func accounts(document: String) throws -> [Account]
    func save(_ account: Account) throws

    func promises(accountID: String) throws -> [PromiseToPay]
    func promise(id: String) throws -> PromiseToPay?
    func save(_ promise: PromiseToPay) throws

    func handoff(id: String) throws -> Handoff?
    /// The conversation's handoff that is queued, claimed or on hold.
    func openHandoff(conversationID: String) throws -> Handoff?
    func save(_ handoff: Handoff) throws
    /// Those that an agent has, on hold too, by id.
    func openHandoffs(agent: String) throws -> [Handoff]
    /// Nil where it was never noted.
    func presence(of agent: String) throws -> AgentPresence?
    func save(_ presence: AgentPresence) throws

    func enqueue(_ message: OutboxMessage) throws
    func set(_ timer: DueTimer) throws
    func cancelTimer(_ kind: DueTimer.Kind, key: String) throws
    func append(_ event: AuditEvent) throws
    /// Tells the company's other systems, in the order of the turns.
    func publish(_ event: AccountEvent) throws
    /// What was published about an account's plan, oldest first.
    func events(accountID: String, planID: String) throws -> [AccountEvent]

    /// What is known of past contact with the account's person: every account with the same document, every channel.
    /// Whether the number is a wrong one is the conversation's to say.
    func contactHistory(accountID: String) throws -> ContactHistory
    /// A message on our own initiative was written to the account's person.
    func recordProactive(accountID: String, channel: String, at: Moment) throws
    /// What the account's person asked of us or told us that limits how they may be contacted.
    func standing(accountID: String) throws -> PersonStanding
    func save(_ standing: PersonStanding, accountID: String) throws

    func personRequest(id: String) throws -> PersonRequest?
    /// What was asked about personal data in a conversation, oldest first.
    func personRequests(conversationID: String) throws -> [PersonRequest]
    func save(_ request: PersonRequest) throws

    func campaign(name: String) throws -> Campaign?
    /// Replaces the campaign of the same name; accounts that are in it go on with the new one.
    func save(_ campaign: Campaign) throws
    func enrolment(campaign: String, accountID: String) throws -> Enrolment?
    /// By campaign.
    func enrolments(accountID: String) throws -> [Enrolment]
    func save(_ enrolment: Enrolment) throws
    /// The account's last assignment to an agency, also where it ended.
    func assignment(accountID: String) throws -> Assignment?
    func save(_ assignment: Assignment) throws

    /// Writes down what a turn begins with, and the account as it stands before it, so that it can be replayed.
    func record(_ turn: RecordedTurn) throws
    /// A promise or a hand-off came of a version of a dialog.
    func credit(_ result: DialogResult, to version: String) throws

    /// A fresh id with a prefix (`p`, `h`, `m`, `c`), deterministic in the order of the transactions.
    func newID(_ prefix: String) throws -> String
}

extension TurnTransaction {
    /// Whom a timer is about.
    func accountID(of timer: DueTimer) throws -> String? {
        switch timer.kind {
        case .idle, .quiet: try conversation(id: timer.key)?.accountID
        case .campaign: timer.key.split(separator: "/", maxSplits: 1).last.map(String.init)
        case .callBack: try handoff(id: timer.key)?.accountID
        case .judge, .notice, .planLastDay, .planEnd, .reminderBefore, .reminderOnDay:
            try promise(id: timer.key)?.accountID
        }
    }
}
