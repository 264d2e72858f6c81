import Conversations
import DemoCompany
import Dialog
import Foundation
import Quantities
import SharedData
import Testing

/// I4: nothing about a debt before the right party is verified.
struct IdentityTests {
    /// Words and figures that give a debt away.
    static let debtWords = [
        "$", "deuda", "debés", "debe ", "mora", "saldo", "pendiente", "venc", "cuota", "interés", "intereses",
        "capital", "atraso",
        "Internet", "factura", "pagar", "pago", "promesa",
    ]

    static func givesAway(_ text: String, echoing customer: String) -> String? {
        let told = text.lowercased()
        return debtWords.first { told.contains($0.lowercased()) && !customer.lowercased().contains($0.lowercased()) }
    }

    @Test("Whatever an unverified person writes, the bot names no debt", arguments: 0..<150)
    func unverified(seed: Int) throws {
        let account = DemoCompany.accounts[seed % DemoCompany.accounts.count].id
        let talk = Talk(account)
        var random = SeededRandom(seed: UInt64(seed))
        for _ in 0..<20 where talk.store.conversation(for: talk.contact)?.dialog?.verified != true {
            var text = utterances.randomElement(using: &random)!
            if text.contains(DemoCompany.proof(account)) { text = "hola" }
            let reply =
                Int.random(in: 0..<8, using: &random) == 0
                ? try talk.hear(.media(kind: "audio")) : try talk.say(text)
            guard !talk.conversation.dialog!.verified else { break }
            for message in reply.messages {
                let word = Self.givesAway(
                    message.text + message.options.map(\.title).joined(separator: " "), echoing: text)
                #expect(word == nil, "seed \(seed): to “\(text)” the bot said “\(message.text)”")
            }
        }
    }

    @Test(
        "A number without an account hears nothing of any debt, and reaches a person",
        arguments: [
            ("hola", false), ("cuánto debo?", false), ("quiero hablar con una persona", true),
            ("esto es una estafa", true),
        ])
    func stranger(text: String, handedOff: Bool) throws {
        let store = MemoryStore(accounts: DemoCompany.accounts)
        let contact = ContactKey(channel: "whatsapp", gatewayAccount: "1", address: "+5491199999999")
        let message = InboundMessage(
            contact: contact, messageID: "m", writtenAt: DemoCompany.morning, content: .text(text))
        let reply = try TurnProcessor(world: DemoCompany.world).receive(message, now: DemoCompany.morning, tx: store)
        #expect(reply.messages.count == 1)
        #expect(reply.messages.allSatisfy { Self.givesAway($0.text, echoing: text) == nil })
        #expect((store.contents.handoffs.count == 1) == handedOff)
    }

    @Test("Three wrong tries end it: nothing is told")
    func wrongTries() throws {
        let talk = Talk()
        try talk.say("hola")
        for digits in ["111", "222", "333", "444"] { try talk.say(digits) }
        #expect(talk.conversation.dialog?.verified == false)
        #expect(talk.transcript.allSatisfy { $0.speaker != .bot || Self.givesAway($0.text, echoing: "") == nil })
    }

    @Test("Somebody who says to be another person after verification must prove it again")
    func otherPerson() throws {
        let talk = Talk()
        try talk.verify()
        try talk.say("equivocado, yo no soy marta")
        #expect(talk.conversation.wrongNumber)
        let reply = try talk.say("hola")
        #expect(reply.messages.allSatisfy { Self.givesAway($0.text, echoing: "hola") == nil })
    }

    @Test("A reminder goes to the conversation that was verified, not to one that was not")
    func reminders() throws {
        let talk = Talk(channel: "whatsapp")
        try talk.promise()
        // Somebody writes from the same phone on another channel, more often, and proves nothing.
        let other = DemoCompany.contact("marta", channel: "generic")
        for index in 0..<12 {
            let message = InboundMessage(
                contact: other, messageID: "x\(index)", writtenAt: talk.now, content: .text("hola"))
            _ = try talk.processor.receive(message, now: talk.now, tx: talk.store)
        }
        let before = talk.outbox.count
        try talk.advance(days: 7)
        let sent = talk.outbox.dropFirst(before)
        #expect(!sent.isEmpty)
        #expect(sent.allSatisfy { $0.contact == talk.contact })
    }

    @Test("A number once called wrong is reminded again when its holder proved to be there")
    func holderAfterAll() throws {
        let talk = Talk()
        try talk.say("hola")
        try talk.say("equivocado")
        #expect(talk.conversation.wrongNumber)
        try talk.promise()
        let before = talk.outbox.count
        try talk.advance(days: 3)
        #expect(talk.promises.count == 1 && talk.outbox.count > before)
    }
}
