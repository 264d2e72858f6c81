import Conversations
import DatabaseEngine
import Foundation
import Ledger
import Quantities
import Synchronization

/// Why the store cannot be used.
public enum StoreError: Error, CustomStringConvertible, Sendable {
    case newerDatabase(path: String)
    case inUse(path: String)
    case unusable(path: String, reason: String)
    /// Too many turns wait to be committed: try again later.
    case overloaded
    case closed
    /// The disk did not take it: it is as if it had never been submitted.
    case notWritten(reason: String)

    public var description: String {
        switch self {
        case .newerDatabase(let path):
            "\(Self.shown(path)): this database was written by a newer version of Promesa; run that version, or restore a backup"
        case .inUse(let path):
            "\(Self.shown(path)): another Promesa uses this database; stop it first, or name another database"
        case .unusable(let path, let reason):
            "\(Self.shown(path)): the database cannot be used (\(reason)); restore a backup, or name another \(Store.hasNodes ? "database" : "file")"
        case .overloaded: "too many messages wait to be stored"
        case .closed: "the store is closed"
        case .notWritten(let reason): "the disk did not take it: \(reason)"
        }
    }

    /// Without the password of an address.
    private static func shown(_ path: String) -> String { path.replacing(/:[^\/@]*@/, with: ":…@") }
}

/// The database: one SQLite file in WAL mode with `synchronous=FULL`, one writer that commits many turns at once; with the
/// trait `PostgreSQL` one database of PostgreSQL, in which one node at a time commits as many.
public final class Store: Sendable {
    let pool: Connections
    /// Hashes who was erased.
    let privacyKey: PrivacyKey
    private let writer: GroupCommit
    private let isClosed = Mutex(false)
    /// When the outbox was last looked at.
    let outboxLooked = Mutex<Moment?>(nil)
    #if PostgreSQL
        let leadership: Leadership

        /// Connects to `postgresql://…` and brings its schema up to date.
        /// - Throws: ``StoreError``.
        public init(path: String) throws {
            privacyKey = PrivacyKey(path: try Self.address(path).key ?? "promesa.key")
            do {
                pool = try DatabasePool(path: path)
                let migrator = Schema.migrator
                if try pool.read({ try migrator.hasBeenSuperseded($0) }) { throw StoreError.newerDatabase(path: path) }
                try migrator.migrate(pool)
            } catch let error as DatabaseError {
                throw StoreError.unusable(path: path, reason: "\(error)")
            }
            writer = GroupCommit(pool: pool)
            leadership = Leadership(path: path)
        }
    #else
        /// The lock file's descriptor; nil on a simulated disk.
        private let lock: Int32?

        /// Opens or creates the file and brings its schema up to date.
        /// - Throws: ``StoreError``.
        public init(path: String) throws {
            guard !path.contains("://") else {
                throw StoreError.unusable(
                    path: path,
                    reason: "this program keeps to files; `swift build --traits PostgreSQL` builds the other")
            }
            let descriptor = open(path + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw StoreError.unusable(path: path, reason: String(cString: strerror(errno)))
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                Foundation.close(descriptor)
                throw StoreError.inUse(path: path)
            }
            lock = descriptor
            privacyKey = PrivacyKey(path: path + ".key")
            do {
                let pool = try DatabasePool(path: path)
                try Self.prepare(pool, path)
                self.pool = Connections(pool)
            } catch let error as StoreError {
                Foundation.close(descriptor)
                throw error
            } catch {
                Foundation.close(descriptor)
                throw StoreError.unusable(path: path, reason: "\(error)")
            }
            writer = GroupCommit(pool: pool)
        }

        private static func prepare(
            _ pool: any DatabaseWriter, _ path: String, checkpointPages: Int = 8000, synchronous: String = "FULL"
        ) throws {
            // Not in `prepareDatabase`: GRDB sets NORMAL after it, which does not sync at each commit.
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = \(synchronous)")
                // What is deleted or replaced is overwritten: an erasure is one. Debian's SQLite does so by itself.
                try db.execute(sql: "PRAGMA secure_delete = ON")
                // A commit of many turns fits into the cache, in KiB, and thousands of them into the log, in pages, before
                // what they changed is copied into the database, once for all of them, and synced again.
                try db.execute(sql: "PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = \(checkpointPages)")
            }
            let migrator = Schema.migrator
            if try pool.read({ try migrator.hasBeenSuperseded($0) }) { throw StoreError.newerDatabase(path: path) }
            try migrator.migrate(pool)
            // What GRDB writes while it opens is not synced. Where the next sync fails, Linux forgets it, and with it the log
            // from there on, also turns that were acknowledged since.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)") }
        }

        /// A store on a simulated disk: one connection, no lock file and no thread, so that the same calls end the same.
        /// - Parameters:
        ///   - uri: what SQLite opens, with the simulated disk's VFS.
        ///   - checkpointPages: pages of the log after which SQLite copies them into the database.
        ///   - synchronous: `FULL` as the server has it; another one only shows that a simulation finds what it breaks.
        /// - Throws: ``StoreError``.
        package init(simulated uri: String, checkpointPages: Int, synchronous: String = "FULL") throws {
            lock = nil
            privacyKey = PrivacyKey(path: nil)
            var configuration = DatabaseConfiguration()
            configuration.journalMode = .wal
            // Before the journal's mode: with one connection the log's index needs no shared memory.
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            }
            do {
                let queue = try DatabaseQueue(path: uri, configuration: configuration)
                try Self.prepare(queue, uri, checkpointPages: checkpointPages, synchronous: synchronous)
                pool = Connections(queue)
            } catch let error as StoreError {
                throw error
            } catch {
                throw StoreError.unusable(path: uri, reason: "\(error)")
            }
            writer = GroupCommit(pool: pool, hasThread: false)
        }
    #endif

    /// On a simulated disk: what is submitted from now on waits for ``commitHeld()``, which commits it together.
    package func hold() { writer.hold() }
    package func commitHeld() { writer.release() }
    /// Turns that wait to be committed.
    package var waitingCount: Int { writer.waitingCount }

    /// Runs one turn and returns when it is on disk. What the turn wrote is undone where it throws; other turns of the
    /// same commit are not affected.
    /// - Throws: what `work` throws, ``StoreError/overloaded`` or ``StoreError/notWritten(reason:)``.
    public func submit<Value: Sendable>(
        _ work: @escaping @Sendable (any TurnTransaction) throws -> Value
    ) async throws -> Value {
        try await write { db in try work(SQLiteTurn(db: db)) }
    }

    /// As ``submit(_:)``, for the store's own statements.
    func write<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await write([work])[0].get()
    }

    /// Several, in this order, each undone by itself where it throws.
    func write<Value: Sendable>(
        _ works: [@Sendable (Database) throws -> Value]
    ) async -> [Result<Value, any Error>] {
        await writer.submit(
            works.map { work in
                { @Sendable (db: Database) throws -> Value in
                    let value = try work(db)
                    try Positions.refresh(db)
                    return value
                }
            })
    }

    /// Once: the lock file's descriptor may be somebody else's afterwards.
    public func close() throws {
        let wasClosed = isClosed.withLock { closed in
            defer { closed = true }
            return closed
        }
        if wasClosed { return }
        writer.stop()
        #if PostgreSQL
            leadership.end()
            try pool.close()
        #else
            // The file alone is then the whole database, for who copies it. Nothing is lost where it cannot be done now.
            try? pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            try pool.close()
            if let lock {
                flock(lock, LOCK_UN)
                Foundation.close(lock)
            }
        #endif
    }

    /// - Throws: ``StoreError`` where there is no such database to be read.
    static func requireFile(_ path: String) throws {
        #if PostgreSQL
            _ = try address(path)
        #else
            guard FileManager.default.fileExists(atPath: path) else {
                throw StoreError.unusable(path: path, reason: "there is no such file")
            }
        #endif
    }

    /// Copies the database with SQLite's online backup, also while a server writes to it.
    public static func backup(from path: String, to target: String) throws {
        #if PostgreSQL
            throw StoreError.unusable(
                path: path,
                reason: "PostgreSQL has its own copies: pg_dump, or an archive of its log for any moment")
        #else
            try requireFile(path)
            do {
                var configuration = DatabaseConfiguration()
                configuration.readonly = true
                let source = try DatabaseQueue(path: path, configuration: configuration)
                // Whose data it holds is for nobody else of the machine.
                _ = FileManager.default.createFile(
                    atPath: target, contents: nil, attributes: [.posixPermissions: 0o600])
                let copy = try DatabaseQueue(path: target)
                try source.backup(to: copy)
                try copy.close()
            } catch {
                throw StoreError.unusable(path: path, reason: "\(error)")
            }
        #endif
    }

    #if PostgreSQL
        private static func address(_ path: String) throws -> DatabaseAddress {
            guard let address = DatabaseAddress(path) else {
                throw StoreError.unusable(
                    path: path, reason: "this build keeps everything in PostgreSQL: postgresql://user@host/database")
            }
            return address
        }

        /// A store on a simulated disk is SQLite's.
        package init(simulated uri: String, checkpointPages: Int, synchronous: String = "FULL") throws {
            throw StoreError.unusable(path: uri, reason: "a build for PostgreSQL has no simulated disk")
        }
    #endif
}
