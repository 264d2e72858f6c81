import Ledger
import Quantities

/// Pricing: what the policy lets the bot offer today.
extension Bargain {
    /// Promises that were not kept.
    public var brokenPromises: Int { promises.count(where: \.wasNotKept) }
    public var openPromises: [PromiseToPay] { promises.filter { $0.state == .open } }

    /// How the bot opens with this account, in the manager's words; may be empty.
    public var tone: String { terms.tones[phrases.locale] ?? terms.tone }

    /// Promises and plans made in the last 30 days, whatever became of them; a plan counts once.
    var agreementsInMonth: Int {
        Set(promises.filter { $0.createdOn > today.adding(days: -30) }.map { $0.planID ?? $0.id }).count
    }

    /// The debt is above what the bot may make concessions on.
    var isBeyondAuthority: Bool {
        guard let limit = policy.authority.maximumDebt?[account.currency] else { return false }
        return statement.total > limit
    }

    /// Smallest partial payment that the policy accepts today; never more than what is owed.
    ///
    /// Where the policy names no amount in the account's currency nothing less than all of it is taken.
    public var minimumAmount: Money { minimumAmount(asAdviser: false) }

    func minimumAmount(asAdviser: Bool) -> Money {
        guard let minimum = terms.minimumAmount[account.currency], asAdviser || !isBeyondAuthority else {
            return statement.total
        }
        return min(statement.total, max(terms.minimumShare.of(statement.total), minimum))
    }

    /// Last day that a promise may name.
    public var latestDay: Day { today.adding(days: terms.horizonDays) }

    /// Last day on which an offer priced today can be accepted at its price.
    var validUntil: Day { today.adding(days: policy.offerValidDays) }

    // MARK: Everything at once

    /// Everything today, with the first discount of the stage.
    public func payNow() -> Offer { payNow(step: 0) }

    /// The discounts that the bot may grant, smallest first; 0 % where the policy has none within its authority.
    func discounts(asAdviser: Bool) -> [Percent] {
        if asAdviser { return terms.discounts }
        let limit = isBeyondAuthority ? .zero : policy.authority.maximumDiscount
        let granted = terms.discounts.filter { discount in limit.map { discount <= $0 } ?? true }
        return granted.isEmpty ? [.zero] : granted
    }

    func payNow(step: Int, asAdviser: Bool = false) -> Offer {
        let rate = discounts(asAdviser: asAdviser)[step]
        let worked = ImmediateDiscount(
            principal: statement.principal, interest: statement.interest, charges: statement.charges, rate: rate,
            scope: terms.discountScope, floor: .zero(account.currency))
        var explanation = ["deuda al \(today.iso): \(statement.total.formatted)"]
        if worked.discount.isPositive {
            explanation.append(
                "descuento por pagar hoy: \(rate.formatted) sobre \(terms.discountScope.spanishName) "
                    + "(\(worked.base.formatted)) = \(worked.discount.formatted)")
        }
        return offer(
            id: step == 0 ? "pay_now" : "pay_now_\(step + 1)", .payNow, discount: worked.discount,
            [Instalment(number: 1, amount: worked.payable, dueDay: today)], explanation)
    }

    /// One payment on `day`; of everything as it will stand that day where `amount` is nil or covers today's debt.
    func singlePayment(_ amount: Money?, on day: Day) -> Offer {
        if let amount, amount < statement.total {
            return offer(
                id: "partial", .partial, [Instalment(number: 1, amount: amount, dueDay: day)],
                ["pago parcial de " + amount.formatted + " sobre " + statement.total.formatted])
        }
        let debt = debt(on: day)
        return offer(
            id: "promise", .promise, [Instalment(number: 1, amount: debt, dueDay: day)],
            ["deuda al " + day.iso + ", con el interés hasta ese día: " + debt.formatted])
    }

    /// What is asked for today, as it will stand on `day`.
    private func debt(on day: Day) -> Money {
        guard day != today else { return statement.total }
        var sum = Money.zero(account.currency)
        for line in account.statement(on: day, indices: indices).lines
        where statement.lines.contains(where: { $0.itemID == line.itemID }) {
            sum += line.total
        }
        return sum
    }

    func offer(
        id: String, _ kind: Offer.Kind, discount: Money? = nil, _ instalments: [Instalment], rate: Percent = .zero,
        _ explanation: [String]
    ) -> Offer {
        Offer(
            id: id, kind: kind, total: instalments.reduce(.zero(account.currency)) { $0 + $1.amount },
            discount: discount ?? .zero(account.currency), instalments: instalments, rate: rate, pricedOn: today,
            validUntil: validUntil, policyVersion: policy.version, debt: statement.total, explanation: explanation)
    }

    // MARK: Plans

    /// The instalment plans of the stage that the bot may grant, fewest instalments first; first instalment a month from
    /// today, or today's down payment and then monthly.
    public func plans() -> [Offer] { plans(asAdviser: false) }

    func plans(asAdviser: Bool) -> [Offer] { planTerms(asAdviser: asAdviser).compactMap { plan($0) } }

    /// The plans of the stage, fewest instalments first.
    func planTerms(asAdviser: Bool) -> [PlanTerms] {
        if !asAdviser, isBeyondAuthority { return [] }
        return terms.plans.sorted { $0.instalments < $1.instalments }
            .filter { asAdviser || $0.instalments <= policy.authority.maximumInstalments ?? .max }
    }

    /// One plan, priced today.
    /// - Parameters:
    ///   - part: what the customer pays first and when, instead of the plan's down payment today; the rest of the debt
    ///     as it stands that day is financed.
    ///   - firstDue: the due day of the first instalment, instead of a month after what is paid first.
    /// - Returns: nil where nothing is left to finance, or an instalment would be below the policy's smallest.
    func plan(_ plan: PlanTerms, part: Instalment? = nil, firstDue: Day? = nil) -> Offer? {
        guard let smallestAllowed = policy.minimumInstalment[account.currency] else { return nil }
        let debt = part.map { self.debt(on: $0.dueDay) } ?? statement.total
        let down =
            part?.amount
            ?? downPayment(of: debt, share: plan.downPayment, minimum: .zero(account.currency), maximum: nil)
        let financed = debt - down
        guard financed.isPositive else { return nil }
        let downDay = part?.dueDay ?? today
        let first = firstDue ?? (down.isPositive ? downDay.adding(months: 1) : self.firstDue)
        var explanation = ["deuda al \(downDay.iso): \(debt.formatted)"]
        if part != nil {
            explanation.append("primer pago el \(downDay.iso): \(down.formatted)")
        } else if down.isPositive {
            explanation.append("anticipo: \(plan.downPayment.formatted) = \(down.formatted)")
        }
        let schedule: PlanSchedule
        var cost: Percent?
        if plan.rate == .zero {
            schedule = interestFreePlan(
                financed, count: plan.instalments, spareCents: .first, firstDue: first, calendar: calendar)
            explanation.append("\(plan.instalments) cuotas sin interés sobre \(financed.formatted)")
        } else {
            let vat = account.terms.vatOnInterest
            schedule = frenchPlan(
                financed, rate: plan.rate, vat: vat, count: plan.instalments, firstDue: first, calendar: calendar)
            cost = schedule.totalFinancialCost(fee: .zero(account.currency))
            explanation.append(
                "\(plan.instalments) cuotas, sistema francés, TNA \(plan.rate.formatted), "
                    + "TEA \(schedule.effectiveAnnualRate.formatted) sobre \(financed.formatted)"
                    + (vat > .zero ? ", más IVA \(vat.formatted) sobre el interés" : ""))
            // Ley 24.240, art. 36: who finances a debt is told its total cost.
            if let cost { explanation.append("costo financiero total: CFTEA \(cost.formatted), IVA incluido") }
        }
        guard let smallest = schedule.rows.map(\.total).min(), smallest >= smallestAllowed else { return nil }
        var instalments = schedule.rows.map { Instalment(number: $0.number, amount: $0.total, dueDay: $0.dueDay) }
        if down.isPositive { instalments.insert(Instalment(number: 0, amount: down, dueDay: downDay), at: 0) }
        var offer = offer(
            id: part == nil ? "plan_\(plan.instalments)" : "part_plan_\(plan.instalments)", .plan, instalments,
            rate: plan.rate, explanation)
        offer.financialCost = cost
        return offer
    }

    /// Due day of a plan's first instalment where nothing is paid before.
    var firstDue: Day { min(latestDay, today.adding(months: 1)) }
}

extension PromiseToPay {
    /// It was broken, or kept in part.
    var wasNotKept: Bool { state == .broken || state == .partiallyKept }
}
