import Foundation
import Quantities

/// What the bot writes, as it is said on the phone: amounts, days, hours, percentages and numbers in words, links and
/// aliases spelled, marks and emoji left out.
enum SpokenText {
    /// What is written of writing, and what a voice says instead.
    private static let wording = [
        ("te va a escribir por acá", "te va a llamar a este número"),
        ("contestame por acá", "contame ahora"),
        ("escribí", "decí"), ("escribime", "decime"), ("me lo escribís", "me lo decís"), ("tocá", "decí"),
        ("solo puedo leer texto", "no te entendí"),
    ]
    /// What is counted in the feminine; everything else that follows a number is not, or does not show it.
    private static let feminine: Set<String> = [
        "cuota", "cuotas", "hora", "horas", "semana", "semanas", "vez", "veces",
    ]
    private static let masculine: Set<String> = ["día", "días", "mes", "meses", "año", "años", "peso", "pesos", "pago"]

    static func spoken(_ text: String) -> String {
        var text = text
        for (written, said) in wording {
            text = text.replacing(written, with: said)
            text = text.replacing(
                written.prefix(1).uppercased() + written.dropFirst(),
                with: said.prefix(1).uppercased() + said.dropFirst())
        }
        text = text.replacing(/https?:\/\/[^\s,;)]*[^\s,;.)]/) { spelled($0.output.drop { $0 != ":" }.dropFirst(3)) }
        text = text.replacing(/[A-Za-z0-9_\-]+(?:[.@][A-Za-z0-9_\-]*[A-Za-z][A-Za-z0-9_\-]*)+/) { spelled($0.output) }
        text = text.replacing(/(US)?\$\s?(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{2}))?/) { match in
            money(digits(match.2), cents: match.3.flatMap { Int64($0) } ?? 0, dollars: match.1 != nil)
        }
        text = text.replacing(/(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?/) { match in
            day(Int64(match.1) ?? 0, month: Int(match.2) ?? 0, year: match.3.flatMap { Int64($0) }) ?? String(match.0)
        }
        text = text.replacing(/(\d{1,2}):(\d{2})/) { match in
            let minutes = Int64(match.2) ?? 0
            return SpanishNumbers.words(Int64(match.1) ?? 0)
                + (minutes == 0 ? "" : " y " + SpanishNumbers.words(minutes))
        }
        text = text.replacing(/(\d+),(\d+)/) { match in
            SpanishNumbers.words(Int64(match.1) ?? 0) + " coma " + SpanishNumbers.words(Int64(match.2) ?? 0)
        }
        let written = text
        text = text.replacing(/\d{1,3}(?:\.\d{3})+|\d+/) { match in
            let next = Substring(written[match.range.upperBound...]).drop(while: { $0 == " " }).prefix(
                while: \.isLetter
            ).lowercased()
            return number(match.output, before: next)
        }
        text = text.replacing(/\s?%/, with: " por ciento")
        text = String(String.UnicodeScalarView(text.unicodeScalars.filter(isSaid)))
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func isSaid(_ scalar: UnicodeScalar) -> Bool {
        switch scalar {
        case "*", "_", "~", "`", "\u{FE0F}", "\u{200D}": false
        default: !scalar.properties.isEmojiPresentation && !(0x1F000...0x1FAFF).contains(scalar.value)
        }
    }

    private static func digits(_ text: some StringProtocol) -> Int64? { Int64(String(text).filter { $0 != "." }) }

    private static func number(_ text: Substring, before next: String) -> String {
        // A phone, a document, a bank's number: nobody says them as a quantity.
        guard let value = digits(text), !text.hasPrefix("0") || text == "0", text.contains(".") || text.count <= 6
        else { return SpanishNumbers.digits(text) }
        return SpanishNumbers.words(
            value, feminine.contains(next) ? .feminine : masculine.contains(next) ? .masculine : .alone)
    }

    private static func money(_ units: Int64?, cents: Int64, dollars: Bool) -> String {
        guard let units else { return "" }
        let (one, many) = dollars ? ("dólar", "dólares") : ("peso", "pesos")
        var words = "\(SpanishNumbers.words(units, .masculine)) "
        if units >= 1_000_000, units % 1_000_000 == 0 { words += "de " }
        words += units == 1 ? one : many
        if cents > 0 {
            words += " con \(SpanishNumbers.words(cents, .masculine)) \(cents == 1 ? "centavo" : "centavos")"
        }
        return words
    }

    private static func day(_ day: Int64, month: Int, year: Int64?) -> String? {
        guard (1...31).contains(day), (1...12).contains(month) else { return nil }
        let number = day == 1 ? "primero" : SpanishNumbers.words(day)
        return "\(number) de \(Day.monthNames[month - 1])" + (year.map { " de \(SpanishNumbers.words($0))" } ?? "")
    }

    /// A link, an alias, an address: its dots and dashes are said.
    private static func spelled(_ text: some StringProtocol) -> String {
        var said = String(text)
        for (mark, word) in [(".", "punto"), ("/", "barra"), ("-", "guion"), ("_", "guion bajo"), ("@", "arroba")] {
            said = said.replacing(mark, with: " \(word) ")
        }
        return said
    }
}
