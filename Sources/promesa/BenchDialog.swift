import ArgumentParser
import Conversations
import Dialog
import Foundation
import Ledger
import Negotiation
import Quantities
import Understanding

/// Turns a second of the dialog's step, and what compiling costs, on one core.
struct BenchDialog: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dialog",
        abstract: "Turns a second of the dialog's step alone, and what surrounds it, on one core.",
        discussion: """
            The conversation of `bench turns`, measured in the processor's time of this process, which other programs on the \
            machine do not count in.
            """)

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "Seconds that each measure takes.")
    var seconds = 3

    func run() throws {
        let (world, accounts) = try demoWorld(options)
        guard let account = accounts.first(where: { $0.id == "marta" }), let dialog = world.dialogs[world.entryDialog],
            let moment = Moment(iso: "2026-11-24T10:00", in: world.zone)
        else { throw refuse("the accounts have no `marta`, whom this measures") }
        func facts() -> Facts { world.facts(account, promises: [], at: moment) }
        func heard(_ text: String, _ state: DialogState) -> Understanding {
            world.reader.read(text, at: moment, zone: world.zone, asked: dialog.question(in: state))
        }
        func converse(_ turn: (Int, DialogState) -> StepResult) -> DialogState {
            var state = DialogState(dialog: dialog.name, version: dialog.version, state: dialog.start)
            for index in BenchTurns.script.indices { state = turn(index, state).state }
            return state
        }
        let known = facts()
        var understood: [Understanding] = []
        let last = converse { index, state in
            understood.append(heard(BenchTurns.script[index], state))
            return dialog.step(state, .heard(understood[index], messageID: "m"), facts: known, traces: false)
        }
        guard last.ended == "promesa_registrada" else {
            throw refuse("the measured conversation ended in `\(last.state)` instead of a promise")
        }
        report("step, given the understood message and the facts") {
            _ = converse { index, state in
                dialog.step(state, .heard(understood[index], messageID: "m"), facts: known, traces: false)
            }
        }
        report("and with the account's statement and segment") {
            _ = converse { index, state in
                dialog.step(state, .heard(understood[index], messageID: "m"), facts: facts(), traces: false)
            }
        }
        report("and with understanding the message") {
            _ = converse { index, state in
                dialog.step(
                    state, .heard(heard(BenchTurns.script[index], state), messageID: "m"), facts: facts(), traces: false
                )
            }
        }
        report("and with telling why (`:why`)") {
            _ = converse { index, state in
                dialog.step(state, .heard(heard(BenchTurns.script[index], state), messageID: "m"), facts: facts())
            }
        }
        let source = Self.dialog(states: 100)
        guard compileDialog(source: source, file: "grande.yaml").dialog != nil else {
            throw refuse("the large dialog that this compiles has errors")
        }
        let begin = clock()
        for _ in 0..<100 { _ = compileDialog(source: source, file: "grande.yaml") }
        print("100 dialogs of 100 states compiled and linted:  \((clock() - begin) / 1000) ms")
    }

    private func report(_ name: String, _ conversation: () -> Void) {
        for _ in 0..<100 { conversation() }
        let begin = clock()
        var turns = 0
        while clock() - begin < seconds * Int(CLOCKS_PER_SEC) {
            for _ in 0..<100 { conversation() }
            turns += 100 * BenchTurns.script.count
        }
        let rate = Double(turns) * Double(CLOCKS_PER_SEC) / Double(clock() - begin)
        print(name + String(repeating: " ", count: 52 - name.count) + "\(Int(rate)) turns/s")
    }

    /// A dialog of questions in a row.
    private static func dialog(states: Int) -> String {
        let questions = (0..<(states - 2)).map { index in
            """
              pregunta_\(index):
                ask: "¿Seguimos con la pregunta \(index), {nombre}?"
                buttons:
                  - { text: "Sí", hears: si }
                  - { text: "No", hears: no }
                choose:
                  - { hears: [si, acepta], next: \(index == states - 3 ? "fin" : "pregunta_\(index + 1)") }
                  - { hears: [no, rechaza, posterga], next: derivar }
                otherwise: "No te entendí bien."

            """
        }
        return """
            dialog: grande
            start: pregunta_0
            facts: [nombre]
            limits: { reprompts: 2, counter_offers: 3, idle: 30m, on_limit: derivar }
            escalate: [pide_humano, angustia]
            on_escalate: derivar
            states:
            \(questions.joined())  fin:
                say: "Gracias."
                end: listo
              derivar:
                say: "Te paso con una persona."
                handoff: derivado

            """
    }
}
