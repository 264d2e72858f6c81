/// One cell of a row: bytes of the scanner's buffer, without the quotes around them.
struct CSVCell {
    var start: Int
    var end: Int
    /// It was quoted and holds doubled quotes, each of which stands for one.
    var hasDoubledQuotes = false
}

/// What makes a whole file unreadable.
public struct CSVUnreadable: Error, Hashable, Sendable, CustomStringConvertible {
    public let line: Int
    public let description: String
}

/// Rows of comma-separated values after RFC 4180, read in chunks: it never holds more than a chunk and a row.
///
/// A quoted cell may hold separators, quotes (doubled) and line breaks. Empty lines are passed over.
struct CSVScanner {
    /// A longer row is a quote that was never closed.
    static let longestRow = 1 << 20

    private let source: () throws -> [UInt8]
    private var buffer: [UInt8] = []
    /// Where in the file the buffer begins.
    private var bufferOffset = 0
    private var position = 0
    private var ended = false
    private var nextLine = 1

    var separator = UInt8(ascii: ",")
    private(set) var cells: [CSVCell] = []
    /// The line on which the row begins; the first is 1.
    private(set) var line = 1
    private var row = 0..<0
    /// What is wrong with the row's quotes, and in which cell.
    private(set) var quoteProblem: (cell: Int, expected: String)?

    /// - Parameter source: the next bytes of the file; none at its end.
    init(source: @escaping () throws -> [UInt8]) { self.source = source }

    /// The row's place in the file, without its line break.
    var range: Range<Int> { row.lowerBound + bufferOffset..<row.upperBound + bufferOffset }
    var rowBytes: ArraySlice<UInt8> { buffer[row] }
    /// Where in the buffer the row begins: cells count from there.
    var rowStart: Int { row.lowerBound }

    /// Reads ahead and shows the beginning of the file, a byte order mark included.
    mutating func beginning() throws -> ArraySlice<UInt8> {
        while !ended, buffer.count < 3 || (!buffer.contains(10) && buffer.count < Self.longestRow) { try refill() }
        return buffer[position...]
    }

    /// Leaves out bytes at the beginning: a byte order mark.
    mutating func skip(_ count: Int) { position += count }

    /// Goes to the next row.
    /// - Returns: whether there is one.
    mutating func next() throws -> Bool {
        while true {
            switch scan() {
            case .row: return true
            case .end: return false
            case .more:
                if buffer.count - position > Self.longestRow {
                    throw CSVUnreadable(
                        line: nextLine, description: "the row is longer than 1 MiB; is a quote not closed?")
                }
                try refill()
            }
        }
    }

    /// Stands on a row that was read before.
    mutating func load(_ bytes: [UInt8], line: Int, offset: Int) {
        (buffer, bufferOffset, position, nextLine, ended) = (bytes, offset, 0, line, true)
        _ = scan()
    }

    private mutating func refill() throws {
        let chunk = try source()
        if chunk.isEmpty {
            ended = true
            return
        }
        bufferOffset += position
        buffer.removeFirst(position)
        buffer += chunk
        position = 0
    }

    private enum Found { case row, end, more }

    private mutating func scan() -> Found {
        cells.removeAll(keepingCapacity: true)
        quoteProblem = nil
        let (separator, ended) = (separator, ended)
        var (begin, line, lines) = (position, nextLine, 0)
        var end = begin
        let found = buffer.withUnsafeBufferPointer { bytes -> Found in
            let count = bytes.count
            while begin < count,
                bytes[begin] == 10 || (bytes[begin] == 13 && begin + 1 < count && bytes[begin + 1] == 10)
            {
                if bytes[begin] == 10 { line += 1 }
                begin += 1
            }
            var index = begin
            if index == count { return ended ? .end : .more }
            while true {
                var cell = CSVCell(start: index, end: index)
                if index < count, bytes[index] == 34 {
                    guard let close = Self.closingQuote(bytes, from: index + 1, &cell, &lines) else {
                        if !ended { return .more }
                        quoteProblem = (cells.count, "a closing quote before the end of the file")
                        (cell.end, index) = (count, count)
                        cells.append(cell)
                        break
                    }
                    (cell.start, cell.end, index) = (index + 1, close, close + 1)
                }
                let rest = index
                while index < count, bytes[index] != separator, bytes[index] != 10 { index += 1 }
                if index == count, !ended { return .more }
                let atLineEnd = index == count || bytes[index] == 10
                var stop = index
                if atLineEnd, stop > rest, bytes[stop - 1] == 13 { stop -= 1 }
                if rest == cell.start {
                    cell.end = stop
                } else if bytes[rest..<stop].contains(where: { $0 != 32 }) {
                    quoteProblem = (cells.count, "quotes only around a whole cell, and those inside it doubled")
                }
                cells.append(cell)
                if atLineEnd { break }
                index += 1
            }
            end = index
            return .row
        }
        if found == .row {
            self.line = line
            var stop = end
            if stop > begin, stop <= buffer.count, buffer[stop - 1] == 13 { stop -= 1 }
            row = begin..<stop
            position = min(end + 1, buffer.count)
            nextLine = line + lines + 1
        }
        return found
    }

    private static func closingQuote(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ cell: inout CSVCell, _ lines: inout Int
    ) -> Int? {
        var index = start
        while index < bytes.count {
            if bytes[index] == 10 { lines += 1 }
            if bytes[index] == 34 {
                guard index + 1 < bytes.count, bytes[index + 1] == 34 else { return index }
                cell.hasDoubledQuotes = true
                index += 1
            }
            index += 1
        }
        return nil
    }

    /// Calls `body` with the bytes of a cell, quotes undone.
    func withCell<R>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        let cell = cells[index]
        guard cell.hasDoubledQuotes else {
            return buffer.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[cell.start..<cell.end])) }
        }
        var plain: [UInt8] = []
        var skipping = false
        for byte in buffer[cell.start..<cell.end] {
            skipping = byte == 34 && !skipping && plain.last == 34 && !plain.isEmpty
            if !skipping { plain.append(byte) }
        }
        return plain.withUnsafeBufferPointer(body)
    }

    /// Line and column of a cell, counted from 1; a column is a character.
    func place(ofCell index: Int, encoding: TextEncoding) -> (line: Int, column: Int) {
        guard cells.indices.contains(index) else { return (line, 1) }
        var (line, column) = (line, 1)
        var start = cells[index].start
        if start > row.lowerBound, buffer[start - 1] == 34 { start -= 1 }
        for byte in buffer[row.lowerBound..<max(row.lowerBound, start)] {
            if byte == 10 {
                (line, column) = (line + 1, 1)
            } else if encoding == .latin1 || byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return (line, column)
    }
}
