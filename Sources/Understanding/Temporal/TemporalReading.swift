import Quantities

/// A day, a time, a stretch of either, a duration or a repetition that a text names.
///
/// Times are seconds of local time since 1970-01-01T00:00, or since midnight where no day is said (`time`, `timeRange`).
/// Rioplatense decisions: "el próximo viernes" and "el viernes que viene" are the nearest Friday to come, "el lunes" said on
/// a Monday is that of next week, days come before months.
public struct TemporalReading: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case date, dateRange, time, timeRange, dateTime, dateTimeRange, duration, set
    }
    public enum Modifier: Hashable, Sendable {
        case before, after, since, until, start, middle, end, approximate, more, less
    }
    /// Where sources differ in what is meant, the reading that ours took.
    public enum Convention: Hashable, Sendable {
        /// The hours of "la tarde" and the like.
        case dayPart
        /// From Saturday to Sunday, or from Friday evening.
        case weekend
        /// The nearest such weekday, not that of next week.
        case nearestWeekday
        /// "dentro de 2 horas": the moment two hours from now, not all of the time until then.
        case within
        /// How much of a period "a principios", "a fines" take.
        case partOfPeriod
    }

    public var kind: Kind
    public var start: Int?
    /// Exclusive.
    public var end: Int?
    /// Where the last unit that a range names begins: "del 3 al 5" ends with the 5th, named, and before the 6th.
    public var namedEnd: Int?
    /// The same expression read of the past, where it does not say which.
    public var past: Int?
    /// Length of a duration in seconds.
    public var seconds: Int?
    public var modifier: Modifier?
    /// Morning or afternoon was not said: the reading is the earlier of the two.
    public var openMeridiem = false
    public var convention: Convention?
    /// The calendar has no such day ("30 de febrero").
    public var isImpossible = false
    public var span: Span
}
