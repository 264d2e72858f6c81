import Crypto
import DatabaseEngine
import Foundation
import Quantities

/// How each row of the audit log holds on to the one before it, so that a row that was changed, removed or put in is seen.
///
/// `hash = SHA-256(hash of the row before ‖ at ‖ digest)`, `digest = SHA-256(salt ‖ body)`, `at` as eight bytes, big end
/// first. The salt makes a digest without its body tell nothing: an erasure removes both, and the chain still holds.
enum AuditChain {
    /// What stands for the hash before the first row.
    static let start = Data(count: 32)

    static func digest(salt: Data, body: String) -> Data {
        var hash = SHA256()
        hash.update(data: salt)
        hash.update(data: Data(body.utf8))
        return Data(hash.finalize())
    }

    static func link(after previous: Data, at: Int64, digest: Data) -> Data {
        var hash = SHA256()
        hash.update(data: previous)
        withUnsafeBytes(of: at.bigEndian) { hash.update(bufferPointer: $0) }
        hash.update(data: digest)
        return Data(hash.finalize())
    }

    /// Writes the next row. The one writer's transaction makes "the last row" a fact.
    static func append(_ body: String, at: Moment, _ db: Database) throws {
        let last = try RowStatement(db, "SELECT hash FROM audit ORDER BY id DESC LIMIT 1").first { $0.data(0) }
        try insert(RowStatement(db, insertRow), body, at.milliseconds, after: last ?? start)
    }

    private static let insertRow = "INSERT INTO audit (at, body, salt, digest, hash) VALUES (?, ?, ?, ?, ?)"

    @discardableResult
    private static func insert(_ statement: RowStatement, _ body: String, _ at: Int64, after previous: Data) throws
        -> Data
    {
        let salt = newSalt()
        let digest = digest(salt: salt, body: body)
        let hash = link(after: previous, at: at, digest: digest)
        try statement.run(.integer(at), .text(body), .data(salt), .data(digest), .data(hash))
        return hash
    }

    private static func newSalt() -> Data {
        var generator = SystemRandomNumberGenerator()
        let halves = (generator.next(), generator.next())
        return withUnsafeBytes(of: halves) { Data($0) }
    }

    /// Chains the rows of a database from before the chain.
    static func install(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE audit RENAME TO audit_unchained;
                DROP INDEX audit_by_account;
                -- `salt` is NULL once the row's body was erased; `body` then names the row of the erasure.
                CREATE TABLE audit (
                    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL, salt BLOB, digest BLOB NOT NULL,
                    hash BLOB NOT NULL);
                """)
        let insert = try RowStatement(db, insertRow)
        let rows = try Row.fetchCursor(db, sql: "SELECT at, body FROM audit_unchained ORDER BY id")
        var last = start
        while let row = try rows.next() { last = try Self.insert(insert, row["body"], row["at"], after: last) }
        try db.execute(
            sql: """
                DROP TABLE audit_unchained;
                CREATE INDEX audit_by_account ON audit (body ->> 'accountID');
                """)
    }
}
