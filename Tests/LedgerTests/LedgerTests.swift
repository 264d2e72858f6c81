import Foundation
import Ledger
import Quantities
import SharedData
import Testing

struct LedgerTests {
    static let due = Day("2026-11-01")!

    static func account(
        _ items: [Item] = [item("i", 100_000)], terms: ContractTerms = ContractTerms(moratoryRate: .zero),
        payments: [Payment] = [], waivers: [Waiver] = []
    ) -> Account {
        Account(
            id: "a", creditor: "c", firstName: "n", fullName: "n", document: "12345678", phone: "+541", items: items,
            payments: payments, waivers: waivers, terms: terms)
    }

    static func item(_ id: String, _ cents: Int64, due: Day = due, rate: Int64? = nil) -> Item {
        Item(
            id: id, description: id, principal: Money(cents: cents), dueDate: due,
            moratoryRate: rate.map { Percent(basisPoints: $0) })
    }

    static func day(_ days: Int) -> Day { due.adding(days: days) }

    @Test("A collection charge is not demanded before it was informed, nor without channel and text on record")
    func informed() {
        let charging = CollectionChargeTerms(
            rate: Percent(basisPoints: 1000), minimum: .zero(), maximum: .units(9999), vat: .zero, fromDaysPastDue: 30)
        var account = Self.account(terms: ContractTerms(moratoryRate: .zero, collectionCharge: charging))
        let day = Self.day(40)
        #expect(account.statement(on: day).charges.isZero)
        account.chargeNotice = ChargeNotice(channel: "correo", day: day.adding(days: 1), text: "x")
        #expect(account.statement(on: day).charges.isZero)
        #expect(account.statement(on: day.adding(days: 1)).charges == .units(100))
        account.chargeNotice = ChargeNotice(channel: "correo", day: day, text: "")
        #expect(account.statement(on: day.adding(days: 1)).charges.isZero)
    }

    @Test("A payment that bounced reopens what it had paid, with its interest from the due day")
    func reversed() {
        let terms = ContractTerms(moratoryRate: Percent(basisPoints: 3650), vatOnInterest: .zero)
        let payment = Payment(id: "p", amount: .units(1000), day: Self.due, reversedOn: Self.day(5))
        let account = Self.account(terms: terms, payments: [payment])
        #expect(account.statement(on: Self.day(4)).total.isZero)
        #expect(account.statement(on: Self.day(5)).total == .units(1005))
    }

    @Test("A backdated payment stops interest from its own day")
    func backdated() {
        let terms = ContractTerms(moratoryRate: Percent(basisPoints: 3650), vatOnInterest: .zero)
        var account = Self.account(terms: terms)
        #expect(account.statement(on: Self.day(30)).total == .units(1030))
        account.payments = [Payment(id: "p", amount: .units(1010), day: Self.day(10))]
        #expect(account.statement(on: Self.day(30)).total.isZero)
    }

    @Test("What was paid too much stays as credit")
    func credit() {
        let account = Self.account(payments: [Payment(id: "p", amount: .units(1200), day: Self.due)])
        let statement = account.statement(on: Self.day(3))
        #expect(statement.lines.isEmpty && statement.credit == .units(200))
    }

    @Test("A payment goes to what is due before what is not, whatever the mode", arguments: ImputationMode.allCases)
    func dueFirst(mode: ImputationMode) {
        let items = [Self.item("due", 100_000, rate: 0), Self.item("later", 100_000, due: Self.day(60), rate: 9000)]
        let account = Self.account(
            items, terms: ContractTerms(moratoryRate: .zero, imputation: mode),
            payments: [Payment(id: "p", amount: .units(1000), day: Self.day(1), chosenItem: "later")])
        #expect(account.statement(on: Self.day(2)).lines.map(\.itemID) == ["later"])
    }

    @Test("Rounding happens once: payments to other items do not round an item's interest again")
    func roundedOnce() {
        let terms = ContractTerms(moratoryRate: Percent(basisPoints: 6000), vatOnInterest: Percent(basisPoints: 2100))
        let items = [Self.item("a", 33_333), Self.item("b", 77_777, due: Self.day(1))]
        let quiet = Self.account(items, terms: terms).statement(on: Self.day(30)).lines[1]
        let busy = Self.account(
            items, terms: terms,
            payments: (1...20).map { Payment(id: "p\($0)", amount: Money(cents: 100), day: Self.day($0)) })
        #expect(busy.statement(on: Self.day(30)).lines[1] == quiet)
    }

    @Test("Waived interest takes its VAT along, and principal stays")
    func waived() {
        let terms = ContractTerms(moratoryRate: Percent(basisPoints: 3650), vatOnInterest: Percent(basisPoints: 2100))
        let waiver = Waiver(id: "w", day: Self.day(10), component: .interest, reason: "acuerdo")
        let account = Self.account(terms: terms, waivers: [waiver])
        #expect(account.statement(on: Self.day(9)).interest == Money(cents: 1089))
        #expect(account.statement(on: Self.day(10)).total == .units(1000))
        #expect(account.statement(on: Self.day(20)).interest == Money(cents: 1210))
        #expect(account.balance(on: Self.day(20)).waived == Money(cents: 1210))
    }

    @Test(
        "Punitive interest runs beside the moratory one, up to half of it where the contract says so",
        arguments: [(3000, true, 500), (3000, false, 1000), (1000, true, 333)] as [(Int64, Bool, Int64)])
    func punitive(rate: Int64, capped: Bool, cents: Int64) {
        let terms = ContractTerms(
            moratoryRate: Percent(basisPoints: 3000), dayCountBasis: 360, vatOnInterest: .zero,
            punitive: PunitiveTerms(rate: Percent(basisPoints: rate), cappedAtHalf: capped))
        let line = Self.account(terms: terms).statement(on: Self.day(12)).lines[0]
        #expect(line.interest == Money(cents: 1000) && line.punitive == Money(cents: cents))
    }

    @Test("Half of an odd rate is exact")
    func halfOfOdd() {
        let terms = PunitiveTerms(rate: Percent(basisPoints: 9999))
        #expect(terms.halfBasisPoints(beside: Percent(basisPoints: 3333)) == 3333)
    }

    @Test("Interest is capitalised only where it was agreed, every six months or more (CCCN 770)")
    func compound() {
        #expect(Capitalisation(everyMonths: 5) == nil)
        let due = Day("2026-01-01")!
        var terms = ContractTerms(moratoryRate: Percent(basisPoints: 3600), dayCountBasis: 360, vatOnInterest: .zero)
        let items = [Self.item("i", 100_000, due: due)]
        let simple = Self.account(items, terms: terms).statement(on: due.adding(days: 281))
        #expect(simple.interest == Money(cents: 28_100))
        terms.capitalisation = Capitalisation(everyMonths: 6)
        // 181 days to 1 July on 1.000,00, then 100 days on 1.181,00.
        let compound = Self.account(items, terms: terms).statement(on: due.adding(days: 281))
        #expect(compound.interest == Money(cents: 18_100 + 11_810))
    }

    @Test("An indexed item follows the value of its unit, also after part of it was paid")
    func indexed() throws {
        let table = try IndexTable.parse("# UVA\n2026-11-01\t1000.00\n2026-11-11\t1100.5\n2026-11-21\t1200.0000\n")
        let indices = IndexTables(["UVA": table])
        var item = Self.item("i", 1)
        item.indexed = IndexedPrincipal(unit: "UVA", hundredths: 1_000)
        var account = Self.account([item])
        #expect(account.statement(on: Self.day(0), indices: indices).total == .units(10_000))
        #expect(account.statement(on: Self.day(15), indices: indices).total == .units(11_005))
        account.payments = [Payment(id: "p", amount: Money(cents: 550_250), day: Self.day(12))]
        #expect(account.statement(on: Self.day(12), indices: indices).total == Money(cents: 550_250))
        #expect(account.statement(on: Self.day(20), indices: indices).total == .units(6_000))
        #expect(account.statement(on: Self.day(20)).credit == Money(cents: 550_249))
        #expect(account.balance(on: Self.day(20), indices: indices).holds)
    }

    @Test(
        "A wrong line of an index file is named",
        arguments: [
            "2026-11-01 1", "2026-11-31\t1", "2026-11-01\t1.00001", "2026-11-01\t0", "2026-11-01\t1.",
            "2026-11-01\t1\n2026-11-01\t2",
        ])
    func indexFile(text: String) { #expect(throws: IndexFileError.self) { try IndexTable.parse(text) } }

    @Test("A statement explains every figure in Spanish")
    func explained() {
        let charging = CollectionChargeTerms(
            rate: Percent(basisPoints: 1000), minimum: .units(50), maximum: .units(5000),
            vat: Percent(basisPoints: 2100),
            fromDaysPastDue: 30)
        var account = Self.account(
            terms: ContractTerms(
                collectionCharge: charging, punitive: PunitiveTerms(rate: Percent(basisPoints: 9000))),
            payments: [Payment(id: "p1", amount: .units(200), day: Self.day(10))],
            waivers: [Waiver(id: "w", day: Self.day(20), component: .interest, amount: .units(1), reason: "atención")])
        account.chargeNotice = ChargeNotice(channel: "correo", day: Self.due, text: "cargo")
        #expect(
            account.statement(on: Self.day(40)).lines[0].explanation == [
                "capital original: $ 1.000,00, vence el 2026-11-01",
                "interés por mora: $ 1.000,00 × 60 % anual × 10 días / 365",
                "interés punitorio: $ 1.000,00 × 30 % anual × 10 días / 365",
                "interés: −$ 29,84 por el pago p1 del 2026-11-11", "capital: −$ 170,16 por el pago p1 del 2026-11-11",
                "interés por mora: $ 829,84 × 60 % anual × 10 días / 365",
                "interés punitorio: $ 829,84 × 30 % anual × 10 días / 365",
                "interés: −$ 1,00 condonado el 2026-11-21 (atención)",
                "cargo de gestión: 10 % de $ 829,84, entre $ 50,00 y $ 5.000,00 = $ 82,98, más IVA 21 % = $ 17,43; informado el 2026-11-01 por correo",
                "interés por mora: $ 829,84 × 60 % anual × 20 días / 365",
                "interés punitorio: $ 829,84 × 30 % anual × 20 días / 365",
                "interés por mora, redondeado una vez: $ 57,36, más IVA 21 % = $ 12,05",
                "interés punitorio, redondeado una vez: $ 28,68, más IVA 21 % = $ 6,02",
                "total: capital $ 829,84 + interés $ 60,38 + IVA del interés $ 12,89 + cargo $ 82,98 + IVA del cargo $ 17,43 = $ 1.003,52",
            ])
    }

    @Test("An account written before waivers, punitive interest and indices is still read")
    func earlierVersion() throws {
        let json = """
            {"id":"a","creditor":"c","firstName":"n","fullName":"n","document":"12345678","phone":"+541","currency":"ARS",
            "segment":"ocasional","optedOut":false,"items":[{"id":"i","description":"d","dueDate":"2026-11-01",
            "principal":{"cents":100000,"currency":"ARS"}}],"payments":[{"id":"p","day":"2026-11-02",
            "amount":{"cents":5,"currency":"ARS"}}],"terms":{"moratoryRate":{"basisPoints":6000},"dayCountBasis":365,
            "vatOnInterest":{"basisPoints":2100},"imputation":"oldest_item_first"}}
            """
        let account = try JSONDecoder().decode(Account.self, from: Data(json.utf8))
        #expect(account.waivers.isEmpty && account.terms.punitive == nil && account.items[0].indexed == nil)
        #expect(try JSONDecoder().decode(Account.self, from: JSONEncoder().encode(account)) == account)
    }
}
