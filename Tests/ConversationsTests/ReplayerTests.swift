import Conversations
import DemoCompany
import Dialog
import Foundation
import Quantities
import SharedData
import Testing

/// Recorded conversations that are lived again with a changed dialog.
struct ReplayerTests {
    private static let source = try! String(
        contentsOf: SharedData.repository.appendingPathComponent("Dialogs/cobranza.yaml"), encoding: .utf8)

    private func dialog(replacing old: String = "", with new: String = "") throws -> CompiledDialog {
        let source = old.isEmpty ? Self.source : Self.source.replacing(old, with: new)
        #expect(old.isEmpty || source != Self.source)
        return try #require(compileDialog(source: source, file: "cobranza.yaml").dialog)
    }

    private func replay(_ store: MemoryStore, until: Moment, with dialog: CompiledDialog) throws -> ReplayReport {
        var report = ReplayReport()
        report.add(
            try Replayer(world: DemoCompany.world, dialog: dialog).replay(store.recording(until: until)))
        return report
    }

    @Test(
        "With the dialog that spoke nothing differs, whatever happened and whatever waited for what", arguments: 0..<30)
    func same(seed: Int) throws {
        var world = DemoCompany.world
        if seed % 2 == 1 { world.quietWindow = 300_000 }
        let run = MemoryRun(world: world)
        var end = DemoCompany.morning
        for step in randomHistory(seed: seed, steps: 80, accounts: ["marta"]) {
            // As a server does, which looks at its timers all the time.
            try run.live([.until(step.moment), step])
            end = step.moment
        }
        let report = try replay(run.store, until: end, with: try dialog())
        #expect(report.differs == 0 && report.isSame, "\(report.text(shown: 3))")
        #expect(report.same == run.store.contents.conversations.count)
        let complete = run.store.contents.recorded.count {
            if case .part = $0.turn.input { false } else { true }
        }
        #expect(report.turns == complete)
    }

    @Test("Other words are shown side by side, at the first turn that has them")
    func otherWords() throws {
        let talk = Talk()
        try talk.promise()
        let report = try replay(
            talk.store, until: talk.now, with: try dialog(replacing: "¿Confirmás?", with: "¿Lo dejo así?"))
        #expect(report.differs == 1 && report.promisesLost.isEmpty && report.promisesGained.isEmpty)
        let difference = try #require(report.differences.first)
        #expect(difference.after == "el viernes te pago todo")
        #expect(difference.then.first?.contains("¿Confirmás?") == true)
        #expect(difference.now.first?.contains("¿Lo dejo así?") == true)
        let shown = report.text(shown: 1)
        #expect(shown.contains("entonces") && shown.contains("│") && shown.contains("«el viernes te pago todo»"))
    }

    @Test("A promise that is not made any more is lost, and the hand-off in its place is gained")
    func promiseLost() throws {
        let talk = Talk()
        try talk.promise()
        let report = try replay(
            talk.store, until: talk.now,
            with: try dialog(
                replacing: #"- { when: "propuesta.estado = admisible", next: confirmar }"#,
                with: #"- { when: "propuesta.estado = admisible", next: solo_persona }"#))
        #expect(report.promisesLost.map(\.account) == ["marta"])
        #expect(report.promisesLost.map(\.amount) == talk.promises.map(\.amount))
        #expect(report.promisesGained.isEmpty)
        #expect(report.handoffsGained.map(\.reason) == ["limite"])
        #expect(report.text(shown: 3).contains("promesas que se pierden: 1 ("))
    }

    @Test("A tap is on the button with that title, also where other messages came before it")
    func tapped() throws {
        let talk = Talk()
        try talk.verify()
        let button = try #require(talk.screen.first { $0.title == "Pago hoy" })
        try talk.hear(.tap(id: button.id, title: button.title))
        let confirm = try #require(talk.screen.first { $0.title == "Sí, confirmo" })
        try talk.hear(.tap(id: confirm.id, title: confirm.title))
        // Identity is asked with buttons now, so that all serials move.
        let changed = try dialog(
            replacing:
                "    identity: si\n    choose:\n      - { hears: documento, do: verificar_identidad, next: identidad_revisada }\n      - { hears: [persona_equivocada, tercero], next: equivocado }\n      - { hears: si, next: identidad_numero }",
            with:
                "    identity: si\n    buttons:\n      - { text: \"Sí, soy yo\", hears: si }\n      - { text: \"No soy\", hears: no }\n    choose:\n      - { hears: documento, do: verificar_identidad, next: identidad_revisada }\n      - { hears: [persona_equivocada, tercero], next: equivocado }\n      - { hears: si, next: identidad_numero }"
        )
        let report = try replay(talk.store, until: talk.now, with: changed)
        #expect(report.differs == 1 && report.promisesLost.isEmpty, "\(report.text(shown: 3))")
    }

    @Test("What fell due in between happens again: reminder, payment, thanks")
    func lifeOfAPromise() throws {
        let talk = Talk()
        try talk.promise()
        try talk.advance(days: 2)
        try talk.pay(cents: talk.promises[0].amount.cents)
        try talk.advance(days: 4)
        #expect(talk.promises.map(\.state) == [.kept] && talk.transcript.count > 8)
        let report = try replay(talk.store, until: talk.now, with: try dialog())
        #expect(report.isSame && report.same == 1, "\(report.text(shown: 3))")
    }

    @Test("Conversations of another dialog are not replayed, and counted")
    func otherDialog() throws {
        let talk = Talk()
        try talk.promise()
        let other = try dialog().with(name: "otro")
        let report = try replay(talk.store, until: talk.now, with: other)
        #expect(report.skippedOtherDialog == 1 && report.same == 0 && report.isSame)
    }
}
