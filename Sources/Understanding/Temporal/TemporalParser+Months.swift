import Quantities

extension TemporalParser {
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
            case let of = stream.skipAll(.of, from: index + word.length)
        {
            if let (month, next) = monthName(at: of) {
                let year = year(at: next)
                return resolve(month: month, year: year?.year, index..<(year?.next ?? next))
            }
            // "el mes del 16 de septiembre".
            let day = stream.skip(.article, of)
            if of > index + word.length, stream.isDigits(day), let date = dayAndMonth(at: day), let month = date.month {
                return resolve(month: month, year: date.year, index..<date.range.upperBound)
            }
        }
        guard let named = monthName(at: place) else { return nil }
        let month = named.month
        var next = named.next
        // "ago-2019", "agosto/2019".
        if place == index, stream.isSign(next, "-") || stream.isSign(next, "/"), stream.isGlued(next),
            stream.isGlued(next + 1), let (year, end) = bareYear(at: next + 1)
        {
            return resolve(month: month, year: year, index..<end)
        }
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
}
