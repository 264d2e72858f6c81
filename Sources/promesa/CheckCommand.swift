import ArgumentParser
import Conversations
import Dialog
import Foundation
import Ledger
import Negotiation
import Quantities
import Service

/// Proves a dialog by exploration.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Walk a dialog through everything a customer can do; exit code 1 where a property does not hold.",
        discussion: """
            What is understood is abstracted to one way of saying each thing, and accounts to one of each class (stage, debt, \
            discount, plans, open promise). Proved for every way: a promise only after a yes to its echo (I3), nothing of the debt \
            before identity (I4), a person in the turn that asks for one (I5), opt-out (I6), an answer to every message, an end \
            that can be reached, one concession a turn, the channel's limits, and the dialog's own `properties`.

            With --mutate the dialog is broken on purpose, again and again, to see whether its lints, the conversations beside \
            it or the exploration notice; what nobody notices is listed. The same seed breaks it in the same places.
            """)

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "The moment of the conversations.")
    var at = "2026-11-24T10:00"
    @Option(help: ArgumentHelp("In the words of this locale, such as es_419.", valueName: "code"))
    var locale: String?
    @Flag(help: "Break the dialog on purpose and tell who notices.")
    var mutate = false
    @Option(help: "Which of the possible damages are done.")
    var seed: UInt64 = 1
    @Option(help: "How many damages are done.")
    var mutants = 250
    @Option(help: ArgumentHelp("Only damages whose kind has these words, such as `escuchar`.", valueName: "words"))
    var kind: String?
    @Argument(help: "A dialog, or the folder with it.") var path: String

    func run() async throws {
        var (world, accounts) = try demoWorld(options, dialog: path)
        world.locale = locale ?? world.locale
        guard let written = world.dialogs[world.entryDialog] else {
            throw refuse("\(path): no dialog `\(world.entryDialog)` here")
        }
        if let locale, !written.locales.contains(locale) {
            throw refuse(
                "--locale \(locale): `\(written.name)` has texts in \(written.locales.joined(separator: ", "))")
        }
        let dialog = written.spoken(in: world.locale)
        guard let moment = Moment(iso: at, in: world.zone) else {
            throw refuse("--at \(at): expected a moment such as 2026-11-24T10:00")
        }
        let scenarios = Scenario.representatives(of: accounts) { [world] account, promises in
            world.facts(account, promises: promises, at: moment)
        }
        if mutate { return try await breakIt(written, world, accounts, scenarios) }
        let explorer = Explorer(dialog: dialog, reader: world.reader)
        let begin = ContinuousClock.now
        var whole = Exploration()
        await withTaskGroup(of: (String, Exploration).self) { group in
            for scenario in scenarios { group.addTask { (scenario.name, explorer.explore([scenario])) } }
            for await (name, part) in group {
                print(
                    "\(name): \(part.situations) situaciones, \(part.transitions) pasos, \(part.violations.count) faltas"
                )
                whole.add(part)
            }
        }
        let seconds = Int((ContinuousClock.now - begin) / .seconds(1))
        for violation in whole.violations { print("\n" + violation.chat(at: moment, zone: world.zone)) }
        for what in Set(whole.unconfirmed).sorted() {
            print("no se pudo repetir desde el principio, así que no está ni probado ni roto: \(what)")
        }
        let missed = Set(dialog.states.keys).subtracting(whole.visited).sorted()
        if missed.isEmpty { print("se pasó por los \(dialog.states.count) estados") }
        if !missed.isEmpty { print("estados a los que no se llegó: \(missed.joined(separator: ", "))") }
        print(
            "\(dialog.name) (\(dialog.version)): \(whole.situations) situaciones, \(whole.transitions) pasos, \(whole.violations.count) faltas, \(seconds) s"
        )
        if whole.incomplete { print("No se exploró todo: son demasiadas situaciones.") }
        if !whole.violations.isEmpty || !whole.unconfirmed.isEmpty || whole.incomplete { throw ExitCode(1) }
    }

    /// Situations of each scenario that are explored in a broken dialog.
    private static let exploredWhenBroken = 150

    private func breakIt(
        _ dialog: CompiledDialog, _ world: World, _ accounts: [Account], _ scenarios: [Scenario]
    ) async throws {
        guard let file = try files(path, ".yaml").first(where: { $0.hasSuffix("\(dialog.name).yaml") }) else {
            throw refuse("\(path): no file `\(dialog.name).yaml` here")
        }
        let source = try readDialog(file)
        let chats = try files(folderOf(path), ".chat").map { chat in
            let folder = URL(fileURLWithPath: chat).deletingLastPathComponent()
            return MutationRun.Chat(file: chat, source: try readSource(chat)) {
                FileManager.default.contents(atPath: folder.appendingPathComponent($0).path).map {
                    String(decoding: $0, as: UTF8.self)
                }
            }
        }
        let run = MutationRun(
            source: source, file: file, world: world, accounts: accounts, chats: chats, scenarios: scenarios,
            situations: Self.exploredWhenBroken)
        if !run.failing.isEmpty { print("no pasan, y no cuentan: \(run.failing.joined(separator: ", "))") }
        let all = DialogMutation.all(of: source, dialog).filter { kind == nil || $0.kind.contains(kind!) }
        if all.isEmpty { throw refuse("--kind \(kind ?? ""): ninguna manera de romper el diálogo se llama así") }
        let mutations = DialogMutation.sample(mutants, of: all, seed: seed)
        let begin = ContinuousClock.now
        var verdicts = [MutationRun.Verdict](repeating: .nobody, count: mutations.count)
        await withTaskGroup(of: (Int, MutationRun.Verdict).self) { group in
            for (index, mutation) in mutations.enumerated() {
                group.addTask { (index, run.verdict(of: mutation)) }
            }
            for await (index, verdict) in group { verdicts[index] = verdict }
        }
        print(MutationReport(file: file, results: Array(zip(mutations, verdicts))).text)
        let seconds = Int((ContinuousClock.now - begin) / .seconds(1))
        print("\(mutations.count) de \(all.count) maneras de romper `\(dialog.name)`, semilla \(seed), \(seconds) s")
    }
}
