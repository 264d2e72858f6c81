import Conversations
import DatabaseEngine
import Quantities

/// An event with its place in the order of all.
public struct LoggedEvent: Sendable {
    public let seq: Int64
    public let event: AccountEvent
}

/// An event on its way to a target.
public struct EventDelivery: Sendable {
    public let logged: LoggedEvent
    /// Attempts that failed.
    public let attempts: Int
    public var lane: String { logged.event.lane }
}

/// How far a target of events is.
public struct EventTargetStatus: Codable, Sendable {
    public struct Failing: Codable, Sendable {
        public var seq: Int64
        public var account: String?
        public var kind: String
        /// `pending` is tried again; `dead` was given up, and is only sent by a replay.
        public var state: String
        public var attempts: Int
        public var next_attempt_at: Int64
        public var error: String?
    }
    public var name: String
    /// Every event up to this one is delivered, but for those that wait or were given up.
    public var taken_up_to: Int64
    public var last_seq: Int64
    public var waiting: Int
    public var dead: Int
    /// Those that failed at least once, oldest first, at most a hundred.
    public var failing: [Failing]
}

/// The log of events, and what each target still has to get of it.
///
/// A target has a mark, up to which events were taken up; each that was taken up has a row until it is delivered. Nothing
/// of a target is written in a turn, so that targets may come and go.
extension Store {
    /// Events that may wait for one target at once: of a target that is down the rest stays in the log.
    static let mostWaiting = 5_000

    /// Events after `seq`, in order.
    public func events(after seq: Int64, limit: Int) async throws -> [LoggedEvent] {
        try await pool.read { db in
            try Row.fetchAll(
                db, sql: "SELECT seq, body FROM events WHERE seq > ? ORDER BY seq LIMIT ?", arguments: [seq, limit]
            ).map { LoggedEvent(seq: $0["seq"], event: try JSON.value($0["body"])) }
        }
    }

    /// The sequence number of the latest event; 0 where there is none.
    public func lastEvent() async throws -> Int64 {
        try await pool.read { try Int64.fetchOne($0, sql: "SELECT max(seq) FROM events") ?? 0 }
    }

    /// Gives a target the events that came since its mark. A new target begins with the first event.
    public func takeUpEvents(for target: String) async throws {
        let due = try await pool.read { db in
            let mark = try Int64.fetchOne(db, sql: Self.mark, arguments: [target]) ?? 0
            return try Int64.fetchOne(db, sql: "SELECT max(seq) FROM events") ?? 0 > mark
        }
        guard due else { return }
        try await write { db in
            let waiting = try Int.fetchOne(db, sql: Self.waiting, arguments: [target]) ?? 0
            guard waiting < Self.mostWaiting else { return }
            let mark = try Int64.fetchOne(db, sql: Self.mark, arguments: [target]) ?? 0
            try db.execute(
                sql: """
                    INSERT INTO event_deliveries (target, seq, lane)
                    SELECT ?, seq, lane FROM events WHERE seq > ? ORDER BY seq LIMIT ?
                    """, arguments: [target, mark, Self.mostWaiting - waiting])
            try db.execute(
                sql: """
                    INSERT INTO event_targets (name, seq)
                    SELECT ?, max(?, coalesce(max(seq), 0))
                        FROM (SELECT seq FROM events WHERE seq > ? ORDER BY seq LIMIT ?) AS taken WHERE true
                    ON CONFLICT (name) DO UPDATE SET seq = excluded.seq
                    """, arguments: [target, mark, mark, Self.mostWaiting - waiting])
        }
    }

    private static let mark = "SELECT seq FROM event_targets WHERE name = ?"
    private static let waiting = "SELECT count(*) FROM event_deliveries WHERE target = ? AND state = 'pending'"

    /// The oldest event that waits in each lane, where it is due.
    /// - Parameter taken: lanes to leave out: an event of theirs is on its way.
    public func dueEvents(
        for target: String, now: Moment, limit: Int, besides taken: Set<String> = []
    ) async throws -> [EventDelivery] {
        try await pool.read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: Self.dueEvents), arguments: [target, now.milliseconds, limit + taken.count])
            return try rows.filter { !taken.contains($0["lane"]) }.prefix(limit).map { row in
                EventDelivery(
                    logged: LoggedEvent(seq: row["seq"], event: try JSON.value(row["body"])), attempts: row["attempts"])
            }
        }
    }

    static let dueEvents = """
        SELECT d.seq, d.lane, d.attempts, e.body FROM event_deliveries d JOIN events e ON e.seq = d.seq
        WHERE d.target = ?1 AND d.state = 'pending'
            -- Put off at a moment that has not come yet: the clock was set back.
            AND (d.next_attempt_at <= ?2 OR d.put_off_at > ?2)
            AND NOT EXISTS (
                SELECT 1 FROM event_deliveries f
                WHERE f.target = d.target AND f.state = 'pending' AND f.lane = d.lane AND f.seq < d.seq)
        ORDER BY d.seq LIMIT ?3
        """

    public func markDelivered(_ seq: Int64, to target: String) async throws {
        try await write { db in
            try db.execute(
                sql: "DELETE FROM event_deliveries WHERE target = ? AND seq = ? AND state = 'pending'",
                arguments: [target, seq])
        }
    }

    public func markEventFailed(
        _ seq: Int64, to target: String, retryAt: Moment, reason: String, now: Moment
    ) async throws {
        try await write { db in
            try db.execute(
                sql: """
                    UPDATE event_deliveries SET attempts = attempts + 1, next_attempt_at = ?, put_off_at = ?, error = ?
                    WHERE target = ? AND seq = ? AND state = 'pending'
                    """, arguments: [retryAt.milliseconds, now.milliseconds, reason, target, seq])
        }
    }

    /// Gives an event up: an operator sees it, and the later ones of its account go on.
    public func markEventDead(_ delivery: EventDelivery, to target: String, reason: String, now: Moment) async throws {
        let body = try JSON.text(delivery.logged.event)
        try await write { db in
            try db.execute(
                sql: """
                    UPDATE event_deliveries SET state = 'dead', attempts = attempts + 1, error = ?
                    WHERE target = ? AND seq = ? AND state = 'pending'
                    """, arguments: [reason, target, delivery.logged.seq])
            guard db.changesCount == 1 else { return }
            try Self.insertDeadLetter(
                db, source: "event \(delivery.logged.seq) to \(target)", reason: reason, body: body, at: now)
        }
    }

    /// Sends everything from `seq` on again, in order, what was given up included.
    /// - Parameter targets: those to send to.
    public func replayEvents(from seq: Int64, to targets: [String]) async throws {
        try await write { db in
            for target in targets {
                try db.execute(
                    sql: "DELETE FROM event_deliveries WHERE target = ? AND seq >= ?", arguments: [target, seq])
                try db.execute(
                    sql: "UPDATE event_targets SET seq = min(seq, ?) WHERE name = ?",
                    arguments: [max(0, seq - 1), target])
            }
        }
    }

    /// Every target that events were ever taken up for, and those named.
    public func eventTargets(_ names: [String] = []) async throws -> [EventTargetStatus] {
        try await pool.read { db in
            let last = try Int64.fetchOne(db, sql: "SELECT max(seq) FROM events") ?? 0
            let known = try String.fetchAll(db, sql: "SELECT name FROM event_targets ORDER BY name")
            return try Set(names + known).sorted().map { name in
                func count(_ state: String) throws -> Int {
                    try Int.fetchOne(
                        db, sql: "SELECT count(*) FROM event_deliveries WHERE target = ? AND state = ?",
                        arguments: [name, state]) ?? 0
                }
                let failing = try Row.fetchAll(
                    db,
                    sql: """
                        SELECT d.*, e.account_id, e.kind FROM event_deliveries d JOIN events e ON e.seq = d.seq
                        WHERE d.target = ? AND d.attempts > 0 ORDER BY d.seq LIMIT 100
                        """, arguments: [name])
                return EventTargetStatus(
                    name: name, taken_up_to: try Int64.fetchOne(db, sql: Self.mark, arguments: [name]) ?? 0,
                    last_seq: last, waiting: try count("pending"), dead: try count("dead"),
                    failing: failing.map {
                        EventTargetStatus.Failing(
                            seq: $0["seq"], account: $0["account_id"], kind: $0["kind"], state: $0["state"],
                            attempts: $0["attempts"], next_attempt_at: $0["next_attempt_at"], error: $0["error"])
                    })
            }
        }
    }
}
