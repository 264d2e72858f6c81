import Quantities

/// Finds amounts, instalment counts, choices and document digits.
struct AmountReader {
    let stream: TokenStream
    let question: Question
    /// Tokens that are days.
    let taken: [Range<Int>]

    /// A number of the message with what was said around it.
    struct Said {
        var number: NumberReading
        var range: Range<Int>
        var currency: Currency = .ars
        /// A scale, a currency or its size says that it is money.
        var isMoney = false
        var isApproximate = false
        /// Tokens of "por ciento" behind it.
        var percentLength = 0
        var hundredths: Int64
        var whole: Int? { number.value.isWhole ? Int(exactly: number.value.whole) : nil }
    }

    /// Without any of them, and without digits, no message says a number.
    private static let starters = WordClassSet(
        .number, .scale, .dozen, .fraction, .fractionSign, .currency, .money, .decimalPoint)

    /// The end of a document or the whole of it, written together or in groups: "137", "20.467.137", "20 467 137".
    private func documents() -> [(digits: String, range: Range<Int>)] {
        var found: [(digits: String, range: Range<Int>)] = []
        var (digits, start) = ("", 0)
        func end(at index: Int) {
            if [3, 7, 8].contains(digits.count) { found.append((digits, start..<index)) }
            digits = ""
        }
        for (index, token) in stream.tokens.enumerated() {
            if token.kind == .digits {
                if digits.isEmpty { start = index }
                let text = String(token.value)
                digits += String(repeating: "0", count: max(0, Int(token.digits) - text.count)) + text
            } else if !(token.kind == .sign && token.glued) {
                end(at: index)
            }
        }
        end(at: stream.count)
        return found
    }

    /// "uno tres siete", "ciento treinta y siete", "uno treinta y siete": a document as it is dictated.
    private func spokenDocument() -> String? {
        guard !stream.hasDigits, stream.contains(.number) else { return nil }
        let parser = NumberParser(stream: stream, colloquial: false, fractions: false)
        var (digits, index) = ("", 0)
        while index < stream.count {
            if stream.has(.number, index), let number = parser.number(at: index), number.value.isWhole,
                number.value.whole >= 0, !(number.isArticle && digits.isEmpty && !stream.has(.number, index + 1))
            {
                digits += String(number.value.whole)
                index = number.range.upperBound
            } else {
                if [3, 7, 8].contains(digits.count) { break }
                digits = ""
                index += 1
            }
        }
        return [3, 7, 8].contains(digits.count) ? digits : nil
    }

    /// The document of who gives it before being asked: "documento terminado en 137", "soy yo, 137", "20.467.137".
    private func documentUnasked() -> (digits: String, range: Range<Int>)? {
        if !stream.hasDigits, stream.contains(.document), let spoken = spokenDocument() { return (spoken, 0..<0) }
        guard stream.hasDigits else { return nil }
        if stream.contains(.document) {
            let named = stream.tokens.indices.filter { stream.has(.document, $0) }
            return documents().first { document in
                named.contains { (document.range.lowerBound - 7..<document.range.upperBound + 4).contains($0) }
            }
        }
        guard question == .open, stream.count <= 7, taken.isEmpty, !stream.present.intersects(Self.businesslike) else {
            return nil
        }
        let found = documents()
        return found.count == 1 && stream.tokens.count(where: { $0.kind == .word }) <= 4 ? found[0] : nil
    }

    /// What makes of three digits something else than the end of a document.
    private static let businesslike = WordClassSet(
        .money, .currency, .unit, .payVerb, .notMoney, .instalments, .scale, .percent, .at, .to, .within, .until, .paid)

    /// - Returns: tokens that are amounts, for the intent patterns.
    func read(into understanding: inout Understanding) -> [Range<Int>] {
        var document = Range(uncheckedBounds: (0, 0))
        if case .identity = question {
            understanding.documentDigits = documents().first?.digits ?? spokenDocument()
            if stream.tokens.contains(where: { $0.kind == .digits }) { return [] }
        } else if let unasked = documentUnasked() {
            understanding.documentDigits = unasked.digits
            document = unasked.range
        }
        let numbers = stream.hasDigits || stream.present.intersects(Self.starters) ? said() : []
        if case .choice(let options) = question {
            understanding.choice = ChoiceReader(stream: stream, options: options, numbers: numbers, taken: taken)
                .choice()
        }
        var covered: [Range<Int>] = []
        for position in numbers.indices
        where !isTaken(numbers[position].range) && !document.overlaps(numbers[position].range) {
            if let reading = amount(position, numbers, &understanding) {
                understanding.amounts.append(reading)
                covered.append(numbers[position].range)
            }
        }
        WordAmounts(stream: stream, question: question, isTaken: isTaken, covered: covered).read(into: &understanding)
        return covered
    }

    private func isTaken(_ range: Range<Int>) -> Bool { taken.contains { $0.overlaps(range) } }

    /// Every number, left to right.
    private func said() -> [Said] {
        var result: [Said] = []
        let parser = NumberParser(stream: stream, colloquial: true, fractions: false)
        var index = 0
        while index < stream.count {
            let token = stream.tokens[index]
            guard token.kind == .digits || token.id != 0, let said = number(at: index, parser) else {
                index += 1
                continue
            }
            result.append(said)
            index = max(said.range.upperBound + said.percentLength, index + 1)
        }
        return result
    }

    private func number(at index: Int, _ parser: NumberParser) -> Said? {
        let sign = stream.lexeme(.currency, index)
        let place = index + (sign?.length ?? 0)
        var number = parser.number(at: place)
        if number == nil, sign == nil, let fraction = stream.lexeme(.fraction, place), fraction.value == 2,
            let money = stream.lexeme(.money, place + fraction.length), money.value > 1
        {
            // "medio palo", "media luca".
            number = NumberReading(
                value: Rational(money.value / 2), range: place..<place + fraction.length + money.length, scaled: true,
                isMoney: true)
        }
        number = number.map(withHundreds) ?? (sign == nil ? scaleAndHalf(at: place) : nil)
        guard let number, let hundredths = number.value.hundredths, hundredths >= 0 else { return nil }
        var said = Said(number: number, range: index..<number.range.upperBound, hundredths: hundredths)
        said.isMoney = number.isMoney || sign != nil
        if sign?.value == 2 { said.currency = .usd }
        let of =
            stream.lexeme(.scale, number.range.upperBound - 1) != nil
            ? stream.skip(.of, number.range.upperBound) : number.range.upperBound
        if let currency = stream.lexeme(.currency, of) {
            said.isMoney = true
            if currency.value == 2 { said.currency = .usd }
            said.range = index..<of + currency.length
        } else if let unit = stream.lexeme(.money, of), unit.value == 1 {
            said.isMoney = true
            said.range = index..<of + unit.length
        }
        if said.hundredths % 100 == 0, let (cents, end) = cents(at: said.range.upperBound, parser) {
            said.hundredths += cents
            said.range = index..<end
        }
        if let percent = stream.lexeme(.percent, said.range.upperBound) { said.percentLength = percent.length }
        if let about = stream.lexeme(.approximately, said.range.upperBound) {
            said.isApproximate = true
            said.range = index..<said.range.upperBound + about.length
        }
        return said
    }

    /// "22 quinientos": thousands and hundreds as they are spoken.
    private func withHundreds(_ number: NumberReading) -> NumberReading {
        let next = number.range.upperBound
        guard number.value.isWhole, (2..<1000).contains(number.value.whole), !number.scaled, !number.isMoney,
            let hundreds = stream.lexeme(.number, next), (200..<1000).contains(hundreds.value),
            hundreds.value % 100 == 0, !stream.has(.scale, next + 1), !stream.has(.money, next + 1),
            !stream.has(.number, next + 1)
        else { return number }
        var spoken = number
        spoken.value = Rational(number.value.whole * 1000 + hundreds.value)
        spoken.range = number.range.lowerBound..<next + 1
        spoken.scaled = true
        return spoken
    }

    /// "palo y medio", "luca y media".
    private func scaleAndHalf(at place: Int) -> NumberReading? {
        guard let money = stream.lexeme(.money, place), money.value >= 1000, stream.has(.and, place + money.length),
            let half = stream.lexeme(.fraction, place + money.length + 1), half.value == 2
        else { return nil }
        return NumberReading(
            value: Rational(money.value * 3 / 2), range: place..<place + money.length + 1 + half.length, scaled: true,
            isMoney: true)
    }

    /// "y en 12?", asked about plans.
    private func isCountAsked(_ start: Int, _ end: Int) -> Bool {
        // "y 6?", where plans are on the screen.
        if case .choice = question, stream.has(.and, start - 1), start == 1, stream.count <= 3 { return true }
        // "la de 6", "en 3 arrancando el 10", "mejor en 3".
        let isLast = end == stream.count || stream.has(.filler, end)
        if question != .amount, question != .day, isLast, stream.has(.of, start - 1), stream.has(.article, start - 2),
            !stream.has(.daylike, start - 2)
        {
            return true
        }
        guard stream.has(.within, start - 1) else { return false }
        if stream.has(.since, end) || question == .confirmation && isLast { return true }
        if case .choice = question { return !stream.has(.unit, end) && !stream.has(.percent, end) }
        guard end == stream.count || stream.isSign(end, "?") else { return false }
        return stream.text.hasQuestion && stream.contains(.asks)
    }

    /// Whether a number is the upper end of a range that `low` begins: "entre 20 y 30 mil", "20 o 25", "20 a 30 mil".
    private func isUpperEnd(_ start: Int, of low: Said) -> Bool {
        let joint = low.range.upperBound
        guard joint == start - 1, !low.number.isArticle else { return false }
        if stream.has(.and, joint) { return stream.has(.between, low.range.lowerBound - 1) }
        return stream.has(.either, joint) || stream.has(.to, joint)
            || stream.isSign(joint, "-") || stream.isSign(joint, "/")
    }

    /// "con cincuenta", "y 50 centavos" behind whole pesos.
    private func cents(at index: Int, _ parser: NumberParser) -> (Int64, Int)? {
        guard stream.has(.with, index) || stream.has(.and, index), let number = parser.number(at: index + 1),
            number.value.isWhole, !number.scaled, !number.isArticle, (1..<100).contains(number.value.whole)
        else { return nil }
        let end = number.range.upperBound
        if let named = stream.lexeme(.cents, end) { return (number.value.whole, end + named.length) }
        guard stream.has(.with, index), end == stream.count || stream.has(.currency, end) else { return nil }
        return (number.value.whole, stream.skip(.currency, end))
    }

    /// "50 % de descuento", "un descuento del 50 %", "30 % menos": what shall be taken off; "cobro el 60 %": what the customer is paid.
    private func isShareOfOthers(_ said: Said) -> Bool {
        let (start, behind) = (said.range.lowerBound, said.range.upperBound + said.percentLength)
        return stream.has(.discount, stream.skip(.of, behind)) || stream.has(.minus, behind)
            || stream.hasNear(.discount, before: start, within: 3)
            || stream.hasNear(.collects, before: start, within: 2)
    }

    private func amount(_ position: Int, _ numbers: [Said], _ understanding: inout Understanding) -> AmountReading? {
        let said = numbers[position]
        let (start, end) = (said.range.lowerBound, said.range.upperBound)
        if stream.has(.instalments, end) || isCountAsked(start, end), let count = said.whole, (1...60).contains(count),
            !said.isMoney, !said.number.scaled
        {
            understanding.instalments = CountReading(count, span: stream.span(said.number.range), confidence: 0.9)
            return nil
        }
        if stream.has(.percent, end) {
            guard said.hundredths > 0, said.hundredths <= 10_000, !isShareOfOthers(said) else { return nil }
            if said.hundredths == 10_000 { return reading(.all, said, 0.9, .everything) }
            return reading(.share(Percent(basisPoints: said.hundredths)), said, 0.9, .shareAmount)
        }
        if stream.has(.notMoney, end), !said.isMoney { return nil }
        // "mil disculpas", "un millón de gracias", but not "20 mil gracias".
        if !said.number.written, [1000, 1_000_000].contains(said.whole ?? 0), !said.isMoney,
            stream.has(.courtesy, stream.skip(.of, end))
        {
            return nil
        }
        // "2x10".
        if isGluedWord(end) || isGluedWord(start - 1) { return nil }
        if stream.isSign(end, ":") || stream.isSign(end, "/") || stream.has(.hourMark, end) { return nil }
        if case .choice = question, understanding.choice != nil { return nil }
        // "cobro el 60 %", "cobro 300 mil": what the customer is paid.
        if stream.hasNear(.collects, before: start, within: 2) { return nil }
        let perInstalment =
            stream.has(.of, start - 1) && stream.has(.instalments, start - 2) || isRepeated(start, end)
        let corrected =
            stream.has(.corrected, start - 1) || stream.has(.corrected, end) && end == stream.count - 1
            || (stream.isSign(start - 1, ",") && position > 0)
            || (start > 0 && stream.has(.corrected, start - 2) && stream.has(.article, start - 1))
        let big = said.hundredths >= 100_000 && said.number.written
        let explicit = said.isMoney || said.number.scaled || big
        let asked =
            question == .amount
            || (question == .confirmation && (corrected || stream.has(.otherThing, start - 1)))
        // "20 el 20": a number before a day; "te pago 20".
        let paired =
            !taken.isEmpty && said.number.written
            && (start == 0 || start == 1 && stream.has(.and, 0) || stream.has(.payVerb, start - 1))
            && taken.contains { $0.lowerBound >= end && $0.lowerBound <= end + 2 }
        // "el 5 20", "hoy 10": a number behind its day that is no month and no hour, and before no other day.
        let behind =
            said.number.written && (said.hundredths > 1200 || !stream.isDigits(start - 1))
            && taken.contains { $0.upperBound == start }
            && (stream.has(.and, end) || !taken.contains { $0.lowerBound >= end && $0.lowerBound <= end + 2 })
            && !stream.has(.unit, end) && !stream.has(.daylike, start - 1) && !stream.has(.am, end)
            && !stream.has(.pm, end)
        // "no puedo más de 15".
        let limited = said.number.written && isAtMost(start) && !stream.has(.unit, end)
        // "te doy 20 y quedamos a mano".
        let given =
            said.number.written && stream.has(.payVerb, start - 1) && stream.has(.pronoun, start - 2)
            && !stream.has(.unit, end)
        let joined = position > 0 && isUpperEnd(start, of: numbers[position - 1])
        let ranged = joined || stream.has(.between, start - 1)
        let counted = said.number.written || said.hundredths >= 200
        guard said.hundredths > 0,
            explicit
                || (counted
                    && (asked || perInstalment || paired || behind || limited || given
                        || (ranged && (explicitNear(position, numbers) || !taken.isEmpty))))
        else { return nil }
        // "no tengo un mango": a way of speaking, not an amount.
        if said.hundredths < 1000,
            said.number.isArticle || stream.has(.number, said.number.range.lowerBound) && said.hundredths == 100
        {
            return nil
        }
        if stream.has(.daylike, start - 1), !explicit { return nil }
        // "no 30 no, 20", "te dije 20 no 200": what is taken back.
        if stream.has(.no, end), stream.has(.not, end), position + 1 < numbers.count,
            !(numbers[position + 1].range.lowerBound == end + 1)
        {
            return nil
        }
        if stream.has(.not, start - 1), stream.has(.no, start - 1), position > 0, start >= 2 { return nil }
        let thousands = !explicit && said.hundredths < 100_000
        let cents = thousands ? said.hundredths * 1000 : said.hundredths
        let money = Money(cents: cents, said.currency)
        if joined {
            let low = numbers[position - 1]
            let scale: Int64 =
                low.hundredths < 100_000 && (thousands || said.number.scaled || said.hundredths >= 100_000)
                    && !low.number.scaled ? 1000 : 1
            guard low.hundredths * scale < cents else { return nil }
            understanding.amounts.removeAll()
            return reading(
                .range(Money(cents: low.hundredths * scale, said.currency), money), said, 0.7, .amountRange,
                inferred: thousands, alternative: .exact(money))
        }
        if ranged { return nil }
        if stream.has(.until, start - 1) || isAtMost(start) || stream.has(.atMost, end) {
            return reading(.range(nil, money), said, 0.6, .upTo, inferred: thousands, alternative: .exact(money))
        }
        let second = second(said, thousands)
        var confidence = explicit && second == nil ? 0.93 : 0.75
        if said.number.doubtful { confidence = 0.4 }
        if said.isApproximate { confidence = 0.45 }
        // "20 mil seguro, capaz 25"; "te pago 10 de los 30".
        if stream.hasNear(.doubt, before: start, within: 2) { confidence = 0.4 }
        if position > 0, stream.has(.article, start - 1), stream.has(.of, start - 2) { confidence = 0.3 }
        // "50 y 50": two halves, or two sums.
        if thousands, taken.isEmpty, position > 0, numbers[position - 1].hundredths == said.hundredths,
            !understanding.amounts.isEmpty
        {
            confidence = 0.4
            understanding.amounts[understanding.amounts.count - 1].confidence = 0.4
        }
        var result = reading(
            .exact(money), said, confidence, thousands ? .thousands : .exactAmount, inferred: thousands,
            alternative: second)
        if perInstalment {
            result.role = .perInstalment
        } else if isDownPayment(start) {
            result.role = .downPayment
        } else if isPast(start) {
            result.role = .alreadyPaid
        }
        return result
    }

    /// "30" may be 30 pesos, "$12,500" twelve and a half, "2 gambas" 200.000 in jest.
    private func second(_ said: Said, _ thousands: Bool) -> AmountReading.Value? {
        guard !said.isApproximate || thousands else { return nil }
        if thousands { return .exact(Money(cents: said.hundredths, said.currency)) }
        if said.number.doubtful, said.hundredths % 100 == 0, said.hundredths < 100_000_000 {
            return .exact(Money(cents: said.hundredths / 1000, said.currency))
        }
        let scale = said.number.isMoney ? stream.lexeme(.money, said.number.range.upperBound - 1)?.value : nil
        return scale == 100 ? .exact(Money(cents: said.hundredths * 1000, said.currency)) : nil
    }

    private func explicitNear(_ position: Int, _ numbers: [Said]) -> Bool {
        if question == .amount { return true }
        return [position - 1, position + 1].contains {
            numbers.indices.contains($0)
                && (numbers[$0].isMoney || numbers[$0].number.scaled || numbers[$0].hundredths >= 100_000)
        }
    }

    private func reading(
        _ value: AmountReading.Value, _ said: Said, _ confidence: Double, _ reason: Reason, inferred: Bool = false,
        alternative: AmountReading.Value? = nil
    ) -> AmountReading {
        AmountReading(
            value, span: stream.span(said.range), confidence: confidence, reason: stream.lexicon.reason(reason),
            inferred: inferred, alternative: alternative)
    }

    /// "10 lucas por semana", "de a 5 mil", "5 lucas semanales": paid again and again.
    private func isRepeated(_ start: Int, _ end: Int) -> Bool {
        stream.has(.repeated, end) || stream.has(.to, start - 1) && stream.has(.of, start - 2)
    }

    /// A word that stands between two runs of digits without a space.
    private func isGluedWord(_ index: Int) -> Bool {
        index > 0 && index + 1 < stream.count && stream.tokens[index].kind == .word && stream.isGlued(index)
            && stream.isGlued(index + 1) && stream.isDigits(index - 1) && stream.isDigits(index + 1)
    }

    /// "no puedo más de 10 lucas".
    private func isAtMost(_ start: Int) -> Bool {
        (max(0, start - 7)..<start).contains { $0 + stream.length(.atMost, $0) == start }
    }

    private func isDownPayment(_ start: Int) -> Bool {
        (max(0, start - 3)..<start).contains { stream.has(.downPayment, $0) }
    }

    private func isPast(_ start: Int) -> Bool {
        (max(0, start - 3)..<start).contains { stream.has(.paid, $0) }
            && ((max(0, start - 4)..<start).contains { stream.length(.paid, $0) > 1 }
                || !(max(0, start - 4)..<start).contains { stream.has(.futureMark, $0) || stream.has(.whether, $0) })
    }
}
