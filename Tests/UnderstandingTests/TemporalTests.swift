import Quantities
import Testing
import Understanding

/// What days, hours, periods, lengths and repetitions mean, and what belongs to them.
struct TemporalTests {
    /// One line of ``TemporalCases``: a phrase whose brackets hold the expressions, and their values.
    struct Case: CustomTestStringConvertible {
        var text: String
        var expected: [String]
        var testDescription: String { text }

        static func all(_ lines: String) -> [Case] {
            lines.split(separator: "\n").map { line in
                let sides = line.split(separator: "=", maxSplits: 1).map { $0.trimmed }
                let spans = sides[0].split(separator: "[", omittingEmptySubsequences: false).dropFirst().map {
                    String($0.prefix { $0 != "]" })
                }
                let values = sides.count > 1 ? sides[1].split(separator: "+").map { $0.trimmed } : []
                return Case(
                    text: sides[0].filter { $0 != "[" && $0 != "]" },
                    expected: zip(spans, values).map { "\($0) = \($1)" })
            }
        }
    }

    @Test("Days", arguments: Case.all(TemporalCases.days))
    func days(_ one: Case) { check(one) }
    @Test("Periods", arguments: Case.all(TemporalCases.periods))
    func periods(_ one: Case) { check(one) }
    @Test("Hours", arguments: Case.all(TemporalCases.hours))
    func hours(_ one: Case) { check(one) }
    @Test("Stretches of a day", arguments: Case.all(TemporalCases.stretches))
    func stretches(_ one: Case) { check(one) }
    @Test("Moments", arguments: Case.all(TemporalCases.moments))
    func moments(_ one: Case) { check(one) }
    @Test("From one moment to another", arguments: Case.all(TemporalCases.momentRanges))
    func momentRanges(_ one: Case) { check(one) }
    @Test("Lengths", arguments: Case.all(TemporalCases.lengths))
    func lengths(_ one: Case) { check(one) }
    @Test("Repetitions", arguments: Case.all(TemporalCases.repetitions))
    func repetitions(_ one: Case) { check(one) }
    @Test("Several expressions in one sentence", arguments: Case.all(TemporalCases.several))
    func several(_ one: Case) { check(one) }
    @Test("Nothing temporal", arguments: Case.all(TemporalCases.nothing))
    func nothing(_ one: Case) { check(one) }

    private func check(_ one: Case) {
        let readings = Reader.argentina.temporal(one.text, at: Moment(iso: "2026-11-24T10:00", in: .utc)!, zone: .utc)
        let bytes = Array(one.text.utf8)
        let found = readings.map { reading in
            let span = String(decoding: bytes[reading.span.start..<reading.span.end], as: UTF8.self)
            return values(reading).map { "\(span) = \($0)" }
        }
        let agrees = found.count == one.expected.count && zip(found, one.expected).allSatisfy { $0.contains($1) }
        #expect(agrees, "expected \(one.expected), found \(found)")
    }

    /// How the reading may be written: a range by its end, or by the last unit that it names.
    private func values(_ reading: TemporalReading) -> [String] {
        if let seconds = reading.seconds { return ["\(seconds) s"] }
        let isClock = reading.kind == .time || reading.kind == .timeRange
        func show(_ value: Int?) -> String {
            guard let value else { return "" }
            let (hour, minute) = (value % 86_400 / 3600, value % 3600 / 60)
            let clock = "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
            if isClock { return clock }
            let day = Day(number: value / 86_400).iso
            return reading.kind == .date || reading.kind == .dateRange ? day : "\(day) \(clock)"
        }
        switch reading.kind {
        case .set: return ["repeated"]
        case .date, .time, .dateTime: return [show(reading.start)]
        case .timeRange where reading.modifier == .approximate, .dateTimeRange where reading.modifier == .approximate:
            return [show(reading.start)]
        default:
            let ends = [reading.end, reading.namedEnd] + (reading.modifier == .after ? [nil] : [])
            let starts = reading.modifier == .after ? [reading.start, reading.namedEnd] : [reading.start]
            return starts.flatMap { start in ends.map { "\(show(start))…\(show($0))" } }
        }
    }
}

extension Substring {
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
