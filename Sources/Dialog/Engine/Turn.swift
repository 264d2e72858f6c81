import Negotiation
import Quantities
import Understanding

/// One turn under way: collects texts, effects and the trace, and leaves the new state.
struct Turn {
    let dialog: CompiledDialog
    let facts: Facts
    var state: DialogState
    var effects: [Effect] = []
    var trace: [String] = []
    /// Slots filled by the message of this turn.
    var filled: Set<String> = []
    private var texts: [String] = []
    private var steps = 0
    private var escalation: (reason: String, priority: HandoffPriority)?
    private var redirected = false
    /// A value was outside its slot's limits, and the customer was told.
    private var refused = false

    init(dialog: CompiledDialog, state: DialogState, facts: Facts) {
        self.dialog = dialog
        self.state = state
        self.facts = facts
    }

    private var values: FactValues { FactValues(facts: facts, state: state) }
    private var here: DialogStateDefinition? { dialog.states[state.state] }

    // MARK: Events

    mutating func heard(_ heard: Heard) {
        for line in heard.reasons { trace.append(line) }
        state.idleNudged = false
        if state.ended != nil, heard.isCourtesy { return acknowledged(heard) }
        let fresh = state.ended != nil || state.turnsHeard == 0
        if state.ended != nil { restart() }
        state.turnsHeard += 1
        if heard.understanding.has(.insult) || heard.understanding.anger >= 2 { state.insults += 1 }
        if heard.understanding.has(.optOut) {
            trace.append("pidió la baja: deja de recibir mensajes nuestros por iniciativa propia")
            effects.append(.optOut)
            if escalated(by: heard, skippingComplaints: true) { return finish() }
            if dialog.states["baja"] != nil {
                enter("baja")
            } else {
                texts.append("Listo, no te vamos a escribir más.")
            }
            return finish()
        }
        if escalated(by: heard, skippingComplaints: false) { return finish() }
        if heard.staleTap {
            trace.append("tocó un botón de un mensaje anterior: no vale como respuesta a este")
            texts.append("Ese botón era de un mensaje anterior.")
            ask()
            return finish()
        }
        if let digression = dialog.digressions.first(where: { $0.always && matches($0.hears, heard) }) {
            say(digression)
            ask()
            return finish()
        }
        fill(from: heard)
        if fresh { return opened(with: heard) }
        if resumePending(heard) { return finish() }
        if choose(heard) { return finish() }
        if let digression = dialog.digressions.first(where: { matches($0.hears, heard) }) {
            trace.append(
                "digresión `\(digression.name)` (línea \(digression.position.line)): contesta y vuelve a la pregunta")
            say(digression)
            ask()
            return finish()
        }
        notUnderstood(heard)
        finish()
    }

    /// Thanks or an "ok" after the end: no reason to begin again.
    private mutating func acknowledged(_ heard: Heard) {
        trace.append("acusó recibo de algo que ya terminó: no se empieza de nuevo")
        if heard.understanding.has(.thanks),
            let digression = dialog.digressions.first(where: { matches($0.hears, heard) })
        {
            say(digression)
        }
        finish()
    }

    mutating func started() {
        enter(dialog.start)
        finish()
    }

    mutating func media(_ messageID: String) {
        state.idleNudged = false
        if state.ended != nil { restart() }
        texts.append("Por ahora solo puedo leer texto: si me lo escribís, te contesto enseguida.")
        trace.append("llegó algo que no es texto")
        if state.turnsHeard == 0 { enter(dialog.start) } else { ask() }
        state.turnsHeard += 1
        finish()
    }

    mutating func idle() {
        guard state.ended == nil, !state.idleNudged, let nudge = dialog.limits.onIdle else { return }
        state.idleNudged = true
        say(nudge)
        finish(timer: false)
    }

    mutating func returned() {
        if state.ended != nil { restart() }
        texts.append("Hola de nuevo, sigo yo con vos.")
        enter(dialog.start)
        finish()
    }

    private mutating func restart() {
        var next = DialogState(dialog: dialog.name, version: dialog.version, state: dialog.start)
        next.verified = state.verified
        next.serial = state.serial
        state = next
    }

    /// The first message of a conversation: the opening is said, unless the message already answers it.
    private mutating func opened(with heard: Heard) {
        let said = (texts, effects)
        enter(dialog.start)
        guard state.ended == nil, let here else { return finish() }
        let strong = here.choices.contains { choice in
            choice.hears.contains {
                !["otro", "si", "no", "saluda", "monto", "fecha", "acepta", "rechaza"].contains($0)
                    && matches([$0], heard)
            }
                && values.holds(choice.when)
        }
        if strong {
            (texts, effects) = said
            _ = choose(heard)
        } else if let digression = dialog.digressions.first(where: { matches($0.hears, heard) }),
            state.verified || digression.unverified != nil || !namesDebt(digression.say)
        {
            let opening = texts
            texts = said.0
            say(digression)
            texts += opening
        }
        finish()
    }

    // MARK: Escalation

    private mutating func escalated(by heard: Heard, skippingComplaints: Bool) -> Bool {
        let listed = dialog.escalate + ["angustia", "pide_humano"].filter { !dialog.escalate.contains($0) }
        let order = ["angustia", "amenaza_legal", "sospecha_estafa", "queja", "insulto_repetido", "pide_humano"]
        let ranked = listed.sorted { (order.firstIndex(of: $0) ?? 9) < (order.firstIndex(of: $1) ?? 9) }
        guard let name = ranked.first(where: { matches([$0], heard) }) else { return false }
        if skippingComplaints, name != "angustia", name != "pide_humano", name != "amenaza_legal" { return false }
        trace.append("`\(name)` deriva a una persona desde cualquier estado")
        escalation = (name, Self.priority(of: name))
        if name == "angustia", dialog.states["angustia"] != nil { enter("angustia") } else { enter(dialog.onEscalate) }
        return true
    }

    static func priority(of name: String) -> HandoffPriority {
        switch name {
        case "angustia": .distress
        case "amenaza_legal": .legalThreat
        case "queja", "insulto", "insulto_repetido", "sospecha_estafa", "desconoce_deuda", "reclamo": .complaint
        case "limite": .limitReached
        case "dificultad", "no_puede": .hardship
        default: .askedForHuman
        }
    }

    // MARK: Matching

    private func matches(_ names: [String], _ heard: Heard) -> Bool { names.contains { matches($0, heard) } }

    private func matches(_ name: String, _ heard: Heard) -> Bool {
        let understanding = heard.understanding
        if let tapped = heard.tapped {
            return tapped == name || (name == "opcion" && state.shownOffers.contains { $0.id == tapped })
        }
        switch name {
        case "monto", "fecha", "cuotas": return filled.contains(name)
        case "opcion": return heard.chosenOffer(in: state) != nil
        case "documento": return understanding.documentDigits != nil
        case "insulto_repetido": return state.insults >= 2 || understanding.anger >= 3
        case "otro": return true
        case "si":
            if understanding.has(.deny) || understanding.has(.reject) || understanding.has(.unclear)
                || understanding.has(.postpone)
            {
                return false
            }
            return confidence(of: [.affirm, .accept], in: understanding) >= 0.6
        case "queja":
            return confidence(of: [.complain], in: understanding) >= 0.6
        default:
            guard let intents = DialogVocabulary.intents[name] else { return false }
            let threshold = name == "angustia" || name == "pide_humano" ? 0.3 : 0.45
            return confidence(of: intents, in: understanding) >= threshold
        }
    }

    private func confidence(of intents: [Intent], in understanding: Understanding) -> Double {
        understanding.intents.filter { intents.contains($0.intent) }.map(\.confidence).max() ?? 0
    }

    // MARK: Slots

    private mutating func fill(from heard: Heard) {
        guard heard.tapped == nil else { return }
        let account = facts.bargain.account
        let total = facts.bargain.statement.total
        for reading in heard.understanding.amounts where reading.role == .total && reading.confidence >= 0.5 {
            let amount: Money?
            switch reading.value {
            case .exact(let money): amount = money.currency == account.currency && money.isPositive ? money : nil
            case .share(let share): amount = share.of(total)
            case .all: amount = total
            case .minimum: amount = facts.bargain.minimumAmount
            case .range(let low, _): amount = low
            case .principalOnly, .vague: amount = nil
            }
            guard let amount, takes(.money(amount), for: "monto") else { continue }
            if state.amount != amount { trace.append("monto: \(amount.plain) (\(reading.reason))") }
            state.amount = amount
            filled.insert("monto")
        }
        if heard.understanding.has(.alreadyPaid) && !heard.understanding.has(.promise) { filled.remove("monto") }
        for reading in heard.understanding.days
        where reading.confidence >= 0.5 && (reading.kind == .payBy || reading.kind == .range) {
            guard let day = reading.day, heard.commits(asked: state.askingForDay(dialog)),
                takes(.day(day), for: "fecha")
            else { continue }
            if state.day != day { trace.append("fecha: \(day.iso) (\(reading.reason))") }
            state.day = day
            filled.insert("fecha")
        }
        if let count = heard.understanding.instalments, count.count > 1, count.confidence >= 0.5,
            takes(.number(count.count), for: "cuotas")
        {
            state.instalments = count.count
            filled.insert("cuotas")
            trace.append("cuotas: \(count.count)")
        }
        if !filled.isEmpty, !state.evidence.contains(heard.messageID) { state.evidence.append(heard.messageID) }
    }

    /// Whether the dialog asks for this slot and the value keeps to its limits; says why where it does not.
    private mutating func takes(_ value: FactValue, for name: String) -> Bool {
        guard let slot = dialog.slots[name] else { return false }
        if values.allows(value, in: slot) { return true }
        trace.append("\(name): fuera de sus límites (línea \(slot.position.line))")
        if let text = slot.invalid, !refused { say(text) }
        refused = true
        return false
    }

    private func isFilled(_ slot: String) -> Bool {
        switch slot {
        case "monto": state.amount != nil
        case "fecha": state.day != nil
        case "cuotas": state.instalments != nil
        default: true
        }
    }

    /// Goes on with a choice that was waiting for a slot. True when the turn is done.
    private mutating func resumePending(_ heard: Heard) -> Bool {
        guard let slot = state.pendingSlot, let index = state.pendingChoice, let here,
            here.choices.indices.contains(index)
        else {
            return false
        }
        let interrupts = here.choices.enumerated().contains { position, choice in
            position != index && !choice.needs.contains(slot) && values.holds(choice.when)
                && choice.hears.contains {
                    !["otro", "si", "monto", "fecha", "cuotas"].contains($0) && matches([$0], heard)
                }
                && !filled.contains(slot)
        }
        if interrupts {
            state.pendingSlot = nil
            state.pendingChoice = nil
            return false
        }
        guard filled.contains(slot) || isFilled(slot) else { return false }
        state.reprompts = 0
        take(here.choices[index], index: index, heard)
        return true
    }

    private mutating func choose(_ heard: Heard) -> Bool {
        guard let here else { return false }
        let corrects = here.confirms && proposalChanged
        let specific = dialog.digressions.contains { matches($0.hears, heard) }
        for (index, choice) in here.choices.enumerated() where values.holds(choice.when) {
            // The question for its slot is already on the screen: asking it again is a retry, not an answer.
            if let slot = state.pendingSlot, choice.needs.contains(slot), !filled.contains(slot) { continue }
            let hears = choice.hears.filter {
                !(corrects && $0 == "si") && !($0 == "otro" && specific) && !(state.pendingSlot != nil && $0 == "otro")
                    && !(here.confirms && !corrects
                        && ["monto", "fecha", "cuotas", "promete", "pago_parcial"].contains($0))
            }
            guard matches(hears, heard) else { continue }
            trace.append(
                "en `\(here.name)` oyó `\(hears.first { matches([$0], heard) } ?? "")` (línea \(choice.position.line))")
            state.reprompts = 0
            take(choice, index: index, heard)
            return true
        }
        return false
    }

    /// The message named another amount, day or count than the echo that waits for its yes.
    private var proposalChanged: Bool {
        guard let proposal = state.proposal else { return !filled.isEmpty }
        if filled.contains("cuotas"), proposal.instalments.count(where: { $0.number > 0 }) != state.instalments {
            return true
        }
        if filled.contains("fecha"), proposal.instalments.first?.dueDay != state.day { return true }
        if filled.contains("monto"), proposal.total != state.amount,
            !(state.amount == facts.bargain.statement.total && proposal.kind != .partial)
        {
            return true
        }
        return false
    }

    private mutating func take(_ choice: Choice, index: Int, _ heard: Heard) {
        state.pendingSlot = nil
        state.pendingChoice = nil
        if let missing = choice.needs.first(where: { !isFilled($0) }) {
            state.pendingSlot = missing
            state.pendingChoice = index
            trace.append("falta `\(missing)`: lo pregunta")
            if let text = choice.say { say(text) }
            ask()
            return
        }
        if let text = choice.say { say(text) }
        let before = state.state
        for action in choice.actions { perform(action, heard) }
        if redirected { return }
        if let next = choice.next { enter(next) } else if state.state == before { ask() }
    }

    private mutating func notUnderstood(_ heard: Heard) {
        state.reprompts += 1
        trace.append("no lo entendió (\(state.reprompts) de \(dialog.limits.reprompts))")
        if state.reprompts > dialog.limits.reprompts {
            escalation = ("limite", .limitReached)
            return enter(dialog.limits.onLimit)
        }
        if refused {
            // What was wrong is already said.
        } else if state.pendingSlot == "fecha",
            heard.understanding.days.contains(where: { $0.kind == .vague || $0.kind == .from })
                || heard.understanding.has(.postpone)
        {
            texts.append("Para anotarlo necesito un día en particular, aunque después lo cambiemos.")
        } else if let otherwise = here?.otherwise {
            say(otherwise)
        } else {
            texts.append("Perdón, no te entendí.")
        }
        ask()
    }

    // MARK: Actions

    private mutating func perform(_ action: Action, _ heard: Heard?) {
        switch action {
        case .verifyIdentity:
            let document = facts.bargain.account.document
            guard let digits = heard?.understanding.documentDigits else { break }
            if digits == document || (digits.count == 3 && document.hasSuffix(digits)) {
                state.verified = true
                effects.append(.verified)
                trace.append("el documento coincide")
            } else {
                state.identityAttempts += 1
                trace.append("el documento no coincide (\(state.identityAttempts))")
            }
        case .propose:
            settle(facts.bargain.judge(Proposal(amount: state.amount, day: state.day, instalments: state.instalments)))
        case .proposePayNow:
            let offer = facts.bargain.payNow()
            (state.amount, state.day, state.instalments) = (offer.total, facts.bargain.today, nil)
            settle(.admissible(offer))
            if let heard { state.evidence.append(heard.messageID) }
        case .proposePlan:
            guard let heard, let shown = heard.chosenOffer(in: state) else { break }
            if let offer = facts.bargain.reprice(shown) {
                settle(.admissible(offer))
            } else if let fresh = facts.bargain.plans().first(where: { $0.id == shown.id }) {
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
            state.evidence = []
        }
    }

    private mutating func settle(_ verdict: Verdict) {
        state.verdict = verdict
        state.echoed = nil
        switch verdict {
        case .admissible(let offer):
            state.proposal = offer
            trace.append("propuesta admisible bajo la política \(offer.policyVersion)")
            trace += offer.explanation
        case .counter(let offer, let why):
            state.proposal = nil
            state.counterOffers += 1
            trace.append("contraoferta \(state.counterOffers) de \(dialog.limits.counterOffers): \(why)")
            trace += offer.explanation
            if state.counterOffers > dialog.limits.counterOffers {
                escalation = ("limite", .limitReached)
                redirected = true
                enter(dialog.limits.onLimit)
            }
        case .needsHuman(let why):
            state.proposal = nil
            trace.append("solo lo puede resolver una persona: \(why)")
        }
    }

    /// Records only what the customer read in the last message of a confirming state and said yes to (I3).
    private mutating func record(_ heard: Heard?) {
        guard let heard, let here, here.confirms, let offer = state.proposal, state.echoed == offer else {
            trace.append("no se registra: no hubo un sí a un mensaje con este importe y este día")
            redirected = true
            return ask()
        }
        guard let valid = facts.bargain.reprice(offer), valid == offer else {
            trace.append("la oferta venció: se vuelve a calcular")
            texts.append("Pasó el día y lo recalculé a hoy.")
            redirected = true
            settle(facts.bargain.judge(Proposal(amount: state.amount, day: state.day, instalments: state.instalments)))
            if state.proposal != nil { enter(state.state) } else { enter(dialog.limits.onLimit) }
            return
        }
        effects.append(.record(offer, evidence: state.evidence + [heard.messageID]))
        trace.append("dijo que sí al importe y al día: se registra")
        (state.echoed, state.evidence) = (nil, [])
        state.counterOffers = 0
    }

    // MARK: Speaking

    private mutating func enter(_ name: String) {
        steps += 1
        guard steps <= 100, let definition = dialog.states[name] else {
            trace.append("el diálogo da vueltas o le falta el estado `\(name)`")
            effects.append(.handoff(reason: "error_del_dialogo", priority: .limitReached))
            texts.append("Te paso con una persona del equipo para seguir.")
            state.ended = "error_del_dialogo"
            return
        }
        state.state = name
        state.pendingSlot = nil
        state.pendingChoice = nil
        trace.append("estado `\(name)` (línea \(definition.position.line))")
        for action in definition.actions {
            perform(action, nil)
            if redirected { return }
        }
        if let route = definition.routes.first(where: { values.holds($0.when) }) {
            trace.append("camino \(route.when.map { "`\($0.source)`" } ?? "por defecto") → `\(route.next)`")
            return enter(route.next)
        }
        for text in definition.say { say(text) }
        if let reason = definition.handoff {
            let (why, priority) = escalation ?? (reason, Self.priority(of: reason))
            effects.append(.handoff(reason: why, priority: priority))
            state.ended = "derivado"
        } else if let outcome = definition.end {
            effects.append(.ended(outcome: outcome))
            state.ended = outcome
        } else {
            ask(again: false)
        }
    }

    /// Puts the present question, that of the slot that is missing or that of the state.
    /// - Parameter again: it was asked before: the shorter form is used where there is one.
    private mutating func ask(again: Bool = true) {
        guard state.ended == nil, let here else { return }
        if let slot = state.pendingSlot, let question = dialog.slotQuestions[slot] { return say(question) }
        if let question = again && !here.confirms ? here.again ?? here.ask : here.ask { say(question) }
        if here.confirms { state.echoed = state.proposal }
    }

    private mutating func say(_ digression: Digression) {
        if !state.verified, let unverified = digression.unverified { say(unverified) } else { say(digression.say) }
    }

    private func namesDebt(_ template: Template) -> Bool {
        template.placeholders.contains { DialogVocabulary.namesDebt($0) }
    }

    private mutating func say(_ template: Template) {
        if !state.verified, namesDebt(template) {
            trace.append(
                "un texto nombraba la deuda antes de verificar quién es: no se dijo (línea \(template.position.line))")
            return
        }
        let values = values
        texts.append(
            template.parts.map { part in
                switch part {
                case .text(let text): text
                case .placeholder(let name): values.text(name)
                }
            }.joined())
    }

    /// Makes one message of everything said, with the options of the state it ends in.
    private mutating func finish(timer: Bool = true) {
        let options = options()
        if !texts.isEmpty {
            effects.insert(.say(BotMessage(text: texts.joined(separator: "\n\n"), options: options)), at: 0)
        }
        if timer {
            effects.append(state.ended == nil ? .startIdleTimer(minutes: dialog.limits.idleMinutes) : .cancelIdleTimer)
        }
    }

    private mutating func options() -> [BotMessage.Option] {
        state.shown = []
        state.shownOffers = []
        guard state.ended == nil, state.pendingSlot == nil, let here else { return [] }
        var options: [(id: String, title: String, detail: String?)] = []
        if here.showsPlans, state.verified {
            state.shownOffers = facts.bargain.plans()
            for offer in state.shownOffers {
                let instalments = offer.instalments.filter { $0.number > 0 }
                let amount = instalments.map(\.amount).max() ?? offer.total
                options.append((offer.id, "\(instalments.count) cuotas", "de \(amount.formatted)"))
                state.shown.append(
                    OfferedChoice(
                        id: offer.id, title: "\(instalments.count) cuotas de \(amount.formatted)",
                        instalments: instalments.count, amount: amount))
            }
        }
        for button in here.buttons {
            let values = values
            let title = button.text.parts.map { part in
                switch part {
                case .text(let text): text
                case .placeholder(let name): values.text(name)
                }
            }.joined()
            options.append((button.hears, title, nil))
        }
        guard !options.isEmpty else { return [] }
        state.serial += 1
        return options.map { BotMessage.Option(id: "\($0.id)#\(state.serial)", title: $0.title, detail: $0.detail) }
    }
}
