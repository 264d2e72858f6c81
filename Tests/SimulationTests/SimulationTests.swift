import Foundation
import Service
import SharedData
import Simulation
import Testing

/// Histories of the whole server on a simulated clock, disk and gateways.
struct SimulationTests {
    private static func company() async throws -> Company {
        let file = SharedData.repository.appendingPathComponent("Fixtures/demo.yaml").path
        return try await Company(Configuration.load(file: file, environment: [:], sandbox: true))
    }

    /// `PROMESA_SEEDS=2000` for more; unoptimised code lives one or two a second.
    private static let seeds = ProcessInfo.processInfo.environment["PROMESA_SEEDS"].flatMap { UInt64($0) } ?? 40

    @Test("What must always hold, holds in every history")
    func holds() async throws {
        let simulation = Simulation(try await Self.company())
        for seed in 0..<Self.seeds {
            if let failure = await simulation.run(seed: seed).failure {
                Issue.record("\(failure.rendered)")
                return
            }
        }
    }

    @Test("A seed tells the same story twice")
    func repeats() async throws {
        let simulation = Simulation(try await Self.company(), flaw: .diskIgnoresSync)
        var failures: [String] = []
        for _ in 0..<2 {
            for seed in UInt64(0)..<50 {
                guard let failure = await simulation.run(seed: seed).failure else { continue }
                failures.append(failure.rendered)
                break
            }
        }
        #expect(failures.count == 2 && failures[0] == failures[1])
    }

    @Test("What is broken on purpose is found", arguments: Flaw.allCases)
    func finds(flaw: Flaw) async throws {
        let simulation = Simulation(try await Self.company(), flaw: flaw)
        for seed in UInt64(0)..<60 {
            guard let failure = await simulation.run(seed: seed, shrinking: false).failure else { continue }
            print("\(flaw.rawValue) is found by seed \(seed): \(failure.violations[0])")
            return
        }
        Issue.record("\(flaw.rawValue) was not found in 60 seeds")
    }
}
