import Quantities

/// One payment of an offer or of a plan.
public struct Instalment: Hashable, Sendable, Codable {
    /// 0 is the down payment, then 1, 2, …
    public var number: Int
    public var amount: Money
    public var dueDay: Day
    public init(number: Int, amount: Money, dueDay: Day) {
        self.number = number
        self.amount = amount
        self.dueDay = dueDay
    }
}

/// An option that may be put to the customer, priced at a moment and valid until another.
public struct Offer: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
        /// Everything today, with the policy's discount for paying at once.
        case payNow
        /// One payment of everything on a later day.
        case promise
        /// One payment of part of the debt.
        case partial
        /// Down payment (if any) and instalments.
        case plan
    }
    /// What accepting the offer does to what was agreed before.
    public enum Purpose: Hashable, Sendable, Codable {
        /// Stands beside the open promises: the rest of the debt, or another part of it.
        case rest
        /// Moves the open instalments of a plan, in order, to the offer's days.
        case move(plan: String)
    }
    /// Stable within the conversation: `pay_now`, `pay_now_2`, `plan_3`, `plan_6`, `promise`, `partial`, `part_plan_3`,
    /// `rest`, `move`.
    public var id: String
    public var kind: Kind
    /// All that will be paid under the offer.
    public var total: Money
    public var discount: Money
    public var instalments: [Instalment]
    /// TNA of the plan; zero for interest-free ones.
    public var rate: Percent
    public var pricedOn: Day
    /// Last day on which it can be accepted at this price.
    public var validUntil: Day
    public var policyVersion: String
    /// What was owed when it was priced; nil in offers of earlier versions.
    public var debt: Money?
    /// In Spanish, how each figure came about.
    public var explanation: [String]
    /// Nil takes the place of what was agreed before.
    public var purpose: Purpose?
    /// The day of the month on which the customer is paid, where the plan was set on it.
    public var payDay: Int?
    /// Total financial cost as an effective annual rate, VAT included (CFTEA); nil where nothing is financed at a rate.
    public var financialCost: Percent?

    public init(
        id: String, kind: Kind, total: Money, discount: Money, instalments: [Instalment], rate: Percent = .zero,
        pricedOn: Day, validUntil: Day, policyVersion: String, debt: Money? = nil, explanation: [String] = []
    ) {
        self.id = id
        self.kind = kind
        self.total = total
        self.discount = discount
        self.instalments = instalments
        self.rate = rate
        self.pricedOn = pricedOn
        self.validUntil = validUntil
        self.policyVersion = policyVersion
        self.debt = debt
        self.explanation = explanation
    }
}

extension Offer {
    /// The instalments without the down payment.
    public var regularInstalments: [Instalment] { instalments.filter { $0.number > 0 } }

    /// Takes something off the debt for paying everything at once.
    public var isImmediateDiscount: Bool { kind == .payNow && discount.isPositive }

    /// In a few words: "$ 24.600,00 para el sábado 5/12", "3 cuotas de $ 12.000,00, la primera el jueves 24/12".
    public func summary(asOf today: Day, in phrases: Phrases = .argentina) -> String {
        guard kind == .plan else {
            let day = instalments.first?.dueDay ?? today
            return phrases(total) + (day == today ? " hoy" : " para el " + phrases(day, asOf: today))
        }
        let regular = regularInstalments
        var text = ""
        if let down = instalments.first(where: { $0.number == 0 }) {
            let advance = down.dueDay == today ? "anticipo de " : ""
            text = "\(advance)\(phrases(down.amount)) \(phrases.on(down.dueDay, asOf: today)) y "
        }
        guard let first = regular.first else { return text }
        let equal = regular.allSatisfy { ($0.amount - first.amount).cents.magnitude <= 1 }
        text +=
            equal
            ? "\(regular.count) \(regular.count == 1 ? "cuota" : "cuotas") de \(phrases(first.amount))"
            : "\(regular.count) cuotas, la más alta de \(phrases(regular.map(\.amount).max() ?? first.amount))"
        text += "\(regular.count == 1 ? "," : ", la primera") el \(phrases(first.dueDay, asOf: today))"
        return text + (financialCost.map { ", CFTEA \(phrases($0)) con IVA" } ?? "")
    }

    /// Every payment on its own line: "cuota 1: $ 12.000,00, jueves 24/12".
    public func schedule(asOf today: Day, in phrases: Phrases) -> String {
        instalments.map {
            "\($0.number == 0 ? "anticipo" : "cuota \($0.number)"): \(phrases($0.amount)), \(phrases($0.dueDay, asOf: today))"
        }.joined(separator: "\n")
    }
}
