import Conversations
import DemoCompany
import Desk
import Quantities
import Testing

/// What was said to a person, and why.
struct HistoryTests {
    @Test("The history has what was said, what was done, the promise's evidence and where each figure comes from")
    func whole() async throws {
        try await DeskRoom.open { room in
            for text in ["hola", "137", "20 lucas el viernes", "dale", "quiero hablar con una persona"] {
                try await room.say(text, from: "marta")
            }
            let history = try #require(try await room.desk.history(accountID: "marta"))
            #expect(history.name == "Marta Sosa" && history.days.map(\.day.iso) == ["2026-11-24"])
            let day = try #require(history.days.first)
            let said = day.lines.filter { $0.speaker == "cliente" }.map(\.text)
            #expect(said == ["hola", "137", "20 lucas el viernes", "dale", "quiero hablar con una persona"])
            let done = day.lines.filter { $0.speaker == nil }.map(\.text)
            for words in ["Se comprobó su identidad", "Se anotó la promesa", "Pasó a la cola de personas"] {
                #expect(done.contains { $0.hasPrefix(words) }, "\(words)")
            }
            let promise = try #require(history.promises.first)
            #expect(promise.summary == "$ 20.000,00 para el viernes 27/11" && promise.evidence.count == 2)
            let figures = try #require(day.figures.first)
            #expect(figures.total == "$ 54.035,95" && figures.items.count == 2)
            #expect(figures.items.allSatisfy { $0.explanation.contains { $0.hasPrefix("total:") } })
        }
    }

    @Test("Another person's conversation is not in it")
    func others() async throws {
        try await DeskRoom.open { room in
            try await room.say("hola", from: "marta")
            try await room.say("soy carlos", from: "carlos")
            let history = try #require(try await room.desk.history(accountID: "marta"))
            #expect(!history.days.flatMap(\.lines).contains { $0.text == "soy carlos" })
        }
    }
}
