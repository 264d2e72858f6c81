/// A number in the message.
struct NumberReading {
    var value: Rational
    /// Tokens it covers.
    var range: Range<Int>
    /// A scale was said ("mil", "millones", "k").
    var scaled = false
    /// A word for money was its scale ("lucas").
    var isMoney = false
    /// It is made of digits, not of words.
    var written = false
    /// The separator could be read two ways.
    var doubtful = false
    var isFraction = false
    /// It is just "un" or "una".
    var isArticle = false
}

/// Reads cardinal numbers, in digits, in words and mixed, fractions and decimals included.
struct NumberParser {
    let stream: TokenStream
    /// Money slang scales count ("lucas"), and what follows "millón" goes on in thousands ("un millón doscientos").
    var colloquial = false
    /// Fractions, "con", "sobre" and decimals in words count.
    var fractions = true

    func number(at start: Int) -> NumberReading? {
        guard start < stream.count else { return nil }
        if let decimal = leadingDecimal(start) { return decimal }
        if let dozen = halfDozen(start) { return dozen }
        guard var reading = cardinal(start) else {
            return fractions ? fractionSign(start) : nil
        }
        if fractions { extend(&reading) }
        return reading
    }

    // MARK: Whole numbers

    private func cardinal(_ start: Int) -> NumberReading? {
        var position = start
        var total: Int64 = 0
        var current = Rational(0)
        var any = false
        var reading = NumberReading(value: Rational(0), range: start..<start)
        var lastScale: Int64 = 1
        while position < stream.count {
            if let (value, next, doubtful) = digits(position) {
                guard
                    !any
                        || (lastScale > 1 && value.double < Double(lastScale) && current == Rational(0)
                            && value.isWhole)
                        || current.isWhole && current.whole > 0 && current.whole % 1000 == 0 && value.isWhole
                            && value.whole < 1000 && reading.scaled && !stream.isSign(position, ",")
                else { break }
                current = current.adding(value) ?? current
                position = next
                reading.written = true
                reading.doubtful = reading.doubtful || doubtful
            } else if let (value, next) = below1000(position, after: current) {
                guard current.isWhole, current.whole == 0 || current.whole % 1000 == 0 else { break }
                if !any, next == position + 1, value == 1 { reading.isArticle = true }
                current = current.adding(Rational(value)) ?? current
                position = next
            } else if let (scale, length, money) = scale(position, any: any) {
                guard any || !money, !(any && current == Rational(0)) else { break }
                let base = current == Rational(0) ? Rational(1) : current
                guard let scaled = base.multiplied(by: Rational(scale)) else { break }
                reading.scaled = true
                reading.isArticle = false
                reading.isMoney = reading.isMoney || money
                position += length
                if scale >= 1_000_000 || money {
                    guard scaled.isWhole else {
                        reading.value = scaled
                        reading.range = start..<position
                        return reading
                    }
                    let (sum, overflow) = total.addingReportingOverflow(scaled.whole)
                    if overflow { return nil }
                    total = sum
                    current = Rational(0)
                } else {
                    current = scaled
                }
                lastScale = scale
            } else if let dozen = stream.lexeme(.dozen, position), any {
                current = current.multiplied(by: Rational(dozen.value)) ?? current
                position += dozen.length
                any = true
                break
            } else {
                break
            }
            any = true
        }
        guard any else { return nil }
        if colloquial, lastScale >= 1_000_000, current.isWhole, current.whole > 0, current.whole < 1000 {
            current = Rational(current.whole * 1000)
        }
        guard let value = current.adding(Rational(total)) else { return nil }
        reading.value = value
        reading.range = start..<position
        if let and = stream.lexeme(.and, position), let half = stream.lexeme(.fraction, position + and.length),
            half.value == 2 || (half.value == 4 && !colloquial && lastScale > 1),
            stream.lexeme(.dayPart, position + and.length) == nil
        {
            // "dos y medio", "un millón y medio": half of the last scale.
            if let more = Rational(lastScale, over: half.value).adding(value) {
                reading.value = more
                reading.range = start..<position + and.length + half.length
                reading.isFraction = true
                reading.isArticle = false
                if lastScale == 1, let later = scale(reading.range.upperBound, any: true),
                    let scaled = more.multiplied(by: Rational(later.0))
                {
                    reading.value = scaled
                    reading.scaled = true
                    reading.isMoney = reading.isMoney || later.2
                    reading.range = start..<reading.range.upperBound + later.1
                }
            }
        }
        return reading
    }

    private func scale(_ position: Int, any: Bool) -> (Int64, Int, Bool)? {
        guard position < stream.count else { return nil }
        if any, stream.isGlued(position), let glued = stream.lexeme(.gluedScale, position) {
            return (glued.value, glued.length, false)
        }
        if let scale = stream.lexeme(.scale, position) { return (scale.value, scale.length, false) }
        if colloquial, let money = stream.lexeme(.money, position), money.value > 1 {
            return (money.value, money.length, true)
        }
        return nil
    }

    /// Words up to 999; "y" joins tens and units only.
    private func below1000(_ start: Int, after current: Rational) -> (Int64, Int)? {
        guard let first = stream.lexeme(.number, start), first.value < 1000 else { return nil }
        var sum = first.value
        var position = start + first.length
        while position < stream.count, position < start + 12 {
            let joined = stream.skip(.and, position)
            let next: (value: Int64, length: Int)
            if let word = stream.lexeme(.number, joined) {
                next = (word.value, word.length)
            } else if joined > position, stream.isDigits(joined), stream.tokens[joined].digits == 1,
                !stream.isSign(joined + 1, ":")
            {
                next = (stream.tokens[joined].value, 1)
            } else {
                break
            }
            let fits: Bool
            if sum == 0 {
                fits = joined == position && next.value < 10
            } else if joined > position {
                // Portuguese joins hundreds and tens too.
                fits =
                    next.value > 0
                    && ((sum % 100 >= 20 && sum % 10 == 0 && next.value < 10)
                        || (sum % 100 == 0 && sum >= 100 && next.value < 100 && next.value >= 20))
            } else {
                fits =
                    (sum % 100 == 0 && next.value > 0 && next.value < 100)
                    || (sum % 100 >= 30 && sum % 10 == 0 && next.value > 0 && next.value < 10)
            }
            guard fits else { break }
            sum += next.value
            position = joined + next.length
        }
        return (sum, position)
    }

    // MARK: Digits

    /// `30.000`, `30.000,50`, `30,5`, `12.5`, `1.234.567`, `20 000`; `12,500` is doubtful.
    func digits(_ start: Int) -> (Rational, Int, Bool)? {
        guard stream.isDigits(start), stream.tokens[start].digits <= 15 else { return nil }
        let tokens = stream.tokens
        var value = tokens[start].value
        var position = start + 1
        func group(_ sign: Unicode.Scalar, _ at: Int) -> Bool {
            stream.isSign(at, sign) && stream.isGlued(at) && stream.isDigits(at + 1) && stream.isGlued(at + 1)
        }
        func decimals(_ at: Int) -> (Rational, Int)? {
            guard tokens[at].digits <= 9,
                let fraction = Rational(tokens[at].value, over: Self.power(Int(tokens[at].digits))).adding(
                    Rational(value))
            else { return nil }
            return (fraction, at + 1)
        }
        // The third part of "192.168.1.2" is a number of its own.
        if stream.isGlued(start), stream.isSign(start - 1, "."), stream.isGlued(start - 1), stream.isDigits(start - 2) {
            return (Rational(value), position, false)
        }
        let short = tokens[start].digits <= 3 && tokens[start].value > 0
        var groups = 0
        if short, group(".", position), tokens[position + 1].digits == 3 {
            while group(".", position), tokens[position + 1].digits == 3, value < 1_000_000_000_000 {
                value = value * 1000 + tokens[position + 1].value
                position += 2
                groups += 1
            }
            if group(",", position), let (decimal, next) = decimals(position + 1) { return (decimal, next, false) }
            return (Rational(value), position, false)
        }
        if group(",", position) {
            if short, tokens[position + 1].digits == 3, group(",", position + 2) || group(".", position + 2) {
                // As in the United States: 1,234,567 and 1,234.50.
                while group(",", position), tokens[position + 1].digits == 3, value < 1_000_000_000_000 {
                    value = value * 1000 + tokens[position + 1].value
                    position += 2
                }
                if group(".", position), let (decimal, next) = decimals(position + 1) { return (decimal, next, true) }
                return (Rational(value), position, true)
            }
            let doubtful = short && tokens[position + 1].digits == 3
            if doubtful, colloquial { return (Rational(value * 1000 + tokens[position + 1].value), position + 2, true) }
            if let (decimal, next) = decimals(position + 1) { return (decimal, next, doubtful) }
        }
        if group(".", position), tokens[position + 1].digits != 3, let (decimal, next) = decimals(position + 1) {
            return (decimal, next, false)
        }
        // "20 000", "1 200 000": groups of three after a space.
        if short {
            var next = position
            var spaced = value
            while stream.isDigits(next), !stream.isGlued(next), tokens[next].digits == 3, !group(".", next + 1),
                spaced < 1_000_000_000
            {
                spaced = spaced * 1000 + tokens[next].value
                next += 1
                groups += 1
            }
            if groups > 1 || (groups == 1 && tokens[position].value == 0) {
                value = spaced
                if group(",", next), let (decimal, end) = decimals(next + 1) { return (decimal, end, false) }
                return (Rational(spaced), next, false)
            }
        }
        return (Rational(value), position, false)
    }

    static func power(_ exponent: Int) -> Int64 {
        var result: Int64 = 1
        for _ in 0..<min(exponent, 18) { result *= 10 }
        return result
    }

    /// `,08`, `punto cinco`.
    private func leadingDecimal(_ start: Int) -> NumberReading? {
        if stream.isSign(start, ",") || stream.isSign(start, "."), !stream.isGlued(start) || start == 0,
            stream.isDigits(start + 1), stream.isGlued(start + 1)
        {
            let token = stream.tokens[start + 1]
            return NumberReading(
                value: Rational(token.value, over: Self.power(Int(token.digits))), range: start..<start + 2,
                written: true)
        }
        guard fractions, !colloquial, let point = stream.lexeme(.decimalPoint, start),
            let (value, end) = decimalWords(start + point.length)
        else {
            return nil
        }
        return NumberReading(value: value, range: start..<end)
    }

    /// What follows "punto" or "coma": "cinco" is 0,5, "setenta y uno" is 0,71, "cero cinco" is 0,05.
    private func decimalWords(_ start: Int) -> (Rational, Int)? {
        if stream.isDigits(start) {
            let token = stream.tokens[start]
            return token.digits <= 9 ? (Rational(token.value, over: Self.power(Int(token.digits))), start + 1) : nil
        }
        var position = start
        var zeros = 0
        while zeros < 6, let zero = stream.lexeme(.number, position), zero.value == 0 {
            zeros += 1
            position += zero.length
        }
        guard let (value, next) = below1000(position, after: Rational(0)), value > 0 else {
            return zeros > 0 ? (Rational(0), position) : nil
        }
        let digits = value < 10 ? 1 : value < 100 ? 2 : 3
        return (Rational(value, over: Self.power(digits + zeros)), next)
    }

    // MARK: Fractions

    private func halfDozen(_ start: Int) -> NumberReading? {
        guard let half = stream.lexeme(.fraction, start), half.value == 2 else { return nil }
        // "medio millón".
        if let scale = stream.lexeme(.scale, start + half.length), scale.value > 1000 {
            return NumberReading(
                value: Rational(scale.value / 2), range: start..<start + half.length + scale.length, scaled: true)
        }
        guard let dozen = stream.lexeme(.dozen, start + half.length) else { return nil }
        return NumberReading(
            value: Rational(dozen.value / 2), range: start..<start + half.length + dozen.length, isFraction: true)
    }

    private func fractionSign(_ start: Int) -> NumberReading? {
        guard let sign = stream.lexeme(.fractionSign, start) else { return nil }
        return NumberReading(
            value: Rational(sign.value / 100, over: sign.value % 100), range: start..<start + sign.length,
            isFraction: true)
    }

    /// Denominator named at `position`: "tercios", "veinticincoavos".
    private func denominator(_ position: Int) -> (Int64, Int)? {
        guard position < stream.count else { return nil }
        if let word = stream.lexeme(.fraction, position) { return (word.value, word.length) }
        guard stream.tokens[position].kind == .word, stream.tokens[position].id == 0 else { return nil }
        let token = stream.tokens[position]
        return FractionWord(lexicon: stream.lexicon).denominator(of: stream.text.letters(of: token)).map { ($0, 1) }
    }

    /// Grows a number by what may follow it: `/4`, "tercios", "con cincuenta", "sobre tres", "punto cinco".
    private func extend(_ reading: inout NumberReading) {
        let end = reading.range.upperBound
        func set(_ value: Rational?, _ next: Int) {
            guard let value else { return }
            reading.value = value
            reading.range = reading.range.lowerBound..<next
            reading.isFraction = true
            reading.isArticle = false
        }
        if reading.written, !reading.scaled, reading.value.isWhole {
            if let (fraction, next) = slashed(reading.range.lowerBound), next > end { return set(fraction, next) }
            if let (fraction, next) = slashed(end), !stream.isGlued(end) {
                return set(reading.value.adding(fraction), next)
            }
            if let sign = stream.lexeme(.fractionSign, end) {
                return set(reading.value.adding(Rational(sign.value / 100, over: sign.value % 100)), end + sign.length)
            }
        }
        if let (denominator, length) = denominator(end) {
            return set(reading.value.multiplied(by: Rational(1, over: denominator)), end + length)
        }
        if let over = stream.lexeme(.over, end), let below = cardinal(end + over.length), below.value.isWhole,
            below.value.whole > 0
        {
            return set(reading.value.multiplied(by: Rational(1, over: below.value.whole)), below.range.upperBound)
        }
        if let with = stream.lexeme(.with, end), let more = cardinal(end + with.length), more.value.numerator > 0 {
            if let (denominator, length) = denominator(more.range.upperBound) {
                let fraction = more.value.multiplied(by: Rational(1, over: denominator))
                return set(fraction.flatMap { reading.value.adding($0) }, more.range.upperBound + length)
            }
            if more.isFraction { return set(reading.value.adding(more.value), more.range.upperBound) }
            if more.value.isWhole, more.value.whole < 1000 {
                let digits = more.value.whole < 10 ? 1 : more.value.whole < 100 ? 2 : 3
                return set(
                    reading.value.adding(Rational(more.value.whole, over: Self.power(digits))), more.range.upperBound)
            }
        }
        if let point = stream.lexeme(.decimalPoint, end), let (decimal, next) = decimalWords(end + point.length),
            reading.value.isWhole
        {
            return set(reading.value.adding(decimal), next)
        }
    }

    /// `3/4` of digits, nothing between.
    private func slashed(_ start: Int) -> (Rational, Int)? {
        guard stream.isDigits(start), stream.isSign(start + 1, "/"), stream.isGlued(start + 1),
            stream.isDigits(start + 2),
            stream.isGlued(start + 2), stream.tokens[start + 2].value > 0, stream.tokens[start].digits < 9,
            stream.tokens[start + 2].digits < 9,
            !stream.isSign(start + 3, "/")
        else { return nil }
        return (Rational(stream.tokens[start].value, over: stream.tokens[start + 2].value), start + 3)
    }
}
