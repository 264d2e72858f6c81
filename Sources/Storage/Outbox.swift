import Conversations
import GRDB
import Quantities

/// A message to send, with how often it was tried.
public struct OutboxEntry: Sendable {
    public let message: OutboxMessage
    /// Attempts that failed.
    public let attempts: Int
}

extension Store {
    /// The oldest pending message of each conversation, where it is due. A message of the bot from before the
    /// conversation changed hands is marked `superseded` and never sent (I7).
    /// - Parameter taken: conversations to leave out: a message of theirs is on its way.
    public func dueOutbox(now: Moment, limit: Int, besides taken: Set<String> = []) async throws -> [OutboxEntry] {
        while true {
            let heads = try await heads(now: now, limit: limit, besides: taken)
            let stale = heads.filter { $0.stale }.map(\.entry.message.id)
            if stale.isEmpty { return heads.map(\.entry) }
            try await write { db in
                for id in stale {
                    try db.execute(
                        sql: "UPDATE outbox SET state = 'superseded' WHERE id = ? AND state = 'pending'",
                        arguments: [id])
                }
            }
        }
    }

    /// Walks the pending rows in order and stops at `limit`; one that is stale need not be due.
    private func heads(
        now: Moment, limit: Int, besides taken: Set<String>
    ) async throws -> [(entry: OutboxEntry, stale: Bool)] {
        try await pool.read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: Self.headsQuery), arguments: [now.milliseconds, limit + taken.count])
            return try rows.filter { !taken.contains($0["conversation_id"]) }.prefix(limit).map { row in
                let entry = OutboxEntry(message: try JSON.value(row["body"]), attempts: row["attempts"])
                return (entry, entry.message.author == .bot && entry.message.epoch < row["epoch"])
            }
        }
    }

    static let headsQuery = """
        SELECT o.conversation_id, o.body, o.attempts, c.epoch FROM outbox o JOIN conversations c ON c.id = o.conversation_id
        WHERE o.state = 'pending'
            AND NOT EXISTS (
                SELECT 1 FROM outbox e
                WHERE e.state = 'pending' AND e.conversation_id = o.conversation_id AND e.seq < o.seq)
            AND (o.next_attempt_at <= ?
                OR (json_extract(o.body, '$.epoch') < c.epoch AND json_extract(o.body, '$.author.bot') IS NOT NULL))
        ORDER BY o.seq LIMIT ?
        """

    public func markSent(_ id: String, gatewayMessageID: String?, now: Moment) async throws {
        try await write { db in
            try db.execute(
                sql: "UPDATE outbox SET state = 'sent', gateway_message_id = ?, error = NULL WHERE id = ?",
                arguments: [gatewayMessageID, id])
        }
    }

    public func markFailed(_ id: String, retryAt: Moment, reason: String) async throws {
        try await write { db in
            try db.execute(
                sql: "UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ?, error = ? WHERE id = ?",
                arguments: [retryAt.milliseconds, reason, id])
        }
    }

    /// Given up, and kept for an operator to see: later messages of the conversation go on, and a campaign tries its next
    /// channel.
    public func markDead(_ id: String, reason: String, now: Moment, processor: TurnProcessor) async throws {
        try await write { db in
            let body = try String.fetchOne(
                db, sql: "UPDATE outbox SET state = 'dead', error = ? WHERE id = ? RETURNING body",
                arguments: [reason, id])
            guard let body else { return }
            try Self.insertDeadLetter(db, source: "outbox", reason: reason, body: body, at: now)
            try processor.deliveryFailed(try JSON.value(body), reason: reason, now: now, tx: SQLiteTurn(db: db))
        }
    }

    /// A gateway's report on a message it took; it never goes backwards: sent, delivered, read.
    /// One that failed on the way makes a campaign try its next channel.
    public func recordStatus(
        _ gatewayMessageID: String, _ state: String, error: String?, at: Moment, processor: TurnProcessor
    ) async throws {
        let order = ["sent", "delivered", "read"]
        let earlier: [String]
        if state == "failed" {
            earlier = ["sent"]
        } else if let rank = order.firstIndex(of: state) {
            earlier = Array(order.prefix(rank))
        } else {
            return
        }
        guard !earlier.isEmpty else { return }
        try await write { db in
            let marks = earlier.map { _ in "?" }.joined(separator: ", ")
            let body = try String.fetchOne(
                db,
                sql:
                    "UPDATE outbox SET state = ?, error = coalesce(?, error) WHERE gateway_message_id = ? AND state IN (\(marks)) RETURNING body",
                arguments: StatementArguments([state, error, gatewayMessageID] + earlier))
            if state == "failed", let body {
                try processor.deliveryFailed(
                    try JSON.value(body), reason: error ?? "no se entregó", now: at, tx: SQLiteTurn(db: db))
            }
        }
    }
}
