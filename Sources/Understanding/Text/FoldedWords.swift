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
    var inWord = false
    var offset = 0
    for scalar in text.unicodeScalars {
        let start = offset
        offset += UTF8.width(scalar)
        let folded = Folding.fold(scalar.value)
        if folded == Folding.invisible { continue }
        guard folded != Folding.space, let plain = Unicode.Scalar(folded) else {
            inWord = false
            continue
        }
        let joins = Folding.isLetter(folded) || (folded >= 48 && folded <= 57)
        if joins && inWord {
            words[words.count - 1].text.unicodeScalars.append(plain)
            words[words.count - 1].span.end = offset
        } else {
            words.append(FoldedWord(text: String(plain), span: Span(start, offset)))
        }
        inWord = joins
    }
    return words
}
