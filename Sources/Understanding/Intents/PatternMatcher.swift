/// A message as patterns see it: words without punctuation, numbers as one, days and amounts marked.
struct PatternMatcher {
    private let stream: TokenStream
    /// Never copied: it lives in the lexicon.
    private var table: PatternTable { @inline(__always) _read { yield stream.lexicon.patterns } }
    let hasQuestion: Bool
    /// Identifiers of the words, and which tokens they are.
    private var words = ContiguousArray<UInt32>()
    private var tokens = ContiguousArray<Int32>()
    /// Where in ``words`` the day or amount that begins at a word ends; 0 where none begins.
    private var dayEnds = ContiguousArray<Int32>()
    private var amountEnds = ContiguousArray<Int32>()

    init(_ stream: TokenStream, days: [Range<Int>], amounts: [Range<Int>]) {
        self.stream = stream
        hasQuestion = stream.text.hasQuestion
        words.reserveCapacity(stream.count)
        tokens.reserveCapacity(stream.count)
        for index in stream.tokens.indices {
            let token = stream.tokens[index]
            switch token.kind {
            case .word: words.append(token.id)
            case .digits:
                if token.glued, index > 1, stream.tokens[index - 1].kind == .sign, stream.tokens[index - 1].glued,
                    stream.tokens[index - 2].kind == .digits
                {
                    continue
                }
                words.append(PatternTable.number)
            case .sign:
                guard token.value > 127 || token.value == 36 else { continue }
                words.append(token.id)
            }
            tokens.append(Int32(index))
        }
        dayEnds = ends(of: days)
        amountEnds = ends(of: amounts)
    }

    private func ends(of ranges: [Range<Int>]) -> ContiguousArray<Int32> {
        guard !ranges.isEmpty else { return [] }
        var result = ContiguousArray<Int32>(repeating: 0, count: words.count)
        for range in ranges {
            guard let first = tokens.firstIndex(where: { $0 >= range.lowerBound && $0 < range.upperBound }) else {
                continue
            }
            var end = first
            while end < tokens.count, tokens[end] < range.upperBound { end += 1 }
            result[first] = Int32(end)
        }
        return result
    }

    /// Whether a day or an amount begins at a word.
    func marks(_ index: Int) -> Bool {
        (index < dayEnds.count && dayEnds[index] > 0) || (index < amountEnds.count && amountEnds[index] > 0)
    }

    /// Keeps the most confident pattern of each intent.
    func match(into hits: inout IntentHits) {
        for start in words.indices {
            let next = start + 1 < words.count ? words[start + 1] : nil
            for candidate in table.candidates(words[start]) where table.mayFollow(candidate, next) {
                attempt(table.pattern(candidate), at: start, &hits)
            }
            if marks(start) { for number in table.markStarts { attempt(Int(number), at: start, &hits) } }
        }
    }

    private func attempt(_ number: Int, at start: Int, _ hits: inout IntentHits) {
        let pattern = table.patterns[number]
        guard pattern.confidence > hits.confidence(pattern.intent),
            let end = match(pattern.elements.lowerBound, pattern.elements.upperBound, at: start)
        else { return }
        let last = max(start, min(end, tokens.count) - 1)
        hits.put(
            pattern.intent, pattern.confidence, pattern: number, stream.span(Int(tokens[start])..<Int(tokens[last]) + 1)
        )
    }

    private func match(_ element: Int, _ last: Int, at position: Int) -> Int? {
        guard element < last else { return position }
        let current = table.elements[element]
        switch current.kind {
        case .start: return position == 0 ? match(element + 1, last, at: position) : nil
        case .end: return position >= words.count ? match(element + 1, last, at: position) : nil
        case .question: return hasQuestion ? match(element + 1, last, at: position) : nil
        case .notAfter:
            if position > 0, table.contains(current, words[position - 1]) { return nil }
            return match(element + 1, last, at: position)
        case .notBefore:
            if position < words.count, table.contains(current, words[position]) { return nil }
            return match(element + 1, last, at: position)
        case .gap:
            for skipped in 0...current.reach where position + skipped <= words.count {
                if let end = match(element + 1, last, at: position + skipped) { return end }
            }
            return nil
        case .day, .amount:
            let ends = current.kind == .day ? dayEnds : amountEnds
            guard position < ends.count, ends[position] > 0 else { return nil }
            return match(element + 1, last, at: Int(ends[position]))
        case .word:
            if position < words.count, table.contains(current, words[position]),
                let end = match(element + 1, last, at: position + 1)
            {
                return end
            }
            if current.mayEnd, position >= words.count { return match(element + 1, last, at: position) }
            return current.isOptional ? match(element + 1, last, at: position) : nil
        }
    }
}
