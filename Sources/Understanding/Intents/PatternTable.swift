/// The intent patterns of a locale, compiled to word identifiers and indexed by their first word.
struct PatternTable: Sendable {
    struct Element: Sendable {
        enum Kind: Sendable { case start, end, gap, word, day, amount, question, notAfter, notBefore }
        var kind: Kind
        /// Words that it matches, in ``ids``: from…to.
        var from: Int32 = 0
        var to: Int32 = 0
        var isOptional = false
        /// The end of the message matches too.
        var mayEnd = false
        /// Most words that a gap takes.
        var reach: Int8 = 0
        var words: Range<Int> { Int(from)..<Int(to) }
    }

    struct Pattern: Sendable {
        var intent: Intent
        var confidence: Double
        var elements: Range<Int>
    }

    /// A set of words that may hold others too, never fewer: two bits stand for each word.
    struct WordBits: Sendable {
        var low: UInt64 = 0
        var high: UInt64 = 0

        static let all = WordBits(low: .max, high: .max)
        /// The end of the message.
        static let end = WordBits(low: 1 << 63, high: 1 << 63)

        @inline(__always)
        init(low: UInt64 = 0, high: UInt64 = 0) { (self.low, self.high) = (low, high) }

        @inline(__always)
        init(_ id: UInt32) { self.init(low: 1 << UInt64(id % 63), high: 1 << UInt64(id / 63 % 61)) }

        @inline(__always)
        mutating func formUnion(_ other: WordBits) {
            low |= other.low
            high |= other.high
        }

        @inline(__always)
        func meets(_ other: WordBits) -> Bool { low & other.low != 0 && high & other.high != 0 }
    }

    /// A pattern that may begin with some word, with what says cheaply that it does not match.
    struct Candidate: Sendable {
        /// The words that may come second, ``WordBits/end`` where the message may end there; all where that is open.
        var second: WordBits
        /// The words of which one must stand somewhere in the message, twice; all where none must.
        var needs: WordBits
        var needsToo: WordBits
        var confidence: Double
        var pattern: UInt16
        var intent: Intent
        var asks: Bool
        /// It matches at the beginning of the message only.
        var isAnchored: Bool
    }

    /// The tables while a message is matched: no copies, no counting of references.
    struct Tables {
        let patterns: UnsafeBufferPointer<Pattern>
        let elements: UnsafeBufferPointer<Element>
        let ids: UnsafeBufferPointer<UInt32>
        let candidates: UnsafeBufferPointer<Candidate>
        /// The first bits of what may come second, for each of ``candidates``: read before all else.
        let seconds: UnsafeBufferPointer<UInt64>
        let starts: UnsafeBufferPointer<Range<Int32>>
        let numberStarts: Range<Int32>
        let markStarts: UnsafeBufferPointer<Candidate>

        /// Places in ``candidates`` of the patterns that may begin with `id`.
        @inline(__always)
        func candidates(_ id: UInt32) -> Range<Int32> {
            id == PatternTable.number ? numberStarts : Int(id) < starts.count ? starts[Int(id)] : 0..<0
        }

        @inline(__always)
        func contains(_ element: Element, _ id: UInt32) -> Bool {
            var (low, high) = (Int(element.from), Int(element.to))
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
    }

    /// What digits are in patterns.
    static let number = UInt32.max

    private(set) var patterns: [Pattern] = []
    /// Why, for each pattern.
    private(set) var reasons: [String] = []
    /// Patterns that begin with a day or an amount.
    private var markStarts: [Candidate] = []
    private var elements: [Element] = []
    private var ids: [UInt32] = []
    private var starts: [Range<Int32>] = []
    private var candidates: [Candidate] = []
    private var seconds: [UInt64] = []
    private var numberStarts: Range<Int32> = 0..<0
    private var sets: [String: [UInt32]] = [:]

    var bytes: Int {
        patterns.count * 64 + elements.count * 16 + ids.count * 4 + starts.count * 8 + candidates.count * 80
    }

    func withTables(_ body: (Tables) -> Void) {
        patterns.withUnsafeBufferPointer { patterns in
            elements.withUnsafeBufferPointer { elements in
                ids.withUnsafeBufferPointer { ids in
                    candidates.withUnsafeBufferPointer { candidates in
                        seconds.withUnsafeBufferPointer { seconds in
                            starts.withUnsafeBufferPointer { starts in
                                markStarts.withUnsafeBufferPointer { marks in
                                    body(
                                        Tables(
                                            patterns: patterns, elements: elements, ids: ids, candidates: candidates,
                                            seconds: seconds, starts: starts, numberStarts: numberStarts,
                                            markStarts: marks))
                                }
                            }
                        }
                    }
                }
            }
        }
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
            (element.from, element.to) = (Int32(from), Int32(ids.count))
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

    /// What may stand behind the first word, and what must stand anywhere.
    private func candidate(_ number: Int) -> Candidate {
        let pattern = patterns[number]
        let parts = elements[pattern.elements].drop { $0.kind == .start || $0.kind == .notAfter }
        var candidate = Candidate(
            second: WordBits(), needs: .all, needsToo: .all, confidence: pattern.confidence, pattern: UInt16(number),
            intent: pattern.intent, asks: parts.contains { $0.kind == .question },
            isAnchored: elements[pattern.elements.lowerBound].kind == .start)
        if let first = parts.first, first.kind == .word, !first.isOptional, !first.mayEnd {
            candidate.second = second(parts.dropFirst())
        } else {
            candidate.second = .all
        }
        let mandatory = parts.dropFirst().filter { $0.kind == .word && !$0.isOptional && !$0.mayEnd }
        let rarest = mandatory.sorted { $0.words.count < $1.words.count }
        if let first = rarest.first { candidate.needs = bits(first) }
        if rarest.count > 1 { candidate.needsToo = bits(rarest[1]) }
        return candidate
    }

    /// Words with which the rest of a pattern may go on.
    private func second(_ rest: ArraySlice<Element>) -> WordBits {
        var result = WordBits()
        for element in rest {
            switch element.kind {
            case .word:
                result.formUnion(bits(element))
                if element.mayEnd { result.formUnion(.end) }
                if !element.isOptional { return result }
            case .end:
                result.formUnion(.end)
                return result
            case .question, .notAfter, .notBefore: continue
            case .start, .gap, .day, .amount: return .all
            }
        }
        return .all
    }

    private func bits(_ element: Element) -> WordBits {
        ids[element.words].reduce(into: WordBits()) { $0.formUnion(WordBits($1)) }
    }

    private mutating func index(_ count: Int) {
        var table: [[Candidate]] = Array(repeating: [], count: count)
        var numbers: [Candidate] = []
        for number in patterns.indices {
            let candidate = candidate(number)
            for element in elements[patterns[number].elements] {
                if element.kind == .day || element.kind == .amount {
                    markStarts.append(candidate)
                    break
                }
                guard element.kind == .word else { continue }
                for id in ids[element.words] {
                    if id == Self.number { numbers.append(candidate) } else { table[Int(id)].append(candidate) }
                }
                if !element.isOptional { break }
            }
        }
        for list in table {
            starts.append(Int32(candidates.count)..<Int32(candidates.count + list.count))
            candidates += list
        }
        numberStarts = Int32(candidates.count)..<Int32(candidates.count + numbers.count)
        candidates += numbers
        seconds = candidates.map(\.second.low)
    }
}
