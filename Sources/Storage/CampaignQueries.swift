import Campaigns
import Conduct
import Conversations
import DatabaseEngine
import Ledger
import Quantities

/// A call of a campaign that nobody took to the dialler yet.
public struct PendingCall: Sendable {
    public var message: OutboxMessage
    public var account: Account?
}

extension Store {
    /// Whether a message in which we speak first may no longer leave, though it could when it was composed: the person
    /// opted out meanwhile (I6).
    public func optedOut(since message: OutboxMessage) async throws -> Bool {
        try await pool.read { db in
            let turn = SQLiteTurn(db: db)
            let accountID = try turn.conversation(id: message.conversationID)?.accountID
            return try accountID.flatMap { try turn.head(id: $0) }?.optedOut ?? false
        }
    }

    /// Whether a message in which we speak first may leave now, by what is known of its person at this moment: hours, days
    /// and caps (I12), and what they asked of us since it was composed (I6). It does not count against itself; where it
    /// leaves on a later day than it was counted for, it counts for this one from now on.
    public func admit(_ message: OutboxMessage, _ purpose: ContactPurpose, in world: World, now: Moment) async throws
        -> ContactPermission
    {
        let (known, isOfToday) = try await pool.read { db in
            let admission = try Admission(message, purpose, world, now, SQLiteTurn(db: db))
            return (admission.permission, admission.isOfToday)
        }
        guard case .allowed = known, !isOfToday else { return known }
        return try await write { db in
            let admission = try Admission(message, purpose, world, now, SQLiteTurn(db: db))
            if case .allowed = admission.permission { try admission.count(message, now, db) }
            return admission.permission
        }
    }

    /// Puts a message off until it may leave, without counting an attempt; its age counts from then.
    public func postpone(_ id: String, until moment: Moment) async throws {
        try await write { db in
            try db.execute(
                sql: "UPDATE outbox SET next_attempt_at = ?, since = ? WHERE id = ?",
                arguments: [moment.milliseconds, moment.milliseconds, id])
        }
    }

    /// Never to be sent: what it was for is no longer so.
    public func withdraw(_ id: String) async throws {
        try await write { try Self.withdraw(id, $0) }
    }

    static func withdraw(_ id: String, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE outbox SET state = 'superseded' WHERE id = ? AND state = 'pending'", arguments: [id])
    }

    /// The calls that wait, oldest first, without those of a conversation that a person took meanwhile (I7) and of who
    /// opted out (I6).
    public func pendingCalls() async throws -> [PendingCall] {
        try await pool.read { db in
            let turn = SQLiteTurn(db: db)
            let bodies = try String.fetchAll(db, sql: "SELECT body FROM outbox WHERE state = 'call' ORDER BY seq")
            return try bodies.compactMap { body in
                let message: OutboxMessage = try JSON.value(body)
                guard let conversation = try turn.conversation(id: message.conversationID),
                    conversation.epoch == message.epoch, conversation.owner == .bot
                else { return nil }
                let account = try conversation.accountID.flatMap { try turn.account(id: $0) }
                return account?.optedOut == true ? nil : PendingCall(message: message, account: account)
            }
        }
    }

    /// What a dialler reports, all or nothing.
    /// - Returns: how many results were news, and the ids of which there is no call; then none was taken.
    public func take(
        _ results: [CallResult], with processor: TurnProcessor, now: Moment
    ) async throws -> (news: Int, unknown: [String]) {
        try await write { db in
            let find = "SELECT body FROM outbox WHERE id = ? AND state IN ('call', 'sent')"
            var calls: [String: OutboxMessage] = [:]
            for id in Set(results.map(\.callID)) {
                guard let body = try String.fetchOne(db.cachedStatement(sql: find), arguments: [id]) else { continue }
                let message: OutboxMessage = try JSON.value(body)
                if message.contact.channel == ContactChannel.voice.rawValue { calls[id] = message }
            }
            let unknown = results.map(\.callID).filter { calls[$0] == nil }
            guard unknown.isEmpty else { return (0, unknown) }
            var news = 0
            for result in results.sorted(by: { ($0.at, $0.callID) < ($1.at, $1.callID) }) {
                if let call = calls[result.callID],
                    try processor.take(result, of: call, now: now, tx: SQLiteTurn(db: db))
                {
                    news += 1
                }
            }
            return (news, [])
        }
    }

    /// The calls went to the dialler.
    public func markCalled(_ calls: [PendingCall]) async throws {
        try await write { db in
            for call in calls {
                try db.execute(
                    sql: "UPDATE outbox SET state = 'sent' WHERE id = ? AND state = 'call'",
                    arguments: [call.message.id])
            }
        }
    }

    /// The accounts that an agency has now, by account.
    public func assignments(agency: String) async throws -> [Assignment] {
        try await pool.read { db in
            try String.fetchAll(
                db, sql: "SELECT body FROM assignments WHERE agency = ? AND ended = 0 ORDER BY account_id",
                arguments: [agency]
            ).map { try JSON.value($0) }
        }
    }

    /// What campaigns left to a person to do, by account.
    public func closedEnrolments() async throws -> [Enrolment] {
        try await pool.read { db in
            let all: [Enrolment] = try String.fetchAll(
                db, sql: "SELECT body FROM enrolments WHERE ended = 1 ORDER BY account_id, campaign"
            ).map { try JSON.value($0) }
            return all.filter { $0.ended?.closing != nil }
        }
    }
}

/// Whether a message may leave, and the contact that it counts for.
private struct Admission {
    let permission: ContactPermission
    let isOfToday: Bool
    private let accountID: String?
    private let countedAt: Moment

    init(
        _ message: OutboxMessage, _ purpose: ContactPurpose, _ world: World, _ now: Moment, _ turn: SQLiteTurn
    ) throws {
        let conversation = try turn.conversation(id: message.conversationID)
        accountID = conversation?.accountID
        let moved = try Int64.fetchOne(
            turn.db.cachedStatement(sql: "SELECT contact_at FROM outbox WHERE id = ?"), arguments: [message.id])
        countedAt = moved.map(Moment.init(milliseconds:)) ?? message.createdAt
        isOfToday = countedAt.day(in: world.zone) == now.day(in: world.zone)
        var history = try accountID.map { try turn.contactHistory(accountID: $0) } ?? ContactHistory()
        let own = Contact(at: countedAt, channel: message.contact.channel)
        if let index = history.proactive.firstIndex(of: own) { history.proactive.remove(at: index) }
        history.wrongNumber = conversation?.wrongNumber ?? false
        permission = world.conduct.mayContact(
            purpose, on: message.contact.channel, history: history, at: now, zone: world.zone, calendar: world.calendar)
    }

    func count(_ message: OutboxMessage, _ now: Moment, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE contacts SET at = ?, answered_at = NULL WHERE rowid =
                    (SELECT rowid FROM contacts WHERE account_id = ? AND channel = ? AND at = ? LIMIT 1)
                """, arguments: [now.milliseconds, accountID, message.contact.channel, countedAt.milliseconds])
        try db.execute(
            sql: "UPDATE outbox SET contact_at = ? WHERE id = ?", arguments: [now.milliseconds, message.id])
    }
}
