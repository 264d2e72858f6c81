import Quantities
import Synchronization

/// Failures by who failed: after so many without a pause between them, a pause is asked for. Bounded memory.
final class FailedAttempts: Sendable {
    /// Names that are remembered at once; beyond them the one that failed longest ago is forgotten.
    static let remembered = 10_000

    private let allowed: Int
    private let pause: Int64
    private let failures = Mutex<[String: (count: Int, last: Moment)]>([:])

    /// - Parameter pause: seconds, after which all is forgotten too.
    init(allowed: Int, pause: Int64) {
        self.allowed = allowed
        self.pause = pause
    }

    /// Seconds to wait; nil where an attempt may be made.
    func wait(_ name: String, now: Moment) -> Int? {
        failures.withLock { failures in
            guard let failure = failures[name] else { return nil }
            let left = failure.last.adding(seconds: pause).milliseconds - now.milliseconds
            if left <= 0 { failures[name] = nil }
            return left > 0 && failure.count >= allowed ? Int((left + 999) / 1000) : nil
        }
    }

    func failed(_ name: String, now: Moment) {
        failures.withLock { failures in
            if failures.count >= Self.remembered, failures[name] == nil,
                let oldest = failures.min(by: { $0.value.last < $1.value.last })?.key
            {
                failures[oldest] = nil
            }
            failures[name] = ((failures[name]?.count ?? 0) + 1, now)
        }
    }

    func succeeded(_ name: String) { failures.withLock { $0[name] = nil } }

    var count: Int { failures.withLock { $0.count } }
}
