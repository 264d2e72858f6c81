import Dialog
import Negotiation
import Quantities
import Testing
import Understanding

extension Talk {
    fileprivate var options: [BotMessage.Option] {
        effects.flatMap { effect -> [BotMessage.Option] in
            if case .say(let message) = effect { return message.options }
            return []
        }
    }

    fileprivate mutating func tap(_ title: String) throws -> String {
        let option = try #require(options.first { $0.title == title })
        return take(.tapped(id: option.id, understanding: Understanding(normalised: ""), messageID: "tap"))
    }
}

/// What was not clear is asked back with its two best readings, and nothing is promised meanwhile.
struct DoubtTests {
    private func talk() throws -> Talk {
        var talk = try Talk()
        talk.say("hola")
        talk.say("456")
        return talk
    }

    @Test("Of two figures, the customer says which")
    func range() throws {
        var talk = try talk()
        #expect(talk.say("el viernes te pago entre 20 y 30 mil") == "¿Decís $ 20.000,00 o $ 30.000,00?")
        #expect(talk.options.map(\.title) == ["$ 20.000,00", "$ 30.000,00", "Otro importe"])
        #expect(try talk.tap("$ 30.000,00") == "Anoto $ 30.000,00 para el viernes 27/11. ¿Confirmás?")
        talk.say("sí")
        #expect(talk.recorded?.total == .units(30_000))
    }

    @Test(
        "The answer may also be typed",
        arguments: [
            ("la primera", "$ 20.000,00"), ("30 mil", "$ 30.000,00"), ("30", "$ 30.000,00"),
            ("25 lucas", "$ 25.000,00"),
            ("2", "$ 30.000,00"),
        ])
    func typed(answer: String, amount: String) throws {
        var talk = try talk()
        talk.say("el viernes te pago entre 20 y 30 mil")
        #expect(talk.say(answer) == "Anoto \(amount) para el viernes 27/11. ¿Confirmás?")
    }

    @Test("A day that does not fit its weekday is asked back with both days")
    func weekday() throws {
        var talk = try talk()
        let asked = talk.say("te pago todo el jueves 28")
        #expect(asked == "¿Decís el sábado 28/11 o el jueves 26/11?")
        #expect(try talk.tap("jueves 26/11") == "Anoto $ 50.000,00 para el jueves 26/11. ¿Confirmás?")
    }

    @Test("A single doubtful figure is confirmed with a yes", arguments: ["si", "dale", "eso"])
    func single(answer: String) throws {
        var talk = try talk()
        #expect(talk.say("el viernes puedo hasta 40 mil") == "¿Decís $ 40.000,00?")
        #expect(talk.say(answer) == "Anoto $ 40.000,00 para el viernes 27/11. ¿Confirmás?")
        #expect(talk.recorded == nil)
    }

    @Test("None of the two leads to the plain question", arguments: ["no", "ninguna"])
    func neither(answer: String) throws {
        var talk = try talk()
        talk.say("el viernes te pago entre 20 y 30 mil")
        #expect(talk.say(answer).hasPrefix("¿Cuánto"))
        #expect(talk.options.map(\.title).isEmpty)
    }

    @Test("A yes to the question which of two is not a yes to the proposal before it", arguments: ["sí", "acepto"])
    func yesToNeither(answer: String) throws {
        let records = "      - { hears: si, do: registrar, next: anotada }"
        var talk = try Talk(
            goodDialog.replacing(records, with: "      - { hears: [fecha, monto], next: proponer }\n" + records))
        talk.say("hola")
        talk.say("456")
        talk.say("el viernes te pago 10 lucas")
        #expect(talk.say("mejor entre 20 y 30 mil") == "¿Decís $ 20.000,00 o $ 30.000,00?")
        talk.say(answer)
        #expect(talk.recorded == nil)
        #expect(talk.options.map(\.title) == ["$ 20.000,00", "$ 30.000,00", "Otro importe"])
    }

    @Test("A person is one message away also from a doubt")
    func human() throws {
        var talk = try talk()
        talk.say("el viernes te pago entre 20 y 30 mil")
        talk.say("quiero hablar con una persona")
        #expect(talk.effects.contains { if case .handoff = $0 { true } else { false } })
    }

    @Test("What was said before the identity was known is still in doubt after it")
    func early() throws {
        var talk = try Talk()
        talk.say("hola, te pago entre 20 y 30 mil")
        talk.say("456")
        #expect(talk.say("el viernes") == "¿Decís $ 20.000,00 o $ 30.000,00?")
        #expect(talk.say("20 mil") == "Anoto $ 20.000,00 para el viernes 27/11. ¿Confirmás?")
    }

    @Test("A part without a figure is asked how much, also in place of a yes")
    func part() throws {
        let records = "      - { hears: si, do: registrar, next: anotada }"
        var talk = try Talk(
            goodDialog.replacing(records, with: "      - { hears: [fecha, monto], next: proponer }\n" + records))
        talk.say("hola")
        talk.say("456")
        talk.say("el viernes te pago todo")
        #expect(talk.say("mejor una parte").hasPrefix("¿Cuánto"))
        talk.say("sí")
        #expect(talk.recorded == nil, "the yes is not to the echo before the question")
        #expect(talk.say("15 mil") == "Anoto $ 15.000,00 para el viernes 27/11. ¿Confirmás?")
    }

    @Test(
        "A yes with another figure than the echo's is no yes",
        arguments: [
            ("dale 3", false), ("si, 25", false), ("dale 11", false), ("si, el 27/12", false), ("dale 20", true),
            ("si, el 27", true), ("si, el 27/11", true),
            ("dale", true),
        ])
    func otherFigure(answer: String, records: Bool) throws {
        var talk = try talk()
        talk.say("el viernes te pago 20 lucas")
        talk.say(answer)
        #expect((talk.recorded != nil) == records)
    }
}
