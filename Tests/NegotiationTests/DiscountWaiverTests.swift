import Ledger
import Negotiation
import Quantities
import SharedData
import Testing

struct DiscountWaiverTests {
    @Test(
        "Once the discounted price is paid nothing is owed, and the balance shows the discount as waived",
        arguments: 0..<200)
    func settled(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let policy = Table.policy(["valen_dias: 0": "valen_dias: 2"])
        let bargain = Table.bargain(
            .random(in: 10_000...9_000_000, using: &random), daysPastDue: .random(in: 1...200, using: &random),
            policy: policy)
        let paidOn = Table.today.adding(days: .random(in: 0...2, using: &random))
        var promise = Table.promises(bargain.payNow(), bargain)[0]
        var account = bargain.account
        account.payments = [Payment(id: "x", amount: promise.amount, day: paidOn)]
        #expect(account.waivers(forDiscountOf: promise, paidOn: paidOn).isEmpty)
        promise.state = .kept
        let waivers = account.waivers(forDiscountOf: promise, paidOn: paidOn)
        account.waivers += waivers
        #expect(account.waivers(forDiscountOf: promise, paidOn: paidOn) == waivers)
        let balance = account.balance(on: paidOn)
        #expect(balance.owed.isZero && balance.credit.isZero && balance.holds)
        #expect(balance.waived >= promise.offer.discount)
        if paidOn == Table.today { #expect(balance.waived == promise.offer.discount) }
    }
}
