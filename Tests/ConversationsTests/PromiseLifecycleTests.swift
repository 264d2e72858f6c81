import Conversations
import DemoCompany
import Negotiation
import Quantities
import Testing

/// What time and payments do to a promise, and what the customer hears of it.
struct PromiseLifecycleTests {
    @Test("The day before and the day itself are reminded, within hours")
    func reminders() throws {
        let talk = Talk()
        try talk.promise()  // for Friday 27 November
        let before = talk.outbox.count
        try talk.advance(days: 3)
        let sent = talk.outbox.dropFirst(before)
        #expect(sent.map { $0.createdAt.iso(in: .argentina).prefix(16) } == ["2026-11-26T10:00", "2026-11-27T10:00"])
        #expect(sent.allSatisfy { $0.message.text.contains("te recuerdo") })
    }

    @Test("A payment of the whole keeps it; nothing is reminded after")
    func kept() throws {
        let talk = Talk()
        try talk.promise()
        try talk.pay(cents: talk.promises[0].amount.cents)
        #expect(talk.promises[0].state == .kept)
        #expect(talk.outbox.last?.message.text.contains("cumplida") == true)
        let before = talk.outbox.count
        try talk.advance(days: 10)
        #expect(talk.outbox.count == before)
    }

    @Test("Who pays today's price owes no more of it, until the payment bounces")
    func discountIsFinal() throws {
        let talk = Talk()
        try talk.promise("te pago todo hoy")
        let promise = talk.promises[0]
        #expect(promise.offer.discount.isPositive)
        func owed() -> Money { talk.store.account(id: "marta")!.statement(on: talk.now.day(in: .argentina)).overdue }
        let before = owed()
        try talk.pay(cents: promise.amount.cents, id: "p1")
        #expect(owed() == .zero())
        try talk.pay(cents: promise.amount.cents, id: "p1", reversed: true)
        #expect(owed() == before)
    }

    @Test("Unpaid after its grace day it is broken, and not before")
    func broken() throws {
        let talk = Talk()
        try talk.promise()
        try talk.advance(days: 6)  // Monday the 30th is its grace day
        #expect(talk.promises[0].state == .open)
        let said = try talk.advance(days: 1)
        #expect(talk.promises[0].state == .broken)
        #expect(said.contains { $0.text.contains("no nos figura el pago") })
    }

    @Test("A part in time is a promise kept in part")
    func partial() throws {
        let talk = Talk()
        try talk.promise()
        try talk.pay(cents: talk.promises[0].amount.cents / 3)
        #expect(talk.promises[0].state == .open)
        try talk.advance(days: 8)
        #expect(talk.promises[0].state == .partiallyKept)
    }

    @Test("The ERP's late news judges again: paid in time, then reversed")
    func reversed() throws {
        let talk = Talk()
        try talk.promise()
        try talk.pay(cents: talk.promises[0].amount.cents, id: "p1")
        #expect(talk.promises[0].state == .kept)
        try talk.pay(cents: talk.promises[0].amount.cents, id: "p1", reversed: true)
        #expect(talk.promises[0].state == .open)
        try talk.advance(days: 8)
        #expect(talk.promises[0].state == .broken)
    }

    @Test("The same payment twice counts once")
    func paidOnce() throws {
        let talk = Talk()
        try talk.promise()
        let half = talk.promises[0].amount.cents / 2
        try talk.pay(cents: half, id: "p1")
        try talk.pay(cents: half, id: "p1")
        #expect(talk.promises[0].state == .open)
        #expect(talk.store.account(id: "marta")?.payments.count == 1)
    }

    @Test("An instalment plan is a promise for each instalment")
    func plan() throws {
        let talk = Talk()
        try talk.verify()
        try talk.say("quiero 3 cuotas")
        if talk.promises.isEmpty, let option = talk.screen.first {
            try talk.hear(.tap(id: option.id, title: option.title))
        }
        try talk.say("sí, confirmo")
        #expect(talk.promises.count == 3)
        #expect(Set(talk.promises.map(\.planID)).count == 1 && talk.promises[0].planID != nil)
        #expect(talk.promises.allSatisfy { $0.state == .open })
    }

    @Test("A day without an answer is nudged once")
    func idle() throws {
        let talk = Talk()
        try talk.verify()
        #expect(try talk.advance(days: 1).count == 1)
        #expect(try talk.advance(days: 3).isEmpty)
    }

    @Test("A nudge that falls in the night waits for the morning")
    func idleAtNight() throws {
        let talk = Talk()
        talk.now = Moment(iso: "2026-11-24T19:50")!
        try talk.verify()
        try talk.advance(days: 1)
        let nudge = try #require(talk.outbox.last)
        #expect(nudge.message.text.contains("Te espero por acá") && nudge.purpose == .nudge)
        #expect(nudge.createdAt.iso(in: .argentina).hasPrefix("2026-11-25T08:00"))
    }

    @Test("A reminder that falls on a Sunday waits for Monday, and says today")
    func reminderOnSunday() throws {
        let talk = Talk()
        try talk.promise("el lunes te pago todo")
        let before = talk.outbox.count
        try talk.advance(days: 7)
        let sent = talk.outbox.dropFirst(before)
        #expect(talk.promises[0].payBy == Day("2026-11-30"))
        #expect(sent.first?.createdAt.iso(in: .argentina).hasPrefix("2026-11-30T08:00") == true)
        #expect(sent.first?.message.text.contains("hoy lunes 30/11") == true)
        #expect(sent.filter { $0.message.text.contains("te recuerdo") }.count == 1)
    }

    /// I12, end to end.
    @Test("Whatever happens, what the bot says first is said within hours", arguments: 0..<60)
    func withinHours(seed: Int) throws {
        let run = MemoryRun()
        for step in randomHistory(seed: seed, steps: 80) {
            let before = run.store.contents.outbox.count
            try run.live([step])
            guard case .until = step else { continue }
            for message in run.store.contents.outbox.dropFirst(before) {
                let day = message.createdAt.day(in: .argentina)
                let minute = message.createdAt.minuteOfDay(in: .argentina)
                #expect(day.weekday != .sunday && (day.weekday == .saturday ? 540..<780 : 480..<1200).contains(minute))
            }
        }
    }
}
