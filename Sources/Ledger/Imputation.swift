import Quantities

/// What is left of one item, component by component, before a payment is imputed to it.
public struct ItemDebt: Hashable, Sendable {
    public var id: String
    public var dueDate: Day
    public var principal: Money
    /// Interest of both kinds with its VAT.
    public var interest: Money
    /// Collection charge with its VAT.
    public var costs: Money
    /// Contract rate; orders items by onerosity.
    public var rate: Percent

    public init(id: String, dueDate: Day, principal: Money, interest: Money, costs: Money, rate: Percent) {
        self.id = id
        self.dueDate = dueDate
        self.principal = principal
        self.interest = interest
        self.costs = costs
        self.rate = rate
    }

    public var total: Money { principal + interest + costs }

    public internal(set) subscript(component: DebtComponent) -> Money {
        get {
            switch component {
            case .costs: costs
            case .interest: interest
            case .principal: principal
            }
        }
        set {
            switch component {
            case .costs: costs = newValue
            case .interest: interest = newValue
            case .principal: principal = newValue
            }
        }
    }
}

/// The parts of a debt, in the order in which a payment extinguishes them (CCCN 903).
public enum DebtComponent: String, Hashable, Sendable, Codable, CaseIterable {
    case costs, interest, principal

    public var spanishName: String {
        switch self {
        case .costs: "cargo"
        case .interest: "interés"
        case .principal: "capital"
        }
    }
}

/// A part of a payment and what it extinguished.
public struct Allocation: Hashable, Sendable {
    /// The id of the item, and its place among those that were passed.
    public var item: String
    public var index: Int
    public var component: DebtComponent
    public var amount: Money
}

/// Where a payment went.
public struct Imputation: Hashable, Sendable {
    public var allocations: [Allocation]
    /// The items as they were passed, less what was allocated; no component is ever negative.
    public var remaining: [ItemDebt]
    /// What no item absorbed.
    public var credit: Money

    fileprivate mutating func pay(_ component: DebtComponent, of index: Int, atMost limit: Money) -> Money {
        let amount = min(remaining[index][component], limit)
        guard amount.isPositive else { return .zero(limit.currency) }
        remaining[index][component] -= amount
        credit -= amount
        allocations.append(Allocation(item: remaining[index].id, index: index, component: component, amount: amount))
        return amount
    }

    fileprivate mutating func pay(_ index: Int, atMost limit: Money) {
        var left = limit
        for component in DebtComponent.allCases { left -= pay(component, of: index, atMost: left) }
    }
}

/// Imputes a payment: within an item costs, interest, principal (CCCN 903); across items by `mode` (CCCN 900–902).
///
/// - Parameters:
///   - payment: zero or more.
///   - chosenItem: the item that the debtor chose (CCCN 900); it goes first in the modes by item.
///   - day: where given, items that are due by then go before all others in every mode: the choice and the law reach
///     only what can be demanded (CCCN 900, 901). What they leave goes to the others.
/// - Complexity: O(n log n) for n items; O(n) where they come by age and the mode follows age.
public func impute(
    _ payment: Money, to items: [ItemDebt], mode: ImputationMode, chosenItem: String? = nil, on day: Day? = nil
) -> Imputation {
    var result = Imputation(allocations: [], remaining: items, credit: payment)
    let byAge = items.indices.sorted { (items[$0].dueDate, items[$0].id) < (items[$1].dueDate, items[$1].id) }
    let due = day.map { day in byAge.filter { items[$0].dueDate <= day } } ?? byAge
    impute(to: due, mode, chosenItem, &result)
    if due.count < byAge.count, result.credit.isPositive {
        impute(to: Array(byAge[due.count...]), mode, chosenItem, &result)
    }
    return result
}

/// - Parameter order: places in `result.remaining`, by age.
private func impute(to order: [Int], _ mode: ImputationMode, _ chosenItem: String?, _ result: inout Imputation) {
    switch mode {
    case .componentsAcrossItems:
        for component in DebtComponent.allCases {
            for index in order { _ = result.pay(component, of: index, atMost: result.credit) }
        }
    case .proRata:
        for (index, share) in proRataShares(of: result.credit, over: order, result.remaining) {
            result.pay(index, atMost: share)
        }
    case .oldestItemFirst, .mostOnerousFirst, .debtorChoice:
        var order = order
        if mode == .mostOnerousFirst {
            // A stable sort: items of one rate stay by age.
            order.sort { result.remaining[$0].rate > result.remaining[$1].rate }
        }
        if let chosenItem, let position = order.firstIndex(where: { result.remaining[$0].id == chosenItem }) {
            order.insert(order.remove(at: position), at: 0)
        }
        for index in order {
            if result.credit.isZero { return }
            result.pay(index, atMost: result.credit)
        }
    }
}

/// Shares by what each item owes, rounded down; the spare cents go one each to the largest remainders, then by id
/// (CCCN 902 b).
private func proRataShares(of payment: Money, over order: [Int], _ items: [ItemDebt]) -> [(index: Int, share: Money)] {
    let total = order.reduce(Int128(0)) { $0 + Int128(items[$1].total.cents) }
    let spend = min(Int128(payment.cents), total)
    guard total > 0, spend > 0 else { return [] }
    var shares = order.map { index in
        let (share, remainder) = (spend * Int128(items[index].total.cents)).quotientAndRemainder(dividingBy: total)
        return (index: index, cents: Int64(share), remainder: remainder)
    }
    var spare = Int64(spend) - shares.reduce(0) { $0 + $1.cents }
    let byRemainder = shares.indices.sorted {
        (shares[$1].remainder, items[shares[$0].index].id) < (shares[$0].remainder, items[shares[$1].index].id)
    }
    for position in byRemainder where spare > 0 {
        shares[position].cents += 1
        spare -= 1
    }
    return shares.map { ($0.index, Money(cents: $0.cents, payment.currency)) }
}
