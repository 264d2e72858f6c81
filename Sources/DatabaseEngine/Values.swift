#if PostgreSQL
    import Foundation

    /// A value of a row, or one that a statement is given.
    public struct DatabaseValue: Hashable, Sendable, CustomStringConvertible {
        public enum Storage: Hashable, Sendable {
            case null
            case int64(Int64)
            case double(Double)
            case string(String)
            case blob(Data)
        }
        public let storage: Storage
        public init(_ storage: Storage) { self.storage = storage }

        public static let null = DatabaseValue(.null)

        public var description: String {
            switch storage {
            case .null: "NULL"
            case .int64(let value): String(value)
            case .double(let value): String(value)
            case .string(let value): "\"\(value)\""
            case .blob(let value): "Data(\(value.count) bytes)"
            }
        }
    }

    /// What statements take and rows give.
    public protocol DatabaseValueConvertible {
        var databaseValue: DatabaseValue { get }
        /// Nil where the value is no such thing.
        static func fromDatabaseValue(_ value: DatabaseValue) -> Self?
    }

    extension String: DatabaseValueConvertible {
        public var databaseValue: DatabaseValue { DatabaseValue(.string(self)) }
        public static func fromDatabaseValue(_ value: DatabaseValue) -> String? {
            switch value.storage {
            case .string(let text): text
            case .int64(let number): String(number)
            case .double(let number): String(number)
            case .null, .blob: nil
            }
        }
    }

    extension Int64: DatabaseValueConvertible {
        public var databaseValue: DatabaseValue { DatabaseValue(.int64(self)) }
        public static func fromDatabaseValue(_ value: DatabaseValue) -> Int64? {
            switch value.storage {
            case .int64(let number): number
            case .double(let number): Int64(exactly: number)
            // A member of a JSON text comes as text.
            case .string(let text): Int64(text)
            case .null, .blob: nil
            }
        }
    }

    extension Int: DatabaseValueConvertible {
        public var databaseValue: DatabaseValue { DatabaseValue(.int64(Int64(self))) }
        public static func fromDatabaseValue(_ value: DatabaseValue) -> Int? {
            Int64.fromDatabaseValue(value).map { Int($0) }
        }
    }

    extension Bool: DatabaseValueConvertible {
        public var databaseValue: DatabaseValue { DatabaseValue(.int64(self ? 1 : 0)) }
        public static func fromDatabaseValue(_ value: DatabaseValue) -> Bool? {
            Int64.fromDatabaseValue(value).map { $0 != 0 }
        }
    }

    extension Data: DatabaseValueConvertible {
        public var databaseValue: DatabaseValue { DatabaseValue(.blob(self)) }
        public static func fromDatabaseValue(_ value: DatabaseValue) -> Data? {
            if case .blob(let data) = value.storage { data } else { nil }
        }
    }

    /// The values of a statement, by place or by name.
    public struct StatementArguments: Sendable, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
        var places: [DatabaseValue] = []
        var names: [String: DatabaseValue] = [:]

        public init(arrayLiteral elements: (any DatabaseValueConvertible)?...) {
            places = elements.map { $0?.databaseValue ?? .null }
        }

        public init(dictionaryLiteral elements: (String, (any DatabaseValueConvertible)?)...) {
            for (name, value) in elements { names[name] = value?.databaseValue ?? .null }
        }

        public init(_ values: [String: some DatabaseValueConvertible]) { names = values.mapValues(\.databaseValue) }

        init(_ values: [DatabaseValue]) { places = values }

        public static func += (left: inout StatementArguments, right: StatementArguments) {
            left.places += right.places
            left.names.merge(right.names) { $1 }
        }
    }
#endif
