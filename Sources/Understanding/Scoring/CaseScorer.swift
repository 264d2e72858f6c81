import Quantities

/// Compares what the reader finds in one text with what a source expects there.
struct CaseScorer {
    let reader: Reader
    let text: String
    let reference: String

    func score(_ family: String, _ kind: String, _ expected: JSONValue) -> (CaseOutcome, Bool, String) {
        switch family {
        case "recognizers_datetime", "recognizers_datetime_parser", "duckling_time", "duckling_duration":
            return TemporalScorer(reader: reader, text: text, reference: reference).score(family, kind, expected)
        case "recognizers_number": return list(reader.numbers(text), expected)
        case "recognizers_ordinal": return list(reader.ordinals(text), expected)
        case "recognizers_percent": return list(reader.percentages(text), expected)
        case "recognizers_currency": return list(reader.money(text), expected)
        case "recognizers_boolean": return list(reader.yesOrNo(text), expected)
        case "duckling_numeral": return whole(reader.numbers(text), expected)
        case "duckling_ordinal": return whole(reader.ordinals(text), expected)
        default: return whole(reader.money(text), expected)
        }
    }

    /// All results, in order, and no other.
    private func list(_ readings: [QuantityReading], _ expected: JSONValue) -> (CaseOutcome, Bool, String) {
        let cases = expected.array
        let found = readings.map { describe($0) }.joined(separator: " · ")
        guard cases.count == readings.count else { return (.wrong, false, found) }
        var spans = true
        for (reading, result) in zip(readings, cases) {
            let resolution = result["resolution"] ?? result
            guard matches(reading, resolution) else { return (.wrong, false, found) }
            if let expectedText = result["text"]?.string, !sameText(text.at(reading.span), expectedText) {
                spans = false
            }
        }
        return (.exact, spans, found)
    }

    private func matches(_ reading: QuantityReading, _ resolution: JSONValue) -> Bool {
        if let flag = resolution["value"]?.bool { return reading.kind == (flag ? .yes : .no) }
        guard let value = resolution["value"]?.string else { return false }
        switch reading.kind {
        case .ordinalFromEnd, .ordinalFromHere:
            let base = reading.kind == .ordinalFromEnd ? "end" : "current"
            let offset = Int(reading.value?.double ?? 0)
            return value == "\(base)\(offset < 0 ? "" : "+")\(offset)"
        case .money(let unit):
            guard sameUnit(unit, resolution["unit"]?.string ?? "") else { return false }
        default: break
        }
        let plain = String(value.filter { $0 != "%" }.map { $0 == "," ? "." : $0 })
        return same(reading.value?.double, Double(plain))
    }

    /// "$" is pesos here and dollars for the sources.
    private func sameUnit(_ unit: QuantityReading.Unit, _ name: String) -> Bool {
        let name = name.lowercased()
        switch unit {
        case .peso: return name.contains("peso")
        case .dollar: return name.contains("dólar") || name.contains("dollar")
        case .cent: return name.contains("centavo") || name.contains("cent")
        case .unstated: return name.contains("peso") || name == "dólar" || name == "dollar" || name == "$"
        }
    }

    /// One result over the whole text.
    private func whole(_ readings: [QuantityReading], _ expected: JSONValue) -> (CaseOutcome, Bool, String) {
        let found = readings.map { describe($0) }.joined(separator: " · ")
        guard readings.count == 1, let reading = readings.first else { return (.wrong, false, found) }
        if case .money(let unit) = reading.kind {
            guard sameUnit(unit, expected["unit"]?.string ?? "") else { return (.wrong, false, found) }
            let ranged = expected["value"] == nil
            let low = ranged ? expected["from"]?.number : expected["value"]?.number
            guard same(reading.value?.double, low), same(reading.upper?.double, expected["to"]?.number) else {
                return (.wrong, false, found)
            }
        } else {
            guard same(reading.value?.double, expected["value"]?.number) else { return (.wrong, false, found) }
        }
        return (.exact, sameText(text.at(reading.span), text), found)
    }

    private func describe(_ reading: QuantityReading) -> String {
        "\(reading.kind) \(reading.value.map { "\($0.double)" } ?? "-")\(reading.upper.map { "…\($0.double)" } ?? "") «\(text.at(reading.span))»"
    }

    private func same(_ a: Double?, _ b: Double?) -> Bool {
        guard let a, let b else { return a == nil && b == nil }
        return abs(a - b) <= 1e-9 * max(1, abs(b)) && (abs(b) > 1e-6 || abs(a - b) <= abs(b) * 1e-9)
    }
}

/// Ignores case, accents and the blanks around.
func sameText(_ a: String, _ b: String) -> Bool { Tokenizer.words(of: a) == Tokenizer.words(of: b) }

extension String {
    func at(_ span: Span) -> String {
        let bytes = Array(utf8)
        return String(decoding: bytes[max(0, span.start)..<min(bytes.count, max(span.start, span.end))], as: UTF8.self)
    }
}
