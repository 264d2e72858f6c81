import Negotiation
import Quantities

/// What a designer orders with `do:`.
extension Turn {
    mutating func perform(_ action: Action, _ heard: Heard?) {
        switch action {
        case .verifyIdentity:
            let document = facts.bargain.account.document
            guard let digits = heard?.understanding.documentDigits else { break }
            if digits == document || (digits.count == 3 && document.hasSuffix(digits)) {
                state.verified = true
                effects.append(.verified)
                note("el documento coincide")
            } else {
                state.identityAttempts += 1
                let attempts = state.identityAttempts
                note("el documento no coincide (\(attempts))")
            }
        case .propose:
            if let doubt = state.doubt {
                state.pendingSlot = doubt.slot
                redirected = true
                return ask()
            }
            settle(facts.bargain.judge(Proposal(amount: state.amount, day: state.day, instalments: state.instalments)))
        case .proposePayNow:
            let offer = facts.payNow
            (state.amount, state.day, state.instalments) = (offer.total, facts.today, nil)
            settle(.admissible(offer))
            if let heard { state.evidence.append(heard.messageID) }
        case .proposePlan:
            guard let heard, let shown = heard.chosenOffer(in: state) else { break }
            if let offer = facts.bargain.reprice(shown) {
                settle(.admissible(offer))
            } else if let fresh = facts.plans.first(where: { $0.id == shown.id }) {
                texts.append("Ese precio ya venció; te lo recalculo a hoy.")
                settle(.admissible(fresh))
            }
            (state.amount, state.day) = (nil, nil)
            state.instalments = state.proposal?.instalments.count { $0.number > 0 }
            state.evidence = [heard.messageID]
        case .takeCounterOffer:
            if case .counter(let offer, _) = state.verdict {
                settle(.admissible(offer))
                (state.amount, state.day) = (offer.kind == .plan ? nil : offer.total, offer.instalments.first?.dueDay)
                if let heard { state.evidence.append(heard.messageID) }
            }
        case .record: record(heard)
        case .withdrawPromise: effects.append(.withdrawPromises)
        case .optOut: effects.append(.optOut)
        case .wrongPerson: effects.append(.wrongPerson)
        case .claimPaid, .dispute, .hardship:
            effects.append(.note(kind: action.rawValue, text: heard?.text ?? ""))
        case .forget:
            (state.amount, state.day, state.instalments, state.proposal, state.verdict, state.echoed) = (
                nil, nil, nil, nil, nil, nil
            )
            state.doubt = nil
            state.evidence = []
        }
    }

    mutating func settle(_ verdict: Verdict) {
        state.verdict = verdict
        state.echoed = nil
        switch verdict {
        case .admissible(let offer):
            state.proposal = offer
            note("propuesta admisible bajo la política \(offer.policyVersion)")
            for line in offer.explanation { note(line) }
        case .counter(let offer, let why):
            state.proposal = nil
            state.counterOffers += 1
            let (times, allowed) = (state.counterOffers, dialog.limits.counterOffers)
            note("contraoferta \(times) de \(allowed): \(why)")
            for line in offer.explanation { note(line) }
            if state.counterOffers > dialog.limits.counterOffers {
                passages.append(.limit(.counterOffers, state: state.state))
                escalation = ("limite", .limitReached)
                redirected = true
                enter(dialog.limits.onLimit)
            }
        case .needsHuman(let why):
            state.proposal = nil
            note("solo lo puede resolver una persona: \(why)")
        }
    }

    /// Records only what the customer read in the last message of a confirming state and said yes to (I3).
    mutating func record(_ heard: Heard?) {
        guard let heard, let here, here.confirms, let offer = state.proposal, state.echoed == offer else {
            note("no se registra: no hubo un sí a un mensaje con este importe y este día")
            redirected = true
            return ask()
        }
        guard let valid = facts.bargain.reprice(offer), valid == offer else {
            note("la oferta venció: se vuelve a calcular")
            texts.append("Pasó el día y lo recalculé a hoy.")
            redirected = true
            settle(facts.bargain.judge(Proposal(amount: state.amount, day: state.day, instalments: state.instalments)))
            if state.proposal != nil { enter(state.state) } else { enter(dialog.limits.onLimit) }
            return
        }
        effects.append(.record(offer, evidence: state.evidence + [heard.messageID]))
        note("dijo que sí al importe y al día: se registra")
        (state.echoed, state.evidence) = (nil, [])
        state.counterOffers = 0
    }
}
