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
        // "la próxima media hora".
        if let shift, shift != 0, amount == nil, let half = stream.lexeme(.fraction, place), half.value == 2,
            let (unit, next) = unit(at: place + half.length), unit == .hour
        {
            return stretch(30, .minute, forward: shift > 0, place - 1..<next)
        }
        guard let word = stream.lexeme(.unit, place), let unit = TimeUnit(rawValue: UInt8(word.value)) else {
            return nil
        }
        if unit == .day, stream.has(.that, place - 1) { return nil }
        // "el finde largo".
        if unit == .weekend, stream.has(.feast, place) { return nil }
        var next = place + word.length
        if unit == .day, let business = stream.lexeme(.businessDay, next), amount != nil { next += business.length }
        if shift == nil, amount == nil, let current = stream.lexeme(.current, next) {
            return single(unit, 0, place..<next + current.length)
        }
        if shift == nil, amount == nil, let end = afterNext(at: next) { return single(unit, 2, place..<end) }
        // "el año hasta la fecha".
        if shift == nil, amount == nil, let date = stream.lexeme(.toDate, next),
            var piece = single(unit, 0, place..<next + date.length)
        {
            piece.end = today.number * TemporalPiece.daySeconds
            piece.kind = .dateRange
            return piece
        }
        if let coming = stream.lexeme(.coming, next) ?? stream.lexeme(.next, next) {
            (next, shift) = (next + coming.length, (shift ?? 0) + 1)
        } else if shift == nil, let past = stream.lexeme(.last, next),
            !(stream.length(.before, next) > past.length)
        {
            (next, shift) = (next + past.length, -1)
        }
        if let amount, !(counted?.isArticle ?? false) || shift != nil {
            guard let shift, shift != 0 else { return nil }
            return stretch(Int(amount.whole), unit, forward: shift > 0, stream.skipAll(.article, from: index)..<next)
        }
        guard amount == nil else { return nil }
        guard let shift else { return present(unit, index, place, next) }
        // The article belongs to "la semana pasada", not to "la próxima hora" nor to "del mes próximo".
        let lower =
            unit == .hour || unit == .minute ? stream.skipAll(.article, from: index) : stream.skip(.of, index)
        return single(unit, shift, lower..<next)
    }

    /// Behind "el fin de semana", "la semana", "el viernes": "después del próximo", "después de la que viene".
    func afterNext(at index: Int) -> Int? {
        guard let after = stream.lexeme(.after, index) else { return nil }
        let place = stream.skipAll(.of, .article, from: index + after.length)
        guard let word = stream.lexeme(.coming, place) ?? stream.lexeme(.next, place) else { return nil }
        let next = place + word.length
        return stream.has(.unit, next) || stream.has(.weekday, next) || stream.has(.month, next) ? nil : next
    }

    /// "el día", "de la semana": the present one, by its article.
    private func present(_ unit: TimeUnit, _ index: Int, _ place: Int, _ next: Int) -> TemporalPiece? {
        if unit == .weekend || (unit == .fortnight && place > index) { return single(unit, 0, index..<next) }
        // "al día" is a way of speaking.
        if unit == .day, onlyDays, !stream.has(.at, index - 1) { return nil }
        guard place > index, !stream.has(.of, next), !stream.isDigits(next),
            unit == .day || (unit == .week && stream.has(.of, index - 1))
                || (unit == .year && (!onlyDays && stream.has(.daylike, place - 1) || stream.has(.at, index - 1)))
                || (unit == .month && !onlyDays && stream.has(.daylike, place - 1) && stream.has(.at, index - 1))
        else { return nil }
        return single(unit, 0, (unit == .year ? place : index)..<next)
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
            let nearest = shift == 1 && today.weekday.rawValue < 6
            let start = monday(of: today).adding(days: 5 + 7 * (nearest ? 0 : shift))
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
        case .decade: return decades(from: year / 10 + shift, 1, range)
        case .twoMonths, .quarter, .fourMonths, .semester:
            let length = unit == .twoMonths ? 2 : unit == .quarter ? 3 : unit == .fourMonths ? 4 : 6
            let start = Day(year: year, month: (month - 1) / length * length + 1, day: 1)!.adding(
                months: length * shift)
            return TemporalPiece(date: start, to: start.adding(months: length), grain: unit, range, reason: .window)
        }
    }

    private func decades(from tens: Int, _ count: Int, _ range: Range<Int>) -> TemporalPiece? {
        guard let start = Day(year: tens * 10, month: 1, day: 1),
            let end = Day(year: (tens + count) * 10, month: 1, day: 1)
        else { return nil }
        return TemporalPiece(date: start, to: end, grain: .decade, range, reason: .year)
    }

    func half(of month: Day, second: Bool, _ range: Range<Int>) -> TemporalPiece {
        let start = month.adding(days: 1 - month.dayOfMonth)
        let middle = start.adding(days: 15)
        return TemporalPiece(
            date: second ? middle : start, to: second ? start.adding(months: 1) : middle, grain: .fortnight, range,
            reason: .half)
    }

    /// `amount` units forward from tomorrow, or back to yesterday; times run from now.
    func stretch(_ amount: Int, _ unit: TimeUnit, forward: Bool, _ range: Range<Int>) -> TemporalPiece? {
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
        case .decade: return decades(from: today.year / 10 + (forward ? 1 : -amount), amount, range)
        case .month, .twoMonths, .quarter, .fourMonths, .semester, .year:
            let months =
                amount * [TimeUnit.month: 1, .twoMonths: 2, .quarter: 3, .fourMonths: 4, .semester: 6, .year: 12][unit]!
            return forward
                ? days(tomorrow, tomorrow.adding(months: months)) : days(today.adding(months: -months), today)
        }
    }
}
