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
    private let flaw: Flaw?
    private let length: Int

    /// - Parameters:
    ///   - flaw: what is broken on purpose.
    ///   - length: events of a history.
    package init(_ company: Company, flaw: Flaw? = nil, length: Int = 60) {
        self.company = company
        self.flaw = flaw
        self.length = length
    }

    /// Lives one seed's history; where it breaks something, looks for a shorter one that breaks something too.
    package func run(seed: UInt64, shrinking: Bool = true) async -> (figures: Figures, failure: Failure?) {
        var events = history(seed: seed, cast: company.cast, length: length)
        var outcome = await live(events, seed)
        let figures = outcome.figures
        if outcome.violations.isEmpty { return (figures, nil) }
        // What came after the violation plays no part.
        events = Array(events.prefix(outcome.figures.events))
        var chunk = shrinking ? max(1, events.count / 2) : 0
        while chunk > 0 {
            var index = 0
            while index < events.count {
                var fewer = events
                fewer.removeSubrange(index..<min(index + chunk, events.count))
                let shorter = await live(fewer, seed)
                if shorter.violations.isEmpty {
                    index += chunk
                } else {
                    (events, outcome) = (fewer, shorter)
                }
            }
            chunk /= 2
        }
        return (
            figures,
            Failure(seed: seed, violations: outcome.violations, history: outcome.log, events: events.count)
        )
    }

    private func live(_ events: [Event], _ seed: UInt64) async -> Outcome {
        await SimulatedRun(company, seed: seed, flaw: flaw).live(events)
    }
}
