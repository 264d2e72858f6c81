import Understanding

/// Lists of wordings, each under a name, that are looked for in a text whatever its capitals, accents and look-alikes.
public struct PhraseTable: Sendable {
    /// One element of a pattern.
    struct Element: Sendable {
        enum Kind: Sendable { case word, gap, hour, creditor, notAfter }
        var kind: Kind
        var words: Set<String> = []
        /// `pala*`.
        var stems: [String] = []
        var isOptional = false

        /// How often it is met, roughly: short words ("no", "de") are everywhere.
        var frequency: Int { words.reduce(stems.count * 2) { $0 + ($1.utf8.count < 3 ? 50 : 2) } }

        func takes(_ word: String) -> Bool { words.contains(word) || stems.contains { word.hasPrefix($0) } }
    }

    /// What a pattern matched.
    public struct Match: Hashable, Sendable {
        /// As it was written in the table.
        public var pattern: String
        /// UTF-8 offsets in the text.
        public var span: Span
        /// Minutes of the day, where the pattern names hours.
        var hours: [Int] = []
    }

    private struct Pattern: Sendable {
        let text: String
        let elements: [Element]
    }

    private var lists: [String: [Pattern]] = [:]
    /// Lists by the words of which every text that they match has one, and by how those words begin.
    private var listsByWord: [String: Set<String>] = [:]
    private var listsByStem: [(stem: String, list: String)] = []
    /// Lists with a pattern that needs no word.
    private var listsWithoutKey: Set<String> = []
    /// Words for the hours of the clock: "mediodía".
    private var hourWords: [String: Int] = [:]
    public private(set) var names: [String] = []

    public func has(_ name: String) -> Bool { lists[name] != nil }

    /// The first place where a wording of the list stands in the text.
    /// - Parameter creditor: what `{acreedor}` stands for in the wordings.
    public func first(_ name: String, in text: String, creditor: String? = nil) -> Match? {
        first(name, in: folded(text), creditor: creditor)
    }

    /// A text as the lists look through it.
    struct FoldedText {
        let words: [FoldedWord]
        /// The lists that may match it, besides those without a key.
        let lists: Set<String>
    }

    func folded(_ text: String) -> FoldedText {
        let words = foldedWords(of: text)
        var lists: Set<String> = []
        for word in words {
            if let more = listsByWord[word.text] { lists.formUnion(more) }
            for key in listsByStem where word.text.utf8.starts(with: key.stem.utf8) { lists.insert(key.list) }
        }
        return FoldedText(words: words, lists: lists)
    }

    func first(_ name: String, in text: FoldedText, creditor: String? = nil) -> Match? {
        guard text.lists.contains(name) || listsWithoutKey.contains(name) else { return nil }
        let words = text.words
        let creditor = creditor.map { foldedWords(of: $0).map(\.text) } ?? []
        for start in words.indices {
            for pattern in lists[name] ?? [] {
                var matcher = PhraseMatcher(words: words, creditor: creditor, hourWords: hourWords)
                guard let end = matcher.match(pattern.elements[...], from: start), end > start else { continue }
                return Match(
                    pattern: pattern.text, span: Span(words[start].span.start, words[end - 1].span.end),
                    hours: matcher.hours)
            }
        }
        return nil
    }

    // MARK: Reading

    /// Reads `list<TAB>pattern` lines; `@set<TAB>a|b|c` names alternatives for later lines; `#` opens a comment line.
    ///
    /// In a pattern: `a|b` one or the other, `palabra?` may be missing, `pala*` begins so, `_` up to three words,
    /// `{hora}` an hour, `{acreedor}` the creditor's name, `!a|b` not after one of these.
    /// - Throws: ``ConductFileError`` with every line that is wrong.
    public static func parse(_ text: String, file: String) throws -> PhraseTable {
        var table = ConductTable(text, file: file, columns: ["lista", "frase"])
        var result = PhraseTable()
        var sets: [String: Element] = [:]
        for line in table.lines {
            let name = line.fields[0]
            do {
                if name.hasPrefix("@") {
                    sets[name] = try alternatives(line.fields[1][...], sets)
                } else if name.hasPrefix("hora.") {
                    guard let hour = Int(name.dropFirst(5)), (0...24).contains(hour) else {
                        table.report(line, field: 0, "se esperaba una hora de 0 a 24, como `hora.12`")
                        continue
                    }
                    for word in try alternatives(line.fields[1][...], sets).words { result.hourWords[word] = hour }
                } else {
                    let elements = try line.fields[1].split(separator: " ").map { try element($0, sets) }
                    guard elements.contains(where: { $0.kind == .word && !$0.isOptional || $0.kind == .creditor })
                    else { throw PatternProblem(text: "la frase `\(line.fields[1])` no tiene ninguna palabra") }
                    if result.lists[name] == nil { result.names.append(name) }
                    result.lists[name, default: []].append(Pattern(text: line.fields[1], elements: elements))
                }
            } catch let problem as PatternProblem {
                table.report(line, field: 1, problem.text)
            }
        }
        guard table.problems.isEmpty else { throw ConductFileError(problems: table.problems) }
        for (name, patterns) in result.lists {
            guard let key = key(of: patterns) else {
                result.listsWithoutKey.insert(name)
                continue
            }
            for word in key.words { result.listsByWord[word, default: []].insert(name) }
            result.listsByStem += key.stems.map { ($0, name) }
        }
        return result
    }

    /// The word of each pattern that may not be missing and is the rarest, together; nil where a pattern has none.
    private static func key(of patterns: [Pattern]) -> Element? {
        var key = Element(kind: .word)
        for pattern in patterns {
            let needed = pattern.elements.filter { $0.kind == .word && !$0.isOptional }
            guard let rarest = needed.min(by: { $0.frequency < $1.frequency })
            else { return nil }
            key.words.formUnion(rarest.words)
            key.stems += rarest.stems
        }
        return key
    }

    private struct PatternProblem: Error { let text: String }

    private static func element(_ part: Substring, _ sets: [String: Element]) throws -> Element {
        switch part {
        case "_": return Element(kind: .gap)
        case "{hora}": return Element(kind: .hour)
        case "{acreedor}": return Element(kind: .creditor)
        default:
            var rest = part
            let negated = rest.hasPrefix("!")
            if negated { rest = rest.dropFirst() }
            let optional = rest.hasSuffix("?")
            if optional { rest = rest.dropLast() }
            var element = try alternatives(rest, sets)
            element.isOptional = optional
            if negated { element.kind = .notAfter }
            return element
        }
    }

    private static func alternatives(_ text: Substring, _ sets: [String: Element]) throws -> Element {
        var element = Element(kind: .word)
        for word in text.split(separator: "|", omittingEmptySubsequences: false) {
            if word.hasPrefix("@") {
                guard let set = sets[String(word)] else {
                    throw PatternProblem(text: "no está definido más arriba el conjunto `\(word)`")
                }
                element.words.formUnion(set.words)
                element.stems += set.stems
                continue
            }
            let stem = word.hasSuffix("*")
            let folded = foldedWords(of: String(stem ? word.dropLast() : word))
            guard folded.count == 1 else { throw PatternProblem(text: "se esperaba una sola palabra, no `\(word)`") }
            if stem { element.stems.append(folded[0].text) } else { element.words.insert(folded[0].text) }
        }
        return element
    }
}

/// Matches one pattern at one place of a text.
private struct PhraseMatcher {
    let words: [FoldedWord]
    let creditor: [String]
    let hourWords: [String: Int]
    var hours: [Int] = []

    private static let longestGap = 3

    /// Where the match ends; nil where there is none.
    mutating func match(_ elements: ArraySlice<PhraseTable.Element>, from place: Int) -> Int? {
        guard let element = elements.first else { return place }
        let rest = elements.dropFirst()
        switch element.kind {
        case .notAfter:
            return place > 0 && element.takes(words[place - 1].text) ? nil : match(rest, from: place)
        case .gap:
            for length in 0...Self.longestGap where place + length <= words.count {
                if let end = match(rest, from: place + length) { return end }
            }
            return nil
        case .word:
            if place < words.count, element.takes(words[place].text), let end = match(rest, from: place + 1) {
                return end
            }
            return element.isOptional ? match(rest, from: place) : nil
        case .creditor:
            let end = place + creditor.count
            guard !creditor.isEmpty, end <= words.count, words[place..<end].map(\.text) == creditor else { return nil }
            return match(rest, from: end)
        case .hour:
            guard let (minutes, end) = hour(at: place) else { return nil }
            hours.append(minutes)
            if let end = match(rest, from: end) { return end }
            hours.removeLast()
            return nil
        }
    }

    /// "14", "14hs", "14:30", "2 de la tarde", "9 pm", "mediodía": minutes of the day, and where it ends.
    private func hour(at place: Int) -> (minutes: Int, end: Int)? {
        guard place < words.count else { return nil }
        var end = place + 1
        var hour: Int
        var minute = 0
        let digits = words[place].text.prefix { $0.isASCII && $0.isNumber }
        let suffix = words[place].text.dropFirst(digits.count)
        if let number = Int(digits), ["", "h", "hs", "hrs", "am", "pm"].contains(suffix) {
            hour = number
            if end + 1 < words.count, [":", "."].contains(words[end].text), words[end + 1].text.count == 2,
                let minutes = Int(words[end + 1].text), minutes < 60
            {
                (minute, end) = (minutes, end + 2)
            }
        } else if let named = hourWords[words[place].text] {
            hour = named
        } else {
            return nil
        }
        if end < words.count, ["h", "hs", "hrs", "horas"].contains(words[end].text) { end += 1 }
        var half = String(suffix)
        if end < words.count, ["am", "pm"].contains(words[end].text) {
            half = words[end].text
            end += 1
        } else if end + 2 < words.count, words[end].text == "de", words[end + 1].text == "la" {
            switch words[end + 2].text {
            case "manana": half = "am"
            case "tarde", "noche": half = "pm"
            default: break
            }
            if half == "am" || half == "pm" { end += 3 }
        }
        // Nobody asks to be written to before seven in the morning: a bare "2" is two in the afternoon.
        if hour < 12, half == "pm" || (half != "am" && (1...6).contains(hour)) { hour += 12 }
        guard (0...24).contains(hour), hour * 60 + minute <= 1440 else { return nil }
        return (hour * 60 + minute, end)
    }
}
