import Quantities

extension TemporalParser {
    func weekdayName(at index: Int) -> (weekday: Weekday, next: Int)? {
        if let word = stream.lexeme(.weekday, index), let weekday = Weekday(rawValue: Int(word.value)) {
            var next = index + word.length
            let isShort = stream.tokens[index].value & 0xFFFF < 5
            if stream.isSign(next, "."), stream.isGlued(next), isShort || next + 1 < stream.count { next += 1 }
            return (weekday, next)
        }
        // "mi", "ma": only with a point, a comma or a number behind.
        guard let word = stream.lexeme(.shortWeekday, index), let weekday = Weekday(rawValue: Int(word.value)) else {
            return nil
        }
        let next = index + word.length
        if stream.isSign(next, "."), stream.isGlued(next) { return (weekday, next + 1) }
        return stream.isSign(next, ",") && stream.isDigits(next + 1) ? (weekday, next) : nil
    }

    private static let weekdays = WordClassSet(.weekday, .shortWeekday)

    func next(_ weekday: Weekday, after day: Day) -> Day {
        day.adding(days: (weekday.rawValue - day.weekday.rawValue + 6) % 7 + 1)
    }
    func monday(of day: Day) -> Day { day.adding(days: 1 - day.weekday.rawValue) }

    /// "el lunes", "este viernes", "el viernes que viene", "el martes pasado", "el lunes 4", "viernes 15 de junio",
    /// "el miércoles de la semana que viene".
    /// - Parameter takesNumber: whether a number behind the name may be its day.
    func weekday(at index: Int, dated takesNumber: Bool = true) -> TemporalPiece? {
        var place = index
        var shift = 0
        let this = stream.skip(.this, place)
        place = this
        if let word = stream.lexeme(.next, place) {
            (place, shift) = (place + word.length, 1)
        } else if let word = stream.lexeme(.last, place) {
            (place, shift) = (place + word.length, -1)
        }
        // "ese martes" points at a day and does not choose one.
        let lower = this > index && stream.has(.that, index) && place == this ? this : index
        // "semana anterior - lunes"
        if place == index || this > index && place == this && !stream.mayBe(Self.weekdays, place), stream.present.contains(WordClass.unit.bit), let week = week(at: index) {
            let inner = stream.skipAll(
                .article, .at,
                from: stream.isSign(week.range.upperBound, "-") || stream.isSign(week.range.upperBound, ",")
                    ? week.range.upperBound + 1 : week.range.upperBound)
            if let (weekday, next) = weekdayName(at: inner) { return inWeek(of: week.first, weekday, index..<next) }
            return nil
        }
        guard let (weekday, named) = weekdayName(at: place) else { return nil }
        var next = named
        if takesNumber, let dated = dated(weekday, index, next) {
            guard place > index, let day = dated.day, let month = dated.month, dated.year == nil else { return dated }
            // "este viernes 15 de junio" is of the year in which they agree, else of this one.
            let agreed = (today.year...today.year + 1).first {
                Day(year: $0, month: month, day: day)?.weekday == weekday
            }
            return resolve(day: day, month: month, year: agreed ?? today.year, dated.range)
        }
        if let after = afterNext(at: next) {
            let day = self.next(weekday, after: today).adding(days: 7)
            return TemporalPiece(date: day, index..<after, reason: .weekdayNext)
        }
        if let coming = stream.lexeme(.coming, next) ?? stream.lexeme(.next, next) {
            (next, shift) = (next + coming.length, 1)
        } else if let past = stream.lexeme(.last, next), !stream.has(.relativeDay, next) {
            (next, shift) = (next + past.length, -1)
        }
        let inner = stream.skipAll(.of, .at, .article, from: next)
        for start in [inner, next] where stream.present.contains(WordClass.unit.bit) {
            if let week = week(at: start) { return inWeek(of: week.first, weekday, index..<week.range.upperBound) }
        }
        // "el lunes después de navidad"
        if let after = stream.lexeme(.after, next),
            let base = innerDate(at: stream.skipAll(.of, .article, from: next + after.length)), shift == 0
        {
            var piece = TemporalPiece(
                date: self.next(weekday, after: base.last), index..<base.range.upperBound, reason: .weekday)
            piece.weekday = weekday.rawValue
            return piece
        }
        let coming = self.next(weekday, after: today)
        var piece: TemporalPiece
        if shift < 0 {
            piece = TemporalPiece(
                date: coming.adding(days: coming.adding(days: -7) == today ? -14 : -7), lower..<next,
                reason: .weekdayPast)
            piece.convention = .nearestWeekday
        } else {
            piece = TemporalPiece(date: coming, lower..<next, reason: shift > 0 ? .weekdayNext : .weekday)
            if shift > 0 || coming == today.adding(days: 7) { piece.convention = .nearestWeekday }
            if shift == 0, place == index { piece.past = coming.adding(days: -7).number * TemporalPiece.daySeconds }
        }
        piece.weekday = weekday.rawValue
        return piece
    }

    private func inWeek(of day: Day, _ weekday: Weekday, _ range: Range<Int>) -> TemporalPiece {
        var piece = TemporalPiece(date: monday(of: day).adding(days: weekday.rawValue - 1), range, reason: .weekday)
        piece.weekday = weekday.rawValue
        piece.isFixed = true
        return piece
    }

    /// A single week named at `index`: "la semana que viene", "esta semana".
    private func week(at index: Int) -> TemporalPiece? {
        guard let piece = longest([period(at: index), nth(at: index)]), piece.grain == .week,
            piece.end - piece.start == 7 * TemporalPiece.daySeconds
        else { return nil }
        return piece
    }

    /// A weekday with the day it falls on.
    private func dated(_ weekday: Weekday, _ index: Int, _ named: Int) -> TemporalPiece? {
        var place = named
        if stream.isSign(place, ",") || stream.isSign(place, "(") { place += 1 }
        place = stream.skipAll(.article, from: place)
        if let word = stream.lexeme(.unit, place), word.value == Int64(TimeUnit.day.rawValue),
            stream.isDigits(place + 1)
        {
            place += word.length
        }
        if !stream.has(.weekday, place), !stream.has(.relativeDay, place), var piece = longest([writtenDate(at: place)])
        {
            // "miércoles 10-4" are hours where that day is no Wednesday or a far one.
            if hasHours, !onlyDays, piece.year == nil, stream.isSign(place + 1, "-"), stream.isDigits(place + 2),
                piece.range.upperBound == place + 3, piece.first.weekday != weekday || piece.first - today > 92
            {
                return nil
            }
            let close = stream.isSign(piece.range.upperBound, ")") ? 1 : 0
            piece.range = index..<piece.range.upperBound + close
            piece.weekday = weekday.rawValue
            return piece
        }
        if stream.isSign(named, ","), let relative = stream.lexeme(.relativeDay, named + 1) {
            return TemporalPiece(
                date: today.adding(days: Int(relative.value)), index..<named + 1 + relative.length, reason: .relativeDay
            )
        }
        guard let (day, next, _) = dayNumber(at: place), !isCounted(next), !stream.isSign(next, "-"),
            !(stream.isSign(next, "/") && stream.isGlued(next))
        else { return nil }
        func search(_ step: Int) -> Day? {
            let base = today.adding(days: 1 - today.dayOfMonth)
            for offset in 0..<40 {
                let (year, month, _) = base.adding(months: step * offset).components
                guard let found = Day(year: year, month: month, day: day), found.weekday == weekday else { continue }
                if step > 0 ? found >= today : found < today { return found }
            }
            return nil
        }
        guard let future = search(1) else { return nil }
        var piece = TemporalPiece(date: future, index..<next, reason: .weekdayDated)
        piece.past = search(-1).map { $0.number * TemporalPiece.daySeconds }
        (piece.day, piece.weekday) = (day, weekday.rawValue)
        return piece
    }

    private func writtenDate(at index: Int) -> TemporalPiece? {
        guard stream.isDigits(index) || dayNumber(at: index) != nil else { return nil }
        guard let piece = innerDate(at: index), piece.grain == .day, piece.month != nil else { return nil }
        return piece
    }
}
