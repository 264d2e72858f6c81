import Quantities
import Testing
import Understanding

/// Messages of our own that matter most: what is, and what is not, a promise.
struct OwnUtteranceTests {
    private static let moment = Moment(iso: "2026-11-24T10:15:00")!
    private func read(_ text: String, _ question: Question = .open) -> Understanding {
        Reader.argentina.read(text, at: Self.moment, zone: .argentina, asked: question)
    }

    @Test(
        "Not a promise",
        arguments: [
            "no te pago el viernes", "el viernes no te pago", "no llego a fin de mes", "si no pago el 5 qué pasa?",
            "mi primo paga el 10", "mañana te confirmo",
            "el lunes te aviso", "me dijeron que tenía hasta el 30", "no te dije que pago el viernes",
            "ya te pagué el viernes", "llamame el lunes", "el lunes abren?",
            "cobro el 8", "el 5 pago el alquiler", "el lunes viajo", "le pago a otra empresa el 15",
            "voy a ver si junto algo para el viernes", "no puedo el viernes", "nunca dije que pagaba el 10",
            "vence el 15?",
            "soy la hija, ella vuelve el lunes",
        ])
    func noPromise(_ text: String) {
        let heard = read(text)
        #expect(!heard.intents.contains { $0.intent == .promise && $0.confidence >= 0.45 }, "\(heard.intents)")
    }

    @Test(
        "A wish to pay without a day is a promise whose day is to be asked for",
        arguments: [
            "voy a pagar", "te voy a pagar", "les voy a pagar", "se lo voy a pagar", "lo voy a pagar", "vamos a pagar",
            "voy a pagar la deuda", "te pago", "pago", "te lo pago", "les pago", "pagaré",
            "quiero pagar", "quiero pagar la factura", "pienso pagar", "tengo intención de pagar", "voy a abonar",
            "voy a cancelar la deuda", "tranqui que te voy a pagar", "quedate tranquila que te pago",
            "no te preocupes que te voy a pagar", "claro que voy a pagar", "voy a pagar!!", "VOY A PAGAR",
            "boy a pagar",
        ])
    func vague(_ text: String) {
        for question in [Question.open, .confirmation, .day] {
            let heard = read(text, question)
            #expect(heard.has(.promise), "\(question): \(heard.intents)")
            #expect(heard.days.isEmpty && heard.amounts.isEmpty, "\(question): \(heard.days) \(heard.amounts)")
        }
    }

    @Test(
        "Who leaves paying for later puts off",
        arguments: [
            "ya te pago", "ya les voy a pagar", "pago cuando pueda", "cuando pueda te pago", "apenas cobre te pago",
            "si voy a pagar te aviso", "en algún momento te pago", "un día de estos te pago", "después te pago",
            "más adelante pago",
        ])
    func putOff(_ text: String) {
        let heard = read(text)
        #expect(heard.has(.postpone), "\(heard.intents)")
        #expect(!heard.days.contains { $0.day != nil && $0.confidence >= 0.6 }, "\(heard.days)")
    }

    @Test("A week is no day: it is heard, and asked which one")
    func week() {
        let heard = read("la semana que viene te pago")
        #expect(heard.has(.promise))
        #expect(!heard.days.contains { $0.kind == .payBy && $0.confidence >= 0.6 }, "\(heard.days)")
    }

    @Test(
        "Neither a promise nor put off",
        arguments: [
            "no voy a pagar", "no te voy a pagar", "ni loco voy a pagar", "quién va a pagar esto",
            "voy a pagar un abogado", "si voy a pagar te aviso", "yo no pago", "no pago", "nunca voy a pagar",
            "no quiero pagar", "no pienso pagar", "por qué voy a pagar eso?", "cómo voy a pagar?",
            "con qué voy a pagar",
            "voy a pagar?", "te pago?", "dónde pago", "cuánto pago", "cómo te pago", "mi hermano va a pagar",
            "voy a pagarle a otro", "voy a tener que pagar un abogado", "no sé si voy a pagar", "pago mis impuestos",
            "antes de pagar quiero hablar con alguien", "dije que voy a pagar?", "voy a pagar el alquiler",
            "voy a pagar nada", "ustedes me van a pagar a mí",
        ])
    func notEvenVague(_ text: String) {
        for question in [Question.open, .confirmation, .day] {
            let heard = read(text, question)
            #expect(
                !heard.intents.contains { $0.intent == .promise && $0.confidence >= 0.45 },
                "\(question): \(heard.intents)")
        }
    }

    @Test(
        "A promise with its day and amount",
        arguments: [
            ("el viernes te pago 20 lucas", "2026-11-27", 2_000_000 as Int64?),
            ("mañana te transfiero 30 mil", "2026-11-25", 3_000_000),
            ("te tiro 30 lucas el 5", "2026-12-05", 3_000_000),
            ("EL LUNES TE DEPOSITO 15.500,50", "2026-11-30", 1_550_050),
            ("pago 25.000 el 14/12", "2026-12-14", 2_500_000),
            ("el viernes no puedo, el sabado si", "2026-11-28", nil),
            ("dsp del 10 no, el 10 te pago", "2026-12-10", nil), ("vierns te pago", "2026-11-27", nil),
            ("el vi\u{200B}ernes te p\u{0430}go", "2026-11-27", nil),
            ("te pago el lunes q viene medio palo", "2026-11-30", 50_000_000),
            ("eu vou pagar amanhã no, mañana te pago", "2026-11-25", nil),
        ])
    func promise(_ text: String, _ day: String, _ cents: Int64?) {
        let heard = read(text)
        #expect(heard.has(.promise))
        #expect(heard.days.contains { $0.day?.iso == day }, "\(heard.days)")
        if let cents { #expect(heard.amounts.contains { $0.value == .exact(Money(cents: cents)) }, "\(heard.amounts)") }
    }

    @Test("The question asked decides what a bare 30 is")
    func bareThirty() {
        #expect(read("30", .amount).amounts.first?.value == .exact(.units(30_000)))
        #expect(read("30", .day).days.first?.day?.iso == "2026-11-30")
        #expect(read("30").amounts.isEmpty && read("30").days.isEmpty)
    }

    @Test("A thumb is a yes only where a yes was asked for")
    func thumb() {
        #expect(read("👍", .confirmation).intents.contains { $0.intent == .affirm && $0.confidence >= 0.6 })
        #expect(!read("👍").intents.contains { $0.intent == .affirm && $0.confidence >= 0.6 })
    }

    @Test(
        "Distress is heard, and nothing is collected from it",
        arguments: ["me quiero matar", "no aguanto mas, el viernes te pago", "no quiero vivir mas asi"])
    func distress(_ text: String) {
        #expect(read(text).has(.distress))
        #expect(!read(text).has(.promise))
    }

    @Test(
        "Corrections keep what was corrected to",
        arguments: [
            ("no, el 10", "2026-12-10"), ("perdón quise decir el viernes", "2026-11-27"),
            ("no, el 15 no, el 16", "2026-12-16"),
        ])
    func correction(_ text: String, _ day: String) {
        let heard = read(text, .confirmation)
        #expect(heard.days.map { $0.day?.iso } == [day])
        #expect(heard.has(.promise))
    }

    @Test(
        "Instalments of an amount",
        arguments: [("2 cuotas de 15", 2, 1_500_000 as Int64), ("6 cuotas de 5 mil", 6, 500_000)])
    func instalments(_ text: String, _ count: Int, _ cents: Int64) {
        let heard = read(text)
        #expect(heard.instalments?.count == count)
        #expect(heard.amounts.first?.value == .exact(Money(cents: cents)))
        #expect(heard.amounts.first?.role == .perInstalment)
    }

    @Test(
        "Of two payments the first is negotiated, with its own amount",
        arguments: [
            ("10 lucas el viernes y 20 lucas el lunes", "2026-11-27", 1_000_000 as Int64),
            ("el viernes 10 lucas y el lunes 20 lucas", "2026-11-27", 1_000_000),
            ("te pago el 5 30 mil y el resto el 20", "2026-12-05", 3_000_000),
        ])
    func twoPayments(_ text: String, _ day: String, _ cents: Int64) {
        let heard = read(text)
        #expect(heard.days.filter { $0.confidence >= 0.5 }.map { $0.day?.iso } == [day])
        #expect(heard.amounts.filter { $0.confidence >= 0.5 }.map(\.value) == [.exact(Money(cents: cents))])
    }

    @Test(
        "A document is read from digits that stand together",
        arguments: [
            ("137", "137"), ("007 gracias", "007"), ("mi dni es 20.467.137", "20467137"),
            ("es el 20 467 137", "20467137"),
            ("el 5 la mitad y el resto el 20", nil), ("12", nil),
        ] as [(String, String?)])
    func document(_ text: String, _ digits: String?) { #expect(read(text, .identity).documentDigits == digits) }

    @Test("A thumb answers a reminder")
    func thumbToReminder() {
        #expect(read("👍", .reminder).intents.contains { $0.intent == .affirm && $0.confidence >= 0.6 })
    }

    @Test("That day is the day said before, not today")
    func thatDay() {
        #expect(read("cobro el 8, ese dia te pago").days.map { $0.day?.iso } == ["2026-12-08"])
    }

    @Test(
        "An amount that may be read two ways carries both, and is less sure",
        arguments: [
            ("30", .exact(.units(30_000)), .exact(.units(30))),
            ("$12,500", .exact(.units(12_500)), .exact(Money(cents: 1250))),
            ("2 gambas", .exact(.units(200)), .exact(.units(200_000))),
            ("entre 20 y 30 mil", .range(.units(20_000), .units(30_000)), .exact(.units(30_000))),
            ("20 o 25", .range(.units(20_000), .units(25_000)), .exact(.units(25_000))),
        ] as [(String, AmountReading.Value, AmountReading.Value)])
    func secondReading(_ text: String, _ value: AmountReading.Value, _ second: AmountReading.Value) {
        let amount = read(text, .amount).amounts.first
        #expect(amount?.value == value)
        #expect(amount?.alternative == second)
        #expect((amount?.confidence ?? 1) <= 0.75)
    }

    @Test("A plain amount has no second reading")
    func plainAmount() {
        let amount = read("30 mil", .amount).amounts.first
        #expect(amount?.alternative == nil)
        #expect((amount?.confidence ?? 0) > 0.9)
    }

    @Test(
        "Who asks to pay less asks for a discount, not for instalments",
        arguments: ["si pago hoy me sacas los intereses?", "hacen algun descuento?", "me bajás los intereses?"])
    func discount(_ text: String) {
        let heard = read(text)
        #expect(heard.has(.askDiscount))
        #expect(!heard.has(.askPlan) && !heard.has(.promise))
    }
}
