import Crypto
import DatabaseEngine
import Foundation
import Ledger

/// Who was erased, remembered so that nobody writes to them again when their data come back with an import (I6), and
/// without their data: only keyed hashes are kept. The key lies in a file beside the database, so that who has the
/// database alone, a backup for instance, cannot try all phone numbers.
struct ErasedPeople {
    enum Kind: String {
        case account, document, phone, mail
        /// A number that is not the account's holder's: it is taken off the account.
        case strangersPhone
    }

    private let key: SymmetricKey
    private let hashes: Set<Data>

    /// Nil where nobody was erased.
    /// - Throws: ``StoreError`` where the key is missing.
    init?(_ db: Database, key file: PrivacyKey) throws {
        hashes = Set(try Data.fetchAll(db, sql: "SELECT hash FROM erased"))
        guard !hashes.isEmpty else { return nil }
        key = try file.key()
    }

    /// A phone has one form, with or without the 9 of Argentine mobiles; a mail address has no capitals.
    static func hash(_ kind: Kind, _ value: String, key: SymmetricKey) -> Data {
        var value = value
        switch kind {
        case .phone, .strangersPhone:
            value = value.filter(\.isNumber)
            if value.hasPrefix("549") { value = "54" + value.dropFirst(3) }
        case .mail: value = value.lowercased()
        case .account, .document: break
        }
        return Data(HMAC<SHA256>.authenticationCode(for: Data("\(kind.rawValue):\(value)".utf8), using: key))
    }

    private func has(_ kind: Kind, _ value: String?) -> Bool {
        guard let value, !value.isEmpty else { return false }
        return hashes.contains(Self.hash(kind, value, key: key))
    }

    /// An account as an import brings it, without what was erased: of an erased account only what is owed is taken, and
    /// who was erased and comes back with another account is written to only when they write first.
    func applied(to account: Account) -> Account {
        var account = account
        if has(.strangersPhone, account.phone) { account.phone = "" }
        if has(.account, account.id) {
            account.pseudonymise(Self.pseudonym(of: account, key: key))
        } else if has(.document, account.document) || has(.phone, account.phone) || has(.mail, account.email) {
            account.optedOut = true
        }
        return account
    }

    /// What stands for a person: the same for all of their accounts and at every import.
    static func pseudonym(of account: Account, key: SymmetricKey) -> String {
        let hash =
            account.document.isEmpty
            ? hash(.account, account.id, key: key) : hash(.document, account.document, key: key)
        // Ends in a letter: it is no document, whose last digits verify who writes.
        return "suprimido-" + hash.prefix(6).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "x"
    }
}

extension Account {
    /// Takes away all that says who the holder is; what is owed and by which contract stays.
    mutating func pseudonymise(_ pseudonym: String) {
        firstName = "Cliente"
        fullName = "Persona \(pseudonym)"
        document = pseudonym
        phone = ""
        email = nil
        emailVerified = false
        postalAddress = nil
        language = nil
        optedOut = true
    }
}

/// The file with the key of ``ErasedPeople``, beside the database: `promesa.sqlite.key`. It is made at the first erasure,
/// and belongs in the safe and not in the backups.
struct PrivacyKey: Sendable {
    /// Nil on a simulated disk.
    let path: String?

    /// - Throws: ``StoreError`` where it is missing or is no key.
    func key() throws -> SymmetricKey {
        guard let path else { return SymmetricKey(data: Data(count: 32)) }
        guard let data = FileManager.default.contents(atPath: path), data.count == 32 else {
            throw StoreError.unusable(
                path: path,
                reason:
                    "it is missing or is no key, and without it nobody knows who was erased and must not be written to; put back the file that was made at the first erasure"
            )
        }
        return SymmetricKey(data: data)
    }

    /// The key, made where there is none yet.
    /// - Parameter isNew: whether nobody was erased before.
    func key(isNew: Bool) throws -> SymmetricKey {
        guard isNew, let path, !FileManager.default.fileExists(atPath: path) else { return try key() }
        let key = SymmetricKey(size: .bits256)
        let data = key.withUnsafeBytes { Data($0) }
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.unusable(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let written = data.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written == data.count, fsync(descriptor) == 0 else {
            unlink(path)
            throw StoreError.unusable(path: path, reason: "the key could not be written")
        }
        return key
    }
}
