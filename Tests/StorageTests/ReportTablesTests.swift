import Conversations
import DatabaseEngine
import DemoCompany
import Foundation
import Ledger
import Negotiation
import Quantities
import SharedData
import Testing

@testable import Storage

/// The dashboards' tables, kept as things happen, say what the base tables say.
struct ReportTablesTests {
    private func differences(_ store: Store) async throws -> [String] {
        try await store.pool.read { try ReportTables.differences($0) }
    }

    private func count(_ sql: String, _ store: Store) async throws -> Int {
        try await store.pool.read { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    @Test("After every few turns of a random life the tables are what a recomputation gives", arguments: 0..<8)
    func lives(seed: Int) async throws {
        var history = randomHistory(seed: seed, steps: 90)[...]
        var random = SeededRandom(seed: UInt64(seed) &+ 77)
        try await withStore { store in
            let processor = TurnProcessor(world: DemoCompany.world)
            while !history.isEmpty {
                let part = Array(history.prefix(6))
                history = history.dropFirst(6)
                let now = part[part.count - 1].moment
                try await live(part, on: store)
                try await change(store, processor, now, &random)
                #expect(try await differences(store) == [], "seed \(seed), until \(now.iso(in: .argentina))")
            }
            #expect(try await count("SELECT count(*) FROM rollup WHERE n > 0", store) > 20)
        }
    }

    @Test("A promise made under a risk card is weighed by it, until it ends")
    func weighed() async throws {
        var world = DemoCompany.world
        world.riskCard = try Scorecard.parse("version\t1\nnivel\t-1000\t2500\n", file: "tarjeta.tsv")
        let processor = TurnProcessor(world: world)
        try await withStore { store in
            for (index, text) in ["hola", "137", "el viernes te tiro 22 lucas", "dale"].enumerated() {
                let message = message("m\(index)", text)
                try await store.submit { _ = try processor.receive(message, now: DemoCompany.morning, tx: $0) }
            }
            func cents(_ kind: String, _ state: String) async throws -> Int {
                try await count(
                    "SELECT coalesce(sum(cents), 0) FROM rollup WHERE kind = '\(kind)' AND detail = '\(state)'", store)
            }
            #expect(try await cents("weighed", "open") == 2_200_000)
            #expect(try await cents("expected", "open") == 1_650_000)
            #expect(try await differences(store) == [])
            try await store.submit { tx in
                var promise = try tx.promises(accountID: "marta")[0]
                promise.withdraw(askedBy: "deudor", on: DemoCompany.morning.day(in: .argentina))
                try tx.save(promise)
            }
            #expect(try await cents("expected", "open") == 0)
            #expect(try await differences(store) == [])
        }
    }

    /// Something that the ERP tells, or an erasure.
    private func change(
        _ store: Store, _ processor: TurnProcessor, _ now: Moment, _ random: inout SeededRandom
    ) async throws {
        let today = now.day(in: .argentina)
        let id = ["marta", "juan", "raul"].randomElement(using: &random)!
        let (kind, number) = (Int.random(in: 0..<6, using: &random), Int.random(in: 1...999_999, using: &random))
        try await store.submit { tx in
            guard var account = try tx.account(id: id) else { return }
            switch kind {
            case 0: account.segment = number % 2 == 0 ? "cronico" : "ocasional"
            case 1:
                account.items.append(
                    Item(
                        id: "n\(number)", description: "Cuota", principal: Money(cents: Int64(number)),
                        dueDate: today.adding(days: number % 90 - 45)))
            case 2:
                account.waivers.append(
                    Waiver(
                        id: "w\(number)", day: today, component: .principal, amount: Money(cents: Int64(number)),
                        reason: "acuerdo"))
            case 3:
                guard let payment = account.payments.last else { return }
                var reversed = payment
                reversed.reversedOn = today
                return try processor.importPayments([reversed], accountID: id, now: now, tx: tx)
            case 4:
                try tx.recordProactive(accountID: id, channel: "whatsapp", at: now)
                return
            default:
                return try processor.importPayments(
                    [Payment(id: "x\(number)", amount: Money(cents: Int64(number)), day: today)], accountID: id,
                    now: now,
                    tx: tx)
            }
            try tx.save(account)
        }
    }

    @Test("An import of many accounts is placed in the portfolio as one of a few is")
    func imported() async throws {
        try await withTemporaryFolder { folder in
            let store = try Store(path: database(in: folder))
            var accounts =
                "cuenta,acreedor,nombre,nombre_completo,documento,telefono,moneda,segmento,tna,iva_interes,imputacion\n"
            var items = "cuenta,item,descripcion,capital,vencimiento\n"
            var payments = "cuenta,pago,importe,dia\n"
            for index in 0..<300 {
                let segment = index % 3 == 0 ? "cronico" : "ocasional"
                accounts +=
                    "c\(index),Red,Ana,Ana Paz,2\(1_000_000 + index),+54911\(10_000_000 + index),ARS,\(segment),60,21,oldest_item_first\n"
                for item in 0..<(index % 4) {
                    items += "c\(index),i\(item),Cuota,\(100 + index).50,2026-1\(item)-0\(1 + index % 9)\n"
                }
                if index % 5 == 0 { payments += "c\(index),p1,\(50 + index).00,2026-11-\(10 + index % 10)\n" }
            }
            for (kind, text) in [(ImportKind.accounts, accounts), (.items, items), (.payments, payments)] {
                let file = folder + "/\(kind.rawValue).csv"
                try Data(text.utf8).write(to: URL(fileURLWithPath: file))
                _ = try await store.run(
                    ImportJob(kind: kind, file: file), processor: TurnProcessor(world: DemoCompany.world),
                    now: DemoCompany.morning)
                #expect(try await differences(store) == [])
            }
            #expect(try await count("SELECT sum(n) FROM portfolio", store) == 225)
            try store.close()
        }
    }

    @Test("What was erased is taken off")
    func erased() async throws {
        try await withStore { store in
            try await live(randomHistory(seed: 3, steps: 60), on: store)
            try await store.write { db in
                for table in ["promises", "payments", "items", "contacts"] {
                    try db.execute(sql: "DELETE FROM \(table) WHERE account_id = 'marta'")
                }
                try db.execute(sql: "DELETE FROM handoffs WHERE body ->> 'accountID' = 'marta'")
                try db.execute(sql: "DELETE FROM journal WHERE account_id = 'marta'")
                try db.execute(sql: "DELETE FROM accounts WHERE id = 'marta'")
            }
            let found = try await differences(store)
            // What a conversation did stays counted.
            #expect(found.filter { !$0.hasPrefix("steps") } == [])
        }
    }

    @Test("A database of an earlier version gets its past counted")
    func migrated() async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            let store = try Store(path: path)
            try await store.importAccounts(DemoCompany.accounts)
            try await store.submit {
                try $0.recordProactive(accountID: "juan", channel: "sms", at: DemoCompany.morning)
            }
            try await live(randomHistory(seed: 5, steps: 80), on: store)
            let tables = [
                "SELECT * FROM rollup WHERE n <> 0 OR cents <> 0", "SELECT * FROM talks", "SELECT * FROM steps",
                "SELECT * FROM positions", "SELECT * FROM portfolio WHERE n <> 0", "SELECT * FROM contacts",
            ]
            let kept = try await store.pool.read { db in try tables.map { try Row.fetchAll(db, sql: $0) } }
            try await store.write { try ReportTables.rebuild($0) }
            let rebuilt = try await store.pool.read { db in try tables.map { try Row.fetchAll(db, sql: $0) } }
            for (before, after) in zip(kept, rebuilt) {
                #expect(before.count == after.count && Set(before) == Set(after))
            }
            #expect(try await differences(store) == [])
            try store.close()
            #expect(try Store.reportDifferences(in: path) == [])
        }
    }

    @Test("A wrong sum is found and named")
    func found() async throws {
        try await withStore { store in
            try await store.submit { tx in
                try TurnProcessor(world: DemoCompany.world).importPayments(
                    [Payment(id: "p", amount: .units(100), day: Day("2026-11-20")!)], accountID: "marta",
                    now: DemoCompany.morning, tx: tx)
            }
            try await store.write { try $0.execute(sql: "UPDATE rollup SET cents = cents + 1 WHERE kind = 'payment'") }
            let found = try await differences(store)
            #expect(found.count == 2 && found.allSatisfy { $0.hasPrefix("rollup") && $0.contains("payment") })
        }
    }
}
