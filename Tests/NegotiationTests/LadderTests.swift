import Ledger
import Negotiation
import Quantities
import SharedData
import Testing

struct LadderTests {
    static let stepped = Table.policy(["descuento: 20 %": "descuento: [10 %, 20 %, 30 %]"])

    @Test("The ladder begins with the best for the creditor, concedes time before money, and ends at the floor")
    func order() {
        let ladder = Table.bargain(10_000_000, daysPastDue: 100, policy: Self.stepped).offers()
        #expect(
            ladder.map(\.id) == [
                "pay_now", "promise", "pay_now_2", "pay_now_3", "plan_3", "plan_6", "plan_12", "partial",
            ])
        let discounts = ladder.filter { $0.kind == .payNow }.map(\.discount)
        #expect(discounts == discounts.sorted() && Set(discounts).count == 3)
    }

    @Test("One step a turn, never two, never below the last", arguments: 0..<200)
    func oneStep(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let offers = Table.bargain(
            .random(in: 100...90_000_000, using: &random), daysPastDue: .random(in: -20...300, using: &random),
            policy: Self.stepped
        ).offers()
        var ladder = ConcessionLadder()
        #expect(ladder.standing(in: offers) == offers.first)
        var stood = 0
        for turn in 0..<20 {
            for ask in 0..<Int.random(in: 1...3, using: &random) {
                switch ladder.concede(offers, turn: turn, on: Day("2026-11-24")!) {
                case .granted(let offer):
                    #expect(ask == 0 && offer == offers[stood + 1])
                    stood += 1
                case .oneATurn(let offer): #expect(ask > 0 && offer == offers[stood])
                case .floor(let offer, let why): #expect(offer == offers.last && why.contains("persona"))
                case .nothingOwed: #expect(offers.isEmpty)
                }
            }
        }
        #expect(offers.isEmpty || stood == offers.count - 1)
    }

    @Test("Who writes again within the policy's days goes on from the step that was reached, with what stood first")
    func resumed() throws {
        let offers = Table.bargain(10_000_000, daysPastDue: 100, policy: Self.stepped).offers()
        let (monday, friday) = (Day("2026-11-23")!, Day("2026-11-27")!)
        var ladder = ConcessionLadder()
        #expect(ladder.resumed(on: monday, within: 30) == nil)
        for turn in 1...3 { _ = ladder.concede(offers, turn: turn, on: monday) }
        #expect(ladder.resumed(on: friday, within: 3) == nil)
        var later = try #require(ladder.resumed(on: friday, within: 4))
        #expect(later.concede(offers, turn: 1, on: friday) == .granted(offers[3]))
        #expect(later.concede(offers, turn: 1, on: friday) == .oneATurn(offers[3]))
        #expect(later.concede(offers, turn: 2, on: friday) == .granted(offers[4]))
        // What is remembered is when the step was reached, not when it was offered again.
        #expect(try #require(ladder.resumed(on: friday, within: 4)).reachedOn == monday)
    }

    @Test("Who asks for a discount gets the next discount, one a turn, and at the greatest hears that it is")
    func discounts() throws {
        let offers = Table.bargain(10_000_000, daysPastDue: 100, policy: Self.stepped).offers()
        let day = Day("2026-11-24")!
        var ladder = ConcessionLadder()
        #expect(ladder.concedeDiscount(offers, turn: 1, on: day) == .granted(offers[2]))
        #expect(ladder.concedeDiscount(offers, turn: 1, on: day) == .oneATurn(offers[2]))
        #expect(ladder.concedeDiscount(offers, turn: 2, on: day) == .granted(offers[3]))
        guard case .floor(let greatest, _) = ladder.concedeDiscount(offers, turn: 3, on: day) else {
            Issue.record("expected the greatest discount")
            return
        }
        #expect(greatest == offers[3])
        let none = Table.bargain(
            10_000_000, daysPastDue: 100, policy: Table.policy(["descuento: 20 %": "descuento: 0 %"]))
        #expect(ladder.concedeDiscount(none.offers(), turn: 4, on: day) == nil)
    }

    @Test("No offer goes beyond the policy or the bot's authority", arguments: 0..<300)
    func floor(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let limit = Percent(basisPoints: [0, 1500, 2500].randomElement(using: &random)!)
        let most = [0, 3, 6].randomElement(using: &random)!
        let policy = Table.policy([
            "descuento: 20 %": "descuento: [10 %, 20 %, 30 %]",
            "descuento_maximo: 50 %": "descuento_maximo: \(limit.formatted)",
            "cuotas_maximo: 12": "cuotas_maximo: \(most)\n  deuda_maxima: 500.000",
        ])
        let bargain = Table.bargain(
            .random(in: 100...90_000_000, using: &random), daysPastDue: .random(in: 60...300, using: &random),
            policy: policy)
        let owed = bargain.statement.total
        for offer in bargain.offers() {
            #expect(offer.discount <= limit.of(owed))
            #expect(offer.instalments.count { $0.number > 0 } <= max(1, most))
            #expect(offer.instalments.allSatisfy { $0.amount.isPositive && $0.dueDay >= bargain.today })
            #expect(offer.instalments.reduce(Money.zero()) { $0 + $1.amount } == offer.total)
            #expect(offer.debt == owed)
            if owed > .units(500_000) { #expect(offer.discount.isZero && offer.total >= owed && offer.kind != .plan) }
        }
        // An adviser may grant what the policy allows.
        #expect(bargain.adviserOffers().contains { $0.id == "pay_now_3" })
        #expect(bargain.adviserOffers().contains { $0.kind == .partial } == (owed > .units(5_000)))
    }
}
