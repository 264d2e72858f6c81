import Dialog
import Ledger

/// Breaks a dialog and looks who notices: its lints, its conversations, its exploration.
public struct MutationRun: Sendable {
    /// What noticed first.
    public enum Verdict: Hashable, Sendable {
        case lints(code: String)
        case conversation(file: String)
        case exploration(property: String)
        case nobody
    }

    /// A `.chat` file with what it includes.
    public struct Chat: Sendable {
        public let file: String
        public let source: String
        public let read: @Sendable (String) -> String?
        public init(file: String, source: String, read: @escaping @Sendable (String) -> String? = { _ in nil }) {
            self.file = file
            self.source = source
            self.read = read
        }
    }

    let file: String
    let world: World
    let accounts: [Account]
    let chats: [Chat]
    let scenarios: [Scenario]
    let situations: Int
    private let findings: Int

    /// - Parameters:
    ///   - source: the dialog as it is, which passes everything.
    ///   - situations: how many of each scenario are explored; the first ones, which a customer comes to soonest.
    public init(
        source: String, file: String, world: World, accounts: [Account], chats: [Chat], scenarios: [Scenario],
        situations: Int
    ) {
        self.file = file
        self.world = world
        self.accounts = accounts
        self.chats = chats
        self.scenarios = scenarios
        self.situations = situations
        findings = compileDialog(source: source, file: file, conduct: world.conduct).diagnostics.count
    }

    public func verdict(of mutation: DialogMutation) -> Verdict {
        let result = compileDialog(source: mutation.source, file: file, conduct: world.conduct)
        guard let dialog = result.dialog, result.diagnostics.count <= findings else {
            return .lints(code: result.diagnostics.first?.code ?? "")
        }
        var world = world
        world.dialogs[dialog.name] = dialog
        let failed = chats.first { chat in
            let result = ChatResult(
                file: chat.file, source: chat.source, read: chat.read, world: world, accounts: accounts)
            return !result.passed
        }
        if let failed { return .conversation(file: failed.file) }
        let exploration = Explorer(dialog: dialog, reader: world.reader, limit: situations)
            .explore(scenarios, stopAtFirst: true)
        return exploration.violations.first.map { .exploration(property: $0.property) } ?? .nobody
    }
}
