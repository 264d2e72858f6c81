import Ledger
import Quantities
import SharedData
import Testing

/// The calculation vectors of the ledger, through the functions that production calls.
@Suite(.enabled(if: SharedData.has("calculation_vectors.json")))
struct LedgerVectorTests {
    static func cents(_ value: Any?) -> Int64 { (value as? Int).map(Int64.init) ?? 0 }

    static func account(_ items: [Item], terms: ContractTerms, notice: ChargeNotice? = nil) -> Account {
        Account(
            id: "a", creditor: "c", firstName: "n", fullName: "n", document: "12345678", phone: "+541", items: items,
            chargeNotice: notice, terms: terms)
    }

    @Test("Moratory interest and its VAT are those of the vectors", arguments: SharedData.vectors("moratory_interest"))
    func interest(vector: SharedData.Vector) {
        let principal = Money(cents: Self.cents(vector.input["principal_cents"]))
        let days = vector.input["days"] as! Int
        let terms = ContractTerms(
            moratoryRate: Percent(basisPoints: Self.cents(vector.input["tna_bp"])),
            dayCountBasis: vector.input["basis"] as! Int,
            vatOnInterest: Percent(basisPoints: Self.cents(vector.input["vat_bp"])))
        let interest = moratoryInterest(
            on: principal, rate: terms.moratoryRate, days: days, basis: terms.dayCountBasis)
        let vat = terms.vatOnInterest.of(interest)
        #expect(interest.cents == Self.cents(vector.expected["interest_cents"]))
        #expect(vat.cents == Self.cents(vector.expected["vat_on_interest_cents"]))
        #expect((principal + interest + vat).cents == Self.cents(vector.expected["total_due_cents"]))
        // The statement says the same.
        let due = Day("2026-01-01")!
        let account = Self.account([Item(id: "i", description: "", principal: principal, dueDate: due)], terms: terms)
        let statement = account.statement(on: due.adding(days: days))
        #expect(statement.total.cents == Self.cents(vector.expected["total_due_cents"]))
        #expect(statement.interest == interest + vat)
    }

    @Test("Collection charges are those of the vectors", arguments: SharedData.vectors("collection_charge"))
    func charge(vector: SharedData.Vector) {
        let maximum = vector.input["max_cents"] is Int ? Self.cents(vector.input["max_cents"]) : .max
        let terms = CollectionChargeTerms(
            rate: Percent(basisPoints: Self.cents(vector.input["charge_bp"])),
            minimum: Money(cents: Self.cents(vector.input["min_cents"])), maximum: Money(cents: maximum),
            vat: Percent(basisPoints: Self.cents(vector.input["vat_bp"])), fromDaysPastDue: 1)
        let base = Money(cents: Self.cents(vector.input["base_cents"]))
        let charge = terms.charge(on: base)
        #expect(charge.amount.cents == Self.cents(vector.expected["charge_cents"]))
        #expect(charge.vat.cents == Self.cents(vector.expected["vat_cents"]))
        #expect(charge.total.cents == Self.cents(vector.expected["total_cents"]))
        #expect(charge.limit.rawValue == vector.expected["applied_cap"] as? String)
        // The statement says the same, once the charge is informed.
        let due = Day("2026-01-01")!
        let account = Self.account(
            [Item(id: "i", description: "", principal: base, dueDate: due)],
            terms: ContractTerms(moratoryRate: .zero, collectionCharge: terms),
            notice: ChargeNotice(channel: "correo", day: due, text: "cargo"))
        #expect(account.statement(on: due.adding(days: 1)).charges == charge.total)
    }

    @Test("Payments are imputed as the vectors say", arguments: SharedData.vectors("payment_imputation"))
    func imputation(vector: SharedData.Vector) throws {
        let items = (vector.input["items"] as! [[String: Any]]).map {
            ItemDebt(
                id: $0["id"] as! String, dueDate: Day($0["due_date"] as! String)!,
                principal: Money(cents: Self.cents($0["principal_cents"])),
                interest: Money(cents: Self.cents($0["interest_cents"])),
                costs: Money(cents: Self.cents($0["costs_cents"])),
                rate: Percent(basisPoints: Self.cents($0["rate_bp"])))
        }
        let mode = try #require(ImputationMode(rawValue: vector.input["mode"] as! String))
        let result = impute(
            Money(cents: Self.cents(vector.input["payment_cents"])), to: items, mode: mode,
            chosenItem: vector.input["chosen_item"] as? String)
        #expect(result.credit.cents == Self.cents(vector.expected["unapplied_credit_cents"]))
        let allocations = (vector.expected["allocations"] as! [[String: Any]]).map {
            "\($0["item"]!) \($0["component"]!) \($0["applied_cents"]!)"
        }
        #expect(result.allocations.map { "\($0.item) \($0.component.rawValue) \($0.amount.cents)" } == allocations)
        let remaining = (vector.expected["remaining"] as! [[String: Any]]).map {
            "\($0["id"]!) \($0["costs_cents"]!) \($0["interest_cents"]!) \($0["principal_cents"]!) \($0["total_cents"]!)"
        }
        #expect(
            result.remaining.map {
                "\($0.id) \($0.costs.cents) \($0.interest.cents) \($0.principal.cents) \($0.total.cents)"
            } == remaining)
    }
}
