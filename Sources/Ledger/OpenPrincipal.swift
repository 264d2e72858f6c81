import Quantities

/// What is unpaid of an account's principal, without interest or charges: what portfolios are measured in.
public struct OpenPrincipal: Hashable, Sendable {
    /// When the oldest item fell due of which anything is owed; nil where nothing is.
    public var oldestDue: Day?
    public var cents: Int64

    public init(oldestDue: Day?, cents: Int64) {
        self.oldestDue = oldestDue
        self.cents = cents
    }
}

extension Account {
    /// After everything on record: it changes with the records only, never with the calendar, so it can be kept.
    /// Payments and waivers with a day to come count already; indexed items stand at their imported value.
    public var openPrincipal: OpenPrincipal {
        let days = payments.flatMap { [$0.day, $0.reversedOn ?? $0.day] } + waivers.map(\.day)
        return openPrincipal(on: days.max())
    }

    /// As it stood at the end of a day, by the records of now; items that fell due later count too.
    /// - Parameter day: nil where nothing was paid or waived ever.
    public func openPrincipal(on day: Day?) -> OpenPrincipal {
        guard let day, !payments.isEmpty || !waivers.isEmpty else {
            let open = items.filter(\.principal.isPositive)
            return OpenPrincipal(
                oldestDue: open.map(\.dueDate).min(), cents: open.reduce(0) { $0 + $1.principal.cents })
        }
        var result = OpenPrincipal(oldestDue: nil, cents: 0)
        for open in AccountHistory(self, on: day, indices: .none).items {
            let debt = open.debt(on: day, terms: terms)
            guard debt.total.isPositive else { continue }
            result.oldestDue = min(result.oldestDue ?? open.item.dueDate, open.item.dueDate)
            result.cents += debt.principal.cents
        }
        return result
    }
}
