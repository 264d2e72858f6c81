/// Numbers as they are said in Spanish.
enum SpanishNumbers {
    /// How a number ends before the word that it counts.
    enum Form {
        /// On its own: *veintiuno*.
        case alone
        /// Before a masculine word: *veintiún pesos*.
        case masculine
        /// Before a feminine word: *veintiuna cuotas*, *doscientas horas*.
        case feminine
    }

    private static let small = [
        "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
        "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
        "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho",
        "veintinueve",
    ]
    private static let tens = ["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]
    private static let hundreds = [
        "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
        "ochocientos", "novecientos",
    ]

    /// - Parameter number: from 0 to 999.999.999.999; beyond, its digits.
    static func words(_ number: Int64, _ form: Form = .alone) -> String {
        guard (0...999_999_999_999).contains(number) else { return digits(String(number)) }
        if number == 0 { return small[0] }
        var parts: [String] = []
        let millions = number / 1_000_000
        let thousands = number / 1000 % 1000
        if millions == 1 {
            parts.append("un millón")
        } else if millions > 0 {
            parts.append(words(millions, .masculine) + " millones")
        }
        if thousands > 0 {
            parts.append(thousands == 1 ? "mil" : group(thousands, form == .feminine ? .feminine : .masculine) + " mil")
        }
        if number % 1000 > 0 { parts.append(group(number % 1000, form)) }
        return parts.joined(separator: " ")
    }

    /// Digit by digit.
    static func digits(_ text: some StringProtocol) -> String {
        text.compactMap { character in
            character == "-" ? "menos" : character.wholeNumberValue.map { small[$0] }
        }.joined(separator: " ")
    }

    private static func group(_ number: Int64, _ form: Form) -> String {
        if number == 100 { return "cien" }
        var parts: [String] = []
        if number >= 100 {
            let word = hundreds[Int(number / 100) - 1]
            parts.append(form == .feminine && word.hasSuffix("os") ? word.dropLast(2) + "as" : word)
        }
        let rest = Int(number % 100)
        if rest >= 30 {
            parts.append(tens[rest / 10 - 3] + (rest % 10 == 0 ? "" : " y " + unit(rest % 10, form)))
        } else if rest > 0 {
            parts.append(unit(rest, form))
        }
        return parts.joined(separator: " ")
    }

    private static func unit(_ number: Int, _ form: Form) -> String {
        switch (number, form) {
        case (1, .masculine): "un"
        case (1, .feminine): "una"
        case (21, .masculine): "veintiún"
        case (21, .feminine): "veintiuna"
        default: small[number]
        }
    }
}
