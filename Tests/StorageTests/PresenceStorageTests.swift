import Conversations
import DemoCompany
import Quantities
import Testing

@testable import Storage

/// What is kept of agents, alike in both stores.
struct PresenceStorageTests {
    private func live(_ tx: any TurnTransaction) throws -> ([AgentPresence?], [[String]]) {
        let processor = TurnProcessor(world: DemoCompany.world)
        let now = DemoCompany.morning
        _ = try processor.note(.available, of: "Ana", now: now, tx: tx)
        _ = try processor.note(.available, of: "Ana", now: now.adding(seconds: 5), tx: tx)
        _ = try processor.note(.paused, of: "Bruno", now: now, tx: tx)
        for account in ["marta", "juan", "raul"] {
            let message = InboundMessage(
                contact: DemoCompany.contact(account), messageID: account, writtenAt: now,
                content: .text("quiero hablar con una persona"))
            _ = try processor.receive(message, now: now, tx: tx)
            let conversation = try #require(try tx.conversation(for: message.contact))
            let id = try #require(try tx.openHandoff(conversationID: conversation.id)).id
            _ = try processor.command(
                .claim, by: account == "raul" ? "Bruno" : "Ana", handoffID: id, now: now.adding(seconds: 10), tx: tx)
            if account == "juan" {
                _ = try processor.command(.hold, by: "Ana", handoffID: id, now: now.adding(seconds: 20), tx: tx)
            }
        }
        _ = try processor.note(.absent, of: "Ana", now: now.adding(seconds: 30), tx: tx)
        let names = ["Ana", "Bruno", "Nadie"]
        return (
            try names.map { try tx.presence(of: $0) }, try names.map { try tx.openHandoffs(agent: $0).map(\.id) }
        )
    }

    @Test("Presence, the last case and an agent's cases are the same on SQLite and in memory")
    func parity() async throws {
        let memory = MemoryStore(accounts: DemoCompany.accounts)
        let expected = try live(memory)
        #expect(expected.0[0]?.state == .absent && expected.0[0]?.lastCaseAt == DemoCompany.morning.adding(seconds: 10))
        #expect(expected.1.map(\.count) == [2, 1, 0])
        try await withStore { store in
            try await store.importAccounts(DemoCompany.accounts)
            let found = try await store.submit { tx in try self.live(tx) }
            #expect(found.0 == expected.0 && found.1 == expected.1)
            #expect(try await store.presentAgents().map(\.agent) == ["Bruno"])
            #expect(try await store.handoffsOfAbsentAgents() == expected.1[0])
        }
    }
}
