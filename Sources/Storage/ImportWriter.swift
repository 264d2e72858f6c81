import Conversations
import GRDB
import Ledger
import Negotiation
import Quantities

/// Writes the rows of an import, one account after the other, inside its transaction.
final class ImportWriter {
    enum Outcome {
        case new, changed, same
        case bad(ImportProblem)
    }

    private let turn: SQLiteTurn
    private let job: ImportJob
    private let processor: TurnProcessor?
    private let now: Moment

    private var account: Account?
    private var accountRow: Account?
    private var accountChanged = false
    private var payments: [Payment] = []
    private var promises: [PromiseToPay] = []
    private var waivers: [Waiver] = []
    private var highestID = 0

    init(turn: SQLiteTurn, job: ImportJob, processor: TurnProcessor?, now: Moment) {
        (self.turn, self.job, self.processor, self.now) = (turn, job, processor, now)
    }

    /// Begins with the rows of an account.
    /// - Returns: the account as it is stored.
    func begin(_ id: String) throws -> Account? {
        (accountRow, accountChanged, payments, promises, waivers) = (nil, false, [], [], [])
        account = try turn.account(id: id)
        return account
    }

    func take(_ row: ImportedRow, known: Account?, reader: inout ImportReader) throws -> Outcome {
        if case .account(let account) = row.content { return try take(account, known: known, reader: &reader) }
        guard let account else { return .bad(reader.problem(.account, expected: "an account that was imported")) }
        if let currency = row.currency, currency != account.currency {
            return .bad(
                reader.problem(
                    .currency, expected: "\(account.currency.rawValue), the currency of account \(account.id)"))
        }
        switch row.in(account.currency).content {
        case .account: return .same
        case .item(let item): return put(item)
        case .payment(let payment): return take(payment, account, &reader)
        case .promise(let promise): return try take(promise, account, &reader)
        case .waiver(let waiver):
            let before = account.waivers.first { $0.id == waiver.id }
            if before == waiver { return .same }
            waivers.append(waiver)
            return before == nil ? .new : .changed
        }
    }

    private func put(_ item: Item) -> Outcome {
        let before = account?.items.first { $0.id == item.id }
        if before == item { return .same }
        account?.put(item)
        accountChanged = true
        return before == nil ? .new : .changed
    }

    /// The first row brings the account up to date; the others must say the same, and each may bring an item.
    private func take(_ row: Account, known: Account?, reader: inout ImportReader) throws -> Outcome {
        if let first = accountRow {
            if let column = first.contradiction(of: row) {
                return .bad(reader.problem(column, expected: "the same as in the other rows of account \(row.id)"))
            }
            return row.items.first.map { put($0) } ?? .same
        }
        guard let known else {
            if let problem = try phoneProblem(row, &reader) { return .bad(problem) }
            (account, accountRow, accountChanged) = (row, row, true)
            return .new
        }
        var updated = known
        updated.update(from: row) { reader.has($0) }
        if updated.currency != known.currency, !(known.items.isEmpty && known.payments.isEmpty) {
            return .bad(
                reader.problem(
                    .currency, expected: "\(known.currency.rawValue), in which account \(row.id) has items or payments")
            )
        }
        if updated.phone != known.phone, let problem = try phoneProblem(row, &reader) { return .bad(problem) }
        (account, accountRow) = (updated, row)
        accountChanged = updated != known
        let isNewItem = row.items.contains { item in !known.items.contains { $0.id == item.id } }
        return isNewItem ? .new : accountChanged ? .changed : .same
    }

    private func phoneProblem(_ row: Account, _ reader: inout ImportReader) throws -> ImportProblem? {
        let other = try String.fetchOne(
            turn.db.cachedStatement(sql: "SELECT id FROM accounts WHERE phone = ? AND id <> ? LIMIT 1"),
            arguments: [row.phone, row.id])
        return other.map { reader.problem(.phone, expected: "a phone of its own; account \($0) has this one") }
    }

    private func take(_ payment: Payment, _ account: Account, _ reader: inout ImportReader) -> Outcome {
        if let item = payment.chosenItem, !account.items.contains(where: { $0.id == item }) {
            return .bad(reader.problem(.chosenItem, expected: "an item of account \(account.id)"))
        }
        let before = account.payments.first { $0.id == payment.id }
        if before == payment { return .same }
        payments.append(payment)
        return before == nil ? .new : .changed
    }

    private func take(_ row: ImportedPromise, _ account: Account, _ reader: inout ImportReader) throws -> Outcome {
        guard let processor else { return .same }
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
        guard let account else { return }
        if accountChanged { try turn.save(account) }
        guard let processor else { return }
        if job.kind == .history {
            if promises.isEmpty, waivers.isEmpty, payments.isEmpty { return }
            try processor.importHistory(
                promises: promises, waivers: waivers, payments: payments, accountID: account.id, now: now, tx: turn)
        } else if !payments.isEmpty {
            try processor.importPayments(payments, accountID: account.id, now: now, tx: turn)
        }
    }

    /// Ids that Promesa gives out later must not be those of promises that were imported.
    func finish() throws {
        guard highestID > 0 else { return }
        try turn.db.execute(sql: "UPDATE sequence SET value = max(value, ?)", arguments: [highestID])
    }
}
