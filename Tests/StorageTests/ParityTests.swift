import Conversations
import DatabaseEngine
import DemoCompany
import Ledger
import Negotiation
import Quantities
import Testing

@testable import Storage

/// The store on disk and the store in memory live the same history to the same end (I10).
struct ParityTests {
    @Test(
        "A random history ends the same on SQLite and in memory, also where messages wait for others", arguments: 0..<12
    )
    func parity(seed: Int) async throws {
        let history = randomHistory(seed: seed, steps: 60)
        var world = DemoCompany.world
        if seed % 2 == 1 { world.quietWindow = 300_000 }
        let memory = MemoryRun(world: world)
        try memory.live(history)
        try await withStore { [world] store in
            let replies = try await live(history, on: store, world: world)
            #expect(replies == memory.replies)
            let contents = memory.store.contents
            for account in ["marta", "juan", "raul"] {
                #expect(try await store.promises(accountID: account) == memory.store.promises(accountID: account))
                #expect(try await store.account(id: account) == memory.store.account(id: account))
            }
            let outbox: [OutboxMessage] = try await bodies("SELECT body FROM outbox ORDER BY seq", store)
            #expect(outbox == contents.outbox)
            let audit: [AuditEvent] = try await bodies("SELECT body FROM audit ORDER BY id", store)
            #expect(audit == contents.audit)
            #expect(try await store.events(after: 0, limit: 10_000).map(\.event) == contents.events)
            let handoffs: [Handoff] = try await bodies("SELECT body FROM handoffs", store)
            #expect(Set(handoffs) == Set(contents.handoffs.values))
            let timers = try await store.dueTimers(now: Moment(iso: "2099-01-01")!, limit: 1000)
            #expect(Set(timers) == Set(contents.timers))
            let conversations: [Conversation] = try await bodies("SELECT body FROM conversations", store)
            for conversation in conversations {
                #expect(memory.store.conversation(id: conversation.id) == conversation)
                let transcript = try await store.submit { try $0.transcript(of: conversation.id, limit: 1000) }
                #expect(transcript == memory.store.transcript(of: conversation.id, limit: 1000))
            }
        }
    }

    private func bodies<Value: Decodable & Sendable>(_ sql: String, _ store: Store) async throws -> [Value] {
        try await store.pool.read { try String.fetchAll($0, sql: sql).map { try JSON.value($0) } }
    }
}
