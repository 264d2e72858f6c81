/// One word, number or sign of a message, as the tables know it, and where it stood.
struct Token: Hashable {
    /// Lower case, without accents.
    var text: String
    var span: Span
    var isNumber: Bool { text.utf8.first.map { (48...57).contains($0) } ?? false }
}

/// Cuts a message into tokens. Invisible marks vanish, accents fold, repeated letters shrink, abbreviations expand; spans
/// stay those of the original.
struct Tokenizer {
    let lexicon: Lexicon

    func tokens(of text: String) -> [Token] {
        var tokens: [Token] = []
        var word = ""
        var start = 0
        var end = 0
        var offset = 0
        func flush() {
            guard !word.isEmpty else { return }
            append(word, Span(start, end), to: &tokens)
            word = ""
        }
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let length = UTF8.width(scalar)
            defer { offset += length }
            guard let folded = Self.fold(scalar) else { continue }
            let joins: Bool
            if folded == "." || folded == "," || folded == "/" || folded == "-" {
                let next = index + 1 < scalars.count ? scalars[index + 1].value : 0
                joins = word.last?.isNumber == true && (48...57).contains(next)
            } else {
                joins = folded.isLetter || folded.isNumber
            }
            if joins {
                // "12mil", "30k": a number ends where its unit begins, except in "5to", "1ero".
                if let last = word.last, last.isNumber, folded.isLetter, !startsOrdinal(scalars, at: index) { flush() }
                if word.isEmpty { start = offset }
                let run = word.suffix(2)
                if folded.isLetter, run.count == 2, run.allSatisfy({ $0 == folded }) { word.removeLast(1) } else if !(folded.isLetter && collapsed(scalars, index, folded) && word.last == folded) { word.append(folded) }
                end = offset + length
            } else {
                flush()
                if !folded.isWhitespace { tokens.append(Token(text: String(folded), span: Span(offset, offset + length))) }
            }
        }
        flush()
        return tokens
    }

    /// Whether this letter belongs to a run of three or more of the same.
    private func collapsed(_ scalars: [Unicode.Scalar], _ index: Int, _ letter: Character) -> Bool {
        func same(_ at: Int) -> Bool { scalars.indices.contains(at) && Self.fold(scalars[at]) == letter }
        return (same(index - 1) && same(index - 2)) || (same(index - 1) && same(index + 1)) || (same(index + 1) && same(index + 2))
    }

    private func startsOrdinal(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
        var suffix = ""
        var position = index
        while position < scalars.count, suffix.count < 4, let letter = Self.fold(scalars[position]), letter.isLetter {
            suffix.append(letter)
            position += 1
        }
        return ["to", "ta", "do", "da", "ro", "ra", "er", "ero", "mo", "ma", "vo", "va"].contains(suffix)
    }

    private func append(_ word: String, _ span: Span, to tokens: inout [Token]) {
        if let expansion = lexicon.abbreviations[word] {
            for part in expansion { tokens.append(Token(text: part, span: span)) }
        } else {
            tokens.append(Token(text: lexicon.corrected(word), span: span))
        }
    }

    /// Lower case without accent; nil for marks that nobody sees.
    static func fold(_ scalar: Unicode.Scalar) -> Character? {
        switch scalar.value {
        case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0xFEFF, 0x300...0x36F, 0xFE0F, 0x1F3FB...0x1F3FF, 0: return nil
        case 65...90: return Character(Unicode.Scalar(UInt8(scalar.value + 32)))
        case 0xFF10...0xFF19: return Character(Unicode.Scalar(UInt8(scalar.value - 0xFF10 + 48)))
        case 0xFF21...0xFF3A: return Character(Unicode.Scalar(UInt8(scalar.value - 0xFF21 + 97)))
        case 0xFF41...0xFF5A: return Character(Unicode.Scalar(UInt8(scalar.value - 0xFF41 + 97)))
        case 0..<128: return Character(scalar)
        default: break
        }
        if let plain = foldings[scalar.value] { return plain }
        if scalar.properties.generalCategory == .spaceSeparator { return " " }
        return Character(scalar)
    }

    /// Latin letters with marks and look-alikes of other scripts.
    private static let foldings: [UInt32: Character] = {
        var table: [UInt32: Character] = [:]
        for (letter, variants) in [
            ("a", "áàâäãåÁÀÂÄÃÅаА"), ("e", "éèêëÉÈÊËеЕ"), ("i", "íìîïÍÌÎÏіІ"), ("o", "óòôöõÓÒÔÖÕоОº"), ("u", "úùûüÚÙÛÜ"),
            ("n", "ñÑ"), ("c", "çÇсС"), ("p", "рР"), ("x", "хХ"), ("y", "уУ"),
        ] as [(Character, String)] {
            for scalar in variants.unicodeScalars { table[scalar.value] = letter }
        }
        return table
    }()
}
