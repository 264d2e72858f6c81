import Conversations
import DatabaseEngine
import Ledger

extension PersonKeys {
    /// The person of an account: all accounts with the same document and all that hangs on them.
    init(personOf account: Account, _ db: Database) throws {
        try self.init(accounts: SQLiteTurn(db: db).heads(ofPersonOf: account.id).map(\.id), db)
    }

    /// What hangs on these accounts.
    init(accounts ids: [String], _ db: Database) throws {
        let turn = SQLiteTurn(db: db)
        let heads = try ids.compactMap { try turn.head(id: $0) }
        accounts = heads.map(\.id)
        persons = Set(heads.map(\.personKey)).sorted()
        addresses = Set(heads.flatMap { [$0.phone, $0.email ?? ""] }).filter { !$0.isEmpty }.sorted()
        conversations = try String.fetchAll(
            db,
            sql: """
                SELECT id FROM conversations WHERE account_id IN (SELECT value FROM json_each(?1))
                    OR account_id IS NULL AND address IN (SELECT value FROM json_each(?2)) ORDER BY id
                """, arguments: [JSON.text(accounts), JSON.text(addresses)])
        try complete(db)
    }

    /// People without an account, or on a number that is not the holder's: their conversations.
    init(conversations ids: [String], _ db: Database) throws {
        conversations = ids
        try complete(db)
    }

    private mutating func complete(_ db: Database) throws {
        func ids(_ table: String) throws -> [String] {
            try String.fetchAll(
                db, sql: "SELECT id FROM \(table) WHERE \(PersonalData.table(table).rows) ORDER BY id",
                arguments: arguments)
        }
        promises = try ids("promises")
        handoffs = try ids("handoffs")
        let found = try String.fetchAll(
            db, sql: "SELECT address FROM conversations WHERE \(PersonalData.table("conversations").rows)",
            arguments: arguments)
        // In the text of a message without structure a phone may stand without its plus.
        let texts = Set(addresses + found).map { $0.hasPrefix("+") ? String($0.dropFirst()) : $0 }
        needles =
            texts.filter { $0.utf8.count >= 7 }.sorted() + (accounts + conversations).map { "\"\($0)\"" }
    }
}

/// The rows of a person in tables that have no index by person. They are looked for beside the writer; in the
/// transaction of an erasure only what came since is.
struct ScatteredRows: Sendable {
    /// By table.
    private(set) var ids: [String: [Int64]] = [:]
    private(set) var inbox: [[String]] = []
    private var highest: [String: Int64] = [:]
    /// How many turns each conversation has had.
    private let turns: [String: Int]

    private static let tables = [("journal", "seq"), ("events", "seq"), ("outbox", "seq"), ("audit", "id")]

    init(_ keys: PersonKeys, _ db: Database) throws {
        turns = try Self.turns(keys, db)
        for (table, key) in Self.tables {
            ids[table] = try Int64.fetchAll(
                db, sql: "SELECT \(key) FROM \(table) WHERE \(PersonalData.table(table).rows) ORDER BY \(key)",
                arguments: keys.arguments)
            highest[table] = try Int64.fetchOne(db, sql: "SELECT max(\(key)) FROM \(table)") ?? 0
        }
        inbox = try Row.fetchAll(
            db,
            sql: """
                SELECT channel, gateway_account, message_id FROM inbox WHERE \(PersonalData.table("inbox").rows)
                """, arguments: keys.arguments
        ).map { [$0[0], $0[1], $0[2]] }
    }

    private static func turns(_ keys: PersonKeys, _ db: Database) throws -> [String: Int] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT id, turns FROM conversations WHERE \(PersonalData.table("conversations").rows)",
            arguments: keys.arguments)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0["id"], $0["turns"]) })
    }

    /// Adds what was written since they were looked for.
    /// - Throws: ``PersonRequestRefusal/wroteMeanwhile``.
    mutating func bringUpToDate(_ keys: PersonKeys, _ db: Database) throws {
        guard try Self.turns(keys, db) == turns else { throw PersonRequestRefusal.wroteMeanwhile }
        for (table, key) in Self.tables {
            ids[table, default: []] += try Int64.fetchAll(
                db,
                sql: """
                    SELECT \(key) FROM \(table) WHERE \(key) > \(highest[table] ?? 0)
                        AND \(PersonalData.table(table).rows) ORDER BY \(key)
                    """, arguments: keys.arguments)
        }
    }
}
