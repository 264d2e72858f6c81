import Channels
import Crypto
import CryptoExtras
import Foundation

/// A password as it is kept: scrypt (RFC 7914) with its parameters and salt, `scrypt$15$8$3$SALT$KEY` in hexadecimal.
public struct PasswordHash: Sendable, CustomStringConvertible {
    /// The binary logarithm of the rounds.
    private let cost: Int
    private let blockSize: Int
    private let parallelism: Int
    private let salt: Data
    private let key: Data

    /// Hashes a new password; takes some tenths of a second and 32 MiB, on purpose (OWASP's Password Storage Cheat Sheet).
    /// - Throws: what the library throws where memory lacks.
    init(of password: String, salt: Data) throws {
        (cost, blockSize, parallelism, self.salt) = (15, 8, 3, salt)
        key = try Self.derived(password, cost, blockSize, parallelism, salt)
    }

    /// With a salt of its own.
    public static func new(of password: String) throws -> PasswordHash {
        try PasswordHash(of: password, salt: .random(16))
    }

    /// Reads what ``description`` gives; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "scrypt", let cost = Int(parts[1]), (10...20).contains(cost),
            let blockSize = Int(parts[2]), (1...32).contains(blockSize), let parallelism = Int(parts[3]),
            (1...16).contains(parallelism), let salt = Signatures.bytes(parts[4]), salt.count >= 16,
            let key = Signatures.bytes(parts[5]), key.count == 32
        else { return nil }
        (self.cost, self.blockSize, self.parallelism) = (cost, blockSize, parallelism)
        (self.salt, self.key) = (salt, key)
    }

    public var description: String {
        "scrypt$\(cost)$\(blockSize)$\(parallelism)$\(Signatures.hexadecimal(salt))$\(Signatures.hexadecimal(key))"
    }

    func isHash(of password: String) -> Bool {
        guard let other = try? Self.derived(password, cost, blockSize, parallelism, salt) else { return false }
        return Signatures.areEqual(Signatures.hexadecimal(other), Signatures.hexadecimal(key))
    }

    private static func derived(_ password: String, _ cost: Int, _ blockSize: Int, _ parallelism: Int, _ salt: Data)
        throws -> Data
    {
        try KDF.Scrypt.deriveKey(
            from: Data(password.utf8), salt: salt, outputByteCount: 32, rounds: 1 << cost, blockSize: blockSize,
            parallelism: parallelism
        ).withUnsafeBytes { Data($0) }
    }
}

extension Data {
    /// Bytes that nobody can guess.
    static func random(_ count: Int) -> Data {
        var generator = SystemRandomNumberGenerator()
        return Data((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
