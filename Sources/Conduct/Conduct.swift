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
    public init(
        weekdayHours: ClosedRange<Int>?, saturdayHours: ClosedRange<Int>?, sundaysAndHolidays: Bool, perDay: Int,
        perWeek: Int
    ) {
        self.weekdayHours = weekdayHours
        self.saturdayHours = saturdayHours
        self.sundaysAndHolidays = sundaysAndHolidays
        self.perDay = perDay
        self.perWeek = perWeek
    }
    /// Shared/data/conduct.tsv, AR: Mon–Fri 8–20, Sat 9–13, never on Sundays or holidays; one a day, three a week.
    public static let argentina = ConductRules(
        weekdayHours: 480...1200, saturdayHours: 540...780, sundaysAndHolidays: false, perDay: 1, perWeek: 3)

    /// Whether a message may be sent now. A reply to somebody who wrote always may.
    public func mayContact(
        _ purpose: ContactPurpose, history: ContactHistory, at now: Moment, zone: Zone, calendar: BusinessCalendar
    ) -> ContactPermission {
        if purpose == .reply { return .allowed }
        if history.optedOut { return .refused(why: "pidió no recibir más mensajes", until: nil) }
        if history.wrongNumber { return .refused(why: "el número no es del titular", until: nil) }
        guard let next = nextPermitted(from: now, history: history, zone: zone, calendar: calendar) else {
            return .refused(why: "la política no permite ningún horario de contacto", until: nil)
        }
        if next.moment == now { return .allowed }
        return .refused(why: next.why, until: next.moment)
    }

    /// The first moment from `now` that is inside the hours of its day and under both caps.
    private func nextPermitted(
        from now: Moment, history: ContactHistory, zone: Zone, calendar: BusinessCalendar
    ) -> (moment: Moment, why: String)? {
        let contacts = history.proactive.map { $0.day(in: zone) }
        var candidate = now
        var why = ""
        for _ in 0..<60 {
            let day = candidate.day(in: zone)
            let minute = candidate.minuteOfDay(in: zone)
            let nextDay = Moment(day.adding(days: 1), in: zone)
            guard let hours = hours(on: day, calendar: calendar) else {
                why = "hoy no se contacta a nadie (domingo, feriado o día sin horario)"
                candidate = nextDay
                continue
            }
            if minute < hours.lowerBound {
                why = "está fuera del horario de contacto"
                candidate = Moment(day, hour: hours.lowerBound / 60, minute: hours.lowerBound % 60, in: zone)
                continue
            }
            if minute >= hours.upperBound {
                why = "está fuera del horario de contacto"
                candidate = nextDay
                continue
            }
            if contacts.filter({ $0 == day }).count >= perDay {
                why = "ya se lo contactó hoy"
                candidate = nextDay
                continue
            }
            if contacts.filter({ $0 <= day && day - $0 < 7 }).count >= perWeek {
                why = "ya se lo contactó \(perWeek) veces en siete días"
                candidate = nextDay
                continue
            }
            return (candidate, why)
        }
        return nil
    }

    private func hours(on day: Day, calendar: BusinessCalendar) -> ClosedRange<Int>? {
        if calendar.holiday(on: day)?.kind == .nationalHoliday || day.weekday == .sunday {
            return sundaysAndHolidays ? weekdayHours : nil
        }
        return day.weekday == .saturday ? saturdayHours : weekdayHours
    }
}
