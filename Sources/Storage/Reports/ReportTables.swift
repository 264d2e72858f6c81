import Conversations
import DatabaseEngine
import Ledger
import Quantities

/// The dashboards' tables as a whole: filled from the base tables, and compared with them.
enum ReportTables {
    /// Forgets what the tables say and works it out again.
    static func rebuild(_ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM talks; INSERT INTO talks \(ReportSchema.trueTalks);
                DELETE FROM steps; INSERT INTO steps \(ReportSchema.trueSteps);
                UPDATE contacts SET answered_at = t.at FROM (\(ReportSchema.trueAnswers)) t WHERE contacts.rowid = t.contact;
                DELETE FROM rollup;
                INSERT INTO rollup \(ReportSchema.trueRollup);
                DELETE FROM positions; DELETE FROM portfolio;
                INSERT OR IGNORE INTO stale_positions SELECT id FROM accounts;
                """)
        try Positions.refresh(db)
    }

    /// Where the tables differ from what the base tables say, in words; nothing where all is well.
    static func differences(_ db: Database) throws -> [String] {
        var found: [String] = []
        func compare(_ name: String, _ kept: String, _ truth: String) throws {
            for (what, sql) in [
                ("missing or wrong", "\(truth) EXCEPT \(kept)"), ("too much", "\(kept) EXCEPT \(truth)"),
            ] {
                let rows = try Row.fetchAll(db, sql: "SELECT * FROM (\(sql)) AS d LIMIT 20")
                found += rows.map {
                    "\(name), \(what): \($0.databaseValues.map(\.description).joined(separator: " | "))"
                }
            }
        }
        try compare("talks", "SELECT * FROM talks", ReportSchema.trueTalks)
        try compare("steps", "SELECT * FROM steps", ReportSchema.trueStepsWithWindows)
        try compare(
            "answers", "SELECT rowid, answered_at FROM contacts WHERE answered_at IS NOT NULL", ReportSchema.trueAnswers
        )
        let changed = "n <> 0 OR cents <> 0"
        try compare(
            "rollup", "SELECT \(ReportSchema.columns) FROM rollup WHERE \(changed)", ReportSchema.trueRollup)
        try compare(
            "portfolio", "SELECT currency, segment, broken, due, n, cents FROM portfolio WHERE \(changed)",
            ReportSchema.truePortfolio)
        found += try positions(db)
        return found
    }

    private static func positions(_ db: Database) throws -> [String] {
        var found: [String] = []
        let turn = SQLiteTurn(db: db)
        let ids = try String.fetchCursor(
            db, sql: "SELECT id FROM accounts UNION SELECT account_id FROM positions ORDER BY 1")
        while let id = try ids.next(), found.count < 20 {
            let account = try turn.account(id: id)
            let broken = try turn.promises(accountID: id).count { $0.state == .broken || $0.state == .partiallyKept }
            let open = account?.openPrincipal
            let truth = open?.oldestDue.map { [$0.number, Int(open?.cents ?? 0), broken].map(String.init) } ?? []
            let kept =
                try Row.fetchOne(
                    db, sql: "SELECT due, cents, broken FROM positions WHERE account_id = ?", arguments: [id]
                ).map { [$0["due"], $0["cents"], $0["broken"]].map { (value: Int) in String(value) } } ?? []
            if truth != kept {
                found.append("position of \(id): is \(kept), by the ledger \(truth) (due day, cents, broken promises)")
            }
        }
        return found
    }
}

extension Store {
    /// Compares the dashboards' tables with what they are made of, also while a server uses the database.
    /// - Returns: the differences, in words; nothing where all is well.
    /// - Throws: ``StoreError``.
    public static func reportDifferences(in path: String) throws -> [String] {
        try reading(path) { try ReportTables.differences($0) }
    }
}
