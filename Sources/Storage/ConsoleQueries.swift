import Conversations
import DatabaseEngine
import Quantities

/// Somebody who is logged in to the console.
public struct ConsoleSession: Sendable {
    public var agent: String
    /// What every form of theirs must carry.
    public var csrf: String
    public var expiresAt: Moment
    public init(agent: String, csrf: String, expiresAt: Moment) {
        self.agent = agent
        self.csrf = csrf
        self.expiresAt = expiresAt
    }
}

extension Store {
    /// - Parameter key: a hash of the cookie; the cookie itself is never on disk.
    public func begin(_ session: ConsoleSession, key: String, now: Moment) async throws {
        try await write { db in
            try db.execute(sql: "DELETE FROM sessions WHERE expires_at < ?", arguments: [now.milliseconds])
            try db.execute(
                sql: "INSERT INTO sessions (key, agent, csrf, expires_at) VALUES (?, ?, ?, ?)",
                arguments: [key, session.agent, session.csrf, session.expiresAt.milliseconds])
        }
    }

    /// Nil where it never was, has ended or has expired.
    public func session(key: String, now: Moment) async throws -> ConsoleSession? {
        try await pool.read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM sessions WHERE key = ? AND expires_at > ?", arguments: [key, now.milliseconds]
            ).map {
                ConsoleSession(
                    agent: $0["agent"], csrf: $0["csrf"], expiresAt: Moment(milliseconds: $0["expires_at"]))
            }
        }
    }

    public func endSession(key: String) async throws {
        try await write { try $0.execute(sql: "DELETE FROM sessions WHERE key = ?", arguments: [key]) }
    }

    /// Agents who are available or paused.
    public func presentAgents() async throws -> [AgentPresence] {
        try await pool.read { db in
            try String.fetchAll(db, sql: "SELECT body FROM presences WHERE state != 'absent' ORDER BY agent").map {
                try JSON.value($0)
            }
        }
    }

    /// Tells the other nodes that an agent is there.
    public func noteSeen(_ agent: String, at now: Moment) async throws {
        try await write { db in
            try db.execute(
                sql: "UPDATE presences SET seen_at = ? WHERE agent = ?", arguments: [now.milliseconds, agent])
        }
    }

    /// When an agent was last seen by any node that said so.
    public func seenByNodes(_ agent: String) async throws -> Moment {
        try await pool.read { db in
            let at = try Int64.fetchOne(db, sql: "SELECT seen_at FROM presences WHERE agent = ?", arguments: [agent])
            return Moment(milliseconds: at ?? 0)
        }
    }

    /// The cases of agents who are absent, by id.
    public func handoffsOfAbsentAgents() async throws -> [String] {
        try await pool.read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT h.id FROM presences p JOIN handoffs h ON h.body ->> 'agent' = p.agent
                    WHERE p.state = 'absent' AND h.state IN ('claimed', 'onHold') ORDER BY h.id
                    """)
        }
    }

    /// With the language of each one's account, where it says one; in no particular order.
    public func waitingHandoffs() async throws -> [(handoff: Handoff, language: String?)] {
        try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT h.body, a.language FROM handoffs h LEFT JOIN accounts a ON a.id = h.body ->> 'accountID'
                    WHERE h.state = 'queued'
                    """
            ).map { (try JSON.value($0[0]), $0[1]) }
        }
    }

    /// The place of the last thing that happened; where ``handoffChanges(after:)`` may begin.
    public func lastChange() async throws -> Int64 {
        try await pool.read { try Int64.fetchOne($0, sql: "SELECT max(id) FROM audit") ?? 0 }
    }

    /// The hand-offs in which something happened after `place`: an order of an agent, a message of the customer.
    /// - Returns: their ids, each once, and the place to go on from.
    public func handoffChanges(after place: Int64) async throws -> (ids: [String], place: Int64) {
        try await pool.read { db in
            let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM audit") ?? 0
            guard last > place else { return ([], place) }
            let ids = try String.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT h.id FROM audit a JOIN handoffs h ON h.conversation_id = a.body ->> 'conversationID'
                    WHERE a.id > ? AND a.id <= ?
                        AND (h.state IN \(Handoff.State.withPeopleSQL) OR a.body ->> 'kind' LIKE 'handoff.%')
                    ORDER BY h.id
                    """, arguments: [place, last])
            return (ids, last)
        }
    }
}
