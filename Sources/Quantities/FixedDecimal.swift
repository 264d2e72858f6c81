/// A number from 0 to 300 million with 30 decimals, for what whole cents cannot hold on the way to a figure: period
/// rates, their powers and discount factors. Every operation rounds its last decimal half up; figures shown are rounded
/// from it once, to the cent or to the basis point.
///
/// Thirty decimals are enough for every cent: a power of 60 loses fewer than two of them, and a debt of 10^13 cents
/// needs fifteen. A third (TNA 55 % / 12 = 0,0458333…) is therefore the nearest decimal, as a contract would write it.
///
/// Results above 340 million are a programmer error and trap.
public struct FixedDecimal: Hashable, Sendable, Comparable {
    static let scale: UInt128 = 1_000_000_000_000_000_000_000_000_000_000

    /// The number × 10^30.
    let raw: UInt128

    init(raw: UInt128) { self.raw = raw }

    /// `numerator / denominator`.
    /// - Precondition: `denominator > 0`.
    public init(_ numerator: Int64, over denominator: Int64) {
        precondition(numerator >= 0 && denominator > 0, "a fixed decimal is a share of non-negative numbers")
        raw = Self.product(UInt128(numerator), Self.scale, over: UInt128(denominator))
    }

    public static let zero = FixedDecimal(raw: 0)
    public static let one = FixedDecimal(raw: scale)

    public static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }
    public static func + (a: Self, b: Self) -> Self { FixedDecimal(raw: a.raw + b.raw) }
    /// - Precondition: `a >= b`.
    public static func - (a: Self, b: Self) -> Self { FixedDecimal(raw: a.raw - b.raw) }
    public static func * (a: Self, b: Self) -> Self { FixedDecimal(raw: product(a.raw, b.raw, over: scale)) }
    /// - Precondition: `b` is not zero.
    public static func / (a: Self, b: Self) -> Self { FixedDecimal(raw: product(a.raw, scale, over: b.raw)) }

    /// Half the sum of two numbers.
    public static func middle(_ a: Self, _ b: Self) -> Self { FixedDecimal(raw: (a.raw + b.raw) / 2) }

    /// `self` multiplied `exponent` times; 1 for 0.
    public func power(_ exponent: Int) -> FixedDecimal {
        var (result, square, left) = (FixedDecimal.one, self, exponent)
        while left > 0 {
            if left % 2 == 1 { result = result * square }
            left /= 2
            if left > 0 { square = square * square }
        }
        return result
    }

    /// What growth by this factor in each of `times` periods comes to, `self^times − 1`, half up to the basis point.
    /// - Precondition: `self` is not below 1.
    public func growth(times: Int) -> Percent { (power(times) - .one).percent }

    /// `self × 10 000`, half up to the basis point.
    public var percent: Percent {
        Percent(basisPoints: Int64(Self.product(raw, 10_000, over: Self.scale)))
    }

    /// `a × b / denominator`, half up, without losing the upper half of the product.
    static func product(_ a: UInt128, _ b: UInt128, over denominator: UInt128) -> UInt128 {
        var (high, low) = a.multipliedFullWidth(by: b)
        let (sum, carried) = low.addingReportingOverflow(denominator / 2)
        low = sum
        if carried { high += 1 }
        precondition(high < denominator, "a number with 30 decimals cannot be above 340 million")
        // Halves of an odd denominator cannot occur, so `denominator / 2` rounds half up for every denominator.
        return high == 0 ? low / denominator : denominator.dividingFullWidth((high, low)).quotient
    }
}

extension Money {
    /// `self × factor`, half up to the cent, once.
    /// - Precondition: `self` is not negative.
    public func scaled(by factor: FixedDecimal) -> Money {
        precondition(cents >= 0, "a negative amount has no share")
        return Money(
            cents: Int64(FixedDecimal.product(UInt128(cents), factor.raw, over: FixedDecimal.scale)), currency)
    }
}

extension Percent {
    /// The effective annual rate (TEA) of a nominal one capitalised `times` a year: `(1 + tna/m)^m − 1`, half up to the
    /// basis point. 0 % gives 0 %.
    public func effectiveAnnual(capitalisations times: Int) -> Percent {
        (FixedDecimal.one + FixedDecimal(basisPoints, over: 10_000 * Int64(times))).growth(times: times)
    }
}
