import Ledger
import Negotiation
import Quantities

/// What the ERP tells of accounts: payments as they come in, and what happened before.
extension TurnProcessor {
    /// Payments from the ERP for one account, already checked. Known ids are replaced (a reversal is the same payment
    /// with its day); every promise is judged again from the ledger, and who kept one is thanked where conduct allows it.
    ///
    /// - Parameter quietly: the payments are old news: nobody is told of them, nor thanked.
    public func importPayments(
        _ payments: [Payment], accountID: String, quietly: Bool = false, now: Moment, tx: any TurnTransaction
    ) throws {
        try closeWindows(accountID: accountID, now, tx)
        guard var account = try tx.account(id: accountID) else { return }
        let promises = try tx.promises(accountID: accountID)
        if !promises.isEmpty {
            try tx.record(
                RecordedTurn(
                    at: now, conversationID: nil, accountID: accountID, .payments(payments, quietly: quietly)))
        }
        let earlier = account.payments
        for payment in payments {
            let index = account.payments.firstIndex { $0.id == payment.id }
            if !quietly {
                try publish(payment, was: index.map { account.payments[$0] }, accountID: accountID, now, tx)
            }
            if let index { account.payments[index] = payment } else { account.payments.append(payment) }
        }
        try tx.save(account)
        let plans = standings(of: promises, earlier, now)
        let before = allocate(earlier, to: promises)
        let shares = allocate(account.payments, to: promises)
        var notices: [PromiseToPay] = []
        var told = quietly ? [] : try welcomeBack(plans, account, now, tx)
        for var promise in promises.sorted(by: { ($0.payBy, $0.id) < ($1.payBy, $1.id) }) {
            let paid = shares[promise.id] ?? []
            let action = try settle(&promise, .payments, paid, nil, now, tx)
            // One word of thanks for a plan, however many instalments were paid at once.
            if action == .kept {
                if told.insert(promise.planID ?? promise.id).inserted { notices.append(promise) }
            } else if !quietly, promise.planID == nil, promise.isMadeGood(by: paid, terms: world.policy.judging),
                !promise.isMadeGood(by: before[promise.id] ?? [], terms: world.policy.judging)
            {
                notices.append(promise)
            } else if told.isEmpty, promise.state == .open, sum(paid, promise) > sum(before[promise.id] ?? [], promise)
            {
                told.insert(promise.planID ?? promise.id)
                notices.append(promise)
            }
        }
        // Told when all are settled: what comes next is known only then.
        if !quietly { for promise in notices { _ = try notify(promise, now, tx) } }
        try publishPlans(accountID: accountID, now, tx)
    }

    private func sum(_ payments: [Payment], _ promise: PromiseToPay) -> Money {
        payments.filter { $0.reversedOn == nil }.reduce(.zero(promise.amount.currency)) { $0 + $1.amount }
    }

    /// What happened to an account before Promesa knew it, already checked: the bot says nothing about it.
    ///
    /// Promises keep the state that they are told with, whatever the payments on record say; an open one is reminded of
    /// and judged like any other. Waivers with a known id are replaced.
    public func importHistory(
        promises: [PromiseToPay], waivers: [Waiver], payments: [Payment], accountID: String, now: Moment,
        tx: any TurnTransaction
    ) throws {
        for promise in promises {
            try tx.save(promise)
            if promise.state == .open { try setTimers(of: promise, now.day(in: world.zone), tx) }
        }
        if !waivers.isEmpty, var account = try tx.account(id: accountID) {
            for waiver in waivers {
                account.waivers.removeAll { $0.id == waiver.id }
                account.waivers.append(waiver)
            }
            try tx.save(account)
        }
        if !payments.isEmpty { try importPayments(payments, accountID: accountID, quietly: true, now: now, tx: tx) }
    }

    /// The promise that a file tells of.
    /// - Parameter record: the same promise as it was exported, where the file has it.
    public func promise(_ row: ImportedPromise, accountID: String, record: PromiseToPay?) -> PromiseToPay {
        let deadline =
            row.deadline ?? record?.deadline
            ?? world.policy.judging.deadline(payBy: row.payBy, calendar: world.calendar)
        let offer = Offer(
            id: "historia", kind: .partial, total: row.amount, discount: .zero(row.amount.currency),
            instalments: [Instalment(number: 1, amount: row.amount, dueDay: row.payBy)], pricedOn: row.createdOn,
            validUntil: row.createdOn, policyVersion: "historia")
        var promise =
            record
            ?? PromiseToPay(
                id: row.id, accountID: accountID, amount: row.amount, payBy: row.payBy, createdOn: row.createdOn,
                offer: offer, evidence: row.evidence, deadline: deadline, planID: row.planID)
        promise.id = row.id
        promise.accountID = accountID
        promise.amount = row.amount
        promise.payBy = row.payBy
        promise.createdOn = row.createdOn
        promise.deadline = deadline
        promise.planID = row.planID
        // An id with a space in it is whole only in the record.
        if promise.evidence.joined(separator: " ") != row.evidence.joined(separator: " ") {
            promise.evidence = row.evidence
        }
        promise.state =
            switch row.state {
            case .open: .open
            case .kept: .kept
            case .partiallyKept: .partiallyKept
            case .broken: .broken
            case .withdrawn: .withdrawn
            case .superseded: .superseded
            }
        if record == nil, promise.state != .open {
            promise.closure = PromiseToPay.Closure(on: min(deadline, row.payBy), by: "historia", successor: nil)
        }
        return promise
    }
}
