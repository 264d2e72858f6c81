import Negotiation
import Quantities
import Understanding

/// A position in a dialog file, for errors. Lines and columns count from 1.
public struct SourcePosition: Hashable, Sendable, Codable {
    public var file: String
    public var line: Int
    public var column: Int
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

public enum SlotType: String, Hashable, Sendable, Codable, CaseIterable { case money, day, count, choice, text }

public struct Slot: Hashable, Sendable, Codable {
    public var name: String
    public var type: SlotType
    /// Name of the fact that the value may not be under, such as `politica.minimo`.
    public var minimum: String?
    /// Name of the fact that the value may not be over.
    public var maximum: String?
    /// Said when a value is outside its limits.
    public var invalid: Template?
    public var position: SourcePosition
    public init(
        name: String, type: SlotType, minimum: String?, maximum: String?, invalid: Template?, position: SourcePosition
    ) {
        self.name = name
        self.type = type
        self.minimum = minimum
        self.maximum = maximum
        self.invalid = invalid
        self.position = position
    }
}

/// A text with `{placeholders}`.
public struct Template: Hashable, Sendable, Codable {
    public enum Part: Hashable, Sendable, Codable {
        case text(String)
        case placeholder(String)
    }
    public var parts: [Part]
    public var position: SourcePosition
    public init(parts: [Part], position: SourcePosition) {
        self.parts = parts
        self.position = position
    }
    public var placeholders: [String] { parts.compactMap { if case .placeholder(let name) = $0 { name } else { nil } } }
}

/// `dias_mora > 60`, `tiene_promesa`, `no tiene_promesa`, joined by ` y `.
public struct Guard: Hashable, Sendable, Codable {
    public enum Comparison: String, Hashable, Sendable, Codable {
        case isTrue, isFalse
        case equal = "="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }
    public struct Term: Hashable, Sendable, Codable {
        public var fact: String
        public var comparison: Comparison
        /// A number or a word; nil for isTrue and isFalse.
        public var value: String?
        public init(fact: String, comparison: Comparison, value: String?) {
            self.fact = fact
            self.comparison = comparison
            self.value = value
        }
    }
    public var terms: [Term]
    public var source: String
    public var position: SourcePosition
    public init(terms: [Term], source: String, position: SourcePosition) {
        self.terms = terms
        self.source = source
        self.position = position
    }
}

/// What a designer may order with `do:`. A closed vocabulary; Spanish raw values as written in YAML.
public enum Action: String, Hashable, Sendable, Codable, CaseIterable {
    /// Compare the document digits heard with the account's; sets fact `verificado` or `intentos_identidad`.
    case verifyIdentity = "verificar_identidad"
    /// Judge slots monto, fecha, cuotas under the policy; sets `propuesta.*` facts.
    case propose = "proponer"
    /// Put everything-today with discount as the current proposal.
    case proposePayNow = "proponer_pago_hoy"
    /// Take the plan that was chosen among those shown as the current proposal.
    case proposePlan = "proponer_plan"
    /// Make the counter-offer of the last verdict the current proposal.
    case takeCounterOffer = "tomar_contraoferta"
    /// Record the current proposal as a promise or a plan. Only legal on a `si` of a state that confirms.
    case record = "registrar"
    /// Concede one step of the policy's ladder, at most one in a turn; sets `propuesta.*` (`contraoferta`, or `persona`
    /// at the floor).
    case concede = "conceder"
    /// As `conceder`, for who asks for a discount: the next greater one for paying today, else the greatest or that there
    /// is none.
    case concedeDiscount = "conceder_descuento"
    /// Judge slots monto and fecha as a promise beside those that are open; sets `propuesta.*`.
    case proposeRest = "proponer_resto"
    /// Judge moving the plan's instalments to the day of the month that was named; without one nothing is proposed.
    case proposePayDay = "proponer_dia_de_cobro"
    /// Withdraw the open promise.
    case withdrawPromise = "retirar_promesa"
    case optOut = "dar_de_baja"
    /// The number is not the debtor's: no more contact on it.
    case wrongPerson = "numero_equivocado"
    /// A claim that the debt is paid, for a person to check.
    case claimPaid = "avisar_pago"
    case dispute = "registrar_reclamo"
    case hardship = "registrar_dificultad"
    /// Forget what was said about amount, date and instalments.
    case forget = "olvidar"
}

public struct Choice: Hashable, Sendable, Codable {
    /// Designer names of what is heard: intents (`promete`), `si`, `no`, `fecha`, `monto`, `opcion`, `documento`, `otro`.
    public var hears: [String]
    public var when: Guard?
    /// Slots that must be filled before `next`; the engine asks for missing ones with the slot's own question.
    public var needs: [String]
    public var actions: [Action]
    public var say: Template?
    /// Nil stays in the state (asks again, no retry spent).
    public var next: String?
    public var position: SourcePosition
    public init(
        hears: [String], when: Guard? = nil, needs: [String] = [], actions: [Action] = [], say: Template? = nil,
        next: String?, position: SourcePosition
    ) {
        self.hears = hears
        self.when = when
        self.needs = needs
        self.actions = actions
        self.say = say
        self.next = next
        self.position = position
    }
}

/// An automatic transition, taken on entry before anything is said.
public struct Route: Hashable, Sendable, Codable {
    public var when: Guard?
    public var next: String
    public var position: SourcePosition
    public init(when: Guard?, next: String, position: SourcePosition) {
        self.when = when
        self.next = next
        self.position = position
    }
}

public struct ButtonLabel: Hashable, Sendable, Codable {
    public var text: Template
    /// Designer name that a tap stands for (`si`, `promete`, …); a tap is read exactly as that.
    public var hears: String
    public init(text: Template, hears: String) {
        self.text = text
        self.hears = hears
    }
}

public struct DialogStateDefinition: Hashable, Sendable, Codable {
    public var name: String
    /// Actions on entry, before `routes`.
    public var actions: [Action]
    public var routes: [Route]
    public var say: [Template]
    public var ask: Template?
    /// The question in fewer words, for when it is put again after a side question or a misunderstanding.
    public var again: Template?
    /// What a bare answer is: from `expects:` or derived from the choices.
    public var expects: SlotType?
    /// True when its `si` records: the text must echo amount and date.
    public var confirms: Bool
    /// `identidad` states ask for the document.
    public var asksIdentity: Bool
    public var buttons: [ButtonLabel]
    /// Show the plans of the policy as options (buttons or a list).
    public var showsPlans: Bool
    public var choices: [Choice]
    /// Said instead of the generic "no te entendí" when nothing matched.
    public var otherwise: Template?
    /// `end:` with its outcome name; nil when it goes on.
    public var end: String?
    /// `handoff:` reason; the state hands over and ends.
    public var handoff: String?
    public var position: SourcePosition
    public init(
        name: String, actions: [Action] = [], routes: [Route] = [], say: [Template] = [], ask: Template? = nil,
        expects: SlotType? = nil, confirms: Bool = false, asksIdentity: Bool = false, buttons: [ButtonLabel] = [],
        showsPlans: Bool = false, choices: [Choice] = [], otherwise: Template? = nil, end: String? = nil,
        handoff: String? = nil, position: SourcePosition
    ) {
        self.name = name
        self.actions = actions
        self.routes = routes
        self.say = say
        self.ask = ask
        self.expects = expects
        self.confirms = confirms
        self.asksIdentity = asksIdentity
        self.buttons = buttons
        self.showsPlans = showsPlans
        self.choices = choices
        self.otherwise = otherwise
        self.end = end
        self.handoff = handoff
        self.position = position
    }
}

public struct Digression: Hashable, Sendable, Codable {
    public var name: String
    public var hears: [String]
    public var say: Template
    /// Said instead while the person is not verified; needed where `say` shows facts about the debt.
    public var unverified: Template?
    /// Wins even over the state's own choices.
    public var always: Bool
    public var position: SourcePosition
    public init(
        name: String, hears: [String], say: Template, unverified: Template?, always: Bool, position: SourcePosition
    ) {
        self.unverified = unverified
        self.name = name
        self.hears = hears
        self.say = say
        self.always = always
        self.position = position
    }
}

public struct Limits: Hashable, Sendable, Codable {
    public var reprompts: Int
    public var counterOffers: Int
    public var idleMinutes: Int
    /// State entered when a limit is reached.
    public var onLimit: String
    /// Said once when the customer falls silent; nil says nothing.
    public var onIdle: Template?
    public init(reprompts: Int, counterOffers: Int, idleMinutes: Int, onLimit: String, onIdle: Template?) {
        self.reprompts = reprompts
        self.counterOffers = counterOffers
        self.idleMinutes = idleMinutes
        self.onLimit = onLimit
        self.onIdle = onIdle
    }
}

/// What a designer says must hold, proved by exploration.
public struct DialogProperty: Hashable, Sendable, Codable {
    public enum Rule: Hashable, Sendable, Codable {
        /// After every turn.
        case always(Guard)
        case never(Guard)
        /// From the first state the second can always still be reached.
        case leadsTo(String, String)
    }
    public var rule: Rule
    /// As written, for messages.
    public var source: String
    public var position: SourcePosition
    public init(rule: Rule, source: String, position: SourcePosition) {
        self.rule = rule
        self.source = source
        self.position = position
    }
}

/// A dialog that passed its lints.
public struct CompiledDialog: Hashable, Sendable, Codable {
    public var name: String
    /// FNV-1a (64 bits) of the source, 16 hexadecimal digits: names a content, does not authenticate it.
    public var version: String
    public var start: String
    public var facts: [String]
    public var slots: [String: Slot]
    /// Questions asked for a slot that a choice `needs:`.
    public var slotQuestions: [String: Template]
    public var limits: Limits
    /// Designer names of intents that hand over from any state.
    public var escalate: [String]
    /// State entered on escalation; it has `handoff:`.
    public var onEscalate: String
    public var digressions: [Digression]
    public var states: [String: DialogStateDefinition]
    public var properties: [DialogProperty]
    public init(
        name: String, version: String, start: String, facts: [String], slots: [String: Slot],
        slotQuestions: [String: Template], limits: Limits, escalate: [String], onEscalate: String,
        digressions: [Digression], states: [String: DialogStateDefinition], properties: [DialogProperty] = []
    ) {
        self.name = name
        self.version = version
        self.start = start
        self.facts = facts
        self.slots = slots
        self.slotQuestions = slotQuestions
        self.limits = limits
        self.escalate = escalate
        self.onEscalate = onEscalate
        self.digressions = digressions
        self.states = states
        self.properties = properties
    }
}
