import Conversations
import Crypto
import DatabaseEngine
import Foundation
import Quantities

/// What somebody who uses the server is here for.
public enum Role: String, Codable, Sendable, CaseIterable {
    /// Attends hand-offs.
    case agent
    /// Supervises agents, runs campaigns, decides on erasures.
    case manager
    /// Writes dialogs.
    case designer
    /// Runs the server; also the ERP and the dialler.
    case `operator`
}

/// A key for programs, as everybody may see it: the key itself was shown once, when it was made.
public struct AccessToken: Codable, Hashable, Sendable {
    public var id: Int64
    public var name: String
    public var role: Role
    public var created_at: Moment
    public var expires_at: Moment
    public var revoked_at: Moment?
}

/// A token with that name is in force already.
public struct TokenNameTaken: Error, CustomStringConvertible, Sendable {
    public let name: String
    public var description: String { "there is a token named `\(name)`; revoke it first, or choose another name" }
}

extension Store {
    /// The form in which a token is kept and looked up.
    ///
    /// A token has 256 random bits, so nobody guesses it from its hash however fast the hash is; scrypt, which makes
    /// guessing a *password* slow, would only make each request slow. For the same reason the look-up by hash needs no
    /// constant time: who measures it learns about a hash, of which the token does not follow.
    public static func hash(ofToken token: String) -> Data { Data(SHA256.hash(data: Data(token.utf8))) }

    /// - Throws: ``TokenNameTaken``.
    public func addToken(
        _ token: String, name: String, role: Role, expiresAt: Moment, by: String, now: Moment
    ) async throws -> AccessToken {
        try await write { db in
            let taken = try Bool.fetchOne(
                db,
                sql: "SELECT EXISTS (SELECT 1 FROM tokens WHERE name = ? AND revoked_at IS NULL AND expires_at > ?)",
                arguments: [name, now.milliseconds])
            if taken == true { throw TokenNameTaken(name: name) }
            try db.execute(
                sql: "INSERT INTO tokens (hash, name, role, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    Self.hash(ofToken: token), name, role.rawValue, now.milliseconds, expiresAt.milliseconds,
                ])
            let id = db.lastInsertedRowID
            try SQLiteTurn(db: db).append(
                AuditEvent(
                    at: now, conversationID: nil, accountID: nil, kind: "token.created",
                    detail: [name, role.rawValue, by]))
            return AccessToken(id: id, name: name, role: role, created_at: now, expires_at: expiresAt)
        }
    }

    /// Oldest first, also those that are no longer good.
    public func tokens() async throws -> [AccessToken] {
        try await pool.read {
            try Row.fetchAll($0, sql: "SELECT * FROM tokens ORDER BY id").compactMap(AccessToken.init)
        }
    }

    /// The token is not good from now on.
    /// - Returns: false where no token in force has the name.
    public func revokeToken(named name: String, by: String, now: Moment) async throws -> Bool {
        try await write { db in
            try db.execute(
                sql: "UPDATE tokens SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL AND expires_at > ?",
                arguments: [now.milliseconds, name, now.milliseconds])
            guard db.changesCount > 0 else { return false }
            try SQLiteTurn(db: db).append(
                AuditEvent(
                    at: now, conversationID: nil, accountID: nil, kind: "token.revoked", detail: [name, by]))
            return true
        }
    }

    /// What a token that a request carries is good for; nil where it never was, has expired or was revoked.
    public func token(_ token: String, now: Moment) async throws -> AccessToken? {
        let hash = Self.hash(ofToken: token)
        return try await pool.read { db in
            try Row.fetchOne(
                db.cachedStatement(
                    sql: "SELECT * FROM tokens WHERE hash = ? AND revoked_at IS NULL AND expires_at > ?"),
                arguments: [hash, now.milliseconds]
            ).flatMap(AccessToken.init)
        }
    }
}

extension AccessToken {
    /// Nil where the role is of a later version.
    init?(_ row: Row) {
        guard let role = Role(rawValue: row["role"]) else { return nil }
        self.init(
            id: row["id"], name: row["name"], role: role, created_at: Moment(milliseconds: row["created_at"]),
            expires_at: Moment(milliseconds: row["expires_at"]),
            revoked_at: (row["revoked_at"] as Int64?).map { Moment(milliseconds: $0) })
    }
}
