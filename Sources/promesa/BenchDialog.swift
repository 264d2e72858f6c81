import ArgumentParser
import Conversations
import Dialog
import Foundation
import Ledger
import Negotiation
import Quantities
import Storage
import Understanding

/// Turns a second of the dialog's step, and what compiling costs, on one core.
struct BenchDialog: AsyncParsableCommand {
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

    func run() async throws {
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
        try await replay(world, account, at: moment)
        let source = Self.dialog(states: 100)
        guard compileDialog(source: source, file: "grande.yaml").dialog != nil else {
            throw refuse("the large dialog that this compiles has errors")
        }
        let begin = clock()
        for _ in 0..<100 { _ = compileDialog(source: source, file: "grande.yaml") }
        print("100 dialogs of 100 states compiled and linted:  \((clock() - begin) / 1000) ms on one core")
        let start = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { _ = compileDialog(source: source, file: "grande.yaml") } }
        }
        let taken = Int((ContinuousClock.now - start) / .milliseconds(1))
        print(
            "the same, as `promesa dialog lint` does it:     \(taken) ms on all of \(ProcessInfo.processInfo.activeProcessorCount)"
        )
    }

    private func report(_ name: String, _ conversation: () -> Void) {
        for _ in 0..<100 { conversation() }
        measure(name) {
            for _ in 0..<100 { conversation() }
            return 100 * BenchTurns.script.count
        }
    }

    /// - Parameter work: does some of it, and returns how many turns that were.
    private func measure(_ name: String, _ work: () throws -> Int) rethrows {
        let begin = clock()
        var turns = 0
        while clock() - begin < seconds * Int(CLOCKS_PER_SEC) { turns += try work() }
        let rate = Double(turns) * Double(CLOCKS_PER_SEC) / Double(clock() - begin)
        print(name + String(repeating: " ", count: 52 - name.count) + "\(Int(rate)) turns/s")
    }

    /// The conversation with many customers, written to a database as a server does it, which waits for what may come
    /// after a message, and lived again from it, as `promesa dialog replay` does.
    private func replay(_ world: World, _ account: Account, at moment: Moment) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("promesa-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("bench.sqlite").path
        let store = try Store(path: path)
        let processor = TurnProcessor(world: world)
        for person in 0..<200 {
            var own = account
            own.id = "cliente_\(person)"
            own.document = "\(20_000 + person)\(account.document.suffix(3))"
            own.phone = "+549110\(1_000_000 + person)"
            let contact = ContactKey(channel: "whatsapp", gatewayAccount: "1", address: own.phone)
            try await store.submit { [own] tx in
                try tx.save(own)
                for (index, text) in BenchTurns.script.enumerated() {
                    let now = moment.adding(seconds: Int64(index) * 60)
                    let message = InboundMessage(
                        contact: contact, messageID: "\(own.id)-\(index)", writtenAt: now, content: .text(text))
                    _ = try processor.receive(message, now: now, tx: tx)
                    guard let conversation = try tx.conversation(for: contact), conversation.window != nil else {
                        continue
                    }
                    let quiet = DueTimer(
                        kind: .quiet, key: conversation.id, at: now.adding(milliseconds: processor.world.quietWindow))
                    _ = try processor.fire(quiet, now: quiet.at, tx: tx)
                }
            }
        }
        try store.close()
        guard let dialog = world.dialogs[world.entryDialog] else { return }
        let replayer = Replayer(world: world, dialog: dialog)
        try measure("replay, from the database and compared") {
            var report = ReplayReport()
            try Recordings(path: path).forEachPerson { report.add(try replayer.replay($0)) }
            guard report.isSame, report.same == 200, report.turns == 200 * BenchTurns.script.count else {
                throw refuse("the replayed conversations are not what they were:\n" + report.text(shown: 1))
            }
            return report.turns
        }
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
