import Conversations
import DatabaseEngine
import DemoCompany
import Quantities
import Testing

@testable import Storage

/// What waits to be answered together is on disk.
struct QuietWindowTests {
    private static let world: World = {
        var world = DemoCompany.world
        world.quietWindow = 1200
        return world
    }()
    private static let processor = TurnProcessor(world: world)
    private static let closes = DemoCompany.morning.adding(milliseconds: 1200)

    private func due(_ store: Store, at moment: Moment) async throws -> [DueTimer] {
        try await store.closingWindows(now: moment, longest: 4800, limit: 10)
    }

    @Test("A store that is opened again has what waited, and answers it once, however many fire it")
    func openedAgain() async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            let before = try Store(path: path)
            try await before.importAccounts(DemoCompany.accounts)
            for (id, text) in [("a", "hola"), ("b", "buenas"), ("a", "hola")] {
                try await before.receive(message(id, text), world: Self.world)
            }
            #expect(try await before.counts().inbox == 2)
            #expect(try await before.counts().outbox.isEmpty)
            try before.close()
            let store = try Store(path: path)
            #expect(try await store.nextWindow() == Self.closes)
            #expect(try await due(store, at: DemoCompany.morning).isEmpty)
            let timers = try await due(store, at: Self.closes)
            #expect(timers.count == 1)
            let replies = await withTaskGroup(of: [Result<TurnReply?, any Error>].self) { group in
                for _ in 0..<8 {
                    group.addTask { await store.fire(timers + timers, with: Self.processor, now: Self.closes) }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            #expect(try replies.compactMap { try $0.get() }.map(\.joined) == [1])
            #expect(try await store.counts().outbox == ["pending": 1])
            #expect(try await store.nextWindow() == nil)
            #expect(try await store.receive(message("a", "hola"), world: Self.world).duplicate)
            try store.close()
        }
    }

    @Test("Where the clock was set back, what waits is answered and does not wait for that hour again")
    func clockSetBack() async throws {
        try await withStore { store in
            try await store.receive(message("a"), world: Self.world)
            let hourBefore = DemoCompany.morning.adding(seconds: -3600)
            #expect(try await due(store, at: hourBefore).count == 1)
            #expect(try await due(store, at: DemoCompany.morning.adding(seconds: -1)).isEmpty)
        }
    }

    @Test("The journal keeps what waited for what, and a talk begins with its first message")
    func journal() async throws {
        try await withStore { store in
            for id in ["a", "b"] { try await store.receive(message(id), world: Self.world) }
            _ = await store.fire(try await due(store, at: Self.closes), with: Self.processor, now: Self.closes)
            let rows = try await store.pool.read {
                try Row.fetchAll($0, sql: "SELECT message_id, quiet_window, dialog_version FROM journal ORDER BY seq")
                    .map { [$0["message_id"] as String?, $0["quiet_window"], $0["dialog_version"]] }
            }
            let version = DemoCompany.world.dialogs["cobranza"]!.version
            #expect(rows == [["a", "part", version], ["b", "part", version], ["b", "whole", version]])
            let talks = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM talks") }
            #expect(talks == 1)
        }
    }

    @Test("Windows that close are found without a look at any other timer", .ofSQLite)
    func index() async throws {
        try await withStore { store in
            let plan = try await store.pool.read {
                try Row.fetchAll(
                    $0,
                    sql: """
                        EXPLAIN QUERY PLAN SELECT key, at FROM timers
                        WHERE kind = 'quiet' AND (at <= 1 OR at > 2) ORDER BY at, key LIMIT 3
                        """
                ).map { $0["detail"] as String }
            }
            #expect(plan.first == "SEARCH timers USING PRIMARY KEY (kind=?)", "\(plan)")
        }
    }

    @Test("Several submitted together run in their order, and one that throws is undone alone")
    func together() async throws {
        struct Failure: Error {}
        try await withStore { store in
            let results = await store.write(
                (0..<5).map { index in
                    { @Sendable (db: Database) throws -> String in
                        let id = try SQLiteTurn(db: db).newID("x")
                        if index == 2 { throw Failure() }
                        return id
                    }
                })
            #expect(results.map { try? $0.get() } == ["x000001", "x000002", nil, "x000003", "x000004"])
        }
    }
}
