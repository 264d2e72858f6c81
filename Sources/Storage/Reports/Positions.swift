import Conversations
import DatabaseEngine
import Ledger
import Quantities

/// Each account's place in the portfolio: its unpaid principal and since when, by the ledger.
enum Positions {
    /// From so many accounts on, those that nobody paid to are placed by one statement: a first import has a million.
    static let bulk = 64

    /// Looks again at every account that changed in this transaction.
    static func refresh(_ db: Database) throws {
        let waiting = try RowStatement(
            db, "SELECT count(*) FROM (SELECT 1 FROM stale_positions LIMIT \(bulk)) AS few"
        ).first { $0.integer(0) }
        guard let waiting, waiting > 0 else { return }
        if waiting == bulk { try refreshUnpaid(db) }
        while true {
            let ids = try RowStatement(db, "SELECT account_id FROM stale_positions ORDER BY account_id LIMIT 1000")
                .all { $0.text(0) }
            guard let last = ids.last else { return }
            for id in ids { try refresh(id, db) }
            try RowStatement(db, "DELETE FROM stale_positions WHERE account_id <= ?").run(.text(last))
        }
    }

    private static func refresh(_ id: String, _ db: Database) throws {
        let account = try SQLiteTurn(db: db).account(id: id)
        guard let account, let due = account.openPrincipal.oldestDue else {
            try RowStatement(db, "DELETE FROM positions WHERE account_id = ?").run(.text(id))
            return
        }
        try RowStatement(
            db,
            """
            INSERT INTO positions VALUES (
                ?1, ?2, ?3, (SELECT count(*) FROM promises WHERE account_id = ?1 AND state IN ('broken', 'partiallyKept')),
                ?4, ?5)
            \(update)
            """
        ).run(
            .text(id), .text(account.currency.rawValue), .text(account.segment), .day(due),
            .integer(account.openPrincipal.cents))
    }

    private static let update = """
        ON CONFLICT (account_id) DO UPDATE SET currency = excluded.currency, segment = excluded.segment, broken = excluded.broken,
            due = excluded.due, cents = excluded.cents
        """

    /// Accounts with items and without payments or waivers: all that was billed is open.
    private static func refreshUnpaid(_ db: Database) throws {
        let unpaid = """
            a.waivers IS NULL AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.account_id = a.id)
            """
        try db.execute(
            sql: """
                INSERT INTO positions
                    SELECT a.id, a.currency, a.segment,
                        (SELECT count(*) FROM promises
                            WHERE account_id = a.id AND state IN ('broken', 'partiallyKept')),
                        min(i.due), sum(i.cents)
                    FROM stale_positions s JOIN accounts a ON a.id = s.account_id JOIN items i ON i.account_id = a.id
                    WHERE \(unpaid) AND i.cents > 0 GROUP BY a.id
                    \(update);
                DELETE FROM stale_positions WHERE account_id IN (
                    SELECT a.id FROM stale_positions s JOIN accounts a ON a.id = s.account_id
                    WHERE \(unpaid) AND EXISTS (SELECT 1 FROM items i WHERE i.account_id = a.id AND i.cents > 0));
                """)
    }
}
