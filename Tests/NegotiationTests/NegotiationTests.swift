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
    static func cents(_ value: Any?) -> Int64 { (value as? Int).map(Int64.init) ?? 0 }

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

    /// Its second interest is exactly half a cent (195.254.280 × 5.500 / 120.000): half up gives one cent more than the
    /// vector, whose decimals were cut at 50 digits.
    static let tied: Set<String> = ["french_plan-010"]

    @Test(
        "French instalments are those of the vectors", .enabled(if: SharedData.has("calculation_vectors.json")),
        arguments: SharedData.vectors("french_plan").filter {
            $0.input["period_rate_rule"] as? String == "tna/12" && !tied.contains($0.id)
        })
    func french(vector: SharedData.Vector) {
        let financed = Money(cents: Self.cents(vector.expected["financed_cents"]))
        let rows = frenchInstalments(
            financed, rate: Percent(basisPoints: Self.cents(vector.input["tna_bp"])),
            count: vector.input["instalments"] as! Int)
        let schedule = vector.expected["schedule"] as! [[String: Any]]
        #expect(rows.map(\.interest.cents) == schedule.map { Self.cents($0["interest_cents"]) })
        #expect(rows.map(\.principal.cents) == schedule.map { Self.cents($0["principal_cents"]) })
    }

    @Test(
        "Interest-free instalments give the spare cents to the first ones",
        .enabled(if: SharedData.has("calculation_vectors.json")),
        arguments: SharedData.vectors("interest_free_plan").filter { $0.input["remainder_rule"] as? String == "first" })
    func interestFree(vector: SharedData.Vector) {
        let amounts = interestFreeInstalments(
            Money(cents: Self.cents(vector.expected["financed_cents"])), count: vector.input["instalments"] as! Int)
        #expect(
            amounts.map(\.cents)
                == (vector.expected["instalments"] as! [[String: Any]]).map { Self.cents($0["amount_cents"]) })
    }

    @Test(
        "Promises are judged as the vectors say",
        .enabled(if: SharedData.has("calculation_vectors.json")), arguments: SharedData.vectors("promise_evaluation"))
    func judged(vector: SharedData.Vector) throws {
        let input = vector.input
        let terms = JudgingTerms(
            graceDays: input["grace_days"] as! Int, graceInBusinessDays: input["grace_kind"] as! String == "business",
            tolerance: Percent(basisPoints: Self.cents(input["tolerance_bp"])),
            toleranceMinimum: Money(cents: Self.cents(input["tolerance_min_cents"])))
        guard input["non_working_day_counts_as_business"] as! Bool == false else { return }
        let deadline = terms.deadline(payBy: Day(input["promised_date"] as! String)!, calendar: .argentina)
        #expect(deadline.iso == vector.expected["deadline"] as? String)
        let amount = Money(cents: Self.cents(input["promised_cents"]))
        let offer = Offer(
            id: "x", kind: .promise, total: amount, discount: .zero(), instalments: [], pricedOn: deadline,
            validUntil: deadline, policyVersion: "")
        let promise = PromiseToPay(
            id: "p", accountID: "a", amount: amount, payBy: deadline, createdOn: Day(input["created"] as! String)!,
            offer: offer, evidence: [], deadline: deadline)
        let payments = (input["payments"] as! [[String: Any]]).enumerated().map {
            Payment(
                id: "\($0.offset)", amount: Money(cents: Self.cents($0.element["amount_cents"])),
                day: Day($0.element["date"] as! String)!)
        }
        let result = promise.evaluation(payments: payments, asOf: Day(input["as_of"] as! String)!, terms: terms)
        let names: [PromiseToPay.State: String] = [
            .open: "open", .kept: "kept", .partiallyKept: "partially_kept", .broken: "broken",
        ]
        #expect(names[result.state] == vector.expected["status"] as? String)
        #expect(result.tolerance.cents == Self.cents(vector.expected["tolerance_cents"]))
        #expect(result.paidInWindow.cents == Self.cents(vector.expected["paid_in_window_cents"]))
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
