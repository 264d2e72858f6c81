import Quantities

extension TemporalParser {
    /// An hour as it was written, before it is known whether it is one.
    struct Clock {
        var seconds: Int
        var next: Int
        var grain: TimeUnit = .hour
        /// Something besides the number says that this is an hour.
        var isSure = false
        /// Morning or afternoon is known.
        var isSettled = false
        /// "hs" stood behind the number.
        var isMarked = false
        /// Written as one of 24 hours.
        var onFullDial = false
        /// The hour was written with words.
        var inWords = false
        var hour: Int { seconds / 3600 }
    }

    /// "a las 8", "15:15", "las tres y media de la tarde", "8pm", "mediodía", "cuarto pasadas las ocho".
    func time(at index: Int) -> TemporalPiece? {
        if let before = minutesBefore(at: index) { return before }
        guard let clock = clock(at: index),
            clock.isSure || (clock.grain == .minute && stream.count == clock.next && index == 0),
            clock.grain != .hour || !stream.has(.unit, clock.next)
        else { return nil }
        // "al mediodía" is named by its last word.
        let lead = stream.skipAll(.atHour, .article, from: index)
        return piece(clock, stream.has(.fixedHour, lead) ? lead : stream.skip(.atHour, index))
    }

    func piece(_ clock: Clock, _ index: Int) -> TemporalPiece {
        var piece = TemporalPiece(
            .time, clock.seconds, clock.seconds + Self.seconds(clock.grain), grain: clock.grain, index..<clock.next)
        piece.openMeridiem = !clock.isSettled && clock.hour <= 12
        return piece
    }

    /// One hour with what belongs to it: lead, minutes, half of the day.
    /// - Parameter joins: whether "y diez" may be its minutes.
    func clock(at index: Int, joins: Bool = true) -> Clock? {
        var place = index
        let lead = stream.lexeme(.atHour, place)
        if let lead { place += lead.length }
        let around = stream.skip(.around, place)
        if let clock = fourDigits(at: around, lead: lead) { return clock }
        if lead != nil || around > place { place = stream.skip(.atHour, around) }
        if let fixed = stream.lexeme(.fixedHour, stream.skip(.article, place)) {
            var clock = Clock(
                seconds: Int(fixed.value) * 3600, next: stream.skip(.article, place) + fixed.length, isSure: true,
                isSettled: true)
            clock.next = stream.skip(.sharp, clock.next)
            return clock
        }
        guard var clock = hour(at: place) else { return nil }
        if lead != nil { clock.isSure = true }
        minutes(&clock, joins)
        clock.next = stream.skip(.sharp, clock.next) == clock.next ? clock.next : sharp(&clock)
        halfOfDay(&clock)
        if clock.grain == .hour { minutes(&clock, joins) }
        if clock.isSure { clock.next = stream.skip(.sharp, clock.next) }
        return clock
    }

    /// "a las 0930", "1430 hs", "0800-1700": only what cannot be a year or an amount.
    private func fourDigits(at index: Int, lead: Lexeme?) -> Clock? {
        guard stream.isDigits(index), stream.tokens[index].digits == 4, stream.tokens[index].value < 2400,
            stream.tokens[index].value % 100 < 60
        else { return nil }
        let value = Int(stream.tokens[index].value)
        var clock = Clock(seconds: (value / 100 * 60 + value % 100) * 60, next: index + 1, grain: .minute)
        clock.isSettled = clock.hour == 0 || clock.hour > 12
        clock.onFullDial = clock.isSettled
        clock.isSure = (lead?.length ?? 0) > 1
        let mark = stream.length(.hourMark, clock.next)
        clock.next += mark
        halfOfDay(&clock)
        guard clock.isSure || mark > 0 || isHourSpan(index) else { return nil }
        clock.isSure = true
        return clock
    }

    /// "0800-1700", "0900 a 1100": one of the ends begins with a zero.
    private func isHourSpan(_ index: Int) -> Bool {
        func isFour(_ place: Int, below limit: Int64) -> Bool {
            stream.isDigits(place) && stream.tokens[place].digits == 4 && stream.tokens[place].value < limit
        }
        for (link, other) in [(index + 1, index + 2), (index - 1, index - 2)]
        where stream.isSign(link, "-") || stream.has(.to, link) || stream.has(.until, link) {
            if isFour(other, below: 2400), isFour(index, below: 1000) || isFour(other, below: 1000) { return true }
        }
        return false
    }

    private func sharp(_ clock: inout Clock) -> Int {
        clock.isSure = true
        return stream.skip(.sharp, clock.next)
    }

    private func hour(at index: Int) -> Clock? {
        if stream.isDigits(index), stream.tokens[index].digits <= 2, stream.tokens[index].value <= 24 {
            let hour = Int(stream.tokens[index].value)
            var clock = Clock(seconds: hour % 24 * 3600, next: index + 1)
            if hour == 0 || hour > 12 { (clock.isSettled, clock.onFullDial) = (true, true) }
            if stream.isSign(index + 1, ":"), let (minute, next) = twoDigits(index + 2) {
                clock.seconds += minute * 60
                (clock.next, clock.grain, clock.isSure) = (next, .minute, true)
                if stream.isSign(next, ":"), let (second, end) = twoDigits(next + 1) {
                    clock.seconds += second
                    (clock.next, clock.grain) = (end, .second)
                }
                if let mark = stream.lexeme(.hourMark, clock.next) { clock.next += mark.length }
                return clock
            }
            if stream.isSign(index + 1, "."), stream.isGlued(index + 1), stream.isGlued(index + 2),
                let (minute, next) = twoDigits(index + 2), !stream.isSign(next, ".")
            {
                clock.seconds += minute * 60
                (clock.next, clock.grain) = (next, .minute)
                if let mark = stream.lexeme(.hourMark, next) {
                    (clock.next, clock.isMarked, clock.isSure) = (next + mark.length, true, true)
                }
                return clock
            }
            if let mark = stream.lexeme(.hourMark, index + 1) {
                clock.next = index + 1 + mark.length
                // "3 hs" may as well be a duration.
                clock.isSure = stream.has(.atHour, index - 1) || stream.isDigits(clock.next)
                clock.isMarked = true
                if let (minute, next) = twoDigits(clock.next) {
                    clock.seconds += minute * 60
                    (clock.next, clock.grain) = (next, .minute)
                }
            }
            if stream.isSign(index + 1, ",") || stream.isSign(index + 1, "."), stream.isGlued(index + 1),
                stream.isDigits(index + 2), stream.isGlued(index + 2)
            {
                return nil
            }
            return clock
        }
        guard let word = stream.lexeme(.number, index), word.value <= 24 else { return nil }
        var clock = Clock(seconds: Int(word.value) % 24 * 3600, next: index + word.length, inWords: true)
        if word.value == 0 || word.value > 12 { (clock.isSettled, clock.onFullDial) = (true, true) }
        // "veinte y dos", "veinte dos" horas.
        if word.value == 20, let unit = stream.lexeme(.number, stream.skip(.and, clock.next)), unit.value > 0,
            unit.value < 5, stream.skip(.and, clock.next) == clock.next
        {
            clock.seconds += Int(unit.value) * 3600
            clock.next += unit.length
        }
        if let mark = stream.lexeme(.hourMark, clock.next), mark.length == 1, word.value > 1,
            stream.has(.atHour, index - 1)
        {
            clock.next += mark.length
            clock.isSure = true
        }
        return clock
    }

    private func twoDigits(_ index: Int) -> (Int, Int)? {
        guard stream.isDigits(index), stream.tokens[index].digits == 2, stream.tokens[index].value < 60 else {
            return nil
        }
        return (Int(stream.tokens[index].value), index + 1)
    }

    /// "y media", "y cuarto", "menos diez", "cero dos", "treinta".
    private func minutes(_ clock: inout Clock, _ joins: Bool) {
        guard clock.grain == .hour else { return }
        func take(_ minutes: Int, _ next: Int) {
            clock.seconds = ((clock.seconds + minutes * 60) % 86_400 + 86_400) % 86_400
            (clock.next, clock.grain) = (next, .minute)
        }
        let and = stream.skip(.and, clock.next)
        if and > clock.next {
            if let fraction = stream.lexeme(.fraction, and), fraction.value == 2 || fraction.value == 4,
                clock.inWords || clock.isSure
            {
                let end = and + fraction.length
                guard !stream.has(.unit, end), !stream.has(.money, end), !stream.has(.scale, end) else { return }
                take(fraction.value == 2 ? 30 : 15, end)
                clock.isSure = true
            } else if joins, let (minute, end) = minuteNumber(and),
                !(clock.isSettled && clock.hour <= 24 && (stream.has(.am, end) || stream.has(.pm, end))
                    && (stream.has(.am, and - 2) || stream.has(.pm, and - 2))),
                clock.isSure || (clock.inWords && clock.hour != 20 && !stream.isDigits(and)),
                !stream.has(.unit, end) || stream.lexeme(.unit, end)?.value == Int64(TimeUnit.minute.rawValue)
            {
                take(minute, stream.lexeme(.unit, end) != nil ? end + 1 : end)
                clock.isSure = true
            }
            return
        }
        if let minus = stream.lexeme(.minus, clock.next) {
            if let fraction = stream.lexeme(.fraction, clock.next + minus.length), fraction.value == 4 {
                take(-15, clock.next + minus.length + fraction.length)
                clock.isSure = true
            } else if let (minute, end) = minuteNumber(clock.next + minus.length) {
                take(-minute, end)
                clock.isSure = true
            }
            return
        }
        // "cinco treinta", "seis cero dos", "6 0 2 pm".
        if clock.inWords || clock.isSure || stream.isDigits(clock.next), !stream.isGlued(clock.next),
            let (minute, end) = plainMinutes(clock.next)
        {
            let settled = stream.has(.pm, end) || stream.has(.am, end) || partSuffix(end) != nil
            if settled || clock.isSure && clock.inWords { take(minute, end) }
        }
    }

    private func minuteNumber(_ index: Int) -> (Int, Int)? {
        guard let number = NumberParser(stream: stream, fractions: false).number(at: index), number.value.isWhole,
            (1...59).contains(number.value.whole), !number.scaled
        else { return nil }
        return (Int(number.value.whole), number.range.upperBound)
    }

    private func plainMinutes(_ index: Int) -> (Int, Int)? {
        if stream.isDigits(index), stream.tokens[index].value == 0, stream.tokens[index].digits == 1,
            stream.isDigits(index + 1), stream.tokens[index + 1].digits == 1
        {
            return (Int(stream.tokens[index + 1].value), index + 2)
        }
        guard stream.has(.number, index) || (stream.isDigits(index) && stream.tokens[index].digits == 2) else {
            return nil
        }
        return minuteNumber(index)
    }

    /// am, pm, "de la tarde", "por la mañana", "h".
    private func halfOfDay(_ clock: inout Clock) {
        if let am = stream.lexeme(.am, clock.next) {
            if clock.hour == 12 { clock.seconds -= 12 * 3600 }
            settle(&clock, clock.next + am.length)
        } else if let pm = stream.lexeme(.pm, clock.next) {
            if clock.hour < 12 { clock.seconds += 12 * 3600 }
            settle(&clock, clock.next + pm.length)
        } else if stream.isSign(clock.next, ","), let part = partSuffix(clock.next + 1) {
            shift(&clock, into: part.from)
            settle(&clock, part.next)
        }
        if let part = partSuffix(clock.next) {
            shift(&clock, into: part.from)
            settle(&clock, part.next)
        }
    }

    private func settle(_ clock: inout Clock, _ next: Int) {
        (clock.next, clock.isSure, clock.isSettled) = (next, true, true)
        if stream.isSign(next, "."), stream.isGlued(next), next + 1 < stream.count { return }
    }

    /// Moves an hour of a twelve-hour clock into a part of the day.
    func shift(_ clock: inout Clock, into from: Int) {
        if from >= 12, clock.hour < 12, !(from >= 20 && clock.hour < 5) { clock.seconds += 12 * 3600 }
        if from >= 20, clock.hour == 12 { clock.seconds -= 12 * 3600 }
    }

    /// "de la tarde", "por la mañana", "en la noche", "esta tarde" does not count.
    private func partSuffix(_ index: Int) -> (from: Int, next: Int)? {
        let place = stream.skipAll(.of, .at, .to, from: index)
        guard place > index else { return nil }
        let named = stream.skip(.article, place)
        if let part = stream.lexeme(.dayPart, named), named > place || !stream.has(.relativeDay, named) {
            return (Int(part.value / 100), named + part.length)
        }
        if let noon = stream.lexeme(.fixedHour, named), noon.value == 12 { return (12, named + noon.length) }
        return nil
    }

    /// "cuarto pasadas las ocho", "3 minutos para las ocho".
    private func minutesBefore(at start: Int) -> TemporalPiece? {
        let index = stream.skip(.atHour, start)
        let minutes: Int
        var next: Int
        if let fraction = stream.lexeme(.fraction, index), fraction.value == 4 || fraction.value == 2 {
            (minutes, next) = (fraction.value == 4 ? 15 : 30, index + fraction.length)
        } else if let (number, end) = minuteNumber(index) {
            (minutes, next) = (number, end)
            if let unit = stream.lexeme(.unit, end), unit.value == Int64(TimeUnit.minute.rawValue) {
                next += unit.length
            }
        } else {
            return nil
        }
        let sign: Int
        if let past = stream.lexeme(.past, next) {
            (sign, next) = (1, next + past.length)
        } else if let at = stream.lexeme(.at, next), stream.has(.atHour, next + at.length) || stream.has(.atHour, next)
        {
            (sign, next) = (-1, stream.has(.atHour, next) ? next : next + at.length)
        } else {
            return nil
        }
        next = stream.skip(.of, next)
        guard stream.has(.atHour, next), let clock = clock(at: next) else { return nil }
        var moved = clock
        moved.seconds = (clock.seconds + sign * minutes * 60 + 86_400) % 86_400
        moved.grain = .minute
        return piece(moved, index)
    }

    // MARK: Stretches of a day

    /// "por la mañana", "esta tarde", "anoche", "a primeras horas de la noche", "al final de la tarde".
    func dayPart(at index: Int) -> TemporalPiece? {
        if let word = stream.lexeme(.lastNight, index) {
            let start = (today.number - 1) * TemporalPiece.daySeconds
            return conventional(
                TemporalPiece(
                    .dateTimeRange, start + 20 * 3600, start + 24 * 3600, grain: .night, index..<index + word.length))
        }
        if let hours = stream.lexeme(.businessHours, index) {
            return conventional(
                TemporalPiece(
                    .timeRange, Int(hours.value / 100) * 3600, Int(hours.value % 100) * 3600, grain: .hour,
                    index..<index + hours.length))
        }
        var place = stream.skipAll(.at, .to, .of, .article, from: index)
        var half: TemporalReading.Modifier?
        if let word = stream.lexeme(.start, place) ?? stream.lexeme(.earlier, place) {
            (half, place) = (.start, place + word.length)
        } else if let word = stream.lexeme(.end, place) ?? stream.lexeme(.later, place) {
            (half, place) = (.end, place + word.length)
        }
        let lower = half == nil ? index : stream.skipAll(.at, .to, .of, .article, from: index)
        if half != nil { place = stream.skipAll(.at, .to, .of, from: place) }
        let introduced = place > index
        var this = false
        if let word = stream.lexeme(.this, place) { (this, place) = (true, place + word.length) }
        let article = stream.skip(.article, place)
        guard let part = stream.lexeme(.dayPart, article), !stream.has(.feast, article) else { return nil }
        // "mañana" without article is tomorrow.
        if stream.has(.relativeDay, article), article == place, !this, !stream.has(.article, article - 1) { return nil }
        guard
            introduced || this || article > place || half != nil || stream.has(.of, article + part.length)
                || !stream.has(.relativeDay, article)
        else { return nil }
        var (from, to) = (Int(part.value / 100) * 3600, Int(part.value % 100) * 3600)
        let middle = (from + to) / 2
        if half == .start { to = middle } else if half == .end { from = middle }
        let base = this ? today.number * TemporalPiece.daySeconds : 0
        var piece = TemporalPiece(
            this ? .dateTimeRange : .timeRange, base + from, base + to, grain: .night, lower..<article + part.length)
        piece.modifier = half
        return conventional(piece)
    }

    private func conventional(_ piece: TemporalPiece) -> TemporalPiece {
        var piece = piece
        piece.convention = .dayPart
        return piece
    }

    /// "de 5 a 6 pm", "entre las 4 y las 5", "11:00-11:50", "8 a.m. - 3".
    /// - Parameter loose: two bare numbers are enough ("6-8"): something else must say that they are hours.
    func timeRange(at index: Int, loose: Bool = false) -> TemporalPiece? {
        let opener = stream.lexeme(.between, index) ?? stream.lexeme(.since, index) ?? stream.lexeme(.of, index)
        let place = index + (opener?.length ?? 0)
        guard let first = clock(at: place, joins: !stream.has(.between, index)),
            let link = link(at: first.next, between: stream.has(.between, index))
        else {
            return nil
        }
        let second: Clock
        let inner = stream.skipAll(.at, .article, from: link)
        guard let found = (stream.has(.atHour, link) ? clock(at: link) : nil) ?? clock(at: inner) ?? clock(at: link),
            // Not the "01-10" of "01-10-2026".
            !(stream.isDigits(found.next + 1) && stream.isGlued(found.next)
                && (stream.isSign(found.next, "-") || stream.isSign(found.next, "/")))
        else { return nil }
        second = found
        let sure =
            first.isSure || second.isSure || second.isMarked && !first.inWords || (opener != nil && !isCounted(second.next) && dayLink(second.next) == nil)
        guard sure || loose,
            loose || first.isSure || second.isSure || second.isMarked || stream.has(.to, first.next) || stream.isSign(first.next, "-")
        else { return nil }
        var (start, end) = (first.seconds, second.seconds)
        if second.isSettled, !first.isSettled, first.hour <= 12, !second.onFullDial {
            let later = start % (12 * 3600) + 12 * 3600
            if second.seconds >= 12 * 3600, later <= second.seconds {
                start = later
            } else {
                start %= 12 * 3600
            }
        } else if first.isSettled, !second.isSettled, second.seconds < first.seconds,
            second.seconds + 12 * 3600 > first.seconds, second.hour <= 12
        {
            end = second.seconds % (12 * 3600) + 12 * 3600
        } else if !first.isSettled, !second.isSettled, end < start, end + 12 * 3600 > start {
            end += 12 * 3600
        }
        let lower = opener == nil ? stream.skip(.atHour, index) : index
        var piece = TemporalPiece(.timeRange, start, end == 0 ? 86_400 : end, grain: .hour, lower..<second.next)
        piece.openMeridiem = !first.isSettled && !second.isSettled
        piece.namedEnd = end
        return piece
    }

    private func dayLink(_ index: Int) -> TemporalPiece? {
        let of = stream.skip(.of, index)
        return monthName(at: of).flatMap { _ in bareDay(at: index - 1) }
    }

    /// What joins the ends of a range, passed over.
    func link(at index: Int, between: Bool) -> Int? {
        if between, let and = stream.lexeme(.and, index) { return index + and.length }
        if let to = stream.lexeme(.to, index) ?? stream.lexeme(.until, index) { return index + to.length }
        if stream.isSign(index, "-") || stream.isSign(index, "~") { return index + 1 }
        return nil
    }
}
