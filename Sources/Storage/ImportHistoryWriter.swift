import Conversations
import DatabaseEngine
import Ledger
import Negotiation
import Quantities

/// Writes what has to be seen together: the payments, promises and waivers of one account after the other.
final class ImportHistoryWriter {
    private let turn: SQLiteTurn
    private let kind: ImportKind
    private let processor: TurnProcessor?
    private let now: Moment

    private var account: Account?
    private var payments: [Payment] = []
    private var promises: [PromiseToPay] = []
    private var waivers: [Waiver] = []
    private var highestID = 0

    init(db: Database, kind: ImportKind, processor: TurnProcessor?, now: Moment) {
        (turn, self.kind, self.processor, self.now) = (SQLiteTurn(db: db), kind, processor, now)
    }

    /// Begins with the rows of an account that is known.
    func begin(_ id: String) throws {
        (payments, promises, waivers) = ([], [], [])
        account = try turn.account(id: id)
    }

    func take(_ row: ImportedRow, reader: inout ImportReader) throws -> ImportOutcome {
        guard let account, let processor else { return .same }
        switch row.in(account.currency).content {
        case .account, .item: return .same
        case .payment(let payment): return take(payment, account, &reader)
        case .promise(let promise): return try take(promise, account, processor, &reader)
        case .waiver(let waiver):
            let before = account.waivers.first { $0.id == waiver.id }
            if before == waiver { return .same }
            waivers.append(waiver)
            return before == nil ? .new : .changed
        }
    }

    private func take(_ payment: Payment, _ account: Account, _ reader: inout ImportReader) -> ImportOutcome {
        if let item = payment.chosenItem, !account.items.contains(where: { $0.id == item }) {
            return .bad(reader.problem(.chosenItem, expected: "an item of account \(account.id)"))
        }
        let before = account.payments.first { $0.id == payment.id }
        if before == payment { return .same }
        payments.append(payment)
        return before == nil ? .new : .changed
    }

    private func take(
        _ row: ImportedPromise, _ account: Account, _ processor: TurnProcessor, _ reader: inout ImportReader
    ) throws -> ImportOutcome {
        var record: PromiseToPay?
        if let text = row.record {
            record = try? JSON.value(text)
            if record == nil {
                return .bad(reader.problem(.record, expected: "a promise as `export promises` writes it"))
            }
        }
        let promise = processor.promise(row, accountID: account.id, record: record)
        let before = try turn.promise(id: promise.id)
        if before == promise { return .same }
        if let before, before.accountID != account.id {
            return .bad(reader.problem(.id, expected: "an id of its own; account \(before.accountID) has this one"))
        }
        promises.append(promise)
        for id in [promise.id, promise.planID ?? ""] where id.hasPrefix("p") {
            highestID = max(highestID, Int(id.dropFirst()) ?? 0)
        }
        return before == nil ? .new : .changed
    }

    /// Writes what the account's rows changed.
    func end() throws {
        guard let account, let processor, !(promises.isEmpty && waivers.isEmpty && payments.isEmpty) else { return }
        if kind == .history {
            try processor.importHistory(
                promises: promises, waivers: waivers, payments: payments, accountID: account.id, now: now, tx: turn)
        } else {
            try processor.importPayments(payments, accountID: account.id, now: now, tx: turn)
        }
    }

    /// Ids that Promesa gives out later must not be those of promises that were imported.
    func finish() throws {
        guard highestID > 0 else { return }
        try turn.db.execute(sql: "UPDATE sequence SET value = max(value, ?)", arguments: [highestID])
    }
}
