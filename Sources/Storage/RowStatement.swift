import DatabaseEngine
import Foundation
import Quantities

#if !PostgreSQL
    import GRDBSQLite
#endif

/// A value of a row.
enum RowValue {
    case text(String)
    case integer(Int64)
    case data(Data)
    case null

    /// How many bytes it takes besides its place in the row.
    fileprivate var byteCount: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .data(let data): data.count
        case .integer, .null: 0
        }
    }

    static func text(_ text: String?) -> RowValue { text.map { .text($0) } ?? .null }
    static func integer(_ value: Int64?) -> RowValue { value.map { .integer($0) } ?? .null }
    static func flag(_ value: Bool) -> RowValue { .integer(value ? 1 : 0) }
    /// Days since 1970-01-01.
    static func day(_ day: Day?) -> RowValue { .integer(day.map { Int64($0.number) }) }
    static func cents(_ money: Money?) -> RowValue { .integer(money?.cents) }
    static func rate(_ percent: Percent?) -> RowValue { .integer(percent?.basisPoints) }
}

#if PostgreSQL
    /// A prepared statement for rows by the hundred thousand and for what every turn reads.
    final class RowStatement {
        private let statement: Statement

        init(_ db: Database, _ sql: String) throws { statement = try db.cachedStatement(sql: sql) }

        /// Runs it to its end.
        /// - Returns: how many rows it changed.
        @discardableResult
        func run(_ values: RowValue...) throws -> Int { try run(values) }

        /// As above, for many columns.
        @discardableResult
        func run(_ values: [RowValue]) throws -> Int { try result(values).changes }

        /// Calls `read` with the first row, if there is one; it may look at columns only.
        func first<Value>(_ values: RowValue..., read: (RowColumns) throws -> Value) throws -> Value? {
            try first(values, read: read)
        }

        /// As above, for values in a list.
        func first<Value>(_ values: [RowValue], read: (RowColumns) throws -> Value) throws -> Value? {
            let result = try result(values)
            return result.rowCount == 0 ? nil : try read(RowColumns(result: result, row: 0))
        }

        /// Every row.
        func all<Value>(_ values: RowValue..., read: (RowColumns) throws -> Value) throws -> [Value] {
            try all(values, read: read)
        }

        /// As above, for values in a list.
        func all<Value>(_ values: [RowValue], read: (RowColumns) throws -> Value) throws -> [Value] {
            let result = try result(values)
            return try (0..<result.rowCount).map { try read(RowColumns(result: result, row: $0)) }
        }

        private func result(_ values: [RowValue]) throws -> QueryResult {
            try statement.run(
                values.map { value in
                    switch value {
                    case .text(let text): DatabaseValue(.string(text))
                    case .integer(let number): DatabaseValue(.int64(number))
                    case .data(let data): DatabaseValue(.blob(data))
                    case .null: .null
                    }
                })
        }
    }

    /// The columns of a row that a ``RowStatement`` read, counted from 0.
    struct RowColumns {
        fileprivate let result: QueryResult
        fileprivate let row: Int

        func text(_ index: CInt) -> String { result.text(row, Int(index)) }
        func data(_ index: CInt) -> Data { result.data(row, Int(index)) }
        func integer(_ index: CInt) -> Int64 { result.integer(row, Int(index)) }
        /// A body that was written as JSON.
        func body<Value: Decodable>(_ index: CInt) throws -> Value { try JSON.value(text(index)) }
        func isNull(_ index: CInt) -> Bool { result.isNull(row, Int(index)) }
    }
#else
    /// A prepared statement for rows by the hundred thousand and for what every turn reads: it binds and steps without GRDB's
    /// boxes, at a third of the time.
    final class RowStatement {
        private let statement: Statement
        private let database: Database
        private let raw: SQLiteStatement
        /// The bound texts and data one after the other, as long as the statement runs: SQLite need not copy each.
        private var bound: UnsafeMutableRawBufferPointer

        init(_ db: Database, _ sql: String) throws {
            (statement, database) = (try db.cachedStatement(sql: sql), db)
            raw = statement.sqliteStatement
            bound = .allocate(byteCount: 256, alignment: 1)
        }

        deinit {
            // The statement stays in GRDB's cache: it must not keep pointers to what goes now.
            sqlite3_clear_bindings(raw)
            bound.deallocate()
        }

        /// Runs it to its end.
        /// - Returns: how many rows it changed.
        @discardableResult
        func run(_ values: RowValue...) throws -> Int { try run(values) }

        /// As above, for many columns.
        @discardableResult
        func run(_ values: [RowValue]) throws -> Int {
            bind(values)
            defer { sqlite3_reset(raw) }
            guard sqlite3_step(raw) == SQLITE_DONE else { throw failure() }
            return Int(sqlite3_changes(database.sqliteConnection))
        }

        /// Calls `read` with the first row, if there is one; it may look at columns only.
        func first<Value>(_ values: RowValue..., read: (RowColumns) throws -> Value) throws -> Value? {
            try first(values, read: read)
        }

        /// As above, for values in a list.
        func first<Value>(_ values: [RowValue], read: (RowColumns) throws -> Value) throws -> Value? {
            bind(values)
            defer { sqlite3_reset(raw) }
            switch sqlite3_step(raw) {
            case SQLITE_ROW: return try read(RowColumns(raw: raw))
            case SQLITE_DONE: return nil
            default: throw failure()
            }
        }

        /// Every row, read while it stands on it.
        func all<Value>(_ values: RowValue..., read: (RowColumns) throws -> Value) throws -> [Value] {
            try all(values, read: read)
        }

        /// As above, for values in a list.
        func all<Value>(_ values: [RowValue], read: (RowColumns) throws -> Value) throws -> [Value] {
            bind(values)
            defer { sqlite3_reset(raw) }
            var rows: [Value] = []
            while true {
                switch sqlite3_step(raw) {
                case SQLITE_ROW: rows.append(try read(RowColumns(raw: raw)))
                case SQLITE_DONE: return rows
                default: throw failure()
                }
            }
        }

        private func bind(_ values: [RowValue]) {
            let length = values.reduce(0) { $0 + $1.byteCount }
            if length > bound.count {
                bound.deallocate()
                bound = .allocate(byteCount: length * 2, alignment: 1)
            }
            var end = 0
            // Without a destructor SQLite takes the bytes to stay where they are.
            func put(_ bytes: some Collection<UInt8>, _ count: Int) -> UnsafeMutableRawPointer {
                let slot = UnsafeMutableRawBufferPointer(rebasing: bound[end..<end + count])
                slot.copyBytes(from: bytes)
                defer { end += count }
                return bound.baseAddress! + end
            }
            for (index, value) in values.enumerated() {
                let (place, count) = (CInt(index + 1), value.byteCount)
                switch value {
                case .integer(let value): sqlite3_bind_int64(raw, place, value)
                case .null: sqlite3_bind_null(raw, place)
                case .data(let data): sqlite3_bind_blob(raw, place, put(data, count), CInt(count), nil)
                case .text(let text):
                    let start = put(text.utf8, count).assumingMemoryBound(to: CChar.self)
                    sqlite3_bind_text(raw, place, start, CInt(count), nil)
                }
            }
        }

        private func failure() -> DatabaseError {
            let connection = database.sqliteConnection
            return DatabaseError(
                resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
                message: String(cString: sqlite3_errmsg(connection)), sql: statement.sql)
        }
    }

    /// The columns of the row on which a ``RowStatement`` stands, counted from 0.
    struct RowColumns {
        fileprivate let raw: SQLiteStatement

        func text(_ index: CInt) -> String { sqlite3_column_text(raw, index).map { String(cString: $0) } ?? "" }
        func data(_ index: CInt) -> Data {
            sqlite3_column_blob(raw, index).map { Data(bytes: $0, count: Int(sqlite3_column_bytes(raw, index))) }
                ?? Data()
        }
        func integer(_ index: CInt) -> Int64 { sqlite3_column_int64(raw, index) }
        /// A body that was written as JSON.
        func body<Value: Decodable>(_ index: CInt) throws -> Value {
            let start = sqlite3_column_blob(raw, index)?.assumingMemoryBound(to: UInt8.self)
            return try JSONTextReader.value(
                UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(raw, index))))
        }
        func isNull(_ index: CInt) -> Bool { sqlite3_column_type(raw, index) == SQLITE_NULL }
    }
#endif

extension RowColumns {
    func optionalText(_ index: CInt) -> String? { isNull(index) ? nil : text(index) }
    func flag(_ index: CInt) -> Bool { integer(index) != 0 }
    func optionalInteger(_ index: CInt) -> Int64? { isNull(index) ? nil : integer(index) }
    func optionalDay(_ index: CInt) -> Day? { optionalInteger(index).map { Day(number: Int($0)) } }
    func day(_ index: CInt) -> Day { Day(number: Int(integer(index))) }
}
