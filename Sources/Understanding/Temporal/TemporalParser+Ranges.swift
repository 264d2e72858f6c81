import Quantities

extension TemporalParser {
    /// "del 3 al 5", "entre el 2 de febrero y el 5 de marzo", "desde hoy hasta mañana", "13 a 15 de julio", "2014-2018",
    /// "de mayo a septiembre", "desde hoy a las 4 hasta mañana a las 5".
    func dateRange(at index: Int) -> TemporalPiece? {
        guard hasLink(after: index) else { return nil }
        let between = stream.lexeme(.between, index)
        let opener = between ?? stream.lexeme(.since, index) ?? stream.lexeme(.of, index)
        let opened = index + (opener?.length ?? 0)
        // An opener that is also part of a day name ("a partir de") is tried whole only.
        let named = stream.skipAll(.daylike, from: opened)
        for place in named > opened ? [opened, named] : [opened] {
            for first in ends(at: place) {
                let after = first.range.upperBound
                guard let link = link(at: after, between: between != nil), !(stream.has(.atHour, after) && first.isDate)
                else { continue }
                let inner = stream.skipAll(.daylike, .at, from: link)
                let hour = stream.has(.atHour, after)
                let seconds = (ends(at: link) + (inner > link ? ends(at: inner) : [])).filter { !(hour && $0.isBare) }
                    .sorted {
                        $0.range.upperBound > $1.range.upperBound
                    }
                for second in seconds {
                    // "hoy al final del día" is one moment.
                    if second.grain == .second, second.kind == .dateTime, first.isDate, second.reason != .now {
                        continue
                    }
                    if let piece = range(
                        first, second, opened: opener != nil, (opener == nil ? place : index)..<second.range.upperBound)
                    {
                        return piece
                    }
                }
                if let later = laterEnd(at: link, first) { return span(first, later, index..<later.range.upperBound) }
            }
        }
        return nil
    }

    /// Whether something within reach may join the ends of a range.
    private func hasLink(after index: Int) -> Bool {
        for place in index..<min(stream.count, index + 14) {
            if stream.mayBe(Self.links, place) || stream.isSign(place, "-") || stream.isSign(place, "~") { return true }
        }
        return false
    }

    private static let links = WordClassSet(.to, .until, .between)

    /// What an end of a range may be, longest first.
    private func ends(at index: Int) -> [TemporalPiece] {
        guard index < stream.count else { return [] }
        var found: [TemporalPiece] = []
        if let now = stream.lexeme(.now, index) {
            var piece = TemporalPiece(.dateTime, nowSeconds, nowSeconds + 1, grain: .second, index..<index + now.length)
            piece.reason = .now
            found.append(piece)
        }
        if let date = date(at: index) {
            if let joined = joined(date: date) { found.append(joined) }
            found.append(date)
        }
        if let time = time(at: index), let joined = joined(time: time) { found.append(joined) }
        let dated = found.contains { $0.year != nil && $0.day != nil }
        if !dated, let (year, next) = bareYear(at: index), var piece = yearPiece(year, index..<next) {
            piece.isBare = true
            found.append(piece)
        }
        if let (month, next) = monthName(at: index), var piece = resolve(month: month, year: nil, index..<next) {
            if let (year, end) = year(at: next) { piece = resolve(month: month, year: year, index..<end) ?? piece }
            found.append(piece)
        }
        // Not the "23" of "23-9-2018" nor the "1" of "1-ene".
        let written = found.contains {
            $0.isDate && $0.day != nil && ($0.year != nil || !stream.isDigits(index + 2))
                && stream.isSign(index + 1, "-") && stream.isGlued(index + 1)
        }
        if !written, let bare = bareDay(at: index) { found.append(bare) }
        return found.filter { !$0.isImpossible }.sorted { $0.range.upperBound > $1.range.upperBound }
    }

    /// "3 min después", counted from the other end.
    private func laterEnd(at index: Int, _ first: TemporalPiece) -> TemporalPiece? {
        guard let piece = offset(at: index) else { return nil }
        return piece
    }

    private func range(_ first: TemporalPiece, _ second: TemporalPiece, opened: Bool, _ range: Range<Int>)
        -> TemporalPiece?
    {
        var (first, second) = (first, second)
        if first.isBare, second.isBare, first.grain == .day || first.grain != second.grain {
            // "del 1 al 5" needs its opener; "3 - 5" alone is nothing.
            guard opened, first.grain == second.grain else { return nil }
            // "de 9 a 17" are hours, "del 9 al 17" days.
            if !onlyDays, first.grain == .day, (second.day ?? 31) <= 24, stream.has(.of, range.lowerBound),
                !stream.has(.daylike, first.range.lowerBound - 1)
            {
                return nil
            }
            // "de 11 a 3" are hours.
            if let from = first.day, let to = second.day, to < from, !stream.has(.daylike, first.range.lowerBound - 1) {
                return nil
            }
        }
        if first.isBare, first.grain == .day, second.grain != .day, second.isDate { return nil }
        // "ago-2019" is one month.
        if first.grain == .month, first.year == nil, second.isBare, second.grain == .year,
            stream.isSign(first.range.upperBound, "-")
        {
            return nil
        }
        if first.kind == .dateTime || second.kind == .dateTime || first.kind == .dateTimeRange
            || second.kind == .dateTimeRange
        {
            guard first.kind != .dateTimeRange, second.kind != .dateTimeRange, !first.isBare, !second.isBare,
                first.kind == .dateTime || first.grain == .day
            else { return nil }
            if first.reason == .now, second.isDate { first = TemporalPiece(date: today, first.range) }
            if first.start > second.start, let past = first.past { first.start = past }
            guard first.start <= second.start else { return nil }
            return span(first, second, range)
        }
        guard first.isDate, second.isDate else { return nil }
        inherit(&first, from: second)
        if first.isImpossible {
            first.range = range
            return first
        }
        order(&first, &second)
        guard first.start <= second.start, second.start - first.start < 40_000 * TemporalPiece.daySeconds else {
            return nil
        }
        var piece = span(first, second, range)
        piece.isBare = first.isBare && second.isBare
        return piece
    }

    /// "3 a 12 de septiembre": the first end takes what only the second says.
    private func inherit(_ first: inout TemporalPiece, from second: TemporalPiece) {
        if let day = first.day, first.month == nil, first.grain == .day, second.grain == .day, second.day != nil,
            first.weekday == nil
        {
            let base = second.first
            let month = day <= base.dayOfMonth ? base : base.adding(months: -1)
            if let date = Day(year: month.year, month: month.month, day: day) {
                first.start = date.number * TemporalPiece.daySeconds
                first.end = first.start + TemporalPiece.daySeconds
                first.year = second.year
                first.month = second.month
            }
        }
        if let month = first.month, first.year == nil, let year = second.year,
            first.start > second.start || second.year != nil
        {
            let chosen =
                month > second.first.month || (month == second.first.month && (first.day ?? 1) > (second.day ?? 31))
                ? year - 1 : year
            guard let day = Day(year: chosen, month: month, day: first.day ?? 1) else {
                first.isImpossible = true
                return
            }
            first.end += day.number * TemporalPiece.daySeconds - first.start
            first.start = day.number * TemporalPiece.daySeconds
        }
    }

    /// The second end is the next to come, the first the last one before it.
    private func order(_ first: inout TemporalPiece, _ second: inout TemporalPiece) {
        if second.isFixed, let weekday = first.weekday.flatMap({ Weekday(rawValue: $0) }), !first.isFixed,
            first.day == nil
        {
            let day = next(weekday, after: second.first.adding(days: -8))
            first.start = day.number * TemporalPiece.daySeconds
            first.end = first.start + TemporalPiece.daySeconds
        }
        if !second.isFixed, second.weekday != nil, second.day == nil,
            second.convention != .nearestWeekday || second.start <= first.start,
            let weekday = Weekday(rawValue: second.weekday!), second.start <= first.start || second.reason == .weekday
        {
            let day = next(weekday, after: first.first)
            second.start = day.number * TemporalPiece.daySeconds
            second.end = second.start + TemporalPiece.daySeconds
        }
        if first.start > second.start, let past = first.past, first.year == nil, first.month != nil || first.day == nil {
            let length = first.end - first.start
            first.start = past
            first.end = past + length
        }
        if first.start > second.start, second.month == nil, second.day != nil, let day = second.day {
            // "del 28 al 5": the 5th of the month after.
            let month = first.first.adding(months: day < first.first.dayOfMonth ? 1 : 0)
            if let date = Day(year: month.year, month: month.month, day: day) {
                second.start = date.number * TemporalPiece.daySeconds
                second.end = second.start + TemporalPiece.daySeconds
            }
        }
    }

    private func span(_ first: TemporalPiece, _ second: TemporalPiece, _ range: Range<Int>) -> TemporalPiece {
        let timed = !(first.isDate && second.isDate)
        var piece = TemporalPiece(
            timed ? .dateTimeRange : .dateRange, first.start, second.end, grain: second.grain, range)
        piece.namedEnd = second.start
        piece.reason = .window
        piece.openMeridiem = first.openMeridiem || second.openMeridiem
        return piece
    }
}
