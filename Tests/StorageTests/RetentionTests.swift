import Conversations
import DatabaseEngine
import DemoCompany
import Foundation
import Ledger
import Quantities
import Testing

@testable import Storage

/// What was kept long enough goes, and nothing that is counted or owed changes by it.
struct RetentionTests {
    private let processor = TurnProcessor(world: DemoCompany.world)
    private let terms = RetentionTerms()

    private func after(_ days: Int) -> Moment { DemoCompany.morning.adding(seconds: Int64(days) * 86_400) }

    private func count(_ sql: String, _ store: Store) async throws -> Int {
        try await store.pool.read { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    private func sums(_ store: Store) async throws -> [String] {
        try await store.pool.read {
            try String.fetchAll(
                $0,
                sql: """
                    SELECT kind || ' ' || at || ' ' || detail || ' ' || sum(n) || ' ' || sum(cents) FROM rollup
                    GROUP BY kind, at, detail HAVING sum(n) <> 0 ORDER BY 1
                    """)
        }
    }

    /// A store with a random past that ended, and nothing waiting to leave.
    private func withPast(seed: Int = 4, _ body: (Store, String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            let store = try Store(path: path)
            try await store.importAccounts(DemoCompany.accounts)
            try await live(randomHistory(seed: seed, steps: 80), on: store)
            try await store.receive(
                InboundMessage(
                    contact: ContactKey(channel: "whatsapp", gatewayAccount: "1", address: "+5491177777777"),
                    messageID: "s1", writtenAt: DemoCompany.morning, content: .text("hola, soy un desconocido")))
            try await store.write { try $0.execute(sql: "UPDATE outbox SET state = 'read' WHERE state = 'pending'") }
            try await store.addDeadLetter(source: "x", reason: "y", body: "z", at: DemoCompany.morning)
            try await body(store, path)
            try store.close()
        }
    }

    @Test("Before its time nothing goes")
    func early() async throws {
        try await withPast { store, path in
            let due = try Store.retentionDue(in: path, terms, now: after(60))
            let report = try await store.retain(terms, now: after(60))
            #expect(due.total == 0 && report.total == 0)
        }
    }

    @Test("After ninety days the messages as they came go, with what only a replay needs; what was said stays")
    func raw() async throws {
        try await withPast { store, path in
            let (said, before) = (try await count("SELECT count(*) FROM transcript", store), try await sums(store))
            let turns = try await count("SELECT count(*) FROM journal", store)
            let due = try Store.retentionDue(in: path, terms, now: after(200))
            let report = try await store.retain(terms, now: after(200))
            #expect(report.rows[.messages] == due.rows[.messages] && report.rows[.turns] == due.rows[.turns])
            #expect(report.rows[.deadLetters] == 1 && (report.rows[.accountVersions] ?? 0) > 0)
            for table in ["inbox", "dead_letters", "account_versions"] {
                #expect(try await count("SELECT count(*) FROM \(table)", store) == 0, "\(table)")
            }
            #expect(try await count("SELECT count(*) FROM journal", store) == turns)
            #expect(
                try await count("SELECT count(*) FROM journal WHERE message_id <> '' OR input IS NOT NULL", store) == 0)
            #expect(try await count("SELECT count(*) FROM transcript", store) == said)
            #expect(try await sums(store) == before)
            #expect(try Store.reportDifferences(in: path) == [])
            let again = try await store.retain(terms, now: after(200))
            #expect(again.total == 0)
        }
    }

    @Test("A replay leaves out who has no messages any more, and only them")
    func replay() async throws {
        try await withPast { store, path in
            _ = try await store.retain(terms, now: after(200))
            let later = after(199)
            try await store.receive(message("new-1", "hola", from: "nora"), now: later)
            var turns: [Int] = []
            try Recordings(path: path).forEachPerson { turns.append($0.turns.count) }
            #expect(turns.filter { $0 > 0 } == [1])
        }
    }

    @Test("After five years what was said goes too, and strangers with it; debts and sums stay")
    func talk() async throws {
        try await withPast { store, path in
            let before = try await sums(store)
            let owed = try await count("SELECT sum(cents) FROM portfolio", store)
            let promises = try await count("SELECT count(*) FROM promises", store)
            let report = try await store.retain(terms, now: after(2_000))
            #expect((report.rows[.talk] ?? 0) > 50 && (report.rows[.sent] ?? 0) > 10 && report.rows[.strangers] == 1)
            #expect(try await count("SELECT count(*) FROM transcript", store) == 0)
            #expect(try await count("SELECT count(*) FROM conversations WHERE account_id IS NULL", store) == 0)
            #expect(try await sums(store) == before)
            #expect(try Store.reportDifferences(in: path) == [])
            #expect(try await count("SELECT sum(cents) FROM portfolio", store) == owed)
            #expect(try await count("SELECT count(*) FROM promises", store) == promises)
            guard case .intact = try Store.verifyAudit(in: path) else {
                Issue.record("the chain is broken")
                return
            }
        }
    }

    @Test("After ten years who owes nothing is gone; who owes, paid lately or has another account that does stays")
    func people() async throws {
        try await withPast { store, path in
            let processor = processor
            func pay(_ account: String, _ day: Int) async throws {
                let now = after(day)
                let payment = Payment(id: "todo", amount: Money(cents: 900_000_000), day: now.day(in: .argentina))
                try await store.submit {
                    try processor.importPayments([payment], accountID: account, now: now, tx: $0)
                }
            }
            var second = DemoCompany.account("nora")
            (second.id, second.phone) = ("nora-2", "+5491166666666")
            try await store.importAccounts([second])
            for account in ["juan", "nora"] { try await pay(account, 1) }
            try await pay("raul", 3_000)
            // What they made due later goes by its own timers; here nobody waits for anything.
            try await store.write {
                try $0.execute(sql: "UPDATE promises SET state = 'withdrawn' WHERE state = 'open'")
                try $0.execute(sql: "UPDATE handoffs SET state = 'closed'")
                try $0.execute(sql: "UPDATE outbox SET state = 'read' WHERE state IN ('pending', 'call')")
            }
            let (before, owed) = (try await sums(store), try await count("SELECT sum(cents) FROM portfolio", store))
            let report = try await store.retain(terms, now: after(4_000))
            #expect(report.rows[.people] == 1)
            let left = try await store.accountIDs()
            #expect(!left.contains("juan") && Set(left).isSuperset(of: ["marta", "nora", "nora-2", "raul"]))
            #expect(try await sums(store) == before)
            #expect(try Store.reportDifferences(in: path) == [])
            #expect(try await count("SELECT sum(cents) FROM portfolio", store) == owed)
            // They may come back as anybody: only an opt-out is remembered.
            try await store.importAccounts([DemoCompany.account("juan")])
            #expect(try await store.account(id: "juan")?.fullName == DemoCompany.account("juan").fullName)
        }
    }

    @Test("The audit log loses old texts, verifies all the same, and the dashboards count what they counted")
    func audit() async throws {
        try await withPast { store, path in
            try await store.record(
                AuditEvent(
                    at: DemoCompany.morning, conversationID: nil, accountID: nil, kind: "login", detail: ["Ana"]))
            let before = try await sums(store)
            let report = try await store.retain(terms, now: after(4_000))
            #expect((report.rows[.audit] ?? 0) > 5)
            #expect(try await count("SELECT count(*) FROM audit WHERE body LIKE '%login%'", store) == 0)
            #expect(try await sums(store) == before)
            #expect(try Store.reportDifferences(in: path) == [])
            guard case .intact = try Store.verifyAudit(in: path) else {
                Issue.record("the chain is broken")
                return
            }
        }
    }

    @Test("Turns go on between the transactions of a pass, however many rows it takes")
    func batches() async throws {
        try await withPast { store, _ in
            try await store.write { db in
                for index in 0..<3_000 {
                    try db.execute(
                        sql: "INSERT INTO dead_letters (at, source, reason, body) VALUES (0, 's', 'r', ?)",
                        arguments: ["\(index)"])
                }
            }
            var pauses = 0
            let report = try await store.retain(terms, now: after(100)) {
                pauses += 1
                try await store.receive(message("during-\(pauses)", "hola"), now: after(100))
            }
            #expect(report.rows[.deadLetters] == 3_001 && pauses >= 7)
            #expect(try await count("SELECT count(*) FROM inbox WHERE message_id LIKE 'during-%'", store) == pauses)
        }
    }
}
