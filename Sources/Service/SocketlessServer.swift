import Channels
import Conversations
import Desk
import Foundation
import Ledger
import Logging
import NIOCore
import Quantities
import Storage
import Synchronization

/// The server without its sockets and its own pace: the same intake, scheduler, desk and dispatcher, moved step by step on
/// a clock that is given. For simulations.
package struct SocketlessServer: Sendable {
    /// What a gateway answers to a request.
    package typealias Answer = (status: Int, body: Data, retryAfter: Int?)

    private let backend: Backend
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
        dispatcher = Dispatcher(
            backend: backend, post: { request, _ in try await post(request) }, randomness: randomness)
        pace = Dispatcher.State(perSecond: configuration.gateways.perSecond)
    }

    /// What a gateway delivered in one request; acknowledged where this returns.
    package func receive(_ items: [ParsedWebhook.Item]) async throws {
        try await Intake(backend: backend).process(items, source: "whatsapp")
    }

    /// Fires what is due.
    /// - Returns: how many timers fired.
    package func fireTimers() async throws -> Int { try await Scheduler(backend: backend).fireDue() }

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

    /// An agent's order, durable when this returns.
    package func order(_ command: AgentCommand, by agent: String, handoffID: String) async throws {
        _ = try await backend.desk.command(command, by: agent, handoffID: handoffID, now: backend.now())
    }

    /// Payments of one account from the ERP, durable when this returns.
    package func receive(_ payments: [Payment], accountID: String) async throws {
        let (now, processor) = (backend.now(), backend.processor)
        try await backend.store.submit {
            try processor.importPayments(payments, accountID: accountID, now: now, tx: $0)
        }
    }
}
