import Logging
import Quantities
import ServiceLifecycle

extension Backend {
    /// Does something once a day until the server stops; where it fails, again after half a minute.
    /// - Parameters:
    ///   - hour: of the company's day.
    ///   - last: when it was done last; nil: it is done at once.
    ///   - failure: what the log says where it fails.
    func daily(
        at hour: Int, since last: Moment? = nil, failure: String,
        _ work: @escaping @Sendable (_ now: Moment) async throws -> Void
    ) async {
        await cancelWhenGracefulShutdown {
            var last = last
            while !Task.isCancelled {
                let now = now()
                if Self.isDue(now, last: last, zone: processor.world.zone, hour: hour) {
                    do {
                        try await work(now)
                        last = now
                    } catch is CancellationError {
                        return
                    } catch {
                        // The store closes when the server stops: what was not done is done at the next start.
                        if Task.isCancelled { return }
                        logger.error("\(failure)", metadata: ["error": "\(error)"])
                    }
                }
                try? await Task.sleep(for: .seconds(30))
            }
        }
    }

    /// Whether what is done daily at an hour is to be done now.
    static func isDue(_ now: Moment, last: Moment?, zone: Zone, hour: Int) -> Bool {
        guard let last else { return true }
        let sameDay = Moment(last.day(in: zone), hour: hour, in: zone)
        return now >= (last < sameDay ? sameDay : sameDay.adding(seconds: 86_400))
    }
}
