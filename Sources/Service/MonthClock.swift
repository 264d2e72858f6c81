import Logging
import Quantities
import ServiceLifecycle

/// Closes the months for the dashboard: when the server starts, and once a day before people come to work.
struct MonthClock: Service {
    let backend: Backend

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var last: Moment?
            while !Task.isCancelled {
                let now = backend.now()
                let zone = backend.processor.world.zone
                if CampaignClock.isDue(now, last: last, zone: zone) {
                    do {
                        try await backend.store.closeMonths(on: now.day(in: zone))
                        last = now
                    } catch is CancellationError {
                        return
                    } catch {
                        backend.logger.error("months were not closed", metadata: ["error": "\(error)"])
                    }
                }
                try? await Task.sleep(for: .seconds(30))
            }
        }
    }
}
