import Conversations
import Dialog
import Ledger

/// Runs `.chat` conversations, and again only those for which something changed: their own lines, what they include, or their
/// dialog with its translations. Only a dialog that changed is compiled.
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
    private var dialogs: [DialogFile: CompileResult] = [:]
    private var chats: [String: Chat] = [:]

    /// Every file that the conversations read last.
    public var files: [String] { chats.values.flatMap(\.texts.keys) }

    /// - Parameter world: what surrounds the dialogs; its own give way to those of the files.
    public init(world: World, accounts: [Account]) {
        self.world = world
        self.accounts = accounts
    }

    /// Looks at the files as they are now.
    /// - Parameters:
    ///   - chats: paths of conversations.
    ///   - read: the text of a file; nil where it cannot be read.
    public mutating func run(
        dialogs files: [DialogFile], chats paths: [String], read: @escaping @Sendable (String) -> String?
    ) async -> Round {
        var round = Round()
        compile(files, &round)
        guard round.broken.isEmpty else { return round }
        let (world, accounts, kept) = (world, accounts, chats)
        let looked = await withTaskGroup(of: (path: String, chat: Chat, isNew: Bool).self) { group in
            for path in paths {
                group.addTask {
                    if let before = kept[path], Self.isAsBefore(before, in: world, read) {
                        return (path, before, false)
                    }
                    return (path, Self.run(path, world, accounts, read), true)
                }
            }
            return await group.reduce(into: [:]) { $0[$1.path] = ($1.chat, $1.isNew) }
        }
        chats = looked.mapValues(\.0)
        round.results = paths.compactMap { looked[$0]?.0.result }
        round.ran = paths.filter { looked[$0]?.1 == true }
        return round
    }

    private mutating func compile(_ files: [DialogFile], _ round: inout Round) {
        let before = dialogs
        dialogs = [:]
        world.dialogs = [:]
        for file in files {
            if before[file] == nil { round.compiled.append(file.path) }
            let result =
                before[file] ?? compileDialog(source: file.source, file: file.path, conduct: world.conduct)
            dialogs[file] = result
            if let dialog = result.dialog {
                world.dialogs[dialog.name] = dialog
            } else {
                round.broken.append(LintReport.File(path: file.path, source: file.source, findings: result.diagnostics))
            }
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
