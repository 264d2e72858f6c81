/// The tokens of a message with the tables that say what they are: what every grammar reads from.
final class TokenStream: Sendable {
    let lexicon: Lexicon
    let text: TokenizedText
    var tokens: ContiguousArray<Token> { @inline(__always) _read { yield text.tokens } }
    /// Classes that some token may be of.
    let present: WordClassSet

    init(_ text: TokenizedText, lexicon: Lexicon) {
        self.text = text
        self.lexicon = lexicon
        var present = WordClassSet()
        for token in text.tokens { present.formUnion(lexicon.mask(token.id)) }
        self.present = present
    }

    var count: Int { tokens.count }

    /// Whether a token is of any of the classes, by itself or as the beginning of a phrase.
    @inline(__always)
    func mayBe(_ classes: WordClassSet, _ index: Int) -> Bool {
        index >= 0 && index < tokens.count && lexicon.mask(tokens[index].id).intersects(classes)
    }

    /// What the tokens from `index` on are in a class; nil where they are not.
    @inline(__always)
    func lexeme(_ cls: WordClass, _ index: Int) -> Lexeme? {
        guard index >= 0, index < tokens.count, lexicon.mayBe(tokens[index].id, cls) else { return nil }
        return lexicon.lexeme(cls, tokens, at: index)
    }

    func has(_ cls: WordClass, _ index: Int) -> Bool { lexeme(cls, index) != nil }

    /// How many tokens from `index` on are of a class; 0 where none.
    func length(_ cls: WordClass, _ index: Int) -> Int { lexeme(cls, index)?.length ?? 0 }

    /// `index` moved past one word or phrase of the class, where there is one.
    func skip(_ cls: WordClass, _ index: Int) -> Int { index + length(cls, index) }

    /// `index` moved past the words that are of any of the classes, six at most.
    func skipAll(_ classes: WordClass..., from start: Int) -> Int {
        var index = start
        while index < start + 6 {
            var moved = false
            for cls in classes {
                let length = length(cls, index)
                if length > 0 {
                    index += length
                    moved = true
                }
            }
            if !moved { break }
        }
        return index
    }

    /// Whether some token begins a word or phrase of a class.
    func contains(_ cls: WordClass) -> Bool {
        guard present.contains(cls.bit) else { return false }
        for index in tokens.indices where has(cls, index) { return true }
        return false
    }

    /// Whether the class stands among the `distance` tokens before `index`.
    func hasNear(_ cls: WordClass, before index: Int, within distance: Int) -> Bool {
        var position = max(0, index - distance)
        while position < min(index, count) {
            if has(cls, position) { return true }
            position += 1
        }
        return false
    }

    func isDigits(_ index: Int) -> Bool { index >= 0 && index < tokens.count && tokens[index].kind == .digits }

    /// Whether the token is this ASCII sign.
    func isSign(_ index: Int, _ sign: Unicode.Scalar) -> Bool {
        index >= 0 && index < tokens.count && tokens[index].kind == .sign && tokens[index].value == Int64(sign.value)
    }

    func isGlued(_ index: Int) -> Bool { index >= 0 && index < tokens.count && tokens[index].glued }

    func span(_ range: Range<Int>) -> Span { text.span(range) }
}
