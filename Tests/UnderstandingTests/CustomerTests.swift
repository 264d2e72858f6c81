import Quantities
import Testing
import Understanding

/// What customers of our invention were misread in: each row stands for a class of messages.
struct CustomerTests {
    private static let moment = Moment(iso: "2026-11-24T10:15:00")!
    private func read(_ text: String, _ question: Question = .open) -> Understanding {
        Reader.argentina.read(text, at: Self.moment, zone: .argentina, asked: question)
    }

    @Test(
        "Who gives a document before being asked has given it, and it is no sum",
        arguments: [
            ("hola documento terminado en 137", "137"),
            ("soy marta, mi dni es 20467137, quiero pagar el viernes", "20467137"),
            ("137", "137"), ("si soy yo 137", "137"), ("20.467.137", "20467137"),
            ("te pago 500 mañana", nil), ("500 pesos", nil), ("el viernes 20 lucas", nil), ("en 137 dias", nil),
        ] as [(String, String?)])
    func document(_ text: String, _ digits: String?) {
        let heard = read(text)
        #expect(heard.documentDigits == digits)
        if digits != nil { #expect(heard.amounts.isEmpty, "\(heard.amounts)") }
    }

    @Test(
        "A day of talk is not worth asking about",
        arguments: [
            "el viernes te llamo", "el viernes los llamo y arreglamos", "mañana te escribo y te confirmo",
            "el viernes me operan", "el lunes vemos",
        ])
    func talk(_ text: String) {
        let heard = read(text, .confirmation)
        #expect(heard.days.allSatisfy { $0.confidence < 0.35 || $0.kind == .past }, "\(heard.days)")
        #expect(!heard.has(.promise), "\(heard.intents)")
    }

    @Test(
        "The day of the wage is not the day of payment",
        arguments: [
            ("el viernes cobro y el lunes te pago", "2026-11-30"),
            ("el viernes cobro, el sabado te pago", "2026-11-28"),
        ])
    func wage(_ text: String, _ day: String) {
        let taken = read(text).days.filter { $0.confidence >= 0.5 && $0.kind == .payBy }
        #expect(taken.map { $0.day?.iso } == [day], "\(taken)")
    }

    @Test(
        "An hour with a verb of paying is today, and asked back",
        arguments: ["a la tarde te pago", "a la noche te transfiero", "te pago a la tarde"])
    func hour(_ text: String) {
        let days = read(text).days
        #expect(days.map { $0.day?.iso } == ["2026-11-24"], "\(days)")
        #expect(days.allSatisfy { $0.confidence < 0.6 })
    }

    @Test(
        "An hour of other things is no day",
        arguments: ["son las 10 de la noche", "me llaman a las 8", "escribime a la tarde"])
    func otherHour(_ text: String) { #expect(read(text).days.isEmpty) }

    @Test(
        "A part without its sum is a part, not the whole",
        arguments: [
            "pago solo la factura de octubre", "pago una cuota y el resto despues", "no puedo todo junto",
            "te pago la de octubre y la de noviembre la dejo",
        ])
    func part(_ text: String) {
        let heard = read(text)
        #expect(heard.has(.partialPayment), "\(heard.intents)")
        #expect(heard.amounts.map(\.value) == [.vague], "\(heard.amounts)")
    }

    @Test(
        "The rest, with its day, is no part to ask the sum of",
        arguments: ["y el resto el 9", "el resto te lo pago el 5"])
    func rest(_ text: String) { #expect(!read(text).amounts.contains { $0.value == .vague }) }

    @Test(
        "Sums as they are spoken",
        arguments: [
            ("22 quinientos", 2_250_000 as Int64), ("veintidos y medio", 2_250_000), ("palo y medio", 150_000_000),
            ("luca y media", 150_000), ("ocho quinientos", 850_000), ("solo 30", 3_000_000), ("30 nomas", 3_000_000),
        ])
    func spoken(_ text: String, _ cents: Int64) {
        let values = read(text, .amount).amounts.map(\.value)
        #expect(values == [.exact(Money(cents: cents))], "\(values)")
    }

    @Test("A sum beside a weekday keeps its day", arguments: ["el viernes 20", "te puedo dar 10 y medio el viernes"])
    func sumAndDay(_ text: String) {
        let heard = read(text, .amount)
        #expect(heard.days.contains { $0.day?.iso == "2026-11-27" && $0.confidence >= 0.6 }, "\(heard.days)")
        #expect(heard.amounts.count == 1, "\(heard.amounts)")
    }

    @Test(
        "Days as they are written",
        arguments: [("5.12", "2026-12-05"), ("quincena", "2026-12-15"), ("mañana o pasado", "2026-11-26")])
    func written(_ text: String, _ day: String) { #expect(read(text, .day).days.map { $0.day?.iso } == [day]) }

    @Test(
        "A death is the holder's where somebody else tells it, and else a customer's grief",
        arguments: [
            ("soy el hijo, mi mamá falleció", Question.open, true), ("mi mamá falleció", .identity, true),
            ("la titular falleció", .open, true), ("ese señor falleció", .open, true),
            ("soy la viuda de Juan", .open, true),
            ("mi papá murió y no puedo pagar", .open, false), ("falleció mi esposo", .open, false),
        ])
    func death(_ text: String, _ question: Question, _ isHolder: Bool) {
        let heard = read(text, question)
        let confidence = heard.intents.first { $0.intent == .deceased }?.confidence ?? 0
        #expect((confidence >= 0.6) == isHolder, "\(heard.intents)")
        if !isHolder { #expect(!heard.has(.wrongPerson) && heard.has(.hardship), "\(heard.intents)") }
    }

    @Test(
        "Things that break die too",
        arguments: ["se me murió la heladera", "estoy muerta de cansancio", "se murió el módem"])
    func brokenThings(_ text: String) {
        #expect(!read(text).intents.contains { $0.intent == .deceased && $0.confidence >= 0.6 })
        #expect(!read(text).has(.wrongPerson))
    }

    @Test(
        "A person is heard in these words too",
        arguments: [
            "ser humano", "pasame con tu jefe", "podes llamarme vos?", "con una persona por favor",
            "no me sirve hablar con un robot",
        ])
    func person(_ text: String) { #expect(read(text).has(.askHuman)) }

    @Test(
        "Shame, work and the hour are no complaints",
        arguments: [
            "que verguenza, nunca me atraso", "que verguenza tener que pedirte esto", "me suspendieron en el trabajo",
            "que hora es?",
        ])
    func calm(_ text: String) { #expect(!read(text).has(.complain), "\(read(text).intents)") }

    @Test(
        "Anger and irony are complaints",
        arguments: [
            "que verguenza de empresa", "una verguenza como tratan", "gracias por nada", "me llaman al trabajo",
            "me cortan internet y me cobran igual", "todos los dias el mismo mensaje", "los voy a escrachar",
        ])
    func angry(_ text: String) { #expect(read(text).has(.complain), "\(read(text).intents)") }

    @Test(
        "What is disputed is no offer",
        arguments: [
            "54 mil pesos por internet que no anda", "no pienso pagar el cargo de gestion",
            "no anda internet hace una semana y me cobran", "me cortaron 3 dias y me cobran igual",
        ])
    func disputed(_ text: String) {
        #expect(read(text).has(.dispute), "\(read(text).intents)")
        #expect(!read(text).has(.promise), "\(read(text).intents)")
    }

    @Test(
        "Who asks for more discount offers no part",
        arguments: ["y un poco mas?", "un poquito mas", "hagamos 45 y listo", "cerramos en 40 lucas?"])
    func haggling(_ text: String) {
        let heard = read(text, .confirmation)
        #expect(heard.has(.askDiscount), "\(heard.intents)")
        #expect(!heard.amounts.contains { $0.value == .vague })
    }

    @Test(
        "Who denies having promised, or asks who did, promises nothing",
        arguments: ["quien dijo que pago el lunes", "quien te dijo que pagaba el viernes"])
    func denied(_ text: String) { #expect(!read(text).has(.promise), "\(read(text).intents)") }

    @Test(
        "A holiday wished is no day",
        arguments: ["feliz navidad", "felices fiestas!", "feliz año nuevo para todos", "buen finde"])
    func wish(_ text: String) { #expect(read(text, .confirmation).days.isEmpty) }

    @Test(
        "Paid, said in the past tense after a word of assent",
        arguments: ["listo, transferi", "ahi deposite", "listo ya pague", "bueno ya te transferi"])
    func paid(_ text: String) {
        #expect(read(text, .confirmation).has(.alreadyPaid))
        #expect(!read(text, .confirmation).has(.accept))
    }

    @Test(
        "Words run together, in English or Portuguese",
        arguments: ["elviernes te pago", "I can pay on friday", "posso pagar na sexta feira", "tepago el viernes"])
    func foreign(_ text: String) {
        let heard = read(text)
        #expect(heard.days.contains { $0.day?.iso == "2026-11-27" }, "\(heard.days)")
    }

    @Test(
        "What somebody else says of paying is a third party",
        arguments: ["mi marido dice que el viernes te paga", "mi hija dijo que lo paga el lunes"])
    func third(_ text: String) {
        #expect(read(text).has(.thirdParty))
        #expect(!read(text).has(.promise))
    }

    @Test(
        "Thousands of thanks are no sum",
        arguments: ["mil disculpas", "un millon de gracias", "mil perdones, despues te escribo"])
    func courtesy(_ text: String) { #expect(read(text, .confirmation).amounts.isEmpty) }

    @Test("A sum before its thanks is a sum")
    func sumAndThanks() { #expect(read("20 mil gracias", .amount).amounts.map(\.value) == [.exact(.units(20_000))]) }

    @Test(
        "What is asked about is no offer",
        arguments: [
            "por que me sumaron 2976 de gestion", "hasta que hora puedo pagar hoy", "por que me agregaron 1500",
        ])
    func asked(_ text: String) {
        #expect(!read(text, .confirmation).has(.promise), "\(read(text, .confirmation).intents)")
    }

    @Test("\"Como mucho\" asks nothing", arguments: ["como mucho 20 mil", "como mucho 20"])
    func atMost(_ text: String) { #expect(read(text, .amount).has(.promise)) }

    @Test(
        "Not to be called on a day is no opting out",
        arguments: ["no me llames el viernes que estoy trabajando", "no me llamen hoy", "no me escriban tan temprano"])
    func notThatDay(_ text: String) {
        let heard = read(text, .confirmation)
        #expect(!heard.has(.optOut))
        #expect(heard.days.allSatisfy { $0.confidence < 0.35 }, "\(heard.days)")
    }

    @Test(
        "Not to be called at all is opting out", arguments: ["no me llamen", "no me escriban mas", "no nos molesten"])
    func notAtAll(_ text: String) { #expect(read(text).has(.optOut)) }

    @Test("Instead of a day is another day")
    func instead() {
        #expect(read("pago hoy en vez del viernes").days.map { $0.day?.iso } == ["2026-11-24"])
    }

    @Test("Not having paid yet leaves the day that follows to come")
    func unpaid() {
        let heard = read("perdon, todavia no pague, el viernes pago")
        #expect(heard.days.map { $0.day?.iso } == ["2026-11-27"])
        #expect(heard.has(.promise) && !heard.has(.alreadyPaid), "\(heard.intents)")
    }

    @Test(
        "A document is heard as it is dictated",
        arguments: ["uno tres siete", "ciento treinta y siete", "uno treinta y siete", "termina en uno tres siete"])
    func dictated(_ text: String) { #expect(read(text, .identity).documentDigits == "137") }

    @Test(
        "Not to have one's document at hand is not to be somebody else",
        arguments: ["no me acuerdo mi documento", "no lo tengo a mano", "no te lo voy a dar"])
    func withoutDocument(_ text: String) { #expect(!read(text, .identity).has(.wrongPerson)) }

    @Test("A minimum pension is no minimum payment")
    func pension() {
        #expect(read("soy jubilada cobro la minima", .confirmation).amounts.isEmpty)
    }
}
