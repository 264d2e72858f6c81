import Quantities

/// Finds intents by the lexicon's patterns, then weighs them against each other and against days and amounts.
struct IntentReader {
    let lexicon: Lexicon
    let tokens: [Token]
    let question: Question
    let text: String

    private func contains(_ words: String...) -> Bool { tokens.contains { words.contains($0.text) } }
    private var words: [String] { tokens.map(\.text) }

    func read(into understanding: inout Understanding) {
        var found: [Intent: IntentReading] = [:]
        for pattern in lexicon.patterns {
            guard let range = pattern.match(tokens), found[pattern.intent].map({ $0.confidence < pattern.confidence }) ?? true else { continue }
            found[pattern.intent] = IntentReading(
                pattern.intent, span: span(range), confidence: pattern.confidence, reason: "patrón «\(pattern.source)»")
        }
        understanding.anger = anger
        if understanding.anger >= 2 { put(.insult, 0.85, "palabras de enojo", &found) }
        emoji(&found)
        commitment(understanding, &found)
        weigh(understanding, &found)
        understanding.intents = found.values.sorted { ($1.confidence, $0.intent.rawValue) < ($0.confidence, $1.intent.rawValue) }
    }

    private func span(_ range: Range<Int>) -> Span {
        guard let first = tokens.indices.contains(range.lowerBound) ? tokens[range.lowerBound] : tokens.first else { return Span(0, 0) }
        let last = tokens[max(range.lowerBound, min(range.upperBound, tokens.count) - 1)]
        return Span(first.span.start, last.span.end)
    }

    private func put(_ intent: Intent, _ confidence: Double, _ reason: String, _ found: inout [Intent: IntentReading]) {
        if let known = found[intent], known.confidence >= confidence { return }
        found[intent] = IntentReading(intent, span: span(0..<tokens.count), confidence: confidence, reason: reason)
    }

    private var anger: Int {
        var level = tokens.compactMap { lexicon.insults[$0.text] }.max() ?? 0
        let letters = text.unicodeScalars.filter { $0.properties.isAlphabetic }
        if letters.count > 12, letters.allSatisfy({ !$0.properties.isLowercase }) { level = max(level, 1) }
        if text.contains("!!!") { level = max(level, 1) }
        return level
    }

    private func emoji(_ found: inout [Intent: IntentReading]) {
        let asked = question == .confirmation || question == .identity
        if tokens.contains(where: { ["👍", "👌", "✅", "🆗"].contains($0.text) }), !contains("no") {
            if asked { put(.affirm, 0.9, "pulgar arriba a una pregunta de sí o no", &found) } else { put(.unclear, 0.6, "pulgar arriba sin una pregunta de sí o no", &found) }
        }
        if contains("👎") { put(.deny, 0.9, "pulgar abajo", &found) }
        if contains("🙏"), tokens.count <= 3 { put(.thanks, 0.6, "manos juntas", &found) }
    }

    /// Said of the speaker, as a commitment: not denied, asked, supposed, told of others or past.
    private func commitment(_ understanding: Understanding, _ found: inout [Intent: IntentReading]) {
        let days = understanding.days.filter { $0.kind == .payBy || $0.kind == .range || ($0.kind == .vague) || $0.kind == .from }
        let amounts = understanding.amounts.filter { $0.role != .alreadyPaid }
        let verb = tokens.contains { lexicon.verbs.contains($0.text) }
        let answers = (question == .day && !days.isEmpty) || (question == .amount && (!amounts.isEmpty || !days.isEmpty)) || (question == .confirmation && (!amounts.isEmpty || !days.isEmpty))
        let dated = !amounts.isEmpty && !days.isEmpty
        if contains("donde", "adonde") || (contains("cuando") && text.contains("?")) { return }
        if tokens.count <= 5, amounts.isEmpty, days.contains(where: { $0.kind == .payBy }), found.keys.allSatisfy({ $0 == .deny || $0 == .greet }), !text.contains("?") {
            put(.promise, 0.7, "solo dice un día", &found)
        }
        guard (verb && (!days.isEmpty || !amounts.isEmpty)) || answers || dated || (question == .reminder && !days.isEmpty) else { return }
        var confidence = verb ? 0.9 : answers ? 0.88 : 0.75
        let reason = verb ? "dice que paga, con importe o día" : "contesta el importe o el día que se preguntó"
        let isQuestion = text.contains("?")
        if isHypothetical || isReported || (found[.alreadyPaid] != nil && !contains("manana")) || found[.thirdParty] != nil { return }
        if isQuestion && !answers && question != .reminder { confidence = 0.35 }
        if deniesPaying { return }
        if found[.askHuman] != nil, !verb || contains("llamame", "llamenme") { return }
        if found[.optOut] != nil { confidence = min(confidence, 0.8) }
        put(.promise, confidence, reason, &found)
        let partial = amounts.contains { reading in
            switch reading.value {
            case .share, .minimum, .vague: true
            default: false
            }
        }
        if partial || found[.partialPayment] != nil { put(.partialPayment, 0.8, "una parte", &found) }
    }

    /// "si no pago el 5 qué pasa".
    private var isHypothetical: Bool {
        let words = words
        guard let index = words.firstIndex(of: "si"), index + 1 < words.count else { return false }
        if ["no", "pago", "me", "les"].contains(words[index + 1]) && (index == 0 || ["y", "que", ","].contains(words[index - 1])) && text.contains("?") { return true }
        return words.contains("pasa") && words.contains("no")
    }

    /// "no te dije que pago el viernes", "me dijeron que tenía".
    private var isReported: Bool {
        let words = words
        for index in words.indices where ["dije", "prometi", "dijeron", "dijo", "quede"].contains(words[index]) {
            let before = words[max(0, index - 3)..<index]
            if before.contains("no") || before.contains("nunca") || words[index] == "dijeron" { return true }
        }
        return words.starts(with: ["no", "te", "prometo"]) || words.starts(with: ["no", "prometo"])
    }

    private var deniesPaying: Bool {
        let words = words
        for index in words.indices where words[index] == "no" && index + 1 < words.count {
            if ["pienso", "quiero", "creo", "prometo"].contains(words[index + 1]) { return true }
            if words[index + 1] == "voy", index + 3 < words.count, words[index + 2] == "a" { return !contains("manana", "pero") }
            if ["pago", "puedo", "llego"].contains(words[index + 1]) {
                // "el viernes no puedo, el sábado sí" keeps the other day.
                return !(words[(index + 2)...].contains { lexicon.weekdays[$0] != nil || ["manana", "el"].contains($0) })
            }
        }
        return false
    }

    private func weigh(_ understanding: Understanding, _ found: inout [Intent: IntentReading]) {
        if found[.deny] != nil, question == .confirmation || question == .open { if words.first == "no", tokens.count > 1, found[.affirm]?.confidence ?? 0 < 0.95 { found[.affirm] = nil } }
        if found[.affirm] != nil, question == .confirmation { put(.accept, found[.affirm]!.confidence, "sí a la confirmación", &found) }
        if found[.deny] != nil, case .choice = question { put(.reject, 0.8, "no a las opciones", &found) }
        if found[.deny] != nil, question == .confirmation { put(.reject, 0.8, "no a la confirmación", &found) }
        if understanding.choice != nil {
            put(.chooseOption, 0.9, "elige una de las opciones", &found)
            put(.accept, 0.85, "elige una de las opciones", &found)
            found[.askPlan] = nil
            found[.promise] = nil
        }
        if understanding.documentDigits != nil { put(.affirm, 0.8, "da su documento", &found) }
        if found[.alreadyPaid] != nil || found[.wrongPerson] != nil || found[.dispute] != nil { found[.affirm] = nil; found[.accept] = nil }
        if found[.unclear] != nil, found.count > 1, found[.affirm] == nil || contains("espera", "que") { if found.keys.contains(where: { [.promise, .deny, .askHuman].contains($0) }) { found[.unclear] = nil } }
        if found[.greet] != nil, tokens.count == 2, contains("buen") { found[.affirm] = nil }
        if isHypothetical {
            for intent in [Intent.affirm, .accept, .cannotPay, .reject, .deny, .promise] { found[intent] = nil }
            put(.askDueDate, 0.8, "pregunta qué pasa si no paga", &found)
        }
        if found.isEmpty { put(.unclear, 0.5, "no se reconoció nada", &found) }
    }
}
