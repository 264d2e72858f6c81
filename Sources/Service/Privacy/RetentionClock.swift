import Logging
import Quantities
import ServiceLifecycle
import Storage

/// Takes away what was kept long enough, every night, when few people write, and writes the file anew after an erasure.
struct RetentionClock: Service {
    let backend: Backend

    func run() async throws {
        await backend.daily(at: 4, since: backend.now(), failure: "what was kept long enough stays") {
            try await pass($0)
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
        if try await backend.store.rewriteErased() { backend.logger.info("the file was written anew after an erasure") }
    }
}
