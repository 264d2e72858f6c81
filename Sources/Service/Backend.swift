import Conversations
import Desk
import Foundation
import Logging
import Quantities
import Storage

/// What every route and every background service works with.
struct Backend: Sendable {
    let configuration: Configuration
    let store: Store
    let processor: TurnProcessor
    let desk: Desk
    let metrics: Metrics
    let logger: Logger
    /// Wakes the dispatcher: something was committed to the outbox.
    let outboxSignal: Signal

    func now() -> Moment { Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
}

/// Wakes one waiter; signals that come while it works are remembered as one.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func fire() { continuation.yield() }

    /// Waits for the next signal, at most `duration`.
    func wait(atMost duration: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [stream] in
                for await _ in stream { return }
            }
            group.addTask { try? await Task.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
    }
}
