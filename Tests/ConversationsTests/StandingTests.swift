import Conduct
import Conversations
import DemoCompany
import Quantities
import Testing

/// What a person asks of us or tells us limits how they are contacted from then on.
struct StandingTests {
    private func standing(_ talk: Talk) -> PersonStanding { talk.store.standing(accountID: talk.account) }

    @Test("Who asks for hours of their own is told so, is not taken off the list, and is reminded within them")
    func ownHours() throws {
        let talk = Talk()
        try talk.promise("el miércoles 2/12 te pago todo")
        let reply = try talk.say("no me escriban antes de las 14")
        #expect(reply.messages.map(\.text) == ["Listo: por iniciativa nuestra te escribimos solo de 14:00 a 24:00."])
        #expect(standing(talk).ownHours == OwnHours(from: 840))
        #expect(talk.store.account(id: "marta")?.optedOut == false)
        let before = talk.outbox.count
        try talk.advance(days: 20)
        let sent = talk.outbox.dropFirst(before).map(\.createdAt)
        #expect(!sent.isEmpty && sent.allSatisfy { $0.minuteOfDay(in: .argentina) >= 840 })
    }

    @Test("What else the message says is answered too")
    func more() throws {
        let talk = Talk()
        try talk.verify()
        let reply = try talk.say("no me escriban antes de las 14. El viernes te pago todo")
        #expect(reply.messages.count == 2 && reply.messages[1].text.contains("¿Confirmás?"))
    }

    @Test("Hours asked for while a person attends count as well")
    func attended() throws {
        let talk = Talk()
        try talk.say("quiero hablar con una persona")
        try talk.say("no me llamen después de las 18")
        #expect(standing(talk).ownHours == OwnHours(to: 1080))
        #expect(talk.store.account(id: "marta")?.optedOut == false)
    }

    @Test("Who does not know the debt is not asked for it again until a person lifts that")
    func dispute() throws {
        let talk = Talk()
        try talk.verify()
        try talk.say("no reconozco esa deuda, nunca contrate nada")
        #expect(standing(talk).ceased?.why == "desconoció la deuda")
        try talk.order(.claim)
        try talk.order(.mark(ceased: false, vulnerable: nil))
        #expect(standing(talk).ceased == nil)
        #expect(talk.store.contents.audit.map(\.kind).contains("standing.ceased.lifted"))
    }

    @Test("Nobody in distress is written to by the bot, about any account and on any channel")
    func vulnerable() throws {
        let talk = Talk()
        var second = try #require(talk.store.account(id: "marta"))
        (second.id, second.phone) = ("marta-2", "+5491100009999")
        talk.store.save(second)
        try talk.promise()
        try talk.say("no doy más, me quiero morir")
        #expect(standing(talk).vulnerable != nil)
        #expect(talk.store.standing(accountID: "marta-2") == standing(talk))
        let history = talk.store.contactHistory(accountID: "marta-2")
        guard
            case .refused(let refusal) = DemoCompany.world.conduct.mayContact(
                .proactive, on: "generic", history: history, at: talk.now, zone: .argentina, calendar: .argentina)
        else {
            Issue.record("a contact was allowed")
            return
        }
        #expect(refusal.rule.id == "ar.vulnerable" && refusal.until == nil)
        let before = talk.outbox.count
        try talk.advance(days: 15)
        #expect(talk.outbox.count == before)
    }

    @Test("Messages on another account and channel of the person count for the caps")
    func otherAccounts() throws {
        let talk = Talk()
        var second = try #require(talk.store.account(id: "marta"))
        (second.id, second.phone) = ("marta-2", "+5491100009999")
        talk.store.save(second)
        talk.store.recordProactive(accountID: "marta-2", channel: "generic", at: talk.now)
        let history = talk.store.contactHistory(accountID: "marta")
        #expect(history.proactive == [Contact(at: talk.now, channel: "generic")])
    }

    @Test("An agent's reply with forbidden words is refused with the rule, and is not sent")
    func agentsReply() throws {
        let talk = Talk()
        try talk.say("quiero hablar con una persona")
        try talk.order(.claim)
        let before = talk.outbox.count
        let refusal = #expect(throws: AgentRefusal.self) { try talk.order(.reply("Si no pagás te vamos a embargar.")) }
        guard case .forbiddenWording(let rule, let words) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(rule.id == "ar.amenaza" && words == "te vamos a embargar" && talk.outbox.count == before)
        try talk.order(.reply("Hola Marta, soy Ana."))
        #expect(talk.outbox.count == before + 1)
    }

    @Test("Nothing that the bot says on its own initiative, or in the shipped dialog, is forbidden")
    func ownTexts() throws {
        let run = MemoryRun()
        try run.live(randomHistory(seed: 7, steps: 300))
        for message in run.store.contents.outbox where message.author == .bot {
            #expect(DemoCompany.world.conduct.findings(in: message.message.text).isEmpty, "\(message.message.text)")
        }
    }

    @Test("No demo account is asked for a charge that was not informed", arguments: DemoCompany.accounts.map(\.id))
    func charges(id: String) {
        let account = DemoCompany.account(id)
        let day = DemoCompany.morning.day(in: .argentina)
        let charge = account.statement(on: day).charges
        #expect(ConductRules.argentina.refusal(of: charge, informed: account.chargeNotice, on: day) == nil)
    }
}
