#if PostgreSQL
    import CPostgreSQL
    import Foundation

    /// What the server said of a statement that it refused, or that it cannot be reached.
    public struct DatabaseError: Error, CustomStringConvertible, Sendable {
        /// `SQLSTATE`; empty where there is no connection.
        public let state: String
        public let message: String
        public let sql: String?

        public var description: String {
            let place = sql.map { " - while executing `\($0)`" } ?? ""
            return "PostgreSQL\(state.isEmpty ? "" : " \(state)"): \(message)\(place)"
        }

        /// The database cannot be read or written now, whatever a turn asks of it: no connection, no room, a transaction
        /// that the server ended.
        public var isOfTheServer: Bool {
            state.isEmpty || state == "25P03" || ["08", "40", "53", "57", "58", "XX"].contains(String(state.prefix(2)))
        }
    }

    public enum TransactionCompletion { case commit, rollback }
    public enum TransactionKind { case deferred, immediate }

    /// How a connection is used.
    public struct DatabaseConfiguration: Sendable {
        public var readonly = false
        /// Tables that are made are the connection's own and gone with it.
        public var temporary = false
        public init() {}
    }

    /// One connection. Used by one thread at a time.
    public final class Database {
        private let connection: OpaquePointer
        private let configuration: DatabaseConfiguration
        private var statements: [String: Statement] = [:]
        private var savepoints = 0
        private var cursors = 0
        /// Rows that the last statement changed.
        public private(set) var changesCount = 0

        init(_ address: DatabaseAddress, _ configuration: DatabaseConfiguration) throws {
            self.configuration = configuration
            let settings = [
                ("dbname", address.connection), ("application_name", "promesa"), ("connect_timeout", "5"),
                ("keepalives_idle", "5"), ("keepalives_interval", "2"), ("keepalives_count", "3"),
                ("tcp_user_timeout", "10000"), ("client_encoding", "UTF8"),
            ]
            let names = settings.map { strdup($0.0) } + [nil]
            let values = settings.map { strdup($0.1) } + [nil]
            defer { for text in names + values { free(text) } }
            let opened = names.map { UnsafePointer($0) }.withUnsafeBufferPointer { names in
                values.map { UnsafePointer($0) }.withUnsafeBufferPointer { values in
                    PQconnectdbParams(names.baseAddress, values.baseAddress, 1)
                }
            }
            guard let opened else { throw DatabaseError(state: "", message: "no memory", sql: nil) }
            connection = opened
            guard PQstatus(connection) == CONNECTION_OK else { throw failure() }
            PQsetNoticeProcessor(connection, { _, _ in }, nil)
            try setUp()
        }

        deinit { PQfinish(connection) }

        /// A node that is gone without a word holds the lock of who writes for no longer than some seconds.
        private func setUp() throws {
            try simple(
                """
                SET synchronous_commit = on; SET bytea_output = hex; SET standard_conforming_strings = on;
                SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;
                SET tcp_user_timeout = 10000; SET idle_in_transaction_session_timeout = '60s';
                """)
            // `max(a, b)` and `->>` are looked for in the schema of the tables, beside PostgreSQL's own.
            if configuration.temporary {
                try simple("SELECT set_config('search_path', 'pg_temp, ' || current_setting('search_path'), false)")
            }
        }

        /// Whether it can be used again.
        var isSound: Bool { PQstatus(connection) == CONNECTION_OK && PQtransactionStatus(connection) == PQTRANS_IDLE }

        // MARK: Statements

        /// One that is prepared once for each connection.
        public func cachedStatement(sql: String) throws -> Statement {
            if let known = statements[sql] { return known }
            let statement = Statement(self, sql, name: "s\(statements.count)")
            statements[sql] = statement
            return statement
        }

        public func makeStatement(sql: String) throws -> Statement { Statement(self, sql, name: nil) }

        /// Runs one statement, or several without arguments.
        public func execute(sql: String, arguments: StatementArguments = []) throws {
            for part in Dialect.statements(sql) { try makeStatement(sql: part).execute(arguments: arguments) }
        }

        /// The number that the last row got.
        public var lastInsertedRowID: Int64 {
            (try? makeStatement(sql: "SELECT lastval()").run([]).value(0, 0)).flatMap { Int64.fromDatabaseValue($0) }
                ?? 0
        }

        public func tableExists(_ name: String) throws -> Bool {
            try makeStatement(sql: "SELECT to_regclass(?) IS NOT NULL").run([name.databaseValue])
                .value(0, 0) == DatabaseValue(.int64(1))
        }

        /// The columns of a table, in their order.
        public func columns(in table: String) throws -> [(name: String, type: String)] {
            try Row.fetchAll(
                self,
                sql: """
                    SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute
                    WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
                    """, arguments: [table]
            ).map { ($0[0], $0[1]) }
        }

        func run(_ statement: Statement, _ sql: String, _ values: [DatabaseValue]) throws -> QueryResult {
            let parameters = Parameters(values)
            let count = CInt(values.count)
            let answer = try parameters.with { pointers, lengths, formats in
                guard let name = statement.name else {
                    return PQexecParams(connection, sql, count, nil, pointers, lengths, formats, 0)
                }
                if !statement.isPrepared {
                    _ = try checked(PQprepare(connection, name, sql, 0, nil), sql)
                    statement.isPrepared = true
                }
                return PQexecPrepared(connection, name, count, pointers, lengths, formats, 0)
            }
            let result = try checked(answer, statement.sql)
            changesCount = result.changes
            return result
        }

        @discardableResult
        private func simple(_ sql: String) throws -> QueryResult { try checked(PQexec(connection, sql), sql) }

        private func checked(_ answer: OpaquePointer?, _ sql: String) throws -> QueryResult {
            guard let answer else { throw failure(sql) }
            let result = QueryResult(answer)
            switch PQresultStatus(answer) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return result
            default:
                let state = PQresultErrorField(answer, CInt(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
                let message = PQresultErrorField(answer, CInt(UInt8(ascii: "M"))).map { String(cString: $0) }
                throw message.map { DatabaseError(state: state, message: $0, sql: sql) } ?? failure(sql)
            }
        }

        private func failure(_ sql: String? = nil) -> DatabaseError {
            let text = String(cString: PQerrorMessage(connection))
            return DatabaseError(state: "", message: text.trimmingCharacters(in: .whitespacesAndNewlines), sql: sql)
        }

        // MARK: Transactions

        /// One that writes waits for its turn among all nodes, so that each sees what all before it wrote.
        public func inTransaction(
            _ kind: TransactionKind = .immediate, _ work: () throws -> TransactionCompletion
        ) throws {
            let begin =
                configuration.readonly
                ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                : configuration.temporary || kind == .deferred
                    ? "BEGIN" : "BEGIN; SELECT pg_advisory_xact_lock(20561126, hashtext(current_schema()))"
            do {
                try simple(begin)
            } catch let error as DatabaseError where PQstatus(connection) != CONNECTION_OK {
                // Nothing was done yet: the server may have been started again since.
                try reconnect(after: error)
                try simple(begin)
            }
            try finish(work, commit: "COMMIT", rollback: "ROLLBACK")
        }

        public func inSavepoint(_ work: () throws -> TransactionCompletion) throws {
            savepoints += 1
            defer { savepoints -= 1 }
            let name = "p\(savepoints)"
            try simple("SAVEPOINT \(name)")
            try finish(work, commit: "RELEASE \(name)", rollback: "ROLLBACK TO \(name); RELEASE \(name)")
        }

        /// Reads of one moment.
        func reading<Value>(_ work: () throws -> Value) throws -> Value {
            try simple("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            defer { _ = try? simple("COMMIT") }
            return try work()
        }

        private func finish(
            _ work: () throws -> TransactionCompletion, commit: String, rollback: String
        ) throws {
            do {
                guard try work() == .commit else {
                    try simple(rollback)
                    return
                }
                // After an error that somebody caught, COMMIT rolls back, and says so only in its tag.
                let tag = try simple(commit).tag
                guard commit.hasPrefix(tag) else {
                    throw DatabaseError(state: "25P02", message: "the transaction was rolled back", sql: commit)
                }
            } catch {
                _ = try? simple(rollback)
                throw error
            }
        }

        private func reconnect(after error: DatabaseError) throws {
            PQreset(connection)
            guard PQstatus(connection) == CONNECTION_OK else { throw error }
            for statement in statements.values { statement.isPrepared = false }
            try setUp()
        }

        // MARK: Rows one after the other

        /// Rows that the server keeps until they are asked for.
        func cursor(_ sql: String, _ arguments: StatementArguments) throws -> RowSource {
            cursors += 1
            let name = "c\(cursors)"
            let held = PQtransactionStatus(connection) == PQTRANS_INTRANS ? "" : "WITH HOLD "
            try makeStatement(sql: "DECLARE \(name) NO SCROLL CURSOR \(held)FOR \(sql)").execute(arguments: arguments)
            return RowSource(self, name)
        }

        // MARK: The other nodes

        /// Tells who listens that something was written, once it is committed.
        public func notify() throws { try simple("NOTIFY promesa") }

        /// Whether this connection holds the lock of the node that does what only one may do, or could take it now.
        public func leads() throws -> Bool {
            try makeStatement(sql: "SELECT pg_try_advisory_lock(20561127, hashtext(current_schema()))").run([])
                .value(0, 0) == DatabaseValue(.int64(1))
        }

        public func listen() throws { try simple("LISTEN promesa") }

        /// - Throws: where the connection is gone.
        public func ping() throws { try simple("SELECT 1") }

        /// Waits until another connection wrote, at most `milliseconds`.
        /// - Returns: whether one did.
        /// - Throws: where the connection is gone.
        public func waitForNotification(milliseconds: Int32) throws -> Bool {
            var descriptor = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
            poll(&descriptor, 1, milliseconds)
            guard PQconsumeInput(connection) == 1, PQstatus(connection) == CONNECTION_OK else { throw failure() }
            var seen = false
            while let notification = PQnotifies(connection) {
                PQfreemem(notification)
                seen = true
            }
            return seen
        }
    }

    /// A statement of one connection.
    public final class Statement {
        public let sql: String
        let name: String?
        var isPrepared = false
        private unowned let database: Database
        private let translated: Dialect

        init(_ database: Database, _ sql: String, name: String?) {
            (self.database, self.sql, self.name) = (database, sql, name)
            translated = Dialect(sql)
        }

        public func execute(arguments: StatementArguments = []) throws { _ = try run(arguments) }

        func run(_ arguments: StatementArguments) throws -> QueryResult {
            guard !arguments.names.isEmpty else { return try run(arguments.places) }
            return try run(translated.names.map { $0.flatMap { arguments.names[$0] } ?? .null })
        }

        /// Runs it with values by their places.
        public func run(_ values: [DatabaseValue]) throws -> QueryResult {
            guard let sql = translated.sql else { return QueryResult(nil) }
            precondition(
                values.count == translated.names.count, "\(values.count) values for `\(self.sql)`")
            return try database.run(self, sql, values)
        }
    }

    /// Values as the server takes them: texts, and bytes as they are.
    private struct Parameters {
        private var bytes: [UInt8] = []
        private var places: [Int?] = []
        private var lengths: [CInt] = []
        private var formats: [CInt] = []

        init(_ values: [DatabaseValue]) {
            for value in values {
                places.append(value.storage == .null ? nil : bytes.count)
                var isBinary = false
                let begin = bytes.count
                switch value.storage {
                case .null: break
                case .int64(let number): bytes += String(number).utf8
                case .double(let number): bytes += String(number).utf8
                case .string(let text): bytes += Self.withoutZeros(text)
                case .blob(let data):
                    bytes += data
                    isBinary = true
                }
                lengths.append(CInt(bytes.count - begin))
                formats.append(isBinary ? 1 : 0)
                bytes.append(0)
            }
        }

        func with<Value>(
            _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?) throws -> Value
        ) rethrows -> Value {
            try bytes.withUnsafeBytes { base in
                let start = base.baseAddress?.assumingMemoryBound(to: CChar.self)
                let pointers = places.map { place in place.flatMap { start?.advanced(by: $0) } }
                return try pointers.withUnsafeBufferPointer { pointers in
                    try lengths.withUnsafeBufferPointer { lengths in
                        try formats.withUnsafeBufferPointer { formats in
                            try body(pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
                        }
                    }
                }
            }
        }

        /// A text of PostgreSQL holds no zero.
        private static func withoutZeros(_ text: String) -> [UInt8] {
            let bytes = Array(text.utf8)
            return bytes.contains(0) ? bytes.filter { $0 != 0 } : bytes
        }
    }
#endif
