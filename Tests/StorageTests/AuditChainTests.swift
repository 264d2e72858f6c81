import Conversations
import DatabaseEngine
import DemoCompany
import Foundation
import Quantities
import Testing

@testable import Storage

/// The audit log as a chain: what somebody does to it behind the program's back is seen.
struct AuditChainTests {
    /// A closed database with twelve rows or more, a copy of which is given to `body`.
    private func withLog(_ body: (String) throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            let store = try Store(path: path)
            try await store.importAccounts(DemoCompany.accounts)
            for (index, text) in ["hola", "137", "el viernes 20 lucas", "sí, confirmo", "quiero hablar con alguien"]
                .enumerated()
            {
                try await store.receive(message("m\(index)", text))
            }
            try await store.receive(message("j1", from: "juan"))
            for name in ["Ana", "Bruno"] {
                try await store.record(
                    AuditEvent(
                        at: DemoCompany.morning, conversationID: nil, accountID: nil, kind: "login", detail: [name]))
            }
            try store.close()
            try body(path)
        }
    }

    private func tamper(_ path: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test("A log that nobody touched is intact, and so is one without rows")
    func intact() async throws {
        try await withLog { path in
            guard case .intact(let rows, .some, let anchor) = try Store.verifyAudit(in: path) else {
                Issue.record("broken")
                return
            }
            #expect(rows >= 12)
            #expect(try Store.verifyAudit(in: path, anchor: anchor) == Store.verifyAudit(in: path))
        }
        try await withTemporaryFolder { folder in
            try Store(path: database(in: folder, "x")).close()
            let verdict = try Store.verifyAudit(in: database(in: folder, "x"))
            #expect(verdict == .intact(rows: 0, last: nil, anchor: String(repeating: "0", count: 64)))
        }
    }

    @Test(
        "What was done to it is told with its row",
        arguments: [
            ("UPDATE audit SET body = replace(body, '\"at\":', '\"at\": ') WHERE id = 5", 5, .changed),
            ("UPDATE audit SET at = at + 1 WHERE id = 5", 5, .unchained),
            ("UPDATE audit SET hash = digest WHERE id = 1", 1, .unchained),
            ("DELETE FROM audit WHERE id = 5", 6, .removed(from: 5)),
            ("DELETE FROM audit WHERE id BETWEEN 5 AND 7", 8, .removed(from: 5)),
            ("DELETE FROM audit WHERE id = 1", 2, .removed(from: 1)),
            (
                """
                UPDATE audit SET id = -id - 1 WHERE id >= 5; UPDATE audit SET id = -id WHERE id < 0;
                INSERT INTO audit SELECT 5, at, body, salt, digest, hash FROM audit WHERE id = 2
                """, 5, .inserted
            ),
            ("UPDATE audit SET body = '{\"erased\":7}', salt = NULL WHERE id = 5", 5, .erasedWithoutOrder),
            ("UPDATE audit SET salt = NULL WHERE id = 5", 5, .erasedWithoutOrder),
        ] as [(String, Int64, AuditBreach)])
    func broken(sql: String, row: Int64, breach: AuditBreach) async throws {
        try await withLog { path in
            try tamper(path, sql)
            #expect(try Store.verifyAudit(in: path) == .broken(row: row, breach))
        }
    }

    @Test("A tail that was cut off is seen with an anchor, and only with it")
    func cut() async throws {
        try await withLog { path in
            guard case .intact(let rows, _, let anchor) = try Store.verifyAudit(in: path) else { return }
            try tamper(path, "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)")
            guard case .intact = try Store.verifyAudit(in: path) else {
                Issue.record("a shorter chain is a chain")
                return
            }
            let verdict = try Store.verifyAudit(in: path, anchor: anchor)
            #expect(verdict == .broken(row: Int64(rows - 1), .anchorMissing))
        }
    }

    @Test("A turn that fails leaves no row and no gap")
    func rolledBack() async throws {
        struct Failure: Error {}
        try await withTemporaryFolder { folder in
            let store = try Store(path: database(in: folder, "x"))
            let event = AuditEvent(
                at: DemoCompany.morning, conversationID: nil, accountID: nil, kind: "login", detail: [])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<60 {
                    group.addTask {
                        try? await store.submit { tx in
                            try tx.append(event)
                            if index % 3 == 0 { throw Failure() }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try store.close()
            guard case .intact(40, _, _) = try Store.verifyAudit(in: database(in: folder, "x")) else {
                Issue.record("expected forty rows in one chain")
                return
            }
        }
    }

    @Test("A log from before the chain is chained, and keeps every row", arguments: ["console", "account rows"])
    func migrated(version: String) async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder, "old")
            let queue = try DatabaseQueue(path: path)
            try Schema.migrator.migrate(queue, upTo: version)
            let events = (1...5).map {
                AuditEvent(
                    at: Moment(seconds: $0), conversationID: nil, accountID: "marta", kind: "turn", detail: ["\($0)"])
            }
            try await queue.write { db in
                for event in events {
                    try db.execute(
                        sql: "INSERT INTO audit (at, body) VALUES (?, ?)",
                        arguments: [event.at.milliseconds, JSON.text(event)])
                }
            }
            try queue.close()
            try Store(path: path).close()
            guard case .intact(5, Moment(seconds: 5), _) = try Store.verifyAudit(in: path) else {
                Issue.record("not chained")
                return
            }
            var read: [AuditEvent] = []
            try Store.audit(in: path, AuditFilter(person: "marta")) { row in
                if case .event(let event) = row.content { read.append(event) }
            }
            #expect(read == events)
        }
    }

    @Test(
        "The log is filtered by person, agent, kind and moment",
        arguments: [
            (AuditFilter(person: "juan"), ["juan"]),
            (AuditFilter(person: DemoCompany.account("juan").document), ["juan"]),
            (AuditFilter(agent: "Bruno"), ["Bruno"]), (AuditFilter(kind: "login"), ["Ana", "Bruno"]),
            (AuditFilter(kind: "log"), []), (AuditFilter(agent: "Ana", kind: "turn"), []),
            (AuditFilter(moments: Moment(seconds: 0)...Moment(seconds: 1)), []),
        ])
    func filtered(filter: AuditFilter, whose: [String]) async throws {
        try await withLog { path in
            var found: Set<String> = []
            try Store.audit(in: path, filter) { row in
                guard case .event(let event) = row.content else { return }
                found.insert(event.accountID ?? event.detail[0])
            }
            #expect(found == Set(whose))
        }
    }

    @Test("A database that has other tables, or is none, is refused with its path")
    func refused() async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder, "old")
            #expect(throws: StoreError.self) { try Store.verifyAudit(in: path) }
            let queue = try DatabaseQueue(path: path)
            try Schema.migrator.migrate(queue, upTo: "events")
            try queue.close()
            let error = #expect(throws: StoreError.self) { try Store.verifyAudit(in: path) }
            #expect(error?.description.hasPrefix(path) == true)
        }
    }
}
