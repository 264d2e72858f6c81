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
final class ImportWriter {
    private let turn: SQLiteTurn
    private let now: Moment
    private let findAccount: RowStatement
    private let addItem: RowStatement
    private let putItem: RowStatement
    private let addPayment: RowStatement
    private let putPayment: RowStatement
    private let publish: RowStatement

    /// The account of the row before, as far as items and payments need to know it.
    private struct Known {
        var id: String
        var currency: Currency
        var hasPromises: Bool
    }
    private var known: Known?
    /// The account row before, to which the next one may belong.
    private var accountRow: Account?

    init(db: Database, now: Moment) throws {
        (turn, self.now) = (SQLiteTurn(db: db), now)
        findAccount = try RowStatement(
            db,
            """
            SELECT currency, EXISTS (SELECT 1 FROM promises WHERE account_id = accounts.id) FROM accounts WHERE id = ?
            """)
        addItem = try RowStatement(db, AccountRows.addItem)
        putItem = try RowStatement(db, AccountRows.putItem)
        addPayment = try RowStatement(db, AccountRows.addPayment)
        putPayment = try RowStatement(db, AccountRows.putPayment)
        publish = try RowStatement(db, SQLiteTurn.insertEvent)
    }

    /// - Parameter isKnownInFile: whether the file had the account before, but not in the row before.
    func take(
        _ row: ImportedRow, isKnownInFile: Bool, kind: ImportKind, reader: inout ImportReader
    ) throws -> ImportOutcome {
        if case .account(let account) = row.content {
            return try take(account, isKnownInFile: isKnownInFile, &reader)
        }
        guard let known = try find(row.accountID) else {
            return .bad(reader.problem(.account, expected: "an account that was imported"))
        }
        if let currency = row.currency, currency != known.currency {
            return .bad(
                reader.problem(.currency, expected: "\(known.currency.rawValue), the currency of account \(known.id)"))
        }
        switch row.in(known.currency).content {
        case .item(let item): return try put(item, of: known.id)
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

    private func put(_ item: Item, of account: String) throws -> ImportOutcome {
        let values = AccountRows.values(item, account)
        if try addItem.run(values) == 1 { return .new }
        return try putItem.run(values) == 1 ? .changed : .same
    }

    /// An account without promises: there is nothing to judge, and nobody to thank.
    private func take(_ payment: Payment, _ account: Known, _ reader: inout ImportReader) throws -> ImportOutcome {
        if let item = payment.chosenItem, !(try turn.hasItem(item, account: account.id)) {
            return .bad(reader.problem(.chosenItem, expected: "an item of account \(account.id)"))
        }
        let values = AccountRows.values(payment, account.id)
        var before: Payment?
        if try addPayment.run(values) == 0 {
            before = try turn.payment(payment.id, account: account.id, in: account.currency)
            if before == payment { return .same }
            try putPayment.run(values)
        }
        for event in AccountEvent.news(of: payment, was: before, accountID: account.id, at: now) {
            try publish.run(SQLiteTurn.values(event))
        }
        return before == nil ? .new : .changed
    }

    /// The first row brings the account up to date; the others must say the same, and each may bring an item.
    private func take(_ row: Account, isKnownInFile: Bool, _ reader: inout ImportReader) throws -> ImportOutcome {
        func contradicted(_ column: ImportColumn) -> ImportOutcome {
            .bad(reader.problem(column, expected: "the same as in the other rows of account \(row.id)"))
        }
        if let first = accountRow, first.id == row.id {
            if let column = first.contradiction(of: row) { return contradicted(column) }
            return try row.items.first.map { try put($0, of: row.id) } ?? .same
        }
        guard let before = try turn.head(id: row.id) else {
            if let problem = try phoneProblem(row, &reader) { return .bad(problem) }
            accountRow = row
            try turn.save(row)
            return .new
        }
        var head = before
        head.update(from: row) { reader.has($0) }
        head.items = []
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
        let item = try row.items.first.map { try put($0, of: row.id) } ?? .same
        return item == .same && head != before ? .changed : item
    }

    private func phoneProblem(_ row: Account, _ reader: inout ImportReader) throws -> ImportProblem? {
        let other = try RowStatement(turn.db, "SELECT id FROM accounts WHERE phone = ? AND id <> ? LIMIT 1")
            .first(.text(row.phone), .text(row.id)) { $0.text(0) }
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
