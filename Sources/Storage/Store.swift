import Conversations
import Foundation
import GRDB
import Ledger
import Quantities

/// Why the store cannot be used.
public enum StoreError: Error, CustomStringConvertible, Sendable {
    case newerDatabase(path: String)
    case inUse(path: String)
    case unusable(path: String, reason: String)
    /// Too many turns wait to be committed: try again later.
    case overloaded
    case closed

    public var description: String {
        switch self {
        case .newerDatabase(let path):
            "\(path): this database was written by a newer version of Promesa; run that version, or restore a backup"
        case .inUse(let path): "\(path): another Promesa uses this database; stop it first, or name another database"
        case .unusable(let path, let reason):
            "\(path): the database cannot be used (\(reason)); restore a backup, or name another file"
        case .overloaded: "too many messages wait to be stored"
        case .closed: "the store is closed"
        }
    }
}

/// The database: one SQLite file in WAL mode with `synchronous=FULL`, one writer that commits many turns at once.
public final class Store: Sendable {
    let pool: DatabasePool
    private let lock: Int32
    private let writer: GroupCommit

    /// Opens or creates the file and brings its schema up to date.
    /// - Throws: ``StoreError``.
    public init(path: String) throws {
        let descriptor = open(path + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.unusable(path: path, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Foundation.close(descriptor)
            throw StoreError.inUse(path: path)
        }
        lock = descriptor
        do {
            pool = try DatabasePool(path: path)
            // Not in `prepareDatabase`: GRDB sets NORMAL after it, which does not sync at each commit.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            let migrator = Schema.migrator
            if try pool.read({ try migrator.hasBeenSuperseded($0) }) { throw StoreError.newerDatabase(path: path) }
            try migrator.migrate(pool)
        } catch let error as StoreError {
            Foundation.close(descriptor)
            throw error
        } catch {
            Foundation.close(descriptor)
            throw StoreError.unusable(path: path, reason: "\(error)")
        }
        writer = GroupCommit(pool: pool)
    }

    /// Runs one turn and returns when it is on disk. What the turn wrote is undone where it throws; other turns of the
    /// same commit are not affected.
    /// - Throws: what `work` throws, ``StoreError/overloaded``, or the commit's error.
    public func submit<Value: Sendable>(
        _ work: @escaping @Sendable (any TurnTransaction) throws -> Value
    ) async throws -> Value {
        try await write { db in try work(SQLiteTurn(db: db)) }
    }

    /// As ``submit(_:)``, for the store's own statements.
    func write<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await writer.submit { db in
            let value = try work(db)
            try Positions.refresh(db)
            return value
        }
    }

    public func close() throws {
        writer.stop()
        try pool.close()
        flock(lock, LOCK_UN)
        Foundation.close(lock)
    }

    /// Copies the database with SQLite's online backup, also while a server writes to it.
    public static func backup(from path: String, to target: String) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError.unusable(path: path, reason: "there is no such file")
        }
        do {
            var configuration = GRDB.Configuration()
            configuration.readonly = true
            let source = try DatabaseQueue(path: path, configuration: configuration)
            let copy = try DatabaseQueue(path: target)
            try source.backup(to: copy)
            try copy.close()
        } catch {
            throw StoreError.unusable(path: path, reason: "\(error)")
        }
    }
}
