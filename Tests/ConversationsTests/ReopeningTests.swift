import Conversations
import DemoCompany
import Dialog
import Quantities
import Testing

/// Who writes again after a person closed the case.
struct ReopeningTests {
    /// A conversation whose case Ana closed.
    private func closed(_ account: String = "marta", world: World = DemoCompany.world) throws -> Talk {
        let talk = Talk(account, world: world)
        try talk.say("quiero hablar con una persona")
        try talk.order(.claim)
        try talk.order(.close(note: nil))
        return talk
    }

    @Test("The same hand-off is queued again, names who had it, and the customer is told")
    func reopened() throws {
        let talk = try closed()
        let before = try #require(talk.store.contents.handoffs.values.first)
        talk.now = talk.now.adding(seconds: 3600)
        let reply = try talk.say("me quedó una duda")
        #expect(
            reply.messages.map(\.text) == ["Le aviso a la persona que te atendió. Te vuelve a escribir por acá."])
        let handoff = try #require(talk.openHandoff)
        #expect(handoff.id == before.id && handoff.state == .queued && handoff.agent == nil)
        #expect(handoff.formerAgent == "Ana" && handoff.reopenedAt == talk.now)
        #expect(talk.conversation.owner == .queue && talk.outbox.last?.epoch == talk.conversation.epoch)
        #expect(try talk.say("hola?").messages.isEmpty)
        #expect(talk.store.contents.handoffs.count == 1)
    }

    @Test("It is told to the company's systems and written in the audit log")
    func told() throws {
        let talk = try closed()
        try talk.say("me quedó una duda")
        #expect(talk.store.contents.events.last?.kind == .handoffReopened)
        #expect(
            talk.store.contents.audit.first { $0.kind == "handoff.reopened" }?.detail == [
                try #require(talk.openHandoff).id, "pide_humano", "Ana",
            ])
    }

    @Test("An image opens it again like words do")
    func media() throws {
        let talk = try closed()
        try talk.hear(.media(kind: "image"))
        #expect(talk.openHandoff?.state == .queued)
    }

    @Test("What was closed longer ago, or given back to the bot, is the bot's; 0 hours is never")
    func bots() throws {
        let late = try closed()
        late.now = late.now.adding(seconds: 24 * 3600)
        try late.say("me quedó una duda")
        #expect(late.openHandoff == nil && late.conversation.owner == .bot)

        let returned = Talk()
        try returned.say("quiero hablar con una persona")
        try returned.order(.claim)
        try returned.order(.returnToBot(note: nil))
        try returned.say("me quedó una duda")
        #expect(returned.openHandoff == nil)

        var world = DemoCompany.world
        world.reopenHours = 0
        let never = try closed(world: world)
        try never.say("me quedó una duda")
        #expect(never.openHandoff == nil)
    }

    @Test("Opting out takes effect at once and opens nothing; thanks open nothing either")
    func optOut() throws {
        let talk = try closed()
        try talk.say("gracias")
        #expect(talk.openHandoff == nil)
        try talk.say("no me escriban más")
        #expect(talk.openHandoff == nil)
        #expect(talk.store.account(id: "marta")?.optedOut == true)
    }

    @Test("Distress is answered with care, and opens the case again as the most urgent")
    func distress() throws {
        let talk = try closed()
        let reply = try talk.say("no quiero vivir más")
        #expect(reply.messages.first?.text.contains("135") == true)
        let handoff = try #require(talk.openHandoff)
        #expect(handoff.priority == .distress && handoff.formerAgent == "Ana")
        #expect(talk.store.contents.handoffs.count == 1)
    }

    @Test(
        "What is more urgent now comes back as that, what is less keeps its place",
        arguments: [
            ("les voy a hacer juicio, hablen con mi abogado", "amenaza_legal", HandoffPriority.legalThreat),
            ("hola, estás?", "pide_humano", .askedForHuman),
        ])
    func urgency(text: String, reason: String, priority: HandoffPriority) throws {
        let talk = try closed()
        try talk.say(text)
        #expect(talk.openHandoff?.reason == reason && talk.openHandoff?.priority == priority)
    }

    @Test("Out of hours the customer learns when people are there, whoever writes")
    func outOfHours() throws {
        let talk = try closed()
        talk.now = Moment(iso: "2026-11-24T20:00")!
        #expect(
            try talk.say("me quedó una duda").messages.first?.text.hasSuffix("(mañana miércoles 25/11 a las 9).")
                == true)
        let stranger = Talk()
        let message = InboundMessage(
            contact: ContactKey(channel: "whatsapp", gatewayAccount: "1", address: "+5491199999999"), messageID: "x",
            writtenAt: talk.now, content: .text("quiero hablar con una persona"))
        let reply = try stranger.store.transaction {
            try stranger.processor.receive(message, now: talk.now, tx: $0)
        }
        #expect(reply.messages.first?.text.hasSuffix("(mañana miércoles 25/11 a las 9).") == true)
    }

    @Test("Lived again, it is opened again")
    func replayed() throws {
        let talk = try closed()
        try talk.say("me quedó una duda")
        try talk.order(.claim)
        try talk.order(.reply("Hola de nuevo."))
        let dialog = try #require(DemoCompany.world.dialogs["cobranza"])
        let again = try Replayer(world: DemoCompany.world, dialog: dialog).replay(
            talk.store.recording(until: talk.now))
        #expect(again.differences.isEmpty && again.handoffsGained.isEmpty && again.handoffsLost.isEmpty)
    }
}
