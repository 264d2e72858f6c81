import Logging
import Quantities
import ServiceLifecycle
import Storage

/// Takes away what was kept long enough, every night, when few people write.
struct RetentionClock: Service {
    /// The hour of the company's day.
    static let hour = 4

    let backend: Backend

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var last = backend.now()
            while !Task.isCancelled {
                let now = backend.now()
                if CampaignClock.isDue(now, last: last, zone: backend.processor.world.zone, hour: Self.hour) {
                    do {
                        try await pass(now)
                        last = now
                    } catch is CancellationError {
                        return
                    } catch {
                        backend.logger.error("what was kept long enough stays", metadata: ["error": "\(error)"])
                    }
                }
                try? await Task.sleep(for: .seconds(30))
            }
        }
    }

    /// One pass; between its transactions turns go on.
    func pass(_ now: Moment) async throws {
        let report = try await backend.store.retain(backend.configuration.retention, now: now) {
            try await Task.sleep(for: .milliseconds(20))
        }
        backend.metrics.add(.retained, report.total)
        if report.total > 0 {
            backend.logger.info("kept long enough", metadata: ["rows": "\(report.total)"])
        }
    }
}
