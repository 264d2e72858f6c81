import Ledger
import Quantities

extension Day {
    /// The day nearest to `self` that falls on `dayOfMonth` (clamped to shorter months), not before `earliest`; of two as
    /// near, the earlier.
    func nearest(dayOfMonth: Int, from earliest: Day) -> Day {
        let candidates = (-1...2).compactMap { shift -> Day? in
            let month = adding(months: shift)
            return Day(
                year: month.year, month: month.month,
                day: min(dayOfMonth, Day.length(ofMonth: month.month, year: month.year)))
        }
        let possible = candidates.filter { $0 >= earliest }
        return possible.min { (abs($0 - self), $0) < (abs($1 - self), $1) } ?? earliest
    }
}

/// What moving a plan's due days to the customer's pay-day gets.
public enum PlanMove: Hashable, Sendable {
    /// The open instalments with their new days and deadlines; amounts stay.
    case moved([PromiseToPay])
    case needsHuman(why: String)
}

extension Bargain {
    /// A plan with its instalments on the customer's pay-day, or the nearest thing and why.
    /// - Parameters:
    ///   - offer: one of ``plans()``.
    ///   - dayOfMonth: 1 to 31.
    public func plan(_ offer: Offer, onPayDay dayOfMonth: Int) -> Verdict {
        guard let terms = planTerms(asAdviser: false).first(where: { "plan_\($0.instalments)" == offer.id }),
            let usual = plan(terms), let first = usual.instalments.first(where: { $0.number == 1 })?.dueDay
        else { return .needsHuman(why: phrases(.planNeedsPerson)) }
        let wanted = first.nearest(dayOfMonth: dayOfMonth, from: today.adding(days: 1))
        guard wanted - first <= policy.planLifecycle.dueDayShift, var moved = plan(terms, firstDue: wanted) else {
            return .counter(usual, why: tooFar(from: first, to: wanted))
        }
        moved.payDay = dayOfMonth
        return .admissible(moved)
    }

    /// Moves the open instalments of a plan that is being paid to the customer's pay-day, without cost, as far as the
    /// policy lets the bot.
    public func move(plan planID: String, toPayDay dayOfMonth: Int) -> PlanMove {
        let open = promises.filter { $0.planID == planID && $0.state == .open && $0.payBy >= today }
            .sorted { ($0.payBy, $0.id) < ($1.payBy, $1.id) }
        guard !open.isEmpty else { return .needsHuman(why: phrases(.nothingToMove)) }
        var moved: [PromiseToPay] = []
        for var promise in open {
            let wanted = promise.payBy.nearest(dayOfMonth: dayOfMonth, from: today)
            guard wanted - promise.payBy <= policy.planLifecycle.dueDayShift else {
                return .needsHuman(why: tooFar(from: promise.payBy, to: wanted))
            }
            promise.payBy = wanted
            promise.deadline = policy.judging.deadline(payBy: wanted, calendar: calendar)
            moved.append(promise)
        }
        return .moved(moved)
    }

    /// The customer is paid on `dayOfMonth`: the running plan's open instalments on that day as an offer to confirm, the
    /// furthest day that the bot may move them to and why, or a person.
    public func judgeMove(toPayDay dayOfMonth: Int) -> Verdict {
        guard let plan = currentPlan, plan.state == .active else {
            return .needsHuman(why: phrases(.noPlan))
        }
        switch move(plan: plan.planID, toPayDay: dayOfMonth) {
        case .moved(let promises): return .admissible(moveOffer(plan.planID, promises, payDay: dayOfMonth))
        case .needsHuman(let why):
            let limit = policy.planLifecycle.dueDayShift
            let next = openPromises.filter { $0.planID == plan.planID && $0.payBy >= today }.map(\.payBy).min()
            guard limit > 0, let furthest = next?.adding(days: limit).dayOfMonth,
                case .moved(let promises) = move(plan: plan.planID, toPayDay: furthest)
            else { return .needsHuman(why: why) }
            return .counter(moveOffer(plan.planID, promises, payDay: furthest), why: why)
        }
    }

    private func moveOffer(_ planID: String, _ promises: [PromiseToPay], payDay: Int) -> Offer {
        var offer = offer(
            id: "move", .plan,
            promises.enumerated().map { index, promise in
                Instalment(number: promise.number ?? index + 1, amount: promise.amount, dueDay: promise.payBy)
            }, ["vencimientos al día \(payDay) de cada mes, sin costo"])
        (offer.purpose, offer.payDay, offer.debt) = (.move(plan: planID), payDay, nil)
        return offer
    }

    /// What accepting a move does: the plan's open instalments on the offer's days; nil where they are no longer those
    /// that it was made from.
    public func moved(_ offer: Offer) -> [PromiseToPay]? {
        guard case .move(let planID) = offer.purpose, let payDay = offer.payDay,
            case .moved(let promises) = move(plan: planID, toPayDay: payDay),
            promises.map(\.amount) == offer.instalments.map(\.amount),
            promises.map(\.payBy) == offer.instalments.map(\.dueDay)
        else { return nil }
        return promises
    }

    private func tooFar(from due: Day, to wanted: Day) -> String {
        let (due, wanted) = (phrases(due, asOf: today), phrases(wanted, asOf: today))
        return switch policy.planLifecycle.dueDayShift {
        case 0: phrases(.dueDayFixed, due, wanted)
        case 1: phrases(.dueDayMovesOneDay, due, wanted)
        case let limit: phrases(.dueDayMoves, String(limit), due, wanted)
        }
    }
}
