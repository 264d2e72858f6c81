/// A day on which business stops, by law or by decree.
public struct Holiday: Hashable, Sendable {
    public enum Kind: String, Sendable {
        /// Banks and offices are closed.
        case nationalHoliday = "national_holiday"
        /// Closed by default; some employers work (law 27.399, art. 7).
        case nonWorkingDay = "non_working_day"
    }

    public let day: Day
    public let kind: Kind
    public let name: String

    public init(day: Day, kind: Kind, name: String) {
        self.day = day
        self.kind = kind
        self.name = name
    }
}

/// What to do with a day that is not a business day.
public enum RollRule: String, Codable, Sendable {
    case following, preceding
    /// The following business day, unless it falls in the next month: then the preceding one.
    case modifiedFollowing = "modified_following"
}

/// Business days: Monday to Friday that are not holidays.
public struct BusinessCalendar: Sendable {
    private let holidays: [Day: Holiday]

    public init(_ holidays: [Holiday]) {
        // A national holiday wins over a non-working day on the same date.
        self.holidays = Dictionary(holidays.map { ($0.day, $0) }) { $0.kind == .nationalHoliday ? $0 : $1 }
    }

    /// Argentina 2026–2028 (law 27.399 and its decrees), from `Resources/holidays_ar.tsv`.
    public static let argentina = BusinessCalendar(
        try! Holiday.parse(String(decoding: PackageResources.holidays_ar_tsv, as: UTF8.self)))

    public func holiday(on day: Day) -> Holiday? { holidays[day] }

    /// - Parameter countingNonWorkingDays: whether a *día no laborable* counts as a business day.
    public func isBusinessDay(_ day: Day, countingNonWorkingDays: Bool = false) -> Bool {
        if day.weekday.rawValue > 5 { return false }
        guard let holiday = holidays[day] else { return true }
        return holiday.kind == .nonWorkingDay && countingNonWorkingDays
    }

    public func roll(_ day: Day, _ rule: RollRule, countingNonWorkingDays: Bool = false) -> Day {
        func first(from start: Day, step: Int) -> Day {
            var day = start
            while !isBusinessDay(day, countingNonWorkingDays: countingNonWorkingDays) { day = day.adding(days: step) }
            return day
        }
        switch rule {
        case .following: return first(from: day, step: 1)
        case .preceding: return first(from: day, step: -1)
        case .modifiedFollowing:
            let next = first(from: day, step: 1)
            return next.month == day.month ? next : first(from: day, step: -1)
        }
    }

    /// The day `count` business days after `day` (0 gives `day` itself).
    public func adding(businessDays count: Int, to day: Day, countingNonWorkingDays: Bool = false) -> Day {
        var result = day
        var left = count
        while left > 0 {
            result = result.adding(days: 1)
            if isBusinessDay(result, countingNonWorkingDays: countingNonWorkingDays) { left -= 1 }
        }
        return result
    }

    /// The `n`-th business day (1…) of a month; nil when the month has fewer.
    public func businessDay(_ n: Int, ofMonth month: Int, year: Int, countingNonWorkingDays: Bool = false) -> Day? {
        guard n >= 1, var day = Day(year: year, month: month, day: 1) else { return nil }
        var left = n
        while day.month == month {
            if isBusinessDay(day, countingNonWorkingDays: countingNonWorkingDays) {
                left -= 1
                if left == 0 { return day }
            }
            day = day.adding(days: 1)
        }
        return nil
    }
}

/// A line of a holiday file that cannot be read.
public struct HolidayFileError: Error, CustomStringConvertible {
    public let line: Int
    public let text: String
    public var description: String {
        "holidays:\(line): expected `date<TAB>national_holiday|non_working_day<TAB>name`, found `\(text)`"
    }
}

extension Holiday {
    /// Reads `date<TAB>kind<TAB>name` lines; `#` opens a comment line.
    /// - Throws: ``HolidayFileError`` with the first wrong line.
    public static func parse(_ text: String) throws -> [Holiday] {
        var holidays: [Holiday] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            let fields = line.split(separator: "\t")
            guard fields.count == 3, let day = Day(fields[0]), let kind = Kind(rawValue: String(fields[1])) else {
                throw HolidayFileError(line: index + 1, text: String(line))
            }
            holidays.append(Holiday(day: day, kind: kind, name: String(fields[2])))
        }
        return holidays
    }
}
