import Quantities

/// What is owed for one item on one day, figure by figure.
public struct StatementLine: Hashable, Sendable, Codable {
    public var itemID: String
    public var description: String
    public var dueDate: Day
    /// Negative before the due date.
    public var daysPastDue: Int
    public var principal: Money
    public var interest: Money
    public var interestVAT: Money
    public var charge: Money
    public var chargeVAT: Money
    /// In Spanish, how each figure came about: "interés: $ 30.000,00 × 60 % × 20 / 365".
    public var explanation: [String]

    public var total: Money { principal + interest + interestVAT + charge + chargeVAT }

    public init(
        itemID: String, description: String, dueDate: Day, daysPastDue: Int, principal: Money, interest: Money,
        interestVAT: Money, charge: Money, chargeVAT: Money, explanation: [String]
    ) {
        self.itemID = itemID
        self.description = description
        self.dueDate = dueDate
        self.daysPastDue = daysPastDue
        self.principal = principal
        self.interest = interest
        self.interestVAT = interestVAT
        self.charge = charge
        self.chargeVAT = chargeVAT
        self.explanation = explanation
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
            asOf: asOf, currency: currency, lines: overdue.isEmpty ? lines.filter { $0.dueDate == next } : overdue, credit: credit)
    }

    /// Everything in the statement.
    public var total: Money { lines.reduce(.zero(currency)) { $0 + $1.total } }
    public var principal: Money { lines.reduce(.zero(currency)) { $0 + $1.principal } }
    /// Interest with its VAT.
    public var interest: Money { lines.reduce(.zero(currency)) { $0 + $1.interest + $1.interestVAT } }
    /// Collection charges with their VAT.
    public var charges: Money { lines.reduce(.zero(currency)) { $0 + $1.charge + $1.chargeVAT } }
    /// What is past due today.
    public var overdue: Money { lines.filter { $0.daysPastDue > 0 }.reduce(.zero(currency)) { $0 + $1.total } }
    /// Days since the oldest unpaid item fell due; negative when nothing is due yet, nil when nothing is owed.
    public var daysPastDue: Int? { lines.map(\.daysPastDue).max() }
    public var nextDueDate: Day? { lines.map(\.dueDate).min() }
}
