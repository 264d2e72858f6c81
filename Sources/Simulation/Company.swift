import Conversations
import Ledger
import Quantities
import Service
import Storage

/// The company whose server is simulated, with a database that holds its accounts and nothing else.
package struct Company: Sendable {
    let configuration: Configuration
    let world: World
    let cast: Cast
    /// Every simulation begins with a copy.
    let disk: SimulatedDisk

    /// Tuesday, 24 November 2026, 10:00, the day that the demo company is written for.
    static let morning = Moment(milliseconds: 1_795_525_200_000)

    /// - Throws: ``ConfigurationError``, ``StoreError``.
    package init(_ configuration: Configuration) async throws {
        self.configuration = configuration
        world = try configuration.loadWorld()
        cast = Cast(of: try configuration.fixtureAccounts())
        disk = SimulatedDisk()
        let store = try Store(simulated: disk.uri, checkpointPages: 1000)
        try await store.importAccounts(cast.accounts)
        try store.close()
    }
}
