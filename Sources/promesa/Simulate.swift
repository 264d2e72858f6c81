import ArgumentParser
import Foundation
import Service
import Simulation

/// Lives many random histories of the whole server, with crashes, and checks after each what must always hold.
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Runs the server on a simulated clock, disk and gateways, from seeds, and checks what must always hold.",
        discussion: """
            Each seed is a history: customers, agents, the ERP and gateways that repeat, fail and come late, a clock that
            jumps, a power that fails in any write. One that breaks an invariant is shortened and printed, and the command
            ends with code 1.
            """)

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "How many seeds.")
    var seeds: Int = 1000
    @Option(help: "The first seed.")
    var from: UInt64 = 0
    @Option(help: "Events of each history.")
    var events: Int = 60
    @Option(
        help:
            "Seconds for which a text waits for what comes after it, such as 1.2; 0 never. Unless given, a minute in every other seed."
    )
    var quietWindow: Double?
    @Option(help: "Histories at once; as many as there are processors unless given.")
    var atOnce: Int = ProcessInfo.processInfo.activeProcessorCount
    @Option(help: "End after so many seeds that break something.")
    var failures: Int = 1

    func run() async throws {
        guard seeds > 0, events > 0, atOnce > 0, failures > 0 else {
            throw refuse("--seeds, --events, --at-once and --failures must be positive")
        }
        guard (0...3600).contains(quietWindow ?? 0) else { throw refuse("--quiet-window must be from 0 to 3600 seconds") }
        let company = try await Company(
            options.load(sandbox: true).0, quietWindow: quietWindow.map { Int64(($0 * 1000).rounded()) })
        let simulation = Simulation(company, length: events)
        let began = ContinuousClock.now
        let bar = ProgressBar(label: "seeds")
        let harvest = await simulation.run(seeds: from..<from + UInt64(seeds), atOnce: atOnce, most: failures) {
            bar.show($0.seeds, of: seeds)
        }
        bar.end()
        for failure in harvest.failures { print(failure.rendered) }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        let rate = Double(harvest.seeds) / max(0.001, seconds)
        let sum = harvest.figures
        print(
            """
            \(harvest.seeds) seeds, from \(from): \(harvest.failures.isEmpty ? "nothing broke" : "\(harvest.failures.count) break something").
            \(Int(seconds)) s, \(rate < 10 ? String(format: "%.1f", rate) : String(Int(rate))) seeds/s
            \(sum.rendered(seeds: harvest.seeds))
            checked after each restart and at the end: I1–I12, and SQLite's own integrity
            """)
        if !harvest.failures.isEmpty { throw ExitCode(1) }
    }
}
