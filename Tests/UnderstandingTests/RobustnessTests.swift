import Quantities
import SharedData
import Testing
import Understanding

/// No input of any bytes crashes the reader or takes long.
struct RobustnessTests {
    private static let moment = Moment(iso: "2026-11-24T10:15:00")!
    private static let questions: [Question] = [
        .open, .amount, .day, .confirmation, .identity, .reminder,
        .choice([OfferedChoice(id: "1", title: "3 cuotas", instalments: 3, amount: .units(12_000))]),
    ]
    /// Pieces that the grammars know, to build hostile sentences from.
    private static let pieces = [
        "el", "de", "del", "a", "y", "no", "si", "que", "lunes", "viernes", "15", "31", "12/5", "30.000", "$", "mil",
        "lucas", "mañana", "hasta", "desde",
        "entre", "antes de", "después de", "en", "dos", "tres", "semana", "mes", "cada", "todos los", "próximo",
        "pasado", "fin de", "primer", "hora", "media",
        "a las", "pm", "-", ":", "/", ".", ",", "%", "por ciento", "cuotas", "enero", "2026", "👍", "🇦🇷", "\u{200B}", "ñ",
        "millones", "cero", "hace", "dentro de",
    ]

    @Test("Random bytes and random sentences are read without a crash")
    func fuzz() {
        let seed: UInt64 = 20_261_124
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        for round in 0..<6000 {
            let text: String
            if round % 2 == 0 {
                let length = Int.random(in: 0...120, using: &random)
                text = String(
                    decoding: (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }, as: UTF8.self)
            } else {
                let length = Int.random(in: 1...24, using: &random)
                text = (0..<length).map { _ in Self.pieces.randomElement(using: &random)! }.joined(
                    separator: Bool.random(using: &random) ? " " : "")
            }
            let heard = Reader.argentina.read(
                text, at: Self.moment, zone: .argentina, asked: Self.questions.randomElement(using: &random)!)
            let spans = heard.intents.map(\.span) + heard.days.map(\.span) + heard.amounts.map(\.span)
            #expect(
                spans.allSatisfy { $0.start >= 0 && $0.start <= $0.end && $0.end <= text.utf8.count },
                "spans of \(text.debugDescription)")
            _ = Reader.argentina.temporal(text, at: Self.moment, zone: .argentina)
            _ = Reader.argentina.money(text)
            _ = Reader.argentina.numbers(text)
        }
    }

    @Test(
        "Long inputs take no longer than their length asks for",
        arguments: [
            "el ", "mil ", "cero ", "1 ", "si no ", "del 5 al ", "lunes después de ", "a", "1", "👍", "3 días antes de ",
        ])
    func long(_ piece: String) {
        let text = String(repeating: piece, count: 100_000 / piece.utf8.count)
        // The tables are built before the clock starts.
        let reader = Reader.argentina
        let clock = ContinuousClock()
        let spent = clock.measure { _ = reader.read(text, at: Self.moment, zone: .argentina, asked: .open) }
        // A debug build on a busy machine: far above what is needed, far below what a quadratic reader takes.
        #expect(spent < .seconds(3), "\(piece)")
    }
}
