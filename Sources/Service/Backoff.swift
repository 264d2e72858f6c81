/// How long to wait before an attempt that follows a failed one.
enum Backoff {
    /// Seconds: 2, 4, 8 … 900, or what the gateway asked for, and up to a quarter more so that what failed together is not
    /// tried again together.
    /// - Parameter attempt: attempts that failed before this one.
    static func delay(attempt: Int, requested: Int?, using random: inout some RandomNumberGenerator) -> Int64 {
        let base = Int64(requested ?? min(900, 2 << min(max(attempt, 0), 9)))
        return base + Int64.random(in: 0...max(0, base / 4), using: &random)
    }
}
