import Channels
import Conversations
import Foundation
import Logging
import Quantities
import Storage

/// What gateways deliver, taken item by item; nothing is acknowledged before it is on disk.
struct Intake {
    let backend: Backend

    /// One item after the other: a gateway's batch keeps its order; an item that fails is set aside, the rest go on.
    /// - Throws: ``Refusal`` where something could not be put on disk.
    func process(_ items: [ParsedWebhook.Item], source: String) async throws {
        for item in items { try await durably { try await process(item, source) } }
    }

    private func process(_ item: ParsedWebhook.Item, _ source: String) async throws {
        switch item {
        case .turn(let message), .human(let message), .notice(let message):
            do {
                _ = try await receive(message)
            } catch let refusal as Refusal {
                throw refusal
            } catch {
                try await setAside(source, "the turn failed: \(error)", text(of: message))
            }
        case .status(let status): try await note(status)
        case .ignored: break
        case .deadLetter(let reason, let fragment): try await setAside(source, reason, fragment)
        }
    }

    /// Runs what must be on disk before the gateway is answered.
    func durably<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as StoreError {
            throw Refusal(error)
        }
    }

    /// One turn, durable when this returns.
    func receive(_ message: InboundMessage) async throws -> TurnReply {
        try await turn(of: message) { _, reply, _ in reply }
    }

    /// One turn, durable when this returns.
    /// - Parameter read: what is wanted of it, read in its transaction, at its moment.
    /// - Throws: ``Refusal`` where too much waits, of this contact or of all.
    func turn<Value: Sendable>(
        of message: InboundMessage, read: @escaping @Sendable (any TurnTransaction, TurnReply, Moment) throws -> Value
    ) async throws -> Value {
        try backend.lanes.enter(message.contact)
        defer { backend.lanes.leave(message.contact) }
        let now = backend.now()
        let processor = backend.processor
        let (reply, value) = try await durably {
            try await backend.store.submit { tx in
                let reply = try processor.receive(message, now: now, tx: tx)
                return (reply, try read(tx, reply, now))
            }
        }
        backend.metrics.add(reply.duplicate ? .duplicates : .turns)
        backend.metrics.add(.joined, reply.joined)
        backend.outboxSignal.fire()
        return value
    }

    /// A message that failed because the customer's last one is too long ago is sent again as a template, and one that
    /// failed for something that passes is sent again as it is.
    private func note(_ status: MessageStatus) async throws {
        let now = backend.now()
        if status.state == .failed, try await isSentAgain(status, now) { return backend.outboxSignal.fire() }
        try await backend.store.recordStatus(
            status.gatewayMessageID, status.state.rawValue, error: status.error, optsOut: status.failure == .optOut,
            tracked: status.tracker.flatMap(MessageStatus.tracked), at: now, processor: backend.processor)
    }

    private func isSentAgain(_ status: MessageStatus, _ now: Moment) async throws -> Bool {
        switch status.failure {
        case .permanent, .optOut: return false
        case .useTemplate:
            guard let form = backend.windowForm else { return false }
            return try await backend.store.resend(status.gatewayMessageID, now: now, as: form)
        case .retry, .throttle, .throttlePair:
            return try await backend.store.sendAgain(status.gatewayMessageID, reason: status.error, now: now) {
                var random = SystemRandomNumberGenerator()
                return now.adding(seconds: Backoff.delay(attempt: $0 + 4, requested: nil, using: &random))
            }
        }
    }

    func setAside(_ source: String, _ reason: String, _ body: String) async throws {
        backend.metrics.add(.deadLetters)
        backend.logger.warning("an item was set aside", metadata: ["source": "\(source)", "why": "\(reason)"])
        try await backend.store.addDeadLetter(source: source, reason: reason, body: body, at: backend.now())
    }

    private func text(of message: InboundMessage) -> String {
        ((try? JSONEncoder().encode(message)).map { String(decoding: $0, as: UTF8.self) }) ?? ""
    }
}
