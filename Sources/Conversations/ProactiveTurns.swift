import Conduct
import Dialog
import Ledger
import Negotiation
import Quantities

extension TurnProcessor {
    /// A due timer. The store has already removed it; one that conduct does not allow now is set again for the first
    /// moment that it does.
    public func fire(_ timer: DueTimer, now: Moment, tx: any TurnTransaction) throws -> TurnReply {
        switch timer.kind {
        case .quiet, .idle:
            // Who wrote something is not nudged.
            if var conversation = try tx.conversation(id: timer.key), timer.kind == .quiet || conversation.window != nil
            {
                return try closeWindow(&conversation, now, tx)
            }
        case .callBack, .campaign, .judge, .notice, .planLastDay, .planEnd, .reminderBefore, .reminderOnDay:
            if let account = try tx.accountID(of: timer) { try closeWindows(accountID: account, now, tx) }
        }
        try record(timer, now, tx)
        switch timer.kind {
        case .quiet: break
        case .campaign: return try continueCampaign(timer, now: now, tx: tx)
        case .idle:
            guard var conversation = try tx.conversation(id: timer.key), conversation.owner == .bot,
                let id = conversation.accountID, let account = try tx.account(id: id)
            else { break }
            let (dialog, state) = present(conversation)
            let result = dialog.step(state, .idle, facts: try facts(account, now, tx))
            guard !result.effects.isEmpty else { break }
            // A nudge is ours, so it keeps to the hours, also where it leaves late.
            var history = try tx.contactHistory(accountID: account.id)
            history.wrongNumber = conversation.wrongNumber
            if case .refused(let refusal) = permission(.nudge, conversation, history, now) {
                if let until = refusal.until { try tx.set(DueTimer(kind: .idle, key: timer.key, at: until)) }
                break
            }
            let messages = try apply(
                result, to: &conversation, account, answered: false, purpose: .nudge, now, tx)
            try tx.save(conversation)
            return TurnReply(
                duplicate: false, messages: messages, trace: result.trace, passages: result.passages)
        case .judge:
            guard var promise = try tx.promise(id: timer.key), let account = try tx.account(id: promise.accountID)
            else { break }
            let shares = allocate(account.payments, to: try tx.promises(accountID: account.id))
            let action = try settle(
                &promise, .dayEnded(promise.deadline), shares[promise.id] ?? [], nil, now, tx)
            try publishPlans(accountID: account.id, now, tx)
            if action != .none {
                try watchPlan(of: promise, account, now, tx)
                return try notify(promise, now, tx)
            }
        case .notice:
            if let promise = try tx.promise(id: timer.key) { return try notify(promise, now, tx) }
        case .callBack: try callIsDue(timer, now, tx)
        case .planLastDay: return try lastDay(of: timer, now, tx)
        case .planEnd: try endPlan(timer.key, now, tx)
        case .reminderBefore, .reminderOnDay:
            guard let promise = try tx.promise(id: timer.key), promise.state == .open,
                let account = try tx.account(id: promise.accountID)
            else { break }
            let today = now.day(in: world.zone)
            guard promise.payBy >= today else { break }
            let day = promise.payBy == today ? "hoy" : promise.payBy == today.adding(days: 1) ? "mañana" : "el"
            let promises = try tx.promises(accountID: account.id)
            return try proactive(
                world.phrases(
                    .reminder, account.firstName, "\(day) \(world.phrases(promise.payBy, asOf: today))",
                    due(promise, promises, account, today), howToPay(account, promise.amount)), account, again: timer,
                now, tx)
        }
        return TurnReply(duplicate: false, messages: [], trace: [])
    }

    private func record(_ timer: DueTimer, _ now: Moment, _ tx: any TurnTransaction) throws {
        switch timer.kind {
        // What a campaign writes is recorded when it does, and so is what waited.
        case .campaign, .quiet: break
        case .idle:
            guard let conversation = try tx.conversation(id: timer.key) else { return }
            try tx.record(
                RecordedTurn(
                    at: now, conversationID: conversation.id, accountID: conversation.accountID, .timer(timer)))
        case .callBack:
            guard let handoff = try tx.handoff(id: timer.key) else { return }
            try tx.record(
                RecordedTurn(
                    at: now, conversationID: handoff.conversationID, accountID: handoff.accountID, .timer(timer)))
        case .judge, .notice, .planLastDay, .planEnd, .reminderBefore, .reminderOnDay:
            guard let promise = try tx.promise(id: timer.key) else { return }
            try tx.record(RecordedTurn(at: now, conversationID: nil, accountID: promise.accountID, .timer(timer)))
        }
    }

    /// Tells how a promise ended.
    func notify(_ promise: PromiseToPay, _ now: Moment, _ tx: any TurnTransaction) throws -> TurnReply {
        guard let account = try tx.account(id: promise.accountID) else {
            return TurnReply(duplicate: false, messages: [], trace: [])
        }
        let isMadeGood = try isMadeGood(promise, account, tx)
        let phrases = world.phrases
        let (name, amount) = (account.firstName, phrases(promise.amount))
        let day = phrases(promise.payBy, asOf: now.day(in: world.zone))
        let text: String
        var purpose: ContactPurpose = [.kept, .open].contains(promise.state) ? .receipt : .proactive
        switch promise.state {
        case _ where promise.planID != nil:
            guard let words = try planNotice(promise, account, now, tx) else {
                return TurnReply(duplicate: false, messages: [], trace: [])
            }
            text = words
        case .broken where isMadeGood, .partiallyKept where isMadeGood:
            purpose = .receipt
            text = phrases(.madeGood, name, amount, day)
        case .kept: text = phrases(.kept, name, amount)
        case .partiallyKept: text = phrases(.partlyKept, name, amount)
        case .broken: text = phrases(.broken, name, amount, day)
        case .open:
            guard let words = try partNotice(promise, account, now, tx) else {
                return TurnReply(duplicate: false, messages: [], trace: [])
            }
            text = words
        case .withdrawn, .superseded: return TurnReply(duplicate: false, messages: [], trace: [])
        }
        return try proactive(
            text, account, purpose: purpose,
            again: DueTimer(kind: .notice, key: promise.id, at: now), now, tx)
    }

    private func isMadeGood(_ promise: PromiseToPay, _ account: Account, _ tx: any TurnTransaction) throws -> Bool {
        guard promise.state == .broken || promise.state == .partiallyKept else { return false }
        let shares = allocate(account.payments, to: try tx.promises(accountID: account.id))
        return promise.isMadeGood(by: shares[promise.id] ?? [], terms: world.policy.judging)
    }

    /// Speaks first, where conduct allows it: otherwise later, or never (I6, I12). Silent while a person attends (I7), and
    /// only to whom was verified: these messages name the debt (I4).
    func proactive(
        _ text: String, _ account: Account, purpose: ContactPurpose = .proactive, again timer: DueTimer,
        _ now: Moment, _ tx: any TurnTransaction
    ) throws -> TurnReply {
        if let assignment = try tx.assignment(accountID: account.id), assignment.ended == nil {
            return TurnReply(duplicate: false, messages: [], trace: ["la cuenta la lleva \(assignment.agency)"])
        }
        guard
            let conversation = try tx.conversations(accountID: account.id).first(where: {
                !$0.wrongNumber && $0.owner == .bot && $0.dialog?.verified == true && $0.contact.channel != Self.calls
            })
        else {
            return TurnReply(duplicate: false, messages: [], trace: ["no hay una conversación del bot con esta cuenta"])
        }
        switch permission(purpose, conversation, try tx.contactHistory(accountID: account.id), now) {
        case .allowed:
            try tx.recordProactive(accountID: account.id, channel: conversation.contact.channel, at: now)
            let message = BotMessage(text: text)
            _ = try enqueue(message, conversation, purpose: purpose, now, tx)
            try audit("proactive", [timer.kind.rawValue, timer.key], conversation, now, tx)
            return TurnReply(
                duplicate: false, messages: [message], trace: ["mensaje por iniciativa propia: \(timer.kind.rawValue)"])
        case .refused(let refusal):
            if let until = refusal.until { try tx.set(DueTimer(kind: timer.kind, key: timer.key, at: until)) }
            try audit(
                "proactive.refused", [timer.kind.rawValue, timer.key, refusal.rule.id, refusal.why], conversation, now,
                tx)
            return TurnReply(
                duplicate: false, messages: [],
                trace: ["no se escribe: \(refusal.why) (\(refusal.rule.id), \(refusal.rule.source))"])
        }
    }

    private func permission(
        _ purpose: ContactPurpose, _ conversation: Conversation, _ history: ContactHistory, _ now: Moment
    ) -> ContactPermission {
        world.conduct.mayContact(
            purpose, on: conversation.contact.channel, history: history, at: now, zone: world.zone,
            calendar: world.calendar)
    }
}
