import Conversations
import DemoCompany
import Ledger
import Negotiation
import Quantities
import Testing

/// Plans, several promises at once and prices on the screen, from what is said to what is stored.
struct AgreementTests {
    /// Sofía with a plan of three instalments, the first due on 9 December.
    static func planned() throws -> Talk {
        let talk = Talk("sofia")
        try talk.verify()
        try talk.say("en 3 cuotas")
        try talk.say("dale")
        try #require(talk.promises.count == 3 && talk.promises[0].planID != nil)
        return talk
    }

    static func standing(_ talk: Talk) -> PlanStanding? {
        DemoCompany.world.policy.standing(
            ofPlan: talk.promises[0].planID!, promises: talk.promises,
            payments: talk.store.account(id: talk.account)!.payments, on: talk.now.day(in: .argentina))
    }

    @Test("Instalments move to the pay-day after a yes to the new days, and so do their reminders")
    func payDay() throws {
        let talk = try Self.planned()
        let before = talk.promises
        let echo = try talk.say("cobro el 14, pasame la cuota al 14", id: "move").messages[0].text
        #expect(talk.promises == before, "nothing moves before the yes")
        #expect(echo.contains("14/12"))
        try talk.say("sí, confirmo", id: "yes")
        #expect(talk.promises.map(\.payBy.iso) == ["2026-12-14", "2027-01-14", "2027-02-14"])
        #expect(talk.promises.map(\.amount) == before.map(\.amount) && talk.promises.map(\.id) == before.map(\.id))
        #expect(talk.promises[0].evidence.suffix(2) == ["move", "yes"])
        let reminder = talk.store.contents.timers.first { $0.kind == .reminderOnDay && $0.key == before[0].id }
        #expect(reminder?.at.day(in: .argentina) == Day("2026-12-14"))
    }

    @Test("A missed instalment breaks the plan and says how to bring it back; paying does")
    func reinstated() throws {
        let talk = try Self.planned()
        let said = try talk.advance(days: 18)
        #expect(said.contains { $0.text.contains("El plan se cayó, pero si pagás") && $0.text.contains("alias") })
        #expect(Self.standing(talk)?.missed.count == 1)
        let before = talk.outbox.count
        try talk.pay(cents: talk.promises[0].amount.cents, id: "late")
        #expect(Self.standing(talk)?.state == .active)
        try talk.advance(days: 3)
        #expect(talk.outbox.dropFirst(before).contains { $0.message.text.contains("el plan sigue como estaba") })
        #expect(talk.promises[0].state == .broken, "history is not rewritten")
        #expect(talk.promises[1].state == .open)
    }

    @Test(
        "A plan that nobody brings back is over: the last day is told, and its other instalments are waited for no more"
    )
    func fallen() throws {
        let talk = try Self.planned()
        let said = try talk.advance(days: 60)
        #expect(said.count { $0.text.contains("tu plan se puede recuperar hasta") } == 1)
        #expect(talk.promises.map(\.state) == [.broken, .withdrawn, .withdrawn])
        #expect(talk.promises[1].closure?.by == PlanStanding.fallen)
        guard case .broken(_, nil) = Self.standing(talk)?.state else {
            Issue.record("the plan is not broken for good: \(String(describing: Self.standing(talk)?.state))")
            return
        }
        #expect(!said.contains { $0.text.contains("cuota 2") })
    }

    @Test("Two instalments paid at once are two kept and one word of thanks, with what comes next")
    func early() throws {
        let talk = try Self.planned()
        let before = talk.outbox.count
        try talk.pay(cents: talk.promises[0].amount.cents + talk.promises[1].amount.cents)
        #expect(talk.promises.map(\.state) == [.kept, .kept, .open])
        let thanks = talk.outbox.dropFirst(before).map(\.message.text)
        #expect(
            thanks.count == 1 && thanks[0].contains("2 de 3") && thanks[0].contains(talk.promises[2].amount.formatted))
    }

    @Test("A payment of a part is thanked with what is left, and the rest keeps the promise")
    func split() throws {
        let talk = Talk()
        try talk.promise()
        let amount = talk.promises[0].amount
        try talk.pay(cents: 3_000_000, id: "a")
        #expect(talk.outbox.last?.message.text.contains("faltan \((amount - .units(30_000)).formatted)") == true)
        try talk.pay(cents: amount.cents - 3_000_000, id: "b")
        #expect(talk.promises[0].state == .kept)
    }

    @Test("What is added stands beside the first promise; what replaces it supersedes it", arguments: [true, false])
    func several(adds: Bool) throws {
        let talk = Talk()
        try talk.promise("el viernes te pago 20 lucas")
        try talk.say("y el resto el 5")
        #expect(talk.promises.count == 1)
        try talk.say(adds ? "va además" : "no, en lugar de eso")
        if talk.promises.count == 1,
            let option = talk.screen.first(where: { $0.title == (adds ? "Va además" : "En lugar de eso") })
        {
            try talk.hear(.tap(id: option.id, title: option.title))
        }
        try talk.say("sí, confirmo")
        #expect(talk.promises.map(\.state) == (adds ? [.open, .open] : [.superseded, .open]))
        if adds {
            let owed = talk.store.account(id: "marta")!.statement(on: Day("2026-11-24")!).demandable.total
            #expect(talk.promises[0].amount + talk.promises[1].amount == owed)
        } else {
            #expect(talk.promises[0].closure?.successor == talk.promises[1].id)
        }
    }

    @Test("A promise taken back is withdrawn by the debtor, and nothing is reminded")
    func withdrawn() throws {
        let talk = Talk()
        try talk.promise()
        try talk.say("hola")
        for title in ["Quiero cambiarlo", "Anulalo"] {
            let option = try #require(talk.screen.first { $0.title == title })
            try talk.hear(.tap(id: option.id, title: title))
        }
        #expect(talk.promises.map(\.state) == [.withdrawn] && talk.promises[0].closure?.by == "deudor")
        #expect(talk.store.contents.timers.allSatisfy { $0.key != talk.promises[0].id })
    }

    /// The pay-today button of the first message and its price.
    static func payNow(_ talk: Talk) throws -> (option: String, price: Money) {
        try talk.verify()
        let option = try #require(talk.screen.first { $0.title == "Pago hoy" })
        return (option.id, try #require(talk.conversation.dialog?.priced?.first { $0.name == "acepta" }?.offer.total))
    }

    @Test("A button of an older message is worth the price it shows, that day")
    func oldButton() throws {
        let talk = Talk()
        let (option, price) = try Self.payNow(talk)
        try talk.say("quiero cuotas")
        let echo = try talk.hear(.tap(id: option, title: "Pago hoy")).messages[0].text
        #expect(echo.hasPrefix("Anoto \(price.formatted) hoy."))
        try talk.say("sí")
        #expect(talk.promises.map(\.amount) == [price])
    }

    @Test("After its day the same button says that the price changed and gives the new one, in one message")
    func expiredButton() throws {
        let talk = Talk()
        let (option, price) = try Self.payNow(talk)
        try talk.say("quiero cuotas")
        talk.now = talk.now.adding(seconds: 86_400)
        let reply = try talk.hear(.tap(id: option, title: "Pago hoy")).messages
        #expect(reply.count == 1 && reply[0].text.hasPrefix("Ese precio valía hasta el martes 24/11"))
        #expect(!reply[0].text.contains(price.formatted))
        try talk.say("sí")
        #expect(talk.promises.count == 1 && talk.promises[0].amount > price)
    }

    @Test("Confirming a day late is confirmed again at the new price, never silently")
    func lateYes() throws {
        let talk = Talk()
        try talk.verify()
        try talk.say("el viernes te pago todo")
        talk.now = talk.now.adding(seconds: 86_400)
        let echo = try talk.say("sí, confirmo").messages[0].text
        #expect(talk.promises.isEmpty && echo.contains("27/11") && echo.contains("¿Confirmás?"))
        try talk.say("sí, confirmo")
        #expect(talk.promises.map(\.payBy) == [Day("2026-11-27")])
    }

    @Test(
        "Refusing goes down the ladder one step a turn, and ends with a person",
        arguments: ["juan", "tomas", "raul", "elena"])
    func ladder(account: String) throws {
        let talk = Talk(account)
        try talk.verify()
        var steps: [Int] = []
        for _ in 0..<12 where talk.conversation.dialog?.state != "piso" {
            try talk.say("no, es mucho")
            steps.append(talk.conversation.dialog?.ladder?.step ?? 0)
        }
        #expect(talk.conversation.dialog?.state == "piso")
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 == $1 || $0 + 1 == $1 })
        let offers = Bargain(
            account: DemoCompany.account(account), policy: DemoCompany.world.policy, today: Day("2026-11-24")!,
            calendar: .argentina, promises: []
        ).offers()
        #expect(steps.last == offers.count - 1 && talk.promises.isEmpty)
    }

    @Test("An indexed debt is talked about at the value of its day")
    func indexed() throws {
        var world = DemoCompany.world
        world.indices = IndexTables(["UVA": try IndexTable.parse("2026-11-01\t1000\n2026-11-24\t1100.00\n")])
        var account = DemoCompany.account("juan")
        account.terms.moratoryRate = .zero
        account.items[0].indexed = IndexedPrincipal(unit: "UVA", hundredths: 2_000)
        let talk = Talk("juan", world: world)
        talk.store.save(account)
        try talk.say("hola")
        #expect(try talk.say(DemoCompany.proof("juan")).messages[0].text.contains("$ 22.000,00"))
    }
}
