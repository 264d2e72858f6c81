import Negotiation
import Quantities
import Understanding

/// Which of the state's choices answers the message, and what happens where none does.
extension Turn {
    mutating func resumePending(_ heard: Heard) -> Bool {
        if refusesDoubt(heard) { return true }
        guard let slot = state.pendingSlot, let here else { return false }
        guard let index = state.pendingChoice, here.choices.indices.contains(index) else {
            return resumeProposal(heard)
        }
        let isFilled = filled.contains(Hearings(named: slot))
        let said = hearings(of: heard).subtracting(Self.answers)
        let interrupts =
            !isFilled
            && here.choices.indices.contains { position in
                position != index && !here.choices[position].heard.isDisjoint(with: said)
                    && !here.choices[position].needs.contains(slot) && holds(here.choices[position].when)
            }
        if interrupts {
            state.pendingSlot = nil
            state.pendingChoice = nil
            return false
        }
        guard isFilled || self.isFilled(slot) else { return false }
        state.reprompts = 0
        take(here.choices[index], index: index, heard, resumed: true)
        return true
    }

    /// What may be an answer to the question for a slot.
    private static let answers = Hearings(["otro", "si", "monto", "fecha", "cuotas"])
    /// What a question that confirms takes only as a correction.
    static let figures = Hearings(["monto", "fecha", "cuotas", "promete", "pago_parcial"])

    /// Goes on with a proposal that waited for its doubt, or begins anew with what was said instead.
    private mutating func resumeProposal(_ heard: Heard) -> Bool {
        state.pendingSlot = nil
        if state.doubt == nil {
            enter(state.state)
        } else {
            (state.doubt, state.amount, state.day) = (nil, nil, nil)
            opened(with: heard)
        }
        return true
    }

    mutating func choose(_ heard: Heard) -> Bool {
        guard let here else { return false }
        let corrects = here.confirms && proposalChanged
        let heardHere = hearings(of: heard)
        var said = heardHere
        // "Sí" answers no question for a day or a sum, nor accepts what was offered before it.
        if corrects || asksDoubt || state.pendingSlot != nil { said.remove(.yes) }
        if state.pendingSlot != nil { said.remove(.accepts) }
        if state.pendingSlot != nil || !dialog.sideQuestions.isDisjoint(with: heardHere) { said.remove(.other) }
        if here.confirms, !corrects { said.subtract(Self.figures) }
        for index in here.choices.indices where !here.choices[index].heard.isDisjoint(with: heardHere) {
            let choice = here.choices[index]
            guard holds(choice.when) else {
                passages.append(.barred(state: here.name, index))
                continue
            }
            // The question for its slot is already on the screen: asking it again is a retry, not an answer.
            if let slot = state.pendingSlot, choice.needs.contains(slot), !filled.contains(Hearings(named: slot)) {
                continue
            }
            guard !choice.heard.isDisjoint(with: said) else { continue }
            let name = { choice.hears.first { said.contains(Hearings(named: $0)) } ?? "" }
            note("en `\(here.name)` oyó `\(name())` (línea \(choice.position.line))")
            passages.append(.choice(state: here.name, index))
            if let only = choice.onlyName(of: said) { passages.append(.heard(state: here.name, index, only)) }
            state.reprompts = 0
            take(choice, index: index, heard)
            return true
        }
        return false
    }

    /// The message named another amount, day or count than the echo that waits for its yes.
    var proposalChanged: Bool {
        guard let proposal = state.proposal else { return !filled.isEmpty }
        if filled.contains(.instalments), proposal.regularInstalments.count != state.instalments { return true }
        if filled.contains(.day), proposal.instalments.first?.dueDay != state.day { return true }
        if filled.contains(.amount), proposal.total != state.amount,
            !(state.amount == facts.bargain.statement.total && proposal.kind != .partial)
        {
            return true
        }
        return false
    }

    /// - Parameter resumed: it waited for a slot, and what it says was said with that question.
    mutating func take(_ choice: Choice, index: Int, _ heard: Heard, resumed: Bool = false) {
        let asked = state.pendingSlot
        state.pendingSlot = nil
        state.pendingChoice = nil
        let usesSlots = !choice.needs.isEmpty || !choice.heard.isDisjoint(with: dialog.slotHearings)
        // A part was offered and is still not known: what is said of its day does not make it the whole.
        let isAmountMissing = isAmountOpen || asked == "monto" && state.amount == nil
        let unclear = usesSlots ? state.doubt?.slot ?? (isAmountMissing ? "monto" : nil) : nil
        if !usesSlots, here?.asksIdentity == false { state.doubt = nil }
        if let missing = unclear ?? choice.needs.first(where: { !isFilled($0) }) {
            state.pendingSlot = missing
            state.pendingChoice = index
            note("falta `\(missing)`: lo pregunta")
            if missing == asked || isAmountMissing, let besides = heardBesides {
                texts.append(phrases(.heardBesides, besides))
            }
            if let text = choice.say, !resumed { say(text) }
            ask()
            return
        }
        if let text = choice.say, !resumed { say(text) }
        let before = state.state
        for action in choice.actions { perform(action, heard) }
        if redirected { return }
        if let next = choice.next { enter(next) } else if state.state == before { ask() }
    }

    mutating func notUnderstood(_ heard: Heard) {
        state.reprompts += 1
        let (times, allowed) = (state.reprompts, dialog.limits.reprompts)
        note("no lo entendió (\(times) de \(allowed))")
        if state.reprompts > dialog.limits.reprompts {
            passages.append(.limit(.reprompts, state: state.state))
            escalation = ("limite", .limitReached)
            return enter(dialog.limits.onLimit)
        }
        if refused {
            // What was wrong is already said.
        } else if let heard = heardBesides {
            texts.append(phrases(.heardBesides, heard))
        } else if heard.isGreeting {
            texts.append(phrases(.greetsBack))
        } else if state.pendingSlot == "fecha",
            heard.understanding.days.contains(where: { $0.kind == .vague || $0.kind == .from })
                || heard.understanding.has(.postpone) || heard.understanding.has(.promise)
        {
            texts.append(phrases(.aDayIsNeeded))
        } else if state.verified, heard.understanding.days.contains(where: { $0.kind == .past && $0.confidence >= 0.5 })
        {
            texts.append(phrases(.dayPast))
        } else if let otherwise = here?.otherwise {
            say(otherwise)
        } else {
            texts.append(phrases(.notUnderstood))
        }
        ask()
    }

    /// The amount that was said while the day is asked for, or the other way round, as the customer reads it.
    private var heardBesides: String? {
        switch state.pendingSlot {
        case "fecha" where filled.contains(.amount): state.amount.map { phrases($0) }
        case "monto" where filled.contains(.day): state.day.map { phrases.on($0, asOf: facts.today) }
        default: nil
        }
    }
}
