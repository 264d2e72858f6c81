import Quantities

/// The option meant by its number, its instalments, its amount, its order or a word for it.
struct ChoiceReader {
    let stream: TokenStream
    let options: [OfferedChoice]
    let numbers: [AmountReader.Said]
    let taken: [Range<Int>]

    func choice() -> String? {
        guard !options.isEmpty else { return nil }
        if stream.has(.no, 0), stream.has(.not, 0), stream.count > 1, !stream.isSign(1, ","), !stream.has(.corrected, 1)
        {
            return nil
        }
        if stream.contains(.none) || stream.text.hasQuestion && stream.contains(.asks) { return nil }
        if let option = byWords() { return option }
        let priced = numbers.filter { $0.isMoney || $0.number.scaled || $0.hundredths >= 100_000 }
        for number in priced {
            if let option = options.first(where: { $0.amount.map { abs($0.cents - number.hundredths) < 100 } ?? false })
            {
                return option.id
            }
        }
        if !priced.isEmpty { return nil }
        for number in numbers where !taken.contains(where: { $0.overlaps(number.range) }) {
            // "opción uno", but not "una consulta".
            if number.number.isArticle, !stream.has(.option, number.range.lowerBound - 1) { continue }

            guard let value = number.whole else { continue }
            let (start, end) = (number.range.lowerBound, number.range.upperBound)
            if stream.has(.percent, end) || stream.has(.unit, end) && !stream.has(.instalments, end) { return nil }
            if let option = options.first(where: { $0.instalments == value }), !stream.has(.option, start - 1) {
                return option.id
            }
            if let option = options.first(where: { isBareFigure(value, of: $0) }), !stream.has(.instalments, end),
                !stream.has(.option, start - 1), !stream.has(.at, start - 1)
            {
                return option.id
            }
            if stream.has(.instalments, end) || stream.has(.of, start - 1)
                || (stream.has(.at, start - 1) && !stream.has(.option, start - 1))
            {
                return nil
            }
            if (1...options.count).contains(value) { return options[value - 1].id }
            return nil
        }
        return nil
    }

    /// "27" for the 27th, "30" for 30.000.
    private func isBareFigure(_ value: Int, of option: OfferedChoice) -> Bool {
        option.day?.dayOfMonth == value || option.amount?.cents == Int64(value) * 100_000
    }

    private func byWords() -> String? {
        for index in stream.tokens.indices where stream.tokens[index].id != 0 {
            if stream.has(.optionShort, index) {
                return options.min { ($0.instalments ?? 0) < ($1.instalments ?? 0) }?.id
            }
            if stream.has(.optionLong, index) {
                return options.max { ($0.instalments ?? 0) < ($1.instalments ?? 0) }?.id
            }
            if let order = stream.lexeme(.ordinal, index), order.value <= Int64(options.count),
                !stream.has(.instalments, index + order.length), !stream.has(.unit, index + order.length),
                !stream.has(.instalments, index - 1)
            {
                return options[Int(order.value) - 1].id
            }
            if stream.has(.optionLast, index), !stream.has(.instalments, index + 1) { return options.last?.id }
        }
        return nil
    }
}
