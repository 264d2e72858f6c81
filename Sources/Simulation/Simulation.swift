import Synchronization

/// A history that breaks what must hold, as short as it could be made.
package struct Failure: Sendable {
    package let seed: UInt64
    package let violations: [String]
    /// What happens, a line each.
    package let history: [String]
    package let events: Int

    package var rendered: String {
        """
        seed \(seed) breaks:
        \(violations.map { "  " + $0 }.joined(separator: "\n"))
        the shortest history found, \(events) events:
        \(history.map { "  " + $0 }.joined(separator: "\n"))
        again: promesa simulate --seeds 1 --from \(seed)
        """
    }
}

/// The whole server but its sockets, in one thread of events from one seed: clock, disk and gateways are simulated.
package struct Simulation: Sendable {
    private let company: Company
    private let length: Int

    /// - Parameter length: events of a history.
    package init(_ company: Company, length: Int = 60) {
        self.company = company
        self.length = length
    }

    /// Lives one seed's history; where it breaks something, looks for a shorter one that breaks the same.
    package func run(seed: UInt64, shrinking: Bool = true) async -> (figures: Figures, failure: Failure?) {
        var maker = HistoryMaker(seed: seed, cast: company.cast, campaigns: company.campaigns.count)
        var events = maker.events(length)
        var outcome = await live(events, seed)
        let figures = outcome.figures
        guard let first = outcome.violations.first else { return (figures, nil) }
        // What came after the violation plays no part.
        events = Array(events.prefix(outcome.events))
        func take(_ fewer: [Event]) async -> Bool {
            let shorter = await live(fewer, seed)
            guard shorter.violations.contains(where: { Self.kind($0) == Self.kind(first) }) else { return false }
            (events, outcome) = (fewer, shorter)
            return true
        }
        var chunk = shrinking ? max(1, events.count / 2) : 0
        while chunk > 0 {
            var index = 0
            while index < events.count {
                var fewer = events
                fewer.removeSubrange(index..<min(index + chunk, events.count))
                if await !take(fewer) { index += chunk }
            }
            chunk /= 2
        }
        for index in events.indices.reversed() where shrinking {
            for simpler in events[index].simpler.reversed() {
                var fewer = events
                fewer[index].kind = simpler
                if await take(fewer) { break }
            }
        }
        return (
            figures,
            Failure(seed: seed, violations: outcome.violations, history: outcome.log, events: events.count)
        )
    }

    /// "I9", or what differs.
    private static func kind(_ violation: String) -> Substring { violation.prefix { $0 != ":" } }

    /// What many seeds came to.
    package struct Harvest: Sendable {
        package fileprivate(set) var figures = Figures()
        package fileprivate(set) var seeds = 0
        /// By seed.
        package fileprivate(set) var failures: [Failure] = []
    }

    private final class Progress: Sendable {
        let state: Mutex<(next: UInt64, harvest: Harvest)>
        init(next: UInt64) { state = Mutex((next, Harvest())) }
    }

    /// Lives the histories of many seeds, some at once on threads of their own; they share nothing that changes.
    /// - Parameters:
    ///   - most: failures after which no other seed is begun.
    ///   - done: called after each seed.
    package func run(
        seeds: Range<UInt64>, atOnce: Int, most: Int = 1, done: @escaping @Sendable (Harvest) -> Void = { _ in }
    ) async -> Harvest {
        let progress = Progress(next: seeds.lowerBound)
        await withDiscardingTaskGroup { group in
            for _ in 0..<max(1, atOnce) {
                group.addTask {
                    while let seed = progress.state.withLock({ progress -> UInt64? in
                        guard progress.harvest.failures.count < most, progress.next < seeds.upperBound else {
                            return nil
                        }
                        defer { progress.next += 1 }
                        return progress.next
                    }) {
                        let (figures, failure) = await run(seed: seed)
                        let harvest = progress.state.withLock { progress in
                            progress.harvest.figures += figures
                            progress.harvest.seeds += 1
                            if let failure {
                                progress.harvest.failures.append(failure)
                                progress.harvest.failures.sort { $0.seed < $1.seed }
                            }
                            return progress.harvest
                        }
                        done(harvest)
                    }
                }
            }
        }
        return progress.state.withLock { $0.harvest }
    }

    private func live(_ events: [Event], _ seed: UInt64) async -> Outcome {
        await SimulatedRun(company, seed: seed).live(events)
    }
}
