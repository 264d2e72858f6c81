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

    /// - Parameter quietWindow: milliseconds for which a text waits for what comes after it; 0 never.
    /// - Throws: ``ConfigurationError``, ``StoreError``.
    package init(_ configuration: Configuration, quietWindow: Int64 = 0) async throws {
        self.configuration = configuration
        var world = try configuration.loadWorld()
        world.quietWindow = quietWindow
        self.world = world
        cast = Cast(of: try configuration.fixtureAccounts())
        disk = SimulatedDisk()
        let store = try Store(simulated: disk.uri, checkpointPages: 1000)
        try await store.importAccounts(cast.accounts)
        try store.close()
    }
}
