import Logging
import Quantities
import ServiceLifecycle

/// Closes the months for the dashboard: when the server starts, and once a day before people come to work.
struct MonthClock: Service {
    let backend: Backend

    func run() async throws {
        await backend.daily(at: CampaignClock.hour, failure: "months were not closed") { now in
            // It rests as long as it works: turns are not to wait for it.
            try await backend.store.closeMonths(on: now.day(in: backend.processor.world.zone)) {
                try await Task.sleep(for: $0)
            }
        }
    }
}
