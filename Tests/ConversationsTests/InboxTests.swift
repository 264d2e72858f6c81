import Conversations
import DemoCompany
import Quantities
import Testing

/// I1: a message is processed exactly once.
struct InboxTests {
    @Test("A repeated message gets what was answered then, and changes nothing", arguments: ["whatsapp", "generic"])
    func duplicate(channel: String) throws {
        let talk = Talk(channel: channel)
        let first = try talk.say("hola", id: "m1")
        let before = talk.store.contents
        let again = try talk.say("hola", id: "m1")
        #expect(again.duplicate && again.messages == first.messages)
        #expect(talk.store.contents == before)
    }

    @Test("The same id on another channel is another message")
    func otherChannel() throws {
        let talk = Talk(channel: "whatsapp")
        try talk.say("hola", id: "m1")
        let other = InboundMessage(
            contact: DemoCompany.contact("marta", channel: "generic"), messageID: "m1", writtenAt: talk.now,
            content: .text("hola"))
        #expect(try !talk.processor.receive(other, now: talk.now, tx: talk.store).duplicate)
    }

    @Test("A yes that is delivered twice records one promise")
    func doubledYes() throws {
        let talk = Talk()
        try talk.verify()
        try talk.say("el viernes te pago todo")
        try talk.say("sí, confirmo", id: "yes")
        try talk.say("sí, confirmo", id: "yes")
        #expect(talk.promises.count == 1)
    }

    @Test("Replies go to the outbox, or into the response where the gateway takes them there")
    func whereRepliesGo() throws {
        let byOutbox = Talk(channel: "whatsapp")
        let reply = try byOutbox.say("hola")
        #expect(byOutbox.outbox.map(\.message) == reply.messages)
        let inResponse = Talk(channel: "generic")
        try inResponse.say("hola")
        #expect(inResponse.outbox.isEmpty)
    }

    @Test(
        "An Argentine mobile is found with and without its 9",
        arguments: ["+5491100000003", "+541100000003", "5491100000003"])
    func phoneForms(address: String) throws {
        let store = MemoryStore(accounts: DemoCompany.accounts)
        let contact = ContactKey(channel: "whatsapp", gatewayAccount: "1", address: address)
        let message = InboundMessage(
            contact: contact, messageID: "m", writtenAt: DemoCompany.morning, content: .text("hola"))
        _ = try TurnProcessor(world: DemoCompany.world).receive(message, now: DemoCompany.morning, tx: store)
        #expect(store.conversation(for: contact)?.accountID == "marta")
    }

    @Test("Audio, images and places are answered: only text is read", arguments: ["audio", "image", "location"])
    func media(kind: String) throws {
        let reply = try Talk().hear(.media(kind: kind))
        #expect(reply.messages.contains { $0.text.contains("solo puedo leer texto") })
    }
}
