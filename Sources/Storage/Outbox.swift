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
    public func dueOutbox(now: Moment, limit: Int) async throws -> [OutboxEntry] {
        let stale = try await pool.read { db in
            try String.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT o.id FROM outbox o JOIN conversations c ON c.id = o.conversation_id
                        WHERE o.state = 'pending' AND json_extract(o.body, '$.author.bot') IS NOT NULL
                            AND json_extract(o.body, '$.epoch') < c.epoch
                        """))
        }
        if !stale.isEmpty {
            try await write { db in
                for id in stale {
                    try db.execute(sql: "UPDATE outbox SET state = 'superseded' WHERE id = ? AND state = 'pending'", arguments: [id])
                }
            }
        }
        return try await pool.read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT body, attempts FROM outbox
                        WHERE state = 'pending' AND next_attempt_at <= ? AND seq IN (
                            SELECT min(seq) FROM outbox WHERE state = 'pending' GROUP BY conversation_id)
                        ORDER BY seq LIMIT ?
                        """),
                arguments: [now.milliseconds, limit]
            ).map { OutboxEntry(message: try JSON.value($0["body"]), attempts: $0["attempts"]) }
        }
    }

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

    /// Given up: later messages of the conversation go on.
    public func markDead(_ id: String, reason: String, now: Moment) async throws {
        try await write { db in
            try db.execute(sql: "UPDATE outbox SET state = 'dead', error = ? WHERE id = ?", arguments: [reason, id])
        }
    }

    /// A gateway's report on a message it took; it never goes backwards: sent, delivered, read.
    public func recordStatus(_ gatewayMessageID: String, _ state: String, error: String?, at: Moment) async throws {
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
            try db.execute(
                sql: "UPDATE outbox SET state = ?, error = coalesce(?, error) WHERE gateway_message_id = ? AND state IN (\(marks))",
                arguments: StatementArguments([state, error, gatewayMessageID] + earlier))
        }
    }
}
