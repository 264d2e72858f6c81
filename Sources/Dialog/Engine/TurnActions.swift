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
            propose()
        case .concede: concede()
        case .concedeDiscount: concedeDiscount()
        case .proposeRest:
            settle(
                facts.bargain.judgeRest(
                    Proposal(amount: state.amount, day: state.day, instalments: state.instalments)))
        case .proposePayDay: proposePayDay(heard)
        case .proposePayNow:
            guard take(shown: price(of: ["acepta", "si"], .payNow) ?? facts.payNow),
                let offer = state.proposal
            else {
                break
            }
            setSlots(of: offer)
            if let heard { state.evidence.append(heard.messageID) }
        case .proposePlan:
            guard let heard, let shown = heard.chosenOffer(in: state) else { break }
            guard take(shown: shown) else { break }
            let asked = filled.contains(.day) && state.doubt == nil ? state.day : nil
            (state.amount, state.day) = (nil, asked)
            state.instalments = state.proposal?.regularInstalments.count
            state.evidence = [heard.messageID]
            // "La de 3, pero que arranque el 5."
            if asked != nil { propose() }
        case .takeCounterOffer:
            if case .counter(let offer, _) = state.verdict {
                guard take(shown: offer), let taken = state.proposal else { break }
                setSlots(of: taken)
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

    /// - Parameter isConcession: comes from the ladder, which has its own end, and counts for no limit of counter-offers.
    mutating func settle(_ verdict: Verdict, isConcession: Bool = false) {
        state.verdict = verdict
        state.echoed = nil
        switch verdict {
        case .admissible(let offer):
            state.proposal = offer
            noteShown(offer)
            note("propuesta admisible bajo la política \(offer.policyVersion)")
            for line in offer.explanation { note(line) }
        case .counter(let offer, let why):
            state.proposal = nil
            noteShown(offer)
            if isConcession {
                for line in offer.explanation { note(line) }
                return
            }
            var ladder = state.ladder ?? ConcessionLadder()
            ladder.countered(turn: state.turnsHeard)
            state.ladder = ladder
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
        guard facts.bargain.accept(offer) == .asShown(offer) else {
            note("la oferta cambió: se confirma de nuevo")
            guard take(shown: offer) else { return }
            redirected = true
            if let offer = state.proposal { setSlots(of: offer) }
            return enter(state.state)
        }
        forgetPrice(of: offer)
        effects.append(.record(offer, evidence: state.evidence + [heard.messageID]))
        note("dijo que sí al importe y al día: se registra")
        (state.echoed, state.evidence) = (nil, [])
        state.counterOffers = 0
    }
}
