import Ledger
import Quantities

/// What accepting an offer gets.
public enum Acceptance: Hashable, Sendable {
    /// What the customer saw, at the price they saw.
    case asShown(Offer)
    /// Its price no longer holds: the same option at today's price, to be confirmed again.
    case repriced(Offer, why: String)
    /// The option is no longer there.
    case gone(why: String)
}

extension Bargain {
    /// An offer accepted today: at the price that was shown while it is valid; nil once it expired, or once a payment or
    /// waiver changed the debt that it was priced from.
    public func reprice(_ offer: Offer) -> Offer? {
        guard today <= offer.validUntil, isPricedFromThisDebt(offer) else { return nil }
        var held = offer
        // What was to be paid on the day of pricing is to be paid on the day of acceptance.
        for index in held.instalments.indices where held.instalments[index].dueDay < today {
            held.instalments[index].dueDay = today
        }
        return held
    }

    /// What accepting `offer` today gets: its own price until its stated day, today's price after it.
    public func accept(_ offer: Offer) -> Acceptance {
        if let held = reprice(offer) { return .asShown(held) }
        let changed = today <= offer.validUntil
        guard let fresh = offers().first(where: { $0.id == offer.id }) else {
            return .gone(
                why: changed
                    ? "La deuda cambió y esa opción ya no está." : "Esa opción venció y hoy no está disponible.")
        }
        return .repriced(
            fresh,
            why: changed
                ? "La deuda cambió desde que te lo ofrecí; te lo recalculo."
                : "Ese precio valía hasta el \(offer.validUntil.formatted(asOf: today)); te lo recalculo a hoy.")
    }

    /// The history up to the day of pricing still gives the debt that the offer was priced from.
    private func isPricedFromThisDebt(_ offer: Offer) -> Bool {
        guard let debt = offer.debt else { return true }
        let then =
            offer.pricedOn == today ? statement : account.statement(on: offer.pricedOn, indices: indices).demandable
        guard then.total == debt else { return false }
        let since = { (day: Day) in day > offer.pricedOn && day <= today }
        return !account.payments.contains { since($0.day) && $0.stands(on: today) || $0.reversedOn.map(since) ?? false }
            && !account.waivers.contains { since($0.day) }
    }
}
