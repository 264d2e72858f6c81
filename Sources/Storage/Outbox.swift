import Conversations
import DatabaseEngine
import Ledger
import Quantities

/// A message to send, with how often it was tried.
public struct OutboxEntry: Sendable {
    public let message: OutboxMessage
    /// Attempts that failed.
    public let attempts: Int
    /// Parts of it that the gateway took already, with its id of the last of them.
    public let parts: Int
    public let lastPartID: String?
    /// When it could leave first.
    public let since: Moment
    /// When the customer last wrote; nil where that is not known.
    public let lastHeardAt: Moment?
}

/// What may leave of one conversation at a moment.
private struct Head {
    let conversationID: String
    private let now: Moment
    /// Its next message, where it is due.
    private(set) var entry: OutboxEntry?
    /// Messages of the bot before it, from before the conversation changed hands (I7).
    private(set) var stale: [String] = []
    /// Before that moment nothing of it is due; nil where nothing waits.
    private(set) var due: Moment?

    private static let waiting = """
        SELECT o.seq, o.body, o.attempts, o.next_attempt_at, o.put_off_at, o.since, c.epoch,
            json_extract(c.body, '$.lastHeardAt') AS heard
        FROM outbox o JOIN conversations c ON c.id = o.conversation_id
        WHERE o.state = 'pending' AND o.conversation_id = ? AND o.seq > ? ORDER BY o.seq LIMIT 1
        """

    init(_ db: Database, _ conversationID: String, now: Moment) throws {
        (self.conversationID, self.now) = (conversationID, now)
        var seen: Int64 = 0
        while let row = try Row.fetchOne(db.cachedStatement(sql: Self.waiting), arguments: [conversationID, seen]) {
            seen = row["seq"]
            let message: OutboxMessage = try JSON.value(row["body"])
            if message.author == .bot, message.epoch < row["epoch"] {
                stale.append(message.id)
                continue
            }
            let next = Moment(milliseconds: row["next_attempt_at"])
            // Put off at a moment that has not come yet: the clock was set back.
            if next <= now || Moment(milliseconds: row["put_off_at"]) > now {
                entry = try OutboxEntry(message, row, db)
                return
            }
            due = min(due ?? next, next)
            // What is put off to a permitted hour holds up no answer.
            guard let since = row["since"] as Int64?, Moment(milliseconds: since) > now else { return }
        }
    }

    /// Notes what was found, so that the conversation is looked at again when there is something to send.
    func note(_ db: Database) throws {
        for id in stale { try Store.withdraw(id, db) }
        guard entry == nil else { return }
        if let due {
            try db.execute(
                sql: "UPDATE outbox_heads SET due = ?, looked = ? WHERE conversation_id = ?",
                arguments: [due.milliseconds, now.milliseconds, conversationID])
        } else {
            try db.execute(sql: "DELETE FROM outbox_heads WHERE conversation_id = ?", arguments: [conversationID])
        }
    }
}

extension OutboxEntry {
    fileprivate init(_ message: OutboxMessage, _ row: Row, _ db: Database) throws {
        let last = try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT part, gateway_message_id FROM outbox_parts WHERE outbox_id = ? ORDER BY part DESC"),
            arguments: [message.id])
        self.init(
            message: message, attempts: row["attempts"], parts: (last?["part"] ?? -1) + 1,
            lastPartID: last?["gateway_message_id"],
            since: (row["since"] as Int64?).map(Moment.init(milliseconds:)) ?? message.createdAt,
            lastHeardAt: (row["heard"] as Int64?).map(Moment.init(milliseconds:)))
    }
}

extension Store {
    /// The oldest pending message of each conversation, where it is due. A message of the bot from before the
    /// conversation changed hands is marked `superseded` and never sent (I7).
    /// - Parameters:
    ///   - taken: conversations to leave out: a message of theirs is on its way.
    ///   - paused: channels to leave out: their gateway takes nothing now.
    public func dueOutbox(now: Moment, limit: Int, besides taken: Set<String> = [], paused: Set<String> = [])
        async throws -> [OutboxEntry]
    {
        try await lookAgainIfSetBack(now)
        while true {
            let heads = try await heads(now: now, limit: limit, besides: taken, paused: paused)
            let others = heads.filter { $0.entry == nil || !$0.stale.isEmpty }.map(\.conversationID)
            if others.isEmpty { return heads.compactMap(\.entry) }
            // Looked at once more: something may have been written since.
            try await write { db in for id in others { try Head(db, id, now: now).note(db) } }
        }
    }

    /// Where the clock shows an earlier moment than when heads were looked at, what was noted of them says nothing.
    private func lookAgainIfSetBack(_ now: Moment) async throws {
        var last = outboxLooked.withLock { $0 }
        if last == nil {
            let looked = try await pool.read { try Int64.fetchOne($0, sql: "SELECT max(looked) FROM outbox_heads") }
            last = looked.map(Moment.init(milliseconds:))
        }
        if let last, now < last {
            try await write { try $0.execute(sql: "UPDATE outbox_heads SET due = 0 WHERE due > 0") }
        }
        outboxLooked.withLock { $0 = now }
    }

    private func heads(
        now: Moment, limit: Int, besides taken: Set<String>, paused: Set<String>
    ) async throws -> [Head] {
        let paused = " " + paused.sorted().joined(separator: " ") + " "
        return try await pool.read { db in
            // What failed before comes in its old turn, not behind all that is new.
            let changed = 0...Int64(0)
            let awaited = 1...max(1, now.milliseconds)
            let rows = try [changed, awaited].flatMap { due in
                try Row.fetchAll(
                    db.cachedStatement(sql: Self.headsQuery),
                    arguments: [due.lowerBound, due.upperBound, paused, limit + taken.count])
            }
            return try rows.map { (id: $0["conversation_id"] as String, seq: $0["seq"] as Int64) }
                .filter { !taken.contains($0.id) }.sorted { $0.seq < $1.seq }.prefix(limit)
                .map { try Head(db, $0.id, now: now) }
        }
    }

    static let headsQuery = """
        SELECT conversation_id, seq FROM outbox_heads
        WHERE due BETWEEN ?1 AND ?2 AND instr(?3, ' ' || channel || ' ') = 0 ORDER BY due, seq LIMIT ?4
        """

    /// The gateway took one part of several: it is not sent again, whatever happens.
    public func markPart(_ id: String, _ part: Int, gatewayMessageID: String?) async throws {
        try await write { try Self.insertPart($0, id, part, gatewayMessageID) }
    }

    private static func insertPart(_ db: Database, _ id: String, _ part: Int, _ gatewayMessageID: String?) throws {
        try db.execute(
            sql: "INSERT OR IGNORE INTO outbox_parts (outbox_id, part, gateway_message_id) VALUES (?, ?, ?)",
            arguments: [id, part, gatewayMessageID])
    }

    /// The gateway took all of it. A report that came before we knew its id is noted now.
    public func markSent(_ id: String, gatewayMessageID: String?, now: Moment, processor: TurnProcessor) async throws {
        try await write { db in
            try db.execute(
                sql: "UPDATE outbox SET state = 'sent', gateway_message_id = ?, error = NULL WHERE id = ?",
                arguments: [gatewayMessageID, id])
            guard let gatewayMessageID,
                let early = try Row.fetchOne(
                    db, sql: "DELETE FROM early_statuses WHERE gateway_message_id = ? RETURNING state, error, opts_out",
                    arguments: [gatewayMessageID])
            else { return }
            try Self.note(
                db, gatewayMessageID, early["state"], early["error"], optsOut: early["opts_out"], now, processor)
        }
    }

    /// Puts a message off because its contact takes no more now.
    public func hold(_ id: String, until moment: Moment, now: Moment) async throws {
        try await write { db in
            try db.execute(
                sql: "UPDATE outbox SET next_attempt_at = ?, put_off_at = ? WHERE id = ?",
                arguments: [moment.milliseconds, now.milliseconds, id])
        }
    }

    public func markFailed(_ id: String, retryAt: Moment, reason: String, now: Moment) async throws {
        try await write { db in
            try db.execute(
                sql: """
                    UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ?, put_off_at = ?, error = ? WHERE id = ?
                    """,
                arguments: [retryAt.milliseconds, now.milliseconds, reason, id])
        }
    }

    /// Given up, and kept for an operator to see: later messages of the conversation go on, and a campaign tries its next
    /// channel.
    /// - Parameter optsOut: the gateway says that the person wants no more messages.
    public func markDead(
        _ id: String, reason: String, optsOut: Bool = false, now: Moment, processor: TurnProcessor
    ) async throws {
        try await write { db in
            let body = try String.fetchOne(
                db, sql: "UPDATE outbox SET state = 'dead', error = ? WHERE id = ? RETURNING body",
                arguments: [reason, id])
            guard let body else { return }
            try Self.insertDeadLetter(db, source: "outbox", reason: reason, body: body, at: now)
            try processor.deliveryFailed(
                try JSON.value(body), reason: reason, optsOut: optsOut, now: now, tx: SQLiteTurn(db: db))
        }
    }

    /// A gateway's report on a message it took; it never goes backwards: sent, delivered, read. One that failed on the way
    /// makes a campaign try its next channel. A report that is earlier than our own note of the message is kept for it.
    /// - Parameters:
    ///   - optsOut: it failed because the person wants no more messages.
    ///   - tracked: our own id and part, where the gateway gives them back: a message whose acceptance we never
    ///     heard of is known to have arrived, and is not sent again.
    public func recordStatus(
        _ gatewayMessageID: String, _ state: String, error: String?, optsOut: Bool = false,
        tracked: (messageID: String, part: Int)? = nil, at: Moment, processor: TurnProcessor
    ) async throws {
        guard ["sent", "delivered", "read", "failed"].contains(state) else { return }
        try await write { db in
            if try Self.note(db, gatewayMessageID, state, error, optsOut: optsOut, at, processor) { return }
            if let tracked, state != "failed",
                try Bool.fetchOne(
                    db, sql: "SELECT 1 FROM outbox WHERE id = ? AND state = 'pending'", arguments: [tracked.messageID])
                    == true
            {
                try Self.insertPart(db, tracked.messageID, tracked.part, gatewayMessageID)
            }
            try Self.keepEarly(db, gatewayMessageID, state, error, optsOut, at)
        }
    }

    /// - Returns: whether the message is known.
    @discardableResult
    private static func note(
        _ db: Database, _ gatewayMessageID: String, _ state: String, _ error: String?, optsOut: Bool = false,
        _ at: Moment, _ processor: TurnProcessor
    ) throws -> Bool {
        // The last part stands for all of them, and one that fails fails them all.
        var known = try Row.fetchOne(
            db, sql: "SELECT id, state, body FROM outbox WHERE gateway_message_id = ?", arguments: [gatewayMessageID])
        if known == nil, state == "failed" {
            known = try Row.fetchOne(
                db,
                sql: """
                    SELECT o.id, o.state, o.body FROM outbox_parts p JOIN outbox o ON o.id = p.outbox_id
                    WHERE p.gateway_message_id = ?
                    """, arguments: [gatewayMessageID])
        }
        guard let known else { return false }
        let order = ["sent", "delivered", "read"]
        let present: String = known["state"]
        let goesOn =
            state == "failed"
            ? present == "sent"
            : (order.firstIndex(of: present) ?? order.count) < (order.firstIndex(of: state) ?? 0)
        guard goesOn else { return true }
        try db.execute(
            sql: "UPDATE outbox SET state = ?, error = coalesce(?, error) WHERE id = ?",
            arguments: [state, error, known["id"] as String])
        if state == "failed" {
            try processor.deliveryFailed(
                try JSON.value(known["body"]), reason: error ?? "no se entregó", optsOut: optsOut, now: at,
                tx: SQLiteTurn(db: db))
        }
        return true
    }

    /// Reports on messages that are not ours are forgotten after a day.
    static func forgetEarlyStatuses(_ db: Database, _ now: Moment) throws {
        try db.execute(
            sql: "DELETE FROM early_statuses WHERE at < ?", arguments: [now.adding(seconds: -86_400).milliseconds])
    }

    private static func keepEarly(
        _ db: Database, _ gatewayMessageID: String, _ state: String, _ error: String?, _ optsOut: Bool, _ at: Moment
    ) throws {
        try forgetEarlyStatuses(db, at)
        try db.execute(
            sql: """
                INSERT INTO early_statuses (gateway_message_id, state, error, opts_out, at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (gateway_message_id) DO UPDATE
                    SET state = excluded.state, error = excluded.error, opts_out = excluded.opts_out, at = excluded.at
                    WHERE (CASE excluded.state WHEN 'sent' THEN 0 WHEN 'delivered' THEN 1 WHEN 'read' THEN 2 ELSE 1 END)
                        > (CASE early_statuses.state WHEN 'sent' THEN 0 WHEN 'delivered' THEN 1 WHEN 'read' THEN 2 ELSE 1 END)
                """, arguments: [gatewayMessageID, state, error, optsOut, at.milliseconds])
    }

    /// Attempts in all after which a message that gateways took and then could not deliver has failed.
    static let mostDeliveries = 6

    /// The gateway took a message and says later that it could not deliver it now: its last part leaves again. Earlier
    /// parts did arrive, and one of them that failed alone is not said after what came behind it.
    /// - Parameter moment: when, by the attempts that there were.
    /// - Returns: whether it will be sent again.
    public func sendAgain(
        _ gatewayMessageID: String, reason: String?, now: Moment, at moment: @escaping @Sendable (Int) -> Moment
    ) async throws -> Bool {
        try await write { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT id, attempts FROM outbox WHERE gateway_message_id = ? AND state = 'sent'",
                arguments: [gatewayMessageID])
            guard let row, row["attempts"] < Self.mostDeliveries else { return false }
            try db.execute(
                sql: """
                    UPDATE outbox SET state = 'pending', attempts = attempts + 1, next_attempt_at = ?, put_off_at = ?,
                        gateway_message_id = NULL, error = ? WHERE id = ?
                    """,
                arguments: [
                    moment(row["attempts"]).milliseconds, now.milliseconds, reason, row["id"] as String,
                ])
            return true
        }
    }

    /// Gives a message the form of a template, because the gateway takes nothing else now, and sends it again. Nothing
    /// happens where it has one already.
    /// - Parameter id: ours, or the gateway's where it reports later.
    /// - Returns: whether it will be sent again.
    public func resend(
        _ id: String, now: Moment, as form: @escaping @Sendable (OutboxMessage, Account?) -> OutboxMessage.Form
    ) async throws -> Bool {
        try await write { db in
            let body = try String.fetchOne(
                db,
                sql:
                    "SELECT body FROM outbox WHERE (id = ? OR gateway_message_id = ?) AND state IN ('pending', 'sent')",
                arguments: [id, id])
            guard let body else { return false }
            var message: OutboxMessage = try JSON.value(body)
            guard message.form == nil else { return false }
            let turn = SQLiteTurn(db: db)
            let account = try turn.conversation(id: message.conversationID)?.accountID.flatMap {
                try turn.account(id: $0)
            }
            message.form = form(message, account)
            try db.execute(
                sql: """
                    UPDATE outbox SET state = 'pending', next_attempt_at = ?, gateway_message_id = NULL, body = ?
                    WHERE id = ?
                    """, arguments: [now.milliseconds, try JSON.text(message), message.id])
            try db.execute(sql: "DELETE FROM outbox_parts WHERE outbox_id = ?", arguments: [message.id])
            return true
        }
    }
}
