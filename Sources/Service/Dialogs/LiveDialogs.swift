import Conduct
import Conversations
import Dialog
import Foundation
import Logging
import Quantities
import Storage
import Synchronization

/// Keeps the dialogs in use up to date with their files: one that changed is put to work once it passes the gate; else
/// the one that runs stays, and it is said why.
actor LiveDialogs {
    /// A change that was not taken.
    struct Refused: Encodable, Sendable {
        let file: String
        let version: String
        let why: String
        let at: String
        /// Of the file and the conversations beside it: judged again once one of them changes.
        let tried: String

        enum CodingKeys: String, CodingKey { case file, version, why, at }
    }

    private let configuration: Configuration
    private let store: Store
    private let current: CurrentWorld
    private let logger: Logger
    private let isStopped = Mutex(false)
    private var refused: [String: Refused] = [:]
    private var notes: [String: String] = [:]
    private var check: Task<Void, Never>?
    /// Versions that this server knows of, whether it has them or needs them not.
    private var known: Set<String> = []

    init(configuration: Configuration, store: Store, current: CurrentWorld, logger: Logger) {
        self.configuration = configuration
        self.store = store
        self.current = current
        self.logger = logger
    }

    /// Keeps the versions that were loaded at the start, and takes in those that conversations are still on.
    func begin() async throws {
        let stored = try await store.dialogs()
        var isNew = false
        for file in try configuration.dialogFiles() {
            guard let loaded = loaded(at: file) else { continue }
            let newest = stored.last { $0.place == file.place }
            // What a stored version replaces is on disk already.
            if newest?.version == loaded.version { continue }
            guard let source = file.source, CompiledDialog.version(of: source) == loaded.version else { continue }
            try await keep(loaded, source, file)
            isNew = true
        }
        if isNew, !stored.isEmpty { try await letOthersTakeIn() }
        known = Set(stored.map(\.version))
        let running = try await store.runningDialogs()
        var earlier: [String: CompiledDialog] = [:]
        for dialog in stored where running.contains(dialog.version) && earlier[dialog.version] == nil {
            if let compiled = dialog.compiled(under: current.world.conduct) {
                earlier[dialog.version] = compiled
            } else {
                logger.warning(
                    "a stored dialog does not lint any more; conversations on it begin again",
                    metadata: ["place": "\(dialog.place)", "version": "\(dialog.version)"])
            }
        }
        current.change { $0.earlierDialogs = earlier }
    }

    /// The server stops: what is being judged is given up.
    nonisolated func stop() { isStopped.withLock { $0 = true } }

    /// Looks at every file; returns when all that changed was judged. One look at a time.
    /// - Parameter again: also judges what was refused and did not change since.
    func reload(again: Bool = false) async {
        let before = check
        let task = Task {
            await before?.value
            await lookAtAll(again: again)
        }
        check = task
        await task.value
    }

    private func lookAtAll(again: Bool) async {
        do {
            for file in try configuration.dialogFiles() { try await look(at: file, again: again) }
        } catch {
            logger.error("dialogs could not be looked at", metadata: ["error": "\(error)"])
        }
    }

    private func look(at file: DialogFile, again: Bool) async throws {
        guard let source = file.source, !isStopped.withLock({ $0 }) else { return }
        let version = CompiledDialog.version(of: source)
        if loaded(at: file)?.version == version {
            refused[file.place] = nil
            return
        }
        let tried = tried(file, source)
        if !again, refused[file.place]?.tried == tried { return }
        let gate = DialogGate(configuration: configuration, world: current.world)
        let verdict = await aside { gate.judge(file, source: source) { self.isStopped.withLock { $0 } } }
        switch verdict {
        case .interrupted: break
        case .accepted(let dialog, let note):
            // On disk first: a conversation on a version that nobody knows would begin again.
            try await keep(dialog, source, file)
            try await letOthersTakeIn()
            put(dialog, to: file)
            refused[file.place] = nil
            notes[version] = note
            logger.notice(
                "dialog loaded", metadata: ["file": "\(file.path)", "version": "\(version)", "note": "\(note ?? "-")"])
            warnOfMigrations(dialog)
        case .refused(let why):
            refused[file.place] = Refused(
                file: file.path, version: version, why: why, at: Moment.now.iso(in: current.world.zone), tried: tried)
            logger.warning(
                "a changed dialog was not loaded, the running one stays",
                metadata: ["file": "\(file.path)", "version": "\(version)", "why": "\(why)"])
        }
    }

    private func tried(_ file: DialogFile, _ source: String) -> String {
        CompiledDialog.version(
            of: configuration.chatFiles(of: file).reduce(into: source) { all, path in
                all +=
                    "\n" + path + "\n"
                    + String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
            })
    }

    /// Takes in the versions that other servers on the same database put to work: their customers may write to this one.
    func takeInOfOthers() async {
        do {
            let versions = try await store.dialogVersions()
            guard !versions.isSubset(of: known) else { return }
            for dialog in try await store.dialogs() where !known.contains(dialog.version) {
                known.insert(dialog.version)
                guard let compiled = dialog.compiled(under: current.world.conduct) else { continue }
                current.change { world in
                    let isInUse =
                        world.dialogs.values.contains { $0.version == compiled.version }
                        || world.experiment?.dialog.version == compiled.version
                    if !isInUse { world.earlierDialogs[compiled.version] = compiled }
                }
            }
        } catch {
            logger.error("the dialogs of other servers could not be read", metadata: ["error": "\(error)"])
        }
    }

    private func loaded(at file: DialogFile) -> CompiledDialog? {
        let world = current.world
        return file.isExperiment ? world.experiment?.dialog : world.dialogs[file.place]
    }

    private func keep(_ dialog: CompiledDialog, _ source: String, _ file: DialogFile) async throws {
        try await store.save(
            StoredDialog(place: file.place, version: dialog.version, source: source, loadedAt: .now))
    }

    /// Other servers on the same database look once a second.
    private func letOthersTakeIn() async throws {
        if Store.hasNodes { try await Task.sleep(for: .seconds(2)) }
    }

    private func put(_ dialog: CompiledDialog, to file: DialogFile) {
        current.change { world in
            let before = file.isExperiment ? world.experiment?.dialog : world.dialogs[dialog.name]
            if let before { world.earlierDialogs[before.version] = before }
            if file.isExperiment { world.experiment?.dialog = dialog } else { world.dialogs[dialog.name] = dialog }
        }
    }

    /// A state of `migrate:` that no earlier version has is a slip of the pen.
    private func warnOfMigrations(_ dialog: CompiledDialog) {
        let earlier = current.world.earlierDialogs.values.filter { $0.name == dialog.name }
        for state in dialog.migrate.keys.sorted() where !earlier.contains(where: { $0.states[state] != nil }) {
            logger.warning(
                "migrate names a state that no earlier version in use has",
                metadata: ["dialog": "\(dialog.name)", "state": "\(state)"])
        }
    }

    // MARK: Telling

    struct Status: Encodable, Sendable {
        struct Loaded: Encodable, Sendable {
            let name, version: String
            /// `entry`, `experiment`, or nil where conversations do not begin with it.
            var role: String?
            /// Of a hundred accounts, how many begin with it.
            var share: Int?
            var note: String?
            let results: DialogOutcome
        }
        let dialogs: [Loaded]
        /// Versions that were in use before and had conversations.
        let earlier: [Loaded]
        let refused: [Refused]
    }

    func status() async throws -> Status {
        let outcomes = try await store.dialogOutcomes()
        let world = current.world
        let share = world.experiment?.share
        func told(_ name: String, _ version: String) -> Status.Loaded {
            Status.Loaded(
                name: name, version: version, note: notes[version], results: outcomes[version] ?? DialogOutcome())
        }
        var loaded = world.dialogs.values.sorted { $0.name < $1.name }.map { dialog in
            var entry = told(dialog.name, dialog.version)
            if dialog.name == world.entryDialog {
                entry.role = "entry"
                entry.share = share.map { 100 - $0 }
            }
            return entry
        }
        if let experiment = world.experiment {
            var entry = told(experiment.dialog.name, experiment.dialog.version)
            entry.role = "experiment"
            entry.share = share
            loaded.append(entry)
        }
        let current = Set(loaded.map(\.version))
        let names = Dictionary(
            try await store.dialogs().map { ($0.version, String($0.fileName.dropLast(5))) },
            uniquingKeysWith: { _, last in last })
        let earlier = outcomes.keys.filter { !current.contains($0) }.sorted().map { told(names[$0] ?? "", $0) }
        return Status(
            dialogs: loaded, earlier: earlier, refused: refused.values.sorted { $0.file < $1.file })
    }
}

extension StoredDialog {
    /// What its file is called: as `dialog:` says.
    public var fileName: String { "\(declaredName ?? place).yaml" }

    /// Nil where it does not lint with this version of Promesa.
    func compiled(under conduct: ConductRules) -> CompiledDialog? {
        compileDialog(source: source, file: fileName, conduct: conduct).dialog
    }

    private var declaredName: String? {
        source.split(separator: "\n").lazy.compactMap { line -> String? in
            guard line.hasPrefix("dialog:") else { return nil }
            return line.dropFirst("dialog:".count).prefix { $0 != "#" }.filter { !$0.isWhitespace && $0 != "\"" }
        }.first
    }
}
