import Quantities

/// One rule of a country (or of the company), as its file states it.
public struct ConductRule: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// `horario`: on these days of the week, only from one minute of the day (inclusive) to another (exclusive).
        case hours([Weekday], from: Int, to: Int)
        /// `sin_contacto`: never on these days of the week.
        case noWeekdays([Weekday])
        /// `sin_contacto feriado` and `sin_contacto no_laborable`: never on such days of the calendar.
        case noHolidays(Holiday.Kind)
        /// `maximo`: so many messages in so many calendar days, today included, over all channels and accounts.
        case atMost(Int, days: Int)
        /// `separacion`: so many calendar days from one message to the next.
        case apart(days: Int)
        /// `un_canal`: within so many days, today included, always the same channel.
        case oneChannel(days: Int)
        /// `canal_autorizado`: only on channels that the person uses with us or agreed to.
        case knownChannel
        /// `horario_propio`: only when the person asked to be written to.
        case ownHours
        /// `baja`, `cese`, `numero_ajeno`, `vulnerable`.
        case optedOut, ceased, wrongNumber, vulnerable
        /// `presentacion`: the first message of a conversation says this, in one of the wordings of the category.
        case disclosure(String)
        /// `cargo_informado`: a collection charge is demanded only where it is on record that it was informed.
        case chargeInformed
        /// `no_decir`: wordings of the category are never sent.
        case forbidden(String)
        /// `evitar`: wordings of the category are bad manners.
        case avoided(String)
    }

    /// Unique: `ar.horario.sabado`.
    public var id: String
    public var kind: Kind
    /// Law or criterion, and how far it was checked.
    public var source: String
    /// In Spanish, what it says to who asks why not.
    public var why: String
    public init(id: String, kind: Kind, source: String, why: String) {
        self.id = id
        self.kind = kind
        self.source = source
        self.why = why
    }
}

extension ConductRule.Kind {
    /// Whether it says how often we may write.
    var isCap: Bool {
        switch self {
        case .atMost, .apart, .oneChannel: true
        default: false
        }
    }

    /// Whether it holds for a call that the person asked for: hours and days do, how often and whether we may begin not.
    var bindsRequests: Bool {
        switch self {
        case .hours, .noWeekdays, .noHolidays, .ownHours, .wrongNumber: true
        case .atMost, .apart, .oneChannel, .knownChannel, .optedOut, .ceased, .vulnerable, .disclosure, .chargeInformed,
            .forbidden, .avoided:
            false
        }
    }
}

/// One message that would be sent: what the rules look at.
struct ContactSituation {
    let purpose: ContactPurpose
    let channel: String
    let history: ContactHistory
    let zone: Zone
    let calendar: BusinessCalendar
    /// The days of the earlier messages, in the same order.
    let days: [Day]

    init(
        _ purpose: ContactPurpose, _ channel: String, _ history: ContactHistory, _ zone: Zone,
        _ calendar: BusinessCalendar
    ) {
        self.purpose = purpose
        self.channel = channel
        self.history = history
        self.zone = zone
        self.calendar = calendar
        days = history.proactive.map { $0.at.day(in: zone) }
    }

    /// How many earlier messages lie in the `window` days that end on `day`.
    func count(on day: Day, window: Int) -> Int { days.count { $0 <= day && day - $0 < window } }
}

/// What one rule says at one moment.
enum RuleOutcome: Hashable {
    case permits
    /// Until the first moment at which this rule permits; nil: never.
    case refuses(until: Moment?)
}

extension ConductRule {
    func outcome(at now: Moment, _ situation: ContactSituation) -> RuleOutcome {
        if situation.purpose == .requested, !kind.bindsRequests { return .permits }
        if situation.purpose == .nudge, kind.isCap { return .permits }
        let (zone, history) = (situation.zone, situation.history)
        let today = now.day(in: zone)
        let tomorrow = Moment(today.adding(days: 1), in: zone)
        func window(_ from: Int, _ to: Int) -> RuleOutcome {
            let minute = now.minuteOfDay(in: zone)
            if minute < from { return .refuses(until: Moment(today, minute: from, in: zone)) }
            return minute < to ? .permits : .refuses(until: tomorrow)
        }
        /// Refused on each day from today on for which this is true.
        func refused(while forbidden: (Day) -> Bool) -> RuleOutcome {
            var day = today
            while forbidden(day) { day = day.adding(days: 1) }
            return day == today ? .permits : .refuses(until: Moment(day, in: zone))
        }
        switch kind {
        case .hours(let weekdays, let from, let to):
            return weekdays.contains(today.weekday) ? window(from, to) : .permits
        case .noWeekdays(let weekdays): return weekdays.contains(today.weekday) ? .refuses(until: tomorrow) : .permits
        case .noHolidays(let kind):
            return situation.calendar.holiday(on: today)?.kind == kind ? .refuses(until: tomorrow) : .permits
        case .atMost(let most, let window):
            return refused { situation.count(on: $0, window: window) >= most }
        case .apart(let gap):
            return refused { situation.count(on: $0, window: gap) > 0 }
        case .oneChannel(let window):
            let others = zip(situation.days, history.proactive).filter { $1.channel != situation.channel }.map(\.0)
            return refused { day in others.contains { $0 <= day && day - $0 < window } }
        case .knownChannel:
            return history.channels.contains(situation.channel) ? .permits : .refuses(until: nil)
        case .ownHours:
            guard let own = history.standing.ownHours else { return .permits }
            return own.daysOff.contains(today.weekday) ? .refuses(until: tomorrow) : window(own.from, own.to)
        case .optedOut: return history.optedOut ? .refuses(until: nil) : .permits
        case .ceased:
            return history.standing.ceased != nil && situation.purpose != .receipt ? .refuses(until: nil) : .permits
        case .wrongNumber: return history.wrongNumber ? .refuses(until: nil) : .permits
        case .vulnerable: return history.standing.vulnerable != nil ? .refuses(until: nil) : .permits
        case .disclosure, .chargeInformed, .forbidden, .avoided: return .permits
        }
    }
}
