import Quantities

/// A number in the message, in hundredths.
struct NumberReading {
    var hundredths: Int64
    /// Tokens it covers.
    var range: Range<Int>
    /// A scale word or sign was said ("mil", "lucas", "$"): the value stands as it is.
    var scaled = false
    var isMoney = false
    var currency: Currency = .ars
    /// The separator could be read two ways, or "y pico".
    var doubtful = false
    var approximate = false
    var value: Int { Int(hundredths / 100) }
    var isWhole: Bool { hundredths % 100 == 0 }
}

extension Lexicon {
    /// Every number of the message, longest reading first from the left.
    func numberReadings(_ tokens: [Token]) -> [NumberReading] {
        var result: [NumberReading] = []
        var index = 0
        while index < tokens.count {
            if let reading = number(tokens, at: index) {
                result.append(reading)
                index = reading.range.upperBound
            } else {
                index += 1
            }
        }
        return result
    }

    private func number(_ tokens: [Token], at start: Int) -> NumberReading? {
        var position = start
        var reading = NumberReading(hundredths: 0, range: start..<start)
        if tokens[position].text == "$" {
            reading.isMoney = true
            position += 1
        }
        guard position < tokens.count else { return nil }
        var total: Int64 = 0
        var any = false
        while position < tokens.count {
            guard let (base, next, doubtful) = simple(tokens, at: position) else { break }
            // "un palo", but not "un" alone; "20 30" are two numbers.
            if any, base >= 100_000 || total % 100_000 != 0 { break }
            var value = base
            position = next
            reading.doubtful = reading.doubtful || doubtful
            any = true
            if position < tokens.count, let scale = scale(tokens[position].text) {
                position += 1
                value *= scale.factor
                reading.scaled = true
                reading.isMoney = reading.isMoney || scale.money
                if position + 1 < tokens.count, tokens[position].text == "y", ["medio", "media"].contains(tokens[position + 1].text) {
                    value += 100 * scale.factor / 2
                    position += 2
                }
                total += value
                if scale.factor > 1, position < tokens.count, simple(tokens, at: position) != nil { continue }
                // "un millon doscientos" goes on in thousands where nothing else is said.
                break
            }
            if total >= 100_000_000, value < 100_000, reading.scaled { value *= 1000 }
            total += value
            break
        }
        guard any else {
            if let scale = scale(tokens[start].text), scale.factor == 1000, tokens[start].text == "mil" {
                return NumberReading(hundredths: 100_000, range: start..<start + 1, scaled: true, isMoney: false)
            }
            return nil
        }
        if position < tokens.count, let unit = scale(tokens[position].text), unit.factor == 1, unit.money {
            reading.isMoney = true
            reading.scaled = true
            position += 1
        }
        while position < tokens.count, dollars.contains(tokens[position].text) {
            reading.currency = .usd
            reading.isMoney = true
            reading.scaled = true
            position += 1
        }
        if position + 1 < tokens.count, tokens[position].text == "y", ["pico", "algo", "monedas"].contains(tokens[position + 1].text) {
            reading.approximate = true
            position += 2
        }
        reading.hundredths = total
        reading.range = start..<position
        return reading
    }

    private func scale(_ word: String) -> (factor: Int64, money: Bool)? {
        if let unit = moneyUnits[word] { return (Int64(unit), true) }
        switch word {
        case "mil", "miles": return (1000, false)
        case "millon", "millones": return (1_000_000, false)
        default: return nil
        }
    }

    /// Digits, or words below a thousand, in hundredths.
    private func simple(_ tokens: [Token], at start: Int) -> (Int64, Int, Bool)? {
        let text = tokens[start].text
        if tokens[start].isNumber {
            guard let (value, doubtful) = Self.digits(text) else { return nil }
            return (value, start + 1, doubtful)
        }
        guard let first = numbers[text] else { return nil }
        var sum = first
        var position = start + 1
        while position < tokens.count {
            let joined = tokens[position].text == "y" ? position + 1 : position
            guard joined < tokens.count, let next = numbers[tokens[joined].text], next > 0 else { break }
            if joined > position { guard sum % 100 >= 30, sum % 10 == 0, next < 10 else { break } } else { guard sum % 100 == 0, sum >= 100, next < 100 else { break } }
            sum += next
            position = joined + 1
        }
        return (Int64(sum) * 100, position, false)
    }

    /// `30.000`, `30.000,50`, `30,5`, `12.5`, `1.234.567`; `12,500` is doubtful.
    static func digits(_ text: String) -> (Int64, Bool)? {
        guard text.utf8.count <= 18, text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 || $0 == 44 }) else { return nil }
        let commas = text.split(separator: ",", omittingEmptySubsequences: false)
        let dots = text.split(separator: ".", omittingEmptySubsequences: false)
        var whole: Substring
        var fraction: Substring = ""
        var doubtful = false
        if commas.count == 1, dots.count == 1 {
            whole = text[...]
        } else if commas.count == 2, dots.count >= 1, !(commas[1].contains(".")) {
            if commas[1].count == 3, dots.count == 1, commas[0].count <= 3, commas[0] != "0" {
                whole = Substring(commas[0] + commas[1])
                doubtful = true
            } else {
                whole = Substring(commas[0].filter { $0 != "." })
                fraction = commas[1]
            }
        } else if commas.count == 1, dots.dropFirst().allSatisfy({ $0.count == 3 }) {
            whole = Substring(text.filter { $0 != "." })
        } else if commas.count == 1, dots.count == 2 {
            whole = dots[0]
            fraction = dots[1]
        } else if commas.count >= 2, dots.count == 2, dots[1].count <= 2 {
            whole = Substring(dots[0].filter { $0 != "," })
            fraction = dots[1]
        } else {
            return nil
        }
        guard let units = Int64(whole), units < 10_000_000_000_000 else { return nil }
        var hundredths: Int64 = 0
        if !fraction.isEmpty {
            let padded = fraction.prefix(2) + (fraction.count == 1 ? "0" : "")
            guard let value = Int64(padded) else { return nil }
            hundredths = value
        }
        return (units * 100 + hundredths, doubtful)
    }
}
