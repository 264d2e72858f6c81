import Campaigns
import Conduct
import Conversations
import DatabaseEngine
import Dialog
import Foundation
import Ledger
import Negotiation
import Quantities

/// One turn's reads and writes inside a transaction of SQLite.
struct SQLiteTurn: TurnTransaction {
    let db: Database

    func claimInbox(_ message: InboundMessage, receivedAt: Moment) throws -> InboxClaim {
        let isNew =
            try run(
                "INSERT OR IGNORE INTO inbox (channel, gateway_account, message_id, received_at, message) VALUES (?, ?, ?, ?, ?)",
                .text(message.contact.channel), .text(message.contact.gatewayAccount), .text(message.messageID),
                .integer(receivedAt.milliseconds), .text(try JSON.text(message))) == 1
        if isNew { return .new }
        let reply = try RowStatement(
            db, "SELECT reply FROM inbox WHERE channel = ? AND gateway_account = ? AND message_id = ?"
        ).first(.text(message.contact.channel), .text(message.contact.gatewayAccount), .text(message.messageID)) {
            $0.optionalText(0)
        }
        return .duplicate(try JSON.value((reply ?? nil) ?? "[]"))
    }

    func storeReply(_ reply: [BotMessage], to message: InboundMessage) throws {
        try run(
            "UPDATE inbox SET reply = ? WHERE channel = ? AND gateway_account = ? AND message_id = ?",
            .text(try JSON.text(reply)), .text(message.contact.channel), .text(message.contact.gatewayAccount),
            .text(message.messageID))
    }

    func conversation(for contact: ContactKey) throws -> Conversation? {
        try one(
            "SELECT body FROM conversations WHERE channel = ? AND gateway_account = ? AND address = ?",
            .text(contact.channel), .text(contact.gatewayAccount), .text(contact.address))
    }

    func conversation(id: String) throws -> Conversation? {
        try one("SELECT body FROM conversations WHERE id = ?", .text(id))
    }

    func conversations(accountID: String) throws -> [Conversation] {
        try all("SELECT body FROM conversations WHERE account_id = ? ORDER BY turns DESC, id DESC", .text(accountID))
    }

    func save(_ conversation: Conversation) throws {
        try run(
            """
            INSERT INTO conversations
                (id, channel, gateway_account, address, account_id, epoch, turns, dialog_version, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET account_id = excluded.account_id, epoch = excluded.epoch,
                turns = excluded.turns, dialog_version = excluded.dialog_version, body = excluded.body
            """,
            .text(conversation.id), .text(conversation.contact.channel), .text(conversation.contact.gatewayAccount),
            .text(conversation.contact.address), .text(conversation.accountID), .integer(Int64(conversation.epoch)),
            .integer(Int64(conversation.turns)),
            .text(conversation.dialog.flatMap { $0.ended == nil ? $0.version : nil }),
            .text(try JSON.text(conversation)))
    }

    func append(_ entry: TranscriptEntry, to conversationID: String) throws {
        try run(
            "INSERT INTO transcript (conversation_id, body) VALUES (?, ?)",
            .text(conversationID), .text(try JSON.text(entry)))
    }

    func transcript(of conversationID: String, limit: Int) throws -> [TranscriptEntry] {
        let newest: [TranscriptEntry] = try all(
            "SELECT body FROM transcript WHERE conversation_id = ? ORDER BY id DESC LIMIT ?", .text(conversationID),
            .integer(Int64(limit)))
        return newest.reversed()
    }

    func promises(accountID: String) throws -> [PromiseToPay] {
        try all("SELECT body FROM promises WHERE account_id = ? ORDER BY id", .text(accountID))
    }

    func promise(id: String) throws -> PromiseToPay? { try one("SELECT body FROM promises WHERE id = ?", .text(id)) }

    func save(_ promise: PromiseToPay) throws {
        try run(
            """
            INSERT INTO promises (id, account_id, state, body) VALUES (?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body
            """,
            .text(promise.id), .text(promise.accountID), .text(promise.state.rawValue), .text(try JSON.text(promise)))
    }

    func handoff(id: String) throws -> Handoff? { try one("SELECT body FROM handoffs WHERE id = ?", .text(id)) }

    func openHandoff(conversationID: String) throws -> Handoff? {
        try one(
            "SELECT body FROM handoffs WHERE conversation_id = ? AND state IN \(Handoff.State.withPeopleSQL)",
            .text(conversationID))
    }

    func save(_ handoff: Handoff) throws {
        try run(
            """
            INSERT INTO handoffs (id, conversation_id, state, priority, created_at, body) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET state = excluded.state, priority = excluded.priority, body = excluded.body
            """,
            .text(handoff.id), .text(handoff.conversationID), .text(handoff.state.rawValue),
            .integer(Int64(handoff.priority.rawValue)), .integer(handoff.createdAt.milliseconds),
            .text(try JSON.text(handoff)))
    }

    func openHandoffs(agent: String) throws -> [Handoff] {
        try all(
            "SELECT body FROM handoffs WHERE body ->> 'agent' = ? AND state IN ('claimed', 'onHold') ORDER BY id",
            .text(agent))
    }

    func presence(of agent: String) throws -> AgentPresence? {
        try one("SELECT body FROM presences WHERE agent = ?", .text(agent))
    }

    func save(_ presence: AgentPresence) throws {
        try run(
            Self.putPresence,
            .text(presence.agent), .text(presence.state.rawValue), .text(try JSON.text(presence)))
    }

    /// It leaves at once, also where the clock is set back meanwhile.
    func enqueue(_ message: OutboxMessage) throws {
        try run(
            "INSERT INTO outbox (id, conversation_id, state, next_attempt_at, body) VALUES (?, ?, ?, 0, ?)",
            .text(message.id), .text(message.conversationID),
            .text(message.contact.channel == ContactChannel.voice.rawValue ? "call" : "pending"),
            .text(try JSON.text(message)))
    }

    func set(_ timer: DueTimer) throws {
        try run(
            Self.putTimer, .text(timer.kind.rawValue), .text(timer.key), .integer(timer.at.milliseconds))
    }

    func cancelTimer(_ kind: DueTimer.Kind, key: String) throws {
        try run(
            "DELETE FROM timers WHERE kind = ? AND key = ?",
            .text(kind.rawValue), .text(key))
    }

    func append(_ event: AuditEvent) throws {
        try AuditChain.append(try JSON.text(event), at: event.at, db)
    }

    func publish(_ event: AccountEvent) throws {
        try RowStatement(db, Self.insertEvent).run(
            .integer(event.at.milliseconds), .text(event.account), .text(event.lane), .text(event.kind.rawValue),
            .text(try JSON.text(event)))
    }

    private static let putPresence = SQL.put("presences", key: ["agent"], ["state", "body"])
    private static let putTimer = SQL.put("timers", key: ["kind", "key"], ["at"])
    private static let putStanding = SQL.put("standings", key: ["person"], ["body"])
    private static let putRequest = SQL.put(
        "person_requests", key: ["id"], ["state", "due", "account_id", "conversation_id", "body"])
    private static let putCampaign = SQL.put("campaigns", key: ["name"], ["body"])
    private static let putEnrolment = SQL.put("enrolments", key: ["campaign", "account_id"], ["ended", "body"])
    private static let putAssignment = SQL.put("assignments", key: ["account_id"], ["agency", "ended", "body"])
    private static let insertEvent = insertEvents(1)

    static func insertEvents(_ count: Int) -> String {
        "INSERT INTO events (at, account_id, lane, kind, body) VALUES "
            + Array(repeating: "(?, ?, ?, ?, ?)", count: count).joined(separator: ", ")
    }

    func events(accountID: String, planID: String) throws -> [AccountEvent] {
        let events: [AccountEvent] = try all(
            "SELECT body FROM events WHERE account_id = ? AND kind >= 'plan.' AND kind < 'plan/' ORDER BY seq",
            .text(accountID))
        return events.filter { $0.plan?.id == planID }
    }

    func contactHistory(accountID: String) throws -> ContactHistory {
        let accounts = try heads(ofPersonOf: accountID)
        var contacts: [Contact] = []
        var channels: Set<String> = []
        for account in accounts {
            contacts += try RowStatement(
                db, "SELECT at, channel FROM contacts WHERE account_id = ? ORDER BY at DESC LIMIT 50"
            ).all(.text(account.id)) { Contact(at: Moment(milliseconds: $0.integer(0)), channel: $0.text(1)) }
            channels.formUnion(
                try RowStatement(db, "SELECT DISTINCT channel FROM conversations WHERE account_id = ?")
                    .all(.text(account.id)) { $0.text(0) })
        }
        return ContactHistory(
            optedOut: accounts.contains(where: \.optedOut), standing: try standing(accountID: accountID),
            proactive: contacts.sorted { ($0.at, $0.channel) < ($1.at, $1.channel) }, channels: channels.sorted())
    }

    func recordProactive(accountID: String, channel: String, at moment: Moment) throws {
        try run(
            "INSERT INTO contacts (account_id, channel, at) VALUES (?, ?, ?)",
            .text(accountID), .text(channel), .integer(moment.milliseconds))
    }

    func standing(accountID: String) throws -> PersonStanding {
        try one("SELECT body FROM standings WHERE person = ?", .text(try person(accountID))) ?? PersonStanding()
    }

    func save(_ standing: PersonStanding, accountID: String) throws {
        try run(Self.putStanding, .text(try person(accountID)), .text(try JSON.text(standing)))
    }

    private func person(_ accountID: String) throws -> String {
        try head(id: accountID)?.personKey ?? accountID
    }

    func personRequest(id: String) throws -> PersonRequest? {
        try one("SELECT body FROM person_requests WHERE id = ?", .text(id))
    }

    func personRequests(conversationID: String) throws -> [PersonRequest] {
        try all("SELECT body FROM person_requests WHERE conversation_id = ? ORDER BY id", .text(conversationID))
    }

    func save(_ request: PersonRequest) throws {
        try run(
            Self.putRequest,
            .text(request.id), .text(request.state.rawValue), .integer(Int64(request.due.number)),
            .text(request.accountID), .text(request.conversationID), .text(try JSON.text(request)))
    }

    func campaign(name: String) throws -> Campaign? {
        try one("SELECT body FROM campaigns WHERE name = ?", .text(name))
    }

    func save(_ campaign: Campaign) throws {
        try run(Self.putCampaign, .text(campaign.name), .text(try JSON.text(campaign)))
    }

    func enrolment(campaign: String, accountID: String) throws -> Enrolment? {
        try one("SELECT body FROM enrolments WHERE campaign = ? AND account_id = ?", .text(campaign), .text(accountID))
    }

    func enrolments(accountID: String) throws -> [Enrolment] {
        try all("SELECT body FROM enrolments WHERE account_id = ? ORDER BY campaign", .text(accountID))
    }

    func save(_ enrolment: Enrolment) throws {
        try run(
            Self.putEnrolment,
            .text(enrolment.campaign), .text(enrolment.accountID), .flag(enrolment.ended != nil),
            .text(try JSON.text(enrolment)))
    }

    func assignment(accountID: String) throws -> Assignment? {
        try one("SELECT body FROM assignments WHERE account_id = ?", .text(accountID))
    }

    func save(_ assignment: Assignment) throws {
        try run(
            Self.putAssignment,
            .text(assignment.accountID), .text(assignment.agency), .flag(assignment.ended != nil),
            .text(try JSON.text(assignment)))
    }

    func record(_ turn: RecordedTurn) throws {
        if turn.keepsAccount, let account = try turn.accountID.flatMap({ try account(id: $0) }) {
            try run(
                """
                INSERT INTO account_versions (account_id, body) SELECT ?1, ?2 WHERE CAST(?2 AS TEXT) IS DISTINCT FROM
                    (SELECT body FROM account_versions WHERE account_id = ?1 ORDER BY id DESC LIMIT 1)
                """,
                .text(account.id), .text(try JSON.text(account)))
        }
        // A message is in the inbox already.
        var (message, window, input): (String?, String?, String?)
        switch turn.input {
        case .message(let received): message = received.messageID
        case .part(let received): (message, window) = (received.messageID, "part")
        case .whole(let id): (message, window) = (id, "whole")
        case .timer, .payments, .order, .page, .campaign: input = try JSON.text(turn.input)
        }
        try run(
            """
            INSERT INTO journal
                (at, conversation_id, account_id, account_version, dialog_version, agency, message_id, quiet_window,
                    input)
            VALUES (?1, ?2, ?3, (SELECT max(id) FROM account_versions WHERE account_id = ?3), ?4, ?5, ?6, ?7, ?8)
            """,
            .integer(turn.at.milliseconds), .text(turn.conversationID), .text(turn.accountID),
            .text(turn.dialogVersion), .text(turn.agency), .text(message), .text(window), .text(input))
    }

    func credit(_ result: DialogResult, to version: String) throws {
        let (kind, id) =
            switch result {
            case .promise(let id): ("promise", id)
            case .handoff(let id): ("handoff", id)
            }
        try run(
            "INSERT OR IGNORE INTO dialog_results (kind, id, version) VALUES (?, ?, ?)",
            .text(kind), .text(id), .text(version))
    }

    func newID(_ prefix: String) throws -> String {
        let value = try RowStatement(db, "UPDATE sequence SET value = value + 1 RETURNING value").first {
            $0.integer(0)
        }
        let digits = String(value ?? 0)
        return prefix + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    private func one<Value: Decodable>(_ sql: String, _ values: RowValue...) throws -> Value? {
        try RowStatement(db, sql).first(values) { try $0.body(0) }
    }

    private func all<Value: Decodable>(_ sql: String, _ values: RowValue...) throws -> [Value] {
        try RowStatement(db, sql).all(values) { try $0.body(0) }
    }

    @discardableResult
    private func run(_ sql: String, _ values: RowValue...) throws -> Int { try RowStatement(db, sql).run(values) }
}

/// Bodies as JSON text.
enum JSON {
    static func text(_ value: some Encodable) throws -> String {
        storable(try JSONTextWriter.text(value))
    }

    static func value<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
        var text = asWritten(text)
        return try text.withUTF8 { try JSONTextReader.value($0) }
    }

    #if PostgreSQL
        /// What stands for U+0000, which PostgreSQL does not take: a code point that no text has.
        private static let zero = String(decoding: [0xEF, 0xB7, 0x90] as [UInt8], as: UTF8.self)

        private static func storable(_ json: String) -> String {
            guard json.utf8.contains(UInt8(ascii: "\\")), json.contains("\\u0000") else { return json }
            var (stored, rest) = ("", json[...])
            while let escape = rest.firstIndex(of: "\\") {
                stored += rest[..<escape]
                let isZero = rest[escape...].hasPrefix("\\u0000")
                let end = rest.index(escape, offsetBy: isZero ? 6 : 2)
                stored += isZero ? zero : String(rest[escape..<end])
                rest = rest[end...]
            }
            return stored + rest
        }

        private static func asWritten(_ text: String) -> String {
            text.utf8.contains(0xEF) ? text.replacing(zero, with: "\\u0000") : text
        }
    #else
        private static func storable(_ json: String) -> String { json }
        private static func asWritten(_ text: String) -> String { text }
    #endif
}
