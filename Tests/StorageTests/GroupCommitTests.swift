import Conversations
import DatabaseEngine
import DemoCompany
import Foundation
import Quantities
import Testing

@testable import Storage

/// One transaction for many turns, a savepoint each.
struct GroupCommitTests {
    struct Failure: Error {}

    @Test("Each commit reaches the disk: WAL with synchronous=FULL on the connection that writes", .ofSQLite)
    func durable() async throws {
        try await withStore { store in
            let synchronous = try await store.write { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
            let mode = try await store.write { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
            #expect(synchronous == 2)
            #expect(mode == "wal")
        }
    }

    @Test("A turn that throws is undone alone; the others of its commit stay")
    func rollsBackAlone() async throws {
        try await withStore { store in
            let processor = TurnProcessor(world: DemoCompany.world)
            let accounts = DemoCompany.accounts
            let outcomes = try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
                for index in 0..<60 {
                    group.addTask {
                        let inbound = message("m\(index)", from: accounts[index].id)
                        do {
                            _ = try await store.submit { tx in
                                let reply = try processor.receive(inbound, now: DemoCompany.morning, tx: tx)
                                if index % 3 == 0 { throw Failure() }
                                return reply
                            }
                            return (index, true)
                        } catch is Failure {
                            return (index, false)
                        }
                    }
                }
                return try await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
            }
            #expect(outcomes.allSatisfy { $0.value == ($0.key % 3 != 0) })
            #expect(try await store.counts().inbox == 40)
            let ids = try await store.pool.read { try String.fetchAll($0, sql: "SELECT message_id FROM inbox") }
            #expect(Set(ids) == Set((0..<60).filter { $0 % 3 != 0 }.map { "m\($0)" }))
        }
    }

    @Test("Many concurrent submissions are each answered once, after their commit")
    func concurrent() async throws {
        try await withStore { store in
            let accounts = DemoCompany.accounts
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<500 {
                    group.addTask {
                        try await store.receive(message("m\(index)", from: accounts[index % accounts.count].id))
                        // On disk when the answer comes: another connection sees it.
                        return try await store.pool.read {
                            try Bool.fetchOne(
                                $0, sql: "SELECT 1 FROM inbox WHERE message_id = ?", arguments: ["m\(index)"]) ?? false
                        }
                    }
                }
                for try await seen in group { #expect(seen) }
            }
            #expect(try await store.counts().inbox == 500)
            let turns = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT sum(turns) FROM conversations") }
            #expect(turns == 500)
        }
    }

    @Test("A message submitted many times at once is processed once; all get its reply")
    func sameMessage() async throws {
        try await withStore { store in
            let replies = try await withThrowingTaskGroup(of: TurnReply.self) { group in
                for _ in 0..<40 { group.addTask { try await store.receive(message("m1")) } }
                return try await group.reduce(into: [TurnReply]()) { $0.append($1) }
            }
            #expect(replies.filter { !$0.duplicate }.count == 1)
            #expect(Set(replies.map(\.messages)).count == 1)
        }
    }

    @Test("Identifiers grow in the order of the transactions; one that is undone leaves no gap")
    func identifiers() async throws {
        try await withStore { store in
            _ = try? await store.submit { tx in
                _ = try tx.newID("p")
                throw Failure()
            }
            let first = try await store.submit { try $0.newID("p") }
            let second = try await store.submit { try $0.newID("h") }
            #expect([first, second] == ["p000001", "h000002"])
        }
    }

    @Test("What waits when the store closes is committed; after that it refuses")
    func closing() async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            let store = try Store(path: path)
            try await store.importAccounts(DemoCompany.accounts)
            async let one = store.receive(message("m1"))
            async let two = store.receive(message("m2"))
            _ = try await (one, two)
            try store.close()
            await #expect(throws: StoreError.self) { try await store.receive(message("m3")) }
            let again = try Store(path: path)
            #expect(try await again.counts().inbox == 2)
            try again.close()
        }
    }
}
