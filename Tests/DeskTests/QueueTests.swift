import Conversations
import DemoCompany
import Desk
import Dialog
import Quantities
import Testing

struct QueueTests {
    @Test("The most urgent come first, and among equals who waits longest")
    func order() async throws {
        try await DeskRoom.open { room in
            let later = room.now.adding(seconds: 60)
            try await room.queue("juan", "quiero hablar con una persona", at: later)
            try await room.queue("marta", "quiero hablar con una persona")
            try await room.queue("raul", "les voy a hacer juicio, hablen con mi abogado", at: later)
            try await room.queue("sofia", "no quiero vivir más", at: later)
            let queue = try await room.desk.list(now: later.adding(seconds: 60))
            #expect(queue.map(\.account) == ["sofia", "raul", "marta", "juan"])
            #expect(queue.map(\.waiting_seconds) == [60, 60, 120, 60])
            #expect(queue.first { $0.account == "marta" }?.account_name == DemoCompany.account("marta").fullName)
            #expect(queue.allSatisfy { $0.state == "queued" && $0.agent == nil })
        }
    }

    @Test("Of many who claim at once one has it, and the others learn who")
    func claims() async throws {
        try await DeskRoom.open { room in
            let id = try await room.queue("marta")
            let outcomes = try await withThrowingTaskGroup(of: (String, AgentRefusal?).self) { group in
                for index in 0..<20 {
                    group.addTask { ("Agente \(index)", try await room.refusal(.claim, on: id, by: "Agente \(index)")) }
                }
                return try await group.reduce(into: [String: AgentRefusal?]()) { $0[$1.0] = $1.1 }
            }
            let winners = outcomes.filter { $0.value == nil }.map(\.key)
            #expect(winners.count == 1)
            #expect(outcomes.values.compactMap { $0 }.allSatisfy { $0 == .claimedBy(winners[0]) })
            #expect(try await room.desk.list(now: room.now).first?.agent == winners[0])
        }
    }

    @Test("Who has it may claim it again")
    func claimAgain() async throws {
        try await DeskRoom.open { room in
            let id = try await room.queue("marta")
            _ = try await room.order(.claim, on: id)
            #expect(try await room.order(.claim, on: id).state == "claimed")
        }
    }

    @Test(
        "What is closed or returned leaves the queue",
        arguments: [AgentCommand.close(note: nil), .returnToBot(note: nil)])
    func leaves(command: AgentCommand) async throws {
        try await DeskRoom.open { room in
            let id = try await room.queue("marta")
            _ = try await room.order(.claim, on: id)
            _ = try await room.order(command, on: id)
            #expect(try await room.desk.list(now: room.now).isEmpty)
        }
    }

    @Test("Distress, a legal threat, a complaint, who asked for a person, a limit, hardship: in this order")
    func priorities() async throws {
        try await DeskRoom.open { room in
            let priorities: [HandoffPriority] = [
                .hardship, .distress, .askedForHuman, .limitReached, .legalThreat, .complaint,
            ]
            for (index, priority) in priorities.enumerated() {
                let conversation = Conversation(
                    id: "c\(index)", contact: DemoCompany.contact("marta", channel: "canal\(index)"), accountID: nil)
                try await room.store.submit { tx in
                    try tx.save(conversation)
                    try tx.save(
                        Handoff(
                            id: "h\(index)", conversationID: conversation.id, accountID: nil, reason: "\(priority)",
                            priority: priority, createdAt: room.now))
                }
            }
            #expect(
                try await room.desk.list(now: room.now).map(\.reason) == [
                    "distress", "legalThreat", "complaint", "askedForHuman", "limitReached", "hardship",
                ])
        }
    }

    @Test("A case that was opened again comes first for who had it, waits from then on, and yields only to distress")
    func reopened() async throws {
        try await DeskRoom.open { room in
            let later = room.now.adding(seconds: 3600)
            let id = try await room.queue("marta")
            _ = try await room.order(.claim, on: id)
            _ = try await room.order(.close(note: nil), on: id)
            try await room.queue("raul", "les voy a hacer juicio, hablen con mi abogado")
            try await room.queue("sofia", "no quiero vivir más")
            try await room.say("me quedó una duda", from: "marta", at: later)
            func accounts(_ agent: String?) async throws -> [String?] {
                try await room.desk.list(for: agent, now: later).map(\.account)
            }
            #expect(try await accounts("Ana") == ["sofia", "marta", "raul"])
            #expect(try await accounts("Bruno") == ["sofia", "raul", "marta"])
            #expect(try await accounts(nil) == ["sofia", "raul", "marta"])
            let entry = try #require(try await room.desk.list(now: later).last)
            #expect(entry.id == id && entry.state == "queued" && entry.agent == nil && entry.former_agent == "Ana")
            #expect(entry.waiting_seconds == 0 && entry.sla == .within)
        }
    }
}
