import Quantities
import Testing

@testable import Understanding

/// Who asks that we call, and when; and who does not.
struct CallRequestTests {
    /// A Tuesday at ten in the morning.
    private let now = Moment(Day("2026-11-24")!, hour: 10, in: .argentina)

    private func read(_ text: String) -> Understanding {
        Reader.argentina.read(text, at: now, zone: .argentina, asked: .open)
    }

    @Test(
        "The day and the hour of a call that is asked for are heard",
        arguments: [
            ("llamame mañana a las 10", "2026-11-25", 600, true),
            ("me podés llamar después de las 6?", nil, 1080, false),
            ("podrían llamarme el viernes a las 15:30?", "2026-11-27", 930, true),
            ("ahora no puedo, llamame a las 5", nil, 1020, true),
            ("prefiero que me llamen mañana", "2026-11-25", nil, false),
            ("mañana llamame a las 11", "2026-11-25", 660, true),
            ("el viernes te pago, llamame el jueves a las 9:30", "2026-11-26", 570, true),
            ("me llaman mañana?", "2026-11-25", nil, false),
            ("quiero que alguien me llame hoy a las 3 de la tarde", "2026-11-24", 900, true),
            ("necesito que me llamen", nil, nil, false),
        ] as [(String, String?, Int?, Bool)])
    func asked(text: String, day: String?, from: Int?, exact: Bool) throws {
        let call = try #require(read(text).call)
        #expect(call.day?.iso == day && call.from == from && call.isExact == exact, "\(call)")
    }

    @Test(
        "Who will call, was called or wants no calls asks for none",
        arguments: [
            "el viernes te llamo", "te llamo el viernes a las 10", "mañana los llamo", "no me llamen a las 8",
            "no quiero que me llamen", "me llamaron a las 10 de la noche", "dejen de llamarme", "llamame más tarde",
            "por qué me llaman a la mañana?", "a qué hora puedo llamar?",
        ])
    func notAsked(text: String) { #expect(read(text).call == nil) }

    @Test("Who asks to be called at five does not complain of calls at five; who was called at night does")
    func complaint() {
        #expect(!read("llamame a las 5").has(.complain) && !read("quiero que me llamen a las 8").has(.complain))
        #expect(read("me llamaron a las 10 de la noche").has(.complain))
    }

    @Test(
        "The day on which the customer calls is no day of payment",
        arguments: ["el viernes te llamo", "te llamo el viernes a las 10", "mañana los llamo"])
    func dayOfTalk(text: String) {
        let heard = read(text)
        #expect(!heard.has(.promise) && heard.days.allSatisfy { $0.confidence < 0.35 }, "\(heard.days)")
    }
}
