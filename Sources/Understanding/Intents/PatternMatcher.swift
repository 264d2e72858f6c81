/// A message as patterns see it: words without punctuation, numbers as one, days and amounts marked.
struct PatternMatcher {
    let stream: TokenStream
    let days: [Range<Int>]
    let amounts: [Range<Int>]

    /// Keeps the most confident pattern of each intent.
    func match(into hits: inout IntentHits) {
        let room = stream.count
        // Words, which tokens they are, and where the day or amount that begins at a word ends; 0 where none begins.
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: room * 4) { memory in
            memory.initialize(repeating: 0)
            let words = UnsafeMutableBufferPointer(rebasing: memory[..<room])
            let tokens = UnsafeMutableBufferPointer(rebasing: memory[room..<2 * room])
            let dayEnds = UnsafeMutableBufferPointer(rebasing: memory[2 * room..<3 * room])
            let amountEnds = UnsafeMutableBufferPointer(rebasing: memory[3 * room..<4 * room])
            let count = fill(words, tokens)
            for range in days { mark(range, in: dayEnds, tokens, count) }
            for range in amounts { mark(range, in: amountEnds, tokens, count) }
            stream.lexicon.patterns.withTables { tables in
                let run = PatternRun(
                    tables: tables, words: UnsafeBufferPointer(rebasing: words[..<count]),
                    dayEnds: UnsafeBufferPointer(dayEnds), amountEnds: UnsafeBufferPointer(amountEnds),
                    hasQuestion: stream.text.hasQuestion)
                run.match { candidate, start in
                    guard candidate.confidence > hits.confidence(candidate.intent),
                        let end = run.end(of: candidate, at: start)
                    else { return }
                    let last = max(start, min(end, count) - 1)
                    hits.put(
                        candidate.intent, candidate.confidence, pattern: Int(candidate.pattern),
                        stream.span(Int(tokens[start])..<Int(tokens[last]) + 1))
                }
            }
        }
    }

    /// - Returns: how many words there are.
    private func fill(
        _ words: UnsafeMutableBufferPointer<UInt32>, _ places: UnsafeMutableBufferPointer<UInt32>
    ) -> Int {
        var count = 0
        for index in stream.tokens.indices {
            let token = stream.tokens[index]
            switch token.kind {
            case .word: words[count] = token.id
            case .digits:
                if token.glued, index > 1, stream.tokens[index - 1].kind == .sign, stream.tokens[index - 1].glued,
                    stream.tokens[index - 2].kind == .digits
                {
                    continue
                }
                words[count] = PatternTable.number
            case .sign:
                guard token.value > 127 || token.value == 36 else { continue }
                words[count] = token.id
            }
            places[count] = UInt32(index)
            count += 1
        }
        return count
    }

    private func mark(
        _ range: Range<Int>, in ends: UnsafeMutableBufferPointer<UInt32>,
        _ tokens: UnsafeMutableBufferPointer<UInt32>, _ count: Int
    ) {
        guard let first = (0..<count).first(where: { range.contains(Int(tokens[$0])) }) else { return }
        var end = first
        while end < count, Int(tokens[end]) < range.upperBound { end += 1 }
        ends[first] = UInt32(end)
    }
}

/// Matching one message: tables and words by their addresses.
struct PatternRun {
    let tables: PatternTable.Tables
    let words: UnsafeBufferPointer<UInt32>
    let dayEnds: UnsafeBufferPointer<UInt32>
    let amountEnds: UnsafeBufferPointer<UInt32>
    let hasQuestion: Bool

    /// Offers each pattern that may match with the word where it begins.
    @inline(__always)
    func match(_ offer: (PatternTable.Candidate, _ start: Int) -> Void) {
        var present = PatternTable.WordBits.end
        for word in words { present.formUnion(PatternTable.WordBits(word)) }
        for start in words.indices {
            let next = start + 1 < words.count ? PatternTable.WordBits(words[start + 1]) : .end
            let places = tables.candidates(words[start])
            for place in Int(places.lowerBound)..<Int(places.upperBound) where tables.seconds[place] & next.low != 0 {
                let candidate = tables.candidates[place]
                guard candidate.second.meets(next), may(candidate, at: start, present) else { continue }
                offer(candidate, start)
            }
            guard marks(start) else { continue }
            for candidate in tables.markStarts where may(candidate, at: start, present) { offer(candidate, start) }
        }
    }

    @inline(__always)
    private func may(_ candidate: PatternTable.Candidate, at start: Int, _ present: PatternTable.WordBits) -> Bool {
        candidate.needs.meets(present) && candidate.needsToo.meets(present) && (hasQuestion || !candidate.asks)
            && (start == 0 || !candidate.isAnchored)
    }

    /// Whether a day or an amount begins at a word.
    @inline(__always)
    private func marks(_ index: Int) -> Bool {
        (index < dayEnds.count && dayEnds[index] > 0) || (index < amountEnds.count && amountEnds[index] > 0)
    }

    func end(of candidate: PatternTable.Candidate, at start: Int) -> Int? {
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
