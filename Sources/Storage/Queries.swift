import Conduct
import Conversations
import DatabaseEngine
import Foundation
import Ledger
import Negotiation
import Quantities

/// Rows by state, for metrics.
public struct StoreCounts: Sendable {
    public var inbox: Int
    public var outbox: [String: Int]
    public var promises: [String: Int]
    public var handoffs: [String: Int]
}

/// Something that a gateway sent and that could not be read.
public struct DeadLetter: Codable, Sendable {
    public var id: Int64
    public var at: Moment
    public var source: String
    public var reason: String
    public var body: String
}

/// A handoff with what the queue shows of it.
public struct OpenHandoff: Sendable {
    public var handoff: Handoff
    /// Without its items and payments.
    public var account: Account?
}

/// Everything about one handoff, read at one moment.
public struct HandoffDetail: Sendable {
    public var handoff: Handoff
    public var conversation: Conversation
    public var account: Account?
    public var promises: [PromiseToPay]
    public var transcript: [TranscriptEntry]
    /// What the person asked or told that limits how they may be contacted.
    public var standing: PersonStanding
}

/// What decides whether one person may be contacted.
public struct ContactRecord: Sendable {
    public var account: Account
    public var history: ContactHistory
    public var conversations: [Conversation]
    public init(account: Account, history: ContactHistory, conversations: [Conversation]) {
        self.account = account
        self.history = history
        self.conversations = conversations
    }
}

extension Store {
    /// Reads a database without opening it for writing, also while a server uses it; nil where it has no such account.
    /// - Throws: ``StoreError``.
    public static func contactRecord(accountID: String, in path: String) throws -> ContactRecord? {
        try Store.requireFile(path)
        do {
            var configuration = DatabaseConfiguration()
            configuration.readonly = true
            return try DatabaseQueue(path: path, configuration: configuration).read { db in
                let turn = SQLiteTurn(db: db)
                return try turn.account(id: accountID).map {
                    ContactRecord(
                        account: $0, history: try turn.contactHistory(accountID: accountID),
                        conversations: try turn.conversations(accountID: accountID))
                }
            }
        } catch {
            throw StoreError.unusable(path: path, reason: "\(error)")
        }
    }

    /// Reads as a turn does, beside the writer. `work` must write nothing.
    public func read<Value: Sendable>(
        _ work: @escaping @Sendable (any TurnTransaction) throws -> Value
    ) async throws -> Value {
        try await pool.read { try work(SQLiteTurn(db: $0)) }
    }

    public func counts() async throws -> StoreCounts {
        try await pool.read { db in
            func byState(_ table: String) throws -> [String: Int] {
                let rows = try Row.fetchAll(db, sql: "SELECT state, count(*) AS n FROM \(table) GROUP BY state")
                return Dictionary(uniqueKeysWithValues: rows.map { ($0["state"], $0["n"]) })
            }
            return StoreCounts(
                inbox: try Int.fetchOne(db, sql: "SELECT count(*) FROM inbox") ?? 0, outbox: try byState("outbox"),
                promises: try byState("promises"), handoffs: try byState("handoffs"))
        }
    }

    /// Messages that are to leave, and those that were given up.
    public func waitingMessages() async throws -> (pending: Int, dead: Int) {
        try await pool.read { db in
            func count(_ state: String) throws -> Int {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM outbox WHERE state = ?", arguments: [state]) ?? 0
            }
            return (try count("pending"), try count("dead"))
        }
    }

    /// Whether the database answers.
    public func ping() async throws {
        _ = try await pool.read { try Int.fetchOne($0, sql: "SELECT value FROM sequence") }
    }

    public func account(id: String) async throws -> Account? {
        try await pool.read { try SQLiteTurn(db: $0).account(id: id) }
    }

    public func accounts() async throws -> [Account] {
        try await pool.read { db in
            let turn = SQLiteTurn(db: db)
            return try Self.accountIDs(db).compactMap { try turn.account(id: $0) }
        }
    }

    /// In order, of every account.
    public func accountIDs() async throws -> [String] { try await pool.read { try Self.accountIDs($0) } }

    private static func accountIDs(_ db: Database) throws -> [String] {
        try String.fetchAll(db, sql: "SELECT id FROM accounts ORDER BY id")
    }

    public func accountCount() async throws -> Int {
        try await pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM accounts") ?? 0 }
    }

    public func promises(accountID: String) async throws -> [PromiseToPay] {
        try await pool.read { try SQLiteTurn(db: $0).promises(accountID: accountID) }
    }

    /// All or nothing. An account that is known keeps its payments, waivers and items, and, once given, its opt-out.
    public func importAccounts(_ accounts: [Account]) async throws {
        let key = privacyKey
        try await write { db in
            let turn = SQLiteTurn(db: db)
            let erased = try ErasedPeople(db, key: key)
            for account in accounts {
                let account = erased?.applied(to: account) ?? account
                var stored = try turn.account(id: account.id) ?? account
                stored.update(from: account) { _ in true }
                try turn.save(stored)
            }
        }
    }

    public func dueTimers(now: Moment, limit: Int) async throws -> [DueTimer] {
        try await pool.read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: "SELECT kind, key, at FROM timers WHERE at <= ? ORDER BY at, kind, key LIMIT ?"),
                arguments: [now.milliseconds, limit]
            ).compactMap { row in
                DueTimer.Kind(rawValue: row["kind"]).map {
                    DueTimer(kind: $0, key: row["key"], at: Moment(milliseconds: row["at"]))
                }
            }
        }
    }

    /// The conversations in which something waited long enough, in order; also where the clock was set back meanwhile.
    /// - Parameter longest: milliseconds that a ``QuietWindow`` may stay open.
    public func closingWindows(now: Moment, longest: Int64, limit: Int) async throws -> [DueTimer] {
        try await pool.read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT key, at FROM timers WHERE kind = 'quiet' AND (at <= ? OR at > ?) ORDER BY at, key LIMIT ?
                        """),
                arguments: [now.milliseconds, now.milliseconds + longest, limit]
            ).map { DueTimer(kind: .quiet, key: $0["key"], at: Moment(milliseconds: $0["at"])) }
        }
    }

    /// When the next ``QuietWindow`` closes; nil where none is open.
    public func nextWindow() async throws -> Moment? {
        try await pool.read { db in
            try Int64.fetchOne(db.cachedStatement(sql: "SELECT min(at) FROM timers WHERE kind = 'quiet'"))
        }.map(Moment.init(milliseconds:))
    }

    /// Fires timers in this order, each in the transaction that removes it; nothing happens where one was moved or fired
    /// meanwhile.
    public func fire(
        _ timers: [DueTimer], with processor: TurnProcessor, now: Moment
    ) async -> [Result<TurnReply?, any Error>] {
        await write(
            timers.map { timer in
                { @Sendable (db: Database) throws -> TurnReply? in
                    try db.cachedStatement(sql: "DELETE FROM timers WHERE kind = ? AND key = ? AND at = ?")
                        .execute(arguments: [timer.kind.rawValue, timer.key, timer.at.milliseconds])
                    guard db.changesCount == 1 else { return nil }
                    return try processor.fire(timer, now: now, tx: SQLiteTurn(db: db))
                }
            })
    }

    /// Removes a timer that cannot be fired and keeps what went wrong.
    public func setAside(_ timer: DueTimer, reason: String, now: Moment) async throws {
        try await write { db in
            try db.execute(
                sql: "DELETE FROM timers WHERE kind = ? AND key = ?", arguments: [timer.kind.rawValue, timer.key])
            try Self.insertDeadLetter(db, source: "timer", reason: reason, body: try JSON.text(timer), at: now)
        }
    }

    public func addDeadLetter(source: String, reason: String, body: String, at: Moment) async throws {
        try await write { try Self.insertDeadLetter($0, source: source, reason: reason, body: body, at: at) }
    }

    static func insertDeadLetter(_ db: Database, source: String, reason: String, body: String, at: Moment)
        throws
    {
        try db.execute(
            sql: "INSERT INTO dead_letters (at, source, reason, body) VALUES (?, ?, ?, ?)",
            arguments: [at.milliseconds, source, reason, body])
    }

    /// Newest first.
    public func deadLetters(limit: Int) async throws -> [DeadLetter] {
        try await pool.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM dead_letters ORDER BY id DESC LIMIT ?", arguments: [limit]).map {
                DeadLetter(
                    id: $0["id"], at: Moment(milliseconds: $0["at"]), source: $0["source"], reason: $0["reason"],
                    body: $0["body"])
            }
        }
    }

    /// Those that wait for their call too; in no particular order.
    public func openHandoffs() async throws -> [OpenHandoff] {
        try await pool.read { db in
            let turn = SQLiteTurn(db: db)
            return try String.fetchAll(
                db,
                sql: "SELECT body FROM handoffs WHERE state IN \(Handoff.State.openSQL)"
            ).map {
                let handoff: Handoff = try JSON.value($0)
                return OpenHandoff(
                    handoff: handoff, account: try handoff.accountID.flatMap { try turn.head(id: $0) })
            }
        }
    }

    public func handoffDetail(_ id: String) async throws -> HandoffDetail? {
        try await pool.read { db in
            let turn = SQLiteTurn(db: db)
            guard let handoff = try turn.handoff(id: id),
                let conversation = try turn.conversation(id: handoff.conversationID)
            else { return nil }
            let account = try handoff.accountID.flatMap { try turn.account(id: $0) }
            return HandoffDetail(
                handoff: handoff, conversation: conversation, account: account,
                promises: try account.map { try turn.promises(accountID: $0.id) } ?? [],
                transcript: try turn.transcript(of: conversation.id, limit: 200),
                standing: try account.map { try turn.standing(accountID: $0.id) } ?? PersonStanding())
        }
    }
}
