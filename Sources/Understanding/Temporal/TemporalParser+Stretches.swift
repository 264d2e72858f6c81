import Quantities

extension TemporalParser {
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
            first.isSure || second.isSure || second.isMarked && !first.inWords
            || (opener != nil && !isCounted(second.next) && dayLink(second.next) == nil)
        guard sure || loose,
            loose || first.isSure || second.isSure || second.isMarked || stream.has(.to, first.next)
                || stream.isSign(first.next, "-")
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
