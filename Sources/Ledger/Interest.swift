import Quantities

/// Simple moratory interest: `principal × TNA × days / basis`, rounded half up to the cent, once (CCCN 768).
/// - Parameters:
///   - days: whole days since the due date; 0 or less yields zero.
///   - basis: 365 (also in leap years) or 360.
public func moratoryInterest(on principal: Money, rate: Percent, days: Int, basis: Int) -> Money {
    guard days > 0, principal.isPositive else { return .zero(principal.currency) }
    var interest = AccruedFigure(unitsPerCent: .interest(basis: basis))
    interest.accrue(principal.cents, rate: rate.basisPoints, days: days)
    return Money(cents: interest.gross, principal.currency)
}

/// A figure that grows with time: kept exact, rounded once when it is shown, and what was settled of it.
///
/// What is left is never negative: the exact sum only grows, so does its rounding, and no more is settled than was left.
struct AccruedFigure: Hashable {
    /// How many of the units in which it is kept make a cent.
    struct UnitsPerCent: Hashable {
        let count: Int128
        /// `cents × basis points × days`.
        static func interest(basis: Int) -> Self { Self(count: 10_000 * Int128(basis)) }
        /// `cents × half basis points × days`.
        static func punitive(basis: Int) -> Self { Self(count: 20_000 * Int128(basis)) }
    }

    let unitsPerCent: UnitsPerCent
    private(set) var exact: Int128 = 0
    private(set) var settled: Int64 = 0
    private(set) var settledVAT: Int64 = 0

    init(unitsPerCent: UnitsPerCent) { self.unitsPerCent = unitsPerCent }

    mutating func accrue(_ cents: Int64, rate: Int64, days: Int) {
        exact += Int128(cents) * Int128(rate) * Int128(days)
    }

    /// All that accrued, half up to the cent.
    var gross: Int64 { exact == 0 ? 0 : roundedHalfUp(exact, over: unitsPerCent.count) }

    /// All the VAT on it: a share of the rounded figure.
    func grossVAT(_ vat: Percent) -> Int64 {
        vat == .zero || exact == 0 ? 0 : roundedHalfUp(Int128(gross) * Int128(vat.basisPoints), over: 10_000)
    }

    var left: Int64 { gross - settled }
    func leftVAT(_ vat: Percent) -> Int64 { grossVAT(vat) - settledVAT }

    /// Takes up to `cents` off the figure, then off its VAT.
    /// - Returns: what remains of `cents`.
    mutating func settle(_ cents: Int64, vat: Percent) -> Int64 {
        let net = min(cents, left)
        let tax = min(cents - net, leftVAT(vat))
        settled += net
        settledVAT += tax
        return cents - net - tax
    }
}
