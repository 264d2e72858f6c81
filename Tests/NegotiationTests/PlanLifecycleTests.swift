import Ledger
import Negotiation
import Quantities
import SharedData
import Testing

struct PlanLifecycleTests {
    static let policy = Table.policy(["cuotas_impagas: 1": "cuotas_impagas: 2"])
    static let bargain = Table.bargain(10_000_000, daysPastDue: 20, policy: policy)
    static let promises = Table.promises(bargain.plans()[0], bargain)
    static var planID: String { promises[0].planID! }

    static func standing(_ payments: [Payment], on day: Day, policy: Policy = policy) -> PlanStanding {
        policy.standing(ofPlan: planID, promises: promises, payments: payments, on: day)!
    }

    static func pay(_ number: Int, on day: Day, reversedOn: Day? = nil) -> Payment {
        Payment(id: "\(day.iso)-\(number)", amount: promises[number].amount, day: day, reversedOn: reversedOn)
    }

    static func deadline(_ number: Int) -> Day { promises[number].deadline }
    static let end = promises[2].deadline.adding(days: 30)

    @Test("A plan that is paid in time, early or in parts is completed")
    func completed() {
        let half = Money(cents: Self.promises[1].amount.cents / 2)
        let rest = Self.promises[1].amount - half
        let payments = [
            Self.pay(0, on: Table.today), Payment(id: "h1", amount: half, day: Self.deadline(0)),
            Payment(id: "h2", amount: rest, day: Self.deadline(1)), Self.pay(2, on: Self.deadline(2)),
        ]
        #expect(Self.standing(payments, on: Table.today).state == .active)
        #expect(Self.standing(payments, on: Self.end).state == .completed)
    }

    @Test("It breaks on the day after the deadline of the k-th missed instalment, not before")
    func breaks() {
        let second = Self.deadline(1)
        #expect(Self.standing([], on: second).state == .active)
        #expect(Self.standing([], on: second).missed.count == 1)
        let standing = Self.standing([], on: second.adding(days: 1))
        #expect(standing.state == .broken(on: second.adding(days: 1), reinstatableUntil: second.adding(days: 11)))
        #expect(standing.arrears == Self.promises[0].amount + Self.promises[1].amount)
        #expect(
            Self.standing([], on: second.adding(days: 12)).state
                == .broken(on: second.adding(days: 1), reinstatableUntil: nil))
    }

    @Test(
        "Paying what was missed within the policy's days brings it back; later it does not",
        arguments: [(11, true), (12, false)])
    func reinstated(days: Int, back: Bool) {
        let day = Self.deadline(1).adding(days: days)
        let payments = [Self.pay(0, on: day), Self.pay(1, on: day)]
        let standing = Self.standing(payments, on: day)
        #expect(standing.missed.isEmpty && standing.arrears.isZero)
        #expect(standing.reinstatedOn == (back ? [day] : []))
        #expect(
            standing.state == (back ? .active : .broken(on: Self.deadline(1).adding(days: 1), reinstatableUntil: nil)))
    }

    @Test("Making up for one of two misses before the second keeps the plan")
    func madeUp() {
        let payments = [Self.pay(0, on: Self.deadline(0).adding(days: 5))]
        #expect(Self.standing(payments, on: Self.deadline(1).adding(days: 1)).state == .active)
    }

    @Test("A payment that bounced is judged as never made")
    func bounced() {
        let bounce = Self.deadline(1)
        let payments = [Self.pay(0, on: Self.deadline(0), reversedOn: bounce)]
        #expect(Self.standing(payments, on: bounce.adding(days: -1)).missed.isEmpty)
        #expect(
            Self.standing(payments, on: bounce.adding(days: 1)).state
                == .broken(on: bounce.adding(days: 1), reinstatableUntil: bounce.adding(days: 11)))
    }

    @Test("A plan whose promises were superseded is cancelled, and an unknown one is none")
    func cancelled() {
        var promises = Self.promises
        promises[2].state = .superseded
        #expect(
            Self.policy.standing(ofPlan: Self.planID, promises: promises, payments: [], on: Self.end)?.state
                == .cancelled)
        #expect(Self.policy.standing(ofPlan: "x", promises: promises, payments: [], on: Self.end) == nil)
    }

    @Test(
        "Standing is told from the records: their order does not matter, and arrears are never negative",
        arguments: 0..<300)
    func random(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var payments = (0..<Int.random(in: 0...6, using: &random)).map { number in
            let day = Table.today.adding(days: .random(in: 0...120, using: &random))
            return Payment(
                id: "\(number)", amount: Money(cents: .random(in: 1...5_000_000, using: &random)), day: day,
                reversedOn: Bool.random(using: &random) ? nil : day.adding(days: .random(in: 0...30, using: &random)))
        }
        let day = Table.today.adding(days: .random(in: 0...150, using: &random))
        let standing = Self.standing(payments, on: day)
        payments.shuffle(using: &random)
        #expect(Self.standing(payments, on: day) == standing)
        #expect(standing.arrears.cents >= 0 && standing.arrears.isPositive == !standing.missed.isEmpty)
        if standing.state == .completed { #expect(standing.missed.isEmpty) }
        if case .broken(_, let until?) = standing.state { #expect(until >= day) }
    }

    @Test("A plan can be taken on the customer's pay-day, as near as the policy lets the bot")
    func payDay() {
        // Usual first due day: 9 December, at the horizon.
        let offer = Self.bargain.plans()[0]
        guard case .admissible(let moved) = Self.bargain.plan(offer, onPayDay: 15) else {
            Issue.record("six days were not granted")
            return
        }
        #expect(moved.instalments.map(\.dueDay.iso) == ["2026-12-15", "2027-01-15", "2027-02-15"])
        guard case .counter(let usual, let why) = Self.bargain.plan(offer, onPayDay: 22) else {
            Issue.record("thirteen days were granted")
            return
        }
        #expect(usual == offer && why.contains("hasta 10 días") && why.contains("persona"))
    }

    @Test("A running plan moves its open instalments to the pay-day, with new deadlines and the same amounts")
    func move() {
        var bargain = Self.bargain
        bargain.promises = Self.promises
        bargain.promises[0].state = .kept
        guard case .moved(let moved) = bargain.move(plan: Self.planID, toPayDay: 1) else {
            Issue.record("a move to an earlier day was refused")
            return
        }
        #expect(moved.map(\.payBy.iso) == ["2027-01-01", "2027-02-01"])
        #expect(moved.map(\.deadline.iso) == ["2027-01-05", "2027-02-02"])
        #expect(moved.map(\.amount) == Self.promises.dropFirst().map(\.amount))
        guard case .needsHuman(let why) = bargain.move(plan: Self.planID, toPayDay: 22) else {
            Issue.record("thirteen days were granted")
            return
        }
        #expect(why.contains("persona"))
    }
}
