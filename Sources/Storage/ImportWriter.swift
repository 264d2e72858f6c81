import Conversations
import DatabaseEngine
import Ledger
import Quantities

/// What became of a row.
enum ImportOutcome: Equatable {
    case new, changed, same
    /// It is taken with the other rows of its account.
    case later
    case bad(ImportProblem)
}

/// Writes rows of an import one by one, as they are read, inside its transaction.
///
/// A row that is new is marked with the import, so that one that comes again in the same file is known; those that were
/// there before are noted in ``SeenRows``.
final class ImportWriter {
    private let turn: SQLiteTurn
    private let now: Moment
    private let kind: ImportKind
    /// In the table `imports`.
    private let id: Int64
    private let seen: SeenRows
    private let erased: ErasedPeople?
    private let findAccount: RowStatement
    private let phoneOwner: RowStatement
    private let addHead: RowStatement
    private let items: Table
    private let payments: Table
    private let publish: RowStatement
    private let publishMany: RowStatement
    /// Events that wait to be written together: SQLite brings its counter up to date once for each statement.
    private var events: [RowValue] = []
    private static let batch = 16

    /// Rows with a key of their own under an account.
    private struct Table {
        let add: RowStatement
        let put: RowStatement
        let find: RowStatement

        init(_ db: Database, add: String, put: String, find: String) throws {
            self.add = try RowStatement(db, add)
            self.put = try RowStatement(db, put)
            self.find = try RowStatement(db, find)
        }
    }

    /// The account of the row before, as far as items and payments need to know it.
    private struct Known {
        var id: String
        var currency: Currency
        var hasPromises: Bool
    }
    private var known: Known?
    /// The account row before, to which the next one may belong.
    private var accountRow: Account?

    init(db: Database, job: ImportJob, now: Moment, seen: SeenRows, erased: ErasedPeople?) throws {
        (turn, kind, self.now, self.seen, self.erased) = (SQLiteTurn(db: db), job.kind, now, seen, erased)
        try db.execute(
            sql: "INSERT INTO imports (at, kind, file) VALUES (?, ?, ?)",
            arguments: [now.milliseconds, job.kind.rawValue, job.name])
        id = db.lastInsertedRowID
        findAccount = try RowStatement(
            db,
            """
            SELECT currency, EXISTS (SELECT 1 FROM promises WHERE account_id = accounts.id) FROM accounts WHERE id = ?
            """)
        phoneOwner = try RowStatement(db, "SELECT id FROM accounts WHERE phone = ? AND id <> ? LIMIT 1")
        addHead = try RowStatement(db, AccountRows.addHead)
        items = try Table(db, add: AccountRows.addItem, put: AccountRows.putItem, find: AccountRows.selectItem)
        payments = try Table(
            db, add: AccountRows.addPayment, put: AccountRows.putPayment, find: AccountRows.selectPayment)
        publish = try RowStatement(db, SQLiteTurn.insertEvents(1))
        publishMany = try RowStatement(db, SQLiteTurn.insertEvents(Self.batch))
    }

    func take(_ row: ImportedRow, reader: inout ImportReader) throws -> ImportOutcome {
        if case .account(let account) = row.content {
            return try take(erased?.applied(to: account) ?? account, &reader)
        }
        guard let known = try find(row.accountID) else {
            return .bad(reader.problem(.account, expected: "an account that was imported"))
        }
        if let currency = row.currency, currency != known.currency {
            return .bad(
                reader.problem(.currency, expected: "\(known.currency.rawValue), the currency of account \(known.id)"))
        }
        switch row.in(known.currency).content {
        case .item(let item): return try put(item, of: known.id, known.currency, &reader)
        case .payment(let payment) where kind == .payments && !known.hasPromises:
            return try take(payment, known, &reader)
        default: return .later
        }
    }

    private func find(_ id: String) throws -> Known? {
        if known?.id != id {
            known = try findAccount.first(.text(id)) {
                Known(id: id, currency: Currency(rawValue: $0.text(0)) ?? .ars, hasPromises: $0.flag(1))
            }
        }
        return known
    }

    /// What a table has under a key, and whether this file had it already; nil where it has nothing.
    private func stored<Value>(
        _ key: String, of account: String, in table: Table, import column: CInt, _ read: (RowColumns) -> Value
    ) throws -> (before: Value, isRepeated: Bool)? {
        let found = try table.find.first(.text(account), .text(key)) { (read($0), $0.optionalInteger(column) == id) }
        return try found.map { (before: $0, isRepeated: try $1 || !seen.add(key, of: account)) }
    }

    private func put(
        _ item: Item, of account: String, _ currency: Currency, _ reader: inout ImportReader
    ) throws -> ImportOutcome {
        let values = AccountRows.values(item, account, import: id)
        if try items.add.run(values) == 1 { return .new }
        let stored = try self.stored(item.id, of: account, in: items, import: 7) { AccountRows.item($0, currency) }
        if stored?.isRepeated == true { return .bad(reader.repeated(.item)) }
        if stored?.before == item { return .same }
        try items.put.run(values)
        return .changed
    }

    /// An account without promises: there is nothing to judge, and nobody to thank.
    private func take(_ payment: Payment, _ account: Known, _ reader: inout ImportReader) throws -> ImportOutcome {
        if let item = payment.chosenItem, !(try turn.hasItem(item, account: account.id)) {
            return .bad(reader.problem(.chosenItem, expected: "an item of account \(account.id)"))
        }
        let values = AccountRows.values(payment, account.id, import: id)
        var before: Payment?
        if try payments.add.run(values) == 0 {
            let stored = try self.stored(payment.id, of: account.id, in: payments, import: 5) {
                AccountRows.payment($0, account.currency)
            }
            if stored?.isRepeated == true { return .bad(reader.repeated(.payment)) }
            before = stored?.before
            if before == payment { return .same }
            try payments.put.run(values)
        }
        for kind in AccountEvent.news(of: payment, was: before) {
            events += [
                .integer(now.milliseconds), .text(account.id), .text(account.id), .text(kind.rawValue),
                .text(try JSON.text(kind, payment, account: account.id, at: now)),
            ]
            if events.count == Self.batch * 5 {
                try publishMany.run(events)
                events.removeAll(keepingCapacity: true)
            }
        }
        return before == nil ? .new : .changed
    }

    /// Writes the events that wait.
    func end() throws {
        for start in stride(from: 0, to: events.count, by: 5) { try publish.run(Array(events[start..<start + 5])) }
        events = []
    }

    /// The first row brings the account up to date; the others must say the same, and each may bring an item.
    private func take(_ row: Account, _ reader: inout ImportReader) throws -> ImportOutcome {
        func contradicted(_ column: ImportColumn) -> ImportOutcome {
            .bad(reader.problem(column, expected: "the same as in the other rows of account \(row.id)"))
        }
        if let first = accountRow, first.id == row.id {
            if let column = first.contradiction(of: row) { return contradicted(column) }
            return try row.items.first.map { try put($0, of: row.id, row.currency, &reader) } ?? .same
        }
        guard let (before, origin) = try turn.headAndImport(id: row.id) else {
            if let problem = try phoneProblem(row, &reader) { return .bad(problem) }
            accountRow = row
            try addHead.run(AccountRows.values(row, import: id))
            if let item = row.items.first { _ = try put(item, of: row.id, row.currency, &reader) }
            return .new
        }
        var head = before
        head.update(from: row) { reader.has($0) }
        head.items = []
        let isKnownInFile = try origin == id || !seen.add("", of: row.id)
        if isKnownInFile, let column = before.contradiction(of: head) { return contradicted(column) }
        if head.currency != before.currency, try turn.hasItemsOrPayments(row.id) {
            return .bad(
                reader.problem(
                    .currency, expected: "\(before.currency.rawValue), in which account \(row.id) has items or payments"
                ))
        }
        if head.phone != before.phone, let problem = try phoneProblem(row, &reader) { return .bad(problem) }
        accountRow = row
        if head != before { try turn.save(head: head) }
        let item = try row.items.first.map { try put($0, of: row.id, row.currency, &reader) } ?? .same
        return item == .same && head != before ? .changed : item
    }

    private func phoneProblem(_ row: Account, _ reader: inout ImportReader) throws -> ImportProblem? {
        // Of who was erased.
        if row.phone.isEmpty { return nil }
        let other = try phoneOwner.first(.text(row.phone), .text(row.id)) { $0.text(0) }
        return other.map { reader.problem(.phone, expected: "a phone of its own; account \($0) has this one") }
    }
}

extension SQLiteTurn {
    fileprivate func hasItemsOrPayments(_ account: String) throws -> Bool {
        try ["items", "payments"].contains {
            try RowStatement(db, "SELECT 1 FROM \($0) WHERE account_id = ? LIMIT 1").first(.text(account)) { _ in }
                != nil
        }
    }

    func hasItem(_ id: String, account: String) throws -> Bool {
        try RowStatement(db, "SELECT 1 FROM items WHERE account_id = ? AND id = ?")
            .first(.text(account), .text(id)) { _ in } != nil
    }
}

extension ImportReader {
    mutating func repeated(_ column: ImportColumn) -> ImportProblem {
        problem(column, expected: "one that the file does not have yet")
    }
}

/// The keys of known rows that a file has had so far, as numbers of 64 bits, in a temporary table.
final class SeenRows {
    private let insert: RowStatement
    private let find: RowStatement

    init(_ staging: Database) throws {
        try staging.execute(sql: "CREATE TABLE seen (hash INTEGER PRIMARY KEY, account TEXT, key TEXT)")
        insert = try RowStatement(staging, "INSERT OR IGNORE INTO seen VALUES (?, ?, ?)")
        find = try RowStatement(staging, "SELECT account = ? AND key = ? FROM seen WHERE hash = ?")
    }

    /// - Returns: whether it is the first time.
    func add(_ key: String, of account: String) throws -> Bool {
        var hash = Int64(bitPattern: stableHash(key, after: stableHash(account)))
        while try insert.run(.integer(hash), .text(account), .text(key)) == 0 {
            // Two keys may have the same number; then the second takes the next one.
            if try find.first(.text(account), .text(key), .integer(hash), read: { $0.flag(0) }) == true { return false }
            hash &+= 1
        }
        return true
    }
}
