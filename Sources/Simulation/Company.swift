import Campaigns
import Conduct
import Conversations
import Dialog
import Foundation
import Ledger
import Quantities
import Service
import Storage

/// The company whose server is simulated, with a database that holds its accounts and nothing else.
package struct Company: Sendable {
    /// A version of the dialog that conversations begin with.
    struct Version: Sendable {
        var dialog: CompiledDialog
        var source: String
    }

    let configuration: Configuration
    /// With the first version of the dialog.
    let world: World
    let cast: Cast
    let campaigns: [Campaign]
    /// What a designer puts to work in turns.
    let versions: [Version]
    /// The rules that messages are checked by, also where a flaw takes some from the server's own.
    let conduct: ConductRules
    /// What is broken on purpose.
    let flaw: Flaw?
    /// Every simulation begins with a copy.
    let disk: SimulatedDisk

    /// Tuesday, 24 November 2026, 10:00, the day that the demo company is written for.
    static let morning = Moment(milliseconds: 1_795_525_200_000)

    /// Milliseconds for which a text waits for what comes after it; 0 never; nil: it depends on the seed.
    private let quietWindow: Int64?

    /// - Parameters:
    ///   - flaw: what is broken on purpose.
    ///   - quietWindow: milliseconds for which a text waits for what comes after it; 0 never; nil: in every other seed a
    ///     minute.
    /// - Throws: ``ConfigurationError``, ``StoreError``.
    package init(_ given: Configuration, flaw: Flaw? = nil, quietWindow: Int64? = nil) async throws {
        self.flaw = flaw
        self.quietWindow = quietWindow
        configuration = given.simulated()
        var world = try configuration.loadWorld()
        conduct = world.conduct
        flaw?.change(&world)
        cast = Cast(of: try configuration.fixtureAccounts(), configuration)
        campaigns = try configuration.simulatedCampaigns(world)
        versions = try Self.versions(of: world, configuration, flaw)
        if let first = versions.first { world.dialogs[world.entryDialog] = first.dialog }
        self.world = world
        disk = SimulatedDisk()
        let store = try Store(simulated: disk.uri, checkpointPages: 1000)
        try await store.importAccounts(cast.accounts)
        try store.close()
    }

    /// The entry dialog as its file has it, and once more with another wording and thus another version.
    private static func versions(of world: World, _ configuration: Configuration, _ flaw: Flaw?) throws -> [Version] {
        let files = try dialogFiles(in: configuration.dialogs)
        let sources = files.compactMap { FileManager.default.contents(atPath: $0) }.map {
            String(decoding: $0, as: UTF8.self)
        }
        guard
            let source = sources.first(where: {
                $0.split(separator: "\n").contains { $0.hasPrefix("dialog: \(world.entryDialog)") }
            })
        else { return [] }
        let first = flaw?.changed(source) ?? source
        let second = "# Otra versión.\n" + first.replacing("¡De nada!", with: "¡No hay de qué!")
        return [first, second].compactMap { source in
            compileDialog(source: source, file: "\(world.entryDialog).yaml", conduct: world.conduct).dialog.map {
                Version(dialog: $0, source: source)
            }
        }
    }

    func quietWindow(_ seed: UInt64) -> Int64 { quietWindow ?? (seed % 2 == 0 ? 0 : 60_000) }

    /// In every other two seeds the server gives the cases out; else people take them.
    func configuration(_ seed: UInt64) -> Configuration {
        var own = configuration
        own.console.assignment = seed / 2 % 2 == 0 ? .auto : .pull
        return own
    }

    /// The world of a server that starts with a database: the dialog that was put to work last speaks.
    func world(stored: [StoredDialog]) -> World {
        var world = world
        let last = stored.last { $0.place == world.entryDialog }
        if let version = versions.first(where: { $0.dialog.version == last?.version }) {
            world.dialogs[world.entryDialog] = version.dialog
        }
        for version in versions { world.earlierDialogs[version.dialog.version] = version.dialog }
        return world
    }
}
