import Quantities

/// That we call the customer, and as much of when as was said.
public struct CallRequest: Hashable, Sendable, Codable {
    public var day: Day?
    /// Minutes since midnight from which on; a bare "a las 5" is in the afternoon.
    public var from: Int?
    /// Minutes since midnight by which, where only that was said.
    public var until: Int?
    /// One time was said ("a las 10"), and no stretch ("después de las 6", "a la tarde").
    public var isExact = false
    /// Of the words that ask.
    public var span: Span

    /// Before it a bare hour is meant in the afternoon: nobody asks to be called at five in the morning.
    private static let earliest = 8 * 60

    init(span: Span) { self.span = span }

    public var saysWhen: Bool { day != nil || from != nil || until != nil }

    /// Takes when from the readings of the message: those after the words that ask, else those before; a day may stand
    /// right before them ("mañana llamame a las 10").
    /// - Parameter today: the day on which it was written; what was before is not meant.
    mutating func place(_ readings: [TemporalReading], today: Day) {
        let points = readings.filter { $0.kind != .duration && $0.kind != .set && !$0.isImpossible }
        let after = points.filter { $0.span.start >= span.start }
        for reading in after.isEmpty ? points : after { take(reading, today) }
        if day == nil, let last = points.last(where: { $0.span.start < span.start && span.start - $0.span.end <= 3 }) {
            take(last, today)
        }
    }

    private mutating func take(_ reading: TemporalReading, _ today: Day) {
        let isTime = reading.kind == .time || reading.kind == .timeRange
        guard let start = reading.start ?? reading.end else { return }
        if !isTime, day == nil {
            day = max(today, Day(number: Int((Double(start) / 86_400).rounded(.down))))
        }
        guard reading.kind != .date, reading.kind != .dateRange, from == nil, until == nil else { return }
        var minute = (isTime ? start : start % 86_400) / 60
        if reading.openMeridiem, minute < Self.earliest { minute += 12 * 60 }
        switch reading.modifier {
        case .before, .until: until = minute
        default:
            from = minute
            isExact = reading.modifier == nil && (reading.kind == .time || reading.kind == .dateTime)
        }
    }
}
