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
        if !isDigits {
            keep(&best, weekday(at: index))
            keep(&best, pointedDate(at: index))
        }
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
}
