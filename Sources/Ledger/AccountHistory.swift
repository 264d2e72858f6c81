import Quantities

/// An account after all that happened to it by a day.
struct AccountHistory {
    let account: Account
    let day: Day
    /// By age: due date, then id.
    var items: [OpenItem]
    var credit: Money
    var waived: Money
    var paid: Money

    /// Tells the history again from the account's records: waivers and payments by day, within a day waivers first and
    /// then payments by id, so that the order of import cannot matter.
    ///
    /// O(e × i) for e payments and waivers over i items; O(i log i) where there are none.
    init(_ account: Account, on day: Day, indices: IndexTables) {
        self.account = account
        self.day = day
        items = account.items.sorted { ($0.dueDate, $0.id) < ($1.dueDate, $1.id) }
            .map { OpenItem($0, account: account, indices: indices) }
        (credit, waived, paid) = (.zero(account.currency), .zero(account.currency), .zero(account.currency))
        var waivers = account.waivers.filter { $0.day <= day }.sorted { ($0.day, $0.id) < ($1.day, $1.id) }[...]
        for payment in account.payments.filter({ $0.stands(on: day) }).sorted(by: { ($0.day, $0.id) < ($1.day, $1.id) })
        {
            while let waiver = waivers.first, waiver.day <= payment.day {
                apply(waiver)
                waivers.removeFirst()
            }
            apply(payment)
        }
        for waiver in waivers { apply(waiver) }
        for index in items.indices { items[index].advance(to: day, account: account) }
    }

    private mutating func apply(_ payment: Payment) {
        let terms = account.terms
        for index in items.indices { items[index].advance(to: payment.day, account: account) }
        let result = impute(
            payment.amount + credit, to: items.map { $0.debt(on: payment.day, terms: terms) }, mode: terms.imputation,
            chosenItem: payment.chosenItem, on: payment.day)
        for allocation in result.allocations {
            items[allocation.index].settle(
                allocation.component, allocation.amount.cents, on: payment.day, .payment(id: payment.id), terms)
        }
        credit = result.credit
        paid += payment.amount
    }

    private mutating func apply(_ waiver: Waiver) {
        var left = waiver.amount?.cents ?? .max
        for index in items.indices where left > 0 && (waiver.item == nil || items[index].item.id == waiver.item) {
            items[index].advance(to: waiver.day, account: account)
            let owed = items[index].debt(on: waiver.day, terms: account.terms)[waiver.component].cents
            let amount = min(owed, left)
            items[index].settle(waiver.component, amount, on: waiver.day, .waiver(reason: waiver.reason), account.terms)
            left -= amount
            waived += Money(cents: amount, account.currency)
        }
    }
}

extension Account {
    /// What is owed on `day`, told from the whole history up to that day: a pure function of the records.
    ///
    /// Each figure shown is rounded once, half up to the cent: interest from its exact sum over all stretches, VAT on
    /// the rounded figure. Credit is set against whatever is owed next.
    /// - Parameter indices: the tables of the indexed items; an item without one stands at its imported value.
    public func statement(on day: Day, indices: IndexTables = .none) -> Statement {
        let history = AccountHistory(self, on: day, indices: indices)
        var lines: [StatementLine] = []
        for var item in history.items where item.debt(on: day, terms: terms).total.isPositive {
            lines.append(item.line(on: day, terms))
        }
        return Statement(asOf: day, currency: currency, lines: lines, credit: history.credit)
    }

    /// The balance on `day` (I11).
    public func balance(on day: Day, indices: IndexTables = .none) -> AccountBalance {
        let history = AccountHistory(self, on: day, indices: indices)
        let zero = Money.zero(currency)
        var balance = AccountBalance(
            principal: items.reduce(zero) { $0 + $1.principal }, indexation: zero, interest: zero, charges: zero,
            paid: history.paid, waived: history.waived, owed: zero, credit: history.credit)
        for item in history.items {
            let grown = item.contribution(on: day, terms)
            balance.indexation += Money(cents: grown.principal, currency) - item.item.principal
            balance.interest += Money(cents: grown.interest, currency)
            balance.charges += Money(cents: grown.charges, currency)
            balance.owed += item.debt(on: day, terms: terms).total
        }
        return balance
    }
}
