import Quantities

/// Finds the days of payment in a message, from its temporal expressions and from what was asked.
struct DayReader {
    let stream: TokenStream
    let parser: TemporalParser
    let question: Question

    /// One day with the tokens it covers, so that money does not read them again.
    struct Found {
        var reading: DayReading
        var range: Range<Int>
        var cause: Reason
    }

    private var today: Day { parser.today }

    /// Without any of them, and without digits, no message names a day.
    private static let starters = WordClassSet(
        .noDay, .now, .loneDay, .weekday, .shortWeekday, .month, .shortMonth, .unit, .relativeDay, .dayPart, .lastNight,
        .fixedHour, .next, .last, .start, .middle, .end, .half, .rest, .feast, .businessHours, .some, .every, .whole,
        .frequency, .meal, .number, .ordinal, .fraction)

    /// Cheap: whether a message may name a day at all.
    static func mayName(_ stream: TokenStream) -> Bool { stream.hasDigits || stream.present.intersects(starters) }

    func days() -> [Found] {
        var found: [Found] = []
        var index = 0
        while index < stream.count {
            if stream.present.contains(WordClass.wish.bit), let wish = stream.lexeme(.wish, index) {
                index += wish.length
            } else if let day = day(at: index) {
                found.append(day)
                index = max(day.range.upperBound, index + 1)
            } else {
                index += 1
            }
        }
        return found.isEmpty ? found : DayResolver(stream: stream, question: question, today: today).resolve(found)
    }

    private func day(at index: Int) -> Found? {
        if let vague = stream.lexeme(.noDay, index) {
            return make(.vague, nil, index..<index + vague.length, 0.85, .noDay)
        }
        if let now = stream.lexeme(.now, index) {
            guard !stream.has(.not, index + now.length), !stream.has(.at, index - 1),
                !stream.contains(.asks) || now.length > 1
            else { return nil }
            return make(.payBy, today, index..<index + now.length, now.length > 1 ? 0.95 : 0.6, .now)
        }
        // "mañana o pasado".
        if stream.present.contains(WordClass.loneDay.bit), let lone = stream.lexeme(.loneDay, index), lone.value > 0,
            stream.has(.either, index - 1) && stream.has(.relativeDay, index - 2)
                || stream.contains(.relativeDay) && index > 0 && stream.has(.yes, index + 1)
        {
            return make(.payBy, today.adding(days: Int(lone.value)), index..<index + 1, 0.75, .relativeDay)
        }
        guard parser.mayBegin(index) else { return asked(at: index) }
        if let piece = parser.expression(at: index), let reading = reading(piece) { return reading }
        return asked(at: index)
    }

    /// What only the question makes a day: a bare "15", "en 15".
    private func asked(at index: Int) -> Found? {
        guard question == .day else { return nil }
        // "pasado", for the day after tomorrow.
        if stream.count == 1, let lone = stream.lexeme(.loneDay, index) {
            return make(.payBy, today.adding(days: Int(lone.value)), index..<index + 1, 0.75, .relativeDay)
        }
        // "quincena", "5.12".
        if stream.count <= 2, index == stream.count - 1,
            stream.lexeme(.unit, index)?.value == Int64(TimeUnit.fortnight.rawValue)
        {
            return make(.range, fifteenth, first: fifteenth, index..<index + 1, 0.65, .half)
        }
        if index == 0, stream.count == 3, stream.isSign(1, "."), stream.isDigits(0), stream.isDigits(2),
            (1...31).contains(stream.tokens[0].value), (1...12).contains(stream.tokens[2].value),
            let piece = parser.resolve(
                day: Int(stream.tokens[0].value), month: Int(stream.tokens[2].value), year: nil, 0..<3)
        {
            return make(.payBy, piece.first, 0..<3, 0.6, .dayAndMonth)
        }
        // "10 días hábiles", "una semana": how long from now.
        if index == 0, stream.count <= 5, let (amount, next) = parser.count(at: stream.skip(.some, index)),
            let (unit, end) = parser.unit(at: next), end >= stream.count - 1 || stream.has(.approximately, end),
            let piece = parser.shifted(by: amount, unit, from: nil, index..<end),
            piece.isDate || unit == .hour && amount.whole >= 24
        {
            return make(roughly(piece.range) ? .vague : .payBy, piece.first, piece.range, 0.85, piece.reason)
        }
        if let within = stream.lexeme(.within, index), stream.isDigits(index + within.length),
            let (amount, next) = parser.count(at: index + within.length), next >= stream.count,
            amount.isWhole, amount.whole < 200
        {
            return make(.payBy, today.adding(days: Int(amount.whole)), index..<next, 0.7, .offset)
        }
        guard stream.isDigits(index) || stream.count <= 2, let piece = parser.bareDay(at: index),
            !stream.isSign(index + 1, "$"), isAlone(piece.range)
        else { return nil }
        return make(.payBy, laterThanToday(piece), piece.range, 0.75, .dayAsked)
    }

    /// Whether a number is all that was said, or one of the two in "5 y 20".
    private func isAlone(_ range: Range<Int>) -> Bool {
        let (first, end) = (range.lowerBound, range.upperBound)
        if first <= 1, end >= stream.count - 1 { return true }
        return stream.count == 3 && stream.has(.and, 1) && (first == 0 ? stream.isDigits(2) : stream.isDigits(0))
    }

    /// "el 24" said on the 24th when a day is asked is that of next month.
    private func laterThanToday(_ piece: TemporalPiece) -> Day {
        guard piece.first == today, piece.reason == .dayOfMonth, question == .day, let day = piece.day else {
            return piece.first
        }
        for offset in 1...3 {
            let (year, month, _) = today.adding(days: 1 - today.dayOfMonth).adding(months: offset).components
            if let later = Day(year: year, month: month, day: day) { return later }
        }
        return piece.first
    }

    private func make(
        _ kind: DayReading.Kind, _ day: Day?, first: Day? = nil, _ range: Range<Int>, _ confidence: Double,
        _ reason: Reason
    ) -> Found {
        let note = kind == .payBy ? day.flatMap { warning($0) } : nil
        return Found(
            reading: DayReading(
                kind, day: day, first: first, span: stream.span(range), confidence: confidence,
                reason: stream.lexicon.reason(reason), note: note),
            range: range, cause: reason)
    }

    private func warning(_ day: Day) -> String? {
        if parser.calendar.isBusinessDay(day) { return nil }
        return parser.calendar.holiday(on: day).map { "\($0.name) es feriado" } ?? "cae en \(day.weekday.spanishName)"
    }

    // MARK: From temporal expressions

    private func reading(_ piece: TemporalPiece) -> Found? {
        if piece.isImpossible { return make(.vague, nil, piece.range, 0.4, .dayOfMonth) }
        switch piece.kind {
        case .duration: return nil
        case .time, .timeRange: return hourAlone(piece)
        case .set: return piece.start > 0 ? make(.payBy, piece.first, piece.range, 0.8, .dayOfMonth) : nil
        case .date: return date(piece)
        case .dateTime:
            var found = date(piece)
            let seconds = piece.start % TemporalPiece.daySeconds
            if piece.reason != .offset {
                found?.reading.minute = seconds / 60
            } else {
                found?.reading.reason = stream.lexicon.reason(.today)
            }
            return found
        case .dateTimeRange:
            var day = TemporalPiece(date: piece.first, piece.range, reason: piece.reason)
            (day.past, day.month, day.day, day.year, day.weekday, day.convention) = (
                piece.past, piece.month, piece.day, piece.year, piece.weekday, piece.convention
            )
            if piece.openStart || piece.openEnd { return limited(piece) }
            return date(day)
        case .dateRange:
            if piece.openStart || piece.openEnd { return limited(piece) }
            return window(piece)
        }
    }

    /// "a la tarde te pago", "te transfiero a las 18": today, or tomorrow where that hour is over; asked back.
    private func hourAlone(_ piece: TemporalPiece) -> Found? {
        let range = piece.range
        let verb = stream.has(.to, range.lowerBound - 1) ? range.lowerBound - 2 : range.lowerBound - 1
        let commits =
            stream.has(.commits, stream.skip(.pronoun, range.upperBound))
            || stream.has(.commits, verb) && stream.has(.payVerb, verb)
        guard commits || question == .day && range.lowerBound == 0 && stream.count <= 5 else { return nil }
        let isOver = max(piece.start, piece.end - 1) <= parser.now
        return make(.payBy, isOver ? today.adding(days: 1) : today, range, 0.55, .today)
    }

    private func date(_ piece: TemporalPiece) -> Found? {
        let day = laterThanToday(piece)
        let range = piece.range
        // "15 de noviembre", said on the 24th: it is over.
        if piece.reason == .dayAndMonth, piece.year == nil, day - today >= 330,
            !stream.isDigits(range.upperBound - 1), let past = piece.past
        {
            return make(.past, Day(number: past / TemporalPiece.daySeconds), range, 0.6, .past)
        }
        if day < today {
            return make(.past, day, range, 0.92, piece.reason == .written ? .written : .past)
        }
        var found: Found
        switch piece.reason {
        case .dayAndMonth, .written:
            // A day and month that has just passed this year is rarely meant for the next.
            let rolled =
                piece.year == nil && piece.month != nil && day.year > today.year
                && stream.isDigits(range.upperBound - 1) && stream.tokens[range.upperBound - 1].digits < 3
            let far = rolled && day - today >= 120
            found = make(
                .payBy, day, range, far ? 0.4 : 0.93, far ? .dayLongPast : rolled ? .dayNextYear : piece.reason)
            if far { found.reading.alternative = piece.past.map { Day(number: $0 / TemporalPiece.daySeconds) } }
        case .dayOfMonth
        where
            (stream.has(.either, range.upperBound)
            || stream.isSign(range.upperBound, ",") && stream.has(.either, range.upperBound + 2))
            && parser.bareDay(at: range.upperBound + 1) != nil:
            // "el 7 u 8", "el 12, 13 a más tardar": by the later.
            let later = parser.bareDay(at: range.upperBound + 1) ?? piece
            let last = later.first < day ? later.first.adding(months: 1) : later.first
            found = make(.range, last, first: day, range.lowerBound..<later.range.upperBound, 0.7, .eitherDay)
        case .dayOfMonth: found = make(.payBy, day, range, question == .amount ? 0.45 : 0.9, .dayOfMonth)
        case .weekdayDated:
            // The weekday and the number disagree where the two meet only months from now.
            let near = parser.resolve(day: piece.day ?? 1, month: nil, year: nil, range)?.first
            let agrees = near == day || day - today < 32
            // "el viernes 20", asked how much: a day and a sum.
            if question == .amount, !agrees, let weekday = piece.weekday.flatMap({ Weekday(rawValue: $0) }),
                let number = range.last(where: { stream.isDigits($0) }), number > range.lowerBound
            {
                return make(.payBy, parser.next(weekday, after: today), range.lowerBound..<number, 0.7, .weekday)
            }
            found = make(.payBy, agrees ? day : near ?? day, range, agrees ? 0.95 : 0.45, .weekdayDated)
            if !agrees, let weekday = piece.weekday.flatMap({ Weekday(rawValue: $0) }) {
                found.reading.alternative = parser.next(weekday, after: today)
            }
        case .weekdayNext:
            found = make(.payBy, day, range, 0.88, .weekdayNext)
            if piece.convention == .nearestWeekday { found.reading.alternative = day.adding(days: 7) }
            // "el otro lunes"; "el jueves que viene" said on a Wednesday.
            if range.contains(where: { stream.has(.other, $0) }) || day - today == 1 {
                found.reading.confidence = 0.45
                found.reading.alternative = day.adding(days: 7)
            }
        case .offset:
            // "la semana después de semana santa" is no single day.
            let isWeek = range.contains { stream.lexeme(.unit, $0)?.value == Int64(TimeUnit.week.rawValue) }
            let rough = roughly(range) || isWeek && range.contains { stream.has(.feast, $0) }
            found = make(rough ? .vague : .payBy, day, range, rough ? 0.8 : 0.9, rough ? .offsetRough : .offset)
        default: found = make(.payBy, day, range, 0.93, piece.reason)
        }
        return found
    }

    /// "más o menos", "unos" about a number of days.
    private func roughly(_ range: Range<Int>) -> Bool {
        stream.has(.approximately, range.upperBound)
            || range.contains { stream.has(.some, $0) || stream.has(.around, $0) }
    }

    /// The next pay day of those who are paid by the fortnight.
    private var fifteenth: Day {
        let own = today.adding(days: 15 - today.dayOfMonth)
        return today.dayOfMonth < 15 ? own : own.adding(months: 1)
    }

    /// A period or stretch of days.
    private func window(_ piece: TemporalPiece) -> Found? {
        let (first, last, range) = (piece.first, piece.last, piece.range)
        // "entre 15 y 20", not asked for a day: sums.
        if piece.isBare, question != .day { return nil }
        let monthly = piece.grain == .month || piece.grain == .fortnight
        if last < today, !(monthly && piece.modifier != nil) || first.adding(months: 2) < today {
            return make(.past, last, first: first, range, 0.9, .past)
        }
        switch piece.modifier {
        case .start? where piece.grain == .month || piece.grain == .fortnight:
            var start = first
            if start.adding(days: 4) < today { start = start.adding(months: 1) }
            return make(.range, start.adding(days: 4), first: start, range, 0.65, .startOf)
        case .middle? where piece.grain == .month || piece.grain == .fortnight:
            var middle = first.adding(days: 15 - first.dayOfMonth)
            if middle < today { middle = middle.adding(months: 1) }
            return make(.range, middle, first: middle.adding(days: -4), range, 0.65, .middleOf)
        case .end? where piece.grain == .month || piece.grain == .fortnight:
            return make(.payBy, last, range, 0.85, .endOf)
        case .middle? where piece.grain == .week:
            let wednesday = first.adding(days: 2)
            let middle = wednesday <= today ? wednesday.adding(days: 7) : wednesday
            return make(.range, middle, first: middle, range, 0.55, .middleOf)
        case .end? where piece.grain == .week:
            let friday = last.adding(days: -2)
            return make(.range, friday < today ? last : friday, first: first, range, 0.65, .endOf)
        case .start? where piece.grain == .week:
            // What has begun is not meant.
            let week = first.adding(days: 1) <= today ? first.adding(days: 7) : first
            return make(.range, week.adding(days: 1), first: week, range, 0.65, .startOf)
        case .approximate?: return make(.vague, last, first: first, range, 0.6, piece.reason)
        default: break
        }
        switch piece.grain {
        case .weekend: return make(.range, last, first: max(first, today), range, 0.7, .weekend)
        case .week where piece.reason == .week:
            let friday = first.adding(days: 4)
            return make(.range, friday < today ? last : friday, first: first, range, 0.7, .week)
        case .month: return make(.vague, last, first: first, range, 0.65, .monthOnly)
        case .year: return make(.vague, last, first: first, range, 0.5, .year)
        // "para las fiestas": before they begin, and asked.
        case .day where piece.reason == .feast:
            return make(.range, max(today, first.adding(days: -1)), first: first.adding(days: -1), range, 0.5, .feast)
        case .fortnight:
            // "la quincena" is its pay day, the 15th; the second half ends with its month.
            if piece.modifier == nil, !range.contains(where: { QuantityParser(stream: stream).ordinal(at: $0) != nil })
            {
                return make(.range, fifteenth, first: fifteenth, range, 0.65, .half)
            }
            return make(.range, last, first: first, range, 0.65, .half)
        default:
            let named = piece.namedEnd.map { Day(number: $0 / TemporalPiece.daySeconds) } ?? last
            return make(.range, named, first: max(first, today), range, 0.7, .window)
        }
    }

    /// "antes del 15", "hasta el 20", "a partir del 5", "después de las fiestas".
    private func limited(_ piece: TemporalPiece) -> Found? {
        let range = piece.range
        switch piece.modifier {
        case .before:
            let day = piece.last
            // "no creo que pueda antes del 15" is the opposite of a deadline.
            if stream.hasNear(.not, before: range.lowerBound, within: 5),
                !stream.has(.before, range.lowerBound) || !stream.has(.not, range.lowerBound)
            {
                return make(.from, Day(number: piece.end / TemporalPiece.daySeconds), range, 0.85, .notBefore)
            }
            // "antes del 15 no puedo".
            if stream.has(.not, range.upperBound), stream.has(.payVerb, range.upperBound + 1) {
                return make(.from, Day(number: piece.end / TemporalPiece.daySeconds), range, 0.85, .notBefore)
            }
            if day.adding(days: 1) <= today { return make(.past, day, range, 0.8, .past) }
            // "a más tardar el viernes" includes the Friday.
            let includes = stream.has(.either, range.lowerBound)
            return make(.payBy, includes ? day.adding(days: 1) : day, range, 0.88, .before)
        case .until:
            let day = piece.namedEnd.map { Day(number: $0 / TemporalPiece.daySeconds) } ?? piece.last
            return make(piece.grain == .day ? .payBy : .range, day, range, 0.85, piece.reason)
        case .after: return make(.vague, Day(number: piece.start / TemporalPiece.daySeconds), range, 0.8, .after)
        default: return make(.from, piece.first, range, 0.88, .since)
        }
    }
}
