import Conversations
import Logging
import Quantities
import ServiceLifecycle
import Storage

/// Fires due timers, each as a turn of its own, in order of their moment: first those of people who just wrote and wait for
/// an answer.
struct Scheduler: Service {
    let backend: Backend

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let fired = try await fireDue()
                    if fired > 0 { continue }
                } catch is CancellationError {
                    return
                } catch {
                    backend.logger.error("timers could not be fired", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: await pause())
            }
        }
    }

    /// Timers that one round fires, of those of quiet windows and of the others.
    package static let most = 256

    /// Until the next look: at the latest when a window closes, also one that opens meanwhile.
    private func pause() async -> Duration {
        let length = backend.processor.world.quietWindow
        let now = backend.now()
        let next = (try? await backend.store.nextWindow()).map { $0.milliseconds - now.milliseconds } ?? 1000
        return .milliseconds(min(1000, length > 0 ? length : 1000, max(5, next)))
    }

    /// Fires every timer that is due; a timer leaves the store in the transaction of its turn.
    /// - Returns: how many fired.
    func fireDue() async throws -> Int {
        let (now, processor) = (backend.now(), backend.processor)
        let longest = QuietWindow.longest * processor.world.quietWindow
        var timers = try await backend.store.closingWindows(now: now, longest: longest, limit: Self.most)
        timers += try await backend.store.dueTimers(now: now, limit: Self.most).filter { $0.kind != .quiet }
        var failure: StoreError?
        for (timer, result) in zip(timers, await backend.store.fire(timers, with: processor, now: now)) {
            switch result {
            case .success(let reply): backend.metrics.add(.joined, reply?.joined ?? 0)
            // The database is busy or closing: the timer stays, for the next round.
            case .failure(let error as StoreError): failure = error
            case .failure(let error):
                backend.logger.error(
                    "a timer failed and is set aside", metadata: ["kind": "\(timer.kind)", "error": "\(error)"])
                try await backend.store.setAside(timer, reason: String(describing: error), now: now)
            }
        }
        if !timers.isEmpty { backend.outboxSignal.fire() }
        if let failure { throw failure }
        return timers.count
    }
}
