import Conversations
import Desk
import Foundation
import Logging
import Quantities
import Storage
import Synchronization

/// What every route and every background service works with.
struct Backend: Sendable {
    let configuration: Configuration
    let store: Store
    let current: CurrentWorld
    let dialogs: LiveDialogs
    let metrics: Metrics
    let logger: Logger
    /// Wakes the dispatcher: something was committed to the outbox.
    let outboxSignal: Signal
    let lanes = Lanes()
    let attendance = Attendance(trust: Store.hasNodes ? 5_000 : nil)
    let connections: OpenConnections
    var clock: @Sendable () -> Moment = { .now }

    /// With the dialogs of this moment.
    var processor: TurnProcessor { TurnProcessor(world: current.world) }
    var desk: Desk {
        Desk(
            store: store, processor: processor, roster: configuration.roster,
            claimWithin: configuration.console.claimWithin * 60)
    }

    func now() -> Moment { clock() }

    /// Writes to the audit log what somebody did outside any conversation.
    /// - Parameter detail: who, then what.
    func record(_ kind: String, _ detail: [String], account: String? = nil) async throws {
        try await store.record(
            AuditEvent(at: now(), conversationID: nil, accountID: account, kind: kind, detail: detail))
    }
}

extension Moment {
    /// What this machine's clock says: for the edges, which pass it on.
    public static var now: Moment { Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
}

/// Wakes one waiter; signals that come while it works are remembered as one.
final class Signal: Sendable {
    private struct State {
        var fired = false
        var waiter: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    func fire() {
        let waiter = state.withLock { state in
            state.fired = state.waiter == nil
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Waits for the next signal, at most `duration`.
    func wait(atMost duration: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.next() }
            group.addTask { try? await Task.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
    }

    private func next() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state in
                    if Task.isCancelled { return true }
                    if !state.fired { state.waiter = continuation }
                    defer { state.fired = false }
                    return state.fired
                }
                if ready { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiter.take() }?.resume()
        }
    }
}
