import ArgumentParser
import Conversations
import Dialog
import Foundation
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
            """)

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "The moment of the conversations.")
    var at = "2026-11-24T10:00"
    @Argument(help: "A dialog, or the folder with it.") var path: String

    func run() async throws {
        let (world, accounts) = try demoWorld(options, dialog: path)
        guard let dialog = world.dialogs[world.entryDialog] else {
            throw refuse("\(path): no dialog `\(world.entryDialog)` here")
        }
        guard let moment = Moment(iso: at, in: world.zone) else {
            throw refuse("--at \(at): expected a moment such as 2026-11-24T10:00")
        }
        let scenarios = Scenario.representatives(of: accounts) { account, promises in
            Facts(
                bargain: Bargain(
                    account: account, policy: world.policy, today: moment.day(in: world.zone), calendar: world.calendar,
                    promises: promises, indices: world.indices),
                now: moment, zone: world.zone, payment: world.payment, humansAvailable: true,
                attendedHours: world.attendedHours)
        }
        let explorer = Explorer(dialog: dialog, reader: world.reader)
        let begin = ContinuousClock.now
        var whole = Exploration()
        await withTaskGroup(of: (String, Exploration).self) { group in
            for scenario in scenarios { group.addTask { (scenario.accountID, explorer.explore([scenario])) } }
            for await (name, part) in group {
                print(
                    "\(name): \(part.situations) situaciones, \(part.transitions) pasos, \(part.violations.count) faltas"
                )
                whole.add(part)
            }
        }
        let seconds = Int((ContinuousClock.now - begin) / .seconds(1))
        for violation in whole.violations { print("\n" + violation.chat(at: moment, zone: world.zone)) }
        let passing = Set(
            dialog.states.values.filter { $0.ask == nil && $0.end == nil && $0.handoff == nil }.map(\.name))
        let missed = Set(dialog.states.keys).subtracting(whole.visited).subtracting(passing).sorted()
        if !missed.isEmpty { print("estados a los que no se llegó: \(missed.joined(separator: ", "))") }
        print(
            "\(dialog.name) (\(dialog.version)): \(whole.situations) situaciones, \(whole.transitions) pasos, \(whole.violations.count) faltas, \(seconds) s"
        )
        if whole.incomplete { print("No se exploró todo: son demasiadas situaciones.") }
        if !whole.violations.isEmpty || whole.incomplete { throw ExitCode(1) }
    }
}
