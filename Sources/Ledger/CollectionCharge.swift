import Quantities

/// A collection charge (*cargo de gestión de cobranza*): a share of the overdue principal between a minimum and a cap.
public struct CollectionChargeTerms: Hashable, Sendable, Codable {
    public var rate: Percent
    public var minimum: Money
    public var maximum: Money
    public var vat: Percent
    /// The charge is due from this many days past due.
    public var fromDaysPastDue: Int

    public init(rate: Percent, minimum: Money, maximum: Money, vat: Percent, fromDaysPastDue: Int) {
        self.rate = rate
        self.minimum = minimum
        self.maximum = maximum
        self.vat = vat
        self.fromDaysPastDue = fromDaysPastDue
    }
}

/// Proof that a collection charge was informed to the customer before it is demanded (law 24.240, art. 4).
public struct ChargeNotice: Hashable, Sendable, Codable {
    public var channel: String
    public var day: Day
    public var text: String

    public init(channel: String, day: Day, text: String) {
        self.channel = channel
        self.day = day
        self.text = text
    }

    /// Whether it proves anything: a channel and a text are on record.
    public var isProof: Bool { !channel.isEmpty && !text.isEmpty }
}

/// A charge as it was worked out.
public struct CollectionCharge: Hashable, Sendable {
    /// Which limit of the terms decided.
    public enum Limit: String, Hashable, Sendable {
        case none
        case minimum = "min"
        case maximum = "max"
    }

    public var amount: Money
    public var vat: Money
    public var limit: Limit
    public var total: Money { amount + vat }
}

extension CollectionChargeTerms {
    /// The charge on `base`: its share, half up to the cent, held between minimum and cap; VAT on what results. Nothing
    /// is charged on nothing.
    public func charge(on base: Money) -> CollectionCharge {
        let zero = Money.zero(base.currency)
        guard base.isPositive else { return CollectionCharge(amount: zero, vat: zero, limit: .none) }
        let share = rate.of(base)
        let amount = min(max(share, minimum), maximum)
        return CollectionCharge(
            amount: amount, vat: vat.of(amount),
            limit: share < minimum && amount == minimum ? .minimum : share > maximum ? .maximum : .none)
    }
}
