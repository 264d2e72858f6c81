import Conversations
import DemoCompany
import Dialog
import Quantities
import SharedData
import Testing

/// I5 and I7: a human is reachable from any state, and while one attends the bot says nothing.
struct HandoffTests {
    /// Ways into every part of the dialog.
    static let roads: [[String]] = [
        [], ["hola"], ["hola", "si"], ["hola", "999"], ["hola", "137"], ["hola", "137", "el viernes te pago todo"],
        ["hola", "137", "quiero cuotas"], ["hola", "137", "no puedo"], ["hola", "137", "ya pagué"],
        ["hola", "137", "no"],
        ["hola", "137", "puedo 20 lucas"], ["hola", "137", "pago hoy", "no"],
        ["hola", "137", "el viernes te pago todo", "sí"],
        ["no me escriban más"], ["hola", "111", "222", "333"],
    ]

    @Test(
        "A person asked for is queued in that turn, from any state", arguments: roads,
        ["quiero hablar con una persona", "pasame con un asesor", "sos un bot? quiero un humano"])
    func reachable(road: [String], request: String) throws {
        let talk = Talk()
        for text in road { try talk.say(text) }
        let reply = try talk.say(request)
        #expect(talk.openHandoff?.state == .queued)
        #expect(talk.conversation.owner == .queue)
        #expect(!reply.messages.isEmpty)
    }

    @Test("A person asked for is queued in that turn, wherever a random conversation stands", arguments: 0..<60)
    func reachableFromAnywhere(seed: Int) throws {
        let talk = Talk()
        var random = SeededRandom(seed: UInt64(seed))
        try talk.verify()
        for _ in 0..<Int.random(in: 0...12, using: &random) { try talk.say(utterances.randomElement(using: &random)!) }
        try talk.say("quiero hablar con una persona")
        #expect(talk.openHandoff != nil, "seed \(seed)")
    }

    @Test("In the queue and with an agent the bot is silent, and the messages are kept")
    func silent() throws {
        let talk = Talk()
        try talk.say("quiero hablar con una persona")
        #expect(try talk.say("hola?").messages.isEmpty)
        try talk.order(.claim)
        #expect(try talk.say("cuánto debo?").messages.isEmpty)
        try talk.order(.reply("Hola, soy Ana."))
        #expect(talk.transcript.suffix(3).map(\.text) == ["hola?", "cuánto debo?", "Hola, soy Ana."])
    }

    @Test("Timers do not speak while a person attends")
    func timersSilent() throws {
        let talk = Talk()
        try talk.promise()
        try talk.say("quiero hablar con una persona")
        let before = talk.outbox.count
        try talk.advance(days: 10)
        #expect(talk.outbox.count == before)
    }

    @Test("Each change of owner starts an epoch; the message that announces it belongs to the new one")
    func epochs() throws {
        let talk = Talk()
        try talk.say("hola")
        #expect(talk.outbox.map(\.epoch) == [0])
        try talk.say("quiero hablar con una persona")
        #expect(talk.conversation.epoch == 1 && talk.outbox.last?.epoch == 1)
        try talk.order(.claim)
        #expect(talk.conversation.epoch == 2)
        try talk.order(.reply("Hola."))
        #expect(talk.outbox.last?.author == .agent("Ana"))
        try talk.order(.returnToBot(note: nil))
        #expect(talk.conversation.epoch == 3 && talk.conversation.owner == .bot)
    }

    @Test("Back from a person, the bot goes on and says so")
    func returned() throws {
        let talk = Talk()
        try talk.verify()
        try talk.say("quiero hablar con una persona")
        try talk.order(.claim)
        let before = talk.outbox.count
        try talk.order(.returnToBot(note: "paga el viernes"))
        #expect(talk.outbox.count == before + 1)
        #expect(try !talk.say("el viernes te pago todo").messages.isEmpty)
    }

    @Test("A closed hand-off leaves a conversation that can begin again")
    func closed() throws {
        let talk = Talk()
        try talk.say("quiero hablar con una persona")
        try talk.order(.claim)
        try talk.order(.close(note: nil))
        #expect(talk.openHandoff == nil)
        #expect(try !talk.say("hola").messages.isEmpty)
    }

    @Test("A person of the company who writes from the gateway silences the bot, until an agent gives it back")
    func echo() throws {
        let talk = Talk()
        try talk.say("hola")
        #expect(try talk.hear(.humanEcho(text: "Hola Marta, soy Ana")).messages.isEmpty)
        #expect(talk.conversation.owner == .agent("gateway"))
        #expect(try talk.say("hola Ana").messages.isEmpty)
        try talk.order(.claim)
        try talk.order(.returnToBot(note: nil))
        #expect(try !talk.say("hola").messages.isEmpty)
    }

    @Test("Only one hand-off is open for a conversation", arguments: 0..<30)
    func one(seed: Int) throws {
        let run = MemoryRun()
        try run.live(randomHistory(seed: seed, steps: 120))
        let open = Dictionary(grouping: run.openHandoffs, by: \.conversationID)
        #expect(open.values.allSatisfy { $0.count == 1 })
    }
}
