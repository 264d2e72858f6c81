import Conversations
import Dialog
import Ledger

/// Runs `.chat` conversations, and again only those for which something changed: their own lines, what they include, or their
/// dialog with its translations. Only a dialog that changed is compiled. First come those that failed, and those that go
/// through what was changed: they tell soonest.
public struct TestBench: Sendable {
    /// A dialog's file.
    public struct DialogFile: Hashable, Sendable {
        public var path: String
        /// With its translations: ``DialogSource/joined``.
        public var source: String
        public init(path: String, source: String) {
            self.path = path
            self.source = source
        }
    }

    /// What came of one look at the files.
    public struct Round: Sendable {
        /// Of all conversations in the order of their files; empty while a dialog is broken.
        public var results: [ChatResult] = []
        /// The files of those that were run this time.
        public var ran: [String] = []
        /// The dialogs that were compiled this time.
        public var compiled: [String] = []
        /// The dialogs that have errors.
        public var broken: [LintReport.File] = []
        /// How many conversations are still to be run.
        public var waiting = 0
    }

    /// What a save changed in a dialog.
    private enum Change {
        case all
        /// The states and digressions with these names.
        case places(Set<String>)
        /// The words of these locales.
        case words(Set<String>)
    }

    private struct Chat: Sendable {
        /// Every file that was read for it; nil where there was none.
        let texts: [String: String?]
        /// Of its dialog; nil where none was found.
        let version: String?
        let result: ChatResult
    }

    /// With the dialogs that compiled last.
    public private(set) var world: World
    private let accounts: [Account]
    private let atFirst: Int
    private var dialogs: [DialogFile: CompileResult] = [:]
    private var chats: [String: Chat] = [:]

    /// Every file that the conversations read last.
    public var files: [String] { chats.values.flatMap(\.texts.keys) }

    /// - Parameters:
    ///   - world: what surrounds the dialogs; its own, that of an experiment too, give way to those of the files.
    ///   - atFirst: how many conversations are told of before the rest.
    public init(world: World, accounts: [Account], atFirst: Int = 16) {
        self.world = world
        self.world.experiment = nil
        self.accounts = accounts
        self.atFirst = atFirst
    }

    /// Looks at the files as they are now.
    /// - Parameters:
    ///   - chats: paths of conversations.
    ///   - read: the text of a file; nil where it cannot be read.
    ///   - first: is told of those that come first, where others are still to be run.
    public mutating func run(
        dialogs files: [DialogFile], chats paths: [String], read: @escaping @Sendable (String) -> String?,
        first: (Round) throws -> Void
    ) async rethrows -> Round {
        var round = Round()
        let changes = compile(files, &round)
        guard round.broken.isEmpty else { return round }
        let due = paths.filter { path in chats[path].map { !Self.isAsBefore($0, in: world, read) } ?? true }
        chats = chats.filter { paths.contains($0.key) }
        let soon = due.compactMap { chats[$0]?.result }.filter { Self.comesFirst($0, changes) }
            .sorted { ($0.passed ? 1 : 0, $0.milliseconds) < ($1.passed ? 1 : 0, $1.milliseconds) }
            .prefix(atFirst).map(\.file)
        for (index, wave) in [soon, due.filter { !soon.contains($0) }].enumerated() where !wave.isEmpty {
            let (world, accounts) = (world, accounts)
            let ran = await withTaskGroup(of: (path: String, chat: Chat).self) { group in
                for path in wave { group.addTask { (path, Self.run(path, world, accounts, read)) } }
                return await group.reduce(into: [:]) { $0[$1.path] = $1.chat }
            }
            chats.merge(ran) { $1 }
            round.ran += wave
            round.waiting = due.count - round.ran.count
            guard index == 0, round.waiting > 0 else { continue }
            round.results = wave.compactMap { chats[$0]?.result }
            try first(round)
        }
        round.results = paths.compactMap { chats[$0]?.result }
        return round
    }

    /// - Returns: what changed in each dialog, by its name, since it last could be read.
    private mutating func compile(_ files: [DialogFile], _ round: inout Round) -> [String: Change] {
        let before = dialogs
        var changes: [String: Change] = [:]
        dialogs = [:]
        world.dialogs = [:]
        for file in files {
            if before[file] == nil { round.compiled.append(file.path) }
            let result =
                before[file] ?? compileDialog(source: file.source, file: file.path, conduct: world.conduct)
            dialogs[file] = result
            if let dialog = result.dialog {
                world.dialogs[dialog.name] = dialog
                changes[dialog.name] = Self.change(
                    from: before.first { $0.key.path == file.path }.flatMap { old in
                        old.value.dialog.map { (old.key.source, $0) }
                    }, to: (file.source, dialog))
            } else {
                round.broken.append(LintReport.File(path: file.path, source: file.source, findings: result.diagnostics))
            }
        }
        return changes
    }

    private static func change(
        from old: (source: String, dialog: CompiledDialog)?, to new: (source: String, dialog: CompiledDialog)
    ) -> Change {
        guard let old else { return .all }
        let (before, after) = (DialogSource(joined: old.source), DialogSource(joined: new.source))
        if before.text == after.text {
            return .words(
                Set(
                    (before.translations + after.translations)
                        .filter { !before.translations.contains($0) || !after.translations.contains($0) }
                        .compactMap { DialogSource.locale(ofFile: $0.file) }))
        }
        let (blocks, now) = (old.dialog.blocks(of: before.text), new.dialog.blocks(of: after.text))
        guard blocks[""] == now[""] else { return .all }
        return .places(Set(now.keys.filter { blocks[$0] != now[$0] }).union(blocks.keys.filter { now[$0] == nil }))
    }

    /// Whether a conversation failed, or goes through what was changed.
    private static func comesFirst(_ result: ChatResult, _ changes: [String: Change]) -> Bool {
        guard result.passed, case .success(let outcome) = result.outcome else { return true }
        switch changes[result.dialog ?? ""] {
        case .places(let names): return !names.isDisjoint(with: outcome.places)
        case .words(let locales): return locales.contains(result.locale)
        case .all: return true
        case nil: return false
        }
    }

    private static func isAsBefore(_ chat: Chat, in world: World, _ read: (String) -> String?) -> Bool {
        let version = chat.result.dialog.flatMap { world.dialogs[$0]?.version }
        return version == chat.version && chat.texts.allSatisfy { read($0.key) == $0.value }
    }

    private static func run(
        _ path: String, _ world: World, _ accounts: [Account], _ read: (String) -> String?
    ) -> Chat {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        var texts: [String: String?] = [:]
        func text(_ path: String) -> String? {
            let text = read(path)
            texts.updateValue(text, forKey: path)
            return text
        }
        let begin = ContinuousClock.now
        let source = text(path) ?? ""
        var result = ChatResult(
            file: path, source: source, read: { text(folder + $0) }, world: world, accounts: accounts)
        result.milliseconds = Int((ContinuousClock.now - begin) / .milliseconds(1))
        return Chat(texts: texts, version: result.dialog.flatMap { world.dialogs[$0]?.version }, result: result)
    }
}

extension CompiledDialog {
    /// The lines of each state and digression, by its name; what comes before them all under "".
    fileprivate func blocks(of text: String) -> [String: String] {
        let starts =
            (states.values.map { ($0.name, $0.position.line) } + digressions.map { ($0.name, $0.position.line) })
            .sorted { $0.1 < $1.1 }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var blocks = ["": lines.prefix(max(0, (starts.first?.1 ?? 1) - 1)).joined(separator: "\n")]
        for (index, (name, line)) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1].1 - 1 : lines.count
            blocks[name, default: ""] += lines[(line - 1)..<max(line - 1, end)].joined(separator: "\n")
        }
        return blocks
    }
}
