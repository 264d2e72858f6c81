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
    func wait(_ name: String, now: Moment) -> Int? { failures.withLock { wait(name, now: now, &$0) } }

    private func wait(
        _ name: String, now: Moment, _ failures: inout [String: (count: Int, last: Moment)]
    ) -> Int? {
        guard let failure = failures[name] else { return nil }
        // Where the clock was set back nobody waits for it to come again.
        let left = min(pause * 1000, failure.last.adding(seconds: pause).milliseconds - now.milliseconds)
        if left <= 0 { failures[name] = nil }
        return left > 0 && failure.count >= allowed ? Int((left + 999) / 1000) : nil
    }

    /// Counts an attempt as one that failed, where it may be made; ``succeeded(_:)`` and ``undo(_:)`` take that back.
    /// - Returns: nil, or the seconds to wait.
    func begin(_ name: String, now: Moment) -> Int? {
        failures.withLock { failures in
            if let seconds = wait(name, now: now, &failures) { return seconds }
            failed(name, now: now, &failures)
            return nil
        }
    }

    /// One attempt was none.
    func undo(_ name: String) {
        failures.withLock { failures in
            guard let failure = failures[name] else { return }
            failures[name] = failure.count > 1 ? (failure.count - 1, failure.last) : nil
        }
    }

    func failed(_ name: String, now: Moment) { failures.withLock { failed(name, now: now, &$0) } }

    private func failed(_ name: String, now: Moment, _ failures: inout [String: (count: Int, last: Moment)]) {
        if failures.count >= Self.remembered, failures[name] == nil,
            let oldest = failures.min(by: { $0.value.last < $1.value.last })?.key
        {
            failures[oldest] = nil
        }
        failures[name] = ((failures[name]?.count ?? 0) + 1, now)
    }

    func succeeded(_ name: String) { failures.withLock { $0[name] = nil } }

    var count: Int { failures.withLock { $0.count } }
}
