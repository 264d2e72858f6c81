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
    @Option(help: "Seconds for which a text waits for what comes after it, such as 1.2; 0 never.")
    var quietWindow: Double = 0

    func run() async throws {
        guard seeds > 0, events > 0 else { throw refuse("--seeds and --events must be positive") }
        guard (0...3600).contains(quietWindow) else { throw refuse("--quiet-window must be from 0 to 3600 seconds") }
        let company = try await Company(
            options.load(sandbox: true).0, quietWindow: Int64((quietWindow * 1000).rounded()))
        let simulation = Simulation(company, length: events)
        let began = ContinuousClock.now
        var sum = Figures()
        for seed in from..<from + UInt64(seeds) {
            let (figures, failure) = await simulation.run(seed: seed)
            sum += figures
            if let failure {
                print(failure.rendered)
                throw ExitCode(1)
            }
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        print(
            """
            \(seeds) seeds, from \(from): nothing broke.
            \(Int(seconds)) s, \(Int(Double(seeds) / max(0.001, seconds))) seeds/s
              events               \(sum.events)
              messages             \(sum.messages), delivered again besides \(sum.duplicates)
              crashes              \(sum.crashes), starts after them \(sum.restarts)
              failed operations    \(sum.diskFaults) of the disk, \(sum.gatewayFaults) of gateways
              taken by gateways    \(sum.sent)
              promises, hand-offs  \(sum.promises), \(sum.handoffs)
            checked: I1–I7, I9–I12 and SQLite's own integrity after each restart and at the end
            """)
    }
}
