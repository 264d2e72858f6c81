import Campaigns
import Logging
import Quantities
import ServiceLifecycle

/// Takes the accounts that have come to match a campaign of the configuration into it, once a day and when the server
/// starts. Doing it again takes in nobody twice; each message waits for its own moment.
struct CampaignClock: Service {
    let backend: Backend
    let campaigns: [Campaign]

    /// The hour of the company's day, before anybody may be written to.
    static let hour = 6

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var last: Moment?
            while !Task.isCancelled {
                let now = backend.now()
                if Self.isDue(now, last: last, zone: backend.processor.world.zone) {
                    do {
                        try await enrol()
                        last = now
                    } catch is CancellationError {
                        return
                    } catch {
                        backend.logger.error("campaigns took nobody in", metadata: ["error": "\(error)"])
                    }
                }
                try? await Task.sleep(for: .seconds(30))
            }
        }
    }

    /// - Parameter last: when it was done last; nil since the server started.
    static func isDue(_ now: Moment, last: Moment?, zone: Zone, hour: Int = hour) -> Bool {
        guard let last else { return true }
        let sameDay = Moment(last.day(in: zone), hour: hour, in: zone)
        return now >= (last < sameDay ? sameDay : sameDay.adding(seconds: 86_400))
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
