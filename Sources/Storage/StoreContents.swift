import Campaigns
import Conduct
import Conversations
import DatabaseEngine
import Dialog
import Ledger
import Negotiation
import Quantities

/// All that a store holds of what turns write, read at one moment: to be compared with what it should hold.
package struct StoreContents: Sendable {
    package struct Received: Hashable, Sendable {
        package var message: InboundMessage
        package var reply: [BotMessage]
    }
    package struct Leaving: Hashable, Sendable {
        package var message: OutboxMessage
        package var state: String
        /// What the gateway said last.
        package var error: String?
        /// When it counts as contact, where not when it was written.
        package var contactAt: Moment?

        fileprivate init(_ row: Row) throws {
            message = try JSON.value(row["body"])
            state = row["state"]
            error = row["error"]
            contactAt = (row["contact_at"] as Int64?).map(Moment.init(milliseconds:))
        }
    }
    package var inbox: [Received]
    /// In order.
    package var outbox: [Leaving]
    package var promises: [PromiseToPay]
    package var handoffs: [Handoff]
    /// By agent.
    package var presences: [AgentPresence]
    package var conversations: [Conversation]
    package var accounts: [Account]
    package var campaigns: [Campaign]
    package var enrolments: [Enrolment]
    /// By person.
    package var standings: [String: PersonStanding]
    package var timers: [DueTimer]
    /// In order; nil where an erasure emptied it.
    package var audit: [AuditEvent?]
    package var personRequests: [PersonRequest]
    package var transcripts: [String: [TranscriptEntry]]
    /// Turns written down for replay.
    package var journal: Int
    /// Files that were imported.
    package var imports: Int
    package var deadLetters: [DeadLetter]
}

extension Store {
    /// - Throws: ``StoreError/unusable(path:reason:)`` where SQLite finds the file damaged: its values are then not read,
    ///   since GRDB ends the program where a column holds what it cannot.
    package func contents() async throws -> StoreContents {
        let damage = try await pool.read {
            try String.fetchAll($0, sql: "PRAGMA integrity_check(5)").filter { $0 != "ok" }
        }
        guard damage.isEmpty else {
            throw StoreError.unusable(path: "the database", reason: damage.joined(separator: "; "))
        }
        let deadLetters = try await deadLetters(limit: 10_000)
        return try await pool.read { db in
            func all<Value: Decodable>(_ sql: String) throws -> [Value] {
                try String.fetchAll(db, sql: sql).map { try JSON.value($0) }
            }
            let turn = SQLiteTurn(db: db)
            var transcripts: [String: [TranscriptEntry]] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT conversation_id, body FROM transcript ORDER BY id") {
                transcripts[row["conversation_id"], default: []].append(try JSON.value(row["body"]))
            }
            return StoreContents(
                inbox: try Row.fetchAll(db, sql: "SELECT message, reply FROM inbox").map {
                    StoreContents.Received(
                        message: try JSON.value($0["message"] ?? ""), reply: try JSON.value($0["reply"] ?? ""))
                },
                outbox: try Row.fetchAll(db, sql: "SELECT * FROM outbox ORDER BY seq").map(StoreContents.Leaving.init),
                promises: try all("SELECT body FROM promises ORDER BY id"),
                handoffs: try all("SELECT body FROM handoffs ORDER BY id"),
                presences: try all("SELECT body FROM presences ORDER BY agent"),
                conversations: try all("SELECT body FROM conversations ORDER BY id"),
                accounts: try String.fetchAll(db, sql: "SELECT id FROM accounts ORDER BY id").compactMap {
                    try turn.account(id: $0)
                },
                campaigns: try all("SELECT body FROM campaigns ORDER BY name"),
                enrolments: try all("SELECT body FROM enrolments ORDER BY campaign, account_id"),
                standings: try Row.fetchAll(db, sql: "SELECT person, body FROM standings").reduce(into: [:]) {
                    $0[$1["person"]] = try JSON.value($1["body"])
                },
                timers: try Row.fetchAll(db, sql: "SELECT kind, key, at FROM timers ORDER BY at, kind, key").compactMap
                {
                    row in
                    DueTimer.Kind(rawValue: row["kind"]).map {
                        DueTimer(kind: $0, key: row["key"], at: .init(milliseconds: row["at"]))
                    }
                },
                audit: try Row.fetchAll(db, sql: "SELECT body, salt IS NULL AS erased FROM audit ORDER BY id").map {
                    $0["erased"] ? nil : try JSON.value($0["body"])
                },
                personRequests: try all("SELECT body FROM person_requests ORDER BY id"), transcripts: transcripts,
                journal: try Int.fetchOne(db, sql: "SELECT count(*) FROM journal") ?? 0,
                imports: try Int.fetchOne(db, sql: "SELECT count(*) FROM imports") ?? 0, deadLetters: deadLetters)
        }
    }

    /// Where each of these words stands in a row, in words.
    package func places(of words: [String]) async throws -> [String] {
        try await pool.read { db in
            var places: [String] = []
            for table in try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'") {
                let columns = try db.columns(in: table).map { "instr(\"\($0.name)\", ?1)" }
                let sql = "SELECT EXISTS (SELECT 1 FROM \"\(table)\" WHERE \(columns.joined(separator: " OR ")))"
                for word in words where try Bool.fetchOne(db, sql: sql, arguments: [word]) == true {
                    places.append("“\(word)” in \(table)")
                }
            }
            return places
        }
    }

    /// Where one message to send stands.
    package func leaving(_ id: String) async throws -> StoreContents.Leaving? {
        try await pool.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM outbox WHERE id = ?", arguments: [id])
                .map(StoreContents.Leaving.init)
        }
    }

    /// Where the dashboards' tables or the audit log are not what the rest of the database says, in words.
    package func disagreements() async throws -> [String] {
        try await pool.read { db in
            let reports = try ReportTables.differences(db).map { "dashboards: \($0)" }
            switch try Self.auditVerdict(db) {
            case .intact: return reports
            case .broken(let row, let breach): return reports + ["audit log: \(breach) at \(row)"]
            }
        }
    }
}
