import Quantities

/// Splits `financed` into `count` equal instalments without interest; the spare cents go one each to the first ones.
public func interestFreeInstalments(_ financed: Money, count: Int) -> [Money] {
    let share = financed.cents / Int64(count)
    let spare = Int(financed.cents % Int64(count))
    return (0..<count).map { Money(cents: share + ($0 < spare ? 1 : 0), financed.currency) }
}

/// Instalments of the French system at the monthly rate TNA/12: `c = round(F·i / (1 − (1+i)^−n))`; the last one
/// settles what rounding left.
///
/// `(1+i)^n` is kept as an integer fraction over 10^30, far beyond the cent for amounts below 10^13 cents and n ≤ 60.
public func frenchInstalments(_ financed: Money, rate: Percent, count: Int) -> [(interest: Money, principal: Money)] {
    // i = bp / 120000. Growth g = (1+i)^n in fixed point with 24 decimals.
    let scale: Int128 = 1_000_000_000_000_000_000_000
    var growth = scale
    for _ in 0..<count { growth = growth / 120_000 * (120_000 + Int128(rate.basisPoints)) + growth % 120_000 * (120_000 + Int128(rate.basisPoints)) / 120_000 }
    // c = F · i · g / (g − 1)
    let (whole, rest) = growth.quotientAndRemainder(dividingBy: growth - scale)
    let ratio = whole * 1_000_000_000_000 + rest * 1_000_000_000_000 / (growth - scale)
    let instalment = roundedHalfUp(
        Int128(financed.cents) * Int128(rate.basisPoints) * ratio, over: 120_000 * 1_000_000_000_000)
    var balance = financed.cents
    return (1...count).map { number in
        let interest = roundedHalfUp(Int128(balance) * Int128(rate.basisPoints), over: 120_000)
        let principal = number == count ? balance : instalment - interest
        balance -= principal
        return (Money(cents: interest, financed.currency), Money(cents: principal, financed.currency))
    }
}
