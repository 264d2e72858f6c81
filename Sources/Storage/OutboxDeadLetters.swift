import Conversations
import DatabaseEngine
import Quantities

/// A message of the outbox that was given up, as an operator sees it.
public struct DeadMessage: Codable, Sendable {
    public var id: String
    public var channel: String
    /// The last four characters of the address.
    public var to: String
    public var account: String?
    public var created_at: String
    public var attempts: Int
    public var reason: String
    public var text: String
}

/// What an operator does with a message that was given up.
public enum DeadMessageOrder: String, Sendable {
    /// It is sent again, as if it were new.
    case retry
    /// It is never sent.
    case discard
}

extension Store {
    /// Oldest first.
    public func deadMessages(limit: Int) async throws -> [DeadMessage] {
        try await pool.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT o.body, o.attempts, o.error, c.account_id FROM outbox o
                        JOIN conversations c ON c.id = o.conversation_id
                    WHERE o.state = 'dead' ORDER BY o.seq LIMIT ?
                    """, arguments: [limit])
            return try rows.map { row in
                let message: OutboxMessage = try JSON.value(row["body"])
                return DeadMessage(
                    id: message.id, channel: message.contact.channel, to: "…" + message.contact.address.suffix(4),
                    account: row["account_id"], created_at: message.createdAt.iso(in: .argentina),
                    attempts: row["attempts"], reason: row["error"] ?? "", text: message.message.text)
            }
        }
    }

    /// Carries out an order on dead messages, and writes it to the audit log. Messages that are not dead stay as they are.
    /// - Parameter ids: nil for all that are dead.
    /// - Returns: the ids of those that it was carried out on.
    public func order(_ order: DeadMessageOrder, _ ids: [String]?, by: String, now: Moment) async throws -> [String] {
        try await write { db in
            let chosen =
                try ids ?? String.fetchAll(db, sql: "SELECT id FROM outbox WHERE state = 'dead' ORDER BY seq")
            var done: [String] = []
            for id in chosen {
                switch order {
                case .retry:
                    try db.execute(
                        sql: """
                            UPDATE outbox SET state = 'pending', attempts = 0, next_attempt_at = ?, since = ?, error = NULL
                            WHERE id = ? AND state = 'dead'
                            """, arguments: [now.milliseconds, now.milliseconds, id])
                case .discard:
                    try db.execute(
                        sql: "UPDATE outbox SET state = 'discarded' WHERE id = ? AND state = 'dead'", arguments: [id])
                }
                guard db.changesCount == 1 else { continue }
                try db.execute(
                    sql: """
                        DELETE FROM dead_letters
                        WHERE CASE WHEN source = 'outbox' THEN json_extract(body, '$.id') END = ?
                        """,
                    arguments: [id])
                let conversation = try String.fetchOne(
                    db, sql: "SELECT conversation_id FROM outbox WHERE id = ?", arguments: [id])
                try SQLiteTurn(db: db).append(
                    AuditEvent(
                        at: now, conversationID: conversation, accountID: nil, kind: "outbox.\(order.rawValue)",
                        detail: [id, by]))
                done.append(id)
            }
            return done
        }
    }
}
