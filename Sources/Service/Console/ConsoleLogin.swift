import Channels
import Crypto
import Foundation
import Hummingbird
import Quantities
import Storage

/// Who may use the console, and who is using it.
struct ConsoleLogin: Sendable {
    private static let cookie = "promesa_console"
    private static let lifetime: Int64 = 12 * 3600

    let backend: Backend
    /// Wrong passwords, by name.
    private let attempts = FailedAttempts(allowed: 5, pause: 60)
    private let passwords = PasswordCheck()

    init(backend: Backend) { self.backend = backend }

    /// Whose cookie the request carries; nil where they have to log in.
    func caller(of request: Request) async throws -> Caller? {
        guard let secret = Self.secret(of: request),
            let session = try await backend.store.session(key: Self.key(secret), now: backend.now()),
            // An agent who left the configuration is logged out.
            let agent = backend.configuration.agents.first(where: { $0.name == session.agent })
        else { return nil }
        return Caller(name: agent.name, role: agent.role, csrf: session.csrf)
    }

    /// Whom the reverse proxy names, where the configuration trusts one. From any other address the header says nothing.
    func namedByProxy(_ request: Request, peer: String?) -> String? {
        guard let header = backend.configuration.console.trustedHeader,
            let peer, backend.configuration.trustedProxies.contains(peer),
            let name = request.headers.first(where: { $0.name.canonicalName == header.lowercased() })?.value
        else { return nil }
        return backend.configuration.agents.first { $0.name == name }?.name
    }

    enum Outcome {
        case welcome(cookie: String)
        case wrong
        /// Too many wrong passwords: seconds to wait.
        case wait(Int)
    }

    func logIn(name: String, password: String, _ request: Request, isHTTPS: Bool) async throws -> Outcome {
        let now = backend.now()
        // Counted before it is looked at: attempts that come at once are no more than those that come one by one.
        if let seconds = attempts.begin(name, now: now) { return .wait(seconds) }
        let agent = backend.configuration.agents.first { $0.name == name }
        // The hash is worked out for a name that does not exist too: the time tells nothing.
        let hash = agent?.password ?? backend.configuration.agents.lazy.compactMap(\.password).first
        guard let right = await passwords.isRight(password, hash) else {
            attempts.undo(name)
            return .wait(1)
        }
        guard right, let agent, agent.password != nil else {
            // Of a name that is nobody's only that: people type their password there.
            try await backend.record("login.failed", [agent?.name ?? "?"])
            return .wrong
        }
        attempts.succeeded(name)
        return .welcome(cookie: try await begin(agent.name, request, isHTTPS: isHTTPS))
    }

    /// Whatever session the browser had ends: nobody who had given it one goes on with the new.
    /// - Returns: the `Set-Cookie` header of a new session.
    func begin(_ agent: String, _ request: Request, isHTTPS: Bool) async throws -> String {
        if let earlier = Self.secret(of: request) { try await backend.store.endSession(key: Self.key(earlier)) }
        let secret = Signatures.hexadecimal(.random(32))
        let now = backend.now()
        let session = ConsoleSession(
            agent: agent, csrf: Signatures.hexadecimal(.random(16)), expiresAt: now.adding(seconds: Self.lifetime))
        try await backend.store.begin(session, key: Self.key(secret), now: now)
        try await backend.record("login", [agent])
        return header(secret, maximumAge: Self.lifetime, isHTTPS)
    }

    /// - Returns: the `Set-Cookie` header that forgets the session.
    func end(_ request: Request, isHTTPS: Bool) async throws -> String {
        if let secret = Self.secret(of: request) {
            if let caller = try await caller(of: request) { try await backend.record("logout", [caller.name]) }
            try await backend.store.endSession(key: Self.key(secret))
        }
        return header("", maximumAge: 0, isHTTPS)
    }

    private func header(_ value: String, maximumAge: Int64, _ isHTTPS: Bool) -> String {
        "\(Self.cookie)=\(value); Path=/consola; HttpOnly; SameSite=Strict; Max-Age=\(maximumAge)"
            + (isHTTPS || backend.configuration.console.secureCookies ? "; Secure" : "")
    }

    private static func secret(of request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " } }
                if parts.count == 2, parts[0] == cookie { return parts[1] }
            }
        }
        return nil
    }

    private static func key(_ secret: String) -> String {
        Signatures.hexadecimal(Data(SHA256.hash(data: Data(secret.utf8))))
    }
}
