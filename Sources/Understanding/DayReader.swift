import Quantities

/// Finds days in a message: "el 5", "10/11", "el viernes que viene", "fin de mes", "en 15 días", "cuando cobre".
struct DayReader {
    let lexicon: Lexicon
    let calendar: BusinessCalendar
    let tokens: [Token]
    let today: Day
    let question: Question

    /// One day with the tokens it covers, so that money does not read them again.
    struct Found {
        var reading: DayReading
        var range: Range<Int>
    }

    private func word(_ index: Int) -> String { tokens.indices.contains(index) ? tokens[index].text : "" }
    private func matches(_ index: Int, _ words: String...) -> Bool {
        words.enumerated().allSatisfy { offset, options in options.split(separator: "|").contains { $0 == word(index + offset) } }
    }

    func days() -> [Found] {
        var found: [Found] = []
        var index = 0
        while index < tokens.count {
            if let day = day(at: index) {
                found.append(day)
                index = max(day.range.upperBound, index + 1)
            } else {
                index += 1
            }
        }
        return resolve(found)
    }

    private func make(
        _ kind: DayReading.Kind, _ day: Day?, first: Day? = nil, _ range: Range<Int>, _ confidence: Double, _ reason: String
    ) -> Found {
        let upper = min(range.upperBound, tokens.count)
        let span = Span(tokens[range.lowerBound].span.start, tokens[max(range.lowerBound, upper - 1)].span.end)
        var note: String?
        if let day, kind == .payBy, !calendar.isBusinessDay(day) {
            note = calendar.holiday(on: day).map { "\($0.name) es feriado" } ?? "cae en \(day.weekday.spanishName)"
        }
        return Found(
            reading: DayReading(kind, day: day, first: first, span: span, confidence: confidence, reason: reason, note: note),
            range: range.lowerBound..<upper)
    }

    /// What begins at `index`, articles and prepositions included.
    private func day(at index: Int) -> Found? {
        var start = index
        var modifier = ""
        if matches(start, "antes", "de|del") || matches(start, "despues", "de|del") || matches(start, "a", "partir") {
            modifier = word(start)
            start += word(start) == "a" ? 3 : 2
            if word(start - 1) != "de", word(start - 1) != "del" { start -= 1 }
        } else if matches(start, "hasta|desde") {
            modifier = word(start)
            start += 1
        }
        while matches(start, "para|el|la|lo|los|al|del|este|esta|dia|a|por|por|recien") && start - index < 4 { start += 1 }
        guard var found = core(at: start, articles: index..<start) else { return nil }
        found.range = index..<found.range.upperBound
        guard let day = found.reading.day else { return found }
        switch modifier {
        case "antes":
            if (max(0, index - 4)..<index).contains(where: { word($0) == "no" }) {
                found.reading.kind = .from
                found.reading.reason += "; no antes de ese día"
                return found
            }
            found.reading.kind = .payBy
            found.reading.day = (found.reading.first ?? day).adding(days: -1)
            found.reading.reason += "; antes de ese día"
        case "despues":
            found.reading.kind = .vague
            found.reading.day = day.adding(days: 1)
            found.reading.reason += "; después, sin decir cuánto"
        case "a", "desde":
            found.reading.kind = .from
        default: break
        }
        if matches(found.range.upperBound, "en", "adelante") { found.reading.kind = .from }
        return found
    }

    private func core(at i: Int, articles: Range<Int>) -> Found? {
        let hasArticle = articles.contains { ["el", "al", "del", "dia"].contains(word($0)) }
        // Hoy, mañana, ayer.
        if matches(i, "hoy") || matches(i, "ahora", "mismo") || matches(i, "ya", "mismo") {
            return make(.payBy, today, i..<i + (word(i) == "hoy" ? 1 : 2), 0.95, "hoy")
        }
        if matches(i, "ahora"), !matches(i + 1, "no"), word(i - 1) != "por", !tokens.contains(where: { $0.text == "donde" }) { return make(.payBy, today, i..<i + 1, 0.6, "ahora: hoy") }
        if matches(i, "pasado", "manana") { return make(.payBy, today.adding(days: 2), i..<i + 2, 0.95, "pasado mañana") }
        if matches(i, "manana"), !(articles.contains { word($0) == "la" }) {
            if matches(i + 1, "a|por", "la", "manana") { return make(.payBy, today.adding(days: 1), i..<i + 4, 0.95, "mañana") }
            return make(.payBy, today.adding(days: 1), i..<i + 1, 0.95, "mañana")
        }
        if matches(i, "ayer") { return make(.past, today.adding(days: -1), i..<i + 1, 0.95, "ayer") }
        if matches(i, "anteayer|antier") { return make(.past, today.adding(days: -2), i..<i + 1, 0.95, "anteayer") }
        if matches(i, "hace"), let count = count(i + 1), matches(i + 2, "dia|dias") {
            return make(.past, today.adding(days: -count), i..<i + 3, 0.9, "hace \(count) días")
        }
        if let weekday = weekday(at: i, articles) { return weekday }
        if let relative = relative(at: i) { return relative }
        if let month = partOfMonth(at: i) { return month }
        if let festivity = festivity(at: i) { return festivity }
        if let numeric = numeric(at: i, hasArticle: hasArticle) { return numeric }
        if let vague = vague(at: i) { return vague }
        return nil
    }

    private func weekday(at i: Int, _ articles: Range<Int>) -> Found? {
        if matches(i, "finde") || matches(i, "fin", "de", "semana") {
            let saturday = next(.saturday, after: today.adding(days: -1))
            return make(.range, saturday.adding(days: 1), first: saturday, i..<i + (word(i) == "finde" ? 1 : 3), 0.7, "el fin de semana")
        }
        guard let number = lexicon.weekdays[word(i)], let weekday = Weekday(rawValue: number) else { return nil }
        var end = i + 1
        if let dated = count(end), (1...31).contains(dated), tokens[end].isNumber, !matches(end + 1, "mil|lucas|luca|k|cuotas|por|%|pesos|hs|horas") {
            end += 1
            let month = month(after: &end)
            if let day = monthDay(dated, month) { return make(.payBy, day, i..<end, 0.95, "\(weekday.spanishName) \(dated)") }
        }
        var day = next(weekday, after: today)
        if matches(end, "que", "viene") { end += 2 } else if matches(end, "proximo") { end += 1 }
        if matches(end, "despues", "de") || matches(end, "siguiente", "a") {
            var inner = end + 2
            while matches(inner, "el|la|las") { inner += 1 }
            if let base = festivity(at: inner) ?? numeric(at: inner, hasArticle: true), let anchor = base.reading.day {
                day = next(weekday, after: anchor)
                end = base.range.upperBound
            }
        }
        if matches(end, "pasado|anterior") {
            return make(.past, day.adding(days: -7), i..<end + 1, 0.9, "\(weekday.spanishName) pasado")
        }
        if matches(end, "o|y"), let other = lexicon.weekdays[word(end + 1)] ?? lexicon.weekdays[word(end + 2)],
            let second = Weekday(rawValue: other), !matches(end, "y")
        {
            let last = next(second, after: day)
            return make(.range, last, first: day, i..<end + (lexicon.weekdays[word(end + 1)] != nil ? 2 : 3), 0.7, "entre dos días: el último")
        }
        return make(.payBy, day, i..<end, 0.92, "el próximo \(weekday.spanishName)")
    }

    private func next(_ weekday: Weekday, after day: Day) -> Day {
        let distance = (weekday.rawValue - day.weekday.rawValue + 6) % 7 + 1
        return day.adding(days: distance)
    }

    private func relative(at i: Int) -> Found? {
        if matches(i, "en|dentro") {
            var j = i + 1
            if matches(j, "de") { j += 1 }
            if matches(j, "unos|unas|estos") { j += 1 }
            guard let count = count(j) else {
                return matches(j, "dias|dia") || matches(i, "en", "estos", "dias") ? make(.vague, nil, i..<j + 1, 0.8, "en estos días") : nil
            }
            var end = j + 1
            if matches(end, "y", "pico") { end += 2 }
            if matches(end, "dias|dia", "habiles") { return make(.payBy, calendar.adding(businessDays: count, to: today), i..<end + 2, 0.9, "en \(count) días hábiles") }
            if matches(end, "dia|dias") {
                let rough = matches(end + 1, "mas", "o")
                return make(rough ? .vague : .payBy, today.adding(days: count), i..<end + 1, 0.9, "en \(count) días")
            }
            if matches(end, "semana|semanas") { return make(.payBy, today.adding(days: 7 * count), i..<end + 1, 0.9, "en \(count) semanas") }
            if matches(end, "mes|meses") { return make(.payBy, today.adding(months: count), i..<end + 1, 0.9, "en \(count) meses") }
            if matches(end, "hora|horas|minutos|rato") { return make(.payBy, today, i..<end + 1, 0.7, "hoy, en un rato") }
            if question == .day, word(i) == "en", tokens[j].isNumber, end >= tokens.count { return make(.payBy, today.adding(days: count), i..<end, 0.7, "en \(count) días") }
            return nil
        }
        if let count = count(i), matches(i + 1, "dias", "habiles") {
            return make(.payBy, calendar.adding(businessDays: count, to: today), i..<i + 3, 0.85, "\(count) días hábiles")
        }
        if let position = lexicon.ordinals[word(i)], matches(i + 1, "dia", "habil") {
            var (year, month) = (today.year, today.month)
            var day = calendar.businessDay(position, ofMonth: month, year: year)
            if day.map({ $0 <= today }) ?? true {
                (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
                day = calendar.businessDay(position, ofMonth: month, year: year)
            }
            return make(.payBy, day, i..<i + 3, 0.9, "día hábil \(position) del mes")
        }
        if matches(i, "semana", "que", "viene") || matches(i, "semana", "proxima") || matches(i, "proxima", "semana") {
            let monday = next(.monday, after: today)
            return make(.range, monday.adding(days: 4), first: monday, i..<i + (word(i + 1) == "que" ? 3 : 2), 0.7, "la semana que viene: hasta el viernes")
        }
        if matches(i, "mes", "que", "viene") || matches(i, "proximo", "mes") || matches(i, "mes", "proximo") {
            return make(.vague, endOfMonth(today.adding(months: 1)), i..<i + (word(i + 1) == "que" ? 3 : 2), 0.7, "el mes que viene, sin día")
        }
        return nil
    }

    private func endOfMonth(_ day: Day) -> Day {
        let (year, month, _) = day.components
        return Day(year: year, month: month, day: Day.length(ofMonth: month, year: year)) ?? day
    }

    /// The month named from `end` on ("de mes", "de enero", "del mes que viene"), moving `end` past it.
    private func month(after end: inout Int) -> (year: Int, month: Int)? {
        var j = end
        if matches(j, "de|del|en") { j += 1 }
        if matches(j, "este") { j += 1 }
        if let number = lexicon.months[word(j)] {
            end = j + 1
            if matches(end, "de|del"), let year = year(word(end + 1)) {
                end += 2
                return (year, number)
            }
            return (number >= today.month ? today.year : today.year + 1, number)
        }
        if matches(j, "mes", "que", "viene") || matches(j, "mes", "proximo") || matches(j, "proximo", "mes") {
            end = j + (word(j + 1) == "que" ? 3 : 2)
            let following = today.adding(months: 1)
            return (following.year, following.month)
        }
        if matches(j, "otro") && j > end {
            end = j + 1
            let following = today.adding(months: 1)
            return (following.year, following.month)
        }
        if matches(j, "mes"), j > end {
            end = j + 1
            return (today.year, today.month)
        }
        return nil
    }

    private func year(_ text: String) -> Int? {
        guard let number = Int(text) else { return nil }
        if (2000...2099).contains(number) { return number }
        return text.count == 2 ? 2000 + number : nil
    }

    private func partOfMonth(at i: Int) -> Found? {
        let parts: [(words: String, name: String, last: Int)] = [
            ("fin|fines|final|finales", "fin de mes", 31), ("principio|principios|primeros|comienzo|inicio", "principio de mes", 5),
            ("mediados|mitad", "mediados de mes", 15),
        ]
        for part in parts where part.words.split(separator: "|").contains(where: { $0 == word(i) }) {
            var end = i + 1
            if matches(end, "dias") { end += 1 }
            guard matches(end, "de|del"), let (year, month) = month(after: &end) else { continue }
            var day = Day(year: year, month: month, day: min(part.last, Day.length(ofMonth: month, year: year)))!
            if day < today { day = Day(number: day.number).adding(months: 1) }
            if part.last == 31 { day = endOfMonth(day) }
            let exact = part.last == 31
            return make(exact ? .payBy : .range, day, first: exact ? nil : day.adding(days: -4), i..<end, exact ? 0.85 : 0.65, part.name)
        }
        if matches(i, "ultimo", "dia") {
            var end = i + 2
            if let (year, month) = month(after: &end) {
                return make(.payBy, endOfMonth(Day(year: year, month: month, day: 1)!), i..<end, 0.9, "el último día del mes")
            }
        }
        if matches(i, "quincena") || matches(i, "primera|segunda", "quincena") {
            let second = word(i) == "segunda"
            var day = second ? endOfMonth(today) : Day(year: today.year, month: today.month, day: 15)!
            if day <= today { day = second ? endOfMonth(today.adding(months: 1)) : day.adding(months: 1) }
            return make(.range, day, first: day, i..<i + (word(i) == "quincena" ? 1 : 2), 0.65, "la quincena")
        }
        if let number = lexicon.months[word(i)], word(i).count > 3 || matches(i - 1, "en|para|de") {
            let year = number >= today.month ? today.year : today.year + 1
            return make(.vague, endOfMonth(Day(year: year, month: number, day: 1)!), i..<i + 1, 0.6, "un mes, sin día")
        }
        return nil
    }

    /// Easter Sunday, Gregorian (Meeus/Jones/Butcher).
    private static func easter(_ year: Int) -> Day {
        let a = year % 19, b = year / 100, c = year % 100
        let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30
        let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7
        let m = (a + 11 * h + 22 * l) / 451
        let value = h + l - 7 * m + 114
        return Day(year: year, month: value / 31, day: value % 31 + 1)!
    }

    private func festivity(at i: Int) -> Found? {
        var length = 1
        let date: (Int) -> Day
        switch true {
        case matches(i, "navidad"): date = { Day(year: $0, month: 12, day: 25)! }
        case matches(i, "nochebuena"): date = { Day(year: $0, month: 12, day: 24)! }
        case matches(i, "ano", "nuevo"), matches(i, "fin", "de", "ano"):
            length = word(i) == "fin" ? 3 : 2
            let newYear = word(i) != "fin"
            date = { newYear ? Day(year: $0, month: 1, day: 1)! : Day(year: $0, month: 12, day: 31)! }
        case matches(i, "fiestas"): date = { Day(year: $0, month: 1, day: 1)! }
        case matches(i, "reyes"): date = { Day(year: $0, month: 1, day: 6)! }
        case matches(i, "semana", "santa"):
            length = 2
            date = { Self.easter($0) }
        case matches(i, "pascua|pascuas"): date = { Self.easter($0) }
        case matches(i, "carnaval|carnavales"): date = { Self.easter($0).adding(days: -47) }
        default: return nil
        }
        let this = date(today.year)
        return make(.payBy, this >= today ? this : date(today.year + 1), i..<i + length, 0.85, "fecha conocida")
    }

    private func numeric(at i: Int, hasArticle: Bool) -> Found? {
        let text = word(i)
        for separator in ["/", "-"] where text.contains(separator) {
            let parts = text.split(separator: Character(separator)).map { Int($0) }
            guard parts.count == 2 || parts.count == 3, let day = parts[0], let month = parts[1] else { continue }
            if parts.count == 3 {
                guard let yearText = text.split(separator: Character(separator)).last, let year = year(String(yearText)), let date = Day(year: year, month: month, day: day) else { continue }
                return make(date < today ? .past : .payBy, date, i..<i + 1, 0.95, "fecha escrita")
            }
            guard let date = Day(year: today.year, month: month, day: day) else { continue }
            if date >= today { return make(.payBy, date, i..<i + 1, 0.92, "día/mes") }
            guard let following = Day(year: today.year + 1, month: month, day: day) else { continue }
            let near = following - today < 120
            return make(.payBy, following, i..<i + 1, near ? 0.9 : 0.4, near ? "día/mes, del año que viene" : "día/mes que ya pasó este año: hay que preguntar")
        }
        guard let number = count(i) ?? lexicon.ordinals[text], (1...31).contains(number) else { return nil }
        var end = i + 1
        if matches(end, "de|del"), let month = month(after: &end), let day = monthDay(number, month) {
            return make(.payBy, day, i..<end, 0.95, "día y mes")
        }
        let isFirst = lexicon.ordinals[text] == 1 && !matches(end, "cuota|opcion|quincena|dia|mes|hora|es")
        guard hasArticle && (tokens[i].isNumber || lexicon.numbers[text] != nil) || isFirst && hasArticle || word(i - 1) == "dia" || (isFirst && matches(i - 1, "es")) else {
            if question == .day, tokens.count <= 2, tokens[i].isNumber, lexicon.moneyUnits[word(end)] == nil, word(end) != "mil", word(end) != "%" { return make(.payBy, monthDay(number, nil), i..<end, 0.75, "el \(number), porque se preguntó el día") }
            return nil
        }
        if matches(end, "%|por|mil|lucas|luca|k|palos|pesos|gambas|cuotas|pagos|veces|y") && !matches(end, "por", "la|favor") && !(matches(end, "y") && !matches(end + 1, "medio|pico")) { return nil }
        if case .choice = question, !tokens[i].isNumber { return nil }
        let day = monthDay(number, nil)
        let confidence = question == .amount ? 0.45 : 0.9
        return make(.payBy, day, i..<end, confidence, "el próximo \(number)")
    }

    /// The next `number` of a month, or that of the month given.
    private func monthDay(_ number: Int, _ month: (year: Int, month: Int)?) -> Day? {
        if let month {
            guard let day = Day(year: month.year, month: month.month, day: number) else { return nil }
            return day >= today || month.year > today.year ? day : Day(year: month.year + 1, month: month.month, day: number)
        }
        var candidate = today
        for _ in 0..<14 {
            if let day = Day(year: candidate.year, month: candidate.month, day: number), day > today || (day == today && question != .day) { return day }
            candidate = Day(year: candidate.year, month: candidate.month, day: 1)!.adding(months: 1)
        }
        return nil
    }

    private func vague(at i: Int) -> Found? {
        if matches(i, "cuando|apenas|ni", "cobre|cobro|pueda|tenga|me|bien") { return make(.vague, nil, i..<i + 2, 0.9, "sin día: cuando cobre o pueda") }
        if matches(i, "aguinaldo") { return make(.vague, nil, i..<i + 1, 0.8, "sin día: el aguinaldo") }
        if matches(i, "mas", "adelante") { return make(.vague, nil, i..<i + 2, 0.8, "más adelante, sin día") }
        return nil
    }

    /// A small whole number in digits or words.
    private func count(_ i: Int) -> Int? {
        guard tokens.indices.contains(i) else { return nil }
        if let value = lexicon.numbers[word(i)] { return value == 0 ? nil : value }
        guard tokens[i].isNumber, let number = Int(word(i)), number > 0, number < 400 else { return nil }
        return number
    }

    /// Drops the days that the message takes back ("el viernes no, el sábado", "hoy no, mañana").
    private func resolve(_ found: [Found]) -> [Found] {
        found.filter { day in
            let after = day.range.upperBound
            if matches(after, "no"), !matches(after, "no", "se|me") { return false }
            if matches(after, "que", "es"), let holiday = found.first(where: { $0.range.lowerBound <= after + 2 && $0.range.lowerBound > day.range.lowerBound }), holiday.range.upperBound <= tokens.count, matches(holiday.range.upperBound, "no") { return false }
            return true
        }
    }
}
