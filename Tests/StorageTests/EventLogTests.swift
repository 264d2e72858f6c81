import Conversations
import DatabaseEngine
import DemoCompany
import Quantities
import Testing

@testable import Storage

/// Events on disk: in order within an account, none lost, and again from any number on.
struct EventLogTests {
    static let now = DemoCompany.morning

    private func publish(_ accounts: [String], in store: Store) async throws {
        try await store.submit { tx in
            for account in accounts {
                try tx.publish(AccountEvent(.contactOptedOut, account: account, at: Self.now))
            }
        }
    }

    private func due(_ store: Store, _ target: String = "crm", at now: Moment = now) async throws -> [Int64] {
        try await store.takeUpEvents(for: target)
        return try await store.dueEvents(for: target, now: now, limit: 100).map(\.logged.seq)
    }

    @Test("Of each account only the oldest is due; a failing one holds back only its own")
    func order() async throws {
        try await withStore { store in
            try await publish(["a", "a", "b", "b"], in: store)
            #expect(try await due(store) == [1, 3])
            try await store.markEventFailed(
                1, to: "crm", retryAt: Self.now.adding(seconds: 60), reason: "HTTP 500", now: Self.now)
            try await store.markDelivered(3, to: "crm")
            #expect(try await due(store) == [4])
            #expect(try await due(store, at: Self.now.adding(seconds: 60)) == [1, 4])
        }
    }

    @Test("A delivery put off does not wait for hours once the clock is set back")
    func clockSetBack() async throws {
        try await withStore { store in
            try await publish(["a"], in: store)
            _ = try await due(store)
            try await store.markEventFailed(
                1, to: "crm", retryAt: Self.now.adding(seconds: 60), reason: "HTTP 500", now: Self.now)
            #expect(try await due(store, at: Self.now.adding(seconds: 59)) == [])
            #expect(try await due(store, at: Self.now.adding(seconds: -3600)) == [1])
        }
    }

    @Test("An event given up is kept for the operator, and the account goes on")
    func dead() async throws {
        try await withStore { store in
            try await publish(["a", "a"], in: store)
            _ = try await due(store)
            let first = try await store.dueEvents(for: "crm", now: Self.now, limit: 1)[0]
            try await store.markEventDead(first, to: "crm", reason: "HTTP 400", now: Self.now)
            #expect(try await due(store) == [2])
            #expect(try await store.deadLetters(limit: 5).map(\.source) == ["event 1 to crm"])
            let status = try await store.eventTargets()[0]
            #expect(status.dead == 1 && status.waiting == 1 && status.failing.map(\.seq) == [1])
        }
    }

    @Test("Targets do not know of each other, and a new one begins with the first event")
    func targets() async throws {
        try await withStore { store in
            try await publish(["a", "b"], in: store)
            for seq in try await due(store) { try await store.markDelivered(seq, to: "crm") }
            #expect(try await due(store).isEmpty)
            #expect(try await due(store, "erp") == [1, 2])
        }
    }

    @Test("A replay sends everything from its number on again, in order, also what waits or was given up")
    func replay() async throws {
        try await withStore { store in
            try await publish(["a", "a", "a", "b"], in: store)
            while let seq = try await due(store).first, seq != 3 { try await store.markDelivered(seq, to: "crm") }
            #expect(try await due(store) == [3, 4])
            try await store.replayEvents(from: 2, to: ["crm"])
            #expect(try await due(store) == [2, 4])
            try await store.markDelivered(2, to: "crm")
            #expect(try await due(store) == [3, 4])
        }
    }

    @Test("A target that is down does not gather more than a bounded number; the rest follows")
    func bounded() async throws {
        try await withStore { store in
            let count = Store.mostWaiting + 10
            try await publish((0..<count).map { "a\($0)" }, in: store)
            _ = try await due(store)
            #expect(try await store.eventTargets()[0].waiting == Store.mostWaiting)
            for seq in try await due(store) { try await store.markDelivered(seq, to: "crm") }
            _ = try await due(store)
            let status = try await store.eventTargets()[0]
            #expect(status.taken_up_to == Int64(count) && status.waiting == count - 100)
        }
    }

    @Test("An event of a turn that is undone is never seen")
    func undone() async throws {
        struct Stop: Error {}
        try await withStore { store in
            await #expect(throws: Stop.self) {
                try await store.submit { tx in
                    try tx.publish(AccountEvent(.contactOptedOut, account: "a", at: Self.now))
                    throw Stop()
                }
            }
            try await publish(["b"], in: store)
            #expect(try await store.events(after: 0, limit: 10).map(\.event.account) == ["b"])
        }
    }

    @Test("The due events are found by index", .ofSQLite)
    func plan() async throws {
        try await withStore { store in
            let plan = try await store.pool.read { db in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + Store.dueEvents, arguments: ["crm", 0, 1]).map {
                    $0["detail"] as String
                }
            }
            #expect(plan.allSatisfy { !$0.contains("SCAN") }, "\(plan)")
        }
    }
}
