import Conversations
import DatabaseEngine
import DemoCompany
import Quantities
import Testing

@testable import Storage

struct TimerTests {
    static let processor = TurnProcessor(world: DemoCompany.world)

    /// Marta promised to pay on Friday the 27th.
    private func promise(_ store: Store) async throws {
        for (index, text) in ["hola", "137", "el viernes te pago todo", "sí, confirmo"].enumerated() {
            try await store.receive(message("u\(index)", text))
        }
    }

    @Test("A timer fires once, however many ask at once")
    func once() async throws {
        try await withStore { store in
            try await promise(store)
            let day = Moment(iso: "2026-11-26T10:00")!
            let due = try await store.dueTimers(now: day, limit: 10)
            #expect(due.contains { $0.kind == .reminderBefore })
            let before = try await store.counts().outbox["pending"] ?? 0
            await withTaskGroup(of: Void.self) { group in
                for timer in due + due + due {
                    group.addTask { _ = try? await store.fire(timer, with: Self.processor, now: day) }
                }
            }
            #expect(try await store.counts().outbox["pending"] == before + 1)
            #expect(try await store.dueTimers(now: day, limit: 10).isEmpty)
        }
    }

    @Test("A timer that was moved does not fire at its old moment")
    func moved() async throws {
        try await withStore { store in
            let old = DueTimer(kind: .idle, key: "c1", at: DemoCompany.morning)
            try await store.submit { try $0.set(old) }
            try await store.submit { try $0.set(DueTimer(kind: .idle, key: "c1", at: old.at.adding(seconds: 60))) }
            #expect(try await store.fire(old, with: Self.processor, now: DemoCompany.morning) == nil)
            #expect(try await store.dueTimers(now: old.at, limit: 10).isEmpty)
            #expect(try await store.dueTimers(now: old.at.adding(seconds: 60), limit: 10).count == 1)
        }
    }

    @Test("Due timers come in order of their moment, found by index")
    func order() async throws {
        try await withStore { store in
            let now = DemoCompany.morning
            try await store.submit { tx in
                for (key, seconds) in [("b", 5), ("a", 5), ("z", 1), ("later", 99)] {
                    try tx.set(DueTimer(kind: .idle, key: key, at: now.adding(seconds: Int64(seconds))))
                }
            }
            #expect(try await store.dueTimers(now: now.adding(seconds: 10), limit: 10).map(\.key) == ["z", "a", "b"])
            #expect(try await store.dueTimers(now: now.adding(seconds: 10), limit: 1).map(\.key) == ["z"])
            guard isFile else { return }
            let plan = try await store.pool.read {
                try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN SELECT kind FROM timers WHERE at <= 1").map {
                    $0["detail"] as String
                }
            }
            #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(plan)")
        }
    }

    @Test("A timer set aside leaves a dead letter that says why")
    func setAside() async throws {
        try await withStore { store in
            let timer = DueTimer(kind: .idle, key: "c1", at: DemoCompany.morning)
            try await store.submit { try $0.set(timer) }
            try await store.setAside(timer, reason: "no se pudo", now: DemoCompany.morning)
            #expect(try await store.dueTimers(now: DemoCompany.morning, limit: 10).isEmpty)
            #expect(try await store.deadLetters(limit: 10).map(\.reason) == ["no se pudo"])
        }
    }
}
