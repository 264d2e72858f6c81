import Quantities

extension TemporalParser {
    /// "hoy", "pasado mañana", "anteayer", "el día de mañana".
    func relativeDay(at index: Int) -> TemporalPiece? {
        let named = stream.skip(.article, index)
        var place = named > index && stream.has(.unit, named) ? named : index
        if let word = stream.lexeme(.unit, index), word.value == Int64(TimeUnit.day.rawValue),
            stream.has(.of, index + word.length)
        {
            place = stream.skip(.of, index + word.length)
        }
        guard let word = stream.lexeme(.relativeDay, place) else { return nil }
        // "la mañana" is the morning.
        if stream.lexeme(.dayPart, place)?.length == word.length, place == index,
            stream.has(.article, place - 1) || stream.has(.this, place - 1)
        {
            return nil
        }
        return TemporalPiece(
            date: today.adding(days: Int(word.value)), index..<place + word.length,
            reason: word.value == 0 ? .today : .relativeDay)
    }

    /// A holiday by its name, with a year or the next one to come.
    func feast(at index: Int) -> TemporalPiece? {
        guard let word = stream.lexeme(.feast, index) else { return nil }
        let next = index + word.length
        switch word.value {
        case LexiconValue.anyHoliday: return holiday(index, next)
        case LexiconValue.longWeekend: return longWeekend(index..<next)
        default: break
        }
        let (value, length) = (word.value % 100_000, Int(word.value / 100_000))
        func day(_ year: Int) -> Day? {
            if value >= 15_000 { return Self.easter(year).adding(days: Int(value) - 20_000) }
            return Day(year: year, month: Int(value / 100), day: Int(value % 100))
        }
        if length > 0 {
            // "las fiestas": those that are not over.
            for year in [today.year - 1, today.year, today.year + 1] {
                guard let first = day(year), case let end = first.adding(days: length), end > today else { continue }
                return TemporalPiece(date: first, to: end, index..<next, reason: .feast)
            }
            return nil
        }
        if let (year, end) = year(at: next), let day = day(year) {
            return TemporalPiece(date: day, index..<end, reason: .feast)
        }
        guard let this = day(today.year), let future = this >= today ? this : day(today.year + 1) else { return nil }
        var piece = TemporalPiece(date: future, index..<next, reason: .feast)
        piece.past = (this < today ? this : day(today.year - 1)).map { $0.number * TemporalPiece.daySeconds }
        return piece
    }

    /// "el feriado", "el feriado del 8": not in "el lunes es feriado".
    private func holiday(_ index: Int, _ next: Int) -> TemporalPiece? {
        guard stream.has(.daylike, index - 1) else { return nil }
        let named = stream.skip(.of, next)
        if named > next,
            let day = [innerDate(at: named), innerDate(at: stream.skip(.article, named)), bareDay(at: named)]
                .compactMap({ $0 }).first(where: { $0.grain == .day })
        {
            return TemporalPiece(date: day.first, index..<day.range.upperBound, reason: .feast)
        }
        return (0..<400).lazy.map { self.today.adding(days: $0) }.first {
            self.calendar.holiday(on: $0)?.kind == .nationalHoliday
        }
        .map { TemporalPiece(date: $0, index..<next, reason: .feast) }
    }

    /// The next three days or more on which nobody works.
    private func longWeekend(_ range: Range<Int>) -> TemporalPiece? {
        var first = today
        for _ in 0..<400 {
            if calendar.isBusinessDay(first) {
                first = first.adding(days: 1)
                continue
            }
            let end = calendar.roll(first, .following)
            if end - first >= 3 {
                return TemporalPiece(date: first, to: end, grain: .weekend, range, reason: .weekend)
            }
            first = end
        }
        return nil
    }

    /// Easter Sunday, Gregorian (Meeus/Jones/Butcher).
    static func easter(_ year: Int) -> Day {
        let a = year % 19
        let b = year / 100
        let c = year % 100
        let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30
        let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7
        let m = (a + 11 * h + 22 * l) / 451
        let value = h + l - 7 * m + 114
        return Day(year: year, month: value / 31, day: value % 31 + 1)!
    }

    /// "los días 18 y 19 de junio", "el 3, 10 y 17 de febrero": a day whose month is said behind the last of its list.
    private func listed(_ day: Int, _ index: Int, _ next: Int, introduced: Bool) -> TemporalPiece? {
        guard stream.present.intersects(Self.monthNames),
            introduced || (listSeparator(at: index - 1) != nil && stream.isDigits(index - 2))
        else { return nil }
        var place = next
        for _ in 0..<6 {
            guard let separator = listSeparator(at: place) else { return nil }
            let item = stream.skipAll(.daylike, from: separator)
            if let last = dayAndMonth(at: item), let end = last.day, last.month != nil, !last.isImpossible {
                let month = day <= end ? last.first : last.first.adding(months: -1)
                var piece = resolve(
                    day: day, month: month.month, year: last.year.map { _ in month.year }, index..<next)
                piece?.reason = .dayAndMonth
                return piece
            }
            guard let (_, after, _) = dayNumber(at: item) else { return nil }
            place = after
        }
        return nil
    }

    private static let monthNames = WordClassSet(.month, .shortMonth)

    /// Behind a comma, "y", "o".
    private func listSeparator(at index: Int) -> Int? {
        if stream.isSign(index, ",") { return index + 1 }
        return (stream.lexeme(.and, index) ?? stream.lexeme(.either, index)).map { index + $0.length }
    }

    /// "el 15", "día nueve": a number that an article or "día" makes a day.
    func articledDay(at index: Int) -> TemporalPiece? {
        let named = stream.lexeme(.unit, index).flatMap {
            $0.value == Int64(TimeUnit.day.rawValue) ? index + $0.length : nil
        }
        guard let (day, next, ordinal) = dayNumber(at: named ?? index) else { return nil }
        if !ordinal, let piece = listed(day, named ?? index, next, introduced: named != nil || isSingular(index - 1)) {
            return piece
        }
        let introduced =
            named != nil
            || (isSingular(index - 1) && (!ordinal || day == 1 || (stream.isDigits(index) && !isWord(next))))
        guard introduced, !isCounted(next),
            ordinal || stream.isDigits(named ?? index) || next > index + 1 || named != nil
                || !stream.has(.fraction, index)
        else { return nil }
        // "una", "un": articles, not days; "uno" is one.
        if !stream.isDigits(named ?? index), day == 1, !ordinal,
            !stream.has(.dayOne, named ?? index)
        {
            return nil
        }
        return resolve(day: day, month: nil, year: nil, index..<next)
    }
}
