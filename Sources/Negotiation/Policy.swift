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
    public var minimumAmount: Money
    public var discount: Percent
    public var discountScope: DiscountScope
    public var plans: [PlanTerms]
}

/// When a promise counts as kept.
public struct JudgingTerms: Hashable, Sendable {
    public var graceDays: Int
    public var graceInBusinessDays: Bool
    public var tolerance: Percent
    public var toleranceMinimum: Money
    public init(graceDays: Int, graceInBusinessDays: Bool, tolerance: Percent, toleranceMinimum: Money) {
        self.graceDays = graceDays
        self.graceInBusinessDays = graceInBusinessDays
        self.tolerance = tolerance
        self.toleranceMinimum = toleranceMinimum
    }
}

/// The manager's rules, from a YAML file.
public struct Policy: Hashable, Sendable {
    /// The manager's label and a hash of the file: `2026-11-1a2b3c4d`.
    public var version: String
    public var extrajudicialFrom: Int
    public var extrajudicialBrokenPromises: Int
    public var terms: [Stage: StageTerms]
    public var judging: JudgingTerms
    /// With this many broken promises only a person may take another.
    public var maximumBrokenPromises: Int
    /// Smallest instalment of a plan.
    public var minimumInstalment: Money

    /// Days past due and broken promises decide the stage.
    public func stage(of statement: Statement, brokenPromises: Int) -> Stage {
        let days = statement.daysPastDue ?? 0
        if days <= 0 { return .preventive }
        if days >= extrajudicialFrom || brokenPromises >= extrajudicialBrokenPromises { return .extrajudicial }
        return .administrative
    }
}
