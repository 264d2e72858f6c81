import Ledger
import Quantities

/// Where an account stands in the collection process.
public enum Stage: String, Hashable, Sendable, Codable, CaseIterable {
    case preventive, administrative, extrajudicial

    /// As the policy file and the dialogs name it.
    public var spanishName: String {
        switch self {
        case .preventive: "preventiva"
        case .administrative: "administrativa"
        case .extrajudicial: "extrajudicial"
        }
    }
}

/// A number of instalments that may be offered, and at which rate.
public struct PlanTerms: Hashable, Sendable {
    public var instalments: Int
    /// TNA; zero gives equal instalments without interest, else the French system.
    public var rate: Percent
    public var downPayment: Percent
}

/// The terms of one stage.
public struct StageTerms: Hashable, Sendable {
    /// Days from today that a promise may reach.
    public var horizonDays: Int
    public var minimumShare: Percent
    public var minimumAmount: PolicyAmount
    /// Discounts for paying today, smallest first: each is a step of the concession ladder, the last one the floor.
    public var discounts: [Percent]
    public var discountScope: DiscountScope
    public var plans: [PlanTerms]
    /// How the bot opens, in a sentence of the manager's; empty says nothing of its own.
    public var tone: String
    /// The same as it is said in other locales.
    public var tones: [String: String]
}

/// When a promise counts as kept.
public struct JudgingTerms: Hashable, Sendable {
    public var graceDays: Int
    public var graceInBusinessDays: Bool
    public var tolerance: Percent
    public var toleranceMinimum: PolicyAmount
    public init(graceDays: Int, graceInBusinessDays: Bool, tolerance: Percent, toleranceMinimum: PolicyAmount) {
        self.graceDays = graceDays
        self.graceInBusinessDays = graceInBusinessDays
        self.tolerance = tolerance
        self.toleranceMinimum = toleranceMinimum
    }
}

/// What happens to an instalment plan that is not paid as agreed.
public struct PlanLifecycleTerms: Hashable, Sendable {
    /// With this many instalments missed and not made up for, the plan breaks; 1 or more.
    public var missedInstalments: Int
    /// Days after the break in which paying what was missed brings the plan back; 0 for never.
    public var reinstatementDays: Int
    /// Days by which the bot may move a due day towards the customer's pay-day.
    public var dueDayShift: Int

    public init(missedInstalments: Int, reinstatementDays: Int, dueDayShift: Int) {
        self.missedInstalments = missedInstalments
        self.reinstatementDays = reinstatementDays
        self.dueDayShift = dueDayShift
    }

    /// For policies that say nothing: the first missed instalment breaks a plan, for good, and no due day moves.
    public static let strict = PlanLifecycleTerms(missedInstalments: 1, reinstatementDays: 0, dueDayShift: 0)
}

/// How far the bot may go by itself; what the policy allows beyond is a person's to grant. Nil is no limit.
public struct AuthorityLimits: Hashable, Sendable {
    public var maximumDiscount: Percent?
    public var maximumInstalments: Int?
    /// Debts above this get no concession from the bot; paying all of it is none.
    public var maximumDebt: PolicyAmount?

    public init(maximumDiscount: Percent? = nil, maximumInstalments: Int? = nil, maximumDebt: PolicyAmount? = nil) {
        self.maximumDiscount = maximumDiscount
        self.maximumInstalments = maximumInstalments
        self.maximumDebt = maximumDebt
    }
}

/// The manager's rules, from a YAML file.
public struct Policy: Hashable, Sendable {
    /// The manager's label and a hash of the file: `2026-11-1a2b3c4d`.
    public var version: String
    public var extrajudicialFrom: Int
    public var extrajudicialBrokenPromises: Int
    public var terms: [Stage: StageTerms]
    /// What a stage's terms are for a segment, where it has terms of its own.
    public var segmentTerms: [Stage: [String: StageTerms]]
    /// The segments by payment history, tried in order; the last one takes the rest.
    public var segments: [SegmentRule]
    public var judging: JudgingTerms
    /// With this many broken promises only a person may take another.
    public var maximumBrokenPromises: Int
    /// Promises and plans that the bot may take from an account in 30 days; nil is no limit.
    public var maximumAgreementsInMonth: Int?
    /// Smallest instalment of a plan.
    public var minimumInstalment: PolicyAmount
    /// Days after the day on which an offer was priced that its price holds; 0 is that day only.
    public var offerValidDays: Int
    /// Days for which a customer keeps the step of the ladder that was reached; 0 to begin anew the next day.
    public var concessionMemoryDays: Int
    public var planLifecycle: PlanLifecycleTerms
    public var authority: AuthorityLimits
    /// Where each term stands in the file, such as `etapa preventiva/plazo_dias`; for ``warnings``.
    var lines: [String: Int]

    /// Days past due and broken promises decide the stage.
    public func stage(of statement: Statement, brokenPromises: Int) -> Stage {
        let days = statement.daysPastDue ?? 0
        if days <= 0 { return .preventive }
        if days >= extrajudicialFrom || brokenPromises >= extrajudicialBrokenPromises { return .extrajudicial }
        return .administrative
    }
}
