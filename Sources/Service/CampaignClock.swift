import Campaigns
import Logging
import Quantities
import ServiceLifecycle

/// Takes the accounts that have come to match a campaign of the configuration into it, once a day and when the server
/// starts. Doing it again takes in nobody twice; each message waits for its own moment.
struct CampaignClock: Service {
    let backend: Backend
    let campaigns: [Campaign]

    /// Before anybody may be written to.
    static let hour = 6

    func run() async throws {
        await backend.daily(at: Self.hour, failure: "campaigns took nobody in") { _ in try await enrol() }
    }

    private func enrol() async throws {
        for campaign in campaigns {
            let report = try await CampaignRun(store: backend.store, world: backend.processor.world)
                .run(campaign, now: { backend.now() })
            backend.outboxSignal.fire()
            backend.logger.info(
                "campaign",
                metadata: [
                    "name": "\(campaign.name)", "sent": "\(report.sent.values.reduce(0, +))",
                    "waiting": "\(report.waiting)",
                ])
        }
    }
}
