#if PostgreSQL
    import Foundation

    /// `postgresql://user@host/database`, with what is Promesa's own taken out.
    public struct DatabaseAddress: Sendable {
        /// As libpq takes it.
        public let connection: String
        /// The file with the key of who was erased: `?key=/etc/promesa.key`.
        public let key: String?

        /// Nil where it is no address of PostgreSQL.
        public init?(_ text: String) {
            guard text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") else { return nil }
            let parts = text.split(separator: "?", maxSplits: 1)
            let settings = parts.count == 2 ? parts[1].split(separator: "&") : []
            let own = settings.first { $0.hasPrefix("key=") }
            key = own.flatMap { String($0.dropFirst(4)).removingPercentEncoding }
            let others = settings.filter { $0 != own }
            connection = parts[0] + (others.isEmpty ? "" : "?" + others.joined(separator: "&"))
        }
    }

    /// Where a database is read and written.
    public protocol DatabaseWriter: AnyObject, Sendable {
        /// The address as it was given.
        var path: String { get }
        var readers: DatabaseConnections { get }
        var writer: DatabaseConnections { get }
    }

    extension DatabaseWriter {
        public func read<Value>(_ work: (Database) throws -> Value) throws -> Value {
            try readers.with { db in try db.reading { try work(db) } }
        }

        public func read<Value: Sendable>(
            _ work: @escaping @Sendable (Database) throws -> Value
        ) async throws -> Value {
            try await readers.later { db in try db.reading { try work(db) } }
        }

        public func writeWithoutTransaction<Value>(_ work: (Database) throws -> Value) throws -> Value {
            try writer.with(work)
        }

        public func writeWithoutTransaction<Value: Sendable>(
            _ work: @escaping @Sendable (Database) throws -> Value
        ) async throws -> Value {
            try await writer.later(work)
        }

        public func write<Value>(_ work: (Database) throws -> Value) throws -> Value {
            try writer.with { try $0.writing(work) }
        }

        public func write<Value: Sendable>(
            _ work: @escaping @Sendable (Database) throws -> Value
        ) async throws -> Value {
            try await writer.later { try $0.writing(work) }
        }

        public func close() throws {
            readers.close()
            writer.close()
        }
    }

    /// One connection that writes, and a few that read beside it.
    public final class DatabasePool: DatabaseWriter {
        public let path: String
        public let readers: DatabaseConnections
        public let writer: DatabaseConnections

        public init(path: String) throws {
            self.path = path
            readers = try DatabaseConnections(path, most: 6)
            writer = try DatabaseConnections(path, most: 1)
            // Whether it can be reached at all.
            try writer.with { _ in }
        }
    }

    /// One connection for everything.
    public final class DatabaseQueue: DatabaseWriter {
        public let path: String
        public let writer: DatabaseConnections
        public var readers: DatabaseConnections { writer }

        public init(path: String, configuration: DatabaseConfiguration = DatabaseConfiguration()) throws {
            self.path = path
            writer = try DatabaseConnections(path, most: 1, configuration)
            try writer.with { _ in }
        }
    }

    extension Database {
        fileprivate func writing<Value>(_ work: (Database) throws -> Value) throws -> Value {
            var value: Value!
            try inTransaction(.immediate) {
                value = try work(self)
                return .commit
            }
            return value
        }
    }

    /// Connections that are opened when they are needed and kept; one that broke is not used again.
    ///
    /// `@unchecked Sendable`: what changes is touched only under `condition`; a connection is used by who took it.
    public final class DatabaseConnections: @unchecked Sendable {
        private let address: DatabaseAddress
        private let configuration: DatabaseConfiguration
        private let most: Int
        private let condition = NSCondition()
        private var free: [Database] = []
        private var used = 0
        private let operations = OperationQueue()

        init(_ path: String, most: Int, _ configuration: DatabaseConfiguration = DatabaseConfiguration()) throws {
            guard let address = DatabaseAddress(path) else {
                throw DatabaseError(
                    state: "", message: "this is no address of PostgreSQL: postgresql://user@host/database", sql: nil)
            }
            (self.address, self.configuration, self.most) = (address, configuration, most)
            operations.maxConcurrentOperationCount = most
        }

        func with<Value>(_ work: (Database) throws -> Value) throws -> Value {
            condition.lock()
            while used == most { condition.wait() }
            used += 1
            var database = free.popLast()
            condition.unlock()
            defer {
                condition.lock()
                used -= 1
                if let database, database.isSound { free.append(database) }
                condition.signal()
                condition.unlock()
            }
            if database == nil { database = try Database(address, configuration) }
            return try work(database!)
        }

        /// Not on a thread of Swift's tasks, which are few and never wait for a server.
        func later<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
            try await withCheckedThrowingContinuation { continuation in
                operations.addOperation { continuation.resume(with: Result { try self.with(work) }) }
            }
        }

        func close() {
            condition.lock()
            free = []
            condition.unlock()
        }
    }
#endif
