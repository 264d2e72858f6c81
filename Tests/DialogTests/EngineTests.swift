import Dialog
import Foundation
import Ledger
import Negotiation
import Quantities
import SharedData
import Testing
import Understanding

/// A conversation with one compiled dialog: text in, the bot's words out.
struct Talk {
    let dialog: CompiledDialog
    let facts: Facts
    var state: DialogState
    var effects: [Effect] = []
    var passages: [Passage] = []
    private var serial = 0

    init(_ source: String = goodDialog, file: String = "chico.yaml") throws {
        let result = compileDialog(source: source, file: file)
        dialog = try #require(result.dialog, "\(result.diagnostics.map { $0.rendered(source: source) })")
        let file = SharedData.repository.appendingPathComponent("Fixtures/policy.yaml")
        let today = Day("2026-11-24")!
        let account = Account(
            id: "a", creditor: "Red Fibra", firstName: "Ana", fullName: "Ana Paz", document: "20123456",
            phone: "+5491100000001",
            items: [Item(id: "i", description: "Internet", principal: .units(50_000), dueDate: Day("2026-11-20")!)],
            terms: ContractTerms(moratoryRate: .zero))
        facts = Facts(
            bargain: Bargain(
                account: account,
                policy: try Policy.load(yaml: String(contentsOf: file, encoding: .utf8), file: "policy.yaml"),
                today: today, calendar: .argentina, promises: []),
            now: Moment(today, hour: 10, in: .argentina), zone: .argentina,
            payment: PaymentInstructions(alias: "alias", cbu: "1", link: "https://pagos.example/{cuenta}"),
            humansAvailable: true,
            attendedHours: "lunes a viernes de 9 a 18")
        state = DialogState(dialog: dialog.name, version: dialog.version, state: dialog.start)
    }

    /// What the bot answers.
    @discardableResult
    mutating func say(_ text: String) -> String {
        serial += 1
        let heard = Reader.argentina.read(text, at: facts.now, zone: facts.zone, asked: dialog.question(in: state))
        return take(.heard(heard, messageID: "m\(serial)"))
    }

    mutating func take(_ event: DialogEvent) -> String {
        let result = dialog.step(state, event, facts: facts)
        state = result.state
        effects = result.effects
        passages = result.passages
        return effects.compactMap { if case .say(let message) = $0 { message.text } else { nil } }.joined(
            separator: "\n")
    }

    var recorded: Offer? { effects.compactMap { if case .record(let offer, _) = $0 { offer } else { nil } }.first }
}

struct EngineTests {
    @Test("A promise is recorded after a yes to the echo of its amount and day, with its messages as evidence")
    func promise() throws {
        var talk = try Talk()
        talk.say("hola")
        talk.say("456")
        #expect(talk.say("el viernes te pago 20 lucas") == "Anoto $ 20.000,00 para el viernes 27/11. ¿Confirmás?")
        #expect(talk.recorded == nil)
        talk.say("dale")
        #expect(talk.recorded?.total == .units(20_000))
        #expect(
            talk.effects.contains { if case .record(_, let evidence) = $0 { evidence == ["m3", "m4"] } else { false } })
        #expect(talk.state.ended == "promesa_registrada")
    }

    @Test(
        "What is not a clear yes records nothing",
        arguments: [
            "no", "mmm puede ser", "si pero el jueves", "capaz", "no, el 10", "ya pagué", "jajaja", "cuánto era?",
        ])
    func noPromise(answer: String) throws {
        var talk = try Talk()
        for text in ["hola", "456", "el viernes te pago 20 lucas", answer] { talk.say(text) }
        #expect(talk.recorded == nil)
    }

    @Test(
        "Nobody learns of the debt before saying who they are",
        arguments: ["hola", "cuánto debo?", "el viernes te pago", "111", "soy yo", "quién sos?"])
    func identity(text: String) throws {
        var talk = try Talk()
        let answer = talk.say(text) + talk.say(text)
        #expect(!answer.contains("$"))
        #expect(!talk.state.verified)
    }

    @Test("What a choice says is said once, with the question for what it lacks")
    func saidOnce() throws {
        var talk = try Talk(
            goodDialog.replacing(
                "- { hears: no, say: \"Bueno, lo vemos.\" }",
                with: "- { hears: no, say: \"Entiendo.\", needs: [fecha], next: proponer }"))
        for text in ["hola", "456"] { talk.say(text) }
        #expect(talk.say("no") == "Entiendo.\n\n¿Qué día lo pagarías?")
        #expect(talk.say("el viernes") == "Anoto $ 50.000,00 para el viernes 27/11. ¿Confirmás?")
    }

    /// A dialog with buttons whose words nobody understands.
    private static let wordy = goodDialog.replacing("Prometo un día", with: "Vamos con eso")
        .replacing(
            "    confirms: si\n",
            with:
                "    confirms: si\n    buttons:\n      - { text: \"Tal cual\", hears: si }\n      - { text: \"Ni ahí\", hears: no }\n"
        )

    @Test(
        "The text of a button counts as its tap, however it is typed", arguments: ["Vamos con eso", "vamos con éso!"])
    func typedButton(text: String) throws {
        var talk = try Talk(Self.wordy)
        for text in ["hola", "456"] { talk.say(text) }
        #expect(talk.say(text) == "¿Qué día lo pagarías?")
        #expect(talk.state.reprompts == 0)
    }

    @Test("The text of a button that is not on the screen means nothing")
    func typedButtonOfAnotherQuestion() throws {
        var talk = try Talk(Self.wordy)
        for text in ["hola", "456", "Vamos con eso", "Vamos con eso"] { talk.say(text) }
        #expect(talk.state.reprompts == 1 && talk.recorded == nil)
    }

    @Test("The yes of a button, typed, records what it is under; with other words besides, nothing")
    func typedYes() throws {
        for (text, records) in [("tal cual", true), ("Tal cual, creo", false), ("ni ahí", false)] {
            var talk = try Talk(Self.wordy)
            for text in ["hola", "456", "el viernes te pago 20 lucas", text] { talk.say(text) }
            #expect((talk.recorded != nil) == records, "\(text)")
        }
    }

    @Test("A side question is answered, costs no retry and comes back to the question")
    func digression() throws {
        var talk = try Talk()
        for text in ["hola", "456"] { talk.say(text) }
        let answer = talk.say("cuánto debo?")
        #expect(answer.hasPrefix("Hoy son $ 50.000,00.") && answer.hasSuffix("¿Qué hacemos?"))
        #expect(talk.state.reprompts == 0)
    }

    @Test("The bot asks again twice and then hands over, never in circles")
    func limit() throws {
        var talk = try Talk()
        for text in ["hola", "456", "asdf", "qwer"] { talk.say(text) }
        #expect(talk.state.ended == nil)
        talk.say("zxcv")
        #expect(talk.effects.contains(.handoff(reason: "limite", priority: .limitReached)))
    }

    @Test(
        "A person is one message away from every state",
        arguments: [[], ["hola"], ["hola", "456"], ["hola", "456", "el viernes te pago 20 lucas"]])
    func human(before: [String]) throws {
        var talk = try Talk()
        for text in before { talk.say(text) }
        talk.say("quiero hablar con una persona")
        #expect(talk.effects.contains { if case .handoff = $0 { true } else { false } })
        #expect(talk.state.ended == "derivado")
    }

    @Test("Distress goes before everything else")
    func distress() throws {
        var talk = try Talk()
        for text in ["hola", "456"] { talk.say(text) }
        talk.say("no doy más, no quiero vivir, ni me hablen de cuotas")
        #expect(talk.effects.contains(.handoff(reason: "angustia", priority: .distress)))
    }

    @Test("A value outside its slot's limits is not taken, and the customer is told")
    func slotLimits() throws {
        var talk = try Talk(
            goodDialog.replacing(
                "type: day, ask",
                with: "type: day, max: \"{politica.fecha_limite}\", invalid: \"Más lejos no puedo.\", ask"
            )
            .replacing("facts: [nombre", with: "facts: [politica.fecha_limite, nombre"))
        for text in ["hola", "456"] { talk.say(text) }
        let answer = talk.say("te pago 20 lucas el 20 de enero")
        #expect(answer.hasPrefix("Más lejos no puedo."))
        #expect(talk.state.day == nil)
        #expect(talk.say("el viernes").hasPrefix("Anoto $ 20.000,00"))
    }

    @Test("A button of an older message is not an answer to this one")
    func staleTap() throws {
        var talk = try Talk()
        for text in ["hola", "456"] { talk.say(text) }
        let old = "promete#\(talk.state.serial)"
        talk.say("asdf")
        let answer = talk.take(.tapped(id: old, understanding: Understanding(normalised: ""), messageID: "t"))
        #expect(answer.hasPrefix("Ese botón era de un mensaje anterior."))
        #expect(talk.state.pendingSlot == nil)
    }

    @Test("Something that is not text is answered with the question again")
    func media() throws {
        var talk = try Talk()
        for text in ["hola", "456"] { talk.say(text) }
        #expect(talk.take(.media(messageID: "a")).hasSuffix("¿Qué hacemos?"))
    }

    @Test("A dialog that ended begins again when the customer writes, with the identity that was verified")
    func restarts() throws {
        var talk = try Talk()
        for text in ["hola", "456", "el viernes te pago 20 lucas", "dale"] { talk.say(text) }
        #expect(talk.say("hola").hasPrefix("Son $"))
    }

    @Test(
        "The same turn gives the same result", arguments: ["el viernes te pago 20 lucas", "hola", "son unos chorros"])
    func pure(text: String) throws {
        let talk = try Talk()
        let heard = Reader.argentina.read(text, at: talk.facts.now, zone: .argentina, asked: .open)
        let results = (0..<3).map { _ in talk.dialog.step(talk.state, .heard(heard, messageID: "m"), facts: talk.facts)
        }
        #expect(results[0] == results[1] && results[1] == results[2])
    }
}
