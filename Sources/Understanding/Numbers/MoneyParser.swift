/// Reads amounts of money: `$ 14 millones`, "15 dólares y 15 centavos", "entre 10 y 20 dólares", "no más de $10".
struct MoneyParser {
    let stream: TokenStream

    private struct Amount {
        var value: Rational
        var unit: QuantityReading.Unit?
        var range: Range<Int>
    }

    func amounts() -> [QuantityReading] {
        var result: [QuantityReading] = []
        var index = 0
        while index < stream.count {
            if let (reading, next) = expression(at: index) {
                result.append(reading)
                index = max(next, index + 1)
            } else {
                index += 1
            }
        }
        return result
    }

    private func expression(at start: Int) -> (QuantityReading, Int)? {
        if let between = stream.lexeme(.between, start) ?? stream.lexeme(.since, start) ?? stream.lexeme(.of, start),
            let first = amount(at: start + between.length), let join = joiner(first.range.upperBound),
            let second = amount(at: first.range.upperBound + join), let unit = first.unit ?? second.unit
        {
            return range(first.value, second.value, unit, start..<second.range.upperBound)
        }
        if let most = stream.lexeme(.atMost, start) ?? stream.lexeme(.until, start) ?? stream.lexeme(.lessThan, start),
            let amount = amount(at: start + most.length), let unit = amount.unit
        {
            return range(nil, amount.value, unit, start..<amount.range.upperBound)
        }
        if let least = stream.lexeme(.atLeast, start) ?? stream.lexeme(.moreThan, start),
            let amount = amount(at: start + least.length), let unit = amount.unit
        {
            return range(amount.value, nil, unit, start..<amount.range.upperBound)
        }
        guard let first = amount(at: start) else { return nil }
        if stream.isSign(first.range.upperBound, "-") || stream.lexeme(.to, first.range.upperBound) != nil,
            let second = amount(at: first.range.upperBound + 1),
            let unit = second.unit ?? first.unit
        {
            return range(first.value, second.value, unit, start..<second.range.upperBound)
        }
        guard let unit = first.unit else { return nil }
        return (
            QuantityReading(.money(unit), value: first.value, span: stream.span(first.range)), first.range.upperBound
        )
    }

    private func joiner(_ index: Int) -> Int? {
        let length = max(stream.length(.and, index), stream.length(.to, index), stream.length(.until, index))
        return length > 0 ? length : stream.isSign(index, "-") ? 1 : nil
    }

    private func range(_ low: Rational?, _ high: Rational?, _ unit: QuantityReading.Unit, _ range: Range<Int>) -> (
        QuantityReading, Int
    ) {
        (QuantityReading(.money(unit), value: low, upper: high, span: stream.span(range)), range.upperBound)
    }

    /// One amount; without unit where none is said.
    private func amount(at start: Int) -> Amount? {
        var index = stream.skipAll(.article, .around, from: start)
        let prefix = unit(at: index)
        if let prefix { index = prefix.next }
        guard let number = NumberParser(stream: stream, colloquial: true).number(at: index) else { return nil }
        var next = number.range.upperBound
        var value = number.value
        var unit = prefix?.unit ?? (number.isMoney ? .peso : nil)
        let of = stream.skip(.of, next)
        if let suffix = self.unit(at: of) {
            next = suffix.next
            unit =
                suffix.unit == .unstated || (prefix != nil && prefix?.unit != .unstated)
                ? unit ?? suffix.unit : suffix.unit
            // "75 USD millones".
            if let scale = stream.lexeme(.scale, next), let scaled = value.multiplied(by: Rational(scale.value)) {
                value = scaled
                next += scale.length
            } else if unit != .cent, let (cents, end) = self.cents(at: next) {
                value = value.adding(cents) ?? value
                next = end
            }
        }
        return Amount(
            value: value, unit: unit,
            range: (prefix == nil ? index : stream.skipAll(.article, .around, from: start))..<next)
    }

    private func unit(at index: Int) -> (unit: QuantityReading.Unit, next: Int)? {
        if let currency = stream.lexeme(.currency, index) {
            var next = index + currency.length
            if let more = stream.lexeme(.currency, next), more.value == currency.value || currency.value == 0 {
                next += more.length
            }
            return (currency.value == 0 ? .unstated : currency.value == 1 ? .peso : .dollar, next)
        }
        if let cent = stream.lexeme(.cents, index) { return (.cent, index + cent.length) }
        if let money = stream.lexeme(.money, index), money.value == 1 { return (.peso, index + money.length) }
        return nil
    }

    /// "y 15 centavos", "con 50", "50" right after the currency.
    private func cents(at index: Int) -> (Rational, Int)? {
        let joined = stream.skipAll(.and, .with, from: index)
        guard let number = NumberParser(stream: stream, fractions: false).number(at: joined), number.value.isWhole,
            (0..<100).contains(number.value.whole)
        else { return nil }
        let end = number.range.upperBound
        if let cent = stream.lexeme(.cents, end) { return (Rational(number.value.whole, over: 100), end + cent.length) }
        guard stream.has(.with, index) || (joined == index && number.written && stream.tokens[index].digits == 2) else {
            return nil
        }
        return (Rational(number.value.whole, over: 100), end)
    }
}
