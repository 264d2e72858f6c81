import Quantities
import Synchronization

/// How often each source may ask: some requests at once, then so many a second. Bounded memory.
final class RequestRates: Sendable {
    /// Sources that are remembered at once.
    static let remembered = 10_000

    /// Microseconds that a request uses up.
    private let interval: Int64
    /// Microseconds that may be used up ahead.
    private let ahead: Int64
    /// Until when each source has used up its time (the generic cell rate algorithm: one number a source).
    private let usedUntil = Mutex<[String: Int64]>([:])

    /// - Parameters:
    ///   - burst: requests that may come at once, 1 or more.
    ///   - count: requests in `seconds` that may come for ever.
    init(burst: Int, count: Int, seconds: Int) {
        interval = Int64(seconds) * 1_000_000 / Int64(count)
        ahead = interval * Int64(burst - 1)
    }

    /// Counts a request, where it may be made.
    /// - Returns: nil, or the seconds after which one may be made.
    func take(_ source: String, now: Moment) -> Int? {
        let now = now.milliseconds * 1000
        return usedUntil.withLock { used in
            var until = max(used[source] ?? now, now)
            // Further ahead than anybody comes: the clock was set back.
            if until - now > ahead + interval { until = now }
            if until - now > ahead { return Int((until - now - ahead + 999_999) / 1_000_000) }
            if used.count >= Self.remembered, used[source] == nil { Self.forget(&used, now) }
            used[source] = until + interval
            return nil
        }
    }

    var count: Int { usedUntil.withLock { $0.count } }

    /// Who has nothing used up is as good as unknown; where there is nobody such, whoever used up least.
    private static func forget(_ used: inout [String: Int64], _ now: Int64) {
        used = used.filter { $0.value > now }
        if used.count >= remembered, let least = used.min(by: { $0.value < $1.value })?.key { used[least] = nil }
    }
}
