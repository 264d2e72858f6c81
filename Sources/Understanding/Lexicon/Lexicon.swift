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
    /// Classes of a word by itself or of some phrase that begins with it.
    private let masks: [WordClassSet]
    /// Classes of a word by itself.
    private let ownMasks: [WordClassSet]
    /// For each word ``bit(_:)`` of the words that come second in phrases that begin with it.
    private let seconds: [UInt64]
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
        ownMasks = builder.singles.map { singles in
            singles.reduce(into: WordClassSet()) { $0.insert($1.cls.bit) }
        }
        seconds = builder.phrases.map { $0.reduce(0) { $0 | Self.bit($1.words[1]) } }
        reasons = builder.reasons
        fractionSuffixes = builder.fractionSuffixes
        (self.lexemes, self.lexemesOf, self.phrases, self.phraseWords) = (lexemes, lexemesOf, phrases, phraseWords)
        (self.groups, self.groupsFrom) = (groups, groupsFrom)
    }

    /// Bytes of memory that the tables take.
    var bytes: Int {
        vocabulary.bytes + patterns.bytes + masks.count * 56 + lexemes.count * 24
            + (lexemesOf.count + groupsFrom.count) * 16 + groups.count * 24
            + phrases.count * 40 + phraseWords.count * 4 + reasons.count * 16
    }

    func reason(_ reason: Reason) -> String { reasons[reason.index] }
    func reason(at index: Int) -> String { reasons[index] }

    @inline(__always)
    private static func bit(_ id: UInt32) -> UInt64 { 1 << UInt64(id & 63) }

    /// The classes that the tokens from `index` on are of.
    @inline(__always)
    func classes(_ tokens: UnsafeBufferPointer<Token>, at index: Int) -> WordClassSet {
        let id = Int(tokens[index].id)
        var result = ownMasks[id]
        guard seconds[id] != 0, index + 1 < tokens.count, seconds[id] & Self.bit(tokens[index + 1].id) != 0 else {
            return result
        }
        for group in groupsFrom[id] where !result.contains(groups[group].cls.bit) {
            if phrase(groups[group].phrases, tokens, at: index) != nil { result.insert(groups[group].cls.bit) }
        }
        return result
    }

    /// The longest of these phrases that the tokens from `index` on are.
    @inline(__always)
    private func phrase(_ candidates: Range<Int>, _ tokens: UnsafeBufferPointer<Token>, at index: Int) -> Int? {
        candidates.first { candidate in
            let words = phrases[candidate].words
            guard index + words.count <= tokens.count else { return false }
            for offset in 1..<words.count where tokens[index + offset].id != phraseWords[words.lowerBound + offset] {
                return false
            }
            return true
        }
    }

    /// Classes of a word by itself or of some phrase that begins with it.
    @inline(__always)
    func mask(_ id: UInt32) -> WordClassSet { masks[Int(id)] }

    /// What the tokens from `index` on are in a class: the longest phrase, else the single word.
    func lexeme(_ cls: WordClass, _ tokens: ContiguousArray<Token>, at index: Int) -> Lexeme? {
        let id = tokens[index].id
        if seconds[Int(id)] != 0, index + 1 < tokens.count, seconds[Int(id)] & Self.bit(tokens[index + 1].id) != 0 {
            let longest = tokens.withUnsafeBufferPointer { tokens -> Int? in
                for group in groupsFrom[Int(id)] where groups[group].cls == cls {
                    return phrase(groups[group].phrases, tokens, at: index)
                }
                return nil
            }
            if let longest { return phrases[longest].lexeme }
        }
        return lexeme(cls, of: id)
    }

    /// What a word is in a class by itself.
    @inline(__always)
    func lexeme(_ cls: WordClass, of id: UInt32) -> Lexeme? {
        for lexeme in lexemesOf[Int(id)] where lexemes[lexeme].cls == cls { return lexemes[lexeme] }
        return nil
    }
}
