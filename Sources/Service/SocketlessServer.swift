import Campaigns
import Channels
import Conversations
import Dialog
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Quantities
import Storage

/// The server without its sockets and its own pace: the same routes, scheduler and dispatcher, moved step by step on a
/// clock that is given. For simulations.
package struct SocketlessServer: Sendable {
    /// What a gateway answers to a request.
    package typealias Answer = (status: Int, body: Data, retryAfter: Int?)

    /// A request as a socket would hand it on.
    package struct Incoming: Sendable {
        package var method: String
        package var path: String
        package var headers: [String: String]
        package var body: Data
        package init(_ method: String = "POST", _ path: String, headers: [String: String] = [:], body: Data = Data()) {
            self.method = method
            self.path = path
            self.headers = headers
            self.body = body
        }
    }

    private let backend: Backend
    private let responder: RouterResponder<RouteContext>
    private let dispatcher: Dispatcher
    private let pace: Dispatcher.State

    /// - Parameters:
    ///   - post: what happens to a request to a gateway.
    ///   - randomness: for the pauses before another attempt.
    package init(
        configuration: Configuration, world: World, store: Store, clock: @escaping @Sendable () -> Moment,
        randomness: @escaping @Sendable () -> any RandomNumberGenerator,
        post: @escaping @Sendable (OutboundRequest) async throws -> Answer
    ) {
        var logger = Logger(label: "simulation")
        logger.handler = SwiftLogNoOpLogHandler()
        let current = CurrentWorld(world)
        backend = Backend(
            configuration: configuration, store: store, current: current,
            dialogs: LiveDialogs(configuration: configuration, store: store, current: current, logger: logger),
            metrics: Metrics(), logger: logger, outboxSignal: Signal(), connections: OpenConnections(most: 0),
            clock: clock)
        responder = Server.router(backend, showSandbox: { _ in }).buildResponder()
        dispatcher = Dispatcher(
            backend: backend, post: { request, _ in try await post(request) }, randomness: randomness)
        pace = Dispatcher.State(perSecond: configuration.gateways.perSecond)
    }

    /// Answers one request. What it acknowledges is durable.
    package func respond(to incoming: Incoming) async -> (status: Int, body: Data) {
        guard let method = HTTPRequest.Method(incoming.method) else { return (501, Data()) }
        var head = HTTPRequest(method: method, scheme: nil, authority: nil, path: incoming.path)
        for (name, value) in incoming.headers {
            if let name = HTTPField.Name(name) { head.headerFields[name] = value }
        }
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: incoming.body)))
        let context = RouteContext(logger: backend.logger)
        do {
            let response = try await responder.respond(to: request, context: context)
            return try await Self.read(response)
        } catch let error as any HTTPResponseError {
            guard let response = try? error.response(from: request, context: context) else { return (500, Data()) }
            return (try? await Self.read(response)) ?? (500, Data())
        } catch {
            return (500, Data("\(error)".utf8))
        }
    }

    private final class Collected: ResponseBodyWriter {
        var bytes = ByteBuffer()
        func write(_ buffer: ByteBuffer) { bytes.writeImmutableBuffer(buffer) }
        consuming func finish(_ trailingHeaders: HTTPFields?) {}
    }

    private static func read(_ response: Response) async throws -> (status: Int, body: Data) {
        let collected = Collected()
        try await response.body.write(collected)
        return (Int(response.status.code), Data(collected.bytes.readableBytesView))
    }

    /// Fires what is due.
    /// - Returns: how many timers fired.
    package func fireTimers() async throws -> Int { try await Scheduler(backend: backend).fireDue() }

    /// Looks after the desk, as the server does every second: who is gone, whose cases wait, who gets the next.
    package func watchDesk() async throws { _ = try await DeskClock(backend: backend).look() }

    /// What the dispatcher would send now: the first message of each conversation, where it may leave.
    package func readyToLeave() async throws -> [OutboxEntry] {
        var ready: [OutboxEntry] = []
        for entry in try await dispatcher.next(besides: [], pace) where try await dispatcher.fits(entry, pace) {
            ready.append(entry)
        }
        return ready
    }

    /// Sends one message and notes what came of it.
    package func send(_ entry: OutboxEntry) async { await dispatcher.deliver(entry, pace) }

    /// Puts one message to its gateway without any of the looks before it, to show that they are missed.
    package func post(_ entry: OutboxEntry) async {
        let message = entry.message
        let sender = backend.configuration.sender(for: message.contact, now: { backend.now() })
        for request in sender?.requests(for: message) ?? [] { _ = try? await dispatcher.post(request, .seconds(1)) }
    }

    package var processor: TurnProcessor { backend.processor }

    /// Takes every account as far as it goes in a campaign now, as the server does by itself every day.
    package func run(_ campaign: Campaign) async throws {
        _ = try await CampaignRun(store: backend.store, world: backend.processor.world)
            .run(campaign, now: { backend.now() })
    }

    /// Puts a dialog to work that passed the gate.
    package func load(_ dialog: CompiledDialog, source: String) async throws {
        try await backend.store.save(
            StoredDialog(place: dialog.name, version: dialog.version, source: source, loadedAt: backend.now()))
        backend.current.change { world in
            if let before = world.dialogs[dialog.name] { world.earlierDialogs[before.version] = before }
            world.dialogs[dialog.name] = dialog
        }
    }
}

extension Configuration {
    /// With a gateway for each channel that a simulation speaks on, an operator and agents, where the company's file has
    /// none; without those that open sockets of their own.
    package func simulated() -> Configuration {
        var all = self
        all.mail = nil
        all.sandbox = false
        all.gateways.telegram = GatewayConfiguration.Telegram(
            token: "42:simulated", secretToken: GatewaySecret("simulated"), receiving: .webhook,
            apiURL: "https://telegram.simulated")
        all.generic = Generic(secret: GatewaySecret("simulated"), callbackURL: "https://company.simulated/callback")
        all.operatorToken = "simulated-operator"
        all.agents = [("Ana", Role.agent), ("Bruno", .agent), ("Carla", .manager)].map {
            Agent(name: $0, token: "simulated-\($0)", role: $1, password: nil)
        }
        all.agents[0].capacity = 2
        all.agents[1].capacity = 3
        all.agents[1].skills = ["quejas"]
        all.console.skills = ["queja": "quejas", "amenaza_legal": "legales"]
        return all
    }
}

extension Configuration {
    /// The campaigns of the company, else those that lie beside its accounts.
    /// - Throws: ``ConfigurationError``.
    package func simulatedCampaigns(_ world: World) throws -> [Campaign] {
        var all = self
        if all.campaigns == nil, FileManager.default.fileExists(atPath: fixtures + "/campaigns") {
            all.campaigns = fixtures + "/campaigns"
        }
        return try all.loadCampaigns(world)
    }
}
