import Quantities

/// The order in which a payment extinguishes debt across items (CCCN 900–902 or the contract).
public enum ImputationMode: String, Codable, Sendable, CaseIterable {
    case oldestItemFirst = "oldest_item_first"
    case mostOnerousFirst = "most_onerous_first"
    case debtorChoice = "debtor_choice"
    case componentsAcrossItems = "components_across_items"
    case proRata = "pro_rata"
}

/// Compound interest: every so many months the interest that is due joins the sum on which interest runs.
///
/// Lawful where it was expressly agreed and not more often than every six months (CCCN 770 a): fewer cannot be built.
public struct Capitalisation: Hashable, Sendable, Codable {
    /// 6 to 1200.
    public let months: Int

    /// - Returns: nil for fewer than six months, or more than a hundred years.
    public init?(everyMonths months: Int) {
        guard (6...1200).contains(months) else { return nil }
        self.months = months
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Capitalisation(everyMonths: try container.decode(Int.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "interest is capitalised every 6 months or more (CCCN 770)")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(months)
    }
}

/// Punitive interest (*punitorio*), which runs besides the moratory one while an item is past due.
public struct PunitiveTerms: Hashable, Sendable, Codable {
    /// TNA.
    public var rate: Percent
    /// The rate counts up to half the moratory one (law 25.065, art. 18, and contracts that say the same).
    public var cappedAtHalf: Bool

    public init(rate: Percent, cappedAtHalf: Bool = true) {
        self.rate = rate
        self.cappedAtHalf = cappedAtHalf
    }

    /// The rate in force beside a moratory one, in halves of a basis point so that half of an odd rate is exact.
    public func halfBasisPoints(beside moratory: Percent) -> Int64 {
        cappedAtHalf ? min(rate.basisPoints * 2, moratory.basisPoints) : rate.basisPoints * 2
    }
}

/// What the contract says about interest, charges and imputation.
public struct ContractTerms: Hashable, Sendable, Codable {
    /// Nominal annual rate of moratory interest (TNA), simple (CCCN 768).
    public var moratoryRate: Percent
    /// 365 (the default, also in leap years) or 360 where the contract says so.
    public var dayCountBasis: Int
    /// VAT on interest and punitive interest, taken from the rounded figure.
    public var vatOnInterest: Percent
    public var collectionCharge: CollectionChargeTerms?
    public var imputation: ImputationMode
    public var punitive: PunitiveTerms?
    /// Simple interest where nil.
    public var capitalisation: Capitalisation?

    public init(
        moratoryRate: Percent = Percent(basisPoints: 6000), dayCountBasis: Int = 365,
        vatOnInterest: Percent = Percent(basisPoints: 2100), collectionCharge: CollectionChargeTerms? = nil,
        imputation: ImputationMode = .oldestItemFirst, punitive: PunitiveTerms? = nil,
        capitalisation: Capitalisation? = nil
    ) {
        self.moratoryRate = moratoryRate
        self.dayCountBasis = dayCountBasis
        self.vatOnInterest = vatOnInterest
        self.collectionCharge = collectionCharge
        self.imputation = imputation
        self.punitive = punitive
        self.capitalisation = capitalisation
    }
}
