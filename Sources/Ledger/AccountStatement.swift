import Quantities

extension Account {
    /// What is owed on `day`, after imputing in order of their days the payments received by then and not reversed by
    /// then. Interest runs on the principal that is left between payments, and each stretch is rounded once.
    public func statement(on day: Day) -> Statement {
        var open = items.map { OpenItem($0) }
        var credit = Money.zero(currency)
        let received = payments.filter { $0.day <= day && ($0.reversedOn.map { $0 > day } ?? true) }
            .sorted { ($0.day, $0.id) < ($1.day, $1.id) }
        for payment in received {
            for index in open.indices { open[index].accrue(to: payment.day, account: self) }
            let debts = open.map(\.debt)
            let result = impute(
                payment.amount + credit, to: debts.map { $0.with(rate: terms.moratoryRate) }, mode: terms.imputation,
                chosenItem: payment.chosenItem)
            for (index, debt) in result.remaining.enumerated() { open[index].settle(to: debt) }
            credit = result.credit
        }
        for index in open.indices { open[index].accrue(to: day, account: self) }
        let lines = open.filter { $0.debt.total.isPositive }.map { $0.line(on: day) }
            .sorted { ($0.dueDate, $0.itemID) < ($1.dueDate, $1.itemID) }
        return Statement(asOf: day, currency: currency, lines: lines, credit: credit)
    }
}

extension ItemDebt {
    fileprivate func with(rate: Percent) -> ItemDebt {
        var copy = self
        copy.rate = rate
        return copy
    }
}

/// An item on its way through time.
private struct OpenItem {
    let item: Item
    var principal: Money
    var interest: Money
    var interestVAT: Money
    var charge: Money
    var chargeVAT: Money
    var accruedTo: Day
    var charged = false
    var explanation: [String] = []

    init(_ item: Item) {
        self.item = item
        principal = item.principal
        let zero = Money.zero(item.principal.currency)
        (interest, interestVAT, charge, chargeVAT) = (zero, zero, zero, zero)
        accruedTo = item.dueDate
    }

    var debt: ItemDebt {
        ItemDebt(
            id: item.id, dueDate: item.dueDate, principal: principal, interest: interest + interestVAT,
            costs: charge + chargeVAT, rate: .zero)
    }

    /// Adds interest up to `day`, and the collection charge once it is due and was informed.
    mutating func accrue(to day: Day, account: Account) {
        let terms = account.terms
        if day > accruedTo, principal.isPositive {
            let days = day - accruedTo
            let added = moratoryInterest(on: principal, rate: terms.moratoryRate, days: days, basis: terms.dayCountBasis)
            if added.isPositive {
                let vat = terms.vatOnInterest.of(added)
                interest += added
                interestVAT += vat
                explanation.append(
                    "interés por mora: \(principal.formatted) × \(terms.moratoryRate.formatted) anual × \(days) días / "
                        + "\(terms.dayCountBasis) = \(added.formatted)"
                        + (vat.isPositive ? ", más IVA \(terms.vatOnInterest.formatted) = \(vat.formatted)" : ""))
            }
        }
        if day > accruedTo { accruedTo = day }
        if !charged, let charging = terms.collectionCharge, principal.isPositive,
            day - item.dueDate >= max(1, charging.fromDaysPastDue), let notice = account.chargeNotice, notice.day <= day
        {
            charged = true
            charge = collectionCharge(on: principal, terms: charging)
            chargeVAT = charging.vat.of(charge)
            explanation.append(
                "cargo de gestión: \(charging.rate.formatted) de \(principal.formatted), entre \(charging.minimum.formatted) y "
                    + "\(charging.maximum.formatted) = \(charge.formatted)"
                    + (chargeVAT.isPositive ? ", más IVA = \(chargeVAT.formatted)" : "")
                    + "; informado el \(notice.day.iso) por \(notice.channel)")
        }
    }

    /// Takes over what an imputation left; VAT is extinguished after the figure it belongs to.
    mutating func settle(to debt: ItemDebt) {
        func split(_ left: Money, _ net: inout Money, _ vat: inout Money) {
            let paid = net + vat - left
            let onNet = min(paid, net)
            net -= onNet
            vat -= paid - onNet
        }
        split(debt.interest, &interest, &interestVAT)
        split(debt.costs, &charge, &chargeVAT)
        if principal != debt.principal {
            explanation.append("capital: \(principal.formatted) menos pagos = \(debt.principal.formatted)")
        }
        principal = debt.principal
    }

    func line(on day: Day) -> StatementLine {
        StatementLine(
            itemID: item.id, description: item.description, dueDate: item.dueDate, daysPastDue: day - item.dueDate,
            principal: principal, interest: interest, interestVAT: interestVAT, charge: charge, chargeVAT: chargeVAT,
            explanation: explanation)
    }
}
