import Quantities

extension TemporalParser {
    /// "esta semana", "el mes que viene", "el año pasado", "los próximos tres días", "las últimas 2 semanas", "el finde".
    func period(at index: Int) -> TemporalPiece? {
        var place = stream.skipAll(.article, from: index)
        var shift: Int?
        var amount: Rational?
        if let word = stream.lexeme(.this, place) {
            (place, shift) = (place + word.length, 0)
        } else if let word = stream.lexeme(.next, place) {
            (place, shift) = (place + word.length, 1)
        } else if let word = stream.lexeme(.last, place) {
            (place, shift) = (place + word.length, -1)
        }
        let counted =
            stream.skip(.some, place) == place ? NumberParser(stream: stream, fractions: false).number(at: place) : nil
        if let counted, counted.value.isWhole, counted.value.whole > 0, counted.value.whole < 1000 {
            amount = counted.value
            place = counted.range.upperBound
            if shift == nil {
                if let word = stream.lexeme(.next, place) {
                    (place, shift) = (place + word.length, 1)
                } else if let word = stream.lexeme(.last, place) {
                    (place, shift) = (place + word.length, -1)
                }
            }
        }
        guard let word = stream.lexeme(.unit, place), let unit = TimeUnit(rawValue: UInt8(word.value)) else {
            return nil
        }
        if unit == .day, stream.has(.that, place - 1) { return nil }
        var next = place + word.length
        if unit == .day, let business = stream.lexeme(.businessDay, next), amount != nil { next += business.length }
        if shift == nil, amount == nil, let current = stream.lexeme(.current, next) {
            (next, shift) = (next + current.length, 0)
        }
        // "el año hasta la fecha".
        if shift == nil, amount == nil, let date = stream.lexeme(.toDate, next),
            var piece = single(unit, 0, index..<next + date.length)
        {
            piece.end = today.number * TemporalPiece.daySeconds
            piece.kind = .dateRange
            return piece
        }
        if let coming = stream.lexeme(.coming, next) ?? stream.lexeme(.next, next) {
            (next, shift) = (next + coming.length, (shift ?? 0) + 1)
        } else if shift == nil,
            let past = stream.lexeme(.last, next)
        {
            (next, shift) = (next + past.length, -1)
        }
        if let amount, !(counted?.isArticle ?? false) || shift != nil {
            guard let shift, shift != 0 else { return nil }
            return stretch(Int(amount.whole), unit, forward: shift > 0, stream.skipAll(.article, from: index)..<next)
        }
        guard amount == nil else { return nil }
        guard let shift else { return present(unit, index, place, next) }
        return single(unit, shift, index..<next)
    }

    /// "el día", "de la semana": the present one, by its article.
    private func present(_ unit: TimeUnit, _ index: Int, _ place: Int, _ next: Int) -> TemporalPiece? {
        if unit == .weekend || (unit == .fortnight && place > index) { return single(unit, 0, index..<next) }
        // "al día" is a way of speaking.
        if unit == .day, onlyDays, !stream.has(.at, index - 1) { return nil }
        guard place > index, !stream.has(.of, next), !stream.isDigits(next),
            unit == .day || (unit == .week && stream.has(.of, index - 1))
                || (unit == .year && stream.has(.at, index - 1))
        else { return nil }
        return single(unit, 0, index..<next)
    }

    /// The period `shift` away from the present one.
    func single(_ unit: TimeUnit, _ shift: Int, _ range: Range<Int>) -> TemporalPiece? {
        let (year, month, _) = today.components
        switch unit {
        case .day, .workday: return TemporalPiece(date: today.adding(days: shift), range, reason: .relativeDay)
        case .week:
            let start = monday(of: today).adding(days: 7 * shift)
            return TemporalPiece(date: start, to: start.adding(days: 7), grain: .week, range, reason: .week)
        case .weekend:
            // "el próximo finde" is the nearest to come.
            let nearest = shift > 0 && today.weekday.rawValue < 6
            let start = monday(of: today).adding(days: 5 + 7 * (nearest ? shift - 1 : shift))
            var piece = TemporalPiece(date: start, to: start.adding(days: 2), grain: .weekend, range, reason: .weekend)
            piece.convention = nearest ? .nearestWeekday : .weekend
            return piece
        case .month:
            let start = Day(year: year, month: month, day: 1)!.adding(months: shift)
            return TemporalPiece(date: start, to: start.adding(months: 1), grain: .month, range, reason: .monthOnly)
        case .year: return yearPiece(year + shift, range)
        case .fortnight:
            // Halves of months: the 15th ends the first.
            let first = today.dayOfMonth <= 15
            let start = Day(year: year, month: month, day: 1)!
            let halves = (first ? 0 : 1) + shift
            let base = start.adding(months: halves >= 0 ? halves / 2 : (halves - 1) / 2)
            return half(of: base, second: (halves % 2 + 2) % 2 == 1, range)
        case .hour, .minute, .second: return stretch(1, unit, forward: shift >= 0, range)
        case .night: return nil
        case .twoMonths, .quarter, .fourMonths, .semester:
            let length = unit == .twoMonths ? 2 : unit == .quarter ? 3 : unit == .fourMonths ? 4 : 6
            let start = Day(year: year, month: (month - 1) / length * length + 1, day: 1)!.adding(
                months: length * shift)
            return TemporalPiece(date: start, to: start.adding(months: length), grain: unit, range, reason: .window)
        }
    }

    func half(of month: Day, second: Bool, _ range: Range<Int>) -> TemporalPiece {
        let start = month.adding(days: 1 - month.dayOfMonth)
        let middle = start.adding(days: 15)
        return TemporalPiece(
            date: second ? middle : start, to: second ? start.adding(months: 1) : middle, grain: .fortnight, range,
            reason: .half)
    }

    /// `amount` units forward from tomorrow, or back to yesterday; times run from now.
    private func stretch(_ amount: Int, _ unit: TimeUnit, forward: Bool, _ range: Range<Int>) -> TemporalPiece? {
        func days(_ start: Day, _ end: Day) -> TemporalPiece {
            var piece = TemporalPiece(
                date: start, to: end, grain: unit == .day ? .workday : unit, range, reason: .window)
            // Sources differ on whether "las próximas 3 semanas" are whole weeks.
            if unit != .day, unit != .workday { piece.convention = .partOfPeriod }
            return piece
        }
        let tomorrow = today.adding(days: 1)
        switch unit {
        case .second, .minute, .hour:
            let length = amount * Self.seconds(unit)
            let (start, end) = forward ? (nowSeconds, nowSeconds + length) : (nowSeconds - length, nowSeconds)
            var piece = TemporalPiece(.dateTimeRange, start, end, grain: unit, range)
            piece.convention = .partOfPeriod
            return piece
        case .day, .night:
            return forward ? days(tomorrow, tomorrow.adding(days: amount)) : days(today.adding(days: -amount), today)
        case .workday:
            return forward ? days(tomorrow, calendar.adding(businessDays: amount, to: today).adding(days: 1)) : nil
        case .week, .fortnight, .weekend:
            let length = amount * Self.seconds(unit == .weekend ? .week : unit) / 86_400
            return forward ? days(tomorrow, tomorrow.adding(days: length)) : days(today.adding(days: -length), today)
        case .month, .twoMonths, .quarter, .fourMonths, .semester, .year:
            let months =
                amount * [TimeUnit.month: 1, .twoMonths: 2, .quarter: 3, .fourMonths: 4, .semester: 6, .year: 12][unit]!
            return forward
                ? days(tomorrow, tomorrow.adding(months: months)) : days(today.adding(months: -months), today)
        }
    }

    // MARK: Counted within a period

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

    private func monthPiece(_ day: Day) -> TemporalPiece {
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
    private func container(at index: Int, needed: Bool) -> (TemporalPiece, Int)? {
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

    private func bareYearPiece(_ index: Int) -> TemporalPiece? {
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

    // MARK: The beginning, middle and end of a period

    /// "fin de mes", "a principios de enero", "mediados del mes que viene", "los primeros días de la próxima semana",
    /// "2ª mitad de 2016", "el resto del mes", "más temprano este mes".
    func partOfPeriod(at index: Int) -> TemporalPiece? {
        let place = stream.skipAll(.article, from: index)
        var modifier: TemporalReading.Modifier?
        var next = place
        var rest = false
        if let (value, end) = QuantityParser(stream: stream).ordinal(at: place), value <= 2,
            let half = stream.lexeme(.half, end)
        {
            (modifier, next) = (value == 1 ? .start : .end, end + half.length)
        } else if let word = stream.lexeme(.start, place) ?? stream.lexeme(.earlier, place) {
            (modifier, next) = (.start, place + word.length)
        } else if let word = stream.lexeme(.middle, place) ?? stream.lexeme(.half, place) {
            (modifier, next) = (.middle, place + word.length)
        } else if let word = stream.lexeme(.rest, place) {
            (modifier, next, rest) = (.end, place + word.length, true)
        } else if let word = stream.lexeme(.end, place) {
            (modifier, next) = (.end, place + word.length)
        } else if let word = stream.lexeme(.later, place) {
            (modifier, next) = (.end, place + word.length)
        }
        guard let modifier else { return nil }
        let relative = stream.has(.earlier, place) || stream.has(.later, place)
        let of = stream.skipAll(.of, .at, from: next)
        guard of > next || relative || stream.has(.this, of), let (piece, end) = whole(at: of) else { return nil }
        return part(piece, modifier, rest: rest, relative: relative, place..<end)
    }

    /// The period that is to be cut: named, relative, or "mes", "semana", "año" by itself.
    private func whole(at index: Int) -> (TemporalPiece, Int)? {
        let place = stream.skipAll(.article, from: index)
        if let piece = longest([
            stream.isDigits(place) ? dayAndMonth(at: place) : nil, period(at: index), month(at: index),
            month(at: place), weekday(at: place), relativeDay(at: index),
            bareYearPiece(place),
        ]) {
            return (piece, piece.range.upperBound)
        }
        guard let word = stream.lexeme(.unit, place), let unit = TimeUnit(rawValue: UInt8(word.value)),
            let piece = single(unit, 0, index..<place + word.length)
        else { return nil }
        return (piece, place + word.length)
    }

    private func part(
        _ whole: TemporalPiece, _ modifier: TemporalReading.Modifier, rest: Bool, relative: Bool, _ range: Range<Int>
    ) -> TemporalPiece? {
        var piece = whole
        piece.range = range
        piece.modifier = modifier
        piece.reason = modifier == .start ? .startOf : modifier == .middle ? .middleOf : .endOf
        let (first, last) = (whole.first, whole.last)
        func set(_ start: Day, _ end: Day) {
            piece.start = start.number * TemporalPiece.daySeconds
            piece.end = end.number * TemporalPiece.daySeconds
            piece.kind = .dateRange
        }
        if rest {
            if whole.grain == .day { return TemporalPiece(.dateTimeRange, nowSeconds, whole.end, grain: .hour, range) }
            if first <= today, today <= last { set(today, last.adding(days: 1)) }
            piece.modifier = nil
            piece.namedEnd = last.number * TemporalPiece.daySeconds
            return piece
        }
        switch whole.grain {
        case .day:
            if modifier == .start {
                var morning = TemporalPiece(
                    .dateTimeRange, whole.start, whole.start + TemporalPiece.daySeconds / 2, grain: .hour, range)
                morning.modifier = .start
                morning.convention = .dayPart
                return morning
            }
            guard modifier == .end else { return nil }
            var end = TemporalPiece(.dateTime, whole.end - 1, whole.end, grain: .second, range)
            end.past = whole.past.map { $0 + TemporalPiece.daySeconds - 1 }
            return end
        case .week:
            set(
                modifier == .start ? first : first.adding(days: modifier == .middle ? 2 : 3),
                modifier == .end ? last.adding(days: 1) : first.adding(days: modifier == .middle ? 5 : 3))
        case .month, .fortnight:
            if modifier == .middle {
                set(first.adding(days: 9), first.adding(days: 20))
            } else {
                set(
                    modifier == .start ? first : first.adding(days: 15),
                    modifier == .end ? last.adding(days: 1) : first.adding(days: 15))
            }
        case .year:
            let middle = first.adding(months: 6)
            if modifier == .middle {
                set(first.adding(months: 3), first.adding(months: 9))
            } else {
                set(modifier == .start ? first : middle, modifier == .end ? last.adding(days: 1) : middle)
            }
        default: return nil
        }
        // "más temprano esta semana" ends at the latest now.
        if relative, modifier == .start, piece.end > today.number * TemporalPiece.daySeconds, whole.start <= nowSeconds,
            nowSeconds < whole.end
        {
            piece.end = today.number * TemporalPiece.daySeconds
        }
        piece.convention = .partOfPeriod
        return piece
    }
}
