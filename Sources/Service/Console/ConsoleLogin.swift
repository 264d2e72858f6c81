import Channels
import Crypto
import Foundation
import Hummingbird
import Pages
import Quantities
import Storage
import Synchronization

/// Who may use the console, and who is using it.
struct ConsoleLogin: Sendable {
    private static let cookie = "promesa_console"
    private static let lifetime: Int64 = 12 * 3600

    let backend: Backend
    private let attempts = LoginAttempts()

    init(backend: Backend) { self.backend = backend }

    /// The visitor whose cookie the request carries; nil where they have to log in.
    func visitor(of request: Request) async throws -> Visitor? {
        guard let secret = Self.secret(of: request),
            let session = try await backend.store.session(key: Self.key(secret), now: backend.now()),
            // An agent who left the configuration is logged out.
            let agent = backend.configuration.agents.first(where: { $0.name == session.agent })
        else { return nil }
        return Visitor(name: agent.name, isSupervisor: agent.role == .supervisor, csrf: session.csrf)
    }

    /// Whom the reverse proxy names, where the configuration trusts one.
    func namedByProxy(_ request: Request) -> String? {
        guard let header = backend.configuration.console.trustedHeader,
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

    func logIn(name: String, password: String) async throws -> Outcome {
        let now = backend.now()
        if let seconds = attempts.wait(name, now: now) { return .wait(seconds) }
        let agent = backend.configuration.agents.first { $0.name == name }
        // The hash is worked out for a name that does not exist too: the time tells nothing.
        let hash = agent?.password ?? backend.configuration.agents.lazy.compactMap(\.password).first
        let right = hash?.isHash(of: password) ?? false
        guard right, let agent, agent.password != nil else {
            attempts.failed(name, now: now)
            return .wrong
        }
        attempts.succeeded(name)
        return .welcome(cookie: try await begin(agent.name))
    }

    /// - Returns: the `Set-Cookie` header of a new session.
    func begin(_ agent: String) async throws -> String {
        let secret = Signatures.hexadecimal(.random(32))
        let now = backend.now()
        let session = ConsoleSession(
            agent: agent, csrf: Signatures.hexadecimal(.random(16)), expiresAt: now.adding(seconds: Self.lifetime))
        try await backend.store.begin(session, key: Self.key(secret), now: now)
        return header(secret, maximumAge: Self.lifetime)
    }

    /// - Returns: the `Set-Cookie` header that forgets the session.
    func end(_ request: Request) async throws -> String {
        if let secret = Self.secret(of: request) { try await backend.store.endSession(key: Self.key(secret)) }
        return header("", maximumAge: 0)
    }

    private func header(_ value: String, maximumAge: Int64) -> String {
        "\(Self.cookie)=\(value); Path=/consola; HttpOnly; SameSite=Strict; Max-Age=\(maximumAge)"
            + (backend.configuration.console.secureCookies ? "; Secure" : "")
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

/// Wrong passwords in a row, by name: after five, a minute's wait.
private final class LoginAttempts: Sendable {
    private static let allowed = 5
    private static let pause: Int64 = 60
    /// Names that are remembered at once; beyond them the oldest are forgotten.
    private static let remembered = 10_000

    private let failures = Mutex<[String: (count: Int, last: Moment)]>([:])

    func wait(_ name: String, now: Moment) -> Int? {
        failures.withLock { failures in
            guard let failure = failures[name], failure.count >= Self.allowed else { return nil }
            let left = failure.last.adding(seconds: Self.pause).milliseconds - now.milliseconds
            if left <= 0 { failures[name] = nil }
            return left > 0 ? Int((left + 999) / 1000) : nil
        }
    }

    func failed(_ name: String, now: Moment) {
        failures.withLock { failures in
            if failures.count >= Self.remembered, failures[name] == nil,
                let oldest = failures.min(by: { $0.value.last < $1.value.last })?.key
            {
                failures[oldest] = nil
            }
            failures[name] = ((failures[name]?.count ?? 0) + 1, now)
        }
    }

    func succeeded(_ name: String) { failures.withLock { $0[name] = nil } }
}
