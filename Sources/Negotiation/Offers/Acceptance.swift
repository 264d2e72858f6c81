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
        guard today <= offer.validUntil else { return nil }
        if case .move = offer.purpose { return moved(offer) == nil ? nil : offer }
        guard isPricedFromThisDebt(offer) else { return nil }
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
        switch again(offer) {
        case .admissible(let fresh):
            return .repriced(
                fresh,
                why: changed
                    ? phrases(.debtChanged) : phrases(.priceExpired, phrases(offer.validUntil, asOf: today)))
        case .counter(let fresh, let why): return .repriced(fresh, why: why)
        case .needsHuman, nil:
            return .gone(why: phrases(changed ? .optionGone : .optionExpired))
        }
    }

    /// The same option as the policy answers it today; nil where it is none.
    private func again(_ offer: Offer) -> Verdict? {
        let first = offer.instalments.first
        var proposal = Proposal(day: first.map { max($0.dueDay, today) })
        if offer.purpose == .rest {
            proposal.amount = offer.total
            return judgeRest(proposal)
        }
        if case .move = offer.purpose { return offer.payDay.map { judgeMove(toPayDay: $0) } }
        switch offer.kind {
        case .payNow: return offers().first { $0.id == offer.id }.map { .admissible($0) }
        case .promise: return statement.total.isPositive ? judge(proposal) : nil
        case .partial:
            proposal.amount = offer.total
            return statement.total.isPositive ? judge(proposal) : nil
        case .plan:
            if offer.id.hasPrefix("part_plan"), let first {
                proposal.amount = first.amount
                proposal.instalments = offer.regularInstalments.count
                return judge(proposal)
            }
            let fresh = plans().first { $0.id == offer.id }
            return fresh.map { fresh in offer.payDay.map { plan(fresh, onPayDay: $0) } ?? .admissible(fresh) }
        }
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
