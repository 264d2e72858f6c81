#if PostgreSQL
    import CPostgreSQL
    import Foundation

    /// What a statement answered; it never changes.
    public final class QueryResult: @unchecked Sendable {
        private let answer: OpaquePointer?
        let columns: [String]
        private let types: [Oid]
        public let rowCount: Int

        init(_ answer: OpaquePointer?) {
            self.answer = answer
            let count = answer.map { PQnfields($0) } ?? 0
            columns = (0..<count).map { String(cString: PQfname(answer, $0)) }
            types = (0..<count).map { PQftype(answer, $0) }
            rowCount = Int(answer.map { PQntuples($0) } ?? 0)
        }

        deinit { if let answer { PQclear(answer) } }

        /// What was done: `COMMIT`.
        var tag: String { answer.map { String(cString: PQcmdStatus($0)) } ?? "" }

        /// Rows that were changed.
        public var changes: Int { answer.flatMap { Int(String(cString: PQcmdTuples($0))) } ?? 0 }

        public func isNull(_ row: Int, _ column: Int) -> Bool { PQgetisnull(answer, CInt(row), CInt(column)) == 1 }

        /// As the server wrote it.
        public func text(_ row: Int, _ column: Int) -> String {
            let length = Int(PQgetlength(answer, CInt(row), CInt(column)))
            guard let bytes = PQgetvalue(answer, CInt(row), CInt(column)) else { return "" }
            return String(decoding: UnsafeRawBufferPointer(start: bytes, count: length), as: UTF8.self)
        }

        /// 0 where it is no whole number.
        public func integer(_ row: Int, _ column: Int) -> Int64 {
            guard let bytes = PQgetvalue(answer, CInt(row), CInt(column)) else { return 0 }
            if types[column] == 16 { return UInt8(bitPattern: bytes[0]) == UInt8(ascii: "t") ? 1 : 0 }
            return strtoll(bytes, nil, 10)
        }

        /// Bytes; nothing where there is no value.
        public func data(_ row: Int, _ column: Int) -> Data {
            isNull(row, column) ? Data() : Self.bytes(text(row, column))
        }

        func value(_ row: Int, _ column: Int) -> DatabaseValue {
            guard row < rowCount, !isNull(row, column) else { return .null }
            let text = text(row, column)
            // By the types' numbers in the catalogue, which are fixed.
            switch types[column] {
            case 16: return DatabaseValue(.int64(text == "t" ? 1 : 0))
            case 17: return DatabaseValue(.blob(Self.bytes(text)))
            case 20, 21, 23, 26: return DatabaseValue(.int64(Int64(text) ?? 0))
            case 700, 701, 1700:
                return Int64(text).map { DatabaseValue(.int64($0)) } ?? DatabaseValue(.double(Double(text) ?? 0))
            default: return DatabaseValue(.string(text))
            }
        }

        /// Of `\x0aff`.
        private static func bytes(_ text: String) -> Data {
            func digit(_ byte: UInt8) -> UInt8 { byte < 0x3A ? byte - 0x30 : byte - 0x57 }
            let digits = Array(text.utf8.dropFirst(2))
            return Data(
                stride(from: 0, to: digits.count - 1, by: 2).map { digit(digits[$0]) << 4 | digit(digits[$0 + 1]) })
        }
    }

    /// A row, with its values by name or by place.
    public struct Row: Sendable, Hashable, Sequence {
        let result: QueryResult
        let index: Int

        public var databaseValues: [DatabaseValue] { result.columns.indices.map { result.value(index, $0) } }

        public func makeIterator() -> some IteratorProtocol<(String, DatabaseValue)> {
            zip(result.columns, databaseValues).makeIterator()
        }

        public static func == (left: Row, right: Row) -> Bool {
            left.result.columns == right.result.columns && left.databaseValues == right.databaseValues
        }

        public func hash(into hasher: inout Hasher) { hasher.combine(databaseValues) }

        public subscript<Value: DatabaseValueConvertible>(_ column: Int) -> Value? {
            Value.fromDatabaseValue(result.value(index, column))
        }

        public subscript<Value: DatabaseValueConvertible>(_ column: Int) -> Value {
            let value = result.value(index, column)
            guard let found = Value.fromDatabaseValue(value) else {
                preconditionFailure("column \(column) holds \(value), which is no \(Value.self)")
            }
            return found
        }

        public subscript<Value: DatabaseValueConvertible>(_ name: String) -> Value? {
            result.columns.firstIndex(of: name).flatMap { self[$0] }
        }

        public subscript<Value: DatabaseValueConvertible>(_ name: String) -> Value {
            guard let column = result.columns.firstIndex(of: name) else { preconditionFailure("no column `\(name)`") }
            return self[column]
        }

        // MARK: Fetching

        private static func all(_ result: QueryResult) -> [Row] {
            (0..<result.rowCount).map { Row(result: result, index: $0) }
        }

        public static func fetchAll(_ db: Database, sql: String, arguments: StatementArguments = []) throws -> [Row] {
            all(try db.makeStatement(sql: sql).run(arguments))
        }

        public static func fetchAll(_ statement: Statement, arguments: StatementArguments = []) throws -> [Row] {
            all(try statement.run(arguments))
        }

        public static func fetchOne(_ db: Database, sql: String, arguments: StatementArguments = []) throws -> Row? {
            try fetchAll(db, sql: sql, arguments: arguments).first
        }

        public static func fetchOne(_ statement: Statement, arguments: StatementArguments = []) throws -> Row? {
            try fetchAll(statement, arguments: arguments).first
        }

        public static func fetchCursor(
            _ db: Database, sql: String, arguments: StatementArguments = []
        ) throws -> DatabaseCursor<Row> {
            DatabaseCursor(try db.cursor(sql, arguments)) { $0 }
        }
    }

    extension DatabaseValueConvertible {
        private static func all(_ result: QueryResult) -> [Self] {
            (0..<result.rowCount).map { Row(result: result, index: $0)[0] }
        }

        private static func first(_ result: QueryResult) -> Self? {
            result.rowCount == 0 ? nil : fromDatabaseValue(result.value(0, 0))
        }

        public static func fetchAll(_ db: Database, sql: String, arguments: StatementArguments = []) throws -> [Self] {
            all(try db.makeStatement(sql: sql).run(arguments))
        }

        public static func fetchAll(_ statement: Statement, arguments: StatementArguments = []) throws -> [Self] {
            all(try statement.run(arguments))
        }

        /// The first row's value; nil where there is no row, or it is NULL.
        public static func fetchOne(_ db: Database, sql: String, arguments: StatementArguments = []) throws -> Self? {
            first(try db.makeStatement(sql: sql).run(arguments))
        }

        public static func fetchOne(_ statement: Statement, arguments: StatementArguments = []) throws -> Self? {
            first(try statement.run(arguments))
        }

        public static func fetchCursor(
            _ db: Database, sql: String, arguments: StatementArguments = []
        ) throws -> DatabaseCursor<Self> {
            DatabaseCursor(try db.cursor(sql, arguments)) { $0[0] }
        }
    }

    /// Rows that are fetched some hundreds at a time.
    final class RowSource {
        private static let most = 500
        private unowned let database: Database
        private let name: String
        private var batch: [Row] = []
        private var next = 0
        private var isAtEnd = false

        init(_ database: Database, _ name: String) { (self.database, self.name) = (database, name) }

        func row() throws -> Row? {
            if next == batch.count, !isAtEnd {
                batch = try Row.fetchAll(database, sql: "FETCH \(Self.most) FROM \(name)")
                next = 0
                if batch.count < Self.most {
                    isAtEnd = true
                    try database.execute(sql: "CLOSE \(name)")
                }
            }
            guard next < batch.count else { return nil }
            next += 1
            return batch[next - 1]
        }
    }

    /// Goes through what a query finds without holding all of it.
    public final class DatabaseCursor<Element> {
        private let source: RowSource
        private let make: (Row) -> Element

        init(_ source: RowSource, _ make: @escaping (Row) -> Element) { (self.source, self.make) = (source, make) }

        public func next() throws -> Element? { try source.row().map(make) }
    }
#endif
