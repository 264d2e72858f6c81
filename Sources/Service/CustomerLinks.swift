import Crypto
import Foundation
import Quantities

/// Links to a customer's own page: sealed, so that they tell nothing and none can be made up, and good for some days.
///
/// A link is AES-256-GCM over the account and its last day (NIST SP 800-38D). The nonce is an HMAC of the same text, so that
/// one account has one link a day and a replayed turn says the same; equal nonces only ever seal equal texts.
public struct CustomerLinks: Sendable {
    private let url: String
    private let key: SymmetricKey
    private let nonceKey: SymmetricKey
    /// For how many days after the one on which it is given out a link opens.
    private let days: Int

    init(_ settings: Configuration.CustomerPage) {
        url = settings.url
        days = settings.days
        func derived(_ use: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: Data(settings.secret.utf8)), info: Data(use.utf8),
                outputByteCount: 32)
        }
        key = derived("customer page: seal")
        nonceKey = derived("customer page: nonce")
    }

    /// The address of an account's page, as given out on `day`.
    public func link(_ accountID: String, on day: Day) -> String { "\(url)/c/\(token(accountID, day))" }

    func token(_ accountID: String, _ day: Day) -> String {
        let text = Data("\(day.adding(days: days).iso) \(accountID)".utf8)
        let nonce = Data(HMAC<SHA256>.authenticationCode(for: text, using: nonceKey).prefix(12))
        do {
            let box = try AES.GCM.seal(text, using: key, nonce: AES.GCM.Nonce(data: nonce))
            return Self.base64URL(nonce + box.ciphertext + box.tag)
        } catch {
            preconditionFailure("a key of 32 bytes and a nonce of 12 always seal: \(error)")
        }
    }

    /// The account that a token opens on `day`; nil where it is none of ours, or has expired.
    func account(_ token: String, on day: Day) -> String? {
        guard token.utf8.count <= 1024, let sealed = Self.bytes(token),
            let box = try? AES.GCM.SealedBox(combined: sealed), let text = try? AES.GCM.open(box, using: key)
        else { return nil }
        let parts = String(decoding: text, as: UTF8.self).split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let last = Day(parts[0]), day <= last else { return nil }
        return String(parts[1])
    }

    private static func base64URL(_ data: Data) -> String {
        String(
            data.base64EncodedString().compactMap { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? nil : $0 })
    }

    private static func bytes(_ text: String) -> Data? {
        let plain = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4))
    }
}
