import Ledger
import Negotiation
import Quantities

/// What a turn tells the company's other systems.
extension TurnProcessor {
    func publish(
        _ kind: AccountEvent.Kind, _ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        try tx.publish(AccountEvent(kind, account: conversation.accountID, conversation: conversation.id, at: now))
    }

    func publish(
        _ kind: AccountEvent.Kind, _ promise: PromiseToPay, paid: [Payment] = [], _ conversation: Conversation?,
        _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        var event = AccountEvent(kind, account: promise.accountID, conversation: conversation?.id, at: now)
        event.promise = AccountEvent.PromiseFigures(promise, paid: paid)
        try tx.publish(event)
    }

    func publish(_ kind: AccountEvent.Kind, _ handoff: Handoff, _ now: Moment, _ tx: any TurnTransaction) throws {
        var event = AccountEvent(kind, account: handoff.accountID, conversation: handoff.conversationID, at: now)
        event.handoff = AccountEvent.HandoffFigures(
            id: handoff.id, reason: handoff.reason, priority: handoff.priority.rawValue, agent: handoff.agent,
            call_at: handoff.call.map { $0.at.iso(in: world.zone) }, call: handoff.call?.state)
        try tx.publish(event)
    }

    func publish(
        _ payment: Payment, was before: Payment?, accountID: String, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        for kind in AccountEvent.news(of: payment, was: before) {
            try tx.publish(AccountEvent(kind, payment, account: accountID, at: now))
        }
    }

    /// Tells of a plan that was just agreed on, where the promises are one.
    func publishPlan(
        _ promises: [PromiseToPay], _ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        guard let first = promises.first, first.planID != nil else { return }
        var event = AccountEvent(.planMade, account: first.accountID, conversation: conversation.id, at: now)
        event.plan = AccountEvent.PlanFigures(promises, nil)
        try tx.publish(event)
    }

    /// Tells of each of the account's plans that stands otherwise than was last told.
    func publishPlans(accountID: String, _ now: Moment, _ tx: any TurnTransaction) throws {
        let promises = try tx.promises(accountID: accountID)
        let plans = Dictionary(grouping: promises.filter { $0.planID != nil }, by: { $0.planID! })
        guard !plans.isEmpty, let account = try tx.account(id: accountID) else { return }
        for (id, unsorted) in plans.sorted(by: { $0.key < $1.key }) {
            guard
                let standing = world.policy.standing(
                    ofPlan: id, promises: promises, payments: account.payments, on: now.day(in: world.zone)),
                // A plan that nobody was told of, from before events or from an import, is told of when it changes.
                let kind = Self.news(standing.state, after: try tx.events(accountID: accountID, planID: id).last?.kind)
            else { continue }
            var event = AccountEvent(kind, account: accountID, at: now)
            event.plan = AccountEvent.PlanFigures(
                unsorted.sorted { ($0.payBy, $0.id) < ($1.payBy, $1.id) }, standing)
            try tx.publish(event)
        }
    }

    private static func news(_ state: PlanStanding.State, after last: AccountEvent.Kind?) -> AccountEvent.Kind? {
        let kind: AccountEvent.Kind =
            switch state {
            case .active: .planMade
            case .completed: .planCompleted
            case .broken: .planBroken
            case .cancelled: .planCancelled
            }
        if kind == last { return nil }
        guard kind == .planMade else { return kind }
        return last == nil || last == .planReinstated ? nil : .planReinstated
    }
}
