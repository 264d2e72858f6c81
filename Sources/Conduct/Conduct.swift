import Quantities

/// Why a message would be sent.
public enum ContactPurpose: String, Hashable, Sendable, Codable {
    /// Answers somebody who wrote: always allowed.
    case reply
    /// The bot speaks first: reminder, due date, broken promise.
    case proactive
}

/// What is known of past contact with one person.
public struct ContactHistory: Hashable, Sendable, Codable {
    public var optedOut: Bool
    public var wrongNumber: Bool
    /// Moments of earlier proactive messages, any channel.
    public var proactive: [Moment]
    public init(optedOut: Bool = false, wrongNumber: Bool = false, proactive: [Moment] = []) {
        self.optedOut = optedOut
        self.wrongNumber = wrongNumber
        self.proactive = proactive
    }
}

public enum ContactPermission: Hashable, Sendable {
    case allowed
    /// In Spanish, why not, and from when it would be (nil: never).
    case refused(why: String, until: Moment?)
}

/// When and how often a person may be contacted.
public struct ConductRules: Hashable, Sendable, Codable {
    /// Minutes of the day [start, end) for Monday to Friday; nil forbids.
    public var weekdayHours: ClosedRange<Int>?
    public var saturdayHours: ClosedRange<Int>?
    public var sundaysAndHolidays: Bool
    public var perDay: Int
    public var perWeek: Int
    public init(weekdayHours: ClosedRange<Int>?, saturdayHours: ClosedRange<Int>?, sundaysAndHolidays: Bool, perDay: Int, perWeek: Int) {
        self.weekdayHours = weekdayHours
        self.saturdayHours = saturdayHours
        self.sundaysAndHolidays = sundaysAndHolidays
        self.perDay = perDay
        self.perWeek = perWeek
    }
    /// Shared/data/conduct.tsv, AR: Mon–Fri 8–20, Sat 9–13, never on Sundays or holidays; one a day, three a week.
    public static let argentina = ConductRules(
        weekdayHours: 480...1200, saturdayHours: 540...780, sundaysAndHolidays: false, perDay: 1, perWeek: 3)

    public func mayContact(
        _ purpose: ContactPurpose, history: ContactHistory, at now: Moment, zone: Zone, calendar: BusinessCalendar
    ) -> ContactPermission { fatalError("channels helper") }
}
