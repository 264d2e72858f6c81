import Ledger
import Quantities

/// What moves a promise.
public enum PromiseEvent: Hashable, Sendable, Codable {
    /// Payments of the account changed.
    case payments
    /// A calendar day ended.
    case dayEnded(Day)
    case withdrawn
    case superseded
}

/// What a promise event asks the caller to do.
public enum PromiseAction: Hashable, Sendable, Codable { case none, kept, partiallyKept, broken }

/// How a promise stands, recomputed from payments.
public struct PromiseEvaluation: Hashable, Sendable {
    public var state: PromiseToPay.State
    public var paidInWindow: Money
    public var paidLate: Money
    public var tolerance: Money
    /// What the window's payments lack to the promised amount; zero or more.
    public var shortfall: Money
}

extension JudgingTerms {
    /// The last day on which a payment counts: the pay-by day rolled to a business day, plus the grace days.
    public func deadline(payBy: Day, calendar: BusinessCalendar) -> Day {
        let rolled = calendar.roll(payBy, .following)
        return graceInBusinessDays
            ? calendar.adding(businessDays: graceDays, to: rolled) : rolled.adding(days: graceDays)
    }
}

extension PromiseToPay {
    /// Kept as soon as payments from its creation to its deadline reach the amount less the tolerance; otherwise open
    /// until the deadline, then partially kept or broken. Later money is late and changes nothing (lifecycle.md).
    public func evaluation(payments: [Payment], asOf day: Day, terms: JudgingTerms) -> PromiseEvaluation {
        let valid = payments.filter { $0.day >= createdOn && $0.stands(on: day) }
        let zero = Money.zero(amount.currency)
        let inWindow = valid.filter { $0.day <= deadline }.reduce(zero) { $0 + $1.amount }
        let late = valid.filter { $0.day > deadline }.reduce(zero) { $0 + $1.amount }
        let minimum = terms.toleranceMinimum[amount.currency] ?? zero
        let tolerance = min(amount, max(terms.tolerance.of(amount), minimum))
        let state: State =
            if inWindow.isPositive, inWindow >= amount - tolerance { .kept } else if day <= deadline {
                .open
            } else if inWindow.isPositive { .partiallyKept } else { .broken }
        return PromiseEvaluation(
            state: state, paidInWindow: inWindow, paidLate: late, tolerance: tolerance,
            shortfall: max(zero, amount - inWindow))
    }

    /// Whether it was missed, and payments after its deadline have brought what it lacked.
    /// - Parameter payments: the payments allocated to this promise, those that were reversed left out.
    public func isMadeGood(by payments: [Payment], terms: JudgingTerms) -> Bool {
        guard state == .broken || state == .partiallyKept, let last = payments.map(\.day).max() else { return false }
        let evaluation = evaluation(
            payments: payments.filter { $0.reversedOn == nil }, asOf: max(last, deadline.adding(days: 1)), terms: terms)
        return evaluation.paidInWindow + evaluation.paidLate >= amount - evaluation.tolerance
    }

    /// Applies one event; an event that cannot happen in the present state changes nothing and returns `.none`.
    /// - Parameter payments: the payments allocated to this promise.
    public mutating func apply(
        _ event: PromiseEvent, payments: [Payment], today: Day, policy: Policy
    ) -> PromiseAction {
        switch event {
        case .withdrawn:
            if state == .open { state = .withdrawn }
            return .none
        case .superseded:
            if state == .open { state = .superseded }
            return .none
        case .payments, .dayEnded:
            guard state != .withdrawn, state != .superseded, closure == nil else { return .none }
            let before = state
            var asOf = today
            if case .dayEnded(let day) = event { asOf = max(today, day.adding(days: 1)) }
            state = evaluation(payments: payments, asOf: asOf, terms: policy.judging).state
            guard state != before else { return .none }
            return switch state {
            case .kept: .kept
            case .partiallyKept: .partiallyKept
            case .broken: .broken
            default: .none
            }
        }
    }
}

extension Offer {
    /// The promises that accepting the offer creates, one per instalment, in order.
    public func promises(
        accountID: String, today: Day, evidence: [String], policy: Policy, calendar: BusinessCalendar,
        newID: () throws -> String
    ) rethrows -> [PromiseToPay] {
        let planID = kind == .plan ? try newID() : nil
        return try instalments.map { instalment in
            var promise = PromiseToPay(
                id: try newID(), accountID: accountID, amount: instalment.amount, payBy: instalment.dueDay,
                createdOn: today, offer: self, evidence: evidence,
                deadline: policy.judging.deadline(payBy: instalment.dueDay, calendar: calendar), planID: planID)
            if planID != nil { promise.number = instalment.number }
            return promise
        }
    }
}

/// Shares the payments of an account over its promises, oldest pay-by day first, so that no cent keeps two promises.
public func allocate(_ payments: [Payment], to promises: [PromiseToPay]) -> [String: [Payment]] {
    let order = promises.filter { $0.state != .withdrawn && $0.state != .superseded && $0.closure == nil }.sorted {
        ($0.payBy, $0.id) < ($1.payBy, $1.id)
    }
    var wanted = Dictionary(uniqueKeysWithValues: order.map { ($0.id, $0.amount) })
    var shares: [String: [Payment]] = [:]
    for payment in payments.sorted(by: { ($0.day, $0.id) < ($1.day, $1.id) }) {
        var left = payment.amount
        for promise in order where left.isPositive && payment.day >= promise.createdOn {
            let share = min(left, wanted[promise.id]!)
            guard share.isPositive else { continue }
            if payment.reversedOn == nil { wanted[promise.id]! -= share }
            left -= share
            var part = payment
            part.amount = share
            shares[promise.id, default: []].append(part)
        }
    }
    return shares
}
