import Conversations
import Crypto
import DatabaseEngine
import Ledger
import Quantities

/// One part of a pass of retention: how its rows are found, a batch at a time beside the writer, and how they go.
struct RetentionPass {
    /// A row's key: a number, or texts.
    enum Place: Hashable, Sendable {
        case number(Int64)
        case texts([String])
        static let start = Place.number(-1)

        fileprivate var number: Int64 { if case .number(let value) = self { value } else { -1 } }
        fileprivate var texts: [String] { if case .texts(let values) = self { values } else { ["", "", ""] } }
    }

    let part: RetentionReport.Part
    let terms: RetentionTerms
    let now: Moment

    /// People take more rows each.
    var batch: Int { part == .people || part == .strangers ? 50 : 500 }

    private var cutoff: Moment {
        let days =
            switch part {
            case .messages, .turns, .accountVersions, .deadLetters: terms.raw
            case .talk, .sent, .strangers: terms.talk
            case .people: terms.closed
            case .audit: terms.audit
            }
        return now.adding(seconds: -Int64(days) * 86_400)
    }

    // MARK: Finding

    /// The next rows that are due, in the order of their keys.
    func due(_ db: Database, after last: Place, limit: Int) throws -> [Place] {
        let before = cutoff.milliseconds
        func numbers(_ sql: String) throws -> [Place] {
            try Int64.fetchAll(db, sql: sql, arguments: ["last": last.number, "before": before, "limit": limit]).map {
                .number($0)
            }
        }
        switch part {
        case .messages:
            let texts = last.texts
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT channel, gateway_account, message_id FROM inbox
                    WHERE (channel, gateway_account, message_id) > (?, ?, ?) AND received_at < ?
                    ORDER BY channel, gateway_account, message_id LIMIT ?
                    """, arguments: [texts[0], texts[1], texts[2], before, limit]
            ).map { .texts([$0[0], $0[1], $0[2]]) }
        case .turns:
            return try numbers(
                """
                SELECT seq FROM journal WHERE seq > :last AND at < :before
                    AND (message_id <> '' OR input IS NOT NULL OR account_version IS NOT NULL)
                ORDER BY seq LIMIT :limit
                """)
        case .accountVersions:
            // Older than any that a turn which can be lived again began with.
            return try numbers(
                """
                SELECT id FROM account_versions WHERE id > :last AND CAST(:before AS INTEGER) IS NOT NULL
                    AND id < (SELECT coalesce(min(account_version), 9223372036854775807) FROM journal)
                ORDER BY id LIMIT :limit
                """)
        case .deadLetters:
            return try numbers("SELECT id FROM dead_letters WHERE id > :last AND at < :before ORDER BY id LIMIT :limit")
        case .talk:
            return try numbers(
                """
                SELECT id FROM transcript WHERE id > :last AND CAST(body ->> 'at' AS INTEGER) < :before
                ORDER BY id LIMIT :limit
                """)
        case .sent:
            return try numbers(
                """
                SELECT seq FROM outbox WHERE seq > :last AND state NOT IN ('pending', 'call')
                    AND CAST(body ->> 'createdAt' AS INTEGER) < :before ORDER BY seq LIMIT :limit
                """)
        case .strangers:
            return try numbers(
                """
                SELECT rowid FROM conversations c WHERE rowid > :last AND account_id IS NULL
                    AND coalesce(CAST(body ->> 'lastHeardAt' AS INTEGER), 0) < :before AND NOT EXISTS (
                        SELECT 1 FROM handoffs h WHERE h.conversation_id = c.id AND h.state IN \(Handoff.State.openSQL))
                    AND NOT EXISTS (SELECT 1 FROM person_requests r WHERE r.conversation_id = c.id)
                ORDER BY rowid LIMIT :limit
                """)
        case .people:
            let last = if case .texts(let values) = last { values[0] } else { "" }
            return try String.fetchAll(
                db,
                sql: """
                    SELECT id FROM accounts a WHERE id > :last AND \(Self.isClosed("a")) AND NOT EXISTS (
                        SELECT 1 FROM accounts b WHERE b.document = a.document AND a.document <> '' AND b.id <> a.id
                            AND NOT (\(Self.isClosed("b"))))
                    ORDER BY id LIMIT :limit
                    """,
                arguments: [
                    "last": last, "before": before, "day": cutoff.day(in: .argentina).number, "limit": limit,
                ]
            ).map { .texts([$0]) }
        case .audit:
            // Rows that the dashboards count name nobody.
            return try numbers(
                """
                SELECT id FROM audit WHERE id > :last AND at < :before AND salt IS NOT NULL
                    AND body ->> 'kind' NOT IN ('turn', '\(ErasedRows.kind)')
                    AND body ->> 'kind' NOT IN \(ReportSchema.countedEvents)
                ORDER BY id LIMIT :limit
                """)
        }
    }

    /// Whether an account owes nothing and nothing happened to it since `:before`, the day `:day`. One to which nothing
    /// ever happened stays: nothing says how old it is.
    private static func isClosed(_ account: String) -> String {
        """
        NOT EXISTS (SELECT 1 FROM positions p WHERE p.account_id = \(account).id)
        AND EXISTS (SELECT 1 FROM items i WHERE i.account_id = \(account).id)
        AND NOT EXISTS (SELECT 1 FROM items i WHERE i.account_id = \(account).id AND i.due >= :day)
        AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.account_id = \(account).id AND p.day >= :day)
        AND NOT EXISTS (SELECT 1 FROM promises p WHERE p.account_id = \(account).id AND p.state = 'open')
        AND NOT EXISTS (SELECT 1 FROM contacts t WHERE t.account_id = \(account).id AND t.at >= :before)
        AND NOT EXISTS (
            SELECT 1 FROM conversations c WHERE c.account_id = \(account).id
                AND coalesce(CAST(c.body ->> 'lastHeardAt' AS INTEGER), 0) >= :before)
        AND NOT EXISTS (
            SELECT 1 FROM handoffs h WHERE h.body ->> 'accountID' = \(account).id
                AND h.state IN \(Handoff.State.openSQL))
        AND NOT EXISTS (
            SELECT 1 FROM person_requests r WHERE r.account_id = \(account).id AND r.state IN \(PersonRequest.State.openSQL))
        """
    }

    // MARK: People

    /// By what the people of a batch are found, together.
    private func keys(_ batch: [Place], _ db: Database) throws -> PersonKeys {
        if part == .people {
            return try PersonKeys(accounts: batch.map { $0.texts[0] }, db)
        }
        let ids = try batch.compactMap {
            try String.fetchOne(db, sql: "SELECT id FROM conversations WHERE rowid = ?", arguments: [$0.number])
        }
        return try PersonKeys(conversations: ids, db)
    }

    /// Where the rows of the batch's people are; nil where it is not about people.
    func scattered(_ batch: [Place], _ db: Database) throws -> ScatteredRows? {
        guard part == .people || part == .strangers, !batch.isEmpty else { return nil }
        return try ScatteredRows(try keys(batch, db), db)
    }

    // MARK: Taking away

    /// - Parameter highestTurn: the journal's last row when the batch was looked for.
    /// - Returns: how many rows or people went.
    func take(
        _ batch: [Place], _ rows: ScatteredRows?, key: SymmetricKey?, highestTurn: Int64, _ db: Database
    ) throws -> Int {
        let numbers = SQL.list(batch.map(\.number))
        func run(_ sql: String) throws -> Int {
            try db.execute(sql: sql)
            return db.changesCount
        }
        switch part {
        case .messages:
            let statement = try db.cachedStatement(
                sql: "DELETE FROM inbox WHERE channel = ? AND gateway_account = ? AND message_id = ?")
            for place in batch {
                let texts = place.texts
                try statement.execute(arguments: [texts[0], texts[1], texts[2]])
            }
            return batch.count
        case .turns:
            // That there was a message of the customer stays: the dashboards count talks by it.
            return try run(
                """
                UPDATE journal SET message_id = CASE WHEN message_id IS NULL THEN NULL ELSE '' END, input = NULL,
                    account_version = NULL WHERE seq IN \(numbers)
                """)
        case .accountVersions:
            return try run(
                """
                DELETE FROM account_versions WHERE id IN \(numbers) AND id NOT IN (
                    SELECT account_version FROM journal WHERE seq > \(highestTurn) AND account_version IS NOT NULL)
                """)
        case .deadLetters: return try run("DELETE FROM dead_letters WHERE id IN \(numbers)")
        case .talk: return try run("DELETE FROM transcript WHERE id IN \(numbers)")
        case .sent:
            try KeptSums(db: db).keep {
                try $0.note("messages", "source IN \(numbers)")
            } while: {
                _ = try run(
                    "DELETE FROM outbox_parts WHERE outbox_id IN (SELECT id FROM outbox WHERE seq IN \(numbers))")
                _ = try run("DELETE FROM outbox WHERE seq IN \(numbers)")
            }
            return batch.count
        case .strangers, .people:
            guard var rows, let key else { return 0 }
            let keys = try keys(batch, db)
            do {
                try rows.bringUpToDate(keys, db)
            } catch PersonRequestRefusal.wroteMeanwhile {
                // Somebody is there again: the next night looks anew.
                return 0
            }
            _ = try Eraser(db: db, keys: keys, rows: rows, key: key, now: now, memory: .optOuts)
                .erase(order: ["retention"])
            return batch.count
        case .audit:
            try Eraser.emptyAudit(batch.map(\.number), order: ["retention"], now, db)
            return batch.count
        }
    }
}
