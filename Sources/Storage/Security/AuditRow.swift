import Conversations
import DatabaseEngine
import Foundation
import Ledger
import Quantities

/// One row of the audit log.
public struct AuditRow: Sendable {
    public var id: Int64
    public var at: Moment
    public var content: Content

    public enum Content: Sendable {
        case event(AuditEvent)
        /// What it said of a person was removed, by the order in the row of that number.
        case erased(by: Int64)
    }
}

/// Which rows of the audit log to read; an empty filter is all of them.
public struct AuditFilter: Sendable {
    /// An account's id, or a document: all accounts of that person.
    public var person: String?
    /// Who did it: an agent's name, a token's name.
    public var agent: String?
    /// `handoff.claimed`, or `handoff` for all that begin so.
    public var kind: String?
    /// The first and the last moment, both included.
    public var moments: ClosedRange<Moment>?

    public init(
        person: String? = nil, agent: String? = nil, kind: String? = nil, moments: ClosedRange<Moment>? = nil
    ) {
        self.person = person
        self.agent = agent
        self.kind = kind
        self.moments = moments
    }
}

/// What an erasure leaves in the place of a row's body.
struct ErasedBody: Codable {
    var erased: Int64
}

extension Store {
    /// Writes one thing that was done to the audit log.
    public func record(_ event: AuditEvent) async throws {
        try await write { try SQLiteTurn(db: $0).append(event) }
    }

    /// Reads the audit log of a database, oldest first, also while a server uses it.
    /// - Throws: ``StoreError``, or what `body` throws.
    public static func audit(in path: String, _ filter: AuditFilter, _ body: (AuditRow) throws -> Void) throws {
        try reading(path) { db in
            var conditions: [String] = []
            var arguments: StatementArguments = []
            if let person = filter.person {
                conditions.append(
                    """
                    body ->> 'accountID' IN (
                        SELECT ? UNION SELECT id FROM accounts WHERE document = ? AND document <> ''
                        UNION SELECT b.id FROM accounts a JOIN accounts b ON b.document = a.document AND a.document <> ''
                            WHERE a.id = ?)
                    """)
                arguments += [person, person, person]
            }
            if let agent = filter.agent {
                conditions.append("EXISTS (SELECT 1 FROM json_each(body, '$.detail') WHERE value = ?)")
                arguments += [agent]
            }
            if let kind = filter.kind {
                conditions.append("(body ->> 'kind' = ? OR substr(body ->> 'kind', 1, ?) = ?)")
                arguments += [kind, kind.count + 1, kind + "."]
            }
            if let moments = filter.moments {
                conditions.append("at BETWEEN ? AND ?")
                arguments += [moments.lowerBound.milliseconds, moments.upperBound.milliseconds]
            }
            let restriction = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
            let rows = try Row.fetchCursor(
                db, sql: "SELECT id, at, body, salt IS NULL AS erased FROM audit\(restriction) ORDER BY id",
                arguments: arguments)
            while let row = try rows.next() {
                let text: String = row["body"]
                try body(
                    AuditRow(
                        id: row["id"], at: Moment(milliseconds: row["at"]),
                        content: row["erased"]
                            ? .erased(by: try JSON.value(text, as: ErasedBody.self).erased)
                            : .event(try JSON.value(text))))
            }
        }
    }

    /// Reads a database without opening it for writing, also while a server uses it.
    static func reading<Value>(_ path: String, _ work: (Database) throws -> Value) throws -> Value {
        try Store.requireFile(path)
        do {
            var configuration = DatabaseConfiguration()
            configuration.readonly = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            if try queue.read({ try Schema.migrator.hasCompletedMigrations($0) }) == false {
                throw StoreError.unusable(
                    path: path, reason: "its tables are of another version: open it once with `promesa serve`")
            }
            return try queue.read(work)
        } catch let error as DatabaseError {
            throw StoreError.unusable(path: path, reason: "\(error)")
        }
    }
}
