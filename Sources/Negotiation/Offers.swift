import Ledger
import Quantities

extension Bargain {
    public var brokenPromises: Int { promises.filter { $0.state == .broken || $0.state == .partiallyKept }.count }
    public var openPromises: [PromiseToPay] { promises.filter { $0.state == .open } }
    public var stage: Stage { policy.stage(of: statement, brokenPromises: brokenPromises) }
    var terms: StageTerms { policy.terms[stage]! }

    /// Smallest partial payment that the policy accepts today; never more than what is owed.
    public var minimumAmount: Money {
        min(
            statement.total,
            max(terms.minimumShare.of(statement.total), Money(cents: terms.minimumAmount.cents, account.currency)))
    }

    /// Last day that a promise may name.
    public var latestDay: Day { today.adding(days: terms.horizonDays) }

    /// Everything today, with the discount of the stage.
    public func payNow() -> Offer {
        let worked = ImmediateDiscount(
            principal: statement.principal, interest: statement.interest, charges: statement.charges,
            rate: terms.discount, scope: terms.discountScope, floor: .zero(account.currency))
        let (discount, total) = (worked.discount, worked.payable)
        var explanation = ["deuda al \(today.iso): \(statement.total.formatted)"]
        if discount.isPositive {
            explanation.append(
                "descuento por pagar hoy: \(terms.discount.formatted) sobre \(terms.discountScope.spanishName) (\(worked.base.formatted)) = \(discount.formatted)"
            )
        }
        return Offer(
            id: "pay_now", kind: .payNow, total: total, discount: discount,
            instalments: [Instalment(number: 1, amount: total, dueDay: today)], pricedOn: today, validUntil: today,
            policyVersion: policy.version, explanation: explanation)
    }

    /// One payment on `day`; of everything as it will stand that day where `amount` is nil or covers today's debt.
    func singlePayment(_ amount: Money?, on day: Day) -> Offer {
        let asked = Set(statement.lines.map(\.itemID))
        let onDay = account.statement(on: day).lines.filter { asked.contains($0.itemID) }
            .reduce(Money.zero(account.currency)) { $0 + $1.total }
        let partial = amount.map { $0 < statement.total } ?? false
        let total = partial ? amount! : onDay
        return Offer(
            id: partial ? "partial" : "promise", kind: partial ? .partial : .promise, total: total,
            discount: .zero(account.currency), instalments: [Instalment(number: 1, amount: total, dueDay: day)],
            pricedOn: today, validUntil: today, policyVersion: policy.version,
            explanation: partial
                ? ["pago parcial de \(total.formatted) sobre \(statement.total.formatted)"]
                : ["deuda al \(day.iso), con el interés hasta ese día: \(onDay.formatted)"])
    }

    /// The instalment plans of the stage, fewest instalments first; first instalment a month from today, or today's
    /// down payment and then monthly.
    public func plans() -> [Offer] {
        terms.plans.sorted { $0.instalments < $1.instalments }.compactMap(plan)
    }

    private func plan(_ plan: PlanTerms) -> Offer? {
        let down = downPayment(
            of: statement.total, share: plan.downPayment, minimum: .zero(account.currency), maximum: nil)
        let financed = statement.total - down
        guard financed.isPositive else { return nil }
        let first = down.isPositive ? today.adding(months: 1) : min(latestDay, today.adding(months: 1))
        let schedule: PlanSchedule
        var explanation = ["deuda al \(today.iso): \(statement.total.formatted)"]
        if down.isPositive { explanation.append("anticipo: \(plan.downPayment.formatted) = \(down.formatted)") }
        if plan.rate == .zero {
            schedule = interestFreePlan(
                financed, count: plan.instalments, spareCents: .first, firstDue: first, calendar: calendar)
            explanation.append("\(plan.instalments) cuotas sin interés sobre \(financed.formatted)")
        } else {
            let vat = account.terms.vatOnInterest
            schedule = frenchPlan(
                financed, rate: plan.rate, vat: vat, count: plan.instalments, firstDue: first, calendar: calendar)
            explanation.append(
                "\(plan.instalments) cuotas, sistema francés, TNA \(plan.rate.formatted) sobre \(financed.formatted)"
                    + (vat > .zero ? ", más IVA \(vat.formatted) sobre el interés" : ""))
        }
        guard let smallest = schedule.rows.map(\.total).min(), smallest.cents >= policy.minimumInstalment.cents
        else { return nil }
        var instalments = schedule.rows.map { Instalment(number: $0.number, amount: $0.total, dueDay: $0.dueDay) }
        if down.isPositive { instalments.insert(Instalment(number: 0, amount: down, dueDay: today), at: 0) }
        return Offer(
            id: "plan_\(plan.instalments)", kind: .plan,
            total: instalments.reduce(.zero(account.currency)) { $0 + $1.amount },
            discount: .zero(account.currency), instalments: instalments, rate: plan.rate, pricedOn: today,
            validUntil: today, policyVersion: policy.version, explanation: explanation)
    }

    /// The concession ladder, best for the creditor first; empty where nothing is owed.
    public func offers() -> [Offer] {
        guard statement.total.isPositive else { return [] }
        var ladder = [payNow(), singlePayment(nil, on: latestDay)]
        ladder += plans()
        if minimumAmount < statement.total { ladder.append(singlePayment(minimumAmount, on: latestDay)) }
        return ladder
    }

    /// An offer accepted today: at the price that was shown while it is valid; nil once it expired.
    public func reprice(_ offer: Offer) -> Offer? { today <= offer.validUntil ? offer : nil }

    /// Answers a proposal with itself (everything today is today's offer, with its discount), with the nearest thing that the policy allows, or with a person.
    public func judge(_ proposal: Proposal) -> Verdict {
        guard statement.total.isPositive else { return .needsHuman(why: "No figura deuda pendiente.") }
        if brokenPromises >= policy.maximumBrokenPromises {
            return .needsHuman(why: "Para anotar otra promesa lo tiene que ver una persona del equipo.")
        }
        if let count = proposal.instalments, count > 1 { return judgePlan(count) }
        var reasons: [String] = []
        var day = proposal.day ?? latestDay
        if day < today {
            reasons.append("Ese día ya pasó; hoy es lo más cercano.")
            day = today
        }
        if day > latestDay {
            reasons.append(
                "Hasta el \(latestDay.formatted(asOf: today)) puedo anotarlo; más adelante lo tiene que ver una persona."
            )
            day = latestDay
        }
        var amount = proposal.amount
        if let asked = amount, asked < minimumAmount {
            reasons.append("Lo mínimo que puedo anotar es \(minimumAmount.formatted).")
            amount = minimumAmount
        }
        let today = payNow()
        let offer = day == self.today && (amount ?? today.total) >= today.total ? today : singlePayment(amount, on: day)
        return reasons.isEmpty ? .admissible(offer) : .counter(offer, why: reasons.joined(separator: " "))
    }

    private func judgePlan(_ count: Int) -> Verdict {
        let plans = plans()
        guard let nearest = plans.min(by: { distance($0, count) < distance($1, count) }) else {
            return .needsHuman(why: "Las cuotas para esta cuenta las tiene que ver una persona del equipo.")
        }
        if nearest.id == "plan_\(count)" { return .admissible(nearest) }
        let options = plans.map { String($0.id.dropFirst("plan_".count)) }.joined(separator: ", ")
        return .counter(nearest, why: "En \(count) cuotas no puedo; puedo en \(options).")
    }

    private func distance(_ offer: Offer, _ count: Int) -> Int {
        abs((Int(offer.id.dropFirst("plan_".count)) ?? 0) - count)
    }
}
