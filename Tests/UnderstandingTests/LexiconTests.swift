import Quantities
import Testing
import Understanding

/// The word files say where they are wrong, and another locale needs no code.
struct LexiconTests {
    @Test(
        "A wrong line is named with file, line and what was expected",
        arguments: [
            ("numero\tdos\tx", "palabras.tsv:1: se esperaba un número entero en la tercera columna, no `x`"),
            ("# bien\nnumreo\tdos\t2", "palabras.tsv:2: no existe la clase `numreo`"),
            ("numero", "palabras.tsv:1: se esperaban de 2 a 3 columnas"),
            ("parte_dia\ttarde\t13", "palabras.tsv:1: se esperaban dos números"),
        ])
    func wrongWords(_ words: String, _ message: String) {
        let error = #expect(throws: LexiconError.self) {
            try Reader(calendar: .argentina, words: words, intents: "", files: ("palabras.tsv", "intenciones.tsv"))
        }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test(
        "A wrong pattern is named",
        arguments: [
            ("promesa\t0.9\tpago", "intenciones.tsv:1: no existe la intención `promesa`"),
            ("promise\t9\tpago", "intenciones.tsv:1: la confianza va de 0 a 1"),
            ("promise\t0.9\t@nada pago", "intenciones.tsv:1: no está definido el conjunto `@nada`"),
            ("promise\t0.9\t^ $", "intenciones.tsv:1: el patrón"),
        ])
    func wrongPattern(_ intents: String, _ message: String) {
        let error = #expect(throws: LexiconError.self) {
            try Reader(
                calendar: .argentina, words: "numero\tdos\t2", intents: intents,
                files: ("palabras.tsv", "intenciones.tsv"))
        }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test(
        "The Brazilian skeleton reads numbers, money and days",
        arguments: [
            ("na sexta-feira", "2026-11-27"), ("amanhã", "2026-11-25"), ("dia 10 de dezembro", "2026-12-10"),
            ("segunda que vem", "2026-11-30"), ("daqui a 15 dias", "2026-12-09"),
        ])
    func brazilianDays(_ text: String, _ day: String) {
        let heard = Reader.brazil.read(text, at: Moment(iso: "2026-11-24T10:15:00")!, zone: .argentina, asked: .day)
        #expect(heard.days.first?.day?.iso == day, "\(heard.days)")
    }

    @Test(
        "Brazilian numbers and money",
        arguments: [
            ("vinte e cinco mil", 25_000.0), ("mil duzentos e trinta", 1230), ("R$ 1.500,50", 1500.5),
            ("duas centenas", 200),
        ])
    func brazilianNumbers(_ text: String, _ value: Double) {
        #expect(Reader.brazil.numbers(text).first?.value?.double == value)
    }
}
