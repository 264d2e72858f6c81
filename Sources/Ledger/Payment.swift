import Quantities

/// Money received for an account. A reversal (bounced payment) is the same payment with `reversedOn` set: from that day
/// on the account stands as if it had never been made.
public struct Payment: Hashable, Sendable, Codable {
    public var id: String
    public var amount: Money
    /// The day of the payment, which may lie before others that are already recorded.
    public var day: Day
    public var reversedOn: Day?
    /// The item the debtor chose to pay (CCCN 900), where they said so.
    public var chosenItem: String?

    public init(id: String, amount: Money, day: Day, reversedOn: Day? = nil, chosenItem: String? = nil) {
        self.id = id
        self.amount = amount
        self.day = day
        self.reversedOn = reversedOn
        self.chosenItem = chosenItem
    }

    /// Whether it was made by `day` and not reversed by then.
    public func stands(on day: Day) -> Bool { self.day <= day && (reversedOn.map { $0 > day } ?? true) }
}

/// Debt that the creditor gives up, for good, from a day on.
public struct Waiver: Hashable, Sendable, Codable {
    public var id: String
    public var day: Day
    /// The item it is for; all items, oldest first, where nil.
    public var item: String?
    public var component: DebtComponent
    /// At most this much, VAT included; all that is owed of the component on that day where nil.
    public var amount: Money?
    /// Who granted it and why, as the statement shows it: "descuento por pago contado, política 2026-11".
    public var reason: String

    public init(
        id: String, day: Day, item: String? = nil, component: DebtComponent, amount: Money? = nil, reason: String
    ) {
        self.id = id
        self.day = day
        self.item = item
        self.component = component
        self.amount = amount
        self.reason = reason
    }
}
