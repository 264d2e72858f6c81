import Quantities

/// Simple moratory interest: `principal × TNA × days / basis`, rounded half up to the cent, once.
/// - Parameters:
///   - days: whole days since the due date; 0 or less yields zero.
///   - basis: 365 (also in leap years) or 360.
public func moratoryInterest(on principal: Money, rate: Percent, days: Int, basis: Int) -> Money {
    guard days > 0, principal.isPositive else { return .zero(principal.currency) }
    let numerator = Int128(principal.cents) * Int128(rate.basisPoints) * Int128(days)
    return Money(cents: roundedHalfUp(numerator, over: 10_000 * Int128(basis)), principal.currency)
}

/// A collection charge before VAT: a share of `base` between the terms' minimum and cap; zero on nothing.
public func collectionCharge(on base: Money, terms: CollectionChargeTerms) -> Money {
    guard base.isPositive else { return .zero(base.currency) }
    return min(max(terms.rate.of(base), terms.minimum), terms.maximum)
}
