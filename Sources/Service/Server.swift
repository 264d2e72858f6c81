import AsyncHTTPClient
import Campaigns
import Conversations
import Desk
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import Quantities
import ServiceLifecycle
import Storage

/// Another program listens on the configured port.
public struct PortInUse: Error, CustomStringConvertible {
    public let host: String
    public let port: Int
    public var description: String {
        "port \(port) on \(host) is in use by another program; stop it, or choose another with PROMESA_PORT or `port:`"
    }
}

/// The whole server: webhooks, desk, operator's routes, dispatcher and scheduler over one store.
public struct Server: Sendable {
    let backend: Backend
    let client: HTTPClient
    private let campaigns: [Campaign]
    private let showSandbox: @Sendable (String) -> Void

    /// - Parameters:
    ///   - campaigns: those that accounts come into by themselves.
    ///   - showSandbox: called with a line for each message the sandbox gateway accepts.
    public init(
        configuration: Configuration, world: World, store: Store, logger: Logger, campaigns: [Campaign] = [],
        showSandbox: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let current = CurrentWorld(world)
        let wished = configuration.limits.connections
        let connections = OpenConnections(most: OpenConnections.allowed(wished))
        if connections.most < wished {
            logger.notice("\(connections.most) connections instead of \(wished): raise the limit of open files")
        }
        backend = Backend(
            configuration: configuration, store: store, current: current,
            dialogs: LiveDialogs(configuration: configuration, store: store, current: current, logger: logger),
            metrics: Metrics(), logger: logger, outboxSignal: Signal(), connections: connections)
        // A gateway that cannot be reached must not hold up a stop for long.
        // What is for a gateway, with the key to it, goes to no other place that its answer names.
        client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: .init(redirectConfiguration: .disallow, timeout: .init(connect: .seconds(4))))
        self.showSandbox = showSandbox
        self.campaigns = campaigns
    }

    /// Serves until SIGTERM or SIGINT; then finishes what was begun and closes the store.
    /// - Parameter started: called once the port is open.
    /// - Throws: ``ConfigurationError`` where the certificate cannot be used, ``PortInUse``.
    public func run(started: @escaping @Sendable (Int) -> Void = { _ in }) async throws {
        do {
            let application = try application(started)
            try await backend.record("server.started", ["configuration \(backend.configuration.fingerprint)"])
            try await backend.dialogs.begin()
            backend.store.tryToLead { [signal = backend.outboxSignal] in signal.fire() }
            try await application.runService()
        } catch {
            try? await client.shutdown()
            try? backend.store.close()
            if let error = error as? IOError, error.errnoCode == EADDRINUSE {
                throw PortInUse(host: backend.configuration.host, port: backend.configuration.port)
            }
            throw error
        }
        try await client.shutdown()
        try backend.store.close()
    }

    /// - Throws: ``ConfigurationError`` where the certificate cannot be used.
    private func application(_ started: @escaping @Sendable (Int) -> Void) throws -> some ApplicationProtocol {
        let deadlines = backend.configuration.limits.deadlines
        var server = HTTPServerBuilder.http1(
            configuration: .init(
                additionalChannelHandlers: [ConnectionDeadlines(deadlines)], idleTimeout: deadlines.idle))
        var services: [any Service] = []
        if let files = backend.configuration.tls {
            let certificate = try ServerCertificate(files)
            server = try .tls(server, tlsConfiguration: certificate.tlsConfiguration())
            services.append(CertificateWatcher(certificate: certificate, files: files, logger: backend.logger))
        }
        return Application(
            router: Self.router(backend, showSandbox: showSandbox), server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(backend.configuration.host, port: backend.configuration.port), serverName: "promesa",
                availableConnectionsDelegate: backend.connections),
            services: services + [DialogWatcher(dialogs: backend.dialogs, configuration: backend.configuration)]
                + ofOneNode.map { OneNode(service: $0, store: backend.store) },
            onServerRunning: { channel in started(channel.localAddress?.port ?? 0) },
            logger: backend.logger)
    }

    /// What one server does for all that work on the same database.
    private var ofOneNode: [any Service] {
        [
            Dispatcher(backend: backend, post: { [client] in try await client.post($0, timeout: $1) }),
            EventDispatcher(backend: backend, client: client),
            Scheduler(backend: backend), TelegramPoll(backend: backend, client: client),
            CampaignClock(backend: backend, campaigns: campaigns), MonthClock(backend: backend),
            DeskClock(backend: backend), RetentionClock(backend: backend),
        ]
    }

    /// Every route, behind ``SecurityHeaders`` and ``AccessControl``.
    static func router(
        _ backend: Backend, showSandbox: @escaping @Sendable (String) -> Void
    ) -> Router<RouteContext> {
        // Monitoring asks with HEAD; ``SecurityHeaders`` sees to it that no answer to it has a body.
        let router = Router(context: RouteContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders(isTLS: backend.configuration.tls != nil))
        let login = ConsoleLogin(backend: backend)
        router.add(middleware: AccessControl(backend: backend, login: login))
        WebhookRoutes(backend: backend).add(to: router)
        if let channel = backend.configuration.gateways.voice {
            VoiceRoutes(backend: backend, channel: channel).add(to: router)
        }
        HandoffRoutes(backend: backend).add(to: router)
        OperatorRoutes(backend: backend).add(to: router)
        TokenRoutes(backend: backend).add(to: router)
        OutboxRoutes(backend: backend).add(to: router)
        EventRoutes(backend: backend).add(to: router)
        ConsoleRoutes(backend: backend, login: login).add(to: router)
        DialogRoutes(backend: backend).add(to: router)
        ImportRoutes(backend: backend).add(to: router)
        CallRoutes(backend: backend).add(to: router)
        if let links = backend.configuration.customerLinks {
            CustomerRoutes(backend: backend, links: links).add(to: router)
        }
        if backend.configuration.playground, let accounts = try? backend.configuration.fixtureAccounts() {
            PlaygroundRoutes(rooms: PlaygroundRooms(current: backend.current, accounts: accounts)).add(to: router)
        }
        if backend.configuration.sandbox {
            Sandbox { message in
                let options = message.options.isEmpty ? "" : "  [" + message.options.joined(separator: "] [") + "]"
                showSandbox("→ \(message.to.suffix(4)): \(message.text)\(options)")
            }.addRoutes(to: router)
        }
        return router
    }
}
