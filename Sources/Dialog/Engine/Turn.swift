import Negotiation
import Quantities
import Understanding

/// One turn under way: collects texts, effects and the trace, and leaves the new state.
struct Turn {
    let dialog: CompiledDialog
    let facts: Facts
    var state: DialogState
    /// The definition of the state it is in.
    private(set) var here: DialogStateDefinition?
    var effects: [Effect] = []
    private(set) var trace: [String] = []
    /// Whether the trace is kept; an exploration needs none.
    private let traces: Bool
    var passages: [Passage] = []
    /// Slots filled by the message of this turn.
    var filled: Hearings = []
    var texts: [String] = []
    var steps = 0
    var escalation: (reason: String, priority: HandoffPriority)?
    var redirected = false
    /// A part was offered, and not how much: the amount has to be asked for.
    var isAmountOpen = false
    /// What the message would pay each time: "3 cuotas de 10 lucas".
    var instalmentSaid: Money?
    /// A value was outside its slot's limits, and the customer was told.
    var refused = false

    init(dialog: CompiledDialog, state: consuming DialogState, facts: Facts, traces: Bool) {
        self.dialog = dialog
        here = dialog.states[state.state]
        self.state = state
        // What is owed may have changed since the question.
        self.state.doubt = self.state.doubt?.repriced(facts.bargain.statement.total)
        self.facts = facts
        self.traces = traces
    }

    consuming func result() -> StepResult {
        StepResult(state: state, effects: effects, trace: trace, passages: passages)
    }

    /// In whose words it speaks.
    var phrases: Phrases { facts.bargain.phrases }

    /// Adds a line to the trace.
    mutating func note(_ line: @autoclosure () -> String) {
        if traces { trace.append(line()) }
    }

    /// Goes to a state, and says and does nothing yet.
    mutating func go(to definition: DialogStateDefinition) {
        state.state = definition.name
        here = definition
    }

    mutating func heard(_ heard: Heard) {
        if traces { trace += heard.reasons }
        state.idleNudged = false
        if state.ended != nil, heard.isCourtesy { return acknowledged(heard) }
        let fresh = state.ended != nil || state.turnsHeard == 0
        if state.ended != nil { restart() }
        state.turnsHeard += 1
        if heard.understanding.has(.insult) || heard.understanding.anger >= 2 { state.insults += 1 }
        if heard.understanding.has(.optOut) {
            note("pidió la baja: deja de recibir mensajes nuestros por iniciativa propia")
            effects.append(.optOut)
            if escalated(by: heard, skippingComplaints: true) { return finish() }
            if dialog.states["baja"] != nil {
                enter("baja")
            } else {
                texts.append(phrases(.optedOut))
                effects.append(.ended(outcome: "baja"))
                state.ended = "baja"
            }
            return finish()
        }
        if escalated(by: heard, skippingComplaints: false) { return finish() }
        if heard.staleTap, let option = priced(heard) { return retake(option, heard) }
        if heard.staleTap {
            note("tocó un botón de un mensaje anterior: no vale como respuesta a este")
            texts.append(phrases(.staleButton))
            ask()
            return finish()
        }
        if let digression = digression(heard, always: true) {
            say(digression)
            ask()
            return finish()
        }
        fill(from: heard)
        if fresh { return opened(with: heard) }
        if isAnswered(heard) { return finish() }
        if let tap = typedTitle(heard) {
            note("escribió el texto de una opción: vale como tocarla")
            fill(from: tap)
            if escalated(by: tap, skippingComplaints: false) || isAnswered(tap) { return finish() }
        }
        notUnderstood(heard)
        finish()
    }

    /// Answers the question, or asks another; false where nothing hears the message.
    private mutating func isAnswered(_ heard: Heard) -> Bool {
        if resumePending(heard) || choose(heard) { return true }
        guard let digression = digression(heard) else { return false }
        note("digresión `\(digression.name)` (línea \(digression.position.line)): contesta y vuelve a la pregunta")
        say(digression)
        ask()
        return true
    }

    /// Thanks or an "ok" after the end: no reason to begin again.
    mutating func acknowledged(_ heard: Heard) {
        note("acusó recibo de algo que ya terminó: no se empieza de nuevo")
        if heard.understanding.has(.thanks), let digression = digression(heard) { say(digression) }
        finish()
    }

    mutating func started() {
        enter(dialog.start)
        finish()
    }

    mutating func media(_ messageID: String) {
        state.idleNudged = false
        if state.ended != nil { restart() }
        texts.append(phrases(.onlyText))
        note("llegó algo que no es texto")
        if state.turnsHeard == 0 { enter(dialog.start) } else { ask() }
        state.turnsHeard += 1
        finish()
    }

    mutating func idle() {
        guard state.ended == nil, !state.idleNudged, let nudge = dialog.limits.onIdle else { return }
        state.idleNudged = true
        passages.append(.limit(.idle, state: state.state))
        say(nudge)
        ask()
        finish(timer: false)
    }

    mutating func returned() {
        if state.ended != nil { restart() }
        texts.append(phrases(.backAgain))
        enter(dialog.start)
        finish()
    }

    mutating func restart() {
        var next = DialogState(dialog: dialog.name, version: dialog.version, state: dialog.start)
        next.verified = state.verified
        next.serial = state.serial
        next.priced = state.priced
        next.ladder = state.ladder?.resumed(on: facts.today, within: facts.bargain.policy.concessionMemoryDays)
        state = next
        here = dialog.states[state.state]
    }

    /// The first message of a conversation: the opening is said, unless the message already answers it.
    mutating func opened(with heard: Heard) {
        let said = (texts, effects)
        enter(dialog.start)
        guard state.ended == nil, let here else { return finish() }
        var weak = filled.isEmpty ? Self.weak.union(Self.vague) : Self.weak
        if state.verified, !filled.isEmpty { weak.subtract(Self.figures) }
        let strong = hearings(of: heard).subtracting(weak)
        if state.verdict == nil, here.choices.contains(where: { !$0.heard.isDisjoint(with: strong) && holds($0.when) })
        {
            (texts, effects) = said
            _ = choose(heard)
        } else if let digression = digression(heard),
            state.verified || digression.unverified != nil || !digression.say.namesDebt
        {
            let opening = texts
            texts = said.0
            say(digression)
            texts += opening
        }
        finish()
    }

    /// What anybody may say before they know what the conversation is about.
    private static let weak = Hearings(["otro", "si", "no", "saluda", "monto", "fecha", "acepta", "rechaza"])

    /// "quiero pagar" answers no opening that it has not heard; "te pago el viernes" does.
    private static let vague = Hearings(["promete"])

    // MARK: Escalation

    mutating func escalated(by heard: Heard, skippingComplaints: Bool) -> Bool {
        let said = hearings(of: heard)
        guard let name = dialog.escalations.first(where: { said.contains($0.heard) })?.name else { return false }
        let isGrave = ["angustia", "fallecimiento", "pide_humano", "amenaza_legal"].contains(name)
        if skippingComplaints, !isGrave { return false }
        note("`\(name)` deriva a una persona desde cualquier estado")
        passages.append(.escalation(name, state: state.state))
        escalation = (name, Self.priority(of: name))
        enter(DialogVocabulary.ownEscalations.contains(name) && dialog.states[name] != nil ? name : dialog.onEscalate)
        return true
    }

    static func priority(of name: String) -> HandoffPriority {
        switch name {
        case "angustia": .distress
        case "amenaza_legal": .legalThreat
        case "queja", "insulto", "insulto_repetido", "sospecha_estafa", "desconoce_deuda", "reclamo": .complaint
        case "limite": .limitReached
        case "dificultad", "no_puede", "fallecimiento": .hardship
        default: .askedForHuman
        }
    }
}
