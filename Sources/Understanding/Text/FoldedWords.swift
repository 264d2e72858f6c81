/// One word, number or sign of a text: folded as the reader folds messages, with the place where it was written.
public struct FoldedWord: Hashable, Sendable {
    /// Lower case, without accents; look-alikes of other scripts are the letters they imitate.
    public var text: String
    /// UTF-8 offsets in the text as it was written.
    public var span: Span
}

/// The words, numbers and signs of a text, folded but neither corrected nor expanded.
public func foldedWords(of text: String) -> [FoldedWord] {
    var words: [FoldedWord] = []
    /// The letters of a word that goes on.
    var letters: [UInt8] = []
    var (from, to) = (0, 0)
    func endWord() {
        if letters.isEmpty { return }
        words.append(FoldedWord(text: String(decoding: letters, as: UTF8.self), span: Span(from, to)))
        letters.removeAll(keepingCapacity: true)
    }
    var offset = 0
    for scalar in text.unicodeScalars {
        let start = offset
        offset += UTF8.width(scalar)
        let folded = Folding.fold(scalar.value)
        if folded == Folding.invisible { continue }
        guard folded != Folding.space, let plain = Unicode.Scalar(folded) else {
            endWord()
            continue
        }
        if Folding.isLetter(folded) || (folded >= 48 && folded <= 57) {
            if letters.isEmpty { from = start }
            to = offset
            if folded < 128 { letters.append(UInt8(folded)) } else { letters += UTF8.encode(plain)! }
        } else {
            endWord()
            words.append(FoldedWord(text: String(plain), span: Span(start, offset)))
        }
    }
    endWord()
    return words
}
