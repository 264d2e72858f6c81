import Foundation
import Ledger
import Negotiation
import Quantities
import Testing

struct ClosureTests {
    static let bargain = Table.bargain(5_000_000, daysPastDue: 10)

    @Test(
        "Only an open promise is superseded or withdrawn, with its successor and who asked for it",
        arguments: [PromiseToPay.State.open, .kept, .broken, .partiallyKept, .withdrawn])
    func closing(state: PromiseToPay.State) {
        var promise = Table.promises(Self.bargain.payNow(), Self.bargain)[0]
        promise.state = state
        var other = promise
        promise.supersede(by: "p2", askedBy: "deudor", on: Table.today)
        other.withdraw(askedBy: "ana", on: Table.today)
        #expect(promise.state == (state == .open ? .superseded : state))
        #expect(promise.closure?.successor == (state == .open ? "p2" : nil))
        #expect(other.state == (state == .open ? .withdrawn : state))
        #expect(other.closure?.by == (state == .open ? "ana" : nil))
    }

    @Test("A closed promise is judged no more, and its money is free for the others")
    func judgedNoMore() {
        var promises = Table.promises(Self.bargain.plans()[0], Self.bargain)
        promises[0].withdraw(askedBy: "deudor", on: Table.today)
        let payment = Payment(id: "x", amount: promises[1].amount, day: Table.today)
        let action = promises[0].apply(
            .dayEnded(promises[0].deadline), payments: [payment], today: Table.today.adding(days: 60),
            policy: Table.policy())
        #expect(action == .none && promises[0].state == .withdrawn)
        #expect(allocate([payment], to: promises).keys.sorted() == [promises[1].id])
    }

    @Test("A promise written before closures is still read")
    func earlierVersion() throws {
        let promise = Table.promises(Self.bargain.payNow(), Self.bargain)[0]
        var object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(promise)) as! [String: Any]
        #expect(object["closure"] == nil)
        object["planID"] = nil
        let read = try JSONDecoder().decode(PromiseToPay.self, from: JSONSerialization.data(withJSONObject: object))
        #expect(read == promise)
    }
}
