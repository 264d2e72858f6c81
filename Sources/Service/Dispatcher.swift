import AsyncHTTPClient
import Channels
import Conduct
import Conversations
import Foundation
import Ledger
import Logging
import NIOCore
import NIOHTTP1
import Quantities
import ServiceLifecycle
import Storage
import Synchronization

/// Sends what the outbox holds: in order within a conversation, concurrently across conversations, as fast as each
/// gateway and each contact takes it, with back-off.
struct Dispatcher: Service {
    let backend: Backend
    /// Posts a request to a gateway and reads its answer.
    let post: Post
    /// For the part of a pause that keeps what failed together from being tried together.
    var randomness: @Sendable () -> any RandomNumberGenerator = { SystemRandomNumberGenerator() }

    typealias Post =
        @Sendable (OutboundRequest, TimeAmount) async throws -> (status: Int, body: Data, retryAfter: Int?)

    /// Conversations that may have a message on its way at once.
    static let mostInFlight = 64
    /// Before a conversation whose last message the disk did not note is looked at again.
    private static let pauseOfTheDisk = Duration.milliseconds(500)

    final class State: Sendable {
        /// Conversations with a message on its way.
        let busy = Mutex<Set<String>>([])
        let limits: Mutex<RateLimits>
        /// Parts that a gateway took and that may not be on disk yet (it is full): they are not sent again for that. By
        /// message: how many, and the gateway's id of the last one.
        let accepted = Mutex<[String: (parts: Int, lastID: String?)]>([:])
        init(perSecond: [String: Int]) { limits = Mutex(RateLimits(perSecond: perSecond)) }
    }

    func run() async throws {
        let signal = backend.outboxSignal
        await withGracefulShutdownHandler {
            await dispatch()
        } onGracefulShutdown: {
            signal.fire()
        }
    }

    /// Sends until told to stop; what is on its way then is finished, so that nothing is sent twice for a restart.
    private func dispatch() async {
        let state = State(perSecond: backend.configuration.gateways.perSecond)
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                do {
                    // Before the read: what is finished meanwhile may still be pending in it.
                    let taken = state.busy.withLock { $0 }
                    for entry in try await next(besides: taken, state) where try await fits(entry, state) {
                        let conversation = entry.message.conversationID
                        _ = state.busy.withLock { $0.insert(conversation) }
                        group.addTask {
                            if await !deliver(entry, state) { try? await Task.sleep(for: Self.pauseOfTheDisk) }
                            _ = state.busy.withLock { $0.remove(conversation) }
                            backend.outboxSignal.fire()
                        }
                    }
                } catch {
                    backend.logger.error("the outbox could not be read", metadata: ["error": "\(error)"])
                }
                let now = backend.now()
                let pause = state.limits.withLock { $0.paused(at: now).values.min() }
                    .map { Duration.milliseconds(max(1, $0.milliseconds - now.milliseconds)) }
                await backend.outboxSignal.wait(atMost: min(pause ?? .milliseconds(500), .milliseconds(500)))
            }
        }
    }

    /// The oldest unsent message of each conversation that is due and not `taken`.
    func next(besides taken: Set<String>, _ state: State) async throws -> [OutboxEntry] {
        guard taken.count < Self.mostInFlight else { return [] }
        let now = backend.now()
        let paused = state.limits.withLock { Set($0.paused(at: now).keys) }
        return try await backend.store.dueOutbox(
            now: now, limit: Self.mostInFlight - taken.count, besides: taken, paused: paused)
    }

    /// Whether the rate limits let a message leave now; a contact's turn comes later by the clock, a gateway's by itself.
    func fits(_ entry: OutboxEntry, _ state: State) async throws -> Bool {
        let now = backend.now()
        let sender = backend.configuration.sender(for: entry.message.contact, now: { now })
        let accepted = state.accepted.withLock { $0[entry.message.id]?.parts }
        let parts = (sender?.requests(for: entry.message).count ?? 1) - max(entry.parts, accepted ?? 0)
        // What its gateway took and the disk does not note takes nobody's turn.
        if accepted != nil, parts <= 0 { return true }
        switch state.limits.withLock({ $0.take(entry.message.contact, parts: max(1, parts), now: now) }) {
        case .go: return true
        case .channelWaits: return false
        case .contactWaits(let until):
            try await backend.store.hold(entry.message.id, until: until, now: now)
            return false
        }
    }

    /// - Returns: whether what came of it is on disk.
    @discardableResult
    func deliver(_ entry: OutboxEntry, _ state: State) async -> Bool {
        do {
            guard try await mayLeave(entry), try await isWithinWindow(entry) else { return true }
            let outcome =
                entry.message.contact.channel == "mail"
                ? await deliverByMail(entry, state) : try await deliverByHTTP(entry, state)
            if let outcome { try await note(outcome, of: entry, state) }
            _ = state.accepted.withLock { $0.removeValue(forKey: entry.message.id) }
            return true
        } catch {
            backend.logger.error(
                "a delivery could not be noted", metadata: ["id": "\(entry.message.id)", "error": "\(error)"])
            return false
        }
    }

    // MARK: Before sending

    /// A message that is too old is given up; one in which we speak first keeps to the rules of conduct also where it
    /// leaves late (I6, I12).
    private func mayLeave(_ entry: OutboxEntry) async throws -> Bool {
        let message = entry.message
        let now = backend.now()
        let hours = backend.configuration.gateways.expireHours
        if entry.since.adding(seconds: Int64(hours) * 3600) <= now {
            try await giveUp(message, "it could not leave within \(hours) hours", now)
            return false
        }
        guard let purpose = message.purpose, purpose != .reply else { return true }
        // Whatever the table of conduct says.
        if purpose != .receipt, try await backend.store.optedOut(since: message) {
            try await backend.store.withdraw(message.id)
            return false
        }
        switch try await backend.store.admit(message, purpose, in: backend.processor.world, now: now) {
        case .allowed: return true
        case .refused(let refusal):
            if let until = refusal.until {
                try await backend.store.postpone(message.id, until: until)
            } else {
                try await backend.store.withdraw(message.id)
            }
            return false
        }
    }

    /// WhatsApp takes only templates a day after the customer's last message.
    private static let window: Int64 = 24 * 3600

    private func isWithinWindow(_ entry: OutboxEntry) async throws -> Bool {
        let now = backend.now()
        guard entry.message.contact.channel == "whatsapp", entry.message.form == nil, let heard = entry.lastHeardAt,
            heard.adding(seconds: Self.window) <= now
        else { return true }
        try await useTemplate(entry.message, "the customer last wrote over 24 hours ago", now)
        return false
    }

    /// Sends again as the configured template, or gives up.
    private func useTemplate(_ message: OutboxMessage, _ reason: String, _ now: Moment) async throws {
        if let form = backend.windowForm, try await backend.store.resend(message.id, now: now, as: form) {
            backend.outboxSignal.fire()
            return
        }
        try await giveUp(message, "\(reason); only a template may be sent (`channels.window_template`)", now)
    }

    private func giveUp(_ message: OutboxMessage, _ reason: String, optsOut: Bool = false, _ now: Moment) async throws {
        try await backend.store.markDead(
            message.id, reason: reason, optsOut: optsOut, now: now, processor: backend.processor)
        backend.metrics.add(.failed)
        backend.logger.error("a message cannot be delivered", metadata: ["id": "\(message.id)", "why": "\(reason)"])
    }

    // MARK: After sending

    private func note(_ outcome: SendOutcome, of entry: OutboxEntry, _ state: State) async throws {
        let message = entry.message
        let now = backend.now()
        switch outcome {
        case .sent(let gatewayMessageID):
            try await backend.store.markSent(
                message.id, gatewayMessageID: gatewayMessageID, now: now, processor: backend.processor)
            backend.metrics.add(.sent)
        case .retry(let after, let reason):
            try await sendAgain(entry, after, reason, now)
        case .throttle(let scope, let after, let reason):
            let moment = try await sendAgain(entry, after, reason, now)
            if scope == .gateway {
                state.limits.withLock { $0.pause(message.contact.channel, from: now, until: moment) }
            }
        case .useTemplate(let reason): try await useTemplate(message, reason, now)
        case .permanent(let reason): try await giveUp(message, reason, now)
        case .optedOut(let reason): try await giveUp(message, reason, optsOut: true, now)
        }
    }

    @discardableResult
    private func sendAgain(_ entry: OutboxEntry, _ after: Int?, _ reason: String, _ now: Moment) async throws -> Moment
    {
        var random = randomness()
        let delay = Backoff.delay(attempt: entry.attempts, requested: after, using: &random)
        let moment = now.adding(seconds: delay)
        try await backend.store.markFailed(entry.message.id, retryAt: moment, reason: reason, now: now)
        backend.metrics.add(.retried)
        backend.logger.warning(
            "a message will be sent again",
            metadata: [
                "id": "\(entry.message.id)", "attempt": "\(entry.attempts + 1)", "in_seconds": "\(delay)",
                "why": "\(reason)",
            ])
        return moment
    }

    // MARK: Sending

    /// The parts of one message, in order; one that the gateway took in an earlier attempt is not said again.
    /// - Returns: nil where further parts leave with the next share.
    private func deliverByHTTP(_ entry: OutboxEntry, _ state: State) async throws -> SendOutcome? {
        let message = entry.message
        let backend = backend
        guard let sender = backend.configuration.sender(for: message.contact, now: { backend.now() }) else {
            return .permanent(reason: "no gateway sends on the channel `\(message.contact.channel)`")
        }
        let requests = sender.requests(for: message)
        let accepted = state.accepted.withLock { $0[message.id] } ?? (parts: entry.parts, lastID: entry.lastPartID)
        var last = SendOutcome.sent(gatewayMessageID: accepted.lastID)
        let atOnce = state.limits.withLock { $0.atOnce(message.contact.channel) }
        let left = Array(requests.enumerated().dropFirst(max(entry.parts, accepted.parts)))
        for (part, request) in left.prefix(atOnce) {
            last = await send(request, by: sender)
            guard case .sent(let id) = last else { return last }
            state.accepted.withLock { $0[message.id] = (part + 1, id) }
            // The last part is marked together with the whole message.
            if part < requests.count - 1 {
                try await backend.store.markPart(message.id, part, gatewayMessageID: id)
            }
        }
        return left.count > atOnce ? nil : last
    }

    private func send(_ outbound: OutboundRequest, by sender: any GatewaySender) async -> SendOutcome {
        do {
            let timeout = TimeAmount.seconds(Int64(backend.configuration.gateways.timeoutSeconds))
            let (status, body, retryAfter) = try await post(outbound, timeout)
            return sender.classify(status: status, body: body, retryAfter: retryAfter)
        } catch {
            return .retry(after: nil, reason: "the gateway could not be reached: \(type(of: error))")
        }
    }

    private func deliverByMail(_ entry: OutboxEntry, _ state: State) async -> SendOutcome {
        if let taken = state.accepted.withLock({ $0[entry.message.id] }) {
            return .sent(gatewayMessageID: taken.lastID)
        }
        guard let channel = backend.configuration.mail else { return .permanent(reason: "the mail channel is off") }
        var (subject, thread) = ("", [String]())
        if case .mail(let given, let before) = entry.message.form { (subject, thread) = (given, before ?? []) }
        if subject.isEmpty { subject = "Un mensaje para vos" }
        let secret = backend.configuration.gateways.mailIn?.webhookSecret.current
        guard
            let mail = MailMessage(entry.message, subject: subject, thread: thread, secret: secret, at: backend.now())
        else {
            return .permanent(reason: "the mail address cannot be used")
        }
        let outcome = await SMTPClient(channel: channel).send(mail)
        if case .sent(let id) = outcome { state.accepted.withLock { $0[entry.message.id] = (1, id) } }
        return outcome
    }
}

extension HTTPClient {
    /// Posts a request; the timeout covers the whole exchange.
    func post(_ outbound: OutboundRequest, timeout: TimeAmount) async throws -> (
        status: Int, body: Data, retryAfter: Int?
    ) {
        var request = HTTPClientRequest(url: outbound.url)
        request.method = .POST
        for (name, value) in outbound.headers { request.headers.replaceOrAdd(name: name, value: value) }
        request.body = .bytes(outbound.body)
        let response = try await execute(request, timeout: timeout)
        let answer = Data((try await response.body.collect(upTo: 1 << 20)).readableBytesView)
        let wait = response.headers.first(name: "Retry-After")
        return (Int(response.status.code), answer, wait.flatMap { RetryAfter.seconds($0, now: .now) })
    }
}

extension Backend {
    /// How a message becomes the template for who last wrote over a day ago; nil where none is configured.
    var windowForm: (@Sendable (OutboxMessage, Account?) -> OutboxMessage.Form)? {
        guard let template = configuration.gateways.windowTemplate else { return nil }
        return { message, account in
            func value(_ parameter: GatewayConfiguration.WindowTemplate.Parameter) -> String {
                switch parameter {
                case .name: account?.firstName ?? ""
                case .text: message.message.text
                case .account: account?.id ?? ""
                }
            }
            return .template(
                name: template.name, language: template.language, parameters: template.parameters.map(value),
                header: template.header?.map(value),
                buttons: template.buttons.isEmpty ? nil : template.buttons.map { $0.map(value) })
        }
    }
}
