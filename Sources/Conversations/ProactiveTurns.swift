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
        case .idle:
            guard var conversation = try tx.conversation(id: timer.key), conversation.owner == .bot,
                let id = conversation.accountID, let account = try tx.account(id: id)
            else { break }
            let (dialog, state) = present(conversation)
            let result = dialog.step(state, .idle, facts: try facts(account, now, tx))
            guard !result.effects.isEmpty else { break }
            // A nudge is ours, so it keeps to the hours; it belongs to a conversation that they began, so it counts for no cap.
            let history = ContactHistory(optedOut: account.optedOut, wrongNumber: conversation.wrongNumber)
            if case .refused(_, let until) = world.conduct.mayContact(
                .proactive, history: history, at: now, zone: world.zone, calendar: world.calendar)
            {
                if let until { try tx.set(DueTimer(kind: .idle, key: timer.key, at: until)) }
                break
            }
            let messages = try apply(result, to: &conversation, account, answered: false, now, tx)
            try tx.save(conversation)
            return TurnReply(duplicate: false, messages: messages, trace: result.trace)
        case .judge:
            guard var promise = try tx.promise(id: timer.key), let account = try tx.account(id: promise.accountID)
            else { break }
            let shares = allocate(account.payments, to: try tx.promises(accountID: account.id))
            let action = try settle(
                &promise, .dayEnded(promise.deadline), shares[promise.id] ?? [], nil, now, tx)
            if action != .none {
                try watchPlan(of: promise, account, now, tx)
                return try notify(promise, now, tx)
            }
        case .notice:
            if let promise = try tx.promise(id: timer.key) { return try notify(promise, now, tx) }
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
                "Hola \(account.firstName), te recuerdo que \(day) \(promise.payBy.formatted(asOf: today)) "
                    + "\(due(promise, promises, account, today)). \(howToPay(account, promise.amount)) "
                    + "Si se te complicó, contestame por acá y lo vemos.",
                account, again: timer, now, tx)
        }
        return TurnReply(duplicate: false, messages: [], trace: [])
    }

    /// Tells how a promise ended.
    func notify(_ promise: PromiseToPay, _ now: Moment, _ tx: any TurnTransaction) throws -> TurnReply {
        guard let account = try tx.account(id: promise.accountID) else {
            return TurnReply(duplicate: false, messages: [], trace: [])
        }
        let text: String
        switch promise.state {
        case _ where promise.planID != nil:
            guard let words = try planNotice(promise, account, now, tx) else {
                return TurnReply(duplicate: false, messages: [], trace: [])
            }
            text = words
        case .kept:
            text =
                "¡Gracias, \(account.firstName)! Con tu pago quedó cumplida tu promesa de \(promise.amount.formatted)."
        case .partiallyKept:
            text =
                "Hola \(account.firstName), recibimos una parte de los \(promise.amount.formatted) que habíamos acordado. Contestame por acá y vemos cómo seguir con el resto."
        case .broken:
            text =
                "Hola \(account.firstName), no nos figura el pago de \(promise.amount.formatted) que habíamos acordado para el \(promise.payBy.formatted(asOf: now.day(in: world.zone))). Si ya pagaste, avisame; si no, contestame por acá y buscamos otra forma."
        case .open:
            guard let words = try partNotice(promise, account, now, tx) else {
                return TurnReply(duplicate: false, messages: [], trace: [])
            }
            text = words
        case .withdrawn, .superseded: return TurnReply(duplicate: false, messages: [], trace: [])
        }
        return try proactive(text, account, again: DueTimer(kind: .notice, key: promise.id, at: now), now, tx)
    }

    /// Speaks first, where conduct allows it: otherwise later, or never (I6, I12). Silent while a person attends (I7), and
    /// only to whom was verified: these messages name the debt (I4).
    func proactive(
        _ text: String, _ account: Account, again timer: DueTimer, _ now: Moment, _ tx: any TurnTransaction
    ) throws -> TurnReply {
        guard
            let conversation = try tx.conversations(accountID: account.id).first(where: {
                !$0.wrongNumber && $0.owner == .bot && $0.dialog?.verified == true
            })
        else {
            return TurnReply(duplicate: false, messages: [], trace: ["no hay una conversación del bot con esta cuenta"])
        }
        var history = try tx.contactHistory(accountID: account.id)
        history.optedOut = history.optedOut || account.optedOut
        switch world.conduct.mayContact(
            .proactive, history: history, at: now, zone: world.zone, calendar: world.calendar)
        {
        case .allowed:
            try tx.recordProactive(accountID: account.id, at: now)
            let message = try say(BotMessage(text: text), conversation, answered: false, now, tx)
            try audit("proactive", [timer.kind.rawValue, timer.key], conversation, now, tx)
            return TurnReply(
                duplicate: false, messages: [message], trace: ["mensaje por iniciativa propia: \(timer.kind.rawValue)"])
        case .refused(let why, let until):
            if let until {
                try tx.set(DueTimer(kind: timer.kind, key: timer.key, at: until))
            }
            try audit("proactive.refused", [timer.kind.rawValue, timer.key, why], conversation, now, tx)
            return TurnReply(duplicate: false, messages: [], trace: ["no se escribe: \(why)"])
        }
    }

    /// Payments from the ERP for one account, already checked. Known ids are replaced (a reversal is the same payment
    /// with its day); every promise is judged again from the ledger.
    public func importPayments(_ payments: [Payment], accountID: String, now: Moment, tx: any TurnTransaction) throws {
        guard var account = try tx.account(id: accountID) else { return }
        let earlier = account.payments
        for payment in payments {
            if let index = account.payments.firstIndex(where: { $0.id == payment.id }) {
                account.payments[index] = payment
            } else {
                account.payments.append(payment)
            }
        }
        try tx.save(account)
        let promises = try tx.promises(accountID: accountID)
        let plans = standings(of: promises, earlier, now)
        let before = allocate(earlier, to: promises)
        let shares = allocate(account.payments, to: promises)
        var notices: [PromiseToPay] = []
        var told = try welcomeBack(plans, account, now, tx)
        for var promise in promises.sorted(by: { ($0.payBy, $0.id) < ($1.payBy, $1.id) }) {
            let paid = shares[promise.id] ?? []
            let action = try settle(&promise, .payments, paid, nil, now, tx)
            // One word of thanks for a plan, however many instalments were paid at once.
            if action == .kept {
                if told.insert(promise.planID ?? promise.id).inserted { notices.append(promise) }
            } else if told.isEmpty, promise.state == .open, sum(paid, promise) > sum(before[promise.id] ?? [], promise)
            {
                told.insert(promise.planID ?? promise.id)
                notices.append(promise)
            }
        }
        // Told when all are settled: what comes next is known only then.
        for promise in notices { _ = try notify(promise, now, tx) }
    }

    private func sum(_ payments: [Payment], _ promise: PromiseToPay) -> Money {
        payments.filter { $0.reversedOn == nil }.reduce(.zero(promise.amount.currency)) { $0 + $1.amount }
    }
}
