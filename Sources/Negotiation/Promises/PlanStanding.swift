import Ledger
import Quantities

/// How an instalment plan stands on a day, told again from its promises and the payments: nothing is stored.
public struct PlanStanding: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        case active
        /// Every instalment was paid, in time or made up for.
        case completed
        /// Broken since `on`; paying ``PlanStanding/arrears`` until the day given brings it back, nil where nothing can.
        case broken(on: Day, reinstatableUntil: Day?)
        /// Its promises were withdrawn, or another agreement took their place.
        case cancelled
    }

    public var planID: String
    public var state: State
    /// The days on which the plan was brought back after a break.
    public var reinstatedOn: [Day]
    /// Instalments missed and not made up for, oldest first.
    public var missed: [PromiseToPay]
    /// What is lacking to the missed instalments.
    public var arrears: Money
    /// Instalments paid, in time or made up for.
    public var settled: Int

    /// Who is named in the closure of the instalments that were left when their plan fell for good.
    public static let fallen = "plan caído"
}

extension Bargain {
    /// The latest plan of the account that nothing took the place of; nil where there is none.
    public var currentPlan: PlanStanding? {
        var seen: Set<String> = []
        let ids = promises.sorted { ($0.createdOn, $0.id) < ($1.createdOn, $1.id) }.compactMap(\.planID)
            .filter { seen.insert($0).inserted }
        let standings = ids.reversed().lazy.compactMap {
            policy.standing(ofPlan: $0, promises: promises, payments: account.payments, on: today)
        }
        return standings.first { $0.state != .cancelled }
    }
}

extension Policy {
    /// Judges a plan on `day`: an instalment is missed on the day after its deadline and made up for on the day its late
    /// payments reach its amount less the tolerance; the plan breaks when as many are missed at once as the policy says,
    /// and is back when none is, within the days the policy gives. A payment that bounced is judged as never made.
    ///
    /// - Parameters:
    ///   - promises: every promise of the account, so that no cent keeps two of them.
    ///   - payments: the account's.
    /// - Returns: nil where the account has no such plan.
    public func standing(
        ofPlan planID: String, promises: [PromiseToPay], payments: [Payment], on day: Day
    ) -> PlanStanding? {
        let plan = promises.filter { $0.planID == planID }.sorted { ($0.payBy, $0.id) < ($1.payBy, $1.id) }
        guard let first = plan.first else { return nil }
        var standing = PlanStanding(
            planID: planID, state: .cancelled, reinstatedOn: [], missed: [], arrears: .zero(first.amount.currency),
            settled: 0)
        if plan.contains(where: \.isCancelled) { return standing }
        let shares = allocate(payments.filter { $0.stands(on: day) }, to: promises)
        var changes: [Change] = []
        for promise in plan where promise.state != .withdrawn {
            let paid = shares[promise.id] ?? []
            let evaluation = promise.evaluation(payments: paid, asOf: day, terms: judging)
            if evaluation.state == .kept { standing.settled += 1 }
            guard evaluation.state == .broken || evaluation.state == .partiallyKept else { continue }
            changes.append(Change(day: promise.deadline.adding(days: 1), promise: promise.id, isMissed: true))
            if let madeUp = dayReached(promise.amount - evaluation.tolerance, by: paid) {
                standing.settled += 1
                changes.append(Change(day: madeUp, promise: promise.id, isMissed: false))
            } else {
                standing.missed.append(promise)
                standing.arrears += promise.amount - evaluation.paidInWindow - evaluation.paidLate
            }
        }
        let (brokenOn, reinstatedOn) = breaks(after: changes)
        standing.reinstatedOn = reinstatedOn
        if let brokenOn {
            let last = brokenOn.adding(days: planLifecycle.reinstatementDays)
            standing.state = .broken(
                on: brokenOn, reinstatableUntil: planLifecycle.reinstatementDays > 0 && day <= last ? last : nil)
        } else {
            standing.state = standing.settled == plan.count ? .completed : .active
        }
        return standing
    }

    private struct Change {
        let day: Day
        let promise: String
        let isMissed: Bool
    }

    /// The day since which the plan is broken, if it is, and the days on which it was brought back.
    private func breaks(after changes: [Change]) -> (brokenOn: Day?, reinstatedOn: [Day]) {
        var missed: Set<String> = []
        var brokenOn: Day?
        var reinstatedOn: [Day] = []
        // On one day what is missed counts before what is made up for.
        for change in changes.sorted(by: { ($0.day, $0.isMissed ? 0 : 1) < ($1.day, $1.isMissed ? 0 : 1) }) {
            if change.isMissed { missed.insert(change.promise) } else { missed.remove(change.promise) }
            if let since = brokenOn {
                guard missed.isEmpty, change.day <= since.adding(days: planLifecycle.reinstatementDays),
                    planLifecycle.reinstatementDays > 0
                else { continue }
                brokenOn = nil
                reinstatedOn.append(change.day)
            } else if missed.count >= planLifecycle.missedInstalments {
                brokenOn = change.day
            }
        }
        return (brokenOn, reinstatedOn)
    }

    private func dayReached(_ amount: Money, by payments: [Payment]) -> Day? {
        var sum = Money.zero(amount.currency)
        for payment in payments.sorted(by: { $0.day < $1.day }) {
            sum += payment.amount
            if sum >= amount { return payment.day }
        }
        return nil
    }
}

extension PromiseToPay {
    /// Taken back or replaced by someone, and not left over by a plan that fell.
    fileprivate var isCancelled: Bool {
        state == .superseded || state == .withdrawn && closure?.by != PlanStanding.fallen
    }
}
