import Quantities

extension TemporalParser {
    /// How many: digits, words, "unos" (three), "medio", "dos y medio".
    func count(at index: Int) -> (value: Rational, next: Int)? {
        if let some = stream.lexeme(.some, index) { return (Rational(some.value), index + some.length) }
        if let number = NumberParser(stream: stream, fractions: false).number(at: index), number.value.numerator > 0,
            number.value.double < 10_000
        {
            return (number.value, number.range.upperBound)
        }
        // "tres cuartos de hora", "media hora".
        if let number = NumberParser(stream: stream).number(at: index), number.isFraction {
            return (number.value, stream.skip(.of, number.range.upperBound))
        }
        if let half = stream.lexeme(.fraction, index), half.value == 2 {
            return (Rational(1, over: 2), index + half.length)
        }
        if let quarter = stream.lexeme(.fraction, index), quarter.value == 4, stream.has(.of, index + quarter.length) {
            return (Rational(1, over: 4), stream.skip(.of, index + quarter.length))
        }
        return nil
    }

    func unit(at index: Int) -> (unit: TimeUnit, next: Int)? {
        guard let word = stream.lexeme(.unit, index), let unit = TimeUnit(rawValue: UInt8(word.value)) else {
            return nil
        }
        let next = index + word.length
        if unit == .day, let business = stream.lexeme(.businessDay, next) { return (.workday, next + business.length) }
        return (unit, next)
    }

    static func seconds(_ unit: TimeUnit) -> Int {
        switch unit {
        case .second: 1
        case .minute: 60
        case .hour: 3600
        case .day, .night, .workday: 86_400
        case .weekend: 2 * 86_400
        case .week: 7 * 86_400
        case .fortnight: 15 * 86_400
        case .month: 30 * 86_400
        case .twoMonths: 60 * 86_400
        case .quarter: 91 * 86_400
        case .fourMonths: 120 * 86_400
        case .semester: 182 * 86_400
        case .year: 365 * 86_400
        case .decade: 3650 * 86_400
        }
    }

    private func seconds(_ count: Rational, _ unit: TimeUnit) -> Int? {
        count.multiplied(by: Rational(Int64(Self.seconds(unit)))).map { Int($0.whole) }
    }

    /// "3 minutos", "una hora treinta y dos minutos", "hora y media", "toda la semana", "más de cuatro días".
    func duration(at index: Int) -> TemporalPiece? {
        if let more = stream.lexeme(.moreThan, index) ?? stream.lexeme(.lessThan, index),
            var piece = plainDuration(at: index + more.length)
        {
            piece.modifier = stream.has(.moreThan, index) ? .more : .less
            piece.range = index..<piece.range.upperBound
            return piece
        }
        return plainDuration(at: index)
    }

    private func plainDuration(at index: Int) -> TemporalPiece? {
        if let whole = stream.lexeme(.whole, index), let (unit, next) = unit(at: index + whole.length) {
            return durationPiece(Self.seconds(unit), unit, index..<next)
        }
        // "mes y medio".
        if let (unit, next) = unit(at: index), stream.has(.and, next),
            let half = stream.lexeme(.fraction, stream.skip(.and, next)), half.value <= 4
        {
            return durationPiece(
                Self.seconds(unit) + Self.seconds(unit) / Int(half.value), unit,
                index..<stream.skip(.and, next) + half.length)
        }
        guard let (amount, after) = count(at: index), !stream.isGlued(index) || index == 0 else { return nil }
        var place = after
        var whole = amount
        let and = stream.skip(.and, after)
        if amount.isWhole, let quarter = stream.lexeme(.fraction, after), quarter.value == 4 {
            // "tres cuartos de hora".
            (place, whole) = (after + quarter.length, amount.multiplied(by: Rational(1, over: 4)) ?? amount)
        } else if and > after, let quarter = stream.lexeme(.fraction, and), quarter.value <= 4,
            stream.has(.unit, and + quarter.length)
        {
            (place, whole) = (and + quarter.length, amount.adding(Rational(1, over: quarter.value)) ?? amount)
        }
        // "tres cuartos de hora", but not "27 del año".
        guard let (unit, unitEnd) = unit(at: whole == amount && amount.isWhole ? place : stream.skip(.of, place)),
            var total = seconds(whole, unit)
        else {
            return nil
        }
        // "en las dos semanas" counts weeks that were spoken of before.
        if stream.has(.article, index - 1), !stream.has(.daylike, index - 1), stream.has(.within, index - 2) {
            return nil
        }
        var next = unitEnd
        // "y media".
        let joined = stream.skipAll(.and, .with, from: next)
        if joined > next, let fraction = stream.lexeme(.fraction, joined), fraction.value == 2 || fraction.value == 4,
            !stream.has(.unit, joined + fraction.length)
        {
            total += Self.seconds(unit) / Int(fraction.value)
            next = joined + fraction.length
        } else {
            let (more, end) = smaller(than: unit, from: next)
            for (amount, unit) in more { total += seconds(amount, unit) ?? 0 }
            next = end
        }
        return durationPiece(total, unit, index..<next)
    }

    /// "y 30 minutos", "treinta y dos minutos", ", 1 hora y 5 minutos": the smaller parts of a length.
    private func smaller(than unit: TimeUnit, from index: Int) -> (parts: [(Rational, TimeUnit)], next: Int) {
        var parts: [(Rational, TimeUnit)] = []
        var (largest, next) = (unit, index)
        while parts.count < 4 {
            let joined = stream.isSign(next, ",") ? next + 1 : stream.skipAll(.and, .with, from: next)
            guard let (amount, after) = count(at: joined), let (unit, end) = self.unit(at: after),
                Self.seconds(unit) < Self.seconds(largest),
                joined > next || largest == .hour && unit == .minute
            else { break }
            parts.append((amount, unit))
            (largest, next) = (unit, end)
        }
        return (parts, next)
    }

    private func durationPiece(_ seconds: Int, _ unit: TimeUnit, _ range: Range<Int>) -> TemporalPiece {
        var piece = TemporalPiece(.duration, 0, 0, grain: unit, range)
        piece.seconds = seconds
        return piece
    }

    // MARK: A duration away from now or from a day

    /// "en 15 días", "dentro de dos semanas", "hace 2 días", "3 días atrás", "dos días después de hoy", "30 minutos después".
    func offset(at index: Int) -> TemporalPiece? {
        if let within = stream.lexeme(.within, index) {
            var place =
                within.length > 1 ? stream.skipAll(.article, from: index + within.length) : index + within.length
            // "en unos días" counts three.
            if stream.has(.some, place - 1), stream.has(.unit, place) { place -= 1 }
            // "dentro de las próximas dos semanas".
            if within.length > 1, var piece = period(at: place),
                piece.convention == .partOfPeriod || piece.reason == .window,
                stream.has(.next, place)
            {
                piece.range = index..<piece.range.upperBound
                return piece
            }
            guard let (amount, unit, next) = quantity(at: place), !stream.has(.next, next), !stream.has(.last, next)
            else { return nil }
            var piece = shifted(by: amount, unit, from: nil, index..<next)
            if let longer = compound(amount, unit, next, index, sign: 1) { piece = longer }
            if let since = stream.lexeme(.since, next), let base = base(at: next + since.length) {
                piece = shifted(by: amount, unit, from: base, place..<base.range.upperBound)
            }
            if within.length > 1 { piece?.convention = .within }
            return piece
        }
        if let ago = stream.lexeme(.ago, index) {
            let place = stream.skipAll(.moreThan, .around, from: index + ago.length)
            if let (amount, unit, next) = quantity(at: place) {
                return compound(amount, unit, next, index, sign: -1)
                    ?? shifted(by: Rational(-amount.numerator, over: amount.denominator), unit, from: nil, index..<next)
            }
            return nil
        }
        if let piece = nextWeek(at: index) { return piece }
        // "el día después de navidad".
        let named = stream.skip(.article, index)
        if let (unit, next) = unit(at: named), unit == .day || unit == .week {
            for (cls, sign) in [(WordClass.after, Int64(1)), (.before, -1)] {
                guard let word = stream.lexeme(cls, next),
                    let base = innerDate(at: stream.skipAll(.of, .article, from: next + word.length))
                else { continue }
                return shifted(by: Rational(sign), unit, from: base, index..<base.range.upperBound)
            }
        }
        if let piece = countedWeekday(at: index) { return piece }
        let limit = stream.lexeme(.moreThan, index)
        guard let (amount, unit, first) = quantity(at: index + (limit?.length ?? 0)), !stream.isGlued(index) else {
            return nil
        }
        // "2 semanas y 2 días antes de hoy".
        let (more, next) = smaller(than: unit, from: first)
        let back = Rational(-amount.numerator, over: amount.denominator)
        if more.isEmpty, let word = stream.lexeme(.back, next),
            innerDate(at: stream.skipAll(.of, .article, from: next + word.length)) == nil
        {
            return shifted(by: back, unit, from: nil, index..<next + word.length)
        }
        for (cls, signed) in [(WordClass.after, amount), (.before, back), (.since, amount)] {
            guard let word = stream.lexeme(cls, next) else { continue }
            let place = stream.skipAll(.of, .article, from: next + word.length)
            guard var base = base(at: next + word.length) ?? base(at: place) else {
                return !more.isEmpty
                    ? nil : cls == .after ? shifted(by: signed, unit, from: nil, index..<next + word.length) : nil
            }
            let range = index..<base.range.upperBound
            for (amount, unit) in more {
                let signed = Rational(cls == .before ? -amount.numerator : amount.numerator, over: amount.denominator)
                base = shifted(by: signed, unit, from: base, range) ?? base
            }
            var piece = shifted(by: signed, unit, from: base, range)
            if limit != nil { piece = piece.flatMap { self.limit($0, by: cls) } }
            return piece
        }
        return nil
    }

    /// "de hoy en ocho", "del viernes en quince": the same weekday one or two weeks later, counted as people do, with the
    /// day itself.
    func nextWeek(at index: Int) -> TemporalPiece? {
        guard stream.has(.of, index), stream.contains(.within), depth == 0, let base = innerDate(at: index + 1),
            base.grain == .day, let within = stream.lexeme(.within, base.range.upperBound),
            let number = stream.lexeme(.number, base.range.upperBound + within.length),
            let days = [8: 7, 15: 14][number.value]
        else { return nil }
        var next = base.range.upperBound + within.length + number.length
        if let (unit, end) = unit(at: next), unit == .day { next = end }
        return isCounted(next)
            ? nil : TemporalPiece(date: base.first.adding(days: days), index..<next, reason: .offset)
    }

    /// "dos domingos a partir de hoy".
    private func countedWeekday(at index: Int) -> TemporalPiece? {
        guard !onlyDays, let (amount, after) = count(at: index), amount.isWhole, amount.whole < 60,
            let word = stream.lexeme(.weekday, after), let weekday = Weekday(rawValue: Int(word.value)),
            let since = stream.lexeme(.since, after + word.length) ?? stream.lexeme(.after, after + word.length)
        else { return nil }
        let place = after + word.length + since.length
        guard let base = base(at: place) ?? base(at: stream.skipAll(.of, .article, from: place)) else { return nil }
        let day = next(weekday, after: base.first).adding(days: 7 * (Int(amount.whole) - 1))
        return TemporalPiece(date: day, index..<base.range.upperBound, reason: .offset)
    }

    /// "en 2 días y 3 horas", "hace un mes y 10 días": one part after the other.
    private func compound(_ amount: Rational, _ unit: TimeUnit, _ next: Int, _ index: Int, sign: Int64)
        -> TemporalPiece?
    {
        let (more, end) = smaller(than: unit, from: next)
        guard !more.isEmpty else { return nil }
        let range = index..<end
        let parts = [(amount, unit)] + more
        let isTimed = parts.contains { Self.seconds($0.1) <= 3600 }
        var day = TemporalPiece(date: today, range)
        var seconds = 0
        for (amount, unit) in parts {
            let signed = Rational(sign * amount.numerator, over: amount.denominator)
            if Self.seconds(unit) <= 3600 {
                seconds += self.seconds(signed, unit) ?? 0
            } else {
                guard let moved = shifted(by: signed, unit, from: day, range) else { return nil }
                day = moved
            }
        }
        guard isTimed else { return day }
        let moment = day.start + now + seconds
        var piece = TemporalPiece(.dateTime, moment, moment + 60, grain: .minute, range)
        piece.reason = .offset
        return piece
    }

    private func quantity(at index: Int) -> (Rational, TimeUnit, Int)? {
        guard let (amount, after) = count(at: index) else { return nil }
        // "en un cuarto de hora", "hace tres cuartos de hora".
        if let quarter = stream.lexeme(.fraction, after), quarter.value == 4, amount.isWhole,
            let (unit, next) = unit(at: stream.skip(.of, after + quarter.length)),
            let part = amount.multiplied(by: Rational(1, over: 4))
        {
            return (part, unit, next)
        }
        let and = stream.skip(.and, after)
        if and > after, let fraction = stream.lexeme(.fraction, and), fraction.value <= 4,
            let (unit, next) = unit(at: and + fraction.length),
            let more = amount.adding(Rational(1, over: fraction.value))
        {
            return (more, unit, next)
        }
        // "en 2 o 3 días": the later.
        if stream.has(.either, after) || stream.isSign(after, "-"), let (later, next) = count(at: after + 1),
            let (unit, end) = unit(at: next)
        {
            return (later, unit, end)
        }
        guard let (unit, next) = unit(at: after) else { return nil }
        let joined = stream.skip(.and, next)
        if joined > next, let fraction = stream.lexeme(.fraction, joined), fraction.value == 2,
            let more = amount.adding(Rational(1, over: 2))
        {
            return (more, unit, joined + fraction.length)
        }
        return (amount, unit, next)
    }

    func shifted(by amount: Rational, _ unit: TimeUnit, from base: TemporalPiece?, _ range: Range<Int>)
        -> TemporalPiece?
    {
        guard abs(amount.double) < 10_000 else { return nil }
        let start = base?.first ?? today
        let whole = Int(amount.whole)
        func dated(_ day: Day) -> TemporalPiece { TemporalPiece(date: day, range, reason: .offset) }
        switch unit {
        case .second, .minute, .hour:
            guard let seconds = amount.multiplied(by: Rational(Int64(Self.seconds(unit)))) else { return nil }
            let moment = (base.map(\.start) ?? nowSeconds) + Int(seconds.whole)
            var piece = TemporalPiece(
                .dateTime, moment, moment + Self.seconds(unit), grain: unit == .hour ? .minute : unit, range)
            piece.reason = .offset
            return piece
        case .workday:
            guard whole >= 0, whole < 400 else { return nil }
            var piece = dated(calendar.adding(businessDays: whole, to: start))
            piece.reason = .businessDays
            return piece
        case .month:
            // "un mes y medio".
            let rest = (amount.double - Double(whole)) * 30
            return dated(start.adding(months: whole).adding(days: Int(rest.rounded())))
        case .twoMonths: return dated(start.adding(months: 2 * whole))
        case .quarter: return dated(start.adding(months: 3 * whole))
        case .fourMonths: return dated(start.adding(months: 4 * whole))
        case .semester: return dated(start.adding(months: 6 * whole))
        case .decade: return dated(start.adding(months: 120 * whole))
        case .year: return dated(start.adding(months: Int((amount.double * 12).rounded())))
        case .week, .day, .night, .weekend, .fortnight:
            let days = amount.double * Double(Self.seconds(unit == .weekend ? .week : unit)) / 86_400
            return dated(start.adding(days: Int(days.rounded(.towardZero))))
        }
    }
}
