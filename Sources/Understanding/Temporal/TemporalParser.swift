import Quantities

/// Finds every temporal expression of a text. Each alternative is tried at each place and the longest wins.
final class TemporalParser {
    let stream: TokenStream
    let today: Day
    /// Seconds since midnight.
    let now: Int
    let calendar: BusinessCalendar
    /// Only what can become a day of payment is wanted.
    let onlyDays: Bool
    /// Something in the text may make a number a day.
    let hasDayContext: Bool
    /// Something in the text may make a number an hour.
    let hasHours: Bool
    private static let hours = WordClassSet(
        .dayPart, .lastNight, .fixedHour, .am, .pm, .hourMark, .sharp, .past, .businessHours)
    /// How many expressions this one lies within; bounds the work.
    private(set) var depth = 0
    /// What date begins at each token, where that is known already: the alternatives ask for it again and again.
    enum KnownDate {
        case unknown, none
        case some(TemporalPiece)
    }
    var dates = ContiguousArray<KnownDate>()

    init(stream: TokenStream, today: Day, now: Int, calendar: BusinessCalendar, onlyDays: Bool = false) {
        self.stream = stream
        self.today = today
        self.now = now
        self.calendar = calendar
        self.onlyDays = onlyDays
        hasDayContext =
            !onlyDays || stream.present.intersects(Self.dayContext)
            || stream.tokens.indices.contains { stream.isSign($0, "/") || stream.isSign($0, "-") }
        hasHours =
            !onlyDays || stream.present.intersects(Self.hours)
            || stream.tokens.indices.contains { stream.isSign($0, ":") || stream.length(.atHour, $0) > 1 }
    }

    var nowSeconds: Int { today.number * TemporalPiece.daySeconds + now }

    func readings() -> [TemporalReading] {
        var result: [TemporalReading] = []
        var index = 0
        var last = 0
        while index < stream.count {
            if var piece = expression(at: index) {
                widen(&piece, from: result.isEmpty ? 0 : last)
                last = piece.range.upperBound
                result.append(piece.reading(stream))
                index = max(piece.range.upperBound, index + 1)
            } else {
                index += 1
            }
        }
        return result
    }

    /// Takes in what belongs to a name and not to the sentence: the article of "el día 4", "al" of "al final del día".
    private func widen(_ piece: inout TemporalPiece, from last: Int) {
        let lower = piece.range.lowerBound
        guard lower > last else { return }
        let isDay =
            piece.reason != .feast && stream.lexeme(.unit, lower)?.value == Int64(TimeUnit.day.rawValue)
            && stream.has(.daylike, lower - 1)
        let isEnd = piece.grain == .second && piece.kind == .dateTime && stream.has(.end, lower)
        if isDay && !stream.has(.of, lower - 1)
            || isEnd && stream.has(.to, lower - 1) && stream.has(.article, lower - 1)
        {
            piece.range = lower - 1..<piece.range.upperBound
        }
    }

    /// What begins at `index`: the longest of the alternatives, the first of equals.
    func expression(at index: Int) -> TemporalPiece? {
        guard mayBegin(index) else { return nil }
        var best = repetition(at: index)
        keep(&best, dateRange(at: index))
        keep(&best, modified(at: index))
        keep(&best, point(at: index))
        if !onlyDays {
            // "a las 8 todos los días".
            if let time = best, time.isTime, let every = repetition(at: time.range.upperBound) {
                best = TemporalPiece(.set, 0, 0, grain: every.grain, time.range.lowerBound..<every.range.upperBound)
            }
            keep(&best, duration(at: index))
        }
        return best
    }

    /// Replaces `best` by a longer piece.
    @inline(__always)
    func keep(_ best: inout TemporalPiece?, _ piece: TemporalPiece?) {
        guard let piece, best.map({ piece.range.upperBound > $0.range.upperBound }) ?? true else { return }
        best = piece
    }

    func longest(_ pieces: [TemporalPiece?]) -> TemporalPiece? {
        var best: TemporalPiece?
        for case let piece? in pieces where best.map({ piece.range.upperBound > $0.range.upperBound }) ?? true {
            best = piece
        }
        return best
    }

    /// Cheap: whether anything temporal can begin with this token.
    func mayBegin(_ index: Int) -> Bool {
        let token = stream.tokens[index]
        switch token.kind {
        case .digits:
            guard hasDayContext else { return false }
            guard token.glued, index > 0 else { return true }
            if stream.tokens[index - 1].kind == .word { return false }
            // Not inside "37,1".
            return
                !(stream.isDigits(index - 2) && stream.isGlued(index - 1)
                && (stream.isSign(index - 1, ".") || stream.isSign(index - 1, ",")))
        case .sign: return false
        case .word:
            return token.id != 0 && !(token.glued && index > 0 && stream.tokens[index - 1].kind == .digits)
                && leads(index)
        }
    }

    /// What a length is counted from: a date, "hoy", "ahora".
    func base(at index: Int) -> TemporalPiece? {
        if let now = stream.lexeme(.now, index) {
            return TemporalPiece(.dateTime, nowSeconds, nowSeconds + 1, grain: .second, index..<index + now.length)
        }
        return innerDate(at: index)
    }

    /// A date inside another expression ("dos días después de…").
    func innerDate(at index: Int) -> TemporalPiece? {
        guard depth < 2 else { return nil }
        depth += 1
        defer { depth -= 1 }
        return date(at: index)
    }

    /// Whether articles and prepositions from `index` on lead to something temporal.
    private func leads(_ index: Int) -> Bool {
        if stream.mayBe(Self.core, index) { return true }
        if hasDayContext, stream.mayBe(Self.numbers, index) { return true }
        if onlyDays, !stream.mayBe(Self.limits, index), !stream.has(.within, index) || stream.has(.at, index) {
            // Articles begin periods only, "en" and "a" lengths and parts of a day, "de" ranges: days by name begin with the name.
            let next = index + 1
            if stream.mayBe(Self.articles, index), stream.mayBe(Self.periodStarts, next) { return true }
            if stream.mayBe(Self.prepositions, index),
                stream.isDigits(next) || stream.mayBe(Self.lengths, next) || hasHours
            {
                return true
            }
            return stream.has(.of, index) && (stream.present.intersects(Self.rangeLinks) || nextWeek(at: index) != nil)
        }
        var place = index
        while place < min(index + 5, stream.count) {
            if stream.mayBe(Self.core, place) { return true }
            if hasDayContext, stream.isDigits(place) || stream.mayBe(Self.numbers, place) { return true }
            guard stream.mayBe(Self.glue, place) else { return false }
            // "a partir de" is one.
            place += max(
                1, stream.length(.since, place), stream.length(.before, place), stream.length(.around, place),
                stream.length(.within, place))
        }
        return false
    }

    /// Behind digits: they are money or a count.
    private static let counted = WordClassSet(.money, .scale, .currency, .instalments, .percent)
    private static let core = WordClassSet(
        .weekday, .shortWeekday, .month, .shortMonth, .unit, .relativeDay, .dayPart, .lastNight, .fixedHour, .now,
        .next, .last, .start, .middle,
        .end, .half, .rest, .feast, .earlier, .later, .businessHours, .some, .ago, .every, .whole, .frequency, .meal)
    private static let limits = WordClassSet(
        .until, .since, .between, .before, .after, .around, .moreThan, .lessThan, .this)
    private static let articles = WordClassSet(.article)
    private static let prepositions = WordClassSet(.at, .to, .within)
    private static let lengths = WordClassSet(.number, .some, .fraction, .around)
    private static let rangeLinks = WordClassSet(.to, .until)
    private static let periodStarts = WordClassSet(
        .unit, .next, .last, .start, .middle, .end, .half, .rest, .earlier, .later, .ordinal, .number, .this, .dayPart,
        .fixedHour)
    private static let numbers = WordClassSet(.number, .ordinal, .fraction)
    private static let counters = WordClassSet(.ordinal, .last)
    /// One of them must be there for a number to be part of a day.
    private static let dayContext = WordClassSet(
        .unit, .month, .shortMonth, .weekday, .shortWeekday, .daylike, .every, .between, .feast, .relativeDay)
    private static let glue = WordClassSet(
        .article, .of, .at, .to, .until, .since, .between, .before, .after, .this, .atHour, .daylike, .within, .around,
        .moreThan, .lessThan,
        .businessDay, .over, .either, .atMost)

    // MARK: Points and what limits them

    /// A date, a time, or both in either order.
    func point(at index: Int) -> TemporalPiece? {
        var best: TemporalPiece?
        if stream.isDigits(index), onlyDays, stream.mayBe(Self.counted, index + 1), isCounted(index + 1) { return nil }
        if let now = stream.lexeme(.now, index) {
            best = TemporalPiece(.dateTime, nowSeconds, nowSeconds + 1, grain: .second, index..<index + now.length)
            best?.reason = .now
        }
        if let date = date(at: index) {
            keep(&best, joined(date: date))
            keep(&best, date)
            // "lunes 8-9 am": the number may be an hour and not a day.
            if date.weekday != nil, date.day != nil, let plain = weekday(at: index, dated: false) {
                keep(&best, joined(date: plain))
            }
        }
        if hasHours, !onlyDays, stream.mayBe(Self.counters, index) || stream.mayBe(Self.articles, index) {
            keep(&best, nthWithHours(at: index))
        }
        if let offset = offset(at: index) {
            if offset.isDate { keep(&best, joined(date: offset)) }
            keep(&best, offset)
        }
        guard hasHours else { return best }
        var time = timeRange(at: index)
        keep(&time, self.time(at: index))
        if let part = dayPart(at: index), part.range.count > 1 || stream.count == 1 || isNamedPart(index) {
            keep(&time, part)
        }
        if let time {
            keep(&best, joined(time: time))
            keep(&best, time)
        } else if let marked = markedTime(at: index),
            marked.start > 12 * 3600 || !isSpelled(marked.range.upperBound - 1)
        {
            // "7h del domingo", but not "2 horas mañana".
            keep(&best, joined(time: marked))
        } else if let loose = timeRange(at: index, loose: true) {
            // "6-8 próximo lunes": hours only because a day follows.
            keep(&best, joined(time: loose))
        }
        return best
    }

    /// "horas", not "hs".
    private func isSpelled(_ index: Int) -> Bool {
        stream.tokens[index].kind == .word && stream.tokens[index].value & 0xFFFF > 3
    }

    /// "noche del martes": not "llego tarde" nor "buenas tardes".
    private func isNamedPart(_ index: Int) -> Bool {
        stream.has(.lastNight, index) || stream.has(.businessHours, index) || stream.has(.of, index + 1)
    }

    /// "antes de", "después de", "a partir de", "hasta", "alrededor de" and "en adelante" with a point.
    private func modified(at index: Int) -> TemporalPiece? {
        var piece: TemporalPiece?
        for cls in [WordClass.before, .after, .since, .until, .around] {
            // "antes de ayer" is a day.
            guard let word = stream.lexeme(cls, index), stream.length(.relativeDay, index) <= word.length else {
                continue
            }
            // "más tarde este año" is a part of the year.
            if cls == .after, stream.has(.later, index), partOfPeriod(at: index) ?? dayPart(at: index) != nil {
                continue
            }
            let inner = stream.skipAll(.of, .article, from: index + word.length)
            // "antes de" needs its point at once; "de" and articles may come between.
            guard
                let found = longest([
                    point(at: index + word.length), inner > index + word.length ? point(at: inner) : nil,
                    bareDay(at: inner), meal(at: inner), onlyDays ? nil : bareYearPiece(inner),
                ]),
                found.kind != .duration,
                // "antes de que termine el mes" leaves all of it.
                let limited = limit(
                    found, by: cls == .before && stream.length(.end, index + word.length) > 1 ? .until : cls)
            else { continue }
            var result = limited
            result.range = index..<found.range.upperBound
            piece = longest([piece, result])
        }
        if piece == nil, stream.present.contains(WordClass.onwards.bit), let found = point(at: index),
            let onwards = stream.lexeme(.onwards, found.range.upperBound),
            !stream.has(.of, found.range.upperBound + onwards.length), found.kind != .duration,
            // "el viernes y después vemos".
            !onlyDays || !stream.has(.and, found.range.upperBound)
                || found.range.upperBound + onwards.length >= stream.count,
            var limited = limit(found, by: .since)
        {
            limited.range = found.range.lowerBound..<found.range.upperBound + onwards.length
            piece = limited
            // "a las 3 o más tarde el lunes".
            if limited.isTime { keep(&piece, joined(time: limited)) }
        }
        return piece
    }

    func limit(_ piece: TemporalPiece, by cls: WordClass) -> TemporalPiece? {
        var piece = piece
        piece.modifierSaid = piece.modifier
        piece.kind =
            piece.kind == .date
            ? .dateRange : piece.kind == .time ? .timeRange : piece.kind == .dateTime ? .dateTimeRange : piece.kind
        switch cls {
        case .before:
            piece.modifier = .before
            // "antes de fin de mes" leaves all of the month but its last day.
            piece.end = piece.modifierSaid == .end && piece.isDate ? piece.end - TemporalPiece.daySeconds : piece.start
            piece.namedEnd = piece.end
            piece.openStart = true
        case .until:
            piece.modifier = .until
            piece.namedEnd = piece.grain == .day || piece.isTime || piece.kind == .dateTimeRange ? piece.start : nil
            piece.openStart = true
        case .after:
            piece.modifier = .after
            // After a day is from its end on; sources name the day itself.
            piece.namedEnd = piece.start
            piece.start = piece.grain == .hour || piece.grain == .minute ? piece.start : piece.end
            piece.openEnd = true
        case .since:
            // "desde las 2 hasta las 4" has its end.
            if piece.kind == .timeRange, piece.namedEnd != nil, piece.modifierSaid == nil { return piece }
            piece.modifier = .since
            piece.openEnd = true
        default:
            piece.modifier = .approximate
        }
        return piece
    }

    /// "el almuerzo", where "antes de" or the like makes it an hour.
    private func meal(at index: Int) -> TemporalPiece? {
        guard let meal = stream.lexeme(.meal, index) else { return nil }
        var piece = TemporalPiece(
            .timeRange, Int(meal.value / 100) * 3600, Int(meal.value % 100) * 3600, grain: .night,
            index..<index + meal.length)
        piece.convention = .dayPart
        return piece
    }

    // MARK: Repetitions

    /// "cada dos semanas", "todos los lunes", "mensualmente".
    private func repetition(at index: Int) -> TemporalPiece? {
        if let adverb = stream.lexeme(.frequency, index) {
            return TemporalPiece(
                .set, 0, 0, grain: TimeUnit(rawValue: UInt8(adverb.value % 100)) ?? .day, index..<index + adverb.length)
        }
        guard let every = stream.lexeme(.every, index) else { return nil }
        let next = index + every.length
        let counted = count(at: next)
        let place = counted?.next ?? next
        var end: Int?
        if let unit = stream.lexeme(.unit, place) { end = stream.skip(.businessDay, place + unit.length) }
        if end == nil, let weekday = stream.lexeme(.weekday, place) { end = place + weekday.length }
        // "todas las tardes", "cada noche".
        if end == nil, place == next, let part = stream.lexeme(.dayPart, place) { end = place + part.length }
        while let place = end {
            let more = stream.skipAll(.and, .article, from: stream.isSign(place, ",") ? place + 1 : place)
            guard let weekday = stream.lexeme(.weekday, more) else { break }
            end = more + weekday.length
        }
        let date = end == nil ? date(at: next) ?? bareDay(at: next) : nil
        guard var end = end ?? date?.range.upperBound else { return nil }
        if let time = longest([time(at: end), timeRange(at: end), dayPart(at: end)]), time.isTime {
            end = time.range.upperBound
        }
        return TemporalPiece(.set, date?.start ?? 0, date?.end ?? 0, grain: .day, index..<end)
    }
}
