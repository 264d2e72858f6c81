import Conversations
import DatabaseEngine
import Foundation
import Negotiation
import Quantities

/// A version of a dialog that was put to work, with its text: conversations on it go on also after a restart.
public struct StoredDialog: Sendable {
    /// The name of its file without `.yaml`, or `experiment/NAME`.
    public var place: String
    public var version: String
    public var source: String
    public var loadedAt: Moment

    public init(place: String, version: String, source: String, loadedAt moment: Moment) {
        self.place = place
        self.version = version
        self.source = source
        loadedAt = moment
    }
}

/// What came of one version of a dialog.
public struct DialogOutcome: Sendable, Encodable {
    /// Conversations in which it answered.
    public var conversations = 0
    /// Those that are on it now.
    public var running = 0
    public var handoffs = 0
    /// By state: what it made that is open, kept, broken….
    public var promises: [String: Int] = [:]

    public init() {}
}

extension Store {
    /// The versions that a database knows, oldest first; none where it does not exist or is of an earlier version of
    /// Promesa. It is only read.
    public static func dialogs(in path: String) -> [StoredDialog] {
        guard (try? requireFile(path)) != nil else { return [] }
        var configuration = DatabaseConfiguration()
        configuration.readonly = true
        let read = try? DatabaseQueue(path: path, configuration: configuration).read { db in
            try db.tableExists("dialog_versions") ? try dialogs(db) : []
        }
        return read ?? []
    }

    /// All that were ever put to work.
    public func dialogVersions() async throws -> Set<String> {
        try await pool.read { Set(try String.fetchAll($0, sql: "SELECT version FROM dialog_versions")) }
    }

    /// Oldest first.
    public func dialogs() async throws -> [StoredDialog] { try await pool.read { try Self.dialogs($0) } }

    private static func dialogs(_ db: Database) throws -> [StoredDialog] {
        try Row.fetchAll(db, sql: "SELECT * FROM dialog_versions ORDER BY loaded_at, version").map {
            StoredDialog(
                place: $0["place"], version: $0["version"], source: $0["source"],
                loadedAt: Moment(milliseconds: $0["loaded_at"]))
        }
    }

    /// A version that was there before is the newest again, also where the clock was set back.
    public func save(_ dialog: StoredDialog) async throws {
        try await write {
            try $0.execute(
                sql: """
                    INSERT INTO dialog_versions (version, place, source, loaded_at) VALUES (?1, ?2, ?3,
                        max(?4, coalesce((SELECT max(loaded_at) + 1 FROM dialog_versions
                            WHERE version <> ?1 OR place <> ?2), 0)))
                    ON CONFLICT (version, place) DO UPDATE
                        SET source = excluded.source, loaded_at = excluded.loaded_at
                    """,
                arguments: [dialog.version, dialog.place, dialog.source, dialog.loadedAt.milliseconds])
        }
    }

    /// The versions that conversations are on.
    public func runningDialogs() async throws -> Set<String> {
        try await pool.read {
            Set(
                try String.fetchAll(
                    $0,
                    sql: "SELECT DISTINCT dialog_version FROM conversations WHERE dialog_version IS NOT NULL"))
        }
    }

    /// What came of each version, by version.
    public func dialogOutcomes() async throws -> [String: DialogOutcome] {
        try await pool.read { db in
            var outcomes: [String: DialogOutcome] = [:]
            func read(_ sql: String, _ add: (inout DialogOutcome, Row) -> Void) throws {
                for row in try Row.fetchAll(db, sql: sql) { add(&outcomes[row[0], default: DialogOutcome()], row) }
            }
            try read(
                """
                SELECT dialog_version, count(DISTINCT conversation_id) FROM journal WHERE dialog_version IS NOT NULL
                    GROUP BY dialog_version
                """
            ) { $0.conversations = $1[1] }
            try read(
                """
                SELECT dialog_version, count(*) FROM conversations WHERE dialog_version IS NOT NULL
                    GROUP BY dialog_version
                """
            ) { $0.running = $1[1] }
            try read("SELECT version, count(*) FROM dialog_results WHERE kind = 'handoff' GROUP BY version") {
                $0.handoffs = $1[1]
            }
            try read(
                """
                SELECT r.version, p.state, count(*) FROM dialog_results r JOIN promises p ON p.id = r.id
                    WHERE r.kind = 'promise' GROUP BY r.version, p.state
                """
            ) { $0.promises[$1[1]] = $1[2] }
            return outcomes
        }
    }
}
