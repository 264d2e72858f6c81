/// Cuts a message into tokens. Invisible marks vanish, accents fold, repeated letters shrink, abbreviations expand, typos
/// are forgiven; spans stay those of the original.
struct Tokenizer {
    let lexicon: Lexicon
    /// Never copied: it lives in the lexicon.
    private var vocabulary: Vocabulary { @inline(__always) _read { yield lexicon.vocabulary } }
    /// Bytes of a message that are read; what lies beyond is not.
    static let limit = 4000
    private static let longestWord = 40

    func tokens(of text: String) -> TokenizedText {
        var text = text
        return text.withUTF8 { tokens(of: $0) }
    }

    private func tokens(of bytes: UnsafeBufferPointer<UInt8>) -> TokenizedText {
        var result = TokenizedText()
        result.tokens.reserveCapacity(min(bytes.count, Self.limit) / 3 + 4)
        result.normalised.reserveCapacity(min(bytes.count, Self.limit) + 16)
        var reader = ScalarReader(bytes: bytes, limit: min(bytes.count, Self.limit))
        var glued = false
        while let (folded, start) = reader.next() {
            if folded == Folding.space {
                glued = false
                continue
            }
            if folded >= 48 && folded <= 57 {
                digits(Int64(folded) - 48, start, glued, &reader, &result)
            } else if Folding.isLetter(folded) {
                word(folded, start, glued, &reader, &result)
            } else {
                sign(folded, start, glued, &reader, &result)
            }
            glued = true
        }
        result.letters = reader.letters
        result.capitals = reader.capitals
        return result
    }

    private func digits(
        _ first: Int64, _ start: Int, _ glued: Bool, _ reader: inout ScalarReader, _ result: inout TokenizedText
    ) {
        var value = first
        var count = 1
        separate(glued, &result)
        result.normalised.append(UInt8(first) + 48)
        while let (next, _) = reader.peek(), next >= 48 && next <= 57 {
            reader.advance()
            count += 1
            result.normalised.append(UInt8(next))
            if count <= 18 { value = value * 10 + Int64(next) - 48 }
        }
        result.tokens.append(
            Token(
                id: 0, kind: .digits, glued: glued, digits: UInt8(min(count, 200)), value: value, start: Int32(start),
                end: Int32(reader.consumed)))
    }

    private func sign(
        _ folded: UInt32, _ start: Int, _ glued: Bool, _ reader: inout ScalarReader, _ result: inout TokenizedText
    ) {
        if folded == 63 { result.hasQuestion = true }
        if folded == 33 {
            var run = 1
            while let (next, _) = reader.peek(), next == 33 {
                reader.advance()
                run += 1
            }
            result.exclamations = max(result.exclamations, run)
        }
        separate(glued, &result)
        let from = result.normalised.count
        append(folded, to: &result.normalised)
        let id = result.normalised[from...].withUnsafeBufferPointer { vocabulary.find($0) }
        result.tokens.append(
            Token(
                id: id, kind: .sign, glued: glued, digits: 0, value: Int64(folded), start: Int32(start),
                end: Int32(reader.consumed)))
    }

    private func word(
        _ first: UInt32, _ start: Int, _ glued: Bool, _ reader: inout ScalarReader, _ result: inout TokenizedText
    ) {
        let afterDigits = glued && result.tokens.last?.kind == .digits
        separate(glued, &result)
        let from = result.normalised.count
        append(first, to: &result.normalised)
        var last = first
        var run = 1
        var doubled = false
        while let (next, _) = reader.peek(), Folding.isLetter(next) {
            reader.advance()
            if next == last {
                run += 1
                // Three or more of a letter are one; two may be meant ("llamar").
                if run == 2 { doubled = true } else if run == 3 { result.normalised.removeLast() }
                if run > 2 { continue }
            } else {
                run = 1
                last = next
            }
            if result.normalised.count - from < Self.longestWord { append(next, to: &result.normalised) }
        }
        let end = Int32(reader.consumed)
        var id = result.normalised[from...].withUnsafeBufferPointer { vocabulary.find($0) }
        if id == 0 {
            if doubled { id = single(from, &result) }
            if id == 0 { id = result.normalised[from...].withUnsafeBufferPointer { vocabulary.corrected($0) } }
            if id == 0 {
                id = result.normalised[from...].withUnsafeBufferPointer { vocabulary.stem(of: $0) }
            } else {
                rewrite(id, from, &result)
            }
        }
        if id == 0 || afterDigits || !vocabulary.expands(id) {
            let place = Int64(from) << 16 | Int64(result.normalised.count - from)
            result.tokens.append(
                Token(id: id, kind: .word, glued: glued, digits: 0, value: place, start: Int32(start), end: end))
            return
        }
        result.normalised.removeSubrange(from...)
        for (index, part) in vocabulary.expansion(of: id).enumerated() {
            if index > 0 { result.normalised.append(32) }
            let place = Int64(result.normalised.count) << 16 | Int64(vocabulary.text(part).count)
            result.normalised += vocabulary.text(part)
            result.tokens.append(
                Token(
                    id: part, kind: .word, glued: glued && index == 0, digits: 0, value: place, start: Int32(start),
                    end: end))
        }
    }

    /// The word with every doubled letter single ("dalee").
    private func single(_ from: Int, _ result: inout TokenizedText) -> UInt32 {
        var letters: [UInt8] = []
        for letter in result.normalised[from...] where letters.last != letter { letters.append(letter) }
        return letters.withUnsafeBufferPointer { vocabulary.find($0) }
    }

    private func rewrite(_ id: UInt32, _ from: Int, _ result: inout TokenizedText) {
        result.normalised.removeSubrange(from...)
        result.normalised += vocabulary.text(id)
    }

    private func separate(_ glued: Bool, _ result: inout TokenizedText) {
        if !glued, !result.normalised.isEmpty { result.normalised.append(32) }
    }

    private func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        if scalar < 128 {
            bytes.append(UInt8(scalar))
        } else if let scalar = Unicode.Scalar(scalar) {
            bytes += UTF8.encode(scalar)!
        }
    }

    /// The folded words and signs of a text, without any table: how the tables themselves are written.
    static func words(of text: String) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var inWord = false
        for scalar in text.unicodeScalars {
            let folded = Folding.fold(scalar.value)
            if folded == Folding.invisible { continue }
            guard folded != Folding.space, let plain = Unicode.Scalar(folded) else {
                inWord = false
                continue
            }
            let joins = Folding.isLetter(folded) || (folded >= 48 && folded <= 57)
            if joins && inWord {
                words[words.count - 1] += Array(UTF8.encode(plain)!)
            } else {
                words.append(Array(UTF8.encode(plain)!))
            }
            inWord = joins
        }
        return words
    }
}

/// Decodes valid UTF-8 scalar by scalar, folded; invisible marks are passed over.
struct ScalarReader {
    let bytes: UnsafeBufferPointer<UInt8>
    let limit: Int
    private let low = Folding.low
    private var position = 0
    private var ahead: (folded: UInt32, start: Int, end: Int, capital: Bool)?
    /// Offset behind the last scalar consumed.
    private(set) var consumed = 0
    private(set) var letters = 0
    private(set) var capitals = 0

    init(bytes: UnsafeBufferPointer<UInt8>, limit: Int) {
        self.bytes = bytes
        self.limit = limit
    }

    mutating func peek() -> (UInt32, Int)? {
        if let ahead { return (ahead.folded, ahead.start) }
        while position < limit {
            let start = position
            let scalar = decode()
            let folded = scalar < 0x500 ? low[Int(scalar)] : Folding.high(scalar)
            if folded == Folding.invisible { continue }
            ahead = (folded, start, position, scalar != folded && scalar >= 65 && scalar <= 90)
            return (folded, start)
        }
        return nil
    }

    mutating func advance() {
        guard let ahead else { return }
        consumed = ahead.end
        if ahead.folded >= 97 && ahead.folded <= 122 {
            letters += 1
            if ahead.capital { capitals += 1 }
        }
        self.ahead = nil
    }

    mutating func next() -> (UInt32, Int)? {
        guard let result = peek() else { return nil }
        advance()
        return result
    }

    private mutating func decode() -> UInt32 {
        let first = UInt32(bytes[position])
        if first < 0x80 {
            position += 1
            return first
        }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard position + length <= bytes.count else {
            position = bytes.count
            return Folding.space
        }
        var scalar = first & (0x7F >> UInt32(length))
        for offset in 1..<length { scalar = scalar << 6 | UInt32(bytes[position + offset]) & 0x3F }
        position += length
        return scalar
    }
}
