import DemoCompany
import Dialog
import Negotiation
import Quantities
import Testing

@testable import Conversations

/// Messages that are written one after the other are answered as one.
struct QuietWindowTests {
    private static let length: Int64 = 1200

    private static let world: World = {
        var world = DemoCompany.world
        world.quietWindow = length
        return world
    }()

    /// Marta, verified, with nothing that waits.
    private func verified() throws -> Talk {
        let talk = Talk(world: Self.world)
        for text in ["hola", DemoCompany.proof("marta")] {
            try talk.say(text)
            try talk.pass(5000)
        }
        #expect(talk.conversation.dialog?.verified == true && talk.conversation.window == nil)
        return talk
    }

    private func bubbles(_ talk: Talk, after count: Int) -> [String] {
        talk.transcript.dropFirst(count).map { ($0.speaker == .bot ? "bot" : "cliente") }
    }

    @Test("Three fragments get one answer, each is a message of its own, and all are the evidence")
    func joined() throws {
        let talk = try verified()
        let (said, sent, turns) = (talk.transcript.count, talk.outbox.count, talk.conversation.turns)
        for (id, text) in [("a", "hola"), ("b", "el viernes"), ("c", "te pago 20 lucas")] {
            let reply = try talk.say(text, id: id)
            #expect(reply.messages.isEmpty && !reply.duplicate)
            try talk.pass(900)
        }
        #expect(talk.outbox.count == sent, "the window is still open")
        try talk.pass(300)
        #expect(bubbles(talk, after: said) == ["cliente", "cliente", "cliente", "bot"])
        #expect(talk.transcript.dropFirst(said).prefix(3).map(\.text) == ["hola", "el viernes", "te pago 20 lucas"])
        #expect(talk.transcript.last?.text.contains("$ 20.000,00") == true)
        #expect(talk.conversation.turns == turns + 3)
        try talk.say("sí, confirmo", id: "d")
        try talk.pass(Self.length)
        #expect(talk.promises.map(\.amount) == [Money(cents: 2_000_000)])
        #expect(talk.promises.map(\.payBy) == [Day("2026-11-27")!])
        #expect(talk.promises.map(\.evidence) == [["a", "b", "c", "d"]])
    }

    @Test("Each further text has the window last on, up to four times its length")
    func longest() throws {
        let talk = try verified()
        let opened = talk.now
        for _ in 0..<6 {
            try talk.say("mmm")
            let closes = talk.store.contents.timers.first { $0.kind == .quiet }?.at
            #expect(closes == min(talk.now.adding(milliseconds: 1200), opened.adding(milliseconds: 4800)))
            try talk.pass(800)
        }
        #expect(talk.conversation.window == nil, "4800 ms after it opened, whatever was written last")
    }

    @Test("What is more than one answer can take is answered in two")
    func most() throws {
        let talk = try verified()
        let sent = talk.outbox.count
        for _ in 0..<21 { try talk.say("hola") }
        #expect(talk.conversation.window?.parts.count == 1 && talk.outbox.count == sent + 1)
        try talk.say(String(repeating: "a", count: 3990))
        #expect(talk.conversation.window?.parts.count == 2)
        try talk.say("el viernes")
        #expect(talk.conversation.window?.parts.map(\.text) == ["el viernes"])
    }

    @Test(
        "What is no text is answered at once, after what waited",
        arguments: [
            InboundMessage.Content.tap(id: "x", title: "Pago hoy"), .media(kind: "image"), .opened,
        ])
    func noText(content: InboundMessage.Content) throws {
        let talk = try verified()
        let said = talk.transcript.count
        try talk.say("el viernes")
        let reply = try talk.hear(content)
        #expect(talk.conversation.window == nil && reply.messages.count >= 2)
        #expect(bubbles(talk, after: said).prefix(3) == ["cliente", "bot", "cliente"])
        #expect(!talk.store.contents.timers.contains { $0.kind == .quiet })
    }

    @Test(
        "Who asks for a person, wants no more messages or is in distress is answered at once, with what waited",
        arguments: ["quiero hablar con una persona", "no me escriban más", "no doy más, me quiero matar"])
    func urgent(text: String) throws {
        let alone = try verified()
        #expect(try !alone.say(text).messages.isEmpty && alone.conversation.window == nil)
        let talk = try verified()
        let said = talk.transcript.count
        try talk.say("hola")
        #expect(try !talk.say(text).messages.isEmpty && talk.conversation.window == nil)
        #expect(bubbles(talk, after: said).prefix(2) == ["cliente", "cliente"])
        #expect(talk.openHandoff?.reason == alone.openHandoff?.reason)
        #expect(
            talk.store.account(id: "marta")?.optedOut == alone.store.account(id: "marta")?.optedOut)
    }

    @Test(
        "What was heard alone counts, whatever was written before it",
        arguments: utterances, ["quiero hablar con una persona", "no me escriban más"])
    func notLost(before: String, urgent: String) throws {
        let talk = try verified()
        try talk.say(before)
        try talk.say(urgent)
        if urgent.contains("persona") {
            #expect(talk.openHandoff != nil)
        } else {
            #expect(talk.store.account(id: "marta")?.optedOut == true)
        }
        #expect(talk.conversation.window == nil)
    }

    @Test("A payment and an order of the own page come after what waited")
    func otherEvents() throws {
        let talk = try verified()
        try talk.say("hola")
        try talk.pay(cents: 100_000)
        #expect(talk.conversation.window == nil && talk.transcript.last?.speaker == .bot)
        try talk.say("hola")
        try talk.store.transaction {
            try talk.processor.receive(PageOrder.askForPerson, accountID: "marta", now: talk.now, tx: $0)
        }
        #expect(talk.conversation.window == nil && talk.conversation.owner == .queue)
        #expect(talk.transcript.suffix(3).map(\.speaker) == [.customer, .bot, .customer])
    }

    @Test("Who wrote something is answered, not nudged")
    func nudge() throws {
        let talk = try verified()
        let idle = try #require(talk.store.contents.timers.first { $0.kind == .idle })
        talk.now = idle.at.adding(milliseconds: -500)
        try talk.say("el viernes")
        let due = try #require(talk.store.takeTimer(dueAt: idle.at))
        #expect(due.kind == .idle)
        talk.now = idle.at
        let reply = try talk.store.transaction { try talk.processor.fire(due, now: talk.now, tx: $0) }
        #expect(!reply.messages.isEmpty && talk.conversation.window == nil)
        #expect(talk.store.contents.timers.contains { $0.kind == .idle && $0.at > idle.at })
    }

    @Test("A duplicate inside the window changes nothing, nor does one after it")
    func duplicate() throws {
        let talk = try verified()
        try talk.say("el viernes", id: "a")
        let waiting = talk.store.contents
        try talk.pass(500)
        #expect(try talk.say("el viernes", id: "a").duplicate)
        #expect(talk.store.contents == waiting)
        try talk.pass(700)
        #expect(talk.conversation.window == nil)
        let answered = talk.store.contents
        #expect(try talk.say("el viernes", id: "a").duplicate)
        #expect(talk.store.contents == answered)
    }

    @Test("Where the gateway takes the answer from the response nothing waits", arguments: ["generic", "voz"])
    func inResponse(channel: String) throws {
        let talk = Talk(channel: channel, world: Self.world)
        #expect(try !talk.say("hola").messages.isEmpty && talk.conversation.window == nil)
    }

    @Test("Under a person nothing waits: each message is there at once, and opting out counts")
    func underPerson() throws {
        let talk = try verified()
        try talk.say("quiero hablar con una persona")
        try talk.order(.claim)
        for text in ["hola", "no me escriban más"] {
            try talk.say(text)
            #expect(talk.transcript.last?.text == text && talk.conversation.window == nil)
        }
        #expect(talk.store.account(id: "marta")?.optedOut == true)
    }

    @Test("A person who answers from the gateway's app has answered what waited: the bot is silent")
    func echo() throws {
        let talk = try verified()
        let sent = talk.outbox.count
        try talk.say("hola")
        try talk.hear(.humanEcho(text: "Hola Marta, soy Ana"))
        #expect(talk.conversation.window == nil && talk.outbox.count == sent)
        #expect(talk.conversation.owner == .agent("gateway"))
        try talk.pass(10_000)
        #expect(talk.outbox.count == sent)
    }

    @Test("What waits when somebody moves to another number is answered at the old one, as to a stranger")
    func moved() throws {
        let talk = try verified()
        try talk.say("hola")
        let reply = try talk.hear(.moved(to: "+5491155550000"))
        #expect(!reply.messages.isEmpty && talk.conversation.window == nil && talk.conversation.wrongNumber)
    }

    @Test("Fragments that gateways deliver in another order are understood as they were written")
    func reordered() throws {
        let talk = try verified()
        let written = talk.now
        try talk.pass(3000)
        try talk.say("lucas", id: "c", writtenAt: written.adding(seconds: 2))
        try talk.say("el viernes te pago", id: "a", writtenAt: written)
        try talk.say("20", id: "b", writtenAt: written.adding(seconds: 1))
        #expect(talk.conversation.window?.whole().text == "el viernes te pago\n20\nlucas")
        try talk.pass(Self.length)
        #expect(talk.conversation.dialog?.amount == Money(cents: 2_000_000))
        #expect(talk.conversation.dialog?.evidence.suffix(3) == ["a", "b", "c"])
    }

    @Test("What was written on another day or long before is not joined: its days count from its own moment")
    func late() throws {
        let talk = try verified()
        let yesterday = talk.now.adding(seconds: -86_400)
        try talk.say("mañana te pago todo", writtenAt: yesterday)
        try talk.say("hola", writtenAt: talk.now)
        #expect(talk.conversation.window?.parts.map(\.text) == ["hola"])
        #expect(talk.conversation.dialog?.day == talk.now.day(in: .argentina))
        try talk.say("buenas", writtenAt: talk.now.adding(seconds: -60))
        #expect(talk.conversation.window?.parts.map(\.text) == ["buenas"])
    }

    @Test("Who has no account is told so once")
    func stranger() throws {
        let contact = ContactKey(channel: "whatsapp", gatewayAccount: "1", address: "+5491199999999")
        let store = MemoryStore(accounts: DemoCompany.accounts)
        let processor = TurnProcessor(world: Self.world)
        for (index, text) in ["hola", "buenas", "hay alguien?"].enumerated() {
            let message = InboundMessage(
                contact: contact, messageID: "m\(index)", writtenAt: DemoCompany.morning, content: .text(text))
            _ = try processor.receive(message, now: DemoCompany.morning, tx: store)
        }
        let timer = try #require(store.takeTimer(dueAt: DemoCompany.morning.adding(milliseconds: 1200)))
        #expect(try processor.fire(timer, now: timer.at, tx: store).joined == 2)
        #expect(store.contents.outbox.count == 1)
    }

    // MARK: However a text is cut

    private struct End: Hashable {
        var replies: [BotMessage]
        var promises: [PromiseToPay]
        var dialog: DialogState?
    }

    /// What comes of a text that is written in these parts and then agreed to.
    private func end(of parts: [String]) throws -> End {
        let talk = try verified()
        let sent = talk.outbox.count
        for part in parts { try talk.say(part) }
        try talk.pass(5000)
        #expect(talk.outbox.count == sent + 1, "one reply to \(parts)")
        try talk.say("sí, confirmo", id: "yes")
        try talk.pass(5000)
        var dialog = talk.conversation.dialog
        dialog?.evidence = []
        let promises = talk.promises.map { promise in
            var promise = promise
            #expect(promise.evidence == (1...parts.count).map { "u\($0 + 2)" } + ["yes"])
            promise.evidence = []
            return promise
        }
        return End(replies: talk.outbox.dropFirst(sent).map(\.message), promises: promises, dialog: dialog)
    }

    @Test(
        "Cut at any spaces, a text gets one answer and comes to the same promise",
        arguments: [
            "el viernes te pago 20 lucas", "hola el 5 te tiro la mitad", "toy seco pero el lunes pago todo",
            "te pago 30 mil el martes que viene",
        ])
    func cuts(text: String) throws {
        let words = text.split(separator: " ").map(String.init)
        let whole = try end(of: [text])
        #expect(whole.promises.count == 1)
        for cuts in 1..<(1 << (words.count - 1)) {
            var parts = [words[0]]
            for (index, word) in words.dropFirst().enumerated() {
                if cuts >> index & 1 == 1 { parts.append(word) } else { parts[parts.count - 1] += " " + word }
            }
            #expect(try end(of: parts) == whole, "\(parts)")
        }
    }
}

extension Talk {
    /// Lets milliseconds pass and fires what falls due on the way.
    fileprivate func pass(_ milliseconds: Int64) throws {
        let target = now.adding(milliseconds: milliseconds)
        while let timer = store.takeTimer(dueAt: target) {
            now = max(now, timer.at)
            _ = try store.transaction { try processor.fire(timer, now: now, tx: $0) }
        }
        now = target
    }
}
