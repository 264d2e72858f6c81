import Channels
import Foundation
import Hummingbird
import Quantities
import Storage

/// Keys for programs, for the operator: made, listed, revoked.
struct TokenRoutes {
    let backend: Backend

    private struct Wish: Decodable {
        let name: String
        let role: String
        let days: Int
    }

    private struct Name: Decodable { let name: String }

    func add(to router: Router<RouteContext>) {
        router.get("v1/tokens") { _, _ in
            try Response.json(["tokens": try await backend.store.tokens()])
        }
        router.post("v1/tokens") { request, context in
            let wish = try await request.decoded(Wish.self)
            guard let role = Role(rawValue: wish.role) else {
                let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw Refusal(.badRequest, "invalid_role", "Field `role` must be one of \(roles).")
            }
            do {
                return try Response.json(
                    try await backend.store.newToken(
                        wish.name, role, days: wish.days, by: context.requireCaller().name, now: backend.now()))
            } catch let problem as NewToken.Invalid {
                throw Refusal(.badRequest, "invalid_token", problem.description)
            } catch let taken as TokenNameTaken {
                throw Refusal(.conflict, "name_taken", taken.description)
            }
        }
        router.post("v1/tokens/revoke") { request, context in
            let name = try await request.decoded(Name.self).name
            let by = try context.requireCaller().name
            guard try await backend.store.revokeToken(named: name, by: by, now: backend.now()) else {
                throw Refusal(.notFound, "unknown_token", "No token in force is named `\(name)`.")
            }
            return try Response.json(["revoked": name])
        }
    }
}

/// A token that was just made, with the secret that is shown this once.
public struct NewToken: Codable, Sendable {
    public var secret: String
    public var token: AccessToken

    /// What is asked for cannot be given.
    public struct Invalid: Error, CustomStringConvertible, Sendable {
        public let description: String
    }
}

extension Store {
    /// Makes a token of 256 random bits.
    /// - Parameters:
    ///   - days: from now, 1 to 3650.
    ///   - by: who orders it.
    /// - Throws: ``NewToken/Invalid``, ``TokenNameTaken``.
    public func newToken(_ name: String, _ role: Role, days: Int, by: String, now: Moment) async throws -> NewToken {
        guard (1...64).contains(name.count), !name.contains(where: { $0.isNewline || $0 == "\0" }),
            !name.allSatisfy(\.isWhitespace)
        else { throw NewToken.Invalid(description: "a token's name has 1 to 64 characters, in one line") }
        guard (1...3650).contains(days) else {
            throw NewToken.Invalid(description: "a token is good for 1 to 3650 days, not \(days)")
        }
        // The prefix lets tools that look for lost secrets know it.
        let secret = "promesa_" + Signatures.hexadecimal(.random(32))
        let token = try await addToken(
            secret, name: name, role: role, expiresAt: now.adding(seconds: Int64(days) * 86_400), by: by, now: now)
        return NewToken(secret: secret, token: token)
    }
}
