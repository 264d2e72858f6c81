import Conversations
import DemoCompany
import Negotiation
import Quantities
import SharedData
import Testing

/// I3: no promise without a yes to an echo of its amount and date.
struct PromiseRecordingTests {
    @Test("A promise is recorded at the yes to its echo, with the messages that led to it")
    func recorded() throws {
        let talk = Talk()
        try talk.verify()
        let echo = try talk.say("el viernes te pago todo", id: "proposal").messages[0].text
        #expect(talk.promises.isEmpty)
        try talk.say("dale", id: "yes")
        let promise = try #require(talk.promises.first)
        #expect(talk.promises.count == 1)
        #expect(promise.payBy == Day("2026-11-27") && promise.state == .open)
        #expect(echo.contains(promise.amount.formatted) && echo.contains("27/11"))
        #expect(promise.evidence.contains("proposal") && promise.evidence.contains("yes"))
    }

    @Test(
        "Nothing but a clear yes records",
        arguments: ["no", "mmm no sé", "jaja", "el 10", "después te digo", "cuánto es?", "👀", "quizás"])
    func unclear(answer: String) throws {
        let talk = Talk()
        try talk.verify()
        try talk.say("el viernes te pago todo")
        try talk.say(answer)
        #expect(talk.promises.isEmpty)
    }

    @Test("A yes after the proposal changed records what was echoed last")
    func changed() throws {
        let talk = Talk()
        try talk.verify()
        try talk.say("el viernes te pago todo")
        let echo = try talk.say("mejor el 5").messages[0].text
        try talk.say("sí")
        #expect(echo.contains("5/12"))
        #expect(talk.promises.map(\.payBy) == [Day("2026-12-05")])
    }

    @Test("A new promise takes the place of the open one")
    func superseded() throws {
        let talk = Talk()
        try talk.promise()
        try talk.say("mejor lo pago el 5")
        try talk.say("sí, confirmo")
        #expect(talk.promises.map(\.state) == [.superseded, .open])
        #expect(talk.store.contents.timers.allSatisfy { $0.key != talk.promises[0].id })
    }

    @Test("Relative days of a late message count from the moment it was written")
    func late() throws {
        let talk = Talk()
        try talk.verify()
        let written = talk.now
        talk.now = talk.now.adding(seconds: 2 * 86_400)
        let echo = try talk.say("te pago todo en 5 días", writtenAt: written).messages[0].text
        #expect(echo.contains("29/11"), "five days after the 24th, whenever it arrives: \(echo)")
    }

    @Test(
        "In any conversation, every promise follows an echo of its amount and day, and a message of the customer",
        arguments: 0..<120)
    func property(seed: Int) throws {
        let talk = Talk()
        var random = SeededRandom(seed: UInt64(seed))
        try talk.verify()
        for _ in 0..<25 {
            let before = talk.promises.count
            let lastSaid = talk.transcript.last { $0.speaker == .bot }?.text ?? ""
            if Bool.random(using: &random), let option = talk.screen.randomElement(using: &random) {
                try talk.hear(.tap(id: option.id, title: option.title))
            } else {
                try talk.say(utterances.randomElement(using: &random)!)
            }
            for promise in talk.promises.dropFirst(before) {
                let day = promise.payBy.components
                #expect(lastSaid.contains("Anoto"), "seed \(seed): \(lastSaid)")
                #expect(
                    lastSaid.contains("\(day.day)/\(day.month)") || lastSaid.contains("hoy") || promise.planID != nil,
                    "seed \(seed): \(lastSaid)")
                if promise.planID == nil {
                    #expect(lastSaid.contains(promise.amount.formatted), "seed \(seed): \(lastSaid)")
                }
                #expect(!promise.evidence.isEmpty)
            }
        }
    }
}
