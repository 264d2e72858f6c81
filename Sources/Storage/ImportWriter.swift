import Conversations
import GRDB
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
    private let findAccount: RowStatement
    private let phoneOwner: RowStatement
    private let addHead: RowStatement
    private let items: Table
    private let payments: Table
    private let publish: RowStatement

    /// Rows with a key of their own under an account.
    private struct Table {
        let add: RowStatement
        let put: RowStatement
        /// The import that brought a row.
        let origin: RowStatement

        init(_ db: Database, _ name: String, add: String, put: String) throws {
            self.add = try RowStatement(db, add)
            self.put = try RowStatement(db, put)
            origin = try RowStatement(db, "SELECT import FROM \(name) WHERE account_id = ? AND id = ?")
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

    init(db: Database, job: ImportJob, now: Moment, seen: SeenRows) throws {
        (turn, kind, self.now, self.seen) = (SQLiteTurn(db: db), job.kind, now, seen)
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
        items = try Table(db, "items", add: AccountRows.addItem, put: AccountRows.putItem)
        payments = try Table(db, "payments", add: AccountRows.addPayment, put: AccountRows.putPayment)
        publish = try RowStatement(db, SQLiteTurn.insertEvent)
    }

    func take(_ row: ImportedRow, reader: inout ImportReader) throws -> ImportOutcome {
        if case .account(let account) = row.content { return try take(account, &reader) }
        guard let known = try find(row.accountID) else {
            return .bad(reader.problem(.account, expected: "an account that was imported"))
        }
        if let currency = row.currency, currency != known.currency {
            return .bad(
                reader.problem(.currency, expected: "\(known.currency.rawValue), the currency of account \(known.id)"))
        }
        switch row.in(known.currency).content {
        case .item(let item): return try put(item, of: known.id, &reader)
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

    /// Whether the file had a row that was there before this one of it was read.
    private func isRepeated(_ key: String, of account: String, _ origin: RowStatement) throws -> Bool {
        if try origin.first(.text(account), .text(key), read: { $0.optionalInteger(0) }) == id { return true }
        return try !seen.add(key, of: account)
    }

    private func put(_ item: Item, of account: String, _ reader: inout ImportReader) throws -> ImportOutcome {
        let values = AccountRows.values(item, account)
        if try items.add.run(values + [.integer(id)]) == 1 { return .new }
        if try isRepeated(item.id, of: account, items.origin) { return .bad(reader.repeated(.item)) }
        return try items.put.run(values) == 1 ? .changed : .same
    }

    /// An account without promises: there is nothing to judge, and nobody to thank.
    private func take(_ payment: Payment, _ account: Known, _ reader: inout ImportReader) throws -> ImportOutcome {
        if let item = payment.chosenItem, !(try turn.hasItem(item, account: account.id)) {
            return .bad(reader.problem(.chosenItem, expected: "an item of account \(account.id)"))
        }
        let values = AccountRows.values(payment, account.id)
        var before: Payment?
        if try payments.add.run(values + [.integer(id)]) == 0 {
            if try isRepeated(payment.id, of: account.id, payments.origin) { return .bad(reader.repeated(.payment)) }
            before = try turn.payment(payment.id, account: account.id, in: account.currency)
            if before == payment { return .same }
            try payments.put.run(values)
        }
        for kind in AccountEvent.news(of: payment, was: before) {
            try publish.run(
                .integer(now.milliseconds), .text(account.id), .text(account.id), .text(kind.rawValue),
                .text(try JSON.text(kind, payment, account: account.id, at: now)))
        }
        return before == nil ? .new : .changed
    }

    /// The first row brings the account up to date; the others must say the same, and each may bring an item.
    private func take(_ row: Account, _ reader: inout ImportReader) throws -> ImportOutcome {
        func contradicted(_ column: ImportColumn) -> ImportOutcome {
            .bad(reader.problem(column, expected: "the same as in the other rows of account \(row.id)"))
        }
        if let first = accountRow, first.id == row.id {
            if let column = first.contradiction(of: row) { return contradicted(column) }
            return try row.items.first.map { try put($0, of: row.id, &reader) } ?? .same
        }
        guard let (before, origin) = try turn.headAndImport(id: row.id) else {
            if let problem = try phoneProblem(row, &reader) { return .bad(problem) }
            accountRow = row
            try addHead.run(AccountRows.values(row) + [.integer(id)])
            if let item = row.items.first { _ = try put(item, of: row.id, &reader) }
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
        let item = try row.items.first.map { try put($0, of: row.id, &reader) } ?? .same
        return item == .same && head != before ? .changed : item
    }

    private func phoneProblem(_ row: Account, _ reader: inout ImportReader) throws -> ImportProblem? {
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
