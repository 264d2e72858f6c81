/// Reads the third column of a word file, which means something else in each class.
enum LexiconValue {
    /// - Throws: ``LexiconError`` that says what was expected.
    static func read(_ text: String, of cls: WordClass, _ line: LexiconLine) throws -> Int64 {
        switch cls {
        case .number, .scale, .gluedScale, .dozen, .fraction, .ordinal, .money, .currency, .share, .weekday,
            .shortWeekday, .month,
            .shortMonth, .relativeDay, .loneDay, .fixedHour, .insult, .some:
            return try integer(text, line)
        case .dayPart, .meal, .fractionSign, .businessHours:
            // "8-12", "1/2": two numbers in one.
            let parts = text.split { $0 == "-" || $0 == "/" }
            guard parts.count == 2, let first = Int64(parts[0]), let second = Int64(parts[1]), first < 100, second < 100
            else {
                throw line.error("se esperaban dos números en la tercera columna (como 8-12 o 1/2), no `\(text)`")
            }
            return first * 100 + second
        case .unit:
            guard let unit = TimeUnit(name: text) else {
                throw line.error(
                    "no existe la unidad `\(text)`; puede ser segundo, minuto, hora, dia, semana, mes, ano, quincena, finde, noche…"
                )
            }
            return Int64(unit.rawValue)
        case .frequency:
            let parts = text.split(separator: " ")
            guard parts.count == 2, let count = Int64(parts[0]), let unit = TimeUnit(name: String(parts[1])) else {
                throw line.error("se esperaba cantidad y unidad en la tercera columna (como `2 semana`), no `\(text)`")
            }
            return count * 100 + Int64(unit.rawValue)
        case .feast: return try feast(text, line)
        case .relativeOrdinal:
            guard let sign = text.firstIndex(where: { $0 == "+" || $0 == "-" }), let offset = Int64(text[sign...]),
                ["fin", "actual"].contains(text[..<sign])
            else { throw line.error("se esperaba fin+0, fin-1, actual+1…, no `\(text)`") }
            return (text.hasPrefix("fin") ? 1000 : 2000) + offset
        default:
            guard text.isEmpty || text == "-" else {
                throw line.error("la clase `\(cls.rawValue)` no lleva valor y hay `\(text)`")
            }
            return 1
        }
    }

    private static func integer(_ text: String, _ line: LexiconLine) throws -> Int64 {
        guard let value = Int64(text) else {
            throw line.error("se esperaba un número entero en la tercera columna, no `\(text)`")
        }
        return value
    }

    /// The next holiday, whichever it is.
    static let anyHoliday: Int64 = 30_001
    /// The next holiday beside a weekend.
    static let longWeekend: Int64 = 30_002

    /// `12-25` is a day of each year and `12-25+8` eight days from it on; `pascua-47` counts from Easter Sunday (10000 and
    /// more); `feriado` and `finde_largo` are those of the calendar.
    private static func feast(_ text: String, _ line: LexiconLine) throws -> Int64 {
        if text == "feriado" { return anyHoliday }
        if text == "finde_largo" { return longWeekend }
        if text.hasPrefix("pascua"), let offset = Int64(text.dropFirst(6)) { return 20_000 + offset }
        if let plus = text.lastIndex(of: "+"), let days = Int64(text[text.index(after: plus)...]),
            (1...60).contains(days)
        {
            return try feast(String(text[..<plus]), line) + days * 100_000
        }
        let parts = text.split(separator: "-")
        guard parts.count == 2, let month = Int64(parts[0]), let day = Int64(parts[1]), (1...12).contains(month),
            (1...31).contains(day)
        else {
            throw line.error("se esperaba mes-día (como 12-25), 12-25+8, pascua+0, feriado o finde_largo, no `\(text)`")
        }
        return month * 100 + day
    }
}
