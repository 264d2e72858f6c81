import Logging
import Quantities
import ServiceLifecycle

/// Closes the months for the dashboard: when the server starts, and once a day before people come to work.
struct MonthClock: Service {
    let backend: Backend

    func run() async throws {
        await backend.daily(at: CampaignClock.hour, failure: "months were not closed") { now in
            try await backend.store.closeMonths(on: now.day(in: backend.processor.world.zone))
        }
    }
}
