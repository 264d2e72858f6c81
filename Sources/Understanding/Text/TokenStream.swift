/// The tokens of a message with the tables that say what they are: what every grammar reads from.
final class TokenStream: Sendable {
    let lexicon: Lexicon
    let text: TokenizedText
    var tokens: ContiguousArray<Token> { @inline(__always) _read { yield text.tokens } }
    /// Classes that some token is of.
    let present: WordClassSet
    let hasDigits: Bool

    init(_ text: consuming TokenizedText, lexicon: Lexicon) {
        var present = WordClassSet()
        var hasDigits = false
        text.tokens.withUnsafeMutableBufferPointer { tokens in
            for index in tokens.indices {
                let classes = lexicon.classes(UnsafeBufferPointer(tokens), at: index)
                tokens[index].classes = classes
                present.formUnion(classes)
                if tokens[index].kind == .digits { hasDigits = true }
            }
        }
        (self.text, self.lexicon, self.present, self.hasDigits) = (text, lexicon, present, hasDigits)
    }

    var count: Int { tokens.count }

    /// Whether a token is, or begins what is, of any of the classes.
    @inline(__always)
    func mayBe(_ classes: WordClassSet, _ index: Int) -> Bool {
        index >= 0 && index < tokens.count && tokens[index].classes.intersects(classes)
    }

    /// Whether the word could begin a phrase of any of the classes, also where the phrase does not go on.
    func mayStart(_ classes: WordClassSet, _ index: Int) -> Bool {
        lexicon.mask(tokens[index].id).intersects(classes)
    }

    /// What the tokens from `index` on are in a class; nil where they are not.
    @inline(__always)
    func lexeme(_ cls: WordClass, _ index: Int) -> Lexeme? {
        guard index >= 0, index < tokens.count, tokens[index].classes.contains(cls.bit) else { return nil }
        return lexicon.lexeme(cls, tokens, at: index)
    }

    @inline(__always)
    func has(_ cls: WordClass, _ index: Int) -> Bool {
        index >= 0 && index < tokens.count && tokens[index].classes.contains(cls.bit)
    }

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
    @inline(__always)
    func contains(_ cls: WordClass) -> Bool { present.contains(cls.bit) }

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
