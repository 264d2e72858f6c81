import Conversations
import DemoCompany
import Desk
import Negotiation
import Quantities
import Testing

/// `queued → claimed ⇄ onHold → returned / closed`
struct TransitionTests {
    @Test(
        "Orders lead from state to state",
        arguments: [
            ([.claim], "claimed"), ([.claim, .hold], "onHold"), ([.claim, .hold, .claim], "claimed"),
            ([.claim, .hold, .reply("sigo")], "claimed"), ([.claim, .note("llamar")], "claimed"),
            ([.claim, .release], "queued"),
            ([.claim, .reply("hola")], "claimed"), ([.claim, .returnToBot(note: "paga")], "returned"),
            ([.claim, .hold, .close(note: "listo")], "closed"), ([.claim, .release, .claim], "claimed"),
        ] as [([AgentCommand], String)])
    func allowed(orders: [AgentCommand], state: String) async throws {
        try await DeskRoom.open { room in
            let id = try await room.queue("marta")
            var last: QueueEntry?
            for order in orders { last = try await room.order(order, on: id) }
            #expect(last?.state == state)
            #expect((last?.agent == nil) == (state == "queued"))
        }
    }

    @Test(
        "Orders that cannot be carried out are refused and change nothing",
        arguments: [
            ([], .reply("hola"), .notYours), ([], .hold, .notYours), ([], .close(note: nil), .notYours),
            ([], .release, .notYours),
            ([.claim, .hold], .hold, .wrongState(.onHold)),
            ([.claim, .close(note: nil)], .claim, .wrongState(.closed)),
            ([.claim, .returnToBot(note: nil)], .reply("hola"), .wrongState(.returned)),
        ] as [([AgentCommand], AgentCommand, AgentRefusal)])
    func refused(orders: [AgentCommand], order: AgentCommand, refusal: AgentRefusal) async throws {
        try await DeskRoom.open { room in
            let id = try await room.queue("marta")
            for order in orders { _ = try await room.order(order, on: id) }
            let before = try await room.desk.read(id, now: room.now).transcript.count
            #expect(try await room.refusal(order, on: id) == refusal)
            #expect(try await room.desk.read(id, now: room.now).transcript.count == before)
        }
    }

    @Test(
        "Nobody acts on another's hand-off",
        arguments: [
            AgentCommand.reply("hola"), .note("x"), .hold, .release, .returnToBot(note: nil), .close(note: nil), .claim,
        ])
    func anothers(command: AgentCommand) async throws {
        try await DeskRoom.open { room in
            let id = try await room.queue("marta")
            _ = try await room.order(.claim, on: id, by: "Ana")
            #expect(try await room.refusal(command, on: id, by: "Bruno") == .claimedBy("Ana"))
        }
    }

    @Test("A hand-off that is not there is refused, to read and to act on")
    func unknown() async throws {
        try await DeskRoom.open { room in
            let refusal = try await room.refusal(.claim, on: "h999999")
            #expect(refusal == .unknownHandoff)
            await #expect(throws: AgentRefusal.unknownHandoff) { try await room.desk.read("h999999", now: room.now) }
        }
    }

    @Test("A reply waits in the outbox for its customer; a note does not")
    func replies() async throws {
        try await DeskRoom.open { room in
            let id = try await room.queue("marta")
            _ = try await room.order(.claim, on: id)
            let before = try await room.store.counts().outbox["pending"] ?? 0
            _ = try await room.order(.note("parece apurada"), on: id)
            _ = try await room.order(.reply("Hola Marta, soy Ana."), on: id)
            #expect(try await room.store.counts().outbox["pending"] == before + 1)
        }
    }
}

/// What an agent agrees with a customer is a promise like any other.
struct AgreementTests {
    @Test("A proposal within the policy is recorded and confirmed in writing")
    func admissible() async throws {
        try await DeskRoom.open { room in
            let id = try await room.queue("marta")
            _ = try await room.order(.claim, on: id)
            let day = room.now.day(in: .argentina).adding(days: 5)
            _ = try await room.order(
                .agree(.proposal(Proposal(amount: Money(cents: 2_000_000, .ars), day: day))), on: id)
            let promise = try #require(try await room.store.promises(accountID: "marta").first)
            #expect(promise.amount.cents == 2_000_000 && promise.payBy == day && promise.evidence == ["agente Ana"])
            let last = try await room.desk.read(id, now: room.now).transcript.last
            #expect(last?.text.hasPrefix("Quedó anotado: $ 20.000,00 para el domingo 29/11.") == true)
        }
    }

    @Test("One of the offers of a person is recorded as it stands")
    func offer() async throws {
        try await DeskRoom.open { room in
            let id = try await room.queue("marta")
            _ = try await room.order(.claim, on: id)
            _ = try await room.order(.agree(.offer(id: "plan_3")), on: id)
            #expect(try await room.store.promises(accountID: "marta").count >= 3)
        }
    }

    @Test(
        "Beyond the policy nothing is recorded, and the agent reads what comes nearest",
        arguments: [
            (Agreement.proposal(Proposal(amount: Money(cents: 100, .ars))), "Lo más cercano"),
            (.proposal(Proposal(day: Day("2027-11-24"))), "Lo más cercano"),
            (.proposal(Proposal(instalments: 90)), "cuotas"), (.offer(id: "regalo"), "ya no está"),
        ])
    func beyond(agreement: Agreement, says: String) async throws {
        try await DeskRoom.open { room in
            let id = try await room.queue("marta")
            _ = try await room.order(.claim, on: id)
            guard case .beyondPolicy(let why) = try await room.refusal(.agree(agreement), on: id) else {
                Issue.record("it was agreed")
                return
            }
            #expect(why.contains(says))
            #expect(try await room.store.promises(accountID: "marta").isEmpty)
        }
    }

    @Test("Who did not claim the case agrees to nothing; a supervisor may")
    func authority() async throws {
        try await DeskRoom.open { room in
            let id = try await room.queue("marta")
            _ = try await room.order(.claim, on: id)
            #expect(try await room.refusal(.agree(.offer(id: "plan_3")), on: id, by: "Bruno") == .claimedBy("Ana"))
            _ = try await room.desk.command(
                .agree(.offer(id: "plan_3")), by: "Carla", supervising: true, handoffID: id, now: room.now)
            #expect(try await room.desk.read(id, now: room.now).handoff.agent == "Ana")
        }
    }
}

/// The time to claim a case runs only while people attend.
struct ClaimClockTests {
    @Test(
        "Within, warning, breached",
        arguments: [
            // Friday 27 November 2026, and the Monday after it.
            ("2026-11-27T10:00", "2026-11-27T10:10", QueueEntry.SLA.within),
            ("2026-11-27T10:00", "2026-11-27T10:25", .warning),
            ("2026-11-27T10:00", "2026-11-27T10:31", .breached), ("2026-11-27T17:50", "2026-11-30T08:59", .within),
            ("2026-11-27T17:50", "2026-11-30T09:21", .breached), ("2026-11-28T10:00", "2026-11-30T09:05", .within),
        ])
    func clock(queued: String, seen: String, sla: QueueEntry.SLA) async throws {
        try await DeskRoom.open { room in
            try await room.queue("marta", at: Moment(iso: queued)!)
            #expect(try await room.desk.list(now: Moment(iso: seen)!).first?.sla == sla)
        }
    }
}
