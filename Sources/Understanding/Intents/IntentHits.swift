/// The best reading of each intent so far.
struct IntentHits {
    private struct Hit {
        var confidence = 0.0
        /// The pattern that gave it, or a ``Reason`` from the end.
        var cause: Int32 = 0
        var start: Int32 = 0
        var end: Int32 = 0
    }

    private var hits: ContiguousArray<Hit>

    init() { hits = ContiguousArray(repeating: Hit(), count: Intent.allCases.count) }

    /// An enum without payload is stored as its ordinal.
    @inline(__always)
    private func position(_ intent: Intent) -> Int { Int(unsafeBitCast(intent, to: UInt8.self)) }

    @inline(__always)
    func confidence(_ intent: Intent) -> Double { hits[position(intent)].confidence }
    /// Where the best reading of an intent stands; nil where there is none.
    func span(_ intent: Intent) -> Span? {
        let hit = hits[position(intent)]
        return hit.confidence > 0 ? Span(Int(hit.start), Int(hit.end)) : nil
    }
    func has(_ intent: Intent) -> Bool { confidence(intent) > 0 }
    func hasAny(_ intents: Intent...) -> Bool { intents.contains { has($0) } }
    var isEmpty: Bool { hits.allSatisfy { $0.confidence == 0 } }
    var best: Double { hits.reduce(0) { max($0, $1.confidence) } }
    var count: Int { hits.count { $0.confidence > 0 } }

    mutating func drop(_ intents: Intent...) { for intent in intents { hits[position(intent)].confidence = 0 } }

    /// Makes an intent that was read more certain.
    mutating func raise(_ intent: Intent, to confidence: Double) {
        hits[position(intent)].confidence = max(self.confidence(intent), confidence)
    }

    /// Keeps the more confident of two readings of an intent; given by a pattern.
    mutating func put(_ intent: Intent, _ confidence: Double, pattern: Int, _ span: Span) {
        guard confidence > self.confidence(intent) else { return }
        hits[position(intent)] = Hit(
            confidence: confidence, cause: Int32(pattern), start: Int32(span.start), end: Int32(span.end))
    }

    /// Keeps the more confident of two readings of an intent; given by a rule about the whole message.
    mutating func put(_ intent: Intent, _ confidence: Double, _ stream: TokenStream, _ reason: Reason) {
        guard confidence > self.confidence(intent) else { return }
        let span = stream.span(0..<stream.count)
        hits[position(intent)] = Hit(
            confidence: confidence, cause: -1 - Int32(reason.index), start: Int32(span.start), end: Int32(span.end))
    }

    /// Best first; equals in the order of their labels.
    func sorted(_ lexicon: Lexicon) -> [IntentReading] {
        var result: [IntentReading] = []
        result.reserveCapacity(4)
        for intent in Intent.allCases where has(intent) {
            let hit = hits[position(intent)]
            let reason =
                hit.cause >= 0 ? lexicon.patterns.reasons[Int(hit.cause)] : lexicon.reason(at: Int(-1 - hit.cause))
            result.append(
                IntentReading(
                    intent, span: Span(Int(hit.start), Int(hit.end)), confidence: hit.confidence, reason: reason))
        }
        if result.count > 1 {
            result.sort { ($1.confidence, $0.intent.rawValue) < ($0.confidence, $1.intent.rawValue) }
        }
        return result
    }
}
