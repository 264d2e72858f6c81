import Ledger
import Quantities

/// Everything a negotiation depends on: pure input of ``offers()`` and ``judge(_:)``.
public struct Bargain: Sendable {
    public var account: Account
    public var policy: Policy
    public var today: Day
    public var calendar: BusinessCalendar
    /// Every promise of the account, in any state.
    public var promises: [PromiseToPay]
    /// The tables of indexed items. A day after the last published value is priced at that value.
    public var indices: IndexTables
    /// What may be asked for today.
    public var statement: Statement
    /// By payment history, as the policy says.
    public var segment: SegmentFinding

    public init(
        account: Account, policy: Policy, today: Day, calendar: BusinessCalendar, promises: [PromiseToPay],
        indices: IndexTables = .none
    ) {
        self.account = account
        self.policy = policy
        self.today = today
        self.calendar = calendar
        self.promises = promises
        self.indices = indices
        statement = account.statement(on: today, indices: indices).demandable
        segment = policy.segment(of: account, promises: promises, on: today, indices: indices)
    }
}

/// What a customer proposes. Nil fields were not said.
public struct Proposal: Hashable, Sendable, Codable {
    public var amount: Money?
    public var day: Day?
    public var instalments: Int?
    public init(amount: Money? = nil, day: Day? = nil, instalments: Int? = nil) {
        self.amount = amount
        self.day = day
        self.instalments = instalments
    }
}

/// The policy's answer to a proposal.
public enum Verdict: Hashable, Sendable, Codable {
    /// The proposal as it stands, priced.
    case admissible(Offer)
    /// Not as proposed: the nearest admissible offer and, in Spanish, why ("hasta el 15/12 puedo anotarlo").
    case counter(Offer, why: String)
    /// Beyond what the bot may grant: only a person can decide.
    case needsHuman(why: String)
}
