/// The intent patterns of a locale, compiled to word identifiers and indexed by their first word.
struct PatternTable: Sendable {
    struct Element: Sendable {
        enum Kind: Sendable { case start, end, gap, word, day, amount, question, notAfter, notBefore }
        var kind: Kind
        /// Words that it matches, in ``ids``.
        var words: Range<Int> = 0..<0
        var isOptional = false
        /// The end of the message matches too.
        var mayEnd = false
        /// Most words that a gap takes.
        var reach = 0
    }

    struct Pattern: Sendable {
        var intent: Intent
        var confidence: Double
        var elements: Range<Int>
        /// Bits of the words that may come second (their identifiers, modulo 64); all where that is open.
        var second = UInt64.max
    }

    /// What digits are in patterns.
    static let number = UInt32.max

    private(set) var patterns: [Pattern] = []
    /// Why, for each pattern.
    private(set) var reasons: [String] = []
    /// Patterns that begin with a day or an amount.
    private(set) var markStarts: [UInt16] = []
    private(set) var elements: [Element] = []
    private(set) var ids: [UInt32] = []
    private var starts: [Range<Int>] = []
    private var startPatterns: [UInt16] = []
    /// ``Pattern/second`` of each of ``startPatterns``, side by side for speed.
    private var startSeconds: [UInt64] = []
    private var numberStarts: Range<Int> = 0..<0
    private var sets: [String: [UInt32]] = [:]

    var bytes: Int {
        patterns.count * 72 + elements.count * 40 + ids.count * 4 + starts.count * 16 + startPatterns.count * 2
    }

    /// Places in the index of the patterns that may begin with `id`.
    @inline(__always)
    func candidates(_ id: UInt32) -> Range<Int> {
        id == Self.number ? numberStarts : Int(id) < starts.count ? starts[Int(id)] : 0..<0
    }

    /// Whether the pattern at a place of the index may go on with the word `next`.
    @inline(__always)
    func mayFollow(_ candidate: Int, _ next: UInt32?) -> Bool {
        let bits = startSeconds[candidate]
        return bits == .max || next.map { bits >> UInt64($0 & 63) & 1 == 1 } ?? false
    }

    @inline(__always)
    func pattern(_ candidate: Int) -> Int { Int(startPatterns[candidate]) }

    func contains(_ element: Element, _ id: UInt32) -> Bool {
        var (low, high) = (element.words.lowerBound, element.words.upperBound)
        // Sorted: long sets are halved until few are left.
        while high - low > 8 {
            let middle = (low + high) / 2
            if ids[middle] <= id { low = middle } else { high = middle }
        }
        while low < high {
            if ids[low] == id { return true }
            low += 1
        }
        return false
    }

    // MARK: Compiling

    /// - Throws: ``LexiconError`` at the first wrong line.
    mutating func compile(_ text: String, file: String, vocabulary: inout Vocabulary) throws {
        let lines = try LexiconLine.all(of: text, file: file, columns: 2...3)
        // Every word first, so that `pala*` covers those of later lines too.
        for line in lines {
            for part in line.fields[line.fields.count - 1].split(whereSeparator: { " |?!~".contains($0) })
            where !part.hasPrefix("@") && !part.hasPrefix("{") {
                let isStem = part.hasSuffix("*")
                for word in Tokenizer.words(of: String(isStem ? part.dropLast() : part)) {
                    _ = isStem ? vocabulary.intern(stem: word) : [vocabulary.intern(word)]
                }
            }
        }
        for line in lines {
            if line.fields[0].hasPrefix("@") {
                let name = line.fields[0]
                if sets[name] != nil { throw line.error("el conjunto `\(name)` ya está definido más arriba") }
                sets[name] = try words(line.fields[1], line, &vocabulary)
                continue
            }
            guard line.fields.count == 3 else {
                throw line.error("se esperaban 3 columnas: intención, confianza y patrón")
            }
            guard let intent = Intent(rawValue: line.fields[0]) else {
                throw line.error(
                    "no existe la intención `\(line.fields[0])`; puede ser \(Intent.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            guard let confidence = Double(line.fields[1]), (0...1).contains(confidence) else {
                throw line.error("la confianza va de 0 a 1, no `\(line.fields[1])`")
            }
            let from = elements.count
            for part in line.fields[2].split(separator: " ") { try add(String(part), line, &vocabulary) }
            guard elements[from...].contains(where: { $0.kind == .word || $0.kind == .day || $0.kind == .amount })
            else {
                throw line.error("el patrón `\(line.fields[2])` no tiene ninguna palabra")
            }
            patterns.append(
                Pattern(intent: intent, confidence: confidence, elements: from..<elements.count))
            reasons.append("patrón «\(line.fields[2])»")
        }
        index(vocabulary.count)
    }

    private mutating func add(_ part: String, _ line: LexiconLine, _ vocabulary: inout Vocabulary) throws {
        switch part {
        case "^": elements.append(Element(kind: .start))
        case "$": elements.append(Element(kind: .end))
        case "_": elements.append(Element(kind: .gap, reach: 3))
        case "__": elements.append(Element(kind: .gap, reach: 8))
        case "{dia}": elements.append(Element(kind: .day))
        case "{monto}": elements.append(Element(kind: .amount))
        case "{?}": elements.append(Element(kind: .question))
        case "{?}?": break
        default:
            var rest = part[...]
            var element = Element(kind: .word)
            if rest.hasPrefix("!") {
                element.kind = .notAfter
                rest = rest.dropFirst()
            } else if rest.hasPrefix("~") {
                element.kind = .notBefore
                rest = rest.dropFirst()
            }
            if rest.hasSuffix("?") {
                element.isOptional = true
                rest = rest.dropLast()
            }
            element.mayEnd = rest.split(separator: "|").contains("$")
            let from = ids.count
            ids += Set(try words(String(rest), line, &vocabulary)).sorted()
            element.words = from..<ids.count
            elements.append(element)
        }
    }

    private func words(_ text: String, _ line: LexiconLine, _ vocabulary: inout Vocabulary) throws -> [UInt32] {
        var result: [UInt32] = []
        for word in text.split(separator: "|") where word != "$" {
            if word == "num" {
                result.append(Self.number)
            } else if word.hasPrefix("@") {
                guard let set = sets[String(word)] else { throw line.error("no está definido el conjunto `\(word)`") }
                result += set
            } else {
                let stem = word.hasSuffix("*")
                let folded = Tokenizer.words(of: String(stem ? word.dropLast() : word))
                guard folded.count == 1 else { throw line.error("se esperaba una sola palabra, no `\(word)`") }
                result += stem ? vocabulary.intern(stem: folded[0]) : [vocabulary.intern(folded[0])]
            }
        }
        return result
    }

    /// Where the first two elements are words, the second says cheaply that most patterns do not match.
    private func secondBits(_ range: Range<Int>) -> UInt64 {
        let parts = elements[range].filter { $0.kind != .start }
        guard parts.count >= 2, parts[0].kind == .word, !parts[0].isOptional, !parts[0].mayEnd, parts[1].kind == .word,
            !parts[1].isOptional, !parts[1].mayEnd
        else { return .max }
        return ids[parts[1].words].reduce(0) { $0 | 1 << UInt64($1 & 63) }
    }

    private mutating func index(_ count: Int) {
        for number in patterns.indices { patterns[number].second = secondBits(patterns[number].elements) }
        var table: [[UInt16]] = Array(repeating: [], count: count)
        var numbers: [UInt16] = []
        for (number, pattern) in patterns.enumerated() {
            for element in elements[pattern.elements] {
                if element.kind == .day || element.kind == .amount {
                    markStarts.append(UInt16(number))
                    break
                }
                guard element.kind == .word else { continue }
                for id in ids[element.words] {
                    if id == Self.number {
                        numbers.append(UInt16(number))
                    } else {
                        table[Int(id)].append(UInt16(number))
                    }
                }
                if !element.isOptional { break }
            }
        }
        for list in table {
            starts.append(startPatterns.count..<startPatterns.count + list.count)
            startPatterns += list
        }
        numberStarts = startPatterns.count..<startPatterns.count + numbers.count
        startPatterns += numbers
        startSeconds = startPatterns.map { patterns[Int($0)].second }
    }
}
