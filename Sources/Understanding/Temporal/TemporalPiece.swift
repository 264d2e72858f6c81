import Quantities

/// A temporal expression under construction: its interval and what was said of it.
struct TemporalPiece {
    var kind: TemporalReading.Kind
    /// Seconds of local time since 1970, or since midnight for `time` and `timeRange`.
    var start: Int
    /// Exclusive.
    var end: Int
    var namedEnd: Int?
    var past: Int?
    var seconds: Int?
    var modifier: TemporalReading.Modifier?
    var openMeridiem = false
    var convention: TemporalReading.Convention?
    var isImpossible = false
    var openStart = false
    var openEnd = false
    /// What the interval is one of.
    var grain: TimeUnit
    /// Parts of the date that were said, for those that were not to follow.
    var day: Int?
    var month: Int?
    var year: Int?
    var weekday: Int?
    /// The number stands alone: only a context makes it a day, an hour or a year.
    var isBare = false
    /// The week of a weekday was said: no context moves it.
    var isFixed = false
    /// How the day was found, for explanations.
    var reason: Reason = .written
    /// Tokens it covers.
    var range: Range<Int>

    static let daySeconds = 86_400

    init(date: Day, to end: Day? = nil, grain: TimeUnit = .day, _ range: Range<Int>, reason: Reason = .written) {
        kind = grain == .day && end == nil ? .date : .dateRange
        start = date.number * Self.daySeconds
        self.end = (end ?? date.adding(days: 1)).number * Self.daySeconds
        self.grain = grain
        self.range = range
        self.reason = reason
    }

    init(_ kind: TemporalReading.Kind, _ start: Int, _ end: Int, grain: TimeUnit, _ range: Range<Int>) {
        (self.kind, self.start, self.end, self.grain, self.range) = (kind, start, end, grain, range)
    }

    var first: Day { Day(number: start / Self.daySeconds) }
    var last: Day { Day(number: (end - 1) / Self.daySeconds) }
    var isDate: Bool { kind == .date || kind == .dateRange }
    var isTime: Bool { kind == .time || kind == .timeRange }
    var isPoint: Bool { kind == .date || kind == .time || kind == .dateTime }

    func reading(_ stream: TokenStream) -> TemporalReading {
        TemporalReading(
            kind: kind, start: openStart ? nil : start, end: openEnd ? nil : end, namedEnd: namedEnd, past: past,
            seconds: seconds,
            modifier: modifier, openMeridiem: openMeridiem, convention: convention, isImpossible: isImpossible,
            span: stream.span(range))
    }
}
