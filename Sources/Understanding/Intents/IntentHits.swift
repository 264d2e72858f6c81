/// The best reading of each intent so far.
struct IntentHits {
    private var readings: ContiguousArray<IntentReading?>

    init() { readings = ContiguousArray(repeating: nil, count: Intent.allCases.count) }

    /// An enum without payload is stored as its ordinal.
    @inline(__always)
    private func position(_ intent: Intent) -> Int { Int(unsafeBitCast(intent, to: UInt8.self)) }

    subscript(intent: Intent) -> IntentReading? {
        get { readings[position(intent)] }
        set { readings[position(intent)] = newValue }
    }

    func confidence(_ intent: Intent) -> Double { readings[position(intent)]?.confidence ?? 0 }
    func has(_ intent: Intent) -> Bool { readings[position(intent)] != nil }
    func hasAny(_ intents: Intent...) -> Bool { intents.contains { has($0) } }
    var isEmpty: Bool { readings.allSatisfy { $0 == nil } }
    var count: Int { readings.count { $0 != nil } }

    mutating func drop(_ intents: Intent...) { for intent in intents { self[intent] = nil } }

    /// Best first; equals in the order of their labels.
    var sorted: [IntentReading] {
        var result = readings.compactMap { $0 }
        if result.count > 1 {
            result.sort { ($1.confidence, $0.intent.rawValue) < ($0.confidence, $1.intent.rawValue) }
        }
        return result
    }
}
