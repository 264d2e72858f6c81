import Conversations
import DatabaseEngine
import Foundation
import Ledger
import Negotiation
import Quantities

/// What a database tells of past conversations, person by person, as it stood at one moment. It is only read, also while
/// a server uses it.
public struct Recordings: Sendable {
    private let queue: DatabaseQueue
    private let path: String
    /// How many turns there are.
    public let turns: Int

    /// - Throws: ``StoreError``.
    public init(path: String) throws {
        try Store.requireFile(path)
        self.path = path
        do {
            var configuration = DatabaseConfiguration()
            configuration.readonly = true
            queue = try DatabaseQueue(path: path, configuration: configuration)
            let count = try queue.read { db in
                try db.tableExists("journal") ? try Int.fetchOne(db, sql: "SELECT count(*) FROM journal") : nil
            }
            guard let count else {
                throw StoreError.unusable(
                    path: path, reason: "it is of an earlier version; start the server with it once")
            }
            turns = count
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError.unusable(path: path, reason: "\(error)")
        }
    }

    /// Calls `body` with each person who was in contact.
    /// - Throws: ``StoreError`` where the database cannot be read, and what `body` throws.
    public func forEachPerson(_ body: (Recording) throws -> Void) throws {
        try queue.read { db in
            let end = Moment(milliseconds: try Int64.fetchOne(db, sql: "SELECT max(at) FROM journal") ?? 0)
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT coalesce(nullif(a.document, ''), a.id, j.conversation_id) AS person, j.*, i.message,
                        coalesce(j.account_id, c.account_id) AS owner
                    FROM journal j LEFT JOIN conversations c ON c.id = j.conversation_id
                        LEFT JOIN accounts a ON a.id = coalesce(j.account_id, c.account_id)
                        LEFT JOIN inbox i ON i.channel = c.channel AND i.gateway_account = c.gateway_account
                            AND i.message_id = j.message_id
                    ORDER BY person, j.seq
                    """)
            var person: PersonRows?
            while let row = try rows.next() {
                let key: String = row["person"] ?? ""
                if let complete = person, complete.key != key {
                    try body(try complete.recording(db, endsAt: end))
                    person = nil
                }
                if person == nil { person = PersonRows(key: key) }
                try person?.add(row, db)
            }
            if let person { try body(try person.recording(db, endsAt: end)) }
        }
    }
}

/// The rows of one person, as they are read.
private struct PersonRows {
    let key: String
    private var turns: [Recording.Turn] = []
    private var accounts: Set<String> = []
    private var conversations: Set<String> = []
    /// By account.
    private var versions: [String: Int64] = [:]

    init(key: String) { self.key = key }

    mutating func add(_ row: Row, _ db: Database) throws {
        let (conversation, account): (String?, String?) = (row["conversation_id"], row["account_id"])
        if let conversation { conversations.insert(conversation) }
        if let owner: String = row["owner"] { accounts.insert(owner) }
        let input: RecordedTurn.Input
        if let text: String = row["input"] {
            input = try JSON.value(text)
        } else if let text: String = row["message"] {
            // Databases of earlier versions have no such column.
            switch row["quiet_window"] as String? {
            case "part": input = .part(try JSON.value(text))
            case "whole": input = .whole(messageID: row["message_id"])
            default: input = .message(try JSON.value(text))
            }
        } else {
            // Erased from the inbox: the conversation counts as incomplete.
            return
        }
        let turn = RecordedTurn(
            at: Moment(milliseconds: row["at"]), conversationID: conversation, accountID: account, input,
            dialogVersion: row["dialog_version"], agency: row["agency"])
        var known: Account?
        if let account, let version: Int64 = row["account_version"], versions[account] != version {
            versions[account] = version
            known = try String.fetchOne(
                db.cachedStatement(sql: "SELECT body FROM account_versions WHERE id = ?"), arguments: [version]
            ).map { try JSON.value($0) }
        }
        turns.append(Recording.Turn(turn, account: known))
    }

    private func talk(_ id: String, _ db: Database) throws -> Recording.Talk? {
        let select = try RowStatement(
            db,
            """
            SELECT channel, gateway_account, address, account_id, json_extract(body, '$.dialog.dialog'), turns
            FROM conversations WHERE id = ?
            """)
        return try select.first(.text(id)) { row in
            Recording.Talk(
                id: id, contact: ContactKey(channel: row.text(0), gatewayAccount: row.text(1), address: row.text(2)),
                accountID: row.optionalText(3), dialog: row.optionalText(4), turns: Int(row.integer(5)))
        }
    }

    func recording(_ db: Database, endsAt end: Moment) throws -> Recording {
        func all<Value: Decodable>(_ sql: String, _ id: String) throws -> [Value] {
            try String.fetchAll(db.cachedStatement(sql: sql), arguments: [id]).map { try JSON.value($0) }
        }
        let turn = SQLiteTurn(db: db)
        let found = try conversations.sorted().compactMap { try talk($0, db) }
        return Recording(
            turns: turns, conversations: found,
            transcripts: try found.reduce(into: [:]) { transcripts, conversation in
                transcripts[conversation.id] = try all(
                    "SELECT body FROM transcript WHERE conversation_id = ? ORDER BY id", conversation.id)
            },
            promises: try accounts.sorted().flatMap { try turn.promises(accountID: $0) },
            handoffs: try found.flatMap {
                try all("SELECT body FROM handoffs WHERE conversation_id = ? ORDER BY id", $0.id) as [Handoff]
            },
            endsAt: end)
    }
}
