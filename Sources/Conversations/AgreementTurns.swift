import Dialog
import Ledger
import Negotiation
import Quantities

/// What became of an agreement, and what the customer is told of it: reminders, thanks, plans that break and come back.
extension TurnProcessor {
    /// The reminders of the day before and of the day, and the day on which it is judged.
    func setTimers(of promise: PromiseToPay, _ today: Day, _ tx: any TurnTransaction) throws {
        func set(_ kind: DueTimer.Kind, _ day: Day, hour: Int) throws {
            try tx.set(DueTimer(kind: kind, key: promise.id, at: Moment(day, hour: hour, in: world.zone)))
        }
        if promise.payBy > today.adding(days: 1) { try set(.reminderBefore, promise.payBy.adding(days: -1), hour: 10) }
        if promise.payBy > today { try set(.reminderOnDay, promise.payBy, hour: 10) }
        try set(.judge, promise.deadline.adding(days: 1), hour: 6)
    }

    /// What ``setTimers(of:_:_:)`` set.
    func cancelTimers(of promise: PromiseToPay, _ tx: any TurnTransaction) throws {
        for kind in [DueTimer.Kind.reminderBefore, .reminderOnDay, .judge] {
            try tx.cancelTimer(kind, key: promise.id)
        }
    }

    /// Moves a plan's open instalments to the days of an accepted offer.
    func move(
        _ offer: Offer, _ evidence: [String], _ account: Account, _ conversation: Conversation, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws {
        for var promise in try facts(account, now, tx).bargain.moved(offer) ?? [] {
            promise.evidence += evidence
            try tx.save(promise)
            try cancelTimers(of: promise, tx)
            try setTimers(of: promise, now.day(in: world.zone), tx)
            try audit("promise.moved", [promise.id, promise.payBy.iso] + evidence, conversation, now, tx)
        }
    }

    /// How to pay, with the link for this amount.
    func howToPay(_ account: Account, _ amount: Money) -> String {
        world.phrases(.howToPay, world.payment.alias, world.payment.link(account: account.id, amount: amount))
    }

    /// "quedaste en pagar $ 20.000,00", "vence la cuota 2 de 3 de tu plan: $ 20.000,00".
    func due(_ promise: PromiseToPay, _ promises: [PromiseToPay], _ account: Account, _ today: Day) -> String {
        let lacking = evaluation(of: promise, promises, account, today).shortfall
        let (phrases, amount) = (world.phrases, world.phrases(promise.amount))
        let rest = lacking < promise.amount ? phrases(.lacking, phrases(lacking)) : ""
        if let name = instalment(promise, promises) { return phrases(.instalmentDue, name, amount) + rest }
        return phrases(.promised, amount) + rest
    }

    /// "la cuota 2 de 3"; nil outside plans.
    private func instalment(_ promise: PromiseToPay, _ promises: [PromiseToPay]) -> String? {
        guard let planID = promise.planID else { return nil }
        let plan = promises.filter { $0.planID == planID }.sorted { ($0.payBy, $0.id) < ($1.payBy, $1.id) }
        let number = promise.number ?? 1 + (plan.firstIndex { $0.id == promise.id } ?? 0)
        return number == 0 ? "el anticipo" : "la cuota \(number) de \(plan.count { $0.number != 0 })"
    }

    private func evaluation(
        of promise: PromiseToPay, _ promises: [PromiseToPay], _ account: Account, _ today: Day
    ) -> PromiseEvaluation {
        promise.evaluation(
            payments: allocate(account.payments, to: promises)[promise.id] ?? [], asOf: today,
            terms: world.policy.judging)
    }

    // MARK: Words

    /// Thanks for a payment that is a part of an open promise; nil where nothing was paid.
    func partNotice(
        _ promise: PromiseToPay, _ account: Account, _ now: Moment, _ tx: any TurnTransaction
    ) throws -> String? {
        let today = now.day(in: world.zone)
        let evaluation = evaluation(of: promise, try tx.promises(accountID: account.id), account, today)
        guard evaluation.paidInWindow.isPositive else { return nil }
        let phrases = world.phrases
        return phrases(
            .partPaid, account.firstName, phrases(evaluation.paidInWindow), phrases(promise.amount),
            phrases(promise.payBy, asOf: today), phrases(evaluation.shortfall))
    }

    /// How an instalment ended, and what it means for its plan.
    func planNotice(
        _ promise: PromiseToPay, _ account: Account, _ now: Moment, _ tx: any TurnTransaction
    ) throws -> String? {
        let today = now.day(in: world.zone)
        let promises = try tx.promises(accountID: account.id)
        guard let planID = promise.planID, let name = instalment(promise, promises),
            let plan = world.policy.standing(
                ofPlan: planID, promises: promises, payments: account.payments, on: today)
        else { return nil }
        let (phrases, first) = (world.phrases, account.firstName)
        switch promise.state {
        case .open: return try partNotice(promise, account, now, tx)
        case .kept:
            let instalments = promises.filter { $0.planID == planID }
            guard
                let next = instalments.filter({ $0.state == .open }).min(by: { ($0.payBy, $0.id) < ($1.payBy, $1.id) })
            else {
                return phrases(.planFinished, first, String(plan.settled), String(instalments.count))
            }
            return phrases(
                .planPaid, first, String(plan.settled), String(instalments.count), phrases(next.amount),
                phrases(next.payBy, asOf: today))
        case .broken, .partiallyKept:
            let missing = phrases(.planMissing, first, name, phrases(promise.amount)) + " "
            let arrears = phrases(plan.arrears)
            switch plan.state {
            case .broken(_, let until?):
                return missing
                    + phrases(.planFell, arrears, phrases(until, asOf: today), howToPay(account, plan.arrears))
            case .broken: return missing + phrases(.planOver)
            case .active where plan.arrears.isZero:
                let next = promises.filter { $0.planID == planID && $0.state == .open }
                    .min { ($0.payBy, $0.id) < ($1.payBy, $1.id) }
                return phrases(.planBack, first)
                    + (next.map {
                        " " + phrases(.nextInstalment, phrases($0.amount), phrases($0.payBy, asOf: today))
                    } ?? "")
            case .active: return missing + phrases(.planBehind, arrears, howToPay(account, plan.arrears))
            case .completed, .cancelled: return nil
            }
        case .withdrawn, .superseded: return nil
        }
    }

    // MARK: Plans that break

    /// Watches a plan that broke until it can no longer be brought back.
    func watchPlan(of promise: PromiseToPay, _ account: Account, _ now: Moment, _ tx: any TurnTransaction) throws {
        guard let planID = promise.planID, case .broken(_, let until) = try standing(planID, account, now, tx)?.state
        else { return }
        try audit("plan.broken", [planID], accountID: account.id, now, tx)
        guard let until else { return try endPlan(promise.id, now, tx) }
        try tx.set(DueTimer(kind: .planLastDay, key: promise.id, at: Moment(until, hour: 10, in: world.zone)))
        try tx.set(
            DueTimer(kind: .planEnd, key: promise.id, at: Moment(until.adding(days: 1), hour: 6, in: world.zone)))
    }

    /// The last day on which a plan can be brought back.
    func lastDay(of timer: DueTimer, _ now: Moment, _ tx: any TurnTransaction) throws -> TurnReply {
        guard let promise = try tx.promise(id: timer.key), let planID = promise.planID,
            let account = try tx.account(id: promise.accountID),
            let plan = try standing(planID, account, now, tx), case .broken(_, let until?) = plan.state
        else { return TurnReply(duplicate: false, messages: [], trace: []) }
        let today = now.day(in: world.zone)
        let phrases = world.phrases
        return try proactive(
            phrases(
                .planLastDay, account.firstName, phrases.on(until, asOf: today),
                phrases(plan.arrears), howToPay(account, plan.arrears)), account, again: timer, now, tx)
    }

    /// A plan that nothing can bring back: what was left of it is waited for no more.
    func endPlan(_ promiseID: String, _ now: Moment, _ tx: any TurnTransaction) throws {
        guard let promise = try tx.promise(id: promiseID), let planID = promise.planID,
            let account = try tx.account(id: promise.accountID),
            case .broken(_, nil) = try standing(planID, account, now, tx)?.state
        else { return }
        for var left in try tx.promises(accountID: account.id) where left.planID == planID && left.state == .open {
            left.withdraw(askedBy: PlanStanding.fallen, on: now.day(in: world.zone))
            try changed(left, [], nil, now, tx)
        }
        try audit("plan.fallen", [planID], accountID: account.id, now, tx)
    }

    /// The account's plans as they stood with these payments.
    func standings(of promises: [PromiseToPay], _ payments: [Payment], _ now: Moment) -> [PlanStanding] {
        Set(promises.compactMap(\.planID)).sorted().compactMap {
            world.policy.standing(
                ofPlan: $0, promises: promises, payments: payments, on: now.day(in: world.zone))
        }
    }

    /// Thanks who brought a broken plan back.
    /// - Returns: those plans.
    func welcomeBack(_ before: [PlanStanding], _ account: Account, _ now: Moment, _ tx: any TurnTransaction) throws
        -> Set<String>
    {
        var welcomed: Set<String> = []
        for plan in before {
            guard case .broken(_, .some) = plan.state, let missed = plan.missed.first,
                let after = try standing(plan.planID, account, now, tx),
                after.state == .active || after.state == .completed
            else { continue }
            try audit("plan.reinstated", [plan.planID], accountID: account.id, now, tx)
            _ = try notify(missed, now, tx)
            welcomed.insert(plan.planID)
        }
        return welcomed
    }

    private func standing(
        _ planID: String, _ account: Account, _ now: Moment, _ tx: any TurnTransaction
    ) throws -> PlanStanding? {
        world.policy.standing(
            ofPlan: planID, promises: try tx.promises(accountID: account.id), payments: account.payments,
            on: now.day(in: world.zone))
    }
}
