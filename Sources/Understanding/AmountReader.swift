import Quantities

/// Finds amounts, instalment counts, choices and document digits.
struct AmountReader {
    let lexicon: Lexicon
    let tokens: [Token]
    let question: Question
    /// Tokens that are days.
    let taken: [Range<Int>]

    private func word(_ index: Int) -> String { tokens.indices.contains(index) ? tokens[index].text : "" }
    private func span(_ range: Range<Int>) -> Span { Span(tokens[range.lowerBound].span.start, tokens[range.upperBound - 1].span.end) }
    private func isTaken(_ range: Range<Int>) -> Bool { taken.contains { $0.overlaps(range) } }

    private static let countWords: Set<String> = ["cuota", "cuotas", "pagos", "veces", "partes"]

    func read(into understanding: inout Understanding) {
        let numbers = lexicon.numberReadings(tokens)
        if case .identity = question {
            let digits = tokens.map(\.text).joined().filter(\.isNumber)
            if [3, 7, 8].contains(digits.count) { understanding.documentDigits = digits }
            return
        }
        if case .choice(let options) = question { understanding.choice = choice(among: options, numbers) }
        let bare: Set<Int> = Set(numbers.filter { tokens[$0.range.lowerBound].isNumber || $0.isMoney || $0.scaled }.map(\.range.lowerBound))
        for (position, number) in numbers.enumerated() where !isTaken(number.range) {
            let after = word(number.range.upperBound)
            let before = word(number.range.lowerBound - 1)
            if Self.countWords.contains(after), number.isWhole, (1...60).contains(number.value), !number.isMoney {
                understanding.instalments = CountReading(number.value, span: span(number.range), confidence: 0.9)
                continue
            }
            if after == "%" || (after == "por" && word(number.range.upperBound + 1) == "ciento") {
                if number.hundredths > 0, number.hundredths <= 10_000 {
                    add(.share(Percent(basisPoints: number.hundredths)), number, 0.9, "un porcentaje de la deuda", &understanding)
                }
                continue
            }
            if ["dias", "dia", "semanas", "meses", "mes", "facturas", "boletas", "horas", "hs", "anos", "minutos"].contains(after) { continue }
            if case .choice = question, understanding.choice != nil { continue }
            let perInstalment = before == "de" && Self.countWords.contains(word(number.range.lowerBound - 2))
            let corrected = ["no", "mejor", ",", "dije"].contains(before)
            let said = number.isMoney || number.scaled || number.hundredths >= 100_000 && tokens[number.range.lowerBound].isNumber
            let asked = question == .amount || (question == .confirmation && corrected)
            let paired = !taken.isEmpty && tokens[number.range.lowerBound].isNumber && number.range.lowerBound == 0
            guard said || (bare.contains(number.range.lowerBound) || number.value >= 2) && (asked || perInstalment || paired), number.hundredths > 0 else { continue }
            // "No tengo un mango", "sin un peso": a way of speaking, not an amount.
            if number.hundredths < 1000, ["un", "una"].contains(word(number.range.lowerBound)) { continue }
            if before == "el", !said { continue }
            if word(number.range.upperBound) == "no", position + 1 < numbers.count { continue }
            if before == "no", position > 0, number.range.lowerBound >= 2 { continue }
            let thousands = !said && number.hundredths < 100_000
            let cents = thousands ? number.hundredths * 1000 : number.hundredths
            let money = Money(cents: cents, number.currency)
            let role: AmountReading.Role = perInstalment ? .perInstalment : isDownPayment(number) ? .downPayment : .total
            if before == "y", position > 0, position - 1 < numbers.count, word(numbers[position - 1].range.lowerBound - 1) == "entre" {
                let scale = thousands ? Int64(1000) : numbers[position - 1].hundredths < 100_000 && number.hundredths >= 100_000 ? 1000 : 1
                let low = Money(cents: numbers[position - 1].hundredths * scale, number.currency)
                understanding.amounts.removeAll()
                add(.range(low, money), number, 0.7, "entre dos importes", &understanding)
                continue
            }
            var confidence = said ? 0.92 : 0.75
            if number.doubtful { confidence = 0.4 }
            if number.approximate { confidence = 0.45 }
            let reason = thousands ? "\(number.value): se entiende en miles" : "\(money.plain)"
            if before == "hasta" {
                add(.range(money, money), number, 0.6, "hasta \(money.plain)", &understanding)
            } else {
                understanding.amounts.append(
                    AmountReading(.exact(money), role: role, span: span(number.range), confidence: confidence, reason: reason, inferred: thousands))
            }
        }
        words(&understanding)
    }

    private func add(_ value: AmountReading.Value, _ number: NumberReading, _ confidence: Double, _ reason: String, _ understanding: inout Understanding) {
        understanding.amounts.append(AmountReading(value, span: span(number.range), confidence: confidence, reason: reason))
    }

    private func isDownPayment(_ number: NumberReading) -> Bool {
        ["anticipo", "entrega", "adelanto"].contains(word(number.range.lowerBound - 2))
    }

    /// "la mitad", "todo", "lo mínimo", "el capital", "unos mangos".
    private func words(_ understanding: inout Understanding) {
        func put(_ value: AmountReading.Value, _ range: Range<Int>, _ confidence: Double, _ reason: String) {
            guard !isTaken(range) else { return }
            understanding.amounts.append(AmountReading(value, span: span(range), confidence: confidence, reason: reason))
        }
        let pays = tokens.contains { lexicon.verbs.contains($0.text) }
        let asked = question == .amount || question == .confirmation
        for index in tokens.indices {
            switch word(index) {
            case "mitad" where word(index + 1) != "de" || word(index + 2) != "mes":
                put(.share(Percent(basisPoints: 5000)), index..<index + 1, 0.92, "la mitad de la deuda")
            case "tercio": put(.share(Percent(basisPoints: 3333)), index..<index + 1, 0.9, "un tercio de la deuda")
            case "parte" where word(index - 1) == "tercera": put(.share(Percent(basisPoints: 3333)), index..<index + 1, 0.9, "la tercera parte")
            case "parte" where word(index - 1) == "cuarta": put(.share(Percent(basisPoints: 2500)), index..<index + 1, 0.9, "la cuarta parte")
            case "todo" where (pays || asked) && !["de", "sobre"].contains(word(index - 1)), "total" where (pays || asked) && word(index - 1) == "el",
                "completo" where pays || asked, "completa" where pays || asked:
                let principal = tokens.contains { $0.text == "sin" } && tokens.contains { $0.text.hasPrefix("interes") }
                put(principal ? .principalOnly : .all, index..<index + 1, 0.9, principal ? "sin los intereses" : "todo lo que se debe")
            case "minimo": put(.minimum, index..<index + 1, 0.9, "lo mínimo")
            case "capital" where pays: put(.principalOnly, index..<index + 1, 0.85, "solo el capital")
            case "algo" where pays || asked, "mangos" where word(index - 1) == "unos", "pesos" where word(index - 1) == "unos":
                put(.vague, index..<index + 1, 0.8, "un importe sin decir cuál")
            default: break
            }
        }
    }

    /// The option meant by its number, its instalments, its amount, its order or a word for it.
    private func choice(among options: [OfferedChoice], _ numbers: [NumberReading]) -> String? {
        if word(0) == "no", tokens.count > 1, word(1) != "," { return nil }
        if tokens.contains(where: { ["ninguna", "ninguno"].contains($0.text) }) { return nil }
        for index in tokens.indices {
            if let position = lexicon.ordinals[word(index)], position <= options.count, !["cuota", "quincena"].contains(word(index + 1)) { return options[position - 1].id }
            if word(index) == "ultima" { return options.last?.id }
            if ["corta", "corto", "rapida"].contains(word(index)), word(index - 1) == "mas" { return options.min { ($0.instalments ?? 0) < ($1.instalments ?? 0) }?.id }
            if ["larga", "largo", "barata", "baja", "chica"].contains(word(index)), word(index - 1) == "mas" { return options.max { ($0.instalments ?? 0) < ($1.instalments ?? 0) }?.id }
        }
        let priced = numbers.filter { $0.isMoney || $0.scaled || $0.hundredths >= 100_000 }
        for number in priced {
            if let option = options.first(where: { $0.amount.map { abs($0.cents - number.hundredths) < 100 } ?? false }) { return option.id }
        }
        if !priced.isEmpty { return nil }
        for number in numbers where number.isWhole && !isTaken(number.range) {
            let inCuotas = Self.countWords.contains(word(number.range.upperBound))
            let byCount = options.first { $0.instalments == number.value }
            if inCuotas || word(number.range.lowerBound - 1) == "de" || word(number.range.lowerBound - 1) == "en" {
                if let byCount { return byCount.id }
                continue
            }
            if let byCount { return byCount.id }
            if (1...options.count).contains(number.value) { return options[number.value - 1].id }
        }
        return nil
    }
}
