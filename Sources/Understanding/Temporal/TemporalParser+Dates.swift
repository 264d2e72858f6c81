import Quantities

extension TemporalParser {
    /// A day or period that names itself, without what limits it.
    func date(at index: Int) -> TemporalPiece? {
        guard index < stream.count else { return nil }
        // Short messages are read faster without keeping what was found.
        guard depth == 0, stream.count > 24 else { return freshDate(at: index) }
        if dates.isEmpty { dates = ContiguousArray(repeating: .unknown, count: stream.count) }
        switch dates[index] {
        case .none: return nil
        case .some(let piece): return piece
        case .unknown:
            let piece = freshDate(at: index)
            dates[index] = piece.map { .some($0) } ?? .none
            return piece
        }
    }

    private func freshDate(at index: Int) -> TemporalPiece? {
        var best: TemporalPiece?
        let isDigits = stream.isDigits(index)
        // "fin de año" is a day to pay by, and half a year elsewhere.
        if isDigits { best = numericDate(at: index) } else if onlyDays { best = feast(at: index) }
        if isDigits || stream.mayBe(Self.dayNumbers, index) { keep(&best, dayAndMonth(at: index)) }
        if !isDigits { keep(&best, weekday(at: index)) }
        if stream.mayBe(Self.relativeDays, index) { keep(&best, relativeDay(at: index)) }
        if isDigits || stream.mayBe(Self.periods, index) {
            keep(&best, period(at: index))
            keep(&best, partOfPeriod(at: index))
            keep(&best, nth(at: index))
        }
        if !isDigits { keep(&best, feast(at: index)) }
        if isDigits ? stream.tokens[index].digits == 4 : stream.mayBe(Self.months, index) {
            keep(&best, month(at: index))
        }
        if isDigits || stream.mayBe(Self.dayNumbers, index) { keep(&best, articledDay(at: index)) }
        return best
    }

    private static let dayNumbers = WordClassSet(.number, .ordinal, .unit, .month)
    private static let relativeDays = WordClassSet(.relativeDay, .unit, .article)
    private static let periods = WordClassSet(
        .article, .this, .next, .last, .unit, .number, .ordinal, .start, .middle, .end, .half, .rest, .earlier, .later,
        .some, .fraction)
    private static let months = WordClassSet(.month, .shortMonth, .next, .last, .this, .unit)

    // MARK: Resolving what was left out

    /// The day with these parts; those that are missing are supplied so that it is today or later, and before today for the past.
    func resolve(day: Int, month: Int?, year: Int?, _ range: Range<Int>) -> TemporalPiece? {
        guard (1...31).contains(day), month.map({ (1...12).contains($0) }) ?? true else { return nil }
        var future: Day?
        var past: Day?
        if let month, let year {
            future = Day(year: year, month: month, day: day)
        } else if let month {
            for year in today.year..<today.year + 9 where future == nil {
                if let day = Day(year: year, month: month, day: day), day >= today { future = day }
            }
            for year in stride(from: today.year, to: today.year - 9, by: -1) where past == nil {
                if let day = Day(year: year, month: month, day: day), day < today { past = day }
            }
        } else {
            let base = today.adding(days: 1 - today.dayOfMonth)
            for offset in 0..<4 where future == nil {
                let (year, month, _) = base.adding(months: offset).components
                if let day = Day(year: year, month: month, day: day), day >= today { future = day }
            }
            for offset in 0..<4 where past == nil {
                let (year, month, _) = base.adding(months: -offset).components
                if let day = Day(year: year, month: month, day: day), day < today { past = day }
            }
        }
        guard let future else {
            // 30 February.
            guard month != nil, year == nil || day <= 31 else { return nil }
            var piece = TemporalPiece(date: today, range)
            piece.isImpossible = true
            return piece
        }
        var piece = TemporalPiece(date: future, range, reason: month == nil ? .dayOfMonth : .dayAndMonth)
        piece.past = past.map { $0.number * TemporalPiece.daySeconds }
        (piece.day, piece.month, piece.year) = (day, month, year)
        return piece
    }

    func resolve(month: Int, year: Int?, _ range: Range<Int>) -> TemporalPiece? {
        let chosen = year ?? (month >= today.month ? today.year : today.year + 1)
        guard let start = Day(year: chosen, month: month, day: 1) else { return nil }
        var piece = TemporalPiece(date: start, to: start.adding(months: 1), grain: .month, range, reason: .monthOnly)
        (piece.month, piece.year) = (month, year)
        if year == nil {
            piece.past =
                (month < today.month ? start.adding(months: -12) : start.adding(months: -12)).number
                * TemporalPiece.daySeconds
        }
        return piece
    }

    // MARK: Parts

    /// The number of a day: "15", "1ro", "veintiuno", "primero".
    func dayNumber(at index: Int) -> (day: Int, next: Int, ordinal: Bool)? {
        if let (value, next) = QuantityParser(stream: stream).ordinal(at: index), (1...31).contains(value) {
            return (Int(value), next, true)
        }
        if stream.isDigits(index), stream.tokens[index].digits <= 2, (1...31).contains(stream.tokens[index].value) {
            // Not the whole part of "15.000" or "15,5".
            if stream.isSign(index + 1, ".") || stream.isSign(index + 1, ","), stream.isGlued(index + 1),
                stream.isDigits(index + 2), stream.isGlued(index + 2)
            {
                return nil
            }
            return (Int(stream.tokens[index].value), index + 1, false)
        }
        guard stream.has(.number, index), let number = NumberParser(stream: stream, fractions: false).number(at: index),
            number.value.isWhole,
            (1...31).contains(number.value.whole), !number.written || stream.isDigits(number.range.upperBound - 1),
            !number.scaled
        else { return nil }
        return (Int(number.value.whole), number.range.upperBound, false)
    }

    func monthName(at index: Int, short: Bool = true) -> (month: Int, next: Int)? {
        guard let word = stream.lexeme(.month, index) ?? (short ? stream.lexeme(.shortMonth, index) : nil) else {
            return nil
        }
        let next = index + word.length
        // "jul." goes on behind its point; the point of a sentence does not belong to it.
        let goesOn =
            [WordClass.of, .until, .to, .and, .at].contains { stream.has($0, next + 1) } || stream.isDigits(next + 1)
            || stream.isSign(next + 1, "-") || stream.isSign(next + 1, ",")
        return (Int(word.value), stream.isSign(next, ".") && stream.isGlued(next) && goesOn ? next + 1 : next)
    }

    /// "de 2026", ", 2026", "del 26", "dos mil dieciocho".
    func year(at index: Int, loose: Bool = false) -> (year: Int, next: Int)? {
        var place = index
        let comma = stream.isSign(place, ",")
        if comma { place += 1 }
        let of = stream.skipAll(.of, .at, from: place)
        let introduced = of > place || comma
        place = of
        if let word = stream.lexeme(.unit, place), word.value == Int64(TimeUnit.year.rawValue) {
            guard let relative = relativeYear(at: index) else {
                return stream.isDigits(place + 1) && stream.tokens[place + 1].digits == 4
                    ? (Int(stream.tokens[place + 1].value), place + 2) : nil
            }
            return relative
        }
        if stream.isDigits(place) {
            let token = stream.tokens[place]
            if token.digits == 4, (1900...2100).contains(token.value), !stream.has(.unit, place + 1) {
                if stream.isSign(place + 1, "."), stream.isGlued(place + 1), stream.isDigits(place + 2),
                    stream.isGlued(place + 2)
                {
                    return nil
                }
                return (Int(token.value), place + 1)
            }
            if token.digits == 2, introduced, token.value < 60, !stream.isSign(place + 1, ":"), !isClock(place),
                !stream.has(.month, place + 2), !stream.has(.scale, place + 1), !stream.has(.money, place + 1)
            {
                return (2000 + Int(token.value), place + 1)
            }
            return relativeYear(at: index)
        }
        if introduced || loose, stream.has(.number, place),
            let number = NumberParser(stream: stream, fractions: false).number(at: place), number.scaled,
            number.value.isWhole,
            (1900...2100).contains(number.value.whole)
        {
            return (Int(number.value.whole), number.range.upperBound)
        }
        return relativeYear(at: index)
    }

    /// "de este año", "del año que viene", "del próximo año".
    private func relativeYear(at index: Int) -> (year: Int, next: Int)? {
        let place = stream.skipAll(.of, .article, from: index)
        guard let piece = period(at: place), piece.grain == .year,
            piece.end - piece.start < 370 * TemporalPiece.daySeconds
        else { return nil }
        return (piece.first.year, piece.range.upperBound)
    }

    private func isClock(_ index: Int) -> Bool {
        stream.has(.am, index + 1) || stream.has(.pm, index + 1) || stream.has(.hourMark, index + 1)
    }

    /// "de este mes", "del mes que viene", "de este", "del otro".
    func relativeMonth(at index: Int) -> (year: Int, month: Int, next: Int)? {
        let of = stream.skipAll(.of, .at, from: index)
        guard of > index else { return nil }
        let place = stream.skipAll(.article, from: of)
        if let piece = longest([period(at: place), place > of ? period(at: of) : nil]), piece.grain == .month,
            piece.end - piece.start < 32 * TemporalPiece.daySeconds
        {
            return (piece.first.year, piece.first.month, piece.range.upperBound)
        }
        // "el 10 de mes", "el 10 del mes".
        if let unit = stream.lexeme(.unit, place), unit.value == Int64(TimeUnit.month.rawValue) {
            return (today.year, today.month, place + unit.length)
        }
        return nil
    }

    // MARK: Written dates

    /// `10/11`, `05/01/27`, `28-12`, `2016-12-22`, `1-Ene`, `3/2015`, `13.5.2015`.
    private func numericDate(at index: Int) -> TemporalPiece? {
        guard stream.isDigits(index), stream.tokens[index].digits <= 4,
            !(stream.isGlued(index) && index > 0 && stream.tokens[index - 1].kind != .sign)
        else { return nil }
        func sign(_ at: Int) -> Unicode.Scalar? { ["/", "-", "."].first { stream.isSign(at, $0) } }
        guard let separator = sign(index + 1) else { return nil }
        let tight = stream.isGlued(index + 1) && stream.isGlued(index + 2)
        let first = Int(stream.tokens[index].value)
        if tight, let (month, next) = monthName(at: index + 2), (1...31).contains(first) {
            var end = next
            var year: Int?
            if sign(next) == separator, stream.isDigits(next + 1), let written = writtenYear(next + 1) {
                year = written
                end = next + 2
            }
            return resolve(day: first, month: month, year: year, index..<end)
        }
        guard stream.isDigits(index + 2), stream.tokens[index + 2].digits <= 4 else { return nil }
        let second = Int(stream.tokens[index + 2].value)
        if tight, let third = sign(index + 3) == separator || stream.isSign(index + 3, ",") ? index + 4 : nil,
            stream.isDigits(third),
            stream.isGlued(third) || stream.isSign(index + 3, ","),
            !(separator == "." && stream.tokens[third].digits == 3)
        {
            if stream.tokens[index].digits == 4 {
                return ordered(second, Int(stream.tokens[third].value), first, index..<third + 1)
            }
            if let year = writtenYear(third), sign(index + 3) == separator || stream.tokens[third].digits == 4 {
                return ordered(second, first, year, index..<third + 1)
            }
        }
        if stream.tokens[index + 2].digits == 4, (1...12).contains(first), (1900...2100).contains(second) {
            return resolve(month: first, year: second, index..<index + 3)
        }
        if stream.tokens[index].digits == 4, (1900...2100).contains(first), (1...12).contains(second), tight {
            return resolve(month: second, year: first, index..<index + 3)
        }
        guard tight, separator != ".", stream.tokens[index].digits <= 2, stream.tokens[index + 2].digits <= 2 else {
            return nil
        }
        return ordered(second, first, nil, index..<index + 3)
    }

    private func writtenYear(_ index: Int) -> Int? {
        let token = stream.tokens[index]
        if token.digits == 4, (1900...2100).contains(token.value) { return Int(token.value) }
        return token.digits == 2 ? 2000 + Int(token.value) : nil
    }

    /// Day before month, unless only the other order makes a date.
    private func ordered(_ month: Int, _ day: Int, _ year: Int?, _ range: Range<Int>) -> TemporalPiece? {
        let (day, month) = month > 12 && day <= 12 ? (month, day) : (day, month)
        guard var piece = resolve(day: day, month: month, year: year, range) else { return nil }
        piece.reason = year == nil ? .dayAndMonth : .written
        return piece
    }

    /// "15 de enero", "2 oct", "1ro de marzo de 2027", "marzo 3", "el 5 del mes que viene", with a weekday before or not.
    func dayAndMonth(at index: Int) -> TemporalPiece? {
        let named = stream.lexeme(.unit, index).flatMap {
            $0.value == Int64(TimeUnit.day.rawValue) ? index + $0.length : nil
        }
        if let (day, next, _) = dayNumber(at: named ?? index) {
            var place = stream.skipAll(.of, .daylike, from: next)
            if stream.isSign(place, ","), monthName(at: place + 1) != nil { place += 1 }
            if let (month, end) = monthName(at: place) {
                let year = year(at: end)
                return resolve(day: day, month: month, year: year?.year, index..<(year?.next ?? end))
            }
            if let (year, month, end) = relativeMonth(at: next) {
                return resolve(day: day, month: month, year: year, index..<end)
            }
            return nil
        }
        if let (month, next) = monthName(at: index, short: false), let (day, end, _) = dayNumber(at: next),
            !stream.has(.unit, end), !stream.isSign(end, ":"), !stream.has(.money, end), !stream.has(.scale, end),
            !stream.has(.instalments, end), !stream.has(.currency, end)
        {
            let year = year(at: end)
            return resolve(day: day, month: month, year: year?.year, index..<(year?.next ?? end))
        }
        return nil
    }

    /// "enero", "junio de 2016", "este septiembre", "2016, noviembre", "marzo que viene", "el año 2016".
    func month(at index: Int) -> TemporalPiece? {
        var place = index
        var shift = 0
        if let word = stream.lexeme(.next, index) {
            (place, shift) = (index + word.length, 1)
        } else if let word = stream.lexeme(.last, index) {
            (place, shift) = (index + word.length, -1)
        }
        let this = stream.lexeme(.this, index)
        if let this { place = index + this.length }
        if let (year, next) = bareYear(at: place) {
            var place = next
            if stream.isSign(place, ",") { place += 1 }
            if let (month, end) = monthName(at: stream.skip(.of, place)) {
                return resolve(month: month, year: year, index..<end)
            }
        }
        if let word = stream.lexeme(.unit, index), word.value == Int64(TimeUnit.year.rawValue),
            let (year, next) = bareYear(at: index + word.length)
        {
            return yearPiece(year, index..<next)
        }
        if let word = stream.lexeme(.unit, index), word.value == Int64(TimeUnit.month.rawValue),
            let (month, next) = monthName(at: stream.skipAll(.of, from: index + word.length))
        {
            let year = year(at: next)
            return resolve(month: month, year: year?.year, index..<(year?.next ?? next))
        }
        guard let named = monthName(at: place) else { return nil }
        let month = named.month
        var next = named.next
        // "mar", "may" and the like are months only where something says so.
        if !stream.has(.month, place), this == nil, place == index, year(at: next) == nil, !stream.has(.at, index - 1),
            !stream.has(.of, index - 1)
        {
            return nil
        }
        if let coming = stream.lexeme(.coming, next) ?? stream.lexeme(.next, next) {
            (next, shift) = (next + coming.length, 1)
        } else if let past = stream.lexeme(.last, next) {
            (next, shift) = (next + past.length, -1)
        }
        if this != nil { return resolve(month: month, year: today.year, index..<next) }
        if let (year, end) = year(at: next) { return resolve(month: month, year: year, index..<end) }
        if shift > 0 {
            return resolve(month: month, year: month > today.month ? today.year : today.year + 1, index..<next)
        }
        if shift < 0 {
            return resolve(month: month, year: month < today.month ? today.year : today.year - 1, index..<next)
        }
        return resolve(month: month, year: nil, index..<next)
    }

    func bareYear(at index: Int) -> (year: Int, next: Int)? {
        guard stream.isDigits(index), stream.tokens[index].digits == 4,
            (1900...2100).contains(stream.tokens[index].value)
        else { return nil }
        if stream.isSign(index + 1, "."), stream.isGlued(index + 1), stream.isDigits(index + 2),
            stream.isGlued(index + 2)
        {
            return nil
        }
        return (Int(stream.tokens[index].value), index + 1)
    }

    func yearPiece(_ year: Int, _ range: Range<Int>) -> TemporalPiece? {
        guard let start = Day(year: year, month: 1, day: 1), let end = Day(year: year + 1, month: 1, day: 1) else {
            return nil
        }
        var piece = TemporalPiece(date: start, to: end, grain: .year, range, reason: .year)
        piece.year = year
        return piece
    }

    // MARK: Days by name

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
    private func feast(at index: Int) -> TemporalPiece? {
        guard let word = stream.lexeme(.feast, index) else { return nil }
        func day(_ year: Int) -> Day? {
            if word.value >= 15_000 { return Self.easter(year).adding(days: Int(word.value) - 20_000) }
            return Day(year: year, month: Int(word.value / 100), day: Int(word.value % 100))
        }
        let next = index + word.length
        if let (year, end) = year(at: next), let day = day(year) {
            return TemporalPiece(date: day, index..<end, reason: .feast)
        }
        guard let this = day(today.year), let future = this >= today ? this : day(today.year + 1) else { return nil }
        var piece = TemporalPiece(date: future, index..<next, reason: .feast)
        piece.past = (this < today ? this : day(today.year - 1)).map { $0.number * TemporalPiece.daySeconds }
        return piece
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

    /// "el 15", "día nueve": a number that an article or "día" makes a day.
    private func articledDay(at index: Int) -> TemporalPiece? {
        let named = stream.lexeme(.unit, index).flatMap {
            $0.value == Int64(TimeUnit.day.rawValue) ? index + $0.length : nil
        }
        guard let (day, next, ordinal) = dayNumber(at: named ?? index) else { return nil }
        let introduced =
            named != nil
            || (isSingular(index - 1) && (!ordinal || day == 1 || (stream.isDigits(index) && !isWord(next))))
        guard introduced, !isCounted(next),
            ordinal || stream.isDigits(named ?? index) || next > index + 1 || named != nil
                || !stream.has(.fraction, index)
        else { return nil }
        // "una", "un": articles, not days.
        if !stream.isDigits(named ?? index), day == 1, !ordinal { return nil }
        return resolve(day: day, month: nil, year: nil, index..<next)
    }

    private func isWord(_ index: Int) -> Bool { index < stream.count && stream.tokens[index].kind != .sign }

    private func isSingular(_ index: Int) -> Bool { stream.has(.daylike, index) }

    /// Whether what follows makes the number an amount, a count or an hour.
    func isCounted(_ next: Int) -> Bool {
        stream.has(.percent, next) || stream.has(.scale, next) || stream.has(.money, next)
            || stream.has(.currency, next)
            || stream.has(.instalments, next) || stream.has(.notMoney, next)
            || (stream.has(.unit, next) && !stream.isGlued(next)) || stream.has(.hourMark, next)
            || stream.has(.am, next) || stream.has(.pm, next) || stream.isSign(next, ":")
            || stream.has(.gluedScale, next) && stream.isGlued(next)
            || stream.has(.fraction, next) || (stream.isSign(next, "/") && stream.isGlued(next))
            || stream.has(.cents, next)
    }

    /// A number that only its context makes a day.
    func bareDay(at index: Int) -> TemporalPiece? {
        guard let (day, next, _) = dayNumber(at: index), !isCounted(next),
            var piece = resolve(day: day, month: nil, year: nil, index..<next)
        else { return nil }
        piece.isBare = true
        return piece
    }
}
