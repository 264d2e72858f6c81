import Ledger
import Quantities
import SharedData

/// An account with a random contract and a random history over the year 2026.
struct RandomAccount {
    static let start = Day("2026-01-01")!
    var account: Account
    /// Values of one unit of UVA over the year, mostly rising.
    var indices: IndexTables
    var random: SeededRandom

    init(seed: Int) {
        random = SeededRandom(seed: UInt64(seed))
        var random = random
        func days(_ range: ClosedRange<Int>) -> Day { Self.start.adding(days: .random(in: range, using: &random)) }
        func one<T>(_ values: [T]) -> T { values.randomElement(using: &random)! }
        let currency = one(Currency.allCases)
        func money(_ range: ClosedRange<Int64>) -> Money { Money(cents: .random(in: range, using: &random), currency) }

        var value: Int64 = 14_000_000
        var values: [Day: Int64] = [:]
        for day in stride(from: 0, through: 420, by: 7) {
            value += Int64.random(in: -20_000...120_000, using: &random)
            values[Self.start.adding(days: day)] = value
        }
        indices = IndexTables(["UVA": IndexTable(values)])

        let terms = ContractTerms(
            moratoryRate: Percent(basisPoints: one([0, 1, 3650, 6000, 12_345])), dayCountBasis: one([365, 360]),
            vatOnInterest: Percent(basisPoints: one([0, 1050, 2100])),
            collectionCharge: Bool.random(using: &random)
                ? CollectionChargeTerms(
                    rate: Percent(basisPoints: one([0, 575, 1000])), minimum: money(0...5_000),
                    maximum: money(5_001...900_000), vat: Percent(basisPoints: one([0, 2100])),
                    fromDaysPastDue: one([0, 1, 30])) : nil,
            imputation: one(ImputationMode.allCases),
            punitive: Bool.random(using: &random)
                ? PunitiveTerms(
                    rate: Percent(basisPoints: one([0, 1801, 5000])), cappedAtHalf: .random(using: &random))
                : nil,
            capitalisation: one([nil, nil, Capitalisation(everyMonths: 6)]))
        let items = (1...Int.random(in: 1...6, using: &random)).map { number in
            Item(
                id: "i\(number)", description: "Factura \(number)", principal: money(1...5_000_000),
                dueDate: days(0...200), moratoryRate: one([nil, nil, Percent(basisPoints: 4500)]),
                indexed: one([
                    nil, nil, IndexedPrincipal(unit: "UVA", hundredths: .random(in: 1...200_000, using: &random)),
                ]))
        }
        let payments = (0..<Int.random(in: 0...8, using: &random)).map { number in
            let day = days(0...330)
            return Payment(
                id: "p\(number)", amount: money(1...4_000_000), day: day,
                reversedOn: one([nil, nil, nil, day.adding(days: .random(in: 0...40, using: &random))]),
                chosenItem: one([nil, items[0].id, "i\(items.count)"]))
        }
        let waivers = (0..<Int.random(in: 0...4, using: &random)).map { number in
            Waiver(
                id: "w\(number)", day: days(0...330), item: one([nil, items[0].id, "otro"]),
                component: one(DebtComponent.allCases), amount: one([nil, money(1...500_000)]), reason: "acuerdo")
        }
        account = Account(
            id: "a", creditor: "c", firstName: "n", fullName: "n", document: "12345678", phone: "+541",
            currency: currency, items: items, payments: payments, waivers: waivers,
            chargeNotice: one([nil, ChargeNotice(channel: "correo", day: days(0...120), text: "cargo")]), terms: terms)
        self.random = random
    }

    /// A day of the year and some after it.
    mutating func day() -> Day { Self.start.adding(days: .random(in: -5...420, using: &random)) }
}
