import Channels
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Pages
import Storage

/// Stands before every route: knows who comes, whether the route is for them, and who has tried too often.
struct AccessControl: RouterMiddleware {
    typealias Context = RouteContext

    let backend: Backend
    let login: ConsoleLogin
    /// Wrong signatures, passwords and tokens, by where they come from. Each is counted for itself: whoever forges a
    /// gateway's requests behind the address of a proxy or an office shuts nobody there out of the console or the API.
    private let signatures = FailedAttempts(allowed: 20, pause: 60)
    private let logins = FailedAttempts(allowed: 20, pause: 60)
    private let tokens = FailedAttempts(allowed: 20, pause: 60)
    private let webhookRates: RequestRates
    private let pageRates: RequestRates

    init(backend: Backend, login: ConsoleLogin) {
        self.backend = backend
        self.login = login
        let limits = backend.configuration.limits
        webhookRates = RequestRates(burst: limits.webhooksPerSecond * 4, count: limits.webhooksPerSecond, seconds: 1)
        pageRates = RequestRates(
            burst: limits.customerPagePerMinute, count: limits.customerPagePerMinute, seconds: 60)
    }

    func handle(
        _ request: Request, context: RouteContext,
        next: (Request, RouteContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await admit(request, context: context, next: next)
        } catch let refusal as Refusal where ConsoleRefusal.isForPeople(request) {
            return ConsoleRefusal.page(of: refusal, to: request)
        }
    }

    private func admit(
        _ request: Request, context: RouteContext,
        next: (Request, RouteContext) async throws -> Response
    ) async throws -> Response {
        guard let path = context.endpointPath else {
            let methods = Access.methods(of: request.uri.path)
            if methods.isEmpty || methods.contains(request.method.rawValue) {
                throw Refusal(.notFound, "not_found", "There is no such path.")
            }
            throw Refusal.methodNotAllowed(methods)
        }
        guard let access = Access.of(request.method, path) else {
            throw Refusal(.forbidden, "no_access", "This route is for nobody: it is not in the table of access.")
        }
        let (peer, proxies) = (context.remoteAddress?.ipAddress, backend.configuration.trustedProxies)
        let source = RequestSource.name(of: request, peer: peer, behind: proxies)
        var context = context
        context.isHTTPS =
            backend.configuration.tls != nil || RequestSource.isHTTPS(request, peer: peer, behind: proxies)
        switch access {
        case .anybody, .loopback: return try await next(request, context)
        case .link:
            if let seconds = wait(pageRates, source) {
                return CustomerRoutes.busy(seconds, in: backend.processor.world.phrases)
            }
            return try await next(request, context)
        case .signed:
            if let seconds = wait(webhookRates, source) { throw Refusal.tooMany(seconds) }
            return try await signed(request, context, source, next)
        case .login: return try await loggingIn(request, context, source, next)
        case .token(let roles):
            context.caller = try await bearer(request, source, roles)
            return try await next(request, context)
        case .session(let roles):
            let isReading = request.method == .get || request.method == .head
            guard var caller = try await login.caller(of: request) else {
                guard isReading, path != "/consola/cambios" else { throw Refusal.unauthorized }
                return Response.seeOther(ConsoleRefusal.login(for: request))
            }
            guard roles.contains(caller.role) else {
                guard isReading else { throw Refusal.forbidden(caller.role) }
                return ConsoleRoutes.html(
                    loginPage(.refused("Tu usuario no tiene permiso para ver esto. Entrá con otro.")),
                    status: .forbidden)
            }
            // Who has a page open is there.
            if caller.role == .agent || caller.role == .manager {
                caller.presence = try? await backend.seen(caller.name)
            }
            context.caller = caller
            return try await next(request, context)
        }
    }

    /// Seconds to wait, where a source asks too often. What comes from this machine itself is not counted: a proxy on it
    /// that is not among the trusted ones would be one source for everybody.
    private func wait(_ rates: RequestRates, _ source: String) -> Int? {
        if RequestSource.isThisMachine(source) { return nil }
        guard let seconds = rates.take(source, now: backend.now()) else { return nil }
        backend.metrics.add(.limited)
        return seconds
    }

    /// A right signature always passes: forged requests that share a gateway's address must not shut the gateway out.
    private func signed(
        _ request: Request, _ context: RouteContext, _ source: String,
        _ next: (Request, RouteContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let refusal as Refusal where refusal.status == .unauthorized {
            if let seconds = signatures.wait(source, now: backend.now()) { throw Refusal.tooManyFailures(seconds) }
            signatures.failed(source, now: backend.now())
            throw refusal
        }
    }

    private func loggingIn(
        _ request: Request, _ context: RouteContext, _ source: String,
        _ next: (Request, RouteContext) async throws -> Response
    ) async throws -> Response {
        // Counted before it is looked at: attempts that come at once are no more than those that come one by one.
        if let seconds = logins.begin(source, now: backend.now()) {
            backend.metrics.add(.limited)
            return ConsoleRoutes.tooManyAttempts(seconds)
        }
        let response = try await next(request, context)
        if response.status != .unauthorized { logins.undo(source) }
        return response
    }

    private func bearer(_ request: Request, _ source: String, _ roles: Set<Role>) async throws -> Caller {
        let now = backend.now()
        if let seconds = tokens.wait(source, now: now) {
            backend.metrics.add(.limited)
            throw Refusal.tooManyFailures(seconds)
        }
        // Without a token nothing was guessed.
        guard let header = request.headers[.authorization], header.hasPrefix("Bearer ") else {
            throw Refusal.unauthorized
        }
        let token = String(header.dropFirst("Bearer ".count))
        var caller = backend.configuration.caller(bearing: token)
        if caller == nil {
            caller = try await backend.store.token(token, now: now).map { Caller(name: $0.name, role: $0.role) }
        }
        guard let caller else {
            tokens.failed(source, now: now)
            throw Refusal.unauthorized
        }
        guard roles.contains(caller.role) else { throw Refusal.forbidden(caller.role) }
        return caller
    }
}

extension Refusal {
    static func forbidden(_ role: Role) -> Refusal {
        Refusal(.forbidden, "forbidden", "This is not for the role `\(role.rawValue)`: see Docs/access.md.")
    }

    static func tooManyFailures(_ seconds: Int) -> Refusal {
        Refusal(
            .tooManyRequests, "too_many_failures",
            "Too many wrong tokens or signatures came from this address; try again in \(seconds) seconds.",
            retryAfter: seconds)
    }

    static func tooMany(_ seconds: Int) -> Refusal {
        Refusal(
            .tooManyRequests, "too_many_requests",
            "Too many requests came from this address; try again in \(seconds) seconds.", retryAfter: seconds)
    }
}

extension Configuration {
    /// Whose token of the configuration it is. All are compared, each in constant time.
    func caller(bearing token: String) -> Caller? {
        var found: Caller?
        for agent in agents {
            if let own = agent.token, Signatures.areEqual(own, token) {
                found = Caller(name: agent.name, role: agent.role)
            }
        }
        if let operatorToken, Signatures.areEqual(operatorToken, token) {
            found = Caller(name: "operator", role: .operator)
        }
        return found
    }
}

/// Where a request comes from, as far as we can know it.
enum RequestSource {
    private static let forwarded = HTTPField.Name("X-Forwarded-For")!
    private static let scheme = HTTPField.Name("X-Forwarded-Proto")!

    /// Whether the client speaks TLS to a proxy of ours, as far as that says so.
    static func isHTTPS(_ request: Request, peer: String?, behind proxies: Set<String>) -> Bool {
        guard let peer, proxies.contains(peer) else { return false }
        let last = request.headers[values: scheme].last?.split(separator: ",").last
        return last?.trimmingCharacters(in: .whitespaces).lowercased() == "https"
    }

    /// Whether a source, as ``name(of:peer:behind:)`` gives it, is this machine itself.
    static func isThisMachine(_ source: String) -> Bool {
        source.hasPrefix("127.") || source == network("::1")
    }

    /// An address of IPv4, or the network of 64 bits that one customer of IPv6 has.
    /// - Parameters:
    ///   - peer: who opened the connection.
    ///   - proxies: addresses of ours whose `X-Forwarded-For` is believed; what others write there is not read.
    static func name(of request: Request, peer: String?, behind proxies: Set<String>) -> String {
        guard let peer else { return "unknown" }
        guard proxies.contains(peer) else { return network(peer) ?? peer }
        let hops = request.headers[values: forwarded].joined(separator: ",").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        // Each proxy appends whom it saw, so the last that is none of ours is the client; what stands before it anybody
        // can have written.
        return hops.last { !proxies.contains($0) }.flatMap(network) ?? peer
    }

    private static func network(_ address: String) -> String? {
        guard let parsed = try? SocketAddress(ipAddress: address, port: 0) else { return nil }
        guard case .v6(let six) = parsed else { return parsed.ipAddress }
        let bytes = withUnsafeBytes(of: six.address.sin6_addr) { Array($0) }
        // An address of IPv4 that came over a socket of IPv6.
        if bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255] {
            return bytes.suffix(4).map(String.init).joined(separator: ".")
        }
        return Signatures.hexadecimal(Data(bytes.prefix(8))) + "::/64"
    }
}
