/// Collects the lines of the word files into tables.
struct LexiconBuilder {
    var vocabulary = Vocabulary()
    /// Classes of a word by itself or of some phrase that begins with it, by its identifier.
    private(set) var masks: [WordClassSet] = [WordClassSet()]
    private(set) var singles: [[Lexeme]] = [[]]
    private(set) var phrases: [[(lexeme: Lexeme, words: [UInt32])]] = [[]]
    private(set) var reasons: [String] = Reason.allCases.map(\.rawValue)
    private(set) var fractionSuffixes: [[UInt8]] = []

    mutating func finish() {
        grow()
        for id in 1..<UInt32(vocabulary.count) { forgive(id) }
    }

    private mutating func grow() {
        while masks.count < vocabulary.count {
            masks.append(WordClassSet())
            singles.append([])
            phrases.append([])
        }
    }

    /// - Throws: ``LexiconError`` with what was found and what was expected.
    mutating func add(_ line: LexiconLine) throws {
        let name = line.fields[0]
        let value = line.fields.count == 3 ? line.fields[2] : ""
        if name == "razon" {
            guard let reason = Reason(rawValue: line.fields[1]) else {
                throw line.error(
                    "no existe la razón `\(line.fields[1])`; puede ser \(Reason.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            reasons[reason.index] = value
            return
        }
        if name == "sufijo_fraccion" {
            fractionSuffixes += Tokenizer.words(of: line.fields[1])
            return
        }
        // Several spellings in one line are separated by `|`.
        for spelling in line.fields[1].split(separator: "|") {
            let words = Tokenizer.words(of: String(spelling)).map { vocabulary.intern($0) }
            grow()
            guard let first = words.first else { throw line.error("la segunda columna no tiene ninguna palabra") }
            if name == "palabra" { continue }
            if name == "abreviatura" {
                guard words.count == 1 else {
                    throw line.error("una abreviatura es una sola palabra, no `\(spelling)`")
                }
                let expansion = Tokenizer.words(of: value).map { vocabulary.intern($0) }
                guard !expansion.isEmpty else {
                    throw line.error("falta en la tercera columna qué quiere decir `\(spelling)`")
                }
                vocabulary.expand(first, to: expansion)
                grow()
                continue
            }
            guard let cls = WordClass(rawValue: name) else {
                throw line.error(
                    "no existe la clase `\(name)`; puede ser abreviatura, palabra, razon, \(WordClass.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            let lexeme = Lexeme(cls: cls, length: words.count, value: try LexiconValue.read(value, of: cls, line))
            masks[Int(first)].insert(cls.bit)
            if words.count == 1 {
                singles[Int(first)].append(lexeme)
            } else {
                phrases[Int(first)].append((lexeme, words))
                phrases[Int(first)].sort { $0.words.count > $1.words.count }
            }
        }
    }

    /// Typos are forgiven in long words, and in weekdays, months and numbers of five letters.
    private mutating func forgive(_ id: UInt32) {
        let precise: [WordClass] = [.weekday, .month, .number, .unit, .relativeDay, .money, .instalments, .yes]
        let length = vocabulary.text(id).count
        if singles[Int(id)].contains(where: { $0.cls == .scale && $0.value > 1_000_000 }) { return }
        if length >= 6 || (length == 5 && singles[Int(id)].contains { precise.contains($0.cls) }) {
            vocabulary.forgiveTypos(of: id)
        }
    }
}
