/// When people attend: some days of the week, from one time of the day to another, and never on a holiday.
public struct AttendedHours: Hashable, Sendable {
    /// Monday is 1.
    public let weekdays: ClosedRange<Int>
    /// Minutes since local midnight.
    public let minutes: Range<Int>

    public init(weekdays: ClosedRange<Int>, minutes: Range<Int>) {
        self.weekdays = weekdays
        self.minutes = minutes
    }

    /// Monday to Friday from 9 to 18.
    public static let office = AttendedHours(weekdays: 1...5, minutes: 540..<1080)

    /// Reads "lunes a viernes de 9 a 18" and "lunes a sábado de 8:30 a 20"; nil for anything else.
    public init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 7, words[1] == "a", words[3] == "de", words[5] == "a",
            let first = Self.weekday(words[0]), let last = Self.weekday(words[2]), first <= last,
            let from = Self.minute(words[4]), let to = Self.minute(words[6]), from < to
        else { return nil }
        self.init(weekdays: first...last, minutes: from..<to)
    }

    private static func weekday(_ name: String) -> Int? {
        Weekday.allCases.first { $0.spanishName == name }?.rawValue
    }

    private static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let hour = Int(parts[0]), (0...24).contains(hour),
            let minute = parts.count == 2 ? Int(parts[1]) : 0, (0..<60).contains(minute), hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }

    public func contains(_ moment: Moment, calendar: BusinessCalendar, zone: Zone) -> Bool {
        isAttended(moment.day(in: zone), calendar) && minutes.contains(moment.minuteOfDay(in: zone))
    }

    /// When people are there next; nil while they are, and where they are not within two months.
    public func opening(after moment: Moment, calendar: BusinessCalendar, zone: Zone) -> Moment? {
        if contains(moment, calendar: calendar, zone: zone) { return nil }
        let today = moment.day(in: zone)
        return (0...62).lazy.map { today.adding(days: $0) }.filter { isAttended($0, calendar) }
            .map { Moment(milliseconds: midnight(of: $0, zone) + Int64(minutes.lowerBound) * 60_000) }
            .first { $0 > moment }
    }

    /// ``opening(after:calendar:zone:)`` as customers read it: "hoy a las 9", "mañana viernes 27/11 a las 9", "el lunes
    /// 30/11 a las 8:30".
    public func openingInWords(
        after moment: Moment, calendar: BusinessCalendar, zone: Zone, phrases: Phrases = .argentina
    ) -> String? {
        opening(after: moment, calendar: calendar, zone: zone)?.words(asOf: moment, in: zone, phrases: phrases)
    }

    /// Seconds between two moments during which people attended; 0 where `end` is not after `start`.
    public func seconds(from start: Moment, to end: Moment, calendar: BusinessCalendar, zone: Zone) -> Int {
        var total: Int64 = 0
        var day = start.day(in: zone)
        while day <= end.day(in: zone) {
            if isAttended(day, calendar) {
                let opening = midnight(of: day, zone) + Int64(minutes.lowerBound) * 60_000
                let closing = midnight(of: day, zone) + Int64(minutes.upperBound) * 60_000
                total += max(0, min(closing, end.milliseconds) - max(opening, start.milliseconds))
            }
            day = day.adding(days: 1)
        }
        return Int(total / 1000)
    }

    private func isAttended(_ day: Day, _ calendar: BusinessCalendar) -> Bool {
        weekdays.contains(day.weekday.rawValue) && calendar.holiday(on: day) == nil
    }

    private func midnight(of day: Day, _ zone: Zone) -> Int64 {
        Int64(day.number) * 86_400_000 - Int64(zone.secondsFromUTC) * 1000
    }
}
