import Quantities

/// Compares temporal readings with those of the sources.
///
/// A promise wants the future: of two candidates the later one counts; where morning and afternoon stay open, either.
/// Every result of the source must be found, in order, and nothing else. A range that a source closes with the last unit
/// named ("del 3 al 5") is compared with that unit, one that it closes behind it with the end. Hours of parts of the day,
/// the beginning of weekends, the share of a period that "a principios" takes and "el próximo viernes" differ between the
/// sources, and between rows of one source: where ours is the same day (hours: overlaps), the outcome is `byConvention`.
struct TemporalScorer {
    let reader: Reader
    let text: String
    let reference: String
    private static let day = 86_400

    func score(_ family: String, _ kind: String, _ expected: JSONValue) -> (CaseOutcome, Bool, String) {
        let zone = Zone(secondsFromUTC: 0)
        // The clock of the case is what counts, not its zone.
        let moment =
            Moment(iso: reference.isEmpty ? "2016-11-07T00:00:00" : String(reference.prefix(19)), in: zone)
            ?? Moment(seconds: 0)
        let readings = reader.temporal(text, at: moment, zone: zone)
        let found = readings.map { describe($0) }.joined(separator: " · ")
        if family.hasPrefix("duckling") {
            guard readings.count == 1, let reading = readings.first else { return (.wrong, false, found) }
            return (
                family == "duckling_duration" ? duration(reading, expected) : duckling(reading, expected),
                isWhole(reading.span), found
            )
        }
        let results = expected.array
        // A parser case says what one expression means, not all that the text holds.
        if family == "recognizers_datetime_parser", results.count == 1 {
            let outcomes = readings.map { ($0, parsed($0, results[0])) }
            guard
                let best = outcomes.first(where: { $0.1 == .exact }) ?? outcomes.first(where: { $0.1 == .byConvention })
            else { return (.wrong, false, found) }
            return (best.1, sameText(text.at(best.0.span), results[0]["text"]?.string ?? ""), found)
        }
        if results.count == readings.count + 1, isSplit(readings, results) { return (.byConvention, false, found) }
        guard results.count == readings.count else { return (.wrong, false, found) }
        var outcome = CaseOutcome.exact
        var spans = true
        for (reading, result) in zip(readings, results) {
            let one =
                family == "recognizers_datetime"
                ? candidates(reading, result["resolution"]?["values"]?.array ?? []) : parsed(reading, result)
            if one == .wrong { return (.wrong, false, found) }
            if one == .byConvention { outcome = .byConvention }
            if let expectedText = result["text"]?.string, !sameText(text.at(reading.span), expectedText) {
                spans = false
            }
        }
        return (outcome, spans, found)
    }

    // MARK: Recognizers-Text

    private func candidates(_ reading: TemporalReading, _ values: [JSONValue]) -> CaseOutcome {
        guard !values.isEmpty else { return .wrong }
        if values.contains(where: { $0["value"]?.string == "not resolved" }) {
            return reading.kind == .set || reading.isImpossible ? .exact : .wrong
        }
        // Two candidates: past and future, or am and pm; four: both.
        let future =
            values.count == 4
            ? [values[1], values[3]] : values.count == 2 && !isHalfDay(values[0], values[1]) ? [values[1]] : values
        var best = CaseOutcome.wrong
        // "el 6 de julio" said on that day is today for us and the next one for a source whose past reading is today.
        if values.count == 2, reading.kind == .date, let past = seconds(values[0]["value"]?.string), past == today,
            reading.start == today
        {
            best = .byConvention
        }
        for value in future {
            let one = compare(
                reading, start: value["start"]?.string, end: value["end"]?.string, value: value["value"]?.string,
                type: value["type"]?.string ?? "")
            if one == .exact { return .exact }
            if one == .byConvention { best = one }
        }
        return best
    }

    /// The candidates are the morning and the afternoon of one day.
    private func isHalfDay(_ a: JSONValue, _ b: JSONValue) -> Bool {
        guard let first = seconds(a["value"]?.string ?? a["start"]?.string ?? a["end"]?.string),
            let second = seconds(b["value"]?.string ?? b["start"]?.string ?? b["end"]?.string)
        else { return false }
        return abs(first - second) == Self.day / 2
    }

    private func parsed(_ reading: TemporalReading, _ result: JSONValue) -> CaseOutcome {
        guard let value = result["value"] ?? Optional(result), let future = value["future"] else { return .wrong }
        if future["set"] != nil { return reading.kind == .set ? .exact : .wrong }
        if let text = future["duration"]?.string {
            return reading.kind == .duration && reading.seconds.map(Double.init) == Double(text) ? .exact : .wrong
        }
        let point = future["date"]?.string ?? future["time"]?.string ?? future["dateTime"]?.string
        let start = future["startDate"]?.string ?? future["startTime"]?.string ?? future["startDateTime"]?.string
        let end = future["endDate"]?.string ?? future["endTime"]?.string ?? future["endDateTime"]?.string
        return compare(
            reading, start: start, end: end, value: point,
            type: future["time"] != nil || future["startTime"] != nil ? "time" : "")
    }

    private func compare(_ reading: TemporalReading, start: String?, end: String?, value: String?, type: String)
        -> CaseOutcome
    {
        if type == "duration" {
            return reading.kind == .duration && reading.seconds.map(Double.init) == value.flatMap(Double.init)
                ? .exact : .wrong
        }
        guard reading.kind != .duration, reading.kind != .set, !reading.isImpossible else { return .wrong }
        let isTime = (value ?? start ?? end)?.contains("-") == false
        guard isTime == (reading.kind == .time || reading.kind == .timeRange) else { return .wrong }
        if let value {
            guard let expected = seconds(value), let own = reading.start else { return .wrong }
            if own == expected || half(reading, own) == expected { return .exact }
            return conventional(reading, expected, expected + 1)
        }
        let (from, to) = (start.flatMap { seconds($0) }, end.flatMap { seconds($0, closing: true) })
        let ends = [reading.end, reading.namedEnd].compactMap { $0 }
        let startFits =
            from == nil
            ? reading.start == nil
            : reading.start == from || half(reading, reading.start) == from
                || (reading.modifier == .after && reading.namedEnd == from)
        let endFits =
            to == nil
            ? reading.end == nil || reading.modifier == .after : ends.contains { $0 == to || half(reading, $0) == to }
        if startFits, endFits { return .exact }
        return conventional(reading, from ?? reading.start ?? 0, to ?? reading.end ?? Int.max)
    }

    /// The other half of the day, where it was left open; of what begins at noon, the first.
    private func half(_ reading: TemporalReading, _ seconds: Int?) -> Int? {
        guard reading.openMeridiem, let seconds else { return nil }
        let isNoon = (reading.start ?? reading.namedEnd ?? 0) % Self.day >= Self.day / 2
        return isNoon ? seconds - Self.day / 2 : seconds + Self.day / 2
    }

    private var today: Int? { seconds(String(reference.prefix(10))) }

    /// "a la hora del almuerzo hoy": one moment for us, an hour and a day side by side for the source.
    private func isSplit(_ readings: [TemporalReading], _ results: [JSONValue]) -> Bool {
        guard let place = readings.firstIndex(where: { $0.kind == .dateTime || $0.kind == .dateTimeRange }) else {
            return false
        }
        func fits(_ reading: TemporalReading, _ result: JSONValue) -> Bool {
            candidates(reading, result["resolution"]?["values"]?.array ?? []) != .wrong
        }
        var (date, time) = (readings[place], readings[place])
        guard let start = date.start, let end = date.end else { return false }
        (date.kind, date.start, date.end) = (.date, start - start % Self.day, nil)
        (time.kind, time.start, time.end) = (
            time.kind == .dateTime ? .time : .timeRange, start % Self.day, start % Self.day + end - start
        )
        time.namedEnd = readings[place].namedEnd.map { $0 - start + start % Self.day }
        return [[time, date], [date, time]].contains { pair in
            let split = readings[..<place] + pair + readings[(place + 1)...]
            return zip(split, results).allSatisfy { fits($0, $1) }
        }
    }

    /// Duckling's phrases begin with the article or the preposition that leads to the expression.
    private func isWhole(_ span: Span) -> Bool {
        let leads: Set = ["el", "la", "los", "las", "a", "al", "para", "en", "de"]
        let before = text.at(Span(0, span.start)).lowercased().split(separator: " ").map { String($0) }
        return before.allSatisfy { leads.contains($0) } && sameText(text.at(Span(span.start, text.utf8.count)), text.at(span))
    }

    private func conventional(_ reading: TemporalReading, _ from: Int, _ to: Int) -> CaseOutcome {
        guard let convention = reading.convention else { return .wrong }
        if convention == .nearestWeekday {
            let own = (reading.start ?? reading.namedEnd ?? 0) / Self.day
            let apart = abs((reading.start == nil ? to : from) / Self.day - own)
            // A part of that day differs in its hours only.
            return apart == 7 || (apart == 0 && reading.kind == .dateTimeRange) ? .byConvention : .wrong
        }
        guard let start = reading.start, let end = reading.end else { return .wrong }
        switch convention {
        case .dayPart, .partOfPeriod: return start < to && from < end ? .byConvention : .wrong
        case .weekend:
            return from <= start && start - from < Self.day && abs(to - end) <= Self.day ? .byConvention : .wrong
        case .nearestWeekday: return .wrong
        case .within: return to == start ? .byConvention : .wrong
        }
    }

    // MARK: Duckling

    private func duration(_ reading: TemporalReading, _ expected: JSONValue) -> CaseOutcome {
        let units: [String: Double] = [
            "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_592_000,
            "year": 31_536_000,
        ]
        guard reading.kind == .duration, let value = expected["value"]?.number,
            let unit = units[expected["grain"]?.string ?? ""]
        else { return .wrong }
        return reading.seconds.map(Double.init) == value * unit ? .exact : .wrong
    }

    private func duckling(_ reading: TemporalReading, _ expected: JSONValue) -> CaseOutcome {
        guard reading.kind != .duration, reading.kind != .set, !reading.isImpossible else { return .wrong }
        let moment = Moment(iso: String(reference.prefix(19)), in: .utc) ?? Moment(seconds: 0)
        let today = moment.day(in: .utc).number * Self.day
        let timed = reading.kind == .time || reading.kind == .timeRange
        // A time without a day is today's, or tomorrow's where it has passed: Duckling's own reading.
        func place(_ value: Int?) -> [Int] {
            guard let value else { return [] }
            guard timed else { return [value] }
            return [0, Self.day / 2, Self.day].map {
                today + value + (reading.openMeridiem || $0 != Self.day / 2 ? $0 : 0)
            }
        }
        let grain = expected["grain"]?.string ?? ""
        if expected["type"]?.string == "value" {
            guard let value = seconds(expected["value"]?.string) else { return .wrong }
            if place(reading.start).contains(where: { sameGrain($0, value, grain) })
                || (half(reading, reading.start).map { sameGrain($0, value, grain) } ?? false)
            {
                return .exact
            }
            return conventional(reading, value, value + 1)
        }
        let (from, to) = (seconds(expected["from"]?.string), seconds(expected["to"]?.string))
        let startFits = from == nil ? reading.start == nil : place(reading.start).contains(from!)
        let endFits = to == nil ? reading.end == nil : place(reading.end).contains(to!)
        if startFits, endFits { return .exact }
        return conventional(timed ? dated(reading, today) : reading, from ?? 0, to ?? Int.max)
    }

    private func dated(_ reading: TemporalReading, _ today: Int) -> TemporalReading {
        var reading = reading
        reading.start = reading.start.map { $0 + today }
        reading.end = reading.end.map { $0 + today }
        return reading
    }

    /// Only fields down to the grain mean something.
    private func sameGrain(_ own: Int, _ value: Int, _ grain: String) -> Bool {
        let (a, b) = (Day(number: own / Self.day), Day(number: value / Self.day))
        switch grain {
        case "year": return a.year == b.year
        case "quarter", "month": return a.year == b.year && a.month == b.month
        case "week": return a == b || (own <= value && value < own + 7 * Self.day)
        case "day": return a == b
        case "hour": return own / 3600 == value / 3600
        case "minute": return own / 60 == value / 60
        default: return own == value
        }
    }

    // MARK: Values

    /// Seconds since 1970 of `2016-11-07` and `2016-11-07 08:00:00`, since midnight of `08:00:00`.
    private func seconds(_ text: String?, closing: Bool = false) -> Int? {
        guard let text else { return nil }
        let parts = text.split { $0 == " " || $0 == "T" }
        var result = 0
        for part in parts {
            if let day = Day(part) {
                result += day.number * Self.day
                continue
            }
            let numbers = part.prefix(8).split(separator: ":").compactMap { Int($0) }
            guard numbers.count == 3 else { return nil }
            result += numbers[0] * 3600 + numbers[1] * 60 + numbers[2]
            // Sources write the end of a day as its last second.
            if closing, part.hasPrefix("23:59:59") { result += 1 }
        }
        return result
    }

    private func describe(_ reading: TemporalReading) -> String {
        func show(_ value: Int?) -> String {
            guard let value else { return "…" }
            let (hour, minute) = (value % Self.day / 3600, value % 3600 / 60)
            let clock = "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
            if reading.kind == .time || reading.kind == .timeRange { return clock }
            return value % Self.day == 0
                ? Day(number: value / Self.day).iso : "\(Day(number: value / Self.day).iso) \(clock)"
        }
        let extra = [
            reading.modifier.map { "\($0)" }, reading.openMeridiem ? "am/pm" : nil,
            reading.isImpossible ? "impossible" : nil, reading.seconds.map { "\($0) s" },
        ].compactMap { $0 }
        return
            "\(reading.kind) \(show(reading.start))→\(show(reading.end))\(reading.namedEnd.map { " (\(show($0)))" } ?? "") \(extra.joined(separator: " ")) «\(text.at(reading.span))»"
    }
}
