/// What a word or phrase is in one class: how many tokens it takes and what it is worth there.
struct Lexeme: Sendable {
    var cls: WordClass
    var length: Int
    var value: Int64
}

/// The tables of one locale, compiled from its data files; built once, read from everywhere.
final class Lexicon: Sendable {
    struct Phrase: Sendable {
        var lexeme: Lexeme
        var words: Range<Int>
    }

    let vocabulary: Vocabulary
    let patterns: PatternTable
    private let masks: [WordClassSet]
    private let lexemes: [Lexeme]
    private let lexemesOf: [Range<Int>]
    private let phrases: [Phrase]
    /// Phrases of one class that begin with one word, side by side, the longest first.
    private let groups: [(cls: WordClass, phrases: Range<Int>)]
    private let groupsFrom: [Range<Int>]
    private let phraseWords: [UInt32]
    private let reasons: [String]
    /// Endings that make a number a denominator ("veinticinco-avo").
    let fractionSuffixes: [[UInt8]]

    /// - Throws: ``LexiconError`` at the first wrong line.
    init(words: String, intents: String, file: (words: String, intents: String)) throws {
        var builder = LexiconBuilder()
        for line in try LexiconLine.all(of: words, file: file.words, columns: 2...3) { try builder.add(line) }
        var table = PatternTable()
        try table.compile(intents, file: file.intents, vocabulary: &builder.vocabulary)
        builder.finish()
        var (lexemes, lexemesOf): ([Lexeme], [Range<Int>]) = ([], [])
        var (phrases, phraseWords): ([Phrase], [UInt32]) = ([], [])
        var (groups, groupsFrom): ([(cls: WordClass, phrases: Range<Int>)], [Range<Int>]) = ([], [])
        for id in 0..<builder.vocabulary.count {
            lexemesOf.append(lexemes.count..<lexemes.count + builder.singles[id].count)
            lexemes += builder.singles[id]
            let from = groups.count
            let sorted = builder.phrases[id].sorted {
                ($0.lexeme.cls.bit, -$0.words.count) < ($1.lexeme.cls.bit, -$1.words.count)
            }
            for phrase in sorted {
                if groups.count == from || groups[groups.count - 1].cls != phrase.lexeme.cls {
                    groups.append((phrase.lexeme.cls, phrases.count..<phrases.count))
                }
                phrases.append(
                    Phrase(lexeme: phrase.lexeme, words: phraseWords.count..<phraseWords.count + phrase.words.count))
                phraseWords += phrase.words
                groups[groups.count - 1].phrases = groups[groups.count - 1].phrases.lowerBound..<phrases.count
            }
            groupsFrom.append(from..<groups.count)
        }
        vocabulary = builder.vocabulary
        patterns = table
        masks = builder.masks
        reasons = builder.reasons
        fractionSuffixes = builder.fractionSuffixes
        (self.lexemes, self.lexemesOf, self.phrases, self.phraseWords) = (lexemes, lexemesOf, phrases, phraseWords)
        (self.groups, self.groupsFrom) = (groups, groupsFrom)
    }

    /// Bytes of memory that the tables take.
    var bytes: Int {
        vocabulary.bytes + patterns.bytes + masks.count * 24 + lexemes.count * 24
            + (lexemesOf.count + groupsFrom.count) * 16 + groups.count * 24
            + phrases.count * 40 + phraseWords.count * 4 + reasons.count * 16
    }

    func reason(_ reason: Reason) -> String { reasons[reason.index] }
    func reason(at index: Int) -> String { reasons[index] }

    /// Whether a word is of a class by itself, or begins a phrase that is.
    @inline(__always)
    func mayBe(_ id: UInt32, _ cls: WordClass) -> Bool { masks[Int(id)].contains(cls.bit) }

    @inline(__always)
    func mask(_ id: UInt32) -> WordClassSet { masks[Int(id)] }

    /// What the tokens from `index` on are in a class: the longest phrase, else the single word.
    func lexeme(_ cls: WordClass, _ tokens: ContiguousArray<Token>, at index: Int) -> Lexeme? {
        let id = Int(tokens[index].id)
        for group in groupsFrom[id] where groups[group].cls == cls {
            for phrase in groups[group].phrases {
                let words = phrases[phrase].words
                guard index + words.count <= tokens.count else { continue }
                var matches = true
                for offset in 1..<words.count where tokens[index + offset].id != phraseWords[words.lowerBound + offset]
                {
                    matches = false
                    break
                }
                if matches { return phrases[phrase].lexeme }
            }
        }
        for lexeme in lexemesOf[id] where lexemes[lexeme].cls == cls { return lexemes[lexeme] }
        return nil
    }
}
