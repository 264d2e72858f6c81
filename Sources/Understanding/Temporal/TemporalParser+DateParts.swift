import Quantities

extension TemporalParser {
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
        // The point of an abbreviation, also where it ends the sentence.
        if stream.isSign(next, "."), stream.isGlued(next), stream.tokens[index].value & 0xFFFF < 5, word.value != 5 {
            return (Int(word.value), next + 1)
        }
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
            if token.digits == 2, introduced, !stream.isSign(place + 1, ":"), !isClock(place),
                !stream.has(.month, place + 2), !stream.has(.scale, place + 1), !stream.has(.money, place + 1)
            {
                return (century(Int(token.value)), place + 1)
            }
            return relativeYear(at: index)
        }
        if introduced || loose, stream.has(.number, place) || stream.has(.scale, place),
            let number = NumberParser(stream: stream, fractions: false).number(at: place), number.scaled,
            number.value.isWhole,
            (1900...2100).contains(number.value.whole)
        {
            return (Int(number.value.whole), number.range.upperBound)
        }
        return relativeYear(at: index)
    }

    /// The year of two digits: up to thirty years from now, else of the century before.
    func century(_ short: Int) -> Int { 2000 + short > today.year + 30 ? 1900 + short : 2000 + short }

    /// "de este año", "del año que viene", "del próximo año".
    func relativeYear(at index: Int) -> (year: Int, next: Int)? {
        let place = stream.skipAll(.of, .article, from: index)
        guard let piece = period(at: place), piece.grain == .year,
            piece.end - piece.start < 370 * TemporalPiece.daySeconds
        else { return nil }
        return (piece.first.year, piece.range.upperBound)
    }

    func isClock(_ index: Int) -> Bool {
        stream.has(.am, index + 1) || stream.has(.pm, index + 1) || stream.has(.hourMark, index + 1)
    }

    /// "de este mes", "del mes que viene", "de este", "del otro".
    func relativeMonth(at index: Int) -> (year: Int, month: Int, next: Int)? {
        let of = stream.skipAll(.of, .at, from: index)
        guard of > index || stream.has(.this, index) else { return nil }
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

    func isWord(_ index: Int) -> Bool { index < stream.count && stream.tokens[index].kind != .sign }

    func isSingular(_ index: Int) -> Bool { stream.has(.daylike, index) }

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
