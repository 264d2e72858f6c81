import Conversations
import DemoCompany
import Desk
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
