import Quantities

/// A temporal expression under construction: its interval and what was said of it. Kept small: many are tried and few kept.
struct TemporalPiece {
    /// Seconds of local time since 1970, or since midnight for `time` and `timeRange`.
    var start: Int
    /// Exclusive.
    var end: Int
    private var named = Self.none
    private var before = Self.none
    private var length = Self.none
    private var from: Int32
    private var to: Int32
    private var dayPart: Int16 = -1
    private var monthPart: Int16 = -1
    private var yearPart: Int16 = -1
    private var weekdayPart: Int16 = -1
    var kind: TemporalReading.Kind
    var modifier: TemporalReading.Modifier?
    /// The part of a period that was said before a limit was put to it.
    var modifierSaid: TemporalReading.Modifier?
    var convention: TemporalReading.Convention?
    /// What the interval is one of.
    var grain: TimeUnit
    /// How the day was found, for explanations.
    var reason: Reason = .written
    var openMeridiem = false
    var isImpossible = false
    var openStart = false
    var openEnd = false
    /// The number stands alone: only a context makes it a day, an hour or a year.
    var isBare = false
    /// The week of a weekday was said: no context moves it.
    var isFixed = false

    static let daySeconds = 86_400
    private static let none = Int.min

    init(date: Day, to end: Day? = nil, grain: TimeUnit = .day, _ range: Range<Int>, reason: Reason = .written) {
        kind = grain == .day && end == nil ? .date : .dateRange
        start = date.number * Self.daySeconds
        self.end = (end ?? date.adding(days: 1)).number * Self.daySeconds
        self.grain = grain
        self.reason = reason
        (from, to) = (Int32(range.lowerBound), Int32(range.upperBound))
    }

    init(_ kind: TemporalReading.Kind, _ start: Int, _ end: Int, grain: TimeUnit, _ range: Range<Int>) {
        (self.kind, self.start, self.end, self.grain) = (kind, start, end, grain)
        (from, to) = (Int32(range.lowerBound), Int32(range.upperBound))
    }

    /// Tokens it covers.
    var range: Range<Int> {
        get { Int(from)..<Int(to) }
        set { (from, to) = (Int32(newValue.lowerBound), Int32(newValue.upperBound)) }
    }
    /// Where the last unit that a range names begins.
    var namedEnd: Int? {
        get { named == Self.none ? nil : named }
        set { named = newValue ?? Self.none }
    }
    /// The beginning of the same expression read of the past.
    var past: Int? {
        get { before == Self.none ? nil : before }
        set { before = newValue ?? Self.none }
    }
    /// Length of a duration.
    var seconds: Int? {
        get { length == Self.none ? nil : length }
        set { length = newValue ?? Self.none }
    }
    /// Parts of the date that were said, for those that were not to follow.
    var day: Int? {
        get { dayPart < 0 ? nil : Int(dayPart) }
        set { dayPart = Int16(newValue ?? -1) }
    }
    var month: Int? {
        get { monthPart < 0 ? nil : Int(monthPart) }
        set { monthPart = Int16(newValue ?? -1) }
    }
    var year: Int? {
        get { yearPart < 0 ? nil : Int(yearPart) }
        set { yearPart = Int16(newValue ?? -1) }
    }
    var weekday: Int? {
        get { weekdayPart < 0 ? nil : Int(weekdayPart) }
        set { weekdayPart = Int16(newValue ?? -1) }
    }

    /// The reading of the past, where there is one.
    var movedBack: TemporalPiece {
        guard let past else { return self }
        var piece = self
        (piece.start, piece.end, piece.past) = (past, past + end - start, nil)
        return piece
    }
    var first: Day { Day(number: start / Self.daySeconds) }
    var last: Day { Day(number: (end - 1) / Self.daySeconds) }
    var isDate: Bool { kind == .date || kind == .dateRange }
    var isTime: Bool { kind == .time || kind == .timeRange }

    func reading(_ stream: TokenStream) -> TemporalReading {
        TemporalReading(
            kind: kind, start: openStart ? nil : start, end: openEnd ? nil : end, namedEnd: namedEnd, past: past,
            seconds: seconds,
            modifier: modifier, openMeridiem: openMeridiem, convention: convention, isImpossible: isImpossible,
            span: stream.span(range))
    }
}
