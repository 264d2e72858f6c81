/// Reads every number, ordinal, percentage, amount of money and yes/no of a text, for their own sake.
struct QuantityParser {
    let stream: TokenStream
    private var numbers: NumberParser { NumberParser(stream: stream) }

    private func scan(_ read: (Int) -> (QuantityReading, Int)?) -> [QuantityReading] {
        var result: [QuantityReading] = []
        var index = 0
        while index < stream.count {
            if let (reading, next) = read(index) {
                result.append(reading)
                index = max(next, index + 1)
            } else {
                index += 1
            }
        }
        return result
    }

    // MARK: Numbers

    func cardinals() -> [QuantityReading] {
        scan { index in
            // The hundred of "por ciento" is no number.
            if let percent = stream.lexeme(.percent, index) {
                return (QuantityReading(.number, value: nil, span: Span(0, 0)), index + percent.length)
            }
            guard !(stream.isGlued(index) && index > 0 && stream.tokens[index - 1].kind == .word),
                let number = numbers.number(at: index)
            else { return nil }
            // "29km": a number that a word grows from is a name of something.
            let next = number.range.upperBound
            if next < stream.count, stream.tokens[next].kind == .word, stream.isGlued(next), stream.isDigits(next - 1) {
                return (QuantityReading(.number, value: nil, span: Span(0, 0)), next)
            }
            // "un millón de pesos": the "de" is not of the number.
            let last = stream.has(.of, next - 1) ? next - 1 : next
            let span = stream.span(number.range.lowerBound..<last)
            return (QuantityReading(.number, value: number.value, span: span), next)
        }.filter { $0.value != nil }
    }

    // MARK: Ordinals

    func ordinals() -> [QuantityReading] {
        scan { index in
            if let (value, next) = ordinal(at: index) {
                return (QuantityReading(.ordinal, value: Rational(value), span: stream.span(index..<next)), next)
            }
            guard let relative = stream.lexeme(.relativeOrdinal, index) else { return nil }
            let next = index + relative.length
            let kind: QuantityReading.Kind = relative.value < 1500 ? .ordinalFromEnd : .ordinalFromHere
            let offset = relative.value < 1500 ? relative.value - 1000 : relative.value - 2000
            return (QuantityReading(kind, value: Rational(offset), span: stream.span(index..<next)), next)
        }
    }

    /// "primero", "vigésimo primero", "11mo", "30º", "1.º".
    func ordinal(at index: Int) -> (Int64, Int)? {
        if stream.isDigits(index) {
            var next = index + 1
            if stream.isSign(next, "."), stream.isGlued(next), stream.isGlued(next + 1) { next += 1 }
            guard stream.isGlued(next), let suffix = stream.lexeme(.ordinalSuffix, next) else { return nil }
            return (stream.tokens[index].value, next + suffix.length)
        }
        guard let first = stream.lexeme(.ordinal, index) else { return nil }
        var value = first.value
        var next = index + first.length
        while value >= 20, let more = stream.lexeme(.ordinal, next), more.value < (value % 100 == 0 ? 100 : 10),
            value % 10 == 0
        {
            value += more.value
            next += more.length
        }
        return (value, next)
    }

    // MARK: Percentages

    func percentages() -> [QuantityReading] {
        scan { index in
            guard let number = numbers.number(at: index), let sign = stream.lexeme(.percent, number.range.upperBound)
            else { return nil }
            let next = number.range.upperBound + sign.length
            return (QuantityReading(.percent, value: number.value, span: stream.span(index..<next)), next)
        }
    }

    // MARK: Yes and no

    /// The first yes or no of the text.
    func booleans() -> [QuantityReading] {
        for index in stream.tokens.indices {
            for (cls, kind) in [
                (WordClass.yes, QuantityReading.Kind.yes), (.no, .no), (.thumbUp, .yes), (.thumbDown, .no),
            ] {
                guard let word = stream.lexeme(cls, index) else { continue }
                return [QuantityReading(kind, value: nil, span: stream.span(index..<index + word.length))]
            }
        }
        return []
    }
}
