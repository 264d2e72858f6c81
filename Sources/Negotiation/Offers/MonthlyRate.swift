import Quantities

/// How the rate of one month comes from a nominal annual one.
public enum PeriodRateRule: String, Hashable, Sendable, Codable, CaseIterable {
    /// A twelfth of the year.
    case twelfth = "tna/12"
    /// Thirty days of a year of 365, as banks quote loans.
    case thirtyDays = "tna*30/365"
}

/// The rate of one month, an exact fraction: rates are never rounded.
public struct MonthlyRate: Hashable, Sendable {
    private let numerator: Int64
    private let denominator: Int64

    public init(_ tna: Percent, _ rule: PeriodRateRule) {
        switch rule {
        case .twelfth: (numerator, denominator) = (tna.basisPoints, 120_000)
        case .thirtyDays: (numerator, denominator) = (tna.basisPoints * 30, 3_650_000)
        }
    }

    /// With 30 decimals, for powers.
    public var decimal: FixedDecimal { FixedDecimal(numerator, over: denominator) }

    /// A month's interest on `balance`, half up to the cent.
    ///
    /// A product of exactly half a cent goes up, unless the rate has no end as a decimal (a third) and its first 50
    /// digits leave the product below the half: the calculation vectors settle ties so (`meta.rounding`: "50-digit
    /// decimal"; french_plan-005 goes up, french_plan-010 down).
    public func interest(on balance: Money) -> Money {
        let product = Int128(balance.cents) * Int128(numerator)
        let (whole, rest) = product.quotientAndRemainder(dividingBy: Int128(denominator))
        let isTie = rest * 2 == Int128(denominator)
        if isTie, fiftyDigitsFallShort(balance.cents, whole) { return Money(cents: Int64(whole), balance.currency) }
        return Money(cents: roundedHalfUp(product, over: Int128(denominator)), balance.currency)
    }

    /// Whether `balance × rate`, with rate and product cut to 50 significant digits, is below `whole` and a half.
    private func fiftyDigitsFallShort(_ balance: Int64, _ whole: Int128) -> Bool {
        // The place of the rate's first digit after the point, and what is left after its 50th digit.
        var (place, scaled) = (0, numerator)
        while scaled < denominator { (place, scaled) = (place + 1, scaled * 10) }
        var rest = numerator % denominator
        for _ in 0..<(49 + place) { rest = rest * 10 % denominator }
        guard rest * 2 < denominator else { return false }
        // The rate is short by rest / denominator of its 50th digit; the product is, by more than half of its own?
        var unit = Int128(denominator)
        var digits = whole
        for _ in 0..<max(0, place - 1) { unit *= 10 }
        while digits > 0 { (unit, digits) = (unit * 10, digits / 10) }
        return 2 * Int128(balance) * Int128(rest) > unit
    }
}
