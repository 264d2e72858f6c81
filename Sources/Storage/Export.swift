import Conversations
import DatabaseEngine
import Foundation
import Ledger
import Negotiation
import Quantities

/// What can be written to CSV. All but ``events`` have the form that an import reads.
public enum ExportKind: String, Sendable, CaseIterable {
    case accounts, items, payments
    /// As rows of a history: `import history` takes them.
    case promises
    /// Payments, promises and waivers.
    case history
    case events

    /// The import whose columns, and whose mapping, it shares; events have their own.
    public var form: ImportKind? {
        switch self {
        case .accounts: .accounts
        case .items: .items
        case .payments: .payments
        case .promises, .history: .history
        case .events: nil
        }
    }
}

/// Why nothing could be exported.
public struct ExportFailure: Error, Sendable, CustomStringConvertible {
    public let description: String
}

extension Store {
    /// Writes rows to a file, also while a server uses the database, holding one account at a time. The file appears
    /// when it is complete.
    ///
    /// - Parameters:
    ///   - since: only accounts to which something happened after this event, or events after it.
    ///   - progress: called with the rows written so far.
    /// - Returns: how many rows were written, and the sequence number of the last event that they reflect.
    /// - Throws: ``ExportFailure`` or ``StoreError``.
    public static func export(
        _ kind: ExportKind, from database: String, to path: String, mapping: ImportMapping, since: Int64? = nil,
        progress: (Int) -> Void = { _ in }
    ) throws -> (rows: Int, lastEvent: Int64) {
        try requireFile(database)
        let temporary = path + ".part"
        guard
            FileManager.default.createFile(atPath: temporary, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: temporary)
        else { throw ExportFailure(description: "\(path): cannot be written") }
        do {
            var configuration = DatabaseConfiguration()
            configuration.readonly = true
            let queue = try DatabaseQueue(path: database, configuration: configuration)
            guard try queue.read({ try Schema.migrator.hasCompletedMigrations($0) }) else {
                throw ExportFailure(
                    description:
                        "\(database): written by another version; start this version once to bring it up to date")
            }
            let written = try queue.read { db in
                try Exporter(kind: kind, mapping: mapping, handle: handle).write(db, since: since, progress: progress)
            }
            try handle.close()
            guard rename(temporary, path) == 0 else { throw ExportFailure(description: "\(path): cannot be written") }
            return written
        } catch {
            try? handle.close()
            unlink(temporary)
            if error is ExportFailure { throw error }
            if let error = error as? CSVWriter.Unwritable { throw ExportFailure(description: "\(path): \(error)") }
            throw StoreError.unusable(path: database, reason: "\(error)")
        }
    }
}

/// Streams rows of one kind into a file.
private struct Exporter {
    let kind: ExportKind
    let mapping: ImportMapping
    let handle: FileHandle

    func write(_ db: Database, since: Int64?, progress: (Int) -> Void) throws -> (rows: Int, lastEvent: Int64) {
        var table = CSVWriter(columns: try columns(), mapping: mapping)
        let last = try Int64.fetchOne(db, sql: "SELECT max(seq) FROM events") ?? 0
        try flush(&table, least: 0)
        if kind == .events {
            let rows = try Row.fetchCursor(
                db, sql: "SELECT seq, body FROM events WHERE seq > ? ORDER BY seq", arguments: [since ?? 0])
            while let row = try rows.next() {
                let event: AccountEvent = try JSON.value(row["body"])
                try table.append(EventColumn.cells(row["seq"], event))
                try flush(&table, progress: progress)
            }
        } else {
            let only = since == nil ? "" : "WHERE id IN (SELECT account_id FROM events WHERE seq > ?)"
            let ids = try String.fetchCursor(
                db, sql: "SELECT id FROM accounts \(only) ORDER BY id", arguments: since.map { [$0] } ?? [])
            let turn = SQLiteTurn(db: db)
            while let id = try ids.next() {
                guard let account = try turn.account(id: id) else { continue }
                for row in try rows(of: account, turn) { try table.append(row) }
                try flush(&table, progress: progress)
            }
        }
        try flush(&table, least: 0)
        return (table.rows, last)
    }

    private func columns() throws -> [String] {
        guard let form = kind.form else { return EventColumn.allCases.map(\.rawValue) }
        return form.columns.map(mapping.name)
    }

    private func flush(_ table: inout CSVWriter, least: Int = 1 << 18, progress: (Int) -> Void = { _ in }) throws {
        guard table.buffer.count > least else { return }
        try handle.write(contentsOf: Data(table.buffer))
        table.buffer.removeAll(keepingCapacity: true)
        progress(table.rows)
    }

    private func rows(of account: Account, _ turn: SQLiteTurn) throws -> [[CSVWriter.Cell]] {
        switch kind {
        case .accounts:
            return account.items.isEmpty
                ? [CSVWriter.account(account, item: nil)] : account.items.map { CSVWriter.account(account, item: $0) }
        case .items: return account.items.map { CSVWriter.item($0, of: account) }
        case .payments: return account.payments.map { CSVWriter.payment($0, of: account) }
        case .promises: return try promises(of: account, turn)
        case .history:
            return account.payments.map { CSVWriter.history($0, of: account) } + (try promises(of: account, turn))
                + account.waivers.map { CSVWriter.history($0, of: account) }
        case .events: return []
        }
    }

    private func promises(of account: Account, _ turn: SQLiteTurn) throws -> [[CSVWriter.Cell]] {
        try turn.promises(accountID: account.id).map { promise in
            let state: ImportedPromise.State =
                switch promise.state {
                case .open: .open
                case .kept: .kept
                case .partiallyKept: .partiallyKept
                case .broken: .broken
                case .withdrawn: .withdrawn
                case .superseded: .superseded
                }
            return CSVWriter.history(
                ImportedPromise(
                    id: promise.id, amount: promise.amount, payBy: promise.payBy, createdOn: promise.createdOn,
                    state: state, deadline: promise.deadline, planID: promise.planID, evidence: promise.evidence,
                    record: try JSON.text(promise)), of: account)
        }
    }
}

/// The columns of exported events.
enum EventColumn: String, CaseIterable {
    case seq, at, kind, account, conversation, id, amount, currency, day, data

    static func cells(_ seq: Int64, _ event: AccountEvent) throws -> [CSVWriter.Cell] {
        let (promise, plan, payment, handoff) = (event.promise, event.plan, event.payment, event.handoff)
        func text(_ values: String?...) -> CSVWriter.Cell { .text(values.compactMap { $0 }.first ?? "") }
        let amount = promise?.amount ?? plan?.total ?? payment?.amount
        let currency = promise?.currency ?? plan?.currency ?? payment?.currency
        return [
            .text(String(seq)), .text(event.at.iso(in: .argentina)), .text(event.kind.rawValue), text(event.account),
            text(event.conversation), text(promise?.id, plan?.id, payment?.id, handoff?.id),
            amount.flatMap { Money(plain: $0) }.map { .hundredths($0.cents) } ?? .text(""), text(currency?.rawValue),
            (promise?.pay_by ?? plan?.first_due ?? payment?.day).map { .day($0, .day) } ?? .text(""),
            .text(try JSON.text(event)),
        ]
    }
}
