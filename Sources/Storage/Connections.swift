import DatabaseEngine

#if PostgreSQL
    /// The connections to one database: one that writes, and some that read beside it.
    typealias Connections = DatabasePool
#else
    /// The connections to one database: to a file, one that writes and some that read beside it; on a simulated disk, one.
    struct Connections: Sendable {
        private let all: any DatabaseWriter
        /// Where there is one connection, nobody writes while it reads: it needs no transaction, no other thread, and above all
        /// no `query_only`, for which SQLite compiles every statement again.
        private let isOne: Bool

        init(_ pool: DatabasePool) { (all, isOne) = (pool, false) }
        init(_ queue: DatabaseQueue) { (all, isOne) = (queue, true) }

        func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
            isOne ? try readAtOnce(body) : try await all.read(body)
        }

        func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
            isOne ? try all.unsafeRead(body) : try all.read(body)
        }

        private func readAtOnce<Value>(_ body: (Database) throws -> Value) throws -> Value { try all.unsafeRead(body) }

        func writeWithoutTransaction<Value>(_ body: (Database) throws -> Value) throws -> Value {
            try all.writeWithoutTransaction(body)
        }

        func writeWithoutTransaction<Value: Sendable>(
            _ body: @Sendable (Database) throws -> Value
        ) async throws -> Value {
            try await all.writeWithoutTransaction(body)
        }

        func close() throws { try all.close() }
    }
#endif
