import AsyncHTTPClient
import Channels
import Foundation
import Logging
import NIOCore
import ServiceLifecycle
import Storage
import Synchronization

/// Posts events to the company's systems: in order within an account, concurrently across accounts, each target by
/// itself, with back-off.
struct EventDispatcher: Service {
    let backend: Backend
    let client: HTTPClient

    /// Events that may be on their way to one target at once, each of another account.
    static let mostInFlight = 16

    /// Lanes with an event on its way.
    private final class Busy: Sendable {
        let lanes = Mutex<Set<String>>([])
    }

    func run() async throws {
        // A service that ends before it is told to stops the server.
        if backend.configuration.events.isEmpty { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for target in backend.configuration.events { group.addTask { await serve(target) } }
            }
        }
    }

    private func serve(_ target: Configuration.EventTarget) async {
        let busy = Busy()
        let done = Signal()
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                do {
                    try await backend.store.takeUpEvents(for: target.name)
                    // Before the read: what is finished meanwhile may still be pending in it.
                    let taken = busy.lanes.withLock { $0 }
                    let due = try await backend.store.dueEvents(
                        for: target.name, now: backend.now(), limit: Self.mostInFlight - taken.count, besides: taken)
                    for delivery in due {
                        _ = busy.lanes.withLock { $0.insert(delivery.lane) }
                        group.addTask {
                            await deliver(delivery, to: target)
                            _ = busy.lanes.withLock { $0.remove(delivery.lane) }
                            done.fire()
                        }
                    }
                } catch is CancellationError {
                    return
                } catch {
                    backend.logger.error(
                        "events could not be read", metadata: ["target": "\(target.name)", "error": "\(error)"])
                }
                await done.wait(atMost: .milliseconds(500))
            }
        }
    }

    private func deliver(_ delivery: EventDelivery, to target: Configuration.EventTarget) async {
        let seq = delivery.logged.seq
        do {
            let outcome = await post(delivery.logged, to: target)
            let now = backend.now()
            switch outcome {
            case .taken:
                try await backend.store.markDelivered(seq, to: target.name)
                backend.metrics.add(.eventsDelivered)
            case .refused(let retryAfter, let reason, let forGood):
                guard !forGood, delivery.attempts + 1 < target.attempts else {
                    try await backend.store.markEventDead(delivery, to: target.name, reason: reason, now: now)
                    backend.metrics.add(.eventsGivenUp)
                    backend.logger.error(
                        "an event is given up",
                        metadata: ["target": "\(target.name)", "seq": "\(seq)", "why": "\(reason)"])
                    return
                }
                var random = SystemRandomNumberGenerator()
                let delay = Backoff.delay(attempt: delivery.attempts, requested: retryAfter, using: &random)
                try await backend.store.markEventFailed(
                    seq, to: target.name, retryAt: now.adding(seconds: delay), reason: reason, now: now)
                backend.metrics.add(.eventsRetried)
                backend.logger.warning(
                    "an event will be sent again",
                    metadata: [
                        "target": "\(target.name)", "seq": "\(seq)", "attempt": "\(delivery.attempts + 1)",
                        "in_seconds": "\(delay)", "why": "\(reason)",
                    ])
            case .stopped: break
            }
        } catch {
            backend.logger.error(
                "a delivery could not be noted",
                metadata: ["target": "\(target.name)", "seq": "\(seq)", "error": "\(error)"])
        }
    }

    private enum Outcome {
        case taken
        case refused(retryAfter: Int?, reason: String, forGood: Bool)
        /// The server stops: whether it arrived is not known, so it is sent again after the start.
        case stopped
    }

    private func post(_ event: LoggedEvent, to target: Configuration.EventTarget) async -> Outcome {
        let body = WireEvent(event).body
        var request = HTTPClientRequest(url: target.url)
        request.method = .POST
        let signed = GenericJSON.signedHeaders(
            body: body, secret: target.secret, timestamp: backend.now().milliseconds / 1000)
        for (name, value) in signed { request.headers.replaceOrAdd(name: name, value: value) }
        request.headers.replaceOrAdd(name: "X-Promesa-Event", value: event.event.kind.rawValue)
        request.headers.replaceOrAdd(name: "X-Promesa-Sequence", value: String(event.seq))
        request.body = .bytes(body)
        do {
            let response = try await client.execute(request, timeout: .seconds(20))
            // Read to its end, so that the connection can be used again; a very long answer is cut off.
            _ = try? await response.body.collect(upTo: 1 << 16)
            let status = Int(response.status.code)
            if (200..<300).contains(status) { return .taken }
            // Only what is wrong with this event is for good; a wrong secret or address can be mended.
            return .refused(
                retryAfter: response.headers.first(name: "Retry-After").flatMap {
                    RetryAfter.seconds($0, now: backend.now())
                }.map { min($0, 86_400) },
                reason: "HTTP \(status)", forGood: [400, 413, 422].contains(status))
        } catch {
            if Task.isCancelled { return .stopped }
            return .refused(
                retryAfter: nil, reason: "the target could not be reached: \(type(of: error))", forGood: false)
        }
    }
}
