import Quantities
import Testing
import Understanding

/// Days as customers say them; each row stands for a way of speaking.
struct CustomerDayTests {
    /// A Tuesday.
    private static let moment = Moment(iso: "2026-11-24T10:15:00")!
    private func read(_ text: String, _ question: Question = .day) -> Understanding {
        Reader.argentina.read(text, at: Self.moment, zone: .argentina, asked: question)
    }
    private func acting(_ text: String, _ question: Question = .day) -> [String] {
        read(text, question).days.filter { $0.confidence >= 0.35 && ($0.kind == .payBy || $0.kind == .range) }
            .compactMap { $0.day?.iso }
    }

    @Test(
        "The same weekday a week or two later is counted with the day itself",
        arguments: [
            ("de hoy en ocho", "2026-12-01"), ("de mañana en ocho", "2026-12-02"),
            ("del viernes en ocho", "2026-12-04"),
            ("de hoy en quince", "2026-12-08"), ("de hoy en quince días", "2026-12-08"),
        ])
    func weekLater(_ text: String, _ day: String) { #expect(acting(text) == [day], "\(read(text).days)") }

    @Test("The first of the month", arguments: ["el día uno", "el uno", "el 1", "el primero", "el 1ro"])
    func first(_ text: String) { #expect(acting(text) == ["2026-12-01"], "\(read(text).days)") }

    @Test("\"Una\" and \"un\" are no day", arguments: ["una", "la una", "un día", "una pregunta"])
    func article(_ text: String) { #expect(acting(text, .open).isEmpty, "\(read(text).days)") }

    @Test(
        "Before a period ends leaves all of it",
        arguments: [
            ("antes de que termine el mes", "2026-11-30"), ("antes que termine el mes", "2026-11-30"),
            ("antes de que termine el año", "2026-12-31"),
        ])
    func beforeItEnds(_ text: String, _ day: String) { #expect(acting(text) == [day], "\(read(text).days)") }

    @Test(
        "Before the festive days is before Christmas",
        arguments: [("antes de las fiestas", "2026-12-24"), ("antes de navidad", "2026-12-24")])
    func beforeFeasts(_ text: String, _ day: String) { #expect(acting(text) == [day], "\(read(text).days)") }

    @Test(
        "After a holiday is no day yet, and not the holiday",
        arguments: [
            "después del feriado del 8", "después del feriado", "pasado el feriado", "después de las fiestas",
            "después del finde largo",
        ])
    func afterHoliday(_ text: String) { #expect(acting(text).isEmpty, "\(read(text).days)") }

    @Test("That a day is a holiday names no other day")
    func isHoliday() {
        #expect(acting("el martes 8 es feriado, el miércoles 9 te pago") == ["2026-12-08", "2026-12-09"])
        #expect(acting("el lunes es feriado?", .open).allSatisfy { $0 != "2026-12-08" })
    }

    @Test(
        "Two days are two payments: the first is taken, and its sum is open",
        arguments: ["el 5 y el 20", "te pago el 5 y el 20", "5 y 20"])
    func twoDays(_ text: String) {
        let heard = read(text)
        #expect(acting(text) == ["2026-12-05"], "\(heard.days)")
        #expect(heard.has(.partialPayment), "\(heard.intents)")
        #expect(heard.amounts.map(\.value) == [.vague], "\(heard.amounts)")
    }

    @Test("A number behind its day is the sum", arguments: [Question.open, .day])
    func sumBehindDay(_ question: Question) {
        let heard = read("el 5 20", question)
        #expect(heard.amounts.map(\.value) == [.exact(.units(20_000))], "\(heard.amounts)")
        #expect(acting("el 5 20", question) == ["2026-12-05"], "\(heard.days)")
    }

    @Test("What may be a month is no sum")
    func dayAndMonth() { #expect(read("el 5 12").amounts.isEmpty) }

    @Test(
        "Who asks why another day cannot be proposes none",
        arguments: ["¿Por qué no se puede el 20?", "por que no puedo el 20", "y por que no el 20?"])
    func why(_ text: String) {
        for question in [Question.open, .day, .confirmation] {
            let heard = read(text, question)
            #expect(heard.has(.askWhy), "\(question): \(heard.intents)")
            #expect(!heard.has(.promise), "\(question): \(heard.intents)")
        }
    }

    @Test(
        "What happens to who does not pay is asked apart from when to pay",
        arguments: ["qué pasa si no pago?", "me van a embargar?", "me cortan el servicio?", "voy preso si no pago?"])
    func consequences(_ text: String) {
        #expect(read(text, .open).has(.askConsequences), "\(read(text, .open).intents)")
        #expect(!read(text, .open).has(.promise))
    }

    @Test("When to pay is no question of consequences", arguments: ["cuándo vence?", "hasta cuándo tengo?"])
    func dueDate(_ text: String) {
        #expect(read(text, .open).has(.askDueDate) && !read(text, .open).has(.askConsequences))
    }

    @Test(
        "Why the document is wanted is a question, and no suspicion",
        arguments: ["¿para qué querés mi documento?", "por que me pedis el dni", "para que necesitas mis datos"])
    func whyDocument(_ text: String) {
        let heard = read(text, .identity)
        #expect(heard.has(.askWhyDocument) && !heard.has(.fraudSuspicion), "\(heard.intents)")
    }

    @Test(
        "Who will call or write promises nothing",
        arguments: ["te llamo el viernes", "el viernes te llamo", "mañana les aviso", "después te escribo"])
    func comesBack(_ text: String) {
        for question in [Question.open, .day, .confirmation] {
            let heard = read(text, question)
            #expect(heard.has(.comesBack) && !heard.has(.promise), "\(question): \(heard.intents)")
        }
    }

    @Test("A yes that a \"but no\" takes back is no yes", arguments: ["si pero no lo anotes", "sí, pero no"])
    func takenBack(_ text: String) {
        #expect(!read(text, .confirmation).has(.affirm) && !read(text, .confirmation).has(.accept))
    }

    @Test("An excuse is no hardship", arguments: ["disculpen la demora", "se me pasó", "me da vergüenza"])
    func excuse(_ text: String) {
        #expect(read(text, .open).has(.apologises) && !read(text, .open).has(.hardship), "\(read(text, .open).intents)")
    }

    @Test("Who says goodbye may still be written to", arguments: ["chau", "nos vemos", "no se escribir bien"])
    func goodbye(_ text: String) { #expect(!read(text, .open).has(.optOut), "\(read(text, .open).intents)") }

    @Test(
        "What is paid again and again is no sum of now",
        arguments: ["10 lucas por semana", "te pago 5 mil por mes", "de a 5 mil", "5 lucas semanales"])
    func repeated(_ text: String) {
        let amounts = read(text, .open).amounts
        #expect(amounts.allSatisfy { $0.role == .perInstalment }, "\(amounts)")
    }

    @Test(
        "How many instalments, without the word",
        arguments: [("no, mejor en 3", 3), ("la de 6", 6), ("en 3 entonces", 3)])
    func count(_ text: String, _ count: Int) {
        #expect(read(text, .confirmation).instalments?.count == count)
    }

    @Test("The most that can be paid is a sum")
    func bounds() {
        #expect(read("no puedo más de 15", .open).amounts.map(\.value) == [.range(nil, .units(15_000))])
    }

    @Test("A wage is no sum", arguments: ["cobro 300 mil", "cobro el 60% el viernes"])
    func wage(_ text: String) { #expect(read(text, .open).amounts.isEmpty) }

    @Test(
        "The share of a discount is no part",
        arguments: [
            "dame 50% de descuento", "haceme 30% menos", "confirmo que acordamos 50% de descuento",
            "te pago el viernes con un descuento del 50%", "con un 30% off pago hoy",
        ])
    func discount(_ text: String) { #expect(read(text, .open).amounts.isEmpty, "\(read(text, .open).amounts)") }

    @Test(
        "At least a share is that share",
        arguments: ["te pago por lo menos el 50% el viernes", "pago al menos el 50% el viernes"])
    func leastShare(_ text: String) {
        #expect(read(text, .open).amounts.map(\.value) == [.share(Percent(basisPoints: 5000))])
    }

    @Test("A month that is named and over is over")
    func pastMonth() { #expect(read("pago el 15 de noviembre", .open).days.map(\.kind) == [.past]) }
}
