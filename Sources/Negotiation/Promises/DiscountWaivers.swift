import Ledger
import Quantities

extension Account {
    /// The waivers by which a discount that was granted becomes final, once the promise to pay everything at once was
    /// kept: without them the account would go on owing the discount.
    ///
    /// They take what was asked for on the day of payment, less the promised total, off interest first, then charges,
    /// then principal, oldest item first; on that day the ledger applies them before the payment.
    ///
    /// - Parameters:
    ///   - promise: kept, from an offer of kind `payNow`; for any other there is nothing to waive.
    ///   - day: the day of the payment that kept it.
    /// - Returns: waivers with ids that follow from the promise's, so that adding them twice can be seen.
    public func waivers(forDiscountOf promise: PromiseToPay, paidOn day: Day, indices: IndexTables = .none) -> [Waiver]
    {
        guard promise.state == .kept, promise.offer.isImmediateDiscount else { return [] }
        var before = self
        before.payments.removeAll { $0.day >= promise.createdOn }
        before.waivers.removeAll { $0.id.hasPrefix(promise.id + "/") }
        let asked = before.statement(on: day, indices: indices).demandable
        var left = asked.total - promise.offer.total
        var waivers: [Waiver] = []
        for component in [DebtComponent.interest, .costs, .principal] {
            for line in asked.lines where left.isPositive {
                let owed =
                    switch component {
                    case .interest: line.interest + line.punitive + line.interestVAT
                    case .costs: line.charge + line.chargeVAT
                    case .principal: line.principal
                    }
                let amount = min(owed, left)
                guard amount.isPositive else { continue }
                left -= amount
                waivers.append(
                    Waiver(
                        id: "\(promise.id)/\(line.itemID)/\(component.rawValue)", day: day, item: line.itemID,
                        component: component, amount: amount,
                        reason: "descuento por pagar al contado, política \(promise.offer.policyVersion)"))
            }
        }
        return waivers
    }
}
