import Quantities

/// What is owed for one item on one day, figure by figure.
public struct StatementLine: Hashable, Sendable, Codable {
    public var itemID: String
    public var description: String
    public var dueDate: Day
    /// Negative before the due date.
    public var daysPastDue: Int
    /// The principal before any payment, as imported.
    public var importedPrincipal: Money
    public var principal: Money
    /// Moratory interest that is left.
    public var interest: Money
    /// Punitive interest that is left.
    public var punitive: Money
    /// VAT on both kinds of interest that is left.
    public var interestVAT: Money
    public var charge: Money
    public var chargeVAT: Money
    public var vatOnInterest: Percent
    /// All the moratory interest since the due date, of which ``interest`` is left.
    public var accruedInterest: Money
    public var accruedPunitive: Money
    /// How each figure came about, in order.
    public var steps: [FigureStep]

    public var total: Money { principal + interest + punitive + interestVAT + charge + chargeVAT }

    /// In Spanish, how each figure came about: "interés por mora: $ 30.000,00 × 60 % anual × 20 días / 365".
    public var explanation: [String] { explanation(in: .argentina) }

    /// The same, with figures as a locale writes them.
    public func explanation(in phrases: Phrases) -> [String] {
        var lines =
            ["capital original: \(phrases(importedPrincipal)), vence el \(dueDate.iso)"]
            + steps.map { $0.text(in: phrases) }
        func sum(_ name: String, _ accrued: Money) {
            guard accrued.isPositive else { return }
            let vat = vatOnInterest.of(accrued)
            lines.append(
                "\(name), redondeado una vez: \(phrases(accrued))"
                    + (vat.isPositive ? ", más IVA \(phrases(vatOnInterest)) = \(phrases(vat))" : ""))
        }
        sum("interés por mora", accruedInterest)
        sum("interés punitorio", accruedPunitive)
        let parts = [
            ("capital", principal), ("interés", interest + punitive), ("IVA del interés", interestVAT),
            ("cargo", charge),
            ("IVA del cargo", chargeVAT),
        ].filter { $0.1.isPositive }
        if parts.count > 1 {
            lines.append(
                "total: " + parts.map { "\($0.0) \(phrases($0.1))" }.joined(separator: " + ") + " = \(phrases(total))")
        }
        return lines
    }
}

/// What an account owes on one day. Only items with something left appear.
public struct Statement: Hashable, Sendable, Codable {
    public var asOf: Day
    public var currency: Currency
    public var lines: [StatementLine]
    /// Overpayment that no item absorbed.
    public var credit: Money

    public init(asOf: Day, currency: Currency, lines: [StatementLine], credit: Money) {
        self.asOf = asOf
        self.currency = currency
        self.lines = lines
        self.credit = credit
    }

    /// What may be asked for today: the items past due or, where none is, those that fall due next.
    public var demandable: Statement {
        let overdue = lines.filter { $0.daysPastDue > 0 }
        let next = lines.map(\.dueDate).min()
        return Statement(
            asOf: asOf, currency: currency, lines: overdue.isEmpty ? lines.filter { $0.dueDate == next } : overdue,
            credit: credit)
    }

    /// Everything in the statement.
    public var total: Money { sum { lines[$0].total } }
    public var principal: Money { sum { lines[$0].principal } }
    /// Moratory and punitive interest with their VAT.
    public var interest: Money { sum { lines[$0].interest + lines[$0].punitive + lines[$0].interestVAT } }
    /// Collection charges with their VAT.
    public var charges: Money { sum { lines[$0].charge + lines[$0].chargeVAT } }
    /// What is past due today.
    public var overdue: Money { lines.filter { $0.daysPastDue > 0 }.reduce(.zero(currency)) { $0 + $1.total } }
    /// Days since the oldest unpaid item fell due; negative when nothing is due yet, nil when nothing is owed.
    public var daysPastDue: Int? { lines.map(\.daysPastDue).max() }
    public var nextDueDate: Day? { lines.map(\.dueDate).min() }

    /// Of the line at each index: a line is large, and is not copied for one figure.
    private func sum(_ figure: (Int) -> Money) -> Money {
        var sum = Money.zero(currency)
        for index in lines.indices { sum += figure(index) }
        return sum
    }
}
