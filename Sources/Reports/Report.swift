import Ledger
import Quantities

/// A figure as it is shown: its table, and a chart of it.
public struct Report: Hashable, Sendable {
    public var figure: Figure
    public var chart: Chart?
    public var table: ReportTable
    /// What the reader must know of these very numbers, in Spanish.
    public var notes: [String] = []
}

/// A cell of a table.
public enum Cell: Hashable, Sendable {
    case text(String)
    case count(Int64)
    case money(Money)
    /// Nil where there is nothing to divide by.
    case percent(Percent?)

    /// As people read it.
    public var formatted: String {
        switch self {
        case .text(let text): text
        case .count(let count): grouped(count)
        case .money(let money): money.formatted
        case .percent(let percent): percent?.formatted ?? "sin datos"
        }
    }

    var csv: CSVWriter.Cell {
        switch self {
        case .text(let text): .text(text)
        case .count(let count): .text(String(count))
        case .money(let money): .hundredths(money.cents)
        case .percent(let percent): percent.map { .hundredths($0.basisPoints) } ?? .text("")
        }
    }

    public var isNumber: Bool {
        if case .text = self { false } else { true }
    }
}

public struct ReportTable: Hashable, Sendable {
    public var columns: [String]
    public var rows: [[Cell]]
    /// Nil where a sum says nothing.
    public var total: [Cell]?

    public init(_ columns: [String], _ rows: [[Cell]], total: [Cell]? = nil) {
        (self.columns, self.rows, self.total) = (columns, rows, total)
    }

    /// The rows, without the total.
    public var csv: [UInt8] {
        var mapping = ImportMapping()
        mapping.encoding = .utf8
        var writer = CSVWriter(columns: columns, mapping: mapping)
        // UTF-8 has every letter.
        for row in rows { try? writer.append(row.map(\.csv)) }
        return writer.buffer
    }
}

/// What is drawn.
public struct Chart: Hashable, Sendable {
    public enum Form: Hashable, Sendable {
        /// A column for each category, the series one on the other.
        case stacked
        /// A lying bar for each category; one series.
        case bars
        case lines
        /// A square for each category and series, the darker the more.
        case heat
    }
    public enum Unit: Hashable, Sendable {
        case count
        case money(Currency)
        /// Values are basis points.
        case percent

        public func formatted(_ value: Int64) -> String {
            switch self {
            case .count: grouped(value)
            case .money(let currency): Money(cents: value, currency).formatted
            case .percent: Percent(basisPoints: value).formatted
            }
        }
    }
    public struct Series: Hashable, Sendable {
        public var name: String
        /// By category; nil where there is no value.
        public var values: [Int64?]
        public init(_ name: String, _ values: [Int64?]) { (self.name, self.values) = (name, values) }
    }
    public var form: Form
    public var unit: Unit
    public var categories: [String]
    public var series: [Series]

    public init(_ form: Form, _ unit: Unit, _ categories: [String], _ series: [Series]) {
        (self.form, self.unit, self.categories, self.series) = (form, unit, categories, series)
    }
}

/// "1.234.567".
func grouped(_ value: Int64) -> String {
    let money = Money(cents: value * 100).formatted.dropFirst(2)
    let sign = value < 0 ? "-" : ""
    return sign + money.dropLast(3).filter { $0 != "-" && $0 != " " && $0 != "$" }
}

/// `part` of `whole`, rounded half up; nil where there is no whole.
func share(_ part: Int64, of whole: Int64) -> Percent? {
    whole > 0 ? Percent(basisPoints: roundedHalfUp(Int128(part) * 10_000, over: Int128(whole))) : nil
}
