import Logging
import ServiceLifecycle
import Storage

/// Fires due timers, each as a turn of its own, in order of their moment.
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
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Fires every timer that is due; a timer leaves the store in the transaction of its turn.
    /// - Returns: how many fired.
    func fireDue() async throws -> Int {
        let now = backend.now()
        let timers = try await backend.store.dueTimers(now: now, limit: 100)
        for timer in timers {
            do {
                _ = try await backend.store.fire(timer, with: backend.processor, now: now)
            } catch let error as StoreError {
                // The database is busy or closing: the timer stays, for the next round.
                throw error
            } catch {
                backend.logger.error(
                    "a timer failed and is set aside", metadata: ["kind": "\(timer.kind)", "error": "\(error)"])
                try await backend.store.setAside(timer, reason: String(describing: error), now: now)
            }
        }
        if !timers.isEmpty { backend.outboxSignal.fire() }
        return timers.count
    }
}
