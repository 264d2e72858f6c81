import Quantities

/// The value of one unit of an index, day by day, as published: data, passed in.
public struct IndexTable: Hashable, Sendable {
    private let days: [Day]
    /// Ten-thousandths of a peso (or dollar) for one unit.
    private let values: [Int64]

    /// - Parameter values: ten-thousandths of a peso for one unit, by day, each above zero: 15 002 300 is $ 1.500,23.
    public init(_ values: [Day: Int64]) {
        precondition(values.values.allSatisfy { $0 > 0 }, "an index value is above zero")
        days = values.keys.sorted()
        self.values = days.map { values[$0]! }
    }

    /// The value in force on `day`: that of the last day published up to it, or the first one of the table before that;
    /// nil where the table is empty. O(log n).
    public func value(on day: Day) -> Int64? {
        guard !days.isEmpty else { return nil }
        var (low, high) = (0, days.count)
        while low < high {
            let middle = (low + high) / 2
            if days[middle] <= day { low = middle + 1 } else { high = middle }
        }
        return values[max(0, low - 1)]
    }
}

/// The index tables that a statement may need, by the name of the unit (`UVA`, `CER`).
public struct IndexTables: Hashable, Sendable {
    private let tables: [String: IndexTable]

    public init(_ tables: [String: IndexTable] = [:]) { self.tables = tables }

    /// No indices: an indexed item stands at the value it was imported with.
    public static let none = IndexTables()

    public subscript(unit: String) -> IndexTable? { tables[unit] }
}

/// A line of an index file that cannot be read.
public struct IndexFileError: Error, Hashable, Sendable, CustomStringConvertible {
    public let line: Int
    public let text: String
    public var description: String {
        "index:\(line): expected `date<TAB>value` such as `2026-11-24<TAB>1500.2300`, found `\(text)`"
    }
}

extension IndexTable {
    /// Reads `date<TAB>value` lines with up to four decimals after a point; `#` opens a comment line.
    /// - Throws: ``IndexFileError`` with the first wrong line.
    public static func parse(_ text: String) throws -> IndexTable {
        var values: [Day: Int64] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            let fields = line.split(separator: "\t")
            guard fields.count == 2, let day = Day(fields[0]), let value = tenThousandths(fields[1]), values[day] == nil
            else { throw IndexFileError(line: index + 1, text: String(line)) }
            values[day] = value
        }
        return IndexTable(values)
    }

    private static func tenThousandths(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : ""
        guard (1...2).contains(parts.count), (1...12).contains(parts[0].utf8.count), fraction.utf8.count <= 4,
            parts.count == 1 || !fraction.isEmpty, (parts[0] + fraction).utf8.allSatisfy({ (48...57).contains($0) }),
            let value = Int64(parts[0] + fraction + String(repeating: "0", count: 4 - fraction.utf8.count)), value > 0
        else { return nil }
        return value
    }
}
