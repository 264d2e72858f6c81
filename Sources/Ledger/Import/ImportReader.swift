import Quantities

/// Reads the rows of one file as they come: it holds one row, whatever the file's length.
public struct ImportReader {
    public enum Row: Hashable, Sendable {
        case good(ImportedRow)
        case bad([ImportProblem])
    }

    public let kind: ImportKind
    public let file: String
    let mapping: ImportMapping
    var scanner: CSVScanner
    /// For each column its place in a row; -1 where it has none.
    private var places = [Int](repeating: -1, count: ImportColumn.allCases.count)
    private var constants = [[UInt8]?](repeating: nil, count: ImportColumn.allCases.count)
    private(set) var columnCount = 0
    private var encoding: TextEncoding?
    private var problems: [ImportProblem] = []
    /// The header as the file has it, and what separates its cells.
    public private(set) var header: [UInt8] = []
    public var separator: UInt8 { scanner.separator }
    /// What the file was found to be written in so far.
    public var textEncoding: TextEncoding { encoding ?? .utf8 }

    /// Reads the header.
    /// - Parameter source: the next bytes of the file; none at its end.
    /// - Throws: ``ImportFailure`` where the columns are not those of the kind, ``CSVUnreadable``, what `source` throws.
    public init(
        _ kind: ImportKind, file: String, mapping: ImportMapping = ImportMapping(),
        source: @escaping () throws -> [UInt8]
    ) throws {
        (self.kind, self.file, self.mapping) = (kind, file, mapping)
        scanner = CSVScanner(source: source)
        encoding = mapping.encoding
        let beginning = try scanner.beginning()
        if beginning.starts(with: [0xEF, 0xBB, 0xBF]) {
            scanner.skip(3)
            encoding = encoding ?? .utf8
        } else if beginning.starts(with: [0xFF, 0xFE]) || beginning.starts(with: [0xFE, 0xFF]) {
            throw ImportFailure(problems: ["\(file):1:1: the file is UTF-16; save it as UTF-8 or Latin-1"])
        }
        scanner.separator = mapping.separator ?? Self.separator(of: beginning)
        for (column, value) in mapping.constants { constants[column.rawValue] = Array(value.utf8) }
        guard try scanner.next() else {
            throw ImportFailure(
                problems: [
                    "\(file):1:1: the file is empty; the first line names the columns: \(kind.required.map(mapping.name).joined(separator: ","))"
                ])
        }
        header = Array(scanner.rowBytes)
        try readHeader()
    }

    private mutating func readHeader() throws {
        columnCount = scanner.cells.count
        let byName = Dictionary(
            kind.columns.filter { mapping.constants[$0] == nil }.map { (mapping.name($0), $0) },
            uniquingKeysWith: { first, _ in first })
        for index in scanner.cells.indices {
            let name = text(ofCell: index) ?? ""
            guard let column = byName[name] else {
                // A mapping picks the columns of a file that has others; `problema` is what --skip-bad added.
                if mapping.names.isEmpty, name != "problema" {
                    report(
                        index,
                        "unknown column `\(name)`; the columns are \(kind.columns.map(mapping.name).joined(separator: ", "))"
                    )
                }
                continue
            }
            if places[column.rawValue] >= 0 { report(index, "column `\(name)` is there twice") }
            places[column.rawValue] = index
        }
        var needed = kind.required
        if kind == .accounts, ImportColumn.itemColumns.contains(where: has) { needed += ImportColumn.itemColumns }
        for column in needed where !has(column) {
            problems.append(ImportProblem(line: 1, column: 1, message: "column `\(mapping.name(column))` is missing"))
        }
        for column in mapping.names.keys.sorted(by: { $0.rawValue < $1.rawValue }) where places[column.rawValue] < 0 {
            if needed.contains(column) || mapping.constants[column] != nil { continue }
            problems.append(
                ImportProblem(line: 1, column: 1, message: "column `\(mapping.name(column))` of the mapping is missing")
            )
        }
        if !problems.isEmpty { throw ImportFailure(problems: problems.map { $0.rendered(file: file) }) }
    }

    /// The candidate that the first line has most often.
    private static func separator(of beginning: ArraySlice<UInt8>) -> UInt8 {
        let line = beginning.prefix { $0 != 10 }
        let candidates: [UInt8] = [44, 59, 9, 124]
        return candidates.max { a, b in line.count { $0 == a } < line.count { $0 == b } } ?? 44
    }

    /// Whether the file (or the mapping) states a column.
    public func has(_ column: ImportColumn) -> Bool {
        places[column.rawValue] >= 0 || constants[column.rawValue] != nil
    }

    /// The row's line, and its bytes' place in the file.
    public var line: Int { scanner.line }
    public var range: Range<Int> { scanner.range }
    public var rowBytes: [UInt8] { Array(scanner.rowBytes) }

    /// The next row, or nil at the end.
    /// - Throws: ``CSVUnreadable``, and what the source throws.
    public mutating func next() throws -> Row? {
        guard try scanner.next() else { return nil }
        return read()
    }

    /// Reads once more a row that was read before.
    public mutating func reread(_ bytes: [UInt8], line: Int, offset: Int) -> Row {
        scanner.load(bytes, line: line, offset: offset)
        return read()
    }

    private mutating func read() -> Row {
        problems.removeAll(keepingCapacity: true)
        if let (cell, expected) = scanner.quoteProblem {
            report(cell, "expected \(expected)")
        } else if scanner.cells.count != columnCount {
            report(
                0,
                "expected \(columnCount) fields, found \(scanner.cells.count); a text with the separator in it needs quotes"
            )
        }
        guard problems.isEmpty else { return .bad(problems) }
        let row =
            switch kind {
            case .accounts: accountRow()
            case .items: itemRow()
            case .payments: paymentRow()
            case .history: historyRow()
            }
        guard let row, problems.isEmpty else { return .bad(problems) }
        return .good(row)
    }

    // MARK: Cells

    private func text(ofCell index: Int) -> String? {
        scanner.withCell(index) { textEncoding.text($0) }.map(SpreadsheetText.unguarded)
    }

    private mutating func report(_ cell: Int, _ message: String) {
        let (line, column) = scanner.place(ofCell: cell, encoding: textEncoding)
        problems.append(ImportProblem(line: line, column: column, message: message))
    }

    /// A problem of the row that was read last, also one that only the store can see.
    public mutating func problem(_ column: ImportColumn, expected: String) -> ImportProblem {
        problems.removeAll()
        report(column, expected)
        return problems[0]
    }

    mutating func report(_ column: ImportColumn, _ expected: String) {
        let cell = places[column.rawValue]
        let found = cell < 0 || column.isPersonal ? nil : text(ofCell: cell)
        report(
            max(0, cell), "`\(mapping.name(column))`: expected \(expected)" + (found.map { ", found `\($0)`" } ?? ""))
    }

    func withBytes<R>(_ column: ImportColumn, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        let cell = places[column.rawValue]
        if cell >= 0 { return scanner.withCell(cell, body) }
        return (constants[column.rawValue] ?? []).withUnsafeBufferPointer(body)
    }

    func isEmpty(_ column: ImportColumn) -> Bool { withBytes(column) { $0.isEmpty } }

    /// The cell as text, without spaces around it; the first letter that is not ASCII decides how the file is written,
    /// unless the mapping says so.
    mutating func text(_ column: ImportColumn) -> String {
        let (known, cell) = (encoding, places[column.rawValue])
        if cell < 0 { return String(decoding: constants[column.rawValue] ?? [], as: UTF8.self) }
        enum Read {
            case plain(String)
            case utf8(String)
            case latin1(String)
            case wrong
        }
        let read = scanner.withCell(cell) { whole -> Read in
            let bytes = Self.trimmed(whole)
            if bytes.allSatisfy({ $0 < 0x80 }) { return .plain(String(decoding: bytes, as: UTF8.self)) }
            if let text = (known ?? .utf8).text(bytes) { return known == .latin1 ? .latin1(text) : .utf8(text) }
            return known == nil ? .latin1(TextEncoding.latin1.text(bytes) ?? "") : .wrong
        }
        switch read {
        case .plain(let text): return checked(text, column)
        case .utf8(let text):
            encoding = .utf8
            return checked(text, column)
        case .latin1(let text):
            encoding = .latin1
            return checked(text, column)
        case .wrong:
            report(
                cell,
                "`\(mapping.name(column))`: expected letters in UTF-8; if the file is not, say codificacion=latin1")
            return "?"
        }
    }

    private static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard bytes.first == 32 || bytes.last == 32 else { return bytes }
        let start = bytes.firstIndex { $0 != 32 } ?? bytes.count
        let end = (bytes.lastIndex { $0 != 32 } ?? start - 1) + 1
        return UnsafeBufferPointer(rebasing: bytes[start..<end])
    }

    /// SQLite's text ends at a NUL.
    private mutating func checked(_ text: String, _ column: ImportColumn) -> String {
        if text.utf8.contains(0) { report(column, "a text without a NUL") }
        return text
    }

    mutating func required(_ column: ImportColumn) -> String {
        let text = text(column)
        if text.isEmpty { report(column, "a value") }
        return text
    }

    /// Up to a hundred thousand million: interest of centuries on it still fits.
    mutating func hundredths(_ column: ImportColumn) -> Int64? {
        let mark = mapping.decimalMark
        switch withBytes(column, { CellValues.number($0, mark: mark) }) {
        case .hundredths(let value) where (0...10_000_000_000_000).contains(value): return value
        case .ambiguous:
            report(column, "an amount that can only be read in one way; say decimal=, or decimal=. in the mapping")
        default: report(column, "an amount such as 24600.00 or 24.600,00, up to 100000000000.00")
        }
        return nil
    }

    mutating func money(_ column: ImportColumn, _ currency: Currency = .ars) -> Money? {
        hundredths(column).map { Money(cents: $0, currency) }
    }

    mutating func percent(_ column: ImportColumn) -> Percent {
        // A rate of 1000 % or less has no thousands to mistake: 12.500 is twelve and a half.
        let mark = mapping.decimalMark ?? withBytes(column) { $0.contains(44) ? 44 : 46 }
        if case .hundredths(let value) = withBytes(column, { CellValues.number($0, mark: mark) }),
            (0...100_000).contains(value)
        {
            return Percent(basisPoints: value)
        }
        report(column, "a percentage such as 60 or 12.5, up to 1000")
        return .zero
    }

    mutating func day(_ column: ImportColumn) -> Day? {
        let format = mapping.format(column)
        if let day = withBytes(column, { format?.day($0) ?? (format == nil ? DayFormat.usualDay($0) : nil) }) {
            return day
        }
        report(column, "a day such as \(format.map { $0.text(Day(number: 20_792)) } ?? "2026-12-05 or 5/12/2026")")
        return nil
    }

    mutating func optionalDay(_ column: ImportColumn) -> Day? { isEmpty(column) ? nil : day(column) }

    /// One of a few words.
    mutating func word<Value: RawRepresentable & CaseIterable>(_ column: ImportColumn, _ type: Value.Type) -> Value?
    where Value.RawValue == String {
        let text = text(column)
        if let value = Value(rawValue: text) { return value }
        report(column, Value.allCases.map(\.rawValue).joined(separator: ", "))
        return nil
    }

    /// `si` is true; `no` and nothing are false.
    mutating func flag(_ column: ImportColumn) -> Bool {
        let text = text(column)
        if !["", "si", "sí", "no"].contains(text) { report(column, "si, no or nothing") }
        return text == "si" || text == "sí"
    }

    mutating func currency() -> Currency? { isEmpty(.currency) ? nil : word(.currency, Currency.self) }
}

extension ImportReader {
    /// The row as it is in the file, without what an earlier import wrote into `problema`.
    public var mendable: [UInt8] {
        let bytes = rowBytes
        guard String(decoding: header, as: UTF8.self).hasSuffix("problema"), scanner.cells.count == columnCount,
            let last = scanner.cells.last
        else { return bytes }
        let begin = last.start - scanner.rowStart
        let cut = bytes.prefix(begin)
        return Array(cut.last == 34 ? cut.dropLast(2) : cut.dropLast())
    }
}
