/// Denominators made of a number and an ending: "veinticinco-avo".
struct FractionWord {
    let lexicon: Lexicon

    /// - Parameter word: folded.
    func denominator(of word: [UInt8]) -> Int64? {
        for suffix in lexicon.fractionSuffixes
        where word.count > suffix.count + 2 && word.suffix(suffix.count).elementsEqual(suffix) {
            let stem = Array(word.dropLast(suffix.count))
            if let value = number(stem) { return value }
        }
        return nil
    }

    /// The value of number words written together ("treintaicinco").
    private func number(_ word: [UInt8]) -> Int64? {
        if let value = value(word) { return value }
        for cut in stride(from: word.count - 3, through: 4, by: -1) {
            guard let first = value(Array(word[..<cut])), first >= 20, first % 10 == 0 else { continue }
            let rest = Array(word[cut...])
            if let second = value(rest), second < 10 { return first + second }
            if isAnd(rest[0]), let second = value(Array(rest.dropFirst())), second < 10 { return first + second }
        }
        return nil
    }

    private func value(_ word: [UInt8]) -> Int64? { lexeme(.number, word)?.value }
    private func isAnd(_ letter: UInt8) -> Bool { lexeme(.and, [letter]) != nil }

    private func lexeme(_ cls: WordClass, _ word: [UInt8]) -> Lexeme? {
        let id = word.withUnsafeBufferPointer { lexicon.vocabulary.find($0) }
        return id == 0 ? nil : lexicon.lexeme(cls, of: id)
    }
}
