import ArgumentParser
import Conversations
import Dialog
import Foundation
import Ledger
import Service
import Workbench

/// `promesa dialog test`.
struct TestDialogs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run .chat conversations against the dialogs beside them.",
        discussion: """
            Lines of a .chat file, after `account:` and `at:` (and `dialog:` where the folder has several):

            \(ChatTest.keys.map { "  \($0.key): \($0.value)" }.joined(separator: "\n"))

            In a `bot:` line `…` stands for any words, and a `{name}` that has no value yet takes the words in its place.
            Exit codes: 0 when all pass, 1 where one fails, 2 where files cannot be used.
            """)

    @OptionGroup var options: ConfigurationOptions
    @Flag(help: "Rewrite the bot's lines that do not hold with what it says now.")
    var update = false
    @Flag(help: "Run again whenever a dialog or a conversation is saved, until interrupted.")
    var watch = false
    @Flag(help: "Tell what the conversations go through and what they never do.")
    var coverage = false
    @Option(help: ArgumentHelp("Write the coverage as a page, painted on the graph.", valueName: "file"))
    var html: String?
    @Option(help: ArgumentHelp("Write the results as JUnit XML.", valueName: "file"))
    var junit: String?
    @Argument(help: "A .chat file, a folder of them, or a dialog with them beside it.") var path: String

    func run() async throws {
        if watch { return try await keepWatching() }
        let (world, accounts) = try chatWorld(options, path: path)
        var results = await runChats(try chatFiles(), world: world, accounts: accounts)
        let updated = try rewrite(results)
        // What `expect:` wants, and what an included file has, is the designer's to change.
        for result in await runChats(updated, world: world, accounts: accounts) {
            if let index = results.firstIndex(where: { $0.file == result.file }) { results[index] = result }
        }
        tell(results, updated: updated)
        print(results.summary)
        try writeReports(results, world: world)
        if results.contains(where: { !$0.passed }) { throw ExitCode(1) }
    }

    /// Those of the folder; of a dialog, those beside it.
    private func chatFiles() throws -> [String] { try files(path.hasSuffix(".yaml") ? folderOf(path) : path, ".chat") }

    /// Rewrites the bot's lines that differ, where that is wanted.
    /// - Returns: the files that were.
    private func rewrite(_ results: [ChatResult]) throws -> [String] {
        guard update else { return [] }
        return try results.filter { !$0.passed }.compactMap { result in
            guard case .success(let outcome) = result.outcome, try readSource(result.file) != outcome.updatedSource
            else { return nil }
            try write(outcome.updatedSource, to: result.file)
            return result.file
        }
    }

    /// Says how conversations went.
    private func tell(_ results: [ChatResult], updated: [String] = []) {
        let style = terminalStyle()
        for result in results {
            if updated.contains(result.file) { print("actualizado  \(result.file)") }
            if !result.passed {
                print(style.paint("MAL ", .red) + "  \(result.file)\n\(result.report(style: style))", terminator: "")
            } else if !updated.contains(result.file) {
                print(style.paint("bien", .green) + "  \(result.file)")
            }
        }
    }

    private func writeReports(_ results: [ChatResult], world: World) throws {
        if let junit { try write(results.junit, to: junit) }
        guard coverage || html != nil else { return }
        let reports = Set(results.compactMap(\.dialog)).sorted().compactMap { name in
            world.dialogs[name].map { results.report(on: $0) }
        }
        if coverage { for report in reports { print("\n" + report.text(style: terminalStyle()), terminator: "") } }
        if let html { try write(CoverageReport.page(reports), to: html) }
    }

    // MARK: Watching

    /// Looks at the times of the files: simple, the same on every system, and a few milliseconds for a hundred files.
    private func keepWatching() async throws {
        let (configuration, file) = try options.load()
        let surroundings = [
            file, configuration.policy, configuration.fixtures + "/accounts.csv",
            configuration.fixtures + "/payments.csv",
        ]
        let folder = (try? dialogFiles(in: folderOf(path))).map { _ in folderOf(path) } ?? configuration.dialogs
        var bench: TestBench?
        var (seen, around): ([String: Date], [String: Date]) = ([:], [:])
        var names: [String] = []
        while true {
            let now = times(of: watched(in: [folderOf(path), folder]) + surroundings + (bench?.files ?? []))
            if now != seen {
                seen = now
                let begin = ContinuousClock.now
                if isatty(STDOUT_FILENO) == 1 { print("\u{1B}[2J\u{1B}[H", terminator: "") }
                do {
                    let (nowAround, nowNames) = (times(of: surroundings), (try? dialogFiles(in: folder)) ?? [])
                    if bench == nil || nowAround != around || nowNames != names {
                        bench = nil
                        let (world, accounts) = try chatWorld(options, path: path)
                        bench = TestBench(world: world, accounts: accounts)
                        (around, names) = (nowAround, nowNames)
                    }
                    if bench != nil { try await look(&bench!, in: folder, since: begin) }
                } catch is ExitCode {
                    // It was said why.
                }
                let taken = Int((ContinuousClock.now - begin) / .milliseconds(1))
                print(terminalStyle().faint("en \(taken) ms; se vuelve a probar al guardar (Ctrl-C termina)"))
                fflush(nil)
                seen = seen.merging(times(of: bench?.files ?? [])) { before, _ in before }
            }
            try await Task.sleep(for: .milliseconds(40))
        }
    }

    private func look(
        _ bench: inout TestBench, in folder: String, since begin: ContinuousClock.Instant
    ) async throws {
        let dialogs = try files(folder, ".yaml").map { TestBench.DialogFile(path: $0, source: try readDialog($0)) }
        let style = terminalStyle()
        var told: Set<String> = []
        let round = try await bench.run(
            dialogs: dialogs, chats: try chatFiles(),
            read: { path in FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } },
            first: { round in
                told = Set(round.ran)
                tell(round.results)
                let taken = Int((ContinuousClock.now - begin) / .milliseconds(1))
                let failed = round.results.count { !$0.passed }
                print(
                    style.faint(
                        "las primeras \(round.ran.count): \(round.ran.count - failed) bien, \(failed) mal, en \(taken) ms; siguen \(round.waiting)…"
                    ))
                fflush(nil)
            })
        guard round.broken.isEmpty else {
            return print(LintReport(files: round.broken).text(style: style), terminator: "")
        }
        // What is rewritten now is run again as soon as it is seen.
        for file in try rewrite(round.results) { print("actualizado  \(file)") }
        tell(round.results.filter { !told.contains($0.file) && (round.ran.contains($0.file) || !$0.passed) })
        print(
            round.results.summary
                + (round.ran.count < round.results.count ? "; corridas ahora: \(round.ran.count)" : ""))
        try writeReports(round.results, world: bench.world)
    }

    private func watched(in folders: [String]) -> [String] {
        Set(folders).flatMap { folder in
            (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
                .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".chat") }.map { folder + "/" + $0 }
        }
    }

    private func times(of paths: [String]) -> [String: Date] {
        paths.reduce(into: [:]) { times, path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            times[path] = attributes?[.modificationDate] as? Date
        }
    }
}

extension [ChatResult] {
    /// How many there are, and how many failed.
    fileprivate var summary: String {
        let failed = count { !$0.passed }
        return "\(count) conversaciones: \(count - failed) bien, \(failed) mal"
    }
}

/// The folder itself, or the one that a file lies in.
func folderOf(_ path: String) -> String {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return exists && isFolder.boolValue ? path : URL(fileURLWithPath: path).deletingLastPathComponent().path
}

/// The configuration's world with the dialogs that lie beside `path`, where there are any.
func chatWorld(_ options: ConfigurationOptions, path: String) throws -> (World, [Account]) {
    let folder = folderOf(path)
    let beside = (try? dialogFiles(in: folder)) ?? []
    return try demoWorld(options, dialog: beside.isEmpty ? nil : folder)
}

/// Runs conversations side by side; the results keep the order of the files.
func runChats(_ files: [String], world: World, accounts: [Account]) async -> [ChatResult] {
    await withTaskGroup(of: (Int, ChatResult).self) { group in
        for (index, file) in files.enumerated() {
            group.addTask {
                let begin = ContinuousClock.now
                let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
                func text(_ path: String) -> String? {
                    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
                }
                var result = ChatResult(
                    file: file, source: text(file) ?? "", read: { text(folder.appendingPathComponent($0).path) },
                    world: world, accounts: accounts)
                result.milliseconds = Int((ContinuousClock.now - begin) / .milliseconds(1))
                return (index, result)
            }
        }
        return await group.reduce(into: [(Int, ChatResult)]()) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
