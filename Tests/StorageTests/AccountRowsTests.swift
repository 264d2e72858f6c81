import Conversations
import DatabaseEngine
import DemoCompany
import Ledger
import Quantities
import Testing

@testable import Storage

/// Accounts as rows of three tables.
struct AccountRowsTests {
    /// One with everything that an account may have.
    private static let full: Account = {
        var account = DemoCompany.account("marta")
        account.id = "completa"
        account.document = "20999999"
        account.phone = "+5491199999999"
        account.email = "ana@example.com"
        account.emailVerified = true
        account.postalAddress = "Calle 1, \"Planta\" baja"
        account.terms.punitive = PunitiveTerms(rate: Percent(basisPoints: 3_001), cappedAtHalf: false)
        account.terms.capitalisation = Capitalisation(everyMonths: 6)
        account.terms.dayCountBasis = 360
        account.terms.imputation = .proRata
        account.optedOut = true
        account.items.append(
            Item(
                id: "uva", description: "Cuota en UVA", principal: .units(10), dueDate: Day("1999-12-31")!,
                moratoryRate: Percent(basisPoints: 1_250),
                indexed: IndexedPrincipal(unit: "UVA", hundredths: 100_050)))
        account.payments = [
            Payment(id: "b", amount: .units(7), day: Day("2026-01-31")!, chosenItem: "uva"),
            Payment(id: "a", amount: .units(5), day: Day("2026-02-28")!, reversedOn: Day("2026-03-01")!),
        ]
        account.waivers = [
            Waiver(id: "w", day: Day("2026-04-01")!, component: .interest, amount: .units(1), reason: "acuerdo, 50 %")
        ]
        return account
    }()

    @Test("An account is read back as it was written, its items and payments by id")
    func roundTrip() async throws {
        try await withStore { store in
            try await store.submit { try $0.save(Self.full) }
            #expect(try await store.account(id: "completa") == Self.full.ordered)
            var changed = Self.full
            changed.waivers = []
            changed.terms.punitive = nil
            changed.payments[0].reversedOn = Day("2026-05-01")!
            let saved = changed
            try await store.submit { try $0.save(saved) }
            #expect(try await store.account(id: "completa") == changed.ordered)
        }
    }

    @Test(
        "A database of an earlier version is brought up to date and keeps every account", .ofSQLite,
        arguments: ["1", "conduct", "campaigns", "events"])
    func migrates(version: String) async throws {
        let accounts = DemoCompany.accounts + [Self.full]
        try await withOldDatabase(upTo: version, accounts: accounts) { path in
            let store = try Store(path: path)
            #expect(try await store.accounts() == accounts.map(\.ordered).sorted { $0.id < $1.id })
            #expect(try await store.submit { try $0.account(phone: "+5491199999999")?.id } == "completa")
            let kept = try await store.pool.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
            #expect(kept == "ok")
            try store.close()
        }
    }

    @Test("The body of an account from before waivers and mails is read", .ofSQLite)
    func oldest() async throws {
        let body = """
            {"creditor":"Red","currency":"USD","document":"20000001","firstName":"Ana","fullName":"Ana Paz","id":"a",
            "items":[{"description":"Cuota","dueDate":"2026-11-30","id":"i","principal":{"cents":1050,"currency":"USD"}}],
            "optedOut":false,"payments":[],"phone":"+5491100000001","segment":"ocasional","terms":{"dayCountBasis":365,
            "imputation":"oldest_item_first","moratoryRate":{"basisPoints":6000},"vatOnInterest":{"basisPoints":2100}}}
            """
        try await withOldDatabase(upTo: "events", accounts: []) { path in
            let queue = try DatabaseQueue(path: path)
            try await queue.write { db in
                try db.execute(
                    sql: "INSERT INTO accounts VALUES ('a', '+5491100000001', '20000001', ?)", arguments: [body])
            }
            try queue.close()
            let store = try Store(path: path)
            let item = Item(
                id: "i", description: "Cuota", principal: Money(cents: 1_050, .usd), dueDate: Day("2026-11-30")!)
            #expect(
                try await store.account(id: "a")
                    == Account(
                        id: "a", creditor: "Red", firstName: "Ana", fullName: "Ana Paz", document: "20000001",
                        phone: "+5491100000001", currency: .usd, items: [item]))
            try store.close()
        }
    }

    @Test("The event of a payment is written as the encoder would", arguments: ["p-1", "ñandú", "a\"b\\c/d", "\n"])
    func eventText(id: String) throws {
        for item in [nil, "x", "año"] {
            for reversedOn in [nil, Day("2026-12-31")] {
                let payment = Payment(
                    id: id, amount: Money(cents: 123_405, .usd), day: Day("2026-01-02")!, reversedOn: reversedOn,
                    chosenItem: item)
                for kind in AccountEvent.news(of: payment, was: nil) {
                    let event = AccountEvent(kind, payment, account: "m/1", at: DemoCompany.morning)
                    let text = try JSON.text(kind, payment, account: "m/1", at: DemoCompany.morning)
                    #expect(try text == JSON.text(event))
                }
            }
        }
    }
}
