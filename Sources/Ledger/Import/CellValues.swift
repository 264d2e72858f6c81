import Quantities

/// What a cell says where a number was expected.
enum CellNumber: Equatable {
    /// Hundredths of a unit.
    case hundredths(Int64)
    /// `1.234`: thousands to one, decimals to another; the mapping has to say which.
    case ambiguous
    case invalid
}

enum CellValues {
    /// Reads `24600`, `24600.5`, `24.600,00`, `$ 24,600.00`; digits beyond the second decimal must be zeros.
    /// - Parameter mark: the decimal mark, or nil where the cell itself has to show it.
    static func number(_ cell: UnsafeBufferPointer<UInt8>, mark: UInt8?) -> CellNumber {
        var (start, end) = (0, cell.count)
        while start < end, cell[start] == 32 || cell[start] == 36 { start += 1 }
        while start < end, cell[end - 1] == 32 { end -= 1 }
        guard start < end, end - start <= 40 else { return .invalid }
        let bytes = UnsafeBufferPointer(rebasing: cell[start..<end])
        guard let decimals = decimals(bytes, mark: mark) else { return .ambiguous }
        var (units, fraction, places, digits, group) = (Int64(0), Int64(0), 0, 0, 0)
        var grouping: UInt8?
        for (index, byte) in bytes.enumerated() {
            let digit = Int64(byte) - 48
            if index == decimals {
                guard digits > 0, grouping == nil || group == 3 else { return .invalid }
            } else if !(0...9).contains(digit) {
                guard index < decimals, byte == 46 || byte == 44, grouping == nil || (byte == grouping && group == 3),
                    (1...3).contains(digits) || grouping != nil
                else { return .invalid }
                (grouping, group) = (byte, 0)
            } else if index < decimals {
                (units, digits, group) = (units * 10 + digit, digits + 1, group + 1)
                if digits > 15 { return .invalid }
            } else {
                places += 1
                if places <= 2 { fraction = fraction * 10 + digit } else if digit != 0 { return .invalid }
            }
        }
        let hasDecimals = decimals < bytes.count
        guard digits > 0, !hasDecimals || places > 0, hasDecimals || grouping == nil || group == 3 else {
            return .invalid
        }
        return .hundredths(units * 100 + (places == 1 ? fraction * 10 : fraction))
    }

    /// Where the decimal mark stands; the end where there is none. Nil where it could also be the one of thousands.
    private static func decimals(_ bytes: UnsafeBufferPointer<UInt8>, mark: UInt8?) -> Int? {
        if let mark { return bytes.lastIndex(of: mark) ?? bytes.count }
        guard let last = bytes.lastIndex(where: { $0 == 46 || $0 == 44 }) else { return bytes.count }
        let other: UInt8 = bytes[last] == 46 ? 44 : 46
        if bytes.contains(other) { return last }
        if bytes[..<last].contains(bytes[last]) { return bytes.count }
        return bytes.count - last == 4 ? nil : last
    }

    /// A whole number of up to nine digits.
    static func count(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard (1...9).contains(bytes.count) else { return nil }
        var value = 0
        for byte in bytes {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int(byte) - 48
        }
        return value
    }

    static func allDigits(_ text: some StringProtocol) -> Bool { text.utf8.allSatisfy { (48...57).contains($0) } }
}

/// How a file writes its days: `dd/MM/yyyy`, `d-M-yy`, `yyyyMMdd`.
public struct DayFormat: Hashable, Sendable, CustomStringConvertible {
    enum Part: Hashable, Sendable {
        case day(Int)
        case month(Int)
        case year(Int)
        case literal(UInt8)
    }

    public let description: String
    let parts: [Part]

    /// - Returns: nil unless it has `d` or `dd`, `M` or `MM`, and `yy` or `yyyy`, once each.
    public init?(_ pattern: String) {
        var parts: [Part] = []
        var rest = Array(pattern.utf8)[...]
        while let letter = rest.first {
            let run = rest.prefix { $0 == letter }.count
            switch (letter, run) {
            case (UInt8(ascii: "d"), 1...2): parts.append(.day(run))
            case (UInt8(ascii: "M"), 1...2): parts.append(.month(run))
            case (UInt8(ascii: "y"), 2), (UInt8(ascii: "y"), 4): parts.append(.year(run))
            default:
                guard letter < 0x80, !(65...90).contains(letter), !(97...122).contains(letter) else { return nil }
                parts += Array(repeating: .literal(letter), count: run)
            }
            rest = rest.dropFirst(run)
        }
        func count(_ isIt: (Part) -> Bool) -> Int { parts.count(where: isIt) }
        guard count({ if case .day = $0 { true } else { false } }) == 1,
            count({ if case .month = $0 { true } else { false } }) == 1,
            count({ if case .year = $0 { true } else { false } }) == 1
        else { return nil }
        (description, self.parts) = (pattern, parts)
    }

    static let iso = DayFormat("yyyy-MM-dd")!
    private static let usual = [iso, DayFormat("d/M/yyyy")!, DayFormat("d-M-yyyy")!]

    /// Reads a day in one of the usual formats: ISO, `d/m/yyyy`, `d-m-yyyy`.
    static func usualDay(_ bytes: UnsafeBufferPointer<UInt8>) -> Day? {
        for format in usual { if let day = format.day(bytes) { return day } }
        return nil
    }

    /// A time of day after the day is passed over: databases add midnight to a day.
    func day(_ bytes: UnsafeBufferPointer<UInt8>) -> Day? {
        var (year, month, day) = (0, 0, 0)
        var index = 0
        func number(_ least: Int, _ most: Int) -> Int? {
            var (value, digits) = (0, 0)
            while digits < most, index < bytes.count, (48...57).contains(bytes[index]) {
                value = value * 10 + Int(bytes[index]) - 48
                (index, digits) = (index + 1, digits + 1)
            }
            return digits >= least ? value : nil
        }
        for part in parts {
            switch part {
            case .day(let length):
                guard let value = number(length, 2) else { return nil }
                day = value
            case .month(let length):
                guard let value = number(length, 2) else { return nil }
                month = value
            case .year(let length):
                guard let value = number(length, length) else { return nil }
                year = length == 2 ? 2000 + value : value
            case .literal(let byte):
                guard index < bytes.count, bytes[index] == byte else { return nil }
                index += 1
            }
        }
        guard index == bytes.count || bytes[index] == 32 || bytes[index] == UInt8(ascii: "T") else { return nil }
        return Day(year: year, month: month, day: day)
    }

    /// The day as the format writes it. A two-digit year is only right for this century.
    public func text(_ day: Day) -> String {
        let value = day.components
        func padded(_ number: Int, _ length: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, length - digits.count)) + digits
        }
        return parts.map { part in
            switch part {
            case .day(let length): padded(value.day, length)
            case .month(let length): padded(value.month, length)
            case .year(let length): padded(length == 2 ? value.year % 100 : value.year, length)
            case .literal(let byte): String(Unicode.Scalar(byte))
            }
        }.joined()
    }
}
