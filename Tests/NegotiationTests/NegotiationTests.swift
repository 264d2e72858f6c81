import Foundation
import Ledger
import Negotiation
import Quantities
import SharedData
import Testing

struct NegotiationTests {
    static let policy: Policy = {
        let file = SharedData.repository.appendingPathComponent("Fixtures/policy.yaml")
        return try! Policy.load(yaml: String(contentsOf: file, encoding: .utf8), file: "policy.yaml")
    }()

    static func bargain(principal: Int64, daysPastDue: Int, today: Day = Day("2026-11-24")!) -> Bargain {
        let account = Account(
            id: "a", creditor: "c", firstName: "n", fullName: "n", document: "12345678", phone: "+541",
            items: [
                Item(
                    id: "i", description: "", principal: Money(cents: principal),
                    dueDate: today.adding(days: -daysPastDue))
            ])
        return Bargain(account: account, policy: policy, today: today, calendar: .argentina, promises: [])
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
            if offer.kind == .plan {
                #expect(bargain.plans().contains(offer))
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

    @Test("The ladder begins with the best for the creditor and never goes below the floor")
    func ladder() {
        let ladder = Self.bargain(principal: 10_000_000, daysPastDue: 100).offers()
        #expect(ladder.first?.kind == .payNow)
        #expect(ladder.last?.kind == .partial && ladder.last!.total.cents >= 1_500_000)
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

    @Test("A wrong policy is refused with every place")
    func wrongPolicy() throws {
        let file = SharedData.repository.appendingPathComponent("Fixtures/policy.yaml")
        let yaml = try String(contentsOf: file, encoding: .utf8).replacing("plazo_dias: 10 ", with: "plazo: 10 ")
            .replacing("tolerancia: 1 %", with: "tolerancia: mucha")
        do {
            _ = try Policy.load(yaml: yaml, file: "p.yaml")
            Issue.record("a wrong policy was taken")
        } catch let error as PolicyError {
            #expect(error.problems.contains { $0.hasPrefix("p.yaml:8:5: no conozco `plazo`") })
            #expect(error.problems.contains { $0.contains("falta `plazo_dias`") })
            #expect(error.problems.contains { $0.contains("`tolerancia` tiene que ser un porcentaje") })
        }
    }
}
