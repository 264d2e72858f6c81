import Ledger
import Quantities

/// Everything a negotiation depends on: pure input of ``offers()`` and ``judge(_:)``.
public struct Bargain: Sendable {
    public var account: Account
    public let policy: Policy
    public let today: Day
    public let calendar: BusinessCalendar
    /// Every promise of the account, in any state.
    public var promises: [PromiseToPay] { didSet { (stage, terms) = present } }
    /// The tables of indexed items. A day after the last published value is priced at that value.
    public let indices: IndexTables
    /// In whose words it says why.
    public let phrases: Phrases
    /// What may be asked for today.
    public let statement: Statement
    /// By payment history, as the policy says.
    public let segment: SegmentFinding
    public private(set) var stage: Stage
    /// The stage's terms, or those that its segment has of its own.
    private(set) var terms: StageTerms

    public init(
        account: Account, policy: Policy, today: Day, calendar: BusinessCalendar, promises: [PromiseToPay],
        indices: IndexTables = .none, phrases: Phrases = .argentina
    ) {
        self.account = account
        self.policy = policy
        self.today = today
        self.calendar = calendar
        self.promises = promises
        self.indices = indices
        self.phrases = phrases
        statement = account.statement(on: today, indices: indices).demandable
        segment = policy.segment(of: account, promises: promises, on: today, indices: indices)
        (stage, terms) = policy.present(statement, promises, segment)
    }

    private var present: (Stage, StageTerms) { policy.present(statement, promises, segment) }
}

extension Policy {
    /// The stage of an account, and its terms there.
    fileprivate func present(_ statement: Statement, _ promises: [PromiseToPay], _ segment: SegmentFinding)
        -> (Stage, StageTerms)
    {
        let stage = stage(of: statement, brokenPromises: promises.count(where: \.wasNotKept))
        return (stage, segmentTerms[stage]?[segment.segment] ?? terms[stage]!)
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
public indirect enum Verdict: Hashable, Sendable, Codable {
    /// The proposal as it stands, priced.
    case admissible(Offer)
    /// Not as proposed: the nearest admissible offer and, in Spanish, why ("hasta el 15/12 puedo anotarlo").
    case counter(Offer, why: String)
    /// Beyond what the bot may grant: only a person can decide.
    case needsHuman(why: String)
}
