import AsyncHTTPClient
import Channels
import Conduct
import Conversations
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Quantities
import ServiceLifecycle
import Storage
import Synchronization

/// Sends what the outbox holds: in order within a conversation, concurrently across conversations, with back-off.
struct Dispatcher: Service {
    let backend: Backend
    let client: HTTPClient

    /// Conversations that may have a message on its way at once.
    static let mostInFlight = 64

    /// Conversations with a message on its way, and how many parts of a long message have left already.
    private final class Busy: Sendable {
        let conversations = Mutex<Set<String>>([])
        let parts = Mutex<[String: Int]>([:])
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
        let busy = Busy()
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                do {
                    // Before the read: what is finished meanwhile may still be pending in it.
                    let taken = busy.conversations.withLock { $0 }
                    for entry in try await next(besides: taken) {
                        let conversation = entry.message.conversationID
                        _ = busy.conversations.withLock { $0.insert(conversation) }
                        group.addTask {
                            await deliver(entry, busy)
                            _ = busy.conversations.withLock { $0.remove(conversation) }
                            backend.outboxSignal.fire()
                        }
                    }
                } catch {
                    backend.logger.error("the outbox could not be read", metadata: ["error": "\(error)"])
                }
                await backend.outboxSignal.wait(atMost: .milliseconds(500))
            }
        }
    }

    /// The oldest unsent message of each conversation that is due and not `taken`.
    private func next(besides taken: Set<String>) async throws -> [OutboxEntry] {
        guard taken.count < Self.mostInFlight else { return [] }
        return try await backend.store.dueOutbox(
            now: backend.now(), limit: Self.mostInFlight - taken.count, besides: taken)
    }

    private func deliver(_ entry: OutboxEntry, _ busy: Busy) async {
        do {
            try await attempt(entry, busy)
        } catch {
            backend.logger.error(
                "a delivery could not be noted", metadata: ["id": "\(entry.message.id)", "error": "\(error)"])
        }
    }

    /// A message in which we speak first keeps to the hours and to an opt-out also where it left late (I6, I12).
    private func mayLeave(_ message: OutboxMessage) async throws -> Bool {
        guard message.purpose == .proactive else { return true }
        if try await backend.store.optedOut(since: message) {
            try await backend.store.withdraw(message.id)
            return false
        }
        let world = backend.processor.world
        // The message itself is in the person's history, so only hours and days are asked about.
        let history = ContactHistory(channels: [message.contact.channel])
        if case .refused(let refusal) = world.conduct.mayContact(
            .proactive, on: message.contact.channel, history: history, at: backend.now(), zone: world.zone,
            calendar: world.calendar), let until = refusal.until
        {
            try await backend.store.postpone(message.id, until: until)
            return false
        }
        return true
    }

    private func attempt(_ entry: OutboxEntry, _ busy: Busy) async throws {
        guard try await mayLeave(entry.message) else { return }
        let outcome: SendOutcome
        switch entry.message.contact.channel {
        case "whatsapp": outcome = await deliverByWhatsApp(entry, busy)
        case "sms": outcome = await deliverBySMS(entry, busy)
        case "mail": outcome = await deliverByMail(entry)
        case "generic": outcome = await deliverByCallback(entry)
        default: outcome = .permanent(reason: "no gateway sends on the channel `\(entry.message.contact.channel)`")
        }
        let now = backend.now()
        switch outcome {
        case .sent(let gatewayMessageID):
            try await backend.store.markSent(entry.message.id, gatewayMessageID: gatewayMessageID, now: now)
            backend.metrics.add(.sent)
        case .retry(let after, let reason):
            let delay = Self.delay(attempt: entry.attempts, requested: after, id: entry.message.id)
            try await backend.store.markFailed(
                entry.message.id, retryAt: now.adding(seconds: delay), reason: reason)
            backend.metrics.add(.retried)
            backend.logger.warning(
                "a message will be sent again",
                metadata: [
                    "id": "\(entry.message.id)", "attempt": "\(entry.attempts + 1)", "in_seconds": "\(delay)",
                    "why": "\(reason)",
                ])
        case .permanent(let reason):
            try await backend.store.markDead(
                entry.message.id, reason: reason, now: now, processor: backend.processor)
            backend.metrics.add(.failed)
            backend.logger.error(
                "a message cannot be delivered", metadata: ["id": "\(entry.message.id)", "why": "\(reason)"])
        }
    }

    /// Seconds to the next attempt: 2, 4, 8 … 900, or what the gateway asked for, spread by up to a quarter so that
    /// conversations do not retry in step. The spread comes from the message's id: no randomness.
    static func delay(attempt: Int, requested: Int?, id: String) -> Int64 {
        let base = Int64(requested ?? min(900, 2 << min(attempt, 9)))
        let spread = stableHash(id)
        return base + Int64(spread % UInt64(max(1, base / 4 + 1)))
    }

    private func deliverByWhatsApp(_ entry: OutboxEntry, _ busy: Busy) async -> SendOutcome {
        guard let channel = backend.configuration.whatsApp else {
            return .permanent(reason: "the WhatsApp channel is off")
        }
        let sender = WhatsAppSender(apiURL: channel.apiURL, accessToken: channel.accessToken)
        let requests = sender.requests(
            for: entry.message.message, form: entry.message.form, to: entry.message.contact)
        return await deliver(entry.message.id, requests, busy) {
            sender.classify(status: $0, body: $1, retryAfter: $2)
        }
    }

    private func deliverBySMS(_ entry: OutboxEntry, _ busy: Busy) async -> SendOutcome {
        guard let channel = backend.configuration.sms else { return .permanent(reason: "the SMS channel is off") }
        let sender = TwilioSender(
            apiURL: channel.apiURL, accountSID: channel.accountSID, authToken: channel.authToken,
            statusCallback: channel.webhookURL)
        return await deliver(entry.message.id, sender.requests(for: entry.message), busy) {
            sender.classify(status: $0, body: $1, retryAfter: $2)
        }
    }

    private func deliverByMail(_ entry: OutboxEntry) async -> SendOutcome {
        guard let channel = backend.configuration.mail else { return .permanent(reason: "the mail channel is off") }
        var subject = "Un mensaje para vos"
        if case .mail(let given) = entry.message.form { subject = given }
        guard let mail = MailMessage(entry.message, subject: subject, at: backend.now()) else {
            return .permanent(reason: "the mail address cannot be used")
        }
        return await SMTPClient(channel: channel).send(mail)
    }

    /// Sends the parts of one message, in order.
    private func deliver(
        _ id: String, _ requests: [OutboundRequest], _ busy: Busy, classify: (Int, Data, Int?) -> SendOutcome
    ) async -> SendOutcome {
        var last = SendOutcome.permanent(reason: "the message was empty")
        // A part that the gateway took in an earlier attempt is not said again.
        for request in requests.dropFirst(busy.parts.withLock { $0[id] ?? 0 }) {
            last = await send(url: request.url, headers: request.headers, body: request.body, classify: classify)
            guard case .sent = last else { break }
            busy.parts.withLock { $0[id, default: 0] += 1 }
        }
        if case .retry = last {} else { busy.parts.withLock { $0[id] = nil } }
        return last
    }

    private func deliverByCallback(_ entry: OutboxEntry) async -> SendOutcome {
        guard let channel = backend.configuration.generic, let url = channel.callbackURL else {
            return .permanent(reason: "the generic channel has no `callback_url` for messages that answer nobody")
        }
        let body = GenericJSON.callbackBody(entry.message)
        let headers = GenericJSON.signedHeaders(
            body: body, secret: channel.secret, timestamp: backend.now().milliseconds / 1000)
        return await send(url: url, headers: headers, body: body) { status, _, retryAfter in
            switch status {
            case 200..<300: .sent(gatewayMessageID: nil)
            case 408, 429, 500...: .retry(after: retryAfter, reason: "HTTP \(status)")
            default: .permanent(reason: "HTTP \(status)")
            }
        }
    }

    private func send(
        url: String, headers: [String: String], body: Data,
        classify: (Int, Data, Int?) -> SendOutcome
    ) async -> SendOutcome {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        request.body = .bytes(body)
        do {
            let response = try await client.execute(request, timeout: .seconds(20))
            let answer = Data((try await response.body.collect(upTo: 1 << 18)).readableBytesView)
            let retryAfter = response.headers.first(name: "Retry-After").flatMap { Int($0) }
            return classify(Int(response.status.code), answer, retryAfter)
        } catch {
            return .retry(after: nil, reason: "the gateway could not be reached: \(type(of: error))")
        }
    }
}
