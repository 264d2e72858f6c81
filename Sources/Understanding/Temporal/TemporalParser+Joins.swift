import Quantities

extension TemporalParser {
    /// A date with the time that follows it: "mañana a las 8", "el lunes de 10 a 12", "el martes por la tarde".
    func joined(date: TemporalPiece) -> TemporalPiece? {
        guard hasHours, date.isDate, date.grain == .day else { return nil }
        let end = date.range.upperBound
        var best: TemporalPiece?
        for place in places(after: end) {
            for time in [
                timeRange(at: place), time(at: place), markedTime(at: place), dayPart(at: place),
                limitedTime(at: place), timeRange(at: place, loose: true),
            ] {
                guard let time, time.kind == .time || time.kind == .timeRange else { continue }
                var piece = combine(date, time, date.range.lowerBound..<time.range.upperBound)
                // "lunes por la mañana de 10 a 12", "mañana por la tarde a las 5".
                if time.convention == .dayPart { piece = longest([narrowed(piece, date, time), piece]) ?? piece }
                best = longest([best, piece])
            }
        }
        if let end = partOfPeriod(at: stream.skipAll(.to, .article, from: date.range.upperBound)),
            end.kind == .dateTime, end.grain == .second
        {
            var piece = end
            (piece.start, piece.end, piece.past) = (date.end - 1, date.end, nil)
            piece.range = date.range.lowerBound..<end.range.upperBound
            keep(&best, piece)
        }
        if let piece = best, isRepeated(piece, date) {
            return TemporalPiece(.set, 0, 0, grain: .week, piece.range)
        }
        if let piece = best, let again = sameDay(piece, date) { return again }
        // "el miércoles por la tarde de la semana que viene".
        if let piece = best, let weekday = date.weekday.flatMap({ Weekday(rawValue: $0) }), date.day == nil,
            !date.isFixed, stream.present.contains(WordClass.unit.bit)
        {
            for place in places(after: piece.range.upperBound) {
                guard let week = period(at: place), week.grain == .week,
                    week.end - week.start == 7 * TemporalPiece.daySeconds
                else { continue }
                let shift =
                    monday(of: week.first).adding(days: weekday.rawValue - 1).number * TemporalPiece.daySeconds
                    - date.start
                var moved = piece
                moved.start += shift
                moved.end += shift
                moved.namedEnd = piece.namedEnd.map { $0 + shift }
                moved.range = piece.range.lowerBound..<week.range.upperBound
                return moved
            }
        }
        return best
    }

    /// "los martes a las 9": every Tuesday. "Los viernes" alone is as often the next one.
    private func isRepeated(_ piece: TemporalPiece, _ date: TemporalPiece) -> Bool {
        let index = date.range.lowerBound
        return !onlyDays && date.weekday != nil && date.day == nil && !date.isFixed && stream.has(.weekday, index)
            && stream.has(.article, index - 1) && !stream.has(.daylike, index - 1)
    }

    /// Where the other half may begin: at once, behind a comma, behind prepositions.
    private func places(after end: Int) -> [Int] {
        var places = [end]
        if stream.isSign(end, ",") { places.append(end + 1) }
        if stream.tokens.indices.contains(end), stream.isGlued(end), stream.tokens[end].kind == .word,
            stream.isDigits(end + 1), stream.isGlued(end + 1), stream.isDigits(end - 1)
        {
            places.append(end + 1)
        }
        let skipped = stream.skipAll(.at, .of, .article, .around, from: places[places.count - 1])
        if skipped > places[places.count - 1] { places.append(skipped) }
        return places
    }

    /// "15 hs", which a date makes an hour.
    func markedTime(at index: Int) -> TemporalPiece? {
        guard let clock = clock(at: index), clock.isMarked else { return nil }
        return piece(clock, index)
    }

    /// "más tarde de las diez", "no más tardar a las 6".
    private func limitedTime(at index: Int) -> TemporalPiece? {
        for cls in [WordClass.before, .after, .until, .since] {
            guard let word = stream.lexeme(cls, index) else { continue }
            for place in [index + word.length, stream.skipAll(.of, from: index + word.length)] {
                guard let time = time(at: place), var limited = limit(time, by: cls) else { continue }
                limited.range = index..<time.range.upperBound
                return limited
            }
        }
        return nil
    }

    /// A part of the day made precise by the hours that follow it.
    private func narrowed(_ piece: TemporalPiece, _ date: TemporalPiece, _ part: TemporalPiece) -> TemporalPiece? {
        for place in places(after: part.range.upperBound) {
            if let time = longest([timeRange(at: place), time(at: place)]), time.isTime {
                return combine(date, settled(time, part.start / 3600), date.range.lowerBound..<time.range.upperBound)
            }
        }
        return nil
    }

    private func settled(_ time: TemporalPiece, _ from: Int) -> TemporalPiece {
        var time = time
        if time.openMeridiem, from >= 12, time.start < 12 * 3600, !(from >= 20 && time.start < 5 * 3600) {
            time.start += 12 * 3600
            time.end += 12 * 3600
            time.namedEnd = time.namedEnd.map { $0 + 12 * 3600 }
        }
        time.openMeridiem = false
        return time
    }

    /// "8 a.m. - 3 ayer por la tarde": a part of the day behind a joined date adds nothing.
    private func sameDay(_ piece: TemporalPiece, _ date: TemporalPiece) -> TemporalPiece? {
        guard piece.convention != .dayPart, let part = dayPart(at: piece.range.upperBound), part.kind == .timeRange
        else { return nil }
        var piece = piece
        if piece.openMeridiem { piece = combineSettled(piece, part) }
        piece.range = piece.range.lowerBound..<part.range.upperBound
        return piece
    }

    private func combineSettled(_ piece: TemporalPiece, _ part: TemporalPiece) -> TemporalPiece {
        var piece = piece
        piece.openMeridiem = false
        if part.start >= 12 * 3600, piece.start % TemporalPiece.daySeconds < 12 * 3600 {
            piece.start += 12 * 3600
            piece.end += 12 * 3600
            piece.namedEnd = piece.namedEnd.map { $0 + 12 * 3600 }
        }
        return piece
    }

    /// A time with the date that follows it: "a las 5 de mañana", "8pm del 15", "la tarde del próximo viernes".
    func joined(time: TemporalPiece) -> TemporalPiece? {
        // "esta noche a las 7", "anoche a las 8".
        if time.kind == .dateTimeRange, time.convention == .dayPart {
            for place in places(after: time.range.upperBound) {
                guard let clock = self.time(at: place), clock.kind == .time else { continue }
                let day = TemporalPiece(date: time.first, time.range)
                return combine(
                    day, settled(clock, time.start % TemporalPiece.daySeconds / 3600),
                    time.range.lowerBound..<clock.range.upperBound)
            }
        }
        guard time.isTime else { return nil }
        if time.convention == .dayPart {
            // "por la tarde a las 7"
            for place in places(after: time.range.upperBound) {
                if let clock = self.time(at: place), clock.kind == .time {
                    var piece = settled(clock, time.start / 3600)
                    piece.range = time.range.lowerBound..<clock.range.upperBound
                    return longest([joinedDate(piece), piece])
                }
            }
        }
        return joinedDate(time)
    }

    private func joinedDate(_ time: TemporalPiece) -> TemporalPiece? {
        let end = time.range.upperBound
        var best: TemporalPiece?
        var places = [end]
        if stream.isSign(end, ",") { places.append(end + 1) }
        let skipped = stream.skipAll(.of, .at, .article, from: places[places.count - 1])
        if skipped > places[places.count - 1] { places.append(skipped) }
        // "en la noche del martes" begins with the night.
        let lower = time.convention == .dayPart ? named(time) : time.range.lowerBound
        for place in places {
            var date = date(at: place)
            if date == nil, place > end, stream.has(.daylike, place - 1) || stream.has(.of, place - 1) {
                date = bareDay(at: place)
            }
            guard let date, date.grain == .day || date.grain == .week, !date.isImpossible else {
                if let part = dayPart(at: place), time.convention != .dayPart {
                    if part.kind == .dateTimeRange {
                        best = longest([
                            best,
                            combine(
                                TemporalPiece(date: part.first, part.range), settled(time, part.start % 86_400 / 3600),
                                time.range.lowerBound..<part.range.upperBound),
                        ])
                    }
                }
                continue
            }
            guard date.grain == .day else { continue }
            var piece = combine(date, time, lower..<date.range.upperBound)
            if let again = sameDay(piece, date) { piece = again }
            best = longest([best, piece])
        }
        return best
    }

    /// Where a part of the day is named, behind prepositions and articles.
    private func named(_ part: TemporalPiece) -> Int {
        min(stream.skipAll(.at, .to, .of, .article, from: part.range.lowerBound), part.range.upperBound - 1)
    }

    func combine(_ date: TemporalPiece, _ time: TemporalPiece, _ range: Range<Int>) -> TemporalPiece {
        var piece = date
        piece.range = range
        piece.kind = time.kind == .time ? .dateTime : .dateTimeRange
        let base = date.start
        piece.start = base + time.start
        piece.end = base + time.end
        if time.kind == .timeRange, time.end <= time.start { piece.end += TemporalPiece.daySeconds }
        piece.namedEnd = time.namedEnd.map { base + $0 }
        piece.past = date.past.map { $0 + time.start }
        piece.grain = time.grain
        piece.openMeridiem = time.openMeridiem
        piece.modifier = time.modifier
        if time.openEnd, let named = time.namedEnd { piece.namedEnd = base + named }
        piece.convention = date.convention ?? time.convention
        if time.openStart { piece.openStart = true }
        if time.openEnd { piece.openEnd = true }
        return piece
    }
}
