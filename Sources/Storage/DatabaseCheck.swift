import DatabaseEngine
import Foundation

/// What is wrong with a database file, in words for an operator. It is only read, also while a server uses it.
public struct DatabaseCheck: Sendable {
    /// Damage, each with what it means; none where the file is sound.
    public let problems: [String]
    /// The last migration that was applied; none where the file cannot be read.
    public let schema: String?

    /// Rows that speak of others which are not there.
    private static let orphans: [(sql: String, meaning: String)] = [
        (
            "SELECT count(*) FROM transcript WHERE conversation_id NOT IN (SELECT id FROM conversations)",
            "lines of a transcript without their conversation"
        ),
        (
            "SELECT count(*) FROM outbox WHERE conversation_id NOT IN (SELECT id FROM conversations)",
            "messages to send without their conversation"
        ),
        (
            """
            SELECT count(*) FROM outbox
            WHERE state = 'pending' AND conversation_id NOT IN (SELECT conversation_id FROM outbox_heads)
            """, "messages that wait to leave and are not looked for"
        ),
        (
            "SELECT count(*) FROM handoffs WHERE conversation_id NOT IN (SELECT id FROM conversations)",
            "hand-offs without their conversation"
        ),
        (
            "SELECT count(*) FROM promises WHERE account_id NOT IN (SELECT id FROM accounts)",
            "promises without their account"
        ),
        (
            "SELECT count(*) FROM items WHERE account_id NOT IN (SELECT id FROM accounts)",
            "items of a debt without their account"
        ),
        (
            "SELECT count(*) FROM payments WHERE account_id NOT IN (SELECT id FROM accounts)",
            "payments without their account"
        ),
    ]

    /// Reads every page and every index, then whether rows that belong together are there.
    /// - Throws: ``StoreError`` where there is no such file, or it is of a newer version.
    public init(path: String) throws {
        try Store.requireFile(path)
        #if PostgreSQL
            throw StoreError.unusable(
                path: path,
                reason: "PostgreSQL looks after its own pages: pg_amcheck, and `initdb --data-checksums`")
        #else
            var configuration = DatabaseConfiguration()
            configuration.readonly = true
            do {
                (problems, schema) = try DatabaseQueue(path: path, configuration: configuration).read { db in
                    let migrator = Schema.migrator
                    if try migrator.hasBeenSuperseded(db) { throw StoreError.newerDatabase(path: path) }
                    let verdicts = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
                    let schema = try migrator.appliedMigrations(db).last
                    guard verdicts.isEmpty, try migrator.hasCompletedMigrations(db) else { return (verdicts, schema) }
                    let missing = try Self.orphans.compactMap { orphan -> String? in
                        let count = try Int.fetchOne(db, sql: orphan.sql) ?? 0
                        return count == 0 ? nil : "\(count) \(orphan.meaning)"
                    }
                    return (missing, schema)
                }
            } catch let error as StoreError {
                throw error
            } catch {
                problems = ["it cannot be read: \(error)"]
                schema = nil
            }
        #endif
    }
}
