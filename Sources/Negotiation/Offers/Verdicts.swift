import Ledger
import Quantities

/// Answering proposals.
extension Bargain {
    /// Answers a proposal with itself (everything today is today's offer, with its discount), with the nearest thing
    /// that the policy allows and why, or with a person.
    /// - Parameter asAdviser: a person asks: what only a person may grant is granted, within the policy's terms.
    public func judge(_ proposal: Proposal, asAdviser: Bool = false) -> Verdict {
        if let refusal = refusal(asAdviser: asAdviser) { return refusal }
        if let count = proposal.instalments, count > 1 { return judgePlan(count, proposal, asAdviser) }
        var reasons: [String] = []
        let day = admissible(proposal.day, &reasons)
        let amount = admissible(proposal.amount, least: minimumAmount(asAdviser: asAdviser), &reasons)
        if day == today, case let now = payNow(), (amount ?? now.total) >= now.total { return answer(now, reasons) }
        return answer(singlePayment(amount, on: day), reasons)
    }

    /// Answers a proposal for what the open promises leave uncovered, to stand beside them: no more than that, and no
    /// less than the smallest part that is taken.
    public func judgeRest(_ proposal: Proposal) -> Verdict {
        if let refusal = refusal(asAdviser: false) { return refusal }
        guard uncovered.isPositive else {
            return .needsHuman(why: phrases(.allCovered))
        }
        var reasons: [String] = []
        let day = admissible(proposal.day, &reasons)
        var amount = min(uncovered, proposal.amount ?? uncovered)
        let least = min(uncovered, minimumAmount)
        if amount < least {
            reasons.append(phrases(.least, phrases(least)))
            amount = least
        }
        var rest = offer(
            id: "rest", .partial, [Instalment(number: 1, amount: amount, dueDay: day)],
            ["pago de \(amount.formatted), además de lo ya anotado; sin anotar quedaban \(uncovered.formatted)"])
        rest.purpose = .rest
        return answer(rest, reasons)
    }

    /// What is asked for today and no open promise covers; zero or more.
    public var uncovered: Money {
        let shares = allocate(account.payments, to: promises)
        let pending = openPromises.reduce(Money.zero(account.currency)) { sum, promise in
            // What a kept promise waives is covered by it too.
            sum + promise.offer.discount
                + promise.evaluation(payments: shares[promise.id] ?? [], asOf: today, terms: policy.judging).shortfall
        }
        return max(.zero(account.currency), statement.total - pending)
    }

    /// Why only a person may take anything from this account; nil where the bot may.
    private func refusal(asAdviser: Bool) -> Verdict? {
        guard statement.total.isPositive else { return .needsHuman(why: phrases(.noDebt)) }
        if asAdviser { return nil }
        if brokenPromises >= policy.maximumBrokenPromises {
            return .needsHuman(why: phrases(.promiseNeedsPerson))
        }
        if let limit = policy.maximumAgreementsInMonth, agreementsInMonth >= limit {
            return .needsHuman(why: phrases(.agreementNeedsPerson, String(limit)))
        }
        return nil
    }

    private func answer(_ offer: Offer, _ reasons: [String]) -> Verdict {
        reasons.isEmpty ? .admissible(offer) : .counter(offer, why: reasons.joined(separator: " "))
    }

    private func answer(_ verdict: Verdict, _ reasons: [String]) -> Verdict {
        switch verdict {
        case .admissible(let offer): answer(offer, reasons)
        case .counter(let offer, let why): answer(offer, reasons + [why])
        case .needsHuman: verdict
        }
    }

    /// The nearest day to the proposed one; the last one where none was said.
    private func admissible(_ proposed: Day?, _ reasons: inout [String]) -> Day {
        guard let day = proposed else { return latestDay }
        if day < today {
            reasons.append(phrases(.dayPast))
            return today
        }
        if day > latestDay {
            reasons.append(phrases(.latestDay, phrases(latestDay, asOf: today)))
            return latestDay
        }
        return day
    }

    /// The nearest amount to the proposed one; nil for everything.
    private func admissible(_ proposed: Money?, least: Money, _ reasons: inout [String]) -> Money? {
        guard let amount = proposed, amount < least else { return proposed }
        reasons.append(phrases(.least, phrases(least)))
        return least
    }

    private func judgePlan(_ count: Int, _ proposal: Proposal, _ asAdviser: Bool) -> Verdict {
        let plans = planTerms(asAdviser: asAdviser).compactMap { terms in plan(terms).map { (terms: terms, offer: $0) }
        }
        guard let nearest = plans.min(by: { abs($0.terms.instalments - count) < abs($1.terms.instalments - count) })
        else { return .needsHuman(why: phrases(.plansNeedPerson)) }
        var reasons: [String] = []
        if nearest.terms.instalments != count {
            let options = plans.map { String($0.terms.instalments) }.joined(separator: ", ")
            let beyond = !asAdviser && planTerms(asAdviser: true).contains { $0.instalments == count }
            reasons.append(phrases(beyond ? .countNeedsPerson : .countNotOffered, String(count), options))
        }
        // "El viernes te doy 20 lucas y el resto en 3 cuotas."
        guard let part = proposal.amount, let day = proposal.day, part < statement.total else {
            // "En 3 cuotas, que cobro el 10."
            guard let day = proposal.day, day > today else { return answer(nearest.offer, reasons) }
            let moved = plan(nearest.offer, onPayDay: day.dayOfMonth)
            // "Desde el 10 de enero": it begins sooner.
            if case .admissible(let offer) = moved,
                let first = offer.regularInstalments.first?.dueDay, first < day
            {
                reasons.append(phrases(.latestDay, phrases(first, asOf: today)))
            }
            return answer(moved, reasons)
        }
        return judgePart(part, on: day, then: nearest.terms, nearest.offer, reasons)
    }

    /// A part first and a plan for the rest: the part is at least the smallest that a promise may be, and the plan's
    /// down payment.
    private func judgePart(
        _ part: Money, on day: Day, then terms: PlanTerms, _ whole: Offer, _ reasons: [String]
    ) -> Verdict {
        var reasons = reasons
        let day = admissible(day, &reasons)
        var amount = admissible(part, least: minimumAmount, &reasons) ?? part
        let down = terms.downPayment.of(statement.total)
        if amount < down {
            reasons =
                reasons.filter { $0 != phrases(.least, phrases(minimumAmount)) } + [phrases(.leastFirst, phrases(down))]
            amount = down
        }
        guard let offer = plan(terms, part: Instalment(number: 0, amount: amount, dueDay: day)) else {
            reasons.append(phrases(.partTooLarge))
            return answer(whole, reasons)
        }
        return answer(offer, reasons)
    }
}
