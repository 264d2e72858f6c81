import Conversations
import DemoCompany
import Dialog
import Quantities
import Testing

/// What gateways tell besides messages.
struct GatewayTurnTests {
    @Test("Who changed the number is verified again at the new one, and nothing more goes to the old one")
    func moved() throws {
        let talk = Talk()
        try talk.promise()
        #expect(talk.conversation.dialog?.verified == true)
        #expect(try talk.hear(.moved(to: "+5491199999999")).messages.isEmpty)
        #expect(talk.conversation.dialog == nil && talk.conversation.wrongNumber)
        var contact = talk.contact
        contact.address = "+5491199999999"
        let new = try #require(talk.store.conversation(for: contact))
        #expect(new.accountID == "marta" && new.dialog == nil)
        #expect(try talk.advance(days: 20).isEmpty)
        let before = talk.store.contents
        #expect(try talk.hear(.moved(to: "+5491199999999")).messages.isEmpty)
        #expect(talk.store.contents.conversations == before.conversations)
    }

    @Test("A conversation that nobody knows is neither moved nor given back")
    func unknown() throws {
        let talk = Talk()
        for content in [InboundMessage.Content.moved(to: "+1"), .attended, .givenBack] {
            #expect(try talk.hear(content).messages.isEmpty)
        }
        #expect(talk.store.contents.conversations.isEmpty && talk.store.contents.audit.isEmpty)
    }

    @Test("Who changed the telephone, and who writes from a number that was left, is verified again before any figure")
    func verifiedAgain() throws {
        for address in [Talk().contact.address, "+5491199999999"] {
            let talk = Talk()
            try talk.say("hola")
            try talk.say(DemoCompany.proof("marta"))
            #expect(talk.conversation.dialog?.verified == true)
            #expect(try talk.hear(.moved(to: address)).messages.isEmpty)
            let reply = try talk.say("cuánto debo?")
            #expect(!reply.messages.contains { $0.text.contains("$") })
            #expect(talk.conversation.dialog?.verified == false)
        }
    }

    @Test(
        "A conversation that people opened in the gateway's own app is theirs: the bot is silent until it is given back"
    )
    func attended() throws {
        let talk = Talk(channel: "chatwoot")
        try talk.say("hola")
        #expect(try talk.hear(.attended).messages.isEmpty)
        #expect(talk.conversation.owner == .queue && talk.openHandoff?.reason == "persona_en_gateway")
        #expect(try talk.say("hola?").messages.isEmpty)
        try talk.hear(.attended)
        #expect(talk.store.contents.handoffs.count == 1)
        try talk.hear(.givenBack)
        #expect(talk.conversation.owner == .bot)
        #expect(try !talk.say("hola").messages.isEmpty)
    }

    @Test("A call begins unverified each time, has no reminder of its silence, and a person calls back")
    func call() throws {
        let talk = Talk(channel: "voz")
        try talk.hear(.opened)
        try talk.say(DemoCompany.proof("marta"))
        #expect(talk.conversation.dialog?.verified == true)
        #expect(talk.store.contents.timers.isEmpty)
        try talk.hear(.opened)
        #expect(talk.conversation.dialog?.verified == false)
        try talk.say("quiero hablar con una persona")
        #expect(talk.openHandoff?.kind == .callBack && talk.conversation.owner == .bot)
        #expect(talk.outbox.isEmpty)
    }

    @Test("A gateway with an inbox of its own is told who attends, and a person there can give it back")
    func sharedInbox() throws {
        let talk = Talk(channel: "chatwoot")
        try talk.say("quiero hablar con una persona")
        #expect(talk.outbox.compactMap(\.form) == [.attended(byPeople: true)])
        #expect(talk.conversation.owner == .queue)
        try talk.hear(.givenBack)
        #expect(talk.conversation.owner == .bot && talk.openHandoff == nil)
        try talk.say("quiero hablar con una persona")
        try talk.order(.claim)
        try talk.order(.returnToBot(note: nil))
        #expect(talk.outbox.compactMap(\.form).last == .attended(byPeople: false))
    }

    @Test(
        "What may have been misheard makes no promise: a sum, a day and a yes are asked for again",
        arguments: ["el viernes te pago todo", "sí, confirmo", "sí", "20 lucas", "mañana", "1"])
    func misheard(words: String) throws {
        let talk = Talk()
        try talk.verify()
        try talk.say("el viernes te pago todo")
        let asked = try #require(talk.conversation.dialog?.state)
        try talk.hear(.text(words), hint: .misheard)
        #expect(talk.promises.isEmpty && talk.openHandoff == nil)
        #expect(talk.conversation.dialog?.state == asked)
        try talk.say("sí, confirmo")
        #expect(talk.promises.count == 1)
    }

    @Test("Who may have asked for a person, for no more messages or for help is believed at once (I5, I6)")
    func urgentThoughMisheard() throws {
        let talk = Talk()
        try talk.verify()
        try talk.hear(.text("no me escriban más"), hint: .misheard)
        #expect(talk.store.account(id: "marta")?.optedOut == true)
        try talk.hear(.text("quiero hablar con una persona"), hint: .misheard)
        #expect(talk.openHandoff != nil)
    }

    @Test("A word that the gateway takes for a wish to stop is one, whatever it is (I6)")
    func stopWord() throws {
        let talk = Talk(channel: "sms", world: DemoCompany.world)
        try talk.hear(.text("pimpollo"), hint: .optOut)
        #expect(talk.store.account(id: "marta")?.optedOut == true)
    }

    @Test(
        "A gateway that takes nothing more for a person opts them out once, on every account; one that has none too (I6)"
    )
    func optedOut() throws {
        let talk = Talk()
        try talk.say("hola")
        let message = try #require(talk.outbox.first)
        for _ in 0..<2 {
            try talk.store.transaction {
                try talk.processor.deliveryFailed(message, reason: "21610", optsOut: true, now: talk.now, tx: $0)
            }
        }
        #expect(talk.store.account(id: "marta")?.optedOut == true)
        #expect(talk.store.contents.audit.count { $0.kind == "optout" } == 1)
    }

    @Test("What answers a mail goes under it, a person's answer too; what we begin does not")
    func mailThread() throws {
        let talk = Talk()
        var marta = DemoCompany.account("marta")
        marta.email = "marta@example.com"
        talk.store.save(marta)
        let contact = ContactKey(channel: "mail", gatewayAccount: "a@b", address: "marta@example.com")
        func write(_ text: String, _ thread: MailThread) throws {
            var message = InboundMessage(
                contact: contact, messageID: thread.references.last!, writtenAt: talk.now, content: .text(text))
            message.mail = thread
            _ = try talk.store.transaction { try talk.processor.receive(message, now: talk.now, tx: $0) }
        }
        try write("hola", MailThread(subject: "Consulta", references: ["<1@x>"]))
        #expect(talk.outbox.map(\.form) == [.mail(subject: "Re: Consulta", thread: ["<1@x>"])])
        try write("quiero una persona", MailThread(subject: "RE: Consulta", references: ["<1@x>", "<2@x>"]))
        #expect(talk.outbox.last?.form == .mail(subject: "RE: Consulta", thread: ["<1@x>", "<2@x>"]))
        let handoff = try #require(talk.store.openHandoff(conversationID: talk.store.conversation(for: contact)!.id))
        for command in [AgentCommand.claim, .reply("Hola Marta, soy Ana")] {
            _ = try talk.store.transaction {
                try talk.processor.command(command, by: "Ana", handoffID: handoff.id, now: talk.now, tx: $0)
            }
        }
        #expect(talk.outbox.last?.form == .mail(subject: "RE: Consulta", thread: ["<1@x>", "<2@x>"]))
    }

    @Test("A mail is of the account with its address, whatever the case")
    func mail() throws {
        let talk = Talk()
        var marta = DemoCompany.account("marta")
        marta.email = "Marta@Example.com"
        talk.store.save(marta)
        let message = InboundMessage(
            contact: ContactKey(channel: "mail", gatewayAccount: "a@b", address: "marta@example.com"), messageID: "1",
            writtenAt: talk.now, content: .text("hola"))
        _ = try talk.store.transaction { try talk.processor.receive(message, now: talk.now, tx: $0) }
        #expect(talk.store.conversation(for: message.contact)?.accountID == "marta")
    }
}
