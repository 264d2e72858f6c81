import Conversations
import DemoCompany
import Quantities
import Testing

/// I6: opting out takes effect at once, for everything that the bot would say first.
struct OptOutTests {
    @Test(
        "After opting out no reminder is sent",
        arguments: ["no me escriban más", "denme de baja", "no quiero recibir más mensajes"])
    func silent(words: String) throws {
        let talk = Talk()
        try talk.promise()
        try talk.say(words)
        #expect(talk.store.account(id: "marta")?.optedOut == true)
        let before = talk.outbox.count
        try talk.advance(days: 15)
        #expect(talk.outbox.count == before)
    }

    @Test(
        "The words by which telephone networks stop messages are an opt-out",
        arguments: ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "BAJA"])
    func keywords(word: String) throws {
        let talk = Talk(channel: "sms")
        try talk.say("hola")
        try talk.say(word)
        #expect(talk.store.account(id: "marta")?.optedOut == true)
    }

    @Test("It counts for every channel of the person")
    func everyChannel() throws {
        let talk = Talk(channel: "whatsapp")
        try talk.promise()
        let other = InboundMessage(
            contact: DemoCompany.contact("marta", channel: "generic"), messageID: "x", writtenAt: talk.now,
            content: .text("no me escriban más"))
        _ = try talk.processor.receive(other, now: talk.now, tx: talk.store)
        let before = talk.outbox.count
        try talk.advance(days: 15)
        #expect(talk.outbox.count == before)
    }

    @Test("It counts for every account of the person")
    func everyAccount() throws {
        let talk = Talk()
        var second = try #require(talk.store.account(id: "marta"))
        (second.id, second.phone) = ("marta-2", "+5491100009999")
        talk.store.save(second)
        try talk.say("no me escriban más")
        #expect(talk.store.account(id: "marta-2")?.optedOut == true)
    }

    @Test("It counts while a person attends")
    func whileAttended() throws {
        let talk = Talk()
        try talk.say("quiero hablar con una persona")
        try talk.say("no me escriban más")
        #expect(talk.store.account(id: "marta")?.optedOut == true)
    }

    @Test("Who opted out and writes is answered")
    func answered() throws {
        let talk = Talk()
        try talk.say("no me escriban más")
        #expect(try !talk.say("hola").messages.isEmpty)
    }
}
