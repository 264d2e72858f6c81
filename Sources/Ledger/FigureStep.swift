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
    /// In Spanish, as an adviser reads it.
    public var text: String { text(in: .argentina) }

    /// In Spanish, with figures as a locale writes them.
    public func text(in phrases: Phrases) -> String {
        switch self {
        case .indexed(let indexed, let value, let principal, let day):
            let units = phrases(Money(cents: indexed.hundredths)).dropFirst(2)
            return
                "capital: \(units) \(indexed.unit) a \(Self.price(value, principal.currency, phrases)) al \(day.iso), menos lo pagado = \(phrases(principal))"
        case .interest(let base, let rate, let days, let basis):
            return "interés por mora: \(phrases(base)) × \(phrases(rate)) anual × \(days) días / \(basis)"
        case .punitive(let base, let halves, let days, let basis):
            let rate = phrases(Percent(basisPoints: halves / 2)).dropLast(2)
            let half = halves % 2 == 0 ? "" : " y medio punto básico"
            return "interés punitorio: \(phrases(base)) × \(rate) %\(half) anual × \(days) días / \(basis)"
        case .capitalised(let amount, let day):
            return "el \(day.iso) se capitalizan los intereses impagos: \(phrases(amount))"
        case .charge(let base, let terms, let amount, let vat, let notice):
            let limits =
                terms.maximum.cents == .max
                ? "como mínimo \(phrases(terms.minimum))"
                : "entre \(phrases(terms.minimum)) y \(phrases(terms.maximum))"
            return "cargo de gestión: \(phrases(terms.rate)) de \(phrases(base)), \(limits) = \(phrases(amount))"
                + (vat.isPositive ? ", más IVA \(phrases(terms.vat)) = \(phrases(vat))" : "")
                + "; informado el \(notice.day.iso) por \(notice.channel)"
        case .settled(let component, let amount, let day, let cause):
            switch cause {
            case .payment(let id):
                return "\(component.spanishName): −\(phrases(amount)) por el pago \(id) del \(day.iso)"
            case .waiver(let reason):
                return "\(component.spanishName): −\(phrases(amount)) condonado el \(day.iso) (\(reason))"
            }
        }
    }

    private static func price(_ tenThousandths: Int64, _ currency: Currency, _ phrases: Phrases) -> String {
        let rest = tenThousandths % 100
        return phrases(Money(cents: tenThousandths / 100, currency))
            + (rest == 0 ? "" : rest < 10 ? "0\(rest)" : "\(rest)")
    }
}
