import Quantities

extension TemporalParser {
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
        // "que termine el mes".
        let isVerb = modifier == .end && next > place + 1 && stream.has(.article, next)
        // "finde mes".
        let isTypo = modifier == .end && stream.has(.unit, place) && stream.has(.unit, next)
        guard of > next || relative || isVerb || isTypo || stream.has(.this, of), let (piece, end) = whole(at: of)
        else {
            return nil
        }
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
            // "más tarde hoy".
            if relative, whole.start <= nowSeconds, nowSeconds < whole.end {
                return TemporalPiece(.dateTimeRange, nowSeconds, whole.end, grain: .hour, range)
            }
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
