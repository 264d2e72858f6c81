import Conversations
import DemoCompany
import Dialog
import Quantities
import Testing

/// Nobody waits for an agent who is gone, and nobody gets more cases than they can attend.
struct PresenceTests {
    /// A conversation whose case Ana has, and Ana is gone.
    private func abandoned(answered: Bool = false) throws -> Talk {
        let talk = Talk()
        try talk.verify()
        try talk.say("quiero hablar con una persona")
        talk.now = talk.now.adding(seconds: 60)
        try note(.available, talk)
        try talk.order(.claim)
        if answered { try talk.order(.reply("Hola Marta.")) }
        talk.now = talk.now.adding(seconds: 900)
        try note(.absent, talk)
        return talk
    }

    private func note(_ state: AgentPresence.State, of agent: String = "Ana", _ talk: Talk) throws {
        _ = try talk.processor.note(state, of: agent, now: talk.now, tx: talk.store)
    }

    private func release(_ talk: Talk) throws -> Bool {
        let id = try #require(talk.openHandoff?.id)
        return try talk.store.transaction { try talk.processor.releaseAbandoned(id, now: talk.now, tx: $0) }
    }

    @Test("Where the customer waits, the case goes back to its place, says why, and begins an epoch")
    func released() throws {
        let talk = try abandoned()
        let before = try #require(talk.openHandoff)
        let epoch = talk.conversation.epoch
        #expect(try release(talk))
        let handoff = try #require(talk.openHandoff)
        #expect(handoff.state == .queued && handoff.agent == nil && handoff.absentAgent == "Ana")
        #expect(handoff.waitsSince == before.waitsSince && handoff.priority == before.priority)
        #expect(talk.conversation.owner == .queue && talk.conversation.epoch == epoch + 1)
        #expect(talk.transcript.last?.text == "Ana se ausentó: el caso volvió a su lugar en la cola.")
        #expect(
            talk.store.contents.audit.last { $0.kind == "handoff.abandoned" }?.detail == [
                handoff.id, "Ana", "el asesor se ausentó",
            ])
        #expect(talk.store.contents.events.last?.kind == .handoffReleased)
        #expect(try talk.say("hola?").messages.isEmpty)
        try talk.order(.claim, by: "Bruno")
        #expect(talk.openHandoff?.absentAgent == nil)
    }

    @Test("Whom the agent answered last does not wait; once they write again they do")
    func answered() throws {
        let talk = try abandoned(answered: true)
        #expect(try !release(talk))
        #expect(talk.openHandoff?.agent == "Ana")
        try talk.say("y entonces?")
        #expect(try release(talk))
    }

    @Test("Who is there or pauses keeps the cases", arguments: [AgentPresence.State.available, .paused])
    func kept(state: AgentPresence.State) throws {
        let talk = try abandoned()
        try note(state, talk)
        #expect(try !release(talk))
        #expect(talk.openHandoff?.agent == "Ana")
    }

    @Test("Of an agent of whom nothing was ever noted no case is taken")
    func unknown() throws {
        let talk = Talk()
        try talk.say("quiero hablar con una persona")
        try talk.order(.claim)
        #expect(try !release(talk))
    }

    @Test("A call that is due waits for the agent too")
    func call() throws {
        let talk = try abandoned(answered: true)
        try note(.available, talk)
        let at = talk.now.adding(seconds: 3600)
        try talk.order(.schedule(at: at, phone: "", about: ""))
        let timer = try #require(talk.store.takeTimer(dueAt: at) { $0.kind == .callBack })
        talk.now = at
        _ = try talk.processor.fire(timer, now: at, tx: talk.store)
        try talk.order(.claim)
        try note(.absent, talk)
        #expect(try release(talk))
    }

    @Test("A reply that was begun before the case changed hands is refused, and says who has it")
    func stale() throws {
        let talk = try abandoned()
        let handoff = try #require(talk.openHandoff)
        let epoch = talk.conversation.epoch
        func reply() throws {
            _ = try talk.store.transaction {
                try talk.processor.command(
                    .reply("Hola."), by: "Ana", epoch: epoch, handoffID: handoff.id, now: talk.now, tx: $0)
            }
        }
        #expect(try release(talk))
        #expect(throws: AgentRefusal.stale(owner: nil)) { try reply() }
        try talk.order(.claim, by: "Bruno")
        #expect(throws: AgentRefusal.stale(owner: "Bruno")) { try reply() }
        // Also where it is Ana's again: the customer may have heard from Bruno.
        try talk.order(.release, by: "Bruno")
        try talk.order(.claim)
        #expect(throws: AgentRefusal.stale(owner: "Ana")) { try reply() }
        #expect(!talk.transcript.contains { $0.text == "Hola." })
    }

    @Test("Nobody claims or is passed more than they can attend; who supervises may give it to them")
    func capacity() throws {
        let store = MemoryStore(accounts: DemoCompany.accounts)
        let processor = TurnProcessor(world: DemoCompany.world)
        let now = DemoCompany.morning
        var ids: [String] = []
        for account in ["marta", "juan", "raul"] {
            let message = InboundMessage(
                contact: DemoCompany.contact(account), messageID: account, writtenAt: now,
                content: .text("quiero hablar con una persona"))
            _ = try processor.receive(message, now: now, tx: store)
            ids.append(try #require(store.contents.handoffs.values.map(\.id).max()))
        }
        func order(_ command: AgentCommand, _ index: Int, by agent: String, supervising: Bool = false) throws {
            _ = try store.transaction {
                try processor.command(
                    command, by: agent, supervising: supervising, capacities: ["Ana": 1, "Bruno": 1],
                    handoffID: ids[index], now: now, tx: $0)
            }
        }
        try order(.claim, 0, by: "Ana")
        // On hold it counts, and to take it up again is no new case.
        try order(.hold, 0, by: "Ana")
        try order(.claim, 0, by: "Ana")
        #expect(throws: AgentRefusal.full(agent: "Ana", capacity: 1)) { try order(.claim, 1, by: "Ana") }
        try order(.claim, 1, by: "Bruno")
        #expect(throws: AgentRefusal.full(agent: "Ana", capacity: 1)) {
            try order(.transfer(to: "Ana"), 1, by: "Bruno")
        }
        #expect(throws: AgentRefusal.full(agent: "Ana", capacity: 1)) {
            try order(.assign(to: "Ana"), 2, by: "asignación", supervising: true)
        }
        try order(.transfer(to: "Ana"), 2, by: "Carla", supervising: true)
        #expect(store.openHandoffs(agent: "Ana").map(\.id) == [ids[0], ids[2]])
    }

    @Test("Lived again, cases that were given and taken back are so again")
    func replayed() throws {
        let talk = Talk()
        try talk.verify()
        try talk.say("quiero hablar con una persona")
        try note(.available, talk)
        try talk.order(.assign(to: "Ana"), by: "asignación")
        try note(.absent, talk)
        #expect(try release(talk))
        try talk.order(.claim, by: "Bruno")
        try talk.order(.reply("Hola Marta."), by: "Bruno")
        let dialog = try #require(DemoCompany.world.dialogs["cobranza"])
        let again = try Replayer(world: DemoCompany.world, dialog: dialog).replay(
            talk.store.recording(until: talk.now))
        #expect(again.differences.isEmpty && again.handoffsGained.isEmpty && again.handoffsLost.isEmpty)
    }
}
