/// A line of a lexicon that cannot be read.
public struct LexiconError: Error, Hashable, Sendable, CustomStringConvertible {
    public let file: String
    public let line: Int
    public let problem: String
    public var description: String { "\(file):\(line): \(problem)" }
}

/// The tables of one locale, compiled from its data files.
struct Lexicon: Sendable {
    var abbreviations: [String: [String]] = [:]
    var numbers: [String: Int] = [:]
    var moneyUnits: [String: Int] = [:]
    var dollars: Set<String> = []
    var ordinals: [String: Int] = [:]
    var weekdays: [String: Int] = [:]
    var months: [String: Int] = [:]
    var verbs: Set<String> = []
    var insults: [String: Int] = [:]
    var patterns: [IntentPattern] = []
    /// Long words that typos are corrected to.
    private var known: Set<String> = []

    /// - Throws: ``LexiconError`` at the first wrong line.
    init(words: String, intents: String, file: (words: String, intents: String)) throws {
        for (number, fields) in try Self.lines(words, file.words, columns: 3) {
            let (kind, word, value) = (fields[0], fields[1], fields[2])
            func integer() throws -> Int {
                guard let integer = Int(value) else {
                    throw LexiconError(file: file.words, line: number, problem: "se esperaba un número entero en la tercera columna, no `\(value)`")
                }
                return integer
            }
            switch kind {
            case "abreviatura": abbreviations[word.folded] = value.split(separator: " ").map { String($0) }
            case "numero": numbers[word] = try integer()
            case "plata": moneyUnits[word] = try integer()
            case "dolar": dollars.insert(word)
            case "orden": ordinals[word] = try integer()
            case "dia": weekdays[word] = try integer()
            case "mes": months[word] = try integer()
            case "verbo": verbs.insert(word)
            case "insulto": insults[word] = try integer()
            default:
                throw LexiconError(
                    file: file.words, line: number,
                    problem: "no existe la clase `\(kind)`; puede ser abreviatura, numero, plata, dolar, orden, dia, mes, verbo o insulto")
            }
        }
        for (number, fields) in try Self.lines(intents, file.intents, columns: 3) {
            guard let intent = Intent(rawValue: fields[0]) else {
                throw LexiconError(file: file.intents, line: number, problem: "no existe la intención `\(fields[0])`")
            }
            guard let confidence = Double(fields[1]), (0...1).contains(confidence) else {
                throw LexiconError(file: file.intents, line: number, problem: "la confianza va de 0 a 1, no `\(fields[1])`")
            }
            patterns.append(IntentPattern(intent: intent, confidence: confidence, source: fields[2]))
        }
        known = Set(weekdays.keys).union(months.keys.filter { $0.count > 4 }).union(numbers.keys.filter { $0.count > 5 })
        for pattern in patterns { known.formUnion(pattern.words.filter { $0.count > 5 }) }
    }

    private static func lines(_ text: String, _ file: String, columns: Int) throws -> [(Int, [String])] {
        var result: [(Int, [String])] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            let fields = line.split(separator: "\t").map { String($0) }
            guard fields.count == columns else {
                throw LexiconError(file: file, line: index + 1, problem: "se esperaban \(columns) columnas separadas por tabulador y hay \(fields.count)")
            }
            result.append((index + 1, fields))
        }
        return result
    }

    /// The known word that `word` misses by one letter, where it is long enough for that to mean something.
    func corrected(_ word: String) -> String {
        guard word.count > 5, !known.contains(word), word.utf8.allSatisfy({ (97...122).contains($0) }) else { return word }
        let letters = Array(word.utf8)
        for candidate in known where abs(candidate.utf8.count - letters.count) <= 1 {
            if candidate.utf8.first == letters.first, Self.oneEdit(Array(candidate.utf8), letters) { return candidate }
        }
        return word
    }

    /// One letter changed, missing, added, or two swapped.
    private static func oneEdit(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        if a.count == b.count {
            let different = a.indices.filter { a[$0] != b[$0] }
            if different.count == 1 {
                // A last letter changes gender, number or person: another word, not a typo.
                return different[0] < a.count - 1
            }
            return different.count == 2 && different[1] == different[0] + 1 && a[different[0]] == b[different[1]] && a[different[1]] == b[different[0]]
        }
        let (long, short) = a.count > b.count ? (a, b) : (b, a)
        var index = 0
        while index < short.count, short[index] == long[index] { index += 1 }
        return index < short.count && Array(long[(index + 1)...]) == Array(short[index...])
    }
}

extension String {
    /// As the tokenizer writes words.
    var folded: String { String(unicodeScalars.compactMap { Tokenizer.fold($0) }) }
}

/// A pattern of words that gives an intent.
struct IntentPattern: Sendable {
    private enum Element: Sendable {
        case start, end, gap, number
        case words([String], optional: Bool)
    }
    let intent: Intent
    let confidence: Double
    let source: String
    private let elements: [Element]

    init(intent: Intent, confidence: Double, source: String) {
        self.intent = intent
        self.confidence = confidence
        self.source = source
        elements = source.split(separator: " ").map { part in
            switch part {
            case "^": return .start
            case "$": return .end
            case "_": return .gap
            case "num": return .number
            default:
                let optional = part.hasSuffix("?")
                return .words((optional ? part.dropLast() : part).split(separator: "|").map { String($0) }, optional: optional)
            }
        }
    }

    var words: [String] {
        elements.flatMap { element -> [String] in
            if case .words(let words, _) = element { words.filter { !$0.contains("*") && $0 != "$" && $0 != "_" && $0 != "num" } } else { [] }
        }
    }

    /// Where the pattern matches; nil where it does not.
    func match(_ tokens: [Token]) -> Range<Int>? {
        for start in 0..<max(1, tokens.count) {
            if let end = match(0, at: start, tokens) { return start..<max(start, end) }
            if case .start = elements.first { return nil }
        }
        return nil
    }

    private func match(_ index: Int, at position: Int, _ tokens: [Token]) -> Int? {
        guard index < elements.count else { return position }
        switch elements[index] {
        case .start: return position == 0 ? match(index + 1, at: position, tokens) : nil
        case .end: return position >= tokens.count ? match(index + 1, at: position, tokens) : nil
        case .gap:
            for skipped in 0...3 where position + skipped <= tokens.count {
                if let end = match(index + 1, at: position + skipped, tokens) { return end }
            }
            return nil
        case .number:
            guard position < tokens.count, tokens[position].isNumber else { return nil }
            return match(index + 1, at: position + 1, tokens)
        case .words(let words, let optional):
            if position < tokens.count, words.contains(where: { Self.equal($0, tokens[position]) }),
                let end = match(index + 1, at: position + 1, tokens)
            {
                return end
            }
            if words.contains("$"), position >= tokens.count { return match(index + 1, at: position, tokens) }
            return optional ? match(index + 1, at: position, tokens) : nil
        }
    }

    private static func equal(_ word: String, _ token: Token) -> Bool {
        if word == token.text || (word == "num" && token.isNumber) { return true }
        return word.last == "*" && token.text.hasPrefix(word.dropLast())
    }
}
