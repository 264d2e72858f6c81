import Foundation
import Ledger
import Negotiation
import Quantities
import SharedData
import Testing

@testable import Dialog

struct ExplorerTests {
    /// With low limits the counters stay small, and the exploration takes a second.
    static func exploration(_ source: String) throws -> Exploration {
        let talk = try Talk(
            source.replacing("reprompts: 2, counter_offers: 3", with: "reprompts: 0, counter_offers: 1"))
        return Explorer(dialog: talk.dialog).explore([Scenario(accountID: "a", facts: talk.facts)])
    }

    @Test("A good dialog is explored to the end, and nothing is found")
    func good() throws {
        let exploration = try Self.exploration(goodDialog)
        #expect(exploration.violations.map(\.what) == [])
        #expect(!exploration.incomplete && exploration.situations > 50)
        #expect(
            exploration.visited.isSuperset(of: [
                "identidad", "negociar", "contraoferta", "confirmar", "anotada", "perdon", "derivar",
            ]))
    }

    /// Dialogs that pass their lints and harm a customer all the same.
    static let harmful: [(property: String, replacing: String, with: String)] = [
        ("never: estado = anotada", "states:\n", "properties:\n  - never: \"estado = anotada\"\nstates:\n"),
        (
            "leads-to: negociar -> con_promesa", "states:\n",
            "properties:\n  - leads-to: \"negociar -> con_promesa\"\nstates:\n"
        ),
        ("always: no verificado", "states:\n", "properties:\n  - always: \"no verificado\"\nstates:\n"),
    ]

    @Test("What lints cannot see is found, with the way to it", arguments: 0..<harmful.count)
    func harm(index: Int) throws {
        let (property, replacing, with) = Self.harmful[index]
        let source = goodDialog.replacing(replacing, with: with)
        try #require(source != goodDialog)
        let exploration = try Self.exploration(source)
        #expect(
            exploration.violations.contains { $0.property == property },
            "found \(exploration.violations.map(\.property))")
    }

    @Test(
        "Properties that cannot be understood are refused",
        arguments: [
            "- always", "- leads-to: \"a b\"", "- leads-to: \"negociar -> x\"", "- never: \"saldos\"", "- sometimes: x",
        ])
    func wrongProperty(text: String) {
        let result = compileDialog(
            source: goodDialog.replacing("states:\n", with: "properties:\n  \(text)\nstates:\n"), file: "chico.yaml")
        #expect(result.dialog == nil && !result.diagnostics.isEmpty)
    }

    @Test("A violation reads as a conversation that does it again")
    func asChat() throws {
        let source = goodDialog.replacing("states:\n", with: "properties:\n  - never: \"estado = anotada\"\nstates:\n")
        let violation = try #require(Self.exploration(source).violations.first)
        let chat = violation.chat(at: Moment(Day("2026-11-24")!, hour: 10, in: .argentina), zone: .argentina)
        #expect(
            chat.hasPrefix(
                "# never: estado = anotada: pasó en `anotada`\naccount: a\nat: 2026-11-24T10:00:00-03:00\nuser: "))
        let last = try #require(violation.steps.last?.said.last)
        #expect(last.text.hasPrefix("¡Listo! Quedó anotado: ") && chat.hasSuffix("bot: \(last.text)\n"))
        // What was on the screen belongs to what the bot says.
        let options = violation.steps.flatMap { $0.said }.flatMap(\.options)
        #expect(!options.isEmpty && options.allSatisfy { chat.contains("[\($0.title)]") })
    }

    @Test("What the account had besides and a silence are told as a `.chat` file can have them")
    func asChatWithStanding() throws {
        let option = BotMessage.Option(id: "a#1", title: "Sí, confirmo")
        let violation = Violation(
            property: "I3", what: "algo", accountID: "marta", standing: "con una promesa", idleMinutes: 20,
            steps: [
                (Stimulus(.silence), [BotMessage(text: "¿Seguís ahí?\nAnoto $ 1. ¿Confirmás?", options: [option])]),
                (Stimulus(.tap(name: "a", title: "Sí, confirmo")), [BotMessage(text: "Listo.")]),
            ])
        let chat = violation.chat(at: Moment(Day("2026-11-24")!, hour: 10, in: .argentina), zone: .argentina)
        #expect(
            chat == """
                # I3: algo
                account: marta
                at: 2026-11-24T10:00:00-03:00
                # la cuenta, además, con una promesa: eso no lo pone un .chat
                wait: 20m
                bot: ¿Seguís ahí?
                  Anoto $ 1. ¿Confirmás?
                  [Sí, confirmo]
                tap: [Sí, confirmo]
                bot: Listo.

                """)
    }

    @Test("A property that went on not holding is told once, where it broke")
    func brokenOnce() throws {
        let source = goodDialog.replacing(
            "states:\n", with: "properties:\n  - never: \"verificado\"\n  - always: \"no verificado\"\nstates:\n")
        let violations = try Self.exploration(source).violations
        #expect(Set(violations.map(\.property)) == ["never: verificado", "always: no verificado"])
        // Who is there said who they are long before.
        #expect(!violations.contains { $0.what.contains("`anotada`") }, "\(violations.map(\.what))")
    }

    /// After a no the policy's ladder is gone down; its instalment plans have a state of their own.
    static let conceding = goodDialog.replacing("propuesta.motivo]", with: "propuesta.motivo, propuesta.es_plan]")
        .replacing("- { hears: no, next: derivar }", with: "- { hears: no, next: mejorar }")
        .replacing(
            "  confirmar:\n",
            with: """
                  mejorar:
                    do: conceder
                    route:
                      - { when: "propuesta.estado = contraoferta y propuesta.es_plan", next: en_cuotas }
                      - { when: "propuesta.estado = contraoferta", next: contraoferta }
                      - { next: derivar }
                  en_cuotas:
                    ask: "¿Y así: {propuesta.detalle}?"
                    choose:
                      - { hears: si, do: tomar_contraoferta, next: confirmar }
                      - { hears: no, next: mejorar }
                  confirmar:

                """)

    @Test("What lies behind on the ladder of concessions does not lead on any more")
    func passed() throws {
        let properties = "properties:\n  - leads-to: \"contraoferta -> en_cuotas\"\n"
        let found = try Self.exploration(Self.conceding.replacing("states:\n", with: properties + "states:\n"))
        #expect(found.violations.map(\.what) == ["desde `contraoferta` ya no se llega a `en_cuotas`"])
        // Who goes the way that was found hears of no plan any more.
        var talk = try Talk(Self.conceding)
        for step in try #require(found.violations.first).steps {
            guard case .text(let text) = step.did.kind else { continue }
            talk.say(text)
        }
        #expect(talk.state.state == "contraoferta")
        let answers = (0..<4).map { _ in talk.say("no") }
        #expect(!answers.contains { $0.hasPrefix("¿Y así: ") })
        #expect(found.unconfirmed == [])
    }

    @Test("What lies ahead on the ladder of concessions leads on")
    func ahead() throws {
        let properties = "properties:\n  - leads-to: \"en_cuotas -> contraoferta\"\n"
        let found = try Self.exploration(Self.conceding.replacing("states:\n", with: properties + "states:\n"))
        #expect(found.violations.map(\.what) == [])
    }
}
