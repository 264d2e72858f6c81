import Synchronization

/// Looks at one password at a time: each takes some tenths of a second and 32 MiB on purpose, and what gateways post has
/// to go on meanwhile.
actor PasswordCheck {
    /// Who is beyond is sent away at once.
    private static let mostWaiting = 50
    private nonisolated let waiting = Atomic<Int>(0)

    /// - Returns: nil where too many wait.
    nonisolated func isRight(_ password: String, _ hash: PasswordHash?) async -> Bool? {
        guard let hash else { return false }
        defer { waiting.subtract(1, ordering: .relaxed) }
        guard waiting.add(1, ordering: .relaxed).newValue <= Self.mostWaiting else { return nil }
        return await isHash(hash, password)
    }

    private func isHash(_ hash: PasswordHash, _ password: String) -> Bool { hash.isHash(of: password) }
}
