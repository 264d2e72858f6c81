import Conversations
import DemoCompany
import Negotiation
import Quantities
import Testing

/// What the company's other systems are told, and when.
struct EventTests {
    private func kinds(_ talk: Talk) -> [AccountEvent.Kind] { talk.store.contents.events.map(\.kind) }

    @Test("A promise is told of with its figures and evidence, then that it was kept")
    func kept() throws {
        let talk = Talk()
        try talk.promise()
        let promise = talk.promises[0]
        let made = talk.store.contents.events[0]
        #expect(made.kind == .promiseMade && made.account == "marta" && made.conversation == talk.conversation.id)
        #expect(made.promise?.amount == promise.amount.plain && made.promise?.currency == .ars)
        #expect(made.promise?.pay_by == promise.payBy && made.promise?.evidence == promise.evidence)
        #expect(!promise.evidence.isEmpty)
        try talk.pay(cents: promise.amount.cents)
        #expect(kinds(talk) == [.promiseMade, .paymentReceived, .promiseKept])
        #expect(talk.store.contents.events[2].promise?.paid == promise.amount.plain)
    }

    @Test("A payment that is sent again is told once; that it bounced, and what that undid, is told")
    func reversed() throws {
        let talk = Talk()
        try talk.promise()
        let cents = talk.promises[0].amount.cents
        try talk.pay(cents: cents, id: "p1")
        try talk.pay(cents: cents, id: "p1")
        try talk.pay(cents: cents, id: "p1", reversed: true)
        try talk.advance(days: 8)
        #expect(
            kinds(talk) == [
                .promiseMade, .paymentReceived, .promiseKept, .paymentReversed, .promiseReopened, .promiseBroken,
            ])
    }

    @Test("A person's case is told of from its opening to its end")
    func handoff() throws {
        let talk = Talk()
        try talk.say("quiero hablar con una persona")
        try talk.order(.claim)
        try talk.order(.note("llamar"))
        try talk.order(.close(note: nil))
        #expect(kinds(talk) == [.handoffOpened, .handoffClaimed, .handoffClosed])
        #expect(talk.store.contents.events[1].handoff?.agent == "Ana")
    }

    @Test("An opt-out is told of once for each account of the person")
    func optOut() throws {
        let talk = Talk()
        try talk.say("no me escriban más")
        try talk.say("no me escriban más")
        #expect(kinds(talk).filter { $0 == .contactOptedOut }.count == 1)
    }

    @Test("A plan is told of when it is made, when it breaks and when it is brought back")
    func plan() throws {
        let talk = Talk()
        try talk.verify()
        try talk.say("quiero 3 cuotas")
        for text in ["la 1", "sí, confirmo"] where talk.promises.isEmpty { try talk.say(text) }
        let plan = talk.promises
        try #require(plan.count > 1 && plan[0].planID != nil)
        let made = talk.store.contents.events.first { $0.kind == .planMade }
        #expect(made?.plan?.id == plan[0].planID && made?.plan?.instalments == plan.count)
        #expect(kinds(talk).filter { $0 == .promiseMade }.count == plan.count)
        while !kinds(talk).contains(.planBroken), talk.now.day(in: .argentina) < plan.last!.deadline.adding(days: 5) {
            try talk.advance(days: 1)
        }
        let broken = talk.store.contents.events.last { $0.kind == .planBroken }
        #expect(broken?.plan?.broken_on != nil && broken?.plan?.arrears != "0.00")
        let arrears = Money(plain: broken?.plan?.arrears ?? "")
        try talk.pay(cents: arrears?.cents ?? 0)
        let told = kinds(talk).filter { [.planMade, .planBroken, .planReinstated].contains($0) }
        #expect(told == [.planMade, .planBroken, .planReinstated])
    }

    @Test("No event holds a name, a phone, a document or what was said", arguments: 0..<10)
    func personal(seed: Int) throws {
        let run = MemoryRun()
        try run.live(randomHistory(seed: seed, steps: 80))
        let text = "\(run.store.contents.events)"
        for id in ["marta", "juan", "raul"] {
            let account = DemoCompany.account(id)
            for secret in [account.fullName, account.phone, account.document] { #expect(!text.contains(secret)) }
        }
    }
}
