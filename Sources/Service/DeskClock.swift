import Conversations
import Logging
import ServiceLifecycle
import Storage

/// Watches the desk: notes who is gone, puts their cases back, gives the waiting ones out.
struct DeskClock: Service {
    let backend: Backend

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await look()
                } catch is CancellationError {
                    return
                } catch {
                    backend.logger.error("the desk could not be watched", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// - Returns: how many cases changed hands.
    @discardableResult
    func look() async throws -> Int {
        let now = backend.now()
        let patience = Int64(backend.configuration.console.absenceMinutes) * 60
        if patience > 0 {
            for presence in try await backend.store.presentAgents()
            where now >= backend.attendance.lastSeen(presence.agent, now: now).adding(seconds: patience) {
                if Store.hasNodes,
                    now < (try await backend.store.seenByNodes(presence.agent)).adding(seconds: patience)
                {
                    continue
                }
                try await backend.desk.note(.absent, of: presence.agent, now: now)
                backend.attendance.forget(presence.agent)
            }
        }
        let released = try await backend.desk.releaseAbandoned(now: now)
        let given = try await backend.desk.assignWaiting(now: now)
        if released + given > 0 { backend.outboxSignal.fire() }
        return released + given
    }
}
