import Ledger
import Negotiation
import Quantities
import SharedData
import Testing

struct NegotiationTests {
    static let policy = Table.policy()

    static func bargain(principal: Int64, daysPastDue: Int) -> Bargain {
        Table.bargain(principal, daysPastDue: daysPastDue, policy: policy)
    }

    @Test("Whatever is proposed, what is admissible keeps to the policy", arguments: 0..<300)
    func withinPolicy(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let bargain = Self.bargain(
            principal: .random(in: 100...90_000_000, using: &random),
            daysPastDue: .random(in: -20...300, using: &random))
        let proposal = Proposal(
            amount: Bool.random(using: &random) ? Money(cents: .random(in: 1...100_000_000, using: &random)) : nil,
            day: Bool.random(using: &random) ? bargain.today.adding(days: .random(in: -10...90, using: &random)) : nil,
            instalments: Bool.random(using: &random) ? .random(in: 2...24, using: &random) : nil)
        switch bargain.judge(proposal) {
        case .admissible(let offer), .counter(let offer, _):
            if offer.id.hasPrefix("part_plan") {
                #expect(offer.instalments[0].amount >= bargain.minimumAmount)
                #expect(offer.instalments[0].dueDay <= bargain.latestDay)
                #expect(offer.instalments.allSatisfy { $0.amount >= Self.policy.minimumInstalment[.ars]! })
            } else if offer.kind == .plan {
                // On a pay-day of the customer the days differ, and nothing else.
                #expect(
                    bargain.plans().contains {
                        $0.id == offer.id && $0.instalments.map(\.amount) == offer.instalments.map(\.amount)
                    })
            } else {
                #expect(offer.total >= bargain.minimumAmount)
                #expect(
                    offer.instalments[0].dueDay >= bargain.today && offer.instalments[0].dueDay <= bargain.latestDay)
            }
            #expect(offer.instalments.reduce(Money.zero()) { $0 + $1.amount } == offer.total)
        case .needsHuman(let why): #expect(!why.isEmpty)
        }
    }

    @Test("Everything today is today's offer, with its discount", arguments: [nil, 5_100_000, 9_000_000] as [Int64?])
    func everythingToday(cents: Int64?) {
        let bargain = Self.bargain(principal: 5_000_000, daysPastDue: 10)
        let proposal = Proposal(amount: cents.map { Money(cents: $0) }, day: bargain.today)
        #expect(bargain.judge(proposal) == .admissible(bargain.payNow()))
        #expect(bargain.payNow().discount.isPositive)
    }

    @Test("One payment never keeps two promises")
    func allocation() {
        let bargain = Self.bargain(principal: 10_000_000, daysPastDue: 5)
        var number = 0
        let plan = bargain.plans()[0]
        let promises = plan.promises(
            accountID: "a", today: bargain.today, evidence: [], policy: Self.policy, calendar: .argentina
        ) {
            number += 1
            return "p\(number)"
        }
        let payment = Payment(id: "x", amount: plan.instalments[0].amount, day: bargain.today)
        let shares = allocate([payment], to: promises)
        #expect(shares.count == 1 && shares.values.first?.first?.amount == payment.amount)
    }
}
