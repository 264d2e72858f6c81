import ArgumentParser
import Conversations
import Dialog
import Foundation
import Ledger
import Service

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
    @Argument(help: "A .chat file or a folder of them.") var path: String

    func run() async throws {
        if watch { return try await keepWatching() }
        let results = try await runAll()
        if results.contains(where: { !$0.passed }) { throw ExitCode(1) }
    }

    @discardableResult
    private func runAll() async throws -> [ChatResult] {
        let style = terminalStyle()
        let (world, accounts) = try chatWorld(options, path: path)
        let results = await runChats(try files(path, ".chat"), world: world, accounts: accounts)
        var failed = 0
        for result in results {
            if update, case .success(let outcome) = result.outcome, !outcome.passed {
                try outcome.updatedSource.write(toFile: result.file, atomically: true, encoding: .utf8)
                print("actualizado  \(result.file)")
            } else if result.passed {
                print(style.paint("bien", .green) + "  \(result.file)")
            } else {
                failed += 1
                print(style.paint("MAL ", .red) + "  \(result.file)\n\(result.report(style: style))", terminator: "")
            }
        }
        print("\(results.count) conversaciones: \(results.count - failed) bien, \(failed) mal")
        if let junit { try results.junit.write(toFile: junit, atomically: true, encoding: .utf8) }
        guard coverage || html != nil else { return results }
        let reports = Set(results.compactMap(\.dialog)).sorted().compactMap { name in
            world.dialogs[name].map { CoverageReport($0, results.coverage(of: name)) }
        }
        if coverage { for report in reports { print("\n" + report.text(style: style), terminator: "") } }
        if let html { try CoverageReport.page(reports).write(toFile: html, atomically: true, encoding: .utf8) }
        return results
    }

    /// Looks at the times of the files: simple, the same on every system, and a few milliseconds for a hundred files.
    private func keepWatching() async throws {
        var seen: [String: Date] = [:]
        while true {
            let now = times()
            if now != seen {
                seen = now
                let begin = ContinuousClock.now
                print("\u{1B}[2J\u{1B}[H", terminator: "")
                do {
                    try await runAll()
                } catch is ExitCode {
                    // It was said why.
                }
                let taken = Int((ContinuousClock.now - begin) / .milliseconds(1))
                print(terminalStyle().faint("en \(taken) ms; se vuelve a probar al guardar (Ctrl-C termina)"))
                fflush(nil)
            }
            try await Task.sleep(for: .milliseconds(40))
        }
    }

    private func times() -> [String: Date] {
        let folder = folderOf(path)
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".chat") }.reduce(into: [:]) { times, name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            times[name] = attributes?[.modificationDate] as? Date
        }
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
