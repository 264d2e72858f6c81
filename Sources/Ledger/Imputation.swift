import Quantities

/// What is left of one item, component by component, before a payment is imputed to it.
public struct ItemDebt: Hashable, Sendable {
    public var id: String
    public var dueDate: Day
    public var principal: Money
    public var interest: Money
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
}

public enum DebtComponent: String, Hashable, Sendable, Codable { case costs, interest, principal }

public struct Allocation: Hashable, Sendable {
    public var item: String
    public var component: DebtComponent
    public var amount: Money
}

public struct Imputation: Hashable, Sendable {
    public var allocations: [Allocation]
    public var remaining: [ItemDebt]
    /// What no item absorbed.
    public var credit: Money
}

/// Imputes a payment: within an item costs, interest, principal (CCCN 903); across items by `mode` (CCCN 900–902).
public func impute(_ payment: Money, to items: [ItemDebt], mode: ImputationMode, chosenItem: String? = nil) -> Imputation {
    var remaining = items
    var left = payment
    var allocations: [Allocation] = []

    func apply(_ component: DebtComponent, _ index: Int, atMost limit: Money) -> Money {
        let owed = switch component {
        case .costs: remaining[index].costs
        case .interest: remaining[index].interest
        case .principal: remaining[index].principal
        }
        let amount = min(owed, limit)
        guard amount.isPositive else { return .zero(payment.currency) }
        switch component {
        case .costs: remaining[index].costs -= amount
        case .interest: remaining[index].interest -= amount
        case .principal: remaining[index].principal -= amount
        }
        allocations.append(Allocation(item: remaining[index].id, component: component, amount: amount))
        return amount
    }
    func settle(_ index: Int, atMost limit: Money) -> Money {
        var spent = Money.zero(payment.currency)
        for component in [DebtComponent.costs, .interest, .principal] {
            spent += apply(component, index, atMost: limit - spent)
        }
        return spent
    }

    let byAge = items.indices.sorted { (items[$0].dueDate, items[$0].id) < (items[$1].dueDate, items[$1].id) }
    switch mode {
    case .componentsAcrossItems:
        for component in [DebtComponent.costs, .interest, .principal] {
            for index in byAge { left -= apply(component, index, atMost: left) }
        }
    case .proRata:
        let total = items.reduce(Money.zero(payment.currency)) { $0 + $1.total }
        let spend = min(left, total)
        if total.isPositive, spend.isPositive {
            var shares: [(index: Int, cents: Int64, remainder: Int128)] = items.indices.map { index in
                let product = Int128(spend.cents) * Int128(items[index].total.cents)
                return (index, Int64(product / Int128(total.cents)), product % Int128(total.cents))
            }
            var spare = spend.cents - shares.reduce(0) { $0 + $1.cents }
            let order = shares.indices.sorted {
                (shares[$1].remainder, items[shares[$0].index].id) < (shares[$0].remainder, items[shares[$1].index].id)
            }
            for position in order where spare > 0 {
                shares[position].cents += 1
                spare -= 1
            }
            for share in shares { left -= settle(share.index, atMost: Money(cents: share.cents, payment.currency)) }
        }
    case .oldestItemFirst, .mostOnerousFirst, .debtorChoice:
        var order = byAge
        if mode == .mostOnerousFirst {
            order = items.indices.sorted {
                (-items[$0].rate.basisPoints, items[$0].dueDate.number, items[$0].id)
                    < (-items[$1].rate.basisPoints, items[$1].dueDate.number, items[$1].id)
            }
        }
        if let chosenItem, let position = order.firstIndex(where: { items[$0].id == chosenItem }) {
            order.insert(order.remove(at: position), at: 0)
        }
        for index in order { left -= settle(index, atMost: left) }
    }
    return Imputation(allocations: allocations, remaining: remaining, credit: left)
}
