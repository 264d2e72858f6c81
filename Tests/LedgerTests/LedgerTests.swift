import Ledger
import Quantities
import SharedData
import Testing

struct LedgerTests {
    static func cents(_ value: Any?) -> Int64 { (value as? Int).map(Int64.init) ?? 0 }

    @Test("Moratory interest and its VAT are those of the vectors", .enabled(if: SharedData.has("calculation_vectors.json")), arguments: SharedData.vectors("moratory_interest"))
    func interest(vector: SharedData.Vector) {
        let principal = Money(cents: Self.cents(vector.input["principal_cents"]))
        let interest = moratoryInterest(
            on: principal, rate: Percent(basisPoints: Self.cents(vector.input["tna_bp"])), days: vector.input["days"] as! Int,
            basis: vector.input["basis"] as! Int)
        let vat = Percent(basisPoints: Self.cents(vector.input["vat_bp"])).of(interest)
        #expect(interest.cents == Self.cents(vector.expected["interest_cents"]))
        #expect(vat.cents == Self.cents(vector.expected["vat_on_interest_cents"]))
        #expect((principal + interest + vat).cents == Self.cents(vector.expected["total_due_cents"]))
    }

    @Test("Collection charges are those of the vectors", .enabled(if: SharedData.has("calculation_vectors.json")), arguments: SharedData.vectors("collection_charge"))
    func charge(vector: SharedData.Vector) {
        let maximum = vector.input["max_cents"] is Int ? Self.cents(vector.input["max_cents"]) : .max
        let terms = CollectionChargeTerms(
            rate: Percent(basisPoints: Self.cents(vector.input["charge_bp"])), minimum: Money(cents: Self.cents(vector.input["min_cents"])),
            maximum: Money(cents: maximum), vat: Percent(basisPoints: Self.cents(vector.input["vat_bp"])), fromDaysPastDue: 1)
        let charge = collectionCharge(on: Money(cents: Self.cents(vector.input["base_cents"])), terms: terms)
        #expect(charge.cents == Self.cents(vector.expected["charge_cents"]))
        #expect(terms.vat.of(charge).cents == Self.cents(vector.expected["vat_cents"]))
    }

    @Test("Payments are imputed as the vectors say", .enabled(if: SharedData.has("calculation_vectors.json")), arguments: SharedData.vectors("payment_imputation"))
    func imputation(vector: SharedData.Vector) throws {
        let items = (vector.input["items"] as! [[String: Any]]).map {
            ItemDebt(
                id: $0["id"] as! String, dueDate: Day($0["due_date"] as! String)!, principal: Money(cents: Self.cents($0["principal_cents"])),
                interest: Money(cents: Self.cents($0["interest_cents"])), costs: Money(cents: Self.cents($0["costs_cents"])),
                rate: Percent(basisPoints: Self.cents($0["rate_bp"])))
        }
        let mode = try #require(ImputationMode(rawValue: vector.input["mode"] as! String))
        let chosen = (vector.input["chosen_item"] ?? vector.input["chosen_id"] ?? vector.input["debtor_choice"]) as? String
        let result = impute(Money(cents: Self.cents(vector.input["payment_cents"])), to: items, mode: mode, chosenItem: chosen)
        #expect(result.credit.cents == Self.cents(vector.expected["unapplied_credit_cents"]))
        for remaining in vector.expected["remaining"] as! [[String: Any]] {
            let item = try #require(result.remaining.first { $0.id == remaining["id"] as? String })
            #expect(item.total.cents == Self.cents(remaining["total_cents"]))
            #expect(item.principal.cents == Self.cents(remaining["principal_cents"]))
        }
    }

    @Test("What was owed is what is owed, paid and left over, whatever the history (I11)", arguments: 0..<200)
    func balance(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let start = Day("2026-01-01")!
        let items = (1...Int.random(in: 1...5, using: &random)).map {
            Item(id: "i\($0)", description: "", principal: Money(cents: .random(in: 1...5_000_000, using: &random)), dueDate: start.adding(days: .random(in: 0...90, using: &random)))
        }
        let mode = ImputationMode.allCases.randomElement(using: &random)!
        let terms = ContractTerms(moratoryRate: .zero, imputation: mode)
        var account = Account(id: "a", creditor: "c", firstName: "n", fullName: "n", document: "12345678", phone: "+541", items: items, terms: terms)
        account.payments = (0..<Int.random(in: 0...6, using: &random)).map {
            Payment(id: "p\($0)", amount: Money(cents: .random(in: 1...4_000_000, using: &random)), day: start.adding(days: .random(in: 0...200, using: &random)))
        }
        let end = start.adding(days: 300)
        let statement = account.statement(on: end)
        let owed = items.reduce(Money.zero()) { $0 + $1.principal }
        let paid = account.payments.reduce(Money.zero()) { $0 + $1.amount }
        #expect(owed + statement.credit == statement.total + paid)
        #expect(statement.lines.allSatisfy { $0.principal.cents >= 0 && $0.interest.cents >= 0 })
        account.payments.shuffle(using: &random)
        #expect(account.statement(on: end) == statement)
    }

    @Test("A collection charge is not demanded before it was informed")
    func informed() {
        let charging = CollectionChargeTerms(rate: Percent(basisPoints: 1000), minimum: .zero(), maximum: .units(9999), vat: .zero, fromDaysPastDue: 30)
        var account = Account(
            id: "a", creditor: "c", firstName: "n", fullName: "n", document: "12345678", phone: "+541",
            items: [Item(id: "i", description: "", principal: .units(1000), dueDate: Day("2026-10-01")!)], terms: ContractTerms(collectionCharge: charging))
        let day = Day("2026-11-10")!
        #expect(account.statement(on: day).charges == .zero())
        account.chargeNotice = ChargeNotice(channel: "correo", day: day.adding(days: 1), text: "x")
        #expect(account.statement(on: day).charges == .zero())
        #expect(account.statement(on: day.adding(days: 1)).charges == .units(100))
    }

    @Test("A payment that bounced reopens what it had paid")
    func reversed() {
        var account = Account(
            id: "a", creditor: "c", firstName: "n", fullName: "n", document: "12345678", phone: "+541",
            items: [Item(id: "i", description: "", principal: .units(1000), dueDate: Day("2026-11-01")!)], terms: ContractTerms(moratoryRate: .zero))
        account.payments = [Payment(id: "p", amount: .units(1000), day: Day("2026-11-01")!, reversedOn: Day("2026-11-05")!)]
        #expect(account.statement(on: Day("2026-11-04")!).total == .zero())
        #expect(account.statement(on: Day("2026-11-05")!).total == .units(1000))
    }
}
