import Quantities

extension TemporalParser {
    /// `10/11`, `05/01/27`, `28-12`, `2016-12-22`, `1-Ene`, `3/2015`, `13.5.2015`.
    func numericDate(at index: Int) -> TemporalPiece? {
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

    func writtenYear(_ index: Int) -> Int? {
        let token = stream.tokens[index]
        if token.digits == 4, (1900...2100).contains(token.value) { return Int(token.value) }
        return token.digits == 2 ? century(Int(token.value)) : nil
    }

    /// Day before month, unless only the other order makes a date.
    private func ordered(_ month: Int, _ day: Int, _ year: Int?, _ range: Range<Int>) -> TemporalPiece? {
        let (day, month) = month > 12 && day <= 12 ? (month, day) : (day, month)
        guard var piece = resolve(day: day, month: month, year: year, range) else { return nil }
        piece.reason = year == nil ? .dayAndMonth : .written
        return piece
    }

    /// "el próximo 5 de diciembre", "el pasado 5 de noviembre".
    func pointedDate(at index: Int) -> TemporalPiece? {
        let isLast = stream.has(.last, index)
        guard let word = stream.lexeme(isLast ? .last : .next, index), word.length == 1, stream.isDigits(index + 1),
            var piece = numericDate(at: index + 1) ?? dayAndMonth(at: index + 1), piece.grain == .day
        else { return nil }
        piece.range = index..<piece.range.upperBound
        return isLast ? piece.movedBack : piece
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
                // "el 15 de noviembre pasado", not "pasado mañana" nor "pasadas las 3".
                if year == nil, let past = stream.lexeme(.last, end), !stream.has(.relativeDay, end),
                    !stream.has(.atHour, end + past.length)
                {
                    return resolve(day: day, month: month, year: nil, index..<end + past.length)?.movedBack
                }
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
}
