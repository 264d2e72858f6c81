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

    @Test("What was done is said in Spanish, and every wish of the person about contact is among the limits")
    func words() async throws {
        try await DeskRoom.open { room in
            try await room.say("hola", from: "marta")
            try await room.say("no me escriban antes de las 14", from: "marta")
            let id = try await room.queue("marta")
            for command in [
                AgentCommand.claim, .reply("Hola Marta."), .note("llamó dos veces"), .hold,
                .mark(ceased: true, vulnerable: true), .mark(ceased: false, vulnerable: nil), .returnToBot(note: nil),
            ] {
                _ = try await room.order(command, on: id)
            }
            let history = try #require(try await room.desk.history(accountID: "marta"))
            #expect(history.limits.contains("Pidió que le escribamos solo de 14:00 a 24:00."), "\(history.limits)")
            #expect(history.limits.contains { $0.hasPrefix("Vulnerable desde") })
            let done = history.days.flatMap(\.lines).filter { $0.speaker == nil }.map(\.text)
            #expect(done.count > 8)
            #expect(done.filter { $0.prefix { $0 != " " }.contains(".") } == [])
        }
    }

    @Test("Each payment of a plan has its own amount and day; the plan's figures stand once")
    func plan() async throws {
        try await DeskRoom.open { room in
            let id = try await room.queue("marta")
            for command in [AgentCommand.claim, .agree(.offer(id: "plan_3"))] {
                _ = try await room.order(command, on: id)
            }
            let promises = try #require(try await room.desk.history(accountID: "marta")).promises
            #expect(promises.count == 3 && Set(promises.map(\.summary)).count == 3)
            #expect(promises.allSatisfy { $0.summary.contains(", de 3 cuotas de ") })
            #expect(promises.map(\.explanation.isEmpty) == [false, true, true])
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
