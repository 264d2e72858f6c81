import Foundation
import Ledger
import Negotiation
import Quantities
import SharedData
import Testing

struct AcceptanceTests {
    static let policy = Table.policy(["valen_dias: 0": "valen_dias: 2"])

    @Test("The price on the screen holds until its stated day, whatever the interest since", arguments: 0...2)
    func holds(days: Int) {
        let offer = Table.bargain(5_000_000, daysPastDue: 10, policy: Self.policy).payNow()
        let later = Table.bargain(
            5_000_000, daysPastDue: 10, policy: Self.policy, today: Table.today.adding(days: days))
        guard case .asShown(let held) = later.accept(offer) else {
            Issue.record("the price did not hold")
            return
        }
        #expect(held.total == offer.total && held.instalments[0].dueDay == later.today)
    }

    @Test("After it, the same option is priced again and says so")
    func expired() {
        let offer = Table.bargain(5_000_000, daysPastDue: 10, policy: Self.policy).payNow()
        let later = Table.bargain(5_000_000, daysPastDue: 10, policy: Self.policy, today: Table.today.adding(days: 3))
        #expect(later.reprice(offer) == nil)
        #expect(
            later.accept(offer)
                == .repriced(later.payNow(), why: "Ese precio valía hasta el jueves 26/11; te lo recalculo a hoy."))
    }

    @Test("A payment since then changes the price, and an option that is no longer there is gone")
    func changed() {
        let before = Table.bargain(5_000_000, daysPastDue: 10, policy: Self.policy)
        var account = before.account
        account.payments = [Payment(id: "x", amount: .units(10_000), day: Table.today)]
        func after(_ account: Account) -> Bargain {
            Bargain(account: account, policy: Self.policy, today: Table.today, calendar: .argentina, promises: [])
        }
        guard case .repriced(let fresh, let why) = after(account).accept(before.payNow()) else {
            Issue.record("an offer from a debt that changed was taken")
            return
        }
        #expect(fresh.total < before.payNow().total && why.contains("cambió"))
        account.payments[0].amount = .units(60_000)
        #expect(after(account).accept(before.payNow()) == .gone(why: "La deuda cambió y esa opción ya no está."))
    }

    @Test("An indexed debt is offered at the value of its day, later days at the last published one")
    func indexed() throws {
        var account = Table.account(1, daysPastDue: -5)
        account.items[0].indexed = IndexedPrincipal(unit: "UVA", hundredths: 10_000)
        let table = try IndexTable.parse("2026-11-01\t1000\n2026-11-24\t1100.00\n")
        let bargain = Bargain(
            account: account, policy: Table.policy(), today: Table.today, calendar: .argentina, promises: [],
            indices: IndexTables(["UVA": table]))
        #expect(bargain.payNow().total == .units(110_000))
        #expect(bargain.offers()[1].total.cents >= 11_000_000)
        #expect(bargain.accept(bargain.payNow()) == .asShown(bargain.payNow()))
    }

    @Test("An offer written before offers knew their debt is still read")
    func earlierVersion() throws {
        let json = """
            {"id":"promise","kind":"promise","total":{"cents":5,"currency":"ARS"},"discount":{"cents":0,"currency":"ARS"},
            "instalments":[{"number":1,"amount":{"cents":5,"currency":"ARS"},"dueDay":"2026-12-05"}],
            "rate":{"basisPoints":0},"pricedOn":"2026-11-24","validUntil":"2026-11-24","policyVersion":"1","explanation":[]}
            """
        let offer = try JSONDecoder().decode(Offer.self, from: Data(json.utf8))
        #expect(offer.debt == nil && Table.bargain(5_000_000, daysPastDue: 10).reprice(offer) == offer)
    }
}
