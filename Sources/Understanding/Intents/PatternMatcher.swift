/// A message as patterns see it: words without punctuation, numbers as one, days and amounts marked.
struct PatternMatcher {
    private let stream: TokenStream
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

    /// Keeps the most confident pattern of each intent.
    func match(into hits: inout IntentHits) {
        stream.lexicon.patterns.withTables { tables in
            words.withUnsafeBufferPointer { words in
                dayEnds.withUnsafeBufferPointer { days in
                    amountEnds.withUnsafeBufferPointer { amounts in
                        let run = PatternRun(
                            tables: tables, words: words, dayEnds: days, amountEnds: amounts, hasQuestion: hasQuestion)
                        run.match { candidate, start, end in
                            guard candidate.confidence > hits.confidence(candidate.intent), let end = end() else {
                                return
                            }
                            let last = max(start, min(end, tokens.count) - 1)
                            hits.put(
                                candidate.intent, candidate.confidence, pattern: Int(candidate.pattern),
                                stream.span(Int(tokens[start])..<Int(tokens[last]) + 1))
                        }
                    }
                }
            }
        }
    }
}

/// Matching one message: tables and words by their addresses.
struct PatternRun {
    let tables: PatternTable.Tables
    let words: UnsafeBufferPointer<UInt32>
    let dayEnds: UnsafeBufferPointer<Int32>
    let amountEnds: UnsafeBufferPointer<Int32>
    let hasQuestion: Bool

    /// Offers each pattern that may match with the word where it begins; `end()` says where it ends, if it matches.
    @inline(__always)
    func match(_ offer: (PatternTable.Candidate, _ start: Int, _ end: () -> Int?) -> Void) {
        var present = PatternTable.end
        for word in words { present |= PatternTable.bit(word) }
        for start in words.indices {
            let next = start + 1 < words.count ? PatternTable.bit(words[start + 1]) : PatternTable.end
            for place in tables.candidates(words[start]) {
                let candidate = tables.candidates[Int(place)]
                guard candidate.second & next != 0, candidate.needs & present != 0, hasQuestion || !candidate.asks
                else { continue }
                offer(candidate, start) { end(of: candidate, at: start) }
            }
            guard marks(start) else { continue }
            for candidate in tables.markStarts where candidate.needs & present != 0 && (hasQuestion || !candidate.asks)
            {
                offer(candidate, start) { end(of: candidate, at: start) }
            }
        }
    }

    /// Whether a day or an amount begins at a word.
    @inline(__always)
    private func marks(_ index: Int) -> Bool {
        (index < dayEnds.count && dayEnds[index] > 0) || (index < amountEnds.count && amountEnds[index] > 0)
    }

    private func end(of candidate: PatternTable.Candidate, at start: Int) -> Int? {
        let elements = tables.patterns[Int(candidate.pattern)].elements
        return match(elements.lowerBound, elements.upperBound, at: start)
    }

    private func match(_ element: Int, _ last: Int, at position: Int) -> Int? {
        guard element < last else { return position }
        let current = tables.elements[element]
        switch current.kind {
        case .start: return position == 0 ? match(element + 1, last, at: position) : nil
        case .end: return position >= words.count ? match(element + 1, last, at: position) : nil
        case .question: return hasQuestion ? match(element + 1, last, at: position) : nil
        case .notAfter:
            if position > 0, tables.contains(current, words[position - 1]) { return nil }
            return match(element + 1, last, at: position)
        case .notBefore:
            if position < words.count, tables.contains(current, words[position]) { return nil }
            return match(element + 1, last, at: position)
        case .gap:
            for skipped in 0...Int(current.reach) where position + skipped <= words.count {
                if let end = match(element + 1, last, at: position + skipped) { return end }
            }
            return nil
        case .day, .amount:
            let ends = current.kind == .day ? dayEnds : amountEnds
            guard position < ends.count, ends[position] > 0 else { return nil }
            return match(element + 1, last, at: Int(ends[position]))
        case .word:
            if position < words.count, tables.contains(current, words[position]),
                let end = match(element + 1, last, at: position + 1)
            {
                return end
            }
            if current.mayEnd, position >= words.count { return match(element + 1, last, at: position) }
            return current.isOptional ? match(element + 1, last, at: position) : nil
        }
    }
}
