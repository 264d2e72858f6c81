import Quantities

/// One row of a plan.
public struct PlanRow: Hashable, Sendable {
    /// 1, 2, …
    public var number: Int
    /// Monthly from the first due day, whose day of the month is kept and clamped to shorter months.
    public var dueDay: Day
    /// The due day, or the next business day.
    public var payBy: Day
    public var interest: Money
    public var principal: Money
    public var vatOnInterest: Money
    /// Principal that is left after the row.
    public var balance: Money

    /// Principal and interest, without VAT.
    public var instalment: Money { principal + interest }
    public var total: Money { principal + interest + vatOnInterest }
}

/// A plan's rows and what it costs.
public struct PlanSchedule: Hashable, Sendable {
    public var financed: Money
    /// Nil for plans without interest.
    public var monthlyRate: MonthlyRate?
    public var rows: [PlanRow]

    public var totalInterest: Money { rows.reduce(.zero(financed.currency)) { $0 + $1.interest } }
    public var totalVAT: Money { rows.reduce(.zero(financed.currency)) { $0 + $1.vatOnInterest } }
    /// All rows, without the down payment.
    public var total: Money { rows.reduce(.zero(financed.currency)) { $0 + $1.total } }

    /// Effective annual rate (TEA) of the monthly rate, `(1+i)^12 − 1`.
    public var effectiveAnnualRate: Percent {
        monthlyRate.map { (FixedDecimal.one + $0.decimal).growth(times: 12) } ?? .zero
    }

    /// Total financial cost as an effective annual rate (CFTEA): `(1+r)^12 − 1`, with `r` the monthly rate at which the
    /// rows, VAT included, are worth what the customer got: the financed amount less `fee`. Months count as equal.
    /// - Returns: nil where the fee leaves nothing, or the cost is above 300 million percent; 0 % where it is none.
    public func totalFinancialCost(fee: Money) -> Percent? {
        let received = financed - fee
        guard received.isPositive, total > received else { return received.isPositive ? .zero : nil }
        // The worth of the rows grows with the discount factor v = 1/(1+r): halve the interval that holds it.
        let shares = rows.map { FixedDecimal($0.total.cents, over: received.cents) }
        var (low, high) = (FixedDecimal.zero, FixedDecimal.one)
        for halved in 1...90 {
            let middle = FixedDecimal.middle(low, high)
            // Discounted from the last row to the first (Horner).
            let worth = shares.reversed().reduce(.zero) { ($0 + $1) * middle }
            if worth < .one { low = middle } else { high = middle }
            guard high > Self.leastDiscount else { return nil }
            // Two thirds of the halvings are saved where both ends already round to the same cost.
            if halved.isMultiple(of: 8), low > Self.leastDiscount, Self.yearly(low) == Self.yearly(high) { break }
        }
        return Self.yearly(high)
    }

    /// A cost above 300 million percent is none that anybody can be told.
    private static let leastDiscount = FixedDecimal(1, over: 5)

    /// The effective annual rate of a monthly discount factor.
    private static func yearly(_ discount: FixedDecimal) -> Percent {
        (FixedDecimal.one / discount).growth(times: 12)
    }
}

/// Splits `financed` into `count` equal instalments without interest.
public func interestFreePlan(
    _ financed: Money, count: Int, spareCents: SpareCents, firstDue: Day, calendar: BusinessCalendar
) -> PlanSchedule {
    let (share, spare) = financed.cents.quotientAndRemainder(dividingBy: Int64(count))
    return schedule(financed, monthlyRate: nil, vat: .zero, count: count, firstDue, calendar) { number, _ in
        let extra =
            switch spareCents {
            case .first: Int64(number) <= spare ? 1 : Int64(0)
            case .last: number == count ? spare : 0
            }
        return (.zero(financed.currency), Money(cents: share + extra, financed.currency))
    }
}

/// Who gets the cents that do not divide.
public enum SpareCents: String, Hashable, Sendable, Codable {
    /// One each to the first instalments.
    case first
    /// All to the last one.
    case last
}

/// A plan of the French system: `c = round(F·i / (1 − (1+i)^−n))`; each row's interest is `round(balance·i)`, and the
/// last one settles what rounding left. VAT falls on each row's rounded interest.
/// - Precondition: `rate` is not zero; `count` is 1 to 600.
public func frenchPlan(
    _ financed: Money, rate: Percent, rule: PeriodRateRule = .twelfth, vat: Percent, count: Int, firstDue: Day,
    calendar: BusinessCalendar
) -> PlanSchedule {
    let monthly = MonthlyRate(rate, rule)
    let discount = (FixedDecimal.one / (FixedDecimal.one + monthly.decimal)).power(count)
    let instalment = financed.scaled(by: monthly.decimal / (FixedDecimal.one - discount))
    return schedule(financed, monthlyRate: monthly, vat: vat, count: count, firstDue, calendar) { number, balance in
        let interest = monthly.interest(on: balance)
        // Rounding of tiny debts never takes more than is left.
        return (interest, number == count ? balance : min(balance, instalment - interest))
    }
}

private func schedule(
    _ financed: Money, monthlyRate: MonthlyRate?, vat: Percent, count: Int, _ firstDue: Day,
    _ calendar: BusinessCalendar,
    row: (_ number: Int, _ balance: Money) -> (interest: Money, principal: Money)
) -> PlanSchedule {
    var balance = financed
    let rows = (1...count).map { number in
        let (interest, principal) = row(number, balance)
        balance -= principal
        let due = firstDue.adding(months: number - 1)
        return PlanRow(
            number: number, dueDay: due, payBy: calendar.roll(due, .following), interest: interest,
            principal: principal, vatOnInterest: vat.of(interest), balance: balance)
    }
    return PlanSchedule(financed: financed, monthlyRate: monthlyRate, rows: rows)
}

/// A down payment: a share of the debt between a minimum and a maximum, never more than the debt.
public func downPayment(of debt: Money, share: Percent, minimum: Money, maximum: Money?) -> Money {
    let wanted = max(share.of(debt), minimum)
    return min(debt, maximum.map { min(wanted, $0) } ?? wanted)
}
