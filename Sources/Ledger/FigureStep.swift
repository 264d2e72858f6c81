import Quantities

/// One step on the way to the figures of an item (I8), in the order in which it happened.
public enum FigureStep: Hashable, Sendable, Codable {
    /// What took something off a component.
    public enum Cause: Hashable, Sendable, Codable {
        case payment(id: String)
        case waiver(reason: String)
    }

    /// The principal in units at the index of the day.
    indirect case indexed(IndexedPrincipal, tenThousandths: Int64, principal: Money, on: Day)
    /// A stretch of moratory interest: exact, not yet rounded.
    case interest(base: Money, rate: Percent, days: Int, basis: Int)
    /// A stretch of punitive interest: exact, not yet rounded.
    case punitive(base: Money, halfBasisPoints: Int64, days: Int, basis: Int)
    /// All interest owed so far joined the base on which interest runs.
    case capitalised(Money, on: Day)
    /// Rare and large: kept apart, so that steps stay small.
    indirect case charge(base: Money, terms: CollectionChargeTerms, amount: Money, vat: Money, notice: ChargeNotice)
    case settled(DebtComponent, Money, on: Day, Cause)
}

extension FigureStep {
    /// In Spanish, as an adviser or a customer reads it.
    public var text: String {
        switch self {
        case .indexed(let indexed, let value, let principal, let day):
            let units = Money(cents: indexed.hundredths).formatted.dropFirst(2)
            return
                "capital: \(units) \(indexed.unit) a \(Self.price(value, principal.currency)) al \(day.iso), menos lo pagado = \(principal.formatted)"
        case .interest(let base, let rate, let days, let basis):
            return "interés por mora: \(base.formatted) × \(rate.formatted) anual × \(days) días / \(basis)"
        case .punitive(let base, let halves, let days, let basis):
            let rate = Percent(basisPoints: halves / 2).formatted.dropLast(2)
            let half = halves % 2 == 0 ? "" : " y medio punto básico"
            return "interés punitorio: \(base.formatted) × \(rate) %\(half) anual × \(days) días / \(basis)"
        case .capitalised(let amount, let day):
            return "el \(day.iso) se capitalizan los intereses impagos: \(amount.formatted)"
        case .charge(let base, let terms, let amount, let vat, let notice):
            let limits =
                terms.maximum.cents == .max
                ? "como mínimo \(terms.minimum.formatted)"
                : "entre \(terms.minimum.formatted) y \(terms.maximum.formatted)"
            return "cargo de gestión: \(terms.rate.formatted) de \(base.formatted), \(limits) = \(amount.formatted)"
                + (vat.isPositive ? ", más IVA \(terms.vat.formatted) = \(vat.formatted)" : "")
                + "; informado el \(notice.day.iso) por \(notice.channel)"
        case .settled(let component, let amount, let day, let cause):
            switch cause {
            case .payment(let id):
                return "\(component.spanishName): −\(amount.formatted) por el pago \(id) del \(day.iso)"
            case .waiver(let reason):
                return "\(component.spanishName): −\(amount.formatted) condonado el \(day.iso) (\(reason))"
            }
        }
    }

    private static func price(_ tenThousandths: Int64, _ currency: Currency) -> String {
        let rest = tenThousandths % 100
        return Money(cents: tenThousandths / 100, currency).formatted
            + (rest == 0 ? "" : rest < 10 ? "0\(rest)" : "\(rest)")
    }
}
