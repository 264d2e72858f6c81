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
    /// The conversations that do not pass on the dialog as it is, and cannot notice anything.
    public let failing: [String]
    /// The states and digressions that each conversation goes through in the dialog as it is.
    private let passed: [Set<String>]
    let scenarios: [Scenario]
    let situations: Int
    private let findings: Int

    /// - Parameters:
    ///   - source: the dialog as it is, which passes everything; conversations that fail are left out.
    ///   - situations: how many of each scenario are explored; the first ones, which a customer comes to soonest.
    public init(
        source: String, file: String, world: World, accounts: [Account], chats: [Chat], scenarios: [Scenario],
        situations: Int
    ) {
        self.file = file
        self.world = world
        self.accounts = accounts
        let ran = chats.compactMap { chat -> (chat: Chat, passed: Set<String>, steps: Int)? in
            let result = Self.run(chat, world, accounts)
            guard case .success(let outcome) = result.outcome, outcome.passed else { return nil }
            return (chat, outcome.places, outcome.coverage.counts.count)
        }.sorted { $0.steps < $1.steps }
        self.chats = ran.map(\.chat)
        failing = chats.map(\.file).filter { file in !ran.contains { $0.chat.file == file } }
        passed = ran.map(\.passed)
        self.scenarios = scenarios
        self.situations = situations
        findings = Self.compile(source, file, world).findings.count
    }

    /// - Returns: the dialog, and what is found in it. A translation of what was broken is no longer one of the dialog,
    ///   and that proves nothing.
    private static func compile(_ source: String, _ file: String, _ world: World) -> (
        result: CompileResult, findings: [Diagnostic]
    ) {
        let result = compileDialog(source: source, file: file, conduct: world.conduct)
        return (result, result.diagnostics.filter { $0.position.file == file })
    }

    public func verdict(of mutation: DialogMutation) -> Verdict {
        let (result, found) = Self.compile(mutation.source, file, world)
        guard let dialog = result.dialog, found.count <= findings else {
            return .lints(code: found.first?.code ?? "")
        }
        var world = world
        world.dialogs[dialog.name] = dialog
        // The conversations that go through the broken place first: they are the likeliest to notice.
        let order = chats.indices.sorted { passes($0, mutation) && !passes($1, mutation) }
        if let failed = order.first(where: { !Self.run(chats[$0], world, accounts).passed }) {
            return .conversation(file: chats[failed].file)
        }
        let exploration = Explorer(dialog: dialog, reader: world.reader, limit: situations)
            .explore(scenarios, stopAtFirst: true)
        return exploration.violations.first.map { .exploration(property: $0.property) } ?? .nobody
    }

    /// Whether a conversation goes through what was broken.
    private func passes(_ chat: Int, _ mutation: DialogMutation) -> Bool {
        mutation.place.map { passed[chat].contains($0) } ?? true
    }

    private static func run(_ chat: Chat, _ world: World, _ accounts: [Account]) -> ChatResult {
        ChatResult(file: chat.file, source: chat.source, read: chat.read, world: world, accounts: accounts)
    }
}
