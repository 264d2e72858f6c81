/// One word, run of digits or sign of a message, and where it stood.
struct Token {
    enum Kind: UInt8 { case word, digits, sign }

    /// The word or sign in the vocabulary; 0 where it is not there, and for digits.
    var id: UInt32
    var kind: Kind
    /// Nothing, not even a space, stood between this token and the one before.
    var glued: Bool
    /// How many digits were written; 0 for the rest.
    var digits: UInt8
    /// What the digits say; the scalar of a sign; for words, where and how long they are in the normalised text.
    var value: Int64
    /// UTF-8 offsets in the message as it was received.
    var start: Int32
    var end: Int32
    /// The classes that the words from here on are of, phrases among them; filled by ``TokenStream``.
    var classes = WordClassSet()
}

/// A message as the readers see it.
struct TokenizedText {
    var tokens = ContiguousArray<Token>()
    /// The message after normalisation, in UTF-8.
    var normalised: [UInt8] = []
    /// Letters seen, and how many of them were capitals.
    var letters = 0
    var capitals = 0
    /// The longest run of exclamation marks.
    var exclamations = 0
    var hasQuestion = false

    /// The folded letters of a word.
    func letters(of token: Token) -> [UInt8] {
        let (from, count) = (Int(token.value >> 16), Int(token.value & 0xFFFF))
        return Array(normalised[from..<from + count])
    }

    func span(_ range: Range<Int>) -> Span {
        guard !tokens.isEmpty else { return Span(0, 0) }
        let first = min(max(range.lowerBound, 0), tokens.count - 1)
        let last = min(max(range.upperBound - 1, first), tokens.count - 1)
        return Span(Int(tokens[first].start), Int(tokens[last].end))
    }
}
