import Quantities

extension TemporalParser {
    /// "la tercera semana de este mes", "el primer lunes de abril", "el último día de marzo", "el 5to día hábil",
    /// "la segunda quincena de enero", "la semana del 18".
    func nth(at index: Int) -> TemporalPiece? {
        let place = stream.skipAll(.article, from: index)
        if let word = stream.lexeme(.unit, place), word.value == Int64(TimeUnit.week.rawValue),
            let piece = weekOf(index, place + word.length)
        {
            return piece
        }
        var position: Int?
        var next = place
        if let (value, end) = QuantityParser(stream: stream).ordinal(at: place), (1...31).contains(value) {
            (position, next) = (Int(value), end)
        } else if let last = stream.lexeme(.last, place) ?? stream.lexeme(.end, place) {
            // "el último lunes", "los últimos días".
            (position, next) = (-1, place + last.length)
        }
        guard let position else { return nil }
        if let (weekday, end) = weekdayName(at: next) {
            guard let (container, stop) = container(at: end, needed: position < 0) else { return nil }
            return nthWeekday(position, weekday, container, index..<stop)
        }
        if let quarter = stream.lexeme(.fraction, next), quarter.value == 4,
            let (year, stop) = container(at: next + quarter.length, needed: true), year.grain == .year, position > 0,
            position <= 4
        {
            let start = year.first.adding(months: 3 * (position - 1))
            return TemporalPiece(
                date: start, to: start.adding(months: 3), grain: .quarter, index..<stop, reason: .window)
        }
        guard let word = stream.lexeme(.unit, next), let unit = TimeUnit(rawValue: UInt8(word.value)) else {
            return nil
        }
        var end = next + word.length
        var business = false
        if unit == .day, let mark = stream.lexeme(.businessDay, end) { (business, end) = (true, end + mark.length) }
        if unit == .week, position > 5, container(at: end, needed: true) == nil {
            // "la décima semana": of the year.
            let start = monday(of: Day(year: today.year, month: 1, day: 4)!).adding(days: 7 * (position - 1))
            return TemporalPiece(date: start, to: start.adding(days: 7), grain: .week, index..<end, reason: .week)
        }
        guard let (container, stop) = container(at: end, needed: !business && unit != .fortnight) else { return nil }
        switch unit {
        case .day where business: return businessDay(position, container, index..<stop)
        case .day:
            let day = position > 0 ? container.first.adding(days: position - 1) : container.last
            guard day <= container.last else { return nil }
            return TemporalPiece(date: day, index..<stop, reason: .dayAndMonth)
        case .week:
            if container.grain == .month {
                let day = container.first
                let firstThursday = day.adding(days: (4 - day.weekday.rawValue + 7) % 7)
                let count = (container.last - firstThursday) / 7 + 1
                let start = monday(of: firstThursday).adding(days: 7 * ((position > 0 ? position : count) - 1))
                var piece = TemporalPiece(
                    date: start, to: start.adding(days: 7), grain: .week, index..<stop, reason: .week)
                piece.past = nil
                return weekdayWithin(piece, position, stop)
            }
            guard container.grain == .year else { return nil }
            let fourth = Day(year: container.first.year, month: 1, day: 4)!
            let start =
                position > 0
                ? monday(of: fourth).adding(days: 7 * (position - 1))
                : monday(of: Day(year: container.first.year, month: 12, day: 28)!)
            return TemporalPiece(date: start, to: start.adding(days: 7), grain: .week, index..<stop, reason: .week)
        case .fortnight:
            guard position == -1 || position <= 2 else { return nil }
            var piece = half(of: container.first, second: position != 1, index..<stop)
            if stop == end, piece.last < today || (piece.last == today) {
                piece = half(of: container.first.adding(months: 1), second: position != 1, index..<stop)
            }
            return piece
        case .month where container.grain == .year:
            return resolve(month: position > 0 ? min(position, 12) : 12, year: container.first.year, index..<stop)
        case .quarter, .fourMonths, .semester, .twoMonths:
            let length = unit == .twoMonths ? 2 : unit == .semester ? 6 : unit == .fourMonths ? 4 : 3
            let start = Day(year: container.first.year, month: 1, day: 1)!.adding(
                months: length * ((position > 0 ? position : 12 / length) - 1))
            return TemporalPiece(
                date: start, to: start.adding(months: length), grain: unit, index..<stop, reason: .window)
        default: return nil
        }
    }

    /// "primera semana de octubre el viernes".
    private func weekdayWithin(_ week: TemporalPiece, _ position: Int, _ stop: Int) -> TemporalPiece {
        let place = stream.skipAll(.article, .at, from: stop)
        guard place > stop, let (weekday, next) = weekdayName(at: place), week.range.lowerBound < stop else {
            return week
        }
        return nthWeekday(position, weekday, monthPiece(week.first.adding(days: 3)), week.range.lowerBound..<next)
            ?? week
    }

    func monthPiece(_ day: Day) -> TemporalPiece {
        let start = day.adding(days: 1 - day.dayOfMonth)
        return TemporalPiece(date: start, to: start.adding(months: 1), grain: .month, 0..<0)
    }

    private func nthWeekday(_ position: Int, _ weekday: Weekday, _ container: TemporalPiece, _ range: Range<Int>)
        -> TemporalPiece?
    {
        let first = next(weekday, after: container.first.adding(days: -1))
        let last = container.last.adding(days: -((container.last.weekday.rawValue - weekday.rawValue + 7) % 7))
        let day = position > 0 ? first.adding(days: 7 * (position - 1)) : last
        guard day >= container.first, day <= container.last else { return nil }
        var piece = TemporalPiece(date: day, range, reason: .weekday)
        piece.weekday = weekday.rawValue
        return piece
    }

    private func businessDay(_ position: Int, _ container: TemporalPiece, _ range: Range<Int>) -> TemporalPiece? {
        func nth(_ month: Day) -> Day? {
            if position > 0 { return calendar.businessDay(position, ofMonth: month.month, year: month.year) }
            return calendar.roll(
                month.adding(days: Day.length(ofMonth: month.month, year: month.year) - month.dayOfMonth), .preceding)
        }
        guard var day = nth(container.first) else { return nil }
        if day <= today, container.year == nil, let following = nth(container.first.adding(months: 1)) {
            day = following
        }
        return TemporalPiece(date: day, range, reason: .businessDayOfMonth)
    }

    /// "de este mes", "de abril", "del año pasado"; the present month where nothing is said.
    func container(at index: Int, needed: Bool) -> (TemporalPiece, Int)? {
        let of = stream.skipAll(.of, .at, from: index)
        let place = stream.skipAll(.article, from: of)
        if of > index || !needed {
            if let piece = longest([
                month(at: of), period(at: of), place > of ? period(at: place) : nil, bareYearPiece(of),
            ]), piece.grain == .month || piece.grain == .year {
                return (piece, piece.range.upperBound)
            }
            if of > index, let unit = stream.lexeme(.unit, place) {
                if unit.value == Int64(TimeUnit.month.rawValue) { return (monthPiece(today), place + unit.length) }
                if unit.value == Int64(TimeUnit.year.rawValue) {
                    return yearPiece(today.year, 0..<0).map { ($0, place + unit.length) }
                }
            }
        }
        return needed ? nil : (monthPiece(today), index)
    }

    func bareYearPiece(_ index: Int) -> TemporalPiece? {
        bareYear(at: index).flatMap { yearPiece($0.year, index..<$0.next) }
    }

    /// "la semana del 18", "la semana a partir del 4 de febrero".
    private func weekOf(_ index: Int, _ next: Int) -> TemporalPiece? {
        let since = stream.skip(.begins, stream.skip(.since, next))
        let place = stream.skipAll(.of, .article, from: since)
        guard place > next,
            let day = [innerDate(at: place), bareDay(at: place)].compactMap({ $0 }).first(where: { $0.grain == .day })
        else { return nil }
        let start = monday(of: day.first)
        return TemporalPiece(
            date: start, to: start.adding(days: 7), grain: .week, index..<day.range.upperBound, reason: .week)
    }
}
