import Quantities

extension TemporalParser {
    /// "la tercera semana de este mes", "el primer lunes de abril", "el último día de marzo", "el 5to día hábil",
    /// "la segunda quincena de enero", "la semana del 18".
    func nth(at index: Int) -> TemporalPiece? {
        let place = stream.skipAll(.article, from: index)
        if let word = stream.lexeme(.unit, place), word.value == Int64(TimeUnit.week.rawValue),
            let piece = weekOf(index, place + word.length) ?? numberedWeek(place, place + word.length)
        {
            return piece
        }
        guard let (position, next) = position(at: place) else { return nil }
        if let several = several(position, at: next, index) { return several }
        if let (weekday, end) = weekdayName(at: next) {
            guard let (container, stop) = container(at: end, needed: position < 0) else { return nil }
            return nthWeekday(position, weekday, container, index..<stop)
        }
        if let quarter = stream.lexeme(.fraction, next), quarter.value == 4,
            let (year, stop) = container(at: next + quarter.length, needed: true), year.grain == .year, position <= 4
        {
            let start = year.first.adding(months: 3 * ((position > 0 ? position : 4) - 1))
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
        if container(at: end, needed: true) == nil, let piece = partOfYear(position, unit, place..<end) { return piece }
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
            var piece = half(of: container.first, second: position != 1, place..<stop)
            if stop == end, piece.last < today || (piece.last == today) {
                piece = half(of: container.first.adding(months: 1), second: position != 1, place..<stop)
            }
            return piece
        case .month where container.grain == .year:
            return resolve(month: position > 0 ? min(position, 12) : 12, year: container.first.year, index..<stop)
        case .quarter, .fourMonths, .semester, .twoMonths:
            return partOfYear(position, unit, year: container.first.year, index..<stop)
        default: return nil
        }
    }

    /// "el segundo trimestre" of a year; where none is said, the next one that is not over.
    private func partOfYear(_ position: Int, _ unit: TimeUnit, year: Int? = nil, _ range: Range<Int>)
        -> TemporalPiece?
    {
        let lengths: [TimeUnit: Int] = [.twoMonths: 2, .quarter: 3, .fourMonths: 4, .semester: 6]
        guard let length = lengths[unit], position <= 12 / length, position > 0 || year != nil,
            let start = Day(year: year ?? today.year, month: 1, day: 1)?.adding(
                months: length * ((position > 0 ? position : 12 / length) - 1))
        else { return nil }
        let end = start.adding(months: length)
        let shift = year == nil && end <= today ? 12 : 0
        var piece = TemporalPiece(
            date: start.adding(months: shift), to: end.adding(months: shift), grain: unit, range, reason: .window)
        if year == nil { piece.past = start.adding(months: shift - 12).number * TemporalPiece.daySeconds }
        return piece
    }

    /// "las últimas 3 semanas de este año", "los primeros diez días de enero".
    private func several(_ position: Int, at index: Int, _ start: Int) -> TemporalPiece? {
        guard position == 1 || position == -1, let (amount, next) = count(at: index), amount.isWhole,
            let (unit, end) = unit(at: next), let (container, stop) = container(at: end, needed: true)
        else { return nil }
        let (count, first, after) = (Int(amount.whole), container.first, container.last.adding(days: 1))
        func piece(_ from: Day, _ to: Day) -> TemporalPiece? {
            guard from >= first.adding(days: -7), to <= after.adding(days: 7), from < to else { return nil }
            var piece = TemporalPiece(date: from, to: to, grain: unit == .day ? .workday : unit, start..<stop, reason: .window)
            piece.year = container.year
            return piece
        }
        switch unit {
        case .day, .night: return position > 0 ? piece(first, first.adding(days: count)) : piece(after.adding(days: -count), after)
        case .month:
            return position > 0 ? piece(first, first.adding(months: count)) : piece(after.adding(months: -count), after)
        case .week:
            // The weeks of a period are those whose Thursday lies in it.
            let week = monday(of: position > 0 ? first.adding(days: 3) : after.adding(days: -4))
            return position > 0
                ? piece(week, week.adding(days: 7 * count)) : piece(week.adding(days: 7 * (1 - count)), week.adding(days: 7))
        default: return nil
        }
    }

    /// "el primer lunes por la tarde del mes que viene".
    func nthWithHours(at index: Int) -> TemporalPiece? {
        let place = stream.skipAll(.article, from: index)
        guard let (position, next) = position(at: place), let (weekday, named) = weekdayName(at: next),
            let time = dayPart(at: named) ?? timeRange(at: named) ?? time(at: named), time.isTime,
            let (container, stop) = container(at: time.range.upperBound, needed: true),
            let date = nthWeekday(position, weekday, container, place..<stop)
        else { return nil }
        return combine(date, time, place..<stop)
    }

    /// "semana 27", "semana 3 del año que viene".
    private func numberedWeek(_ index: Int, _ next: Int) -> TemporalPiece? {
        guard stream.isDigits(next), !isCounted(next + 1), (1...53).contains(stream.tokens[next].value) else { return nil }
        let year = container(at: next + 1, needed: true)
        guard year.map({ $0.0.grain == .year }) ?? true else { return nil }
        let first = monday(of: Day(year: year?.0.first.year ?? today.year, month: 1, day: 4)!)
        let start = first.adding(days: 7 * (Int(stream.tokens[next].value) - 1))
        return TemporalPiece(
            date: start, to: start.adding(days: 7), grain: .week, index..<(year?.1 ?? next + 1), reason: .week)
    }

    /// Which of several: "primer", "3º", "último".
    private func position(at index: Int) -> (position: Int, next: Int)? {
        if let (value, end) = QuantityParser(stream: stream).ordinal(at: index), (1...31).contains(value) {
            return (Int(value), end)
        }
        // "el último lunes", "los últimos días".
        return (stream.lexeme(.last, index) ?? stream.lexeme(.end, index)).map { (-1, index + $0.length) }
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
        let isOpen = container.grain == .month && container.month != nil && container.year == nil
        if isOpen, day < today {
            let following = monthPiece(container.first.adding(months: 12))
            var piece = nthWeekday(position, weekday, following, range)
            piece?.past = day.number * TemporalPiece.daySeconds
            return piece
        }
        var piece = TemporalPiece(date: day, range, reason: .weekday)
        piece.weekday = weekday.rawValue
        piece.isFixed = true
        // "el último lunes de abril" of the year before.
        if isOpen, let past = container.past {
            let before = monthPiece(Day(number: past / TemporalPiece.daySeconds))
            piece.past = nthWeekday(position, weekday, before, range)?.start
        }
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
