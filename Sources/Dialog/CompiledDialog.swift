import Negotiation
import Quantities
import Understanding

/// A position in a dialog file, for errors. Lines and columns count from 1.
public struct SourcePosition: Hashable, Sendable {
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

public struct Slot: Hashable, Sendable {
    public let name: String
    public let type: SlotType
    /// The fact that the value may not be under, such as `politica.minimo`.
    public let minimum: Fact?
    /// The fact that the value may not be over.
    public let maximum: Fact?
    /// Said when a value is outside its limits.
    public let invalid: Template?
    public let position: SourcePosition
}

/// A text with `{placeholders}`.
public struct Template: Hashable, Sendable {
    public enum Part: Hashable, Sendable {
        case text(String)
        /// What is written between the braces, and the fact that it names; nil where there is none.
        case placeholder(String, Fact?)
    }
    public let parts: [Part]
    public let position: SourcePosition
    /// Some figure in it names a debt.
    let namesDebt: Bool

    public init(parts: [Part], position: SourcePosition) {
        self.parts = parts
        self.position = position
        namesDebt = parts.contains { if case .placeholder(_, let fact?) = $0 { fact.namesDebt } else { false } }
    }

    public var placeholders: [String] {
        parts.compactMap { if case .placeholder(let name, _) = $0 { name } else { nil } }
    }
}

/// `dias_mora > 60`, `tiene_promesa`, `no tiene_promesa`, joined by ` y `.
public struct Guard: Hashable, Sendable {
    public enum Comparison: String, Hashable, Sendable {
        case isTrue, isFalse
        case equal = "="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }
    public struct Term: Hashable, Sendable {
        public let name: String
        /// Nil where no fact has this name.
        public let fact: Fact?
        public let comparison: Comparison
        /// A number or a word; nil for isTrue and isFalse.
        public let value: String?
        /// The value, where it is a number.
        let number: Int?

        init(_ name: String, _ comparison: Comparison, _ value: String? = nil) {
            self.name = name
            fact = DialogVocabulary.facts[name]
            self.comparison = comparison
            self.value = value
            number = value.flatMap { Int($0) }
        }
    }
    public let terms: [Term]
    public let source: String
    public let position: SourcePosition
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

public struct Choice: Hashable, Sendable {
    /// Designer names of what is heard: intents (`promete`), `si`, `no`, `fecha`, `monto`, `opcion`, `documento`, `otro`.
    public let hears: [String]
    public let when: Guard?
    /// Slots that must be filled before `next`; the engine asks for missing ones with the slot's own question.
    public let needs: [String]
    public let actions: [Action]
    public let say: Template?
    /// Nil stays in the state (asks again, no retry spent).
    public let next: String?
    public let position: SourcePosition
    /// ``hears`` as the engine compares it, all of it and each.
    let heard: Hearings
    private let names: [Hearings]

    init(
        hears: [String], when: Guard?, needs: [String], actions: [Action], say: Template?, next: String?,
        position: SourcePosition
    ) {
        self.hears = hears
        self.when = when
        self.needs = needs
        self.actions = actions
        self.say = say
        self.next = next
        self.position = position
        heard = Hearings(hears)
        names = hears.map { Hearings(named: $0) }
    }

    /// The one name of ``hears``, by its index, that is among what was said; nil where several are.
    func onlyName(of said: Hearings) -> Int? {
        let common = heard.intersection(said)
        return common.rawValue.nonzeroBitCount == 1 ? names.firstIndex(of: common) : nil
    }

    /// Whether it makes no difference that a name is listed: another one of the list hears the same and more, and no button
    /// stands for it.
    func isImplied(_ name: String, in state: DialogStateDefinition) -> Bool {
        !state.buttons.contains { $0.hears == name }
            && hears.contains { $0 != name && DialogVocabulary.isHeard(name, alsoAs: $0) }
    }
}

/// An automatic transition, taken on entry before anything is said.
public struct Route: Hashable, Sendable {
    public let when: Guard?
    public let next: String
    public let position: SourcePosition
}

public struct ButtonLabel: Hashable, Sendable {
    public let text: Template
    /// Designer name that a tap stands for (`si`, `promete`, …); a tap is read exactly as that.
    public let hears: String
}

public final class DialogStateDefinition: Sendable {
    public let name: String
    /// Actions on entry, before `routes`.
    public let actions: [Action]
    public let routes: [Route]
    public let say: [Template]
    public let ask: Template?
    /// The question in fewer words, for when it is put again after a side question or a misunderstanding.
    public let again: Template?
    /// What a bare answer is: from `expects:` or derived from the choices.
    public let expects: SlotType?
    /// True when its `si` records: the text must echo amount and date.
    public let confirms: Bool
    /// `identidad` states ask for the document.
    public let asksIdentity: Bool
    public let buttons: [ButtonLabel]
    /// Show the plans of the policy as options (buttons or a list).
    public let showsPlans: Bool
    public let choices: [Choice]
    /// Said instead of the generic "no te entendí" when nothing matched.
    public let otherwise: Template?
    /// `end:` with its outcome name; nil when it goes on.
    public let end: String?
    /// `handoff:` reason; the state hands over and ends.
    public let handoff: String?
    public let position: SourcePosition
    /// Everything that its choices hear.
    let heard: Hearings
    /// The buttons that may stand for a price, with the choices that hear them, by index.
    let pricedButtons: [(name: String, choices: [Int])]

    init(
        name: String, actions: [Action], routes: [Route], say: [Template], ask: Template?, again: Template?,
        expects: SlotType?, confirms: Bool, asksIdentity: Bool, buttons: [ButtonLabel], showsPlans: Bool,
        choices: [Choice], otherwise: Template?, end: String?, handoff: String?, position: SourcePosition
    ) {
        self.name = name
        self.actions = actions
        self.routes = routes
        self.say = say
        self.ask = ask
        self.again = again
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
        heard = choices.reduce(into: []) { $0.formUnion($1.heard) }
        let pricing: Set<Action> = [.record, .proposePayNow, .takeCounterOffer]
        pricedButtons = buttons.compactMap { button in
            let tap = Hearings(named: button.hears)
            let heard = choices.indices.filter { !choices[$0].heard.isDisjoint(with: tap) }
            return heard.contains { !pricing.isDisjoint(with: choices[$0].actions) } ? (button.hears, heard) : nil
        }
    }
}

public struct Digression: Hashable, Sendable {
    public let name: String
    public let hears: [String]
    public let say: Template
    /// Said instead while the person is not verified; needed where `say` shows facts about the debt.
    public let unverified: Template?
    /// Wins even over the state's own choices.
    public let always: Bool
    public let position: SourcePosition
    /// ``hears`` as the engine compares it.
    let heard: Hearings

    init(
        name: String, hears: [String], say: Template, unverified: Template?, always: Bool, position: SourcePosition
    ) {
        self.unverified = unverified
        self.name = name
        self.hears = hears
        self.say = say
        self.always = always
        self.position = position
        heard = Hearings(hears)
    }
}

public struct Limits: Hashable, Sendable {
    public let reprompts: Int
    public let counterOffers: Int
    public let idleMinutes: Int
    /// State entered when a limit is reached.
    public let onLimit: String
    /// Said once when the customer falls silent; nil says nothing.
    public let onIdle: Template?
}

/// What a designer says must hold, proved by exploration.
public struct DialogProperty: Hashable, Sendable {
    public enum Rule: Hashable, Sendable {
        /// After every turn.
        case always(Guard)
        case never(Guard)
        /// From the first state the second can always still be reached.
        case leadsTo(String, String)
    }
    public let rule: Rule
    /// As written, for messages.
    public let source: String
    public let position: SourcePosition
}

extension CompiledDialog {
    /// What a text is known by: FNV-1a (64 bits), 16 hexadecimal digits.
    public static func version(of source: String) -> String {
        let digits = String(stableHash(source), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// A dialog that passed its lints. Never changes: conversations share it.
public final class CompiledDialog: Sendable {
    public let name: String
    /// FNV-1a (64 bits) of the source, 16 hexadecimal digits: names a content, does not authenticate it.
    public let version: String
    public let start: String
    public let facts: [String]
    public let slots: [String: Slot]
    /// Questions asked for a slot that a choice `needs:`.
    public let slotQuestions: [String: Template]
    public let limits: Limits
    /// Designer names of intents that hand over from any state.
    public let escalate: [String]
    /// State entered on escalation; it has `handoff:`.
    public let onEscalate: String
    public let digressions: [Digression]
    public let states: [String: DialogStateDefinition]
    public let properties: [DialogProperty]
    /// Where conversations on an earlier version go on: its state, and the state of this one.
    public let migrate: [String: String]
    /// The dialog in the words of other places, by locale.
    public let translations: [String: CompiledDialog]
    /// What hands over from any state, the gravest first.
    let escalations: [(name: String, heard: Hearings)]
    /// Everything that digressions hear.
    let sideQuestions: Hearings
    /// What fills a slot.
    let slotHearings: Hearings
    /// Everything that may be heard in any state.
    let heardAnywhere: Hearings

    init(
        name: String, version: String, start: String, facts: [String], slots: [String: Slot],
        slotQuestions: [String: Template], limits: Limits, escalate: [String], onEscalate: String,
        digressions: [Digression], states: [String: DialogStateDefinition], properties: [DialogProperty],
        migrate: [String: String], translations: [String: CompiledDialog] = [:]
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
        self.migrate = migrate
        self.translations = translations
        escalations = Self.gravestFirst(escalate).map { ($0, Hearings([$0])) }
        slotHearings = Hearings(slots.keys)
        sideQuestions = digressions.reduce(into: []) { $0.formUnion($1.heard) }
        heardAnywhere = escalations.reduce(into: sideQuestions.union([.yes, .no])) { $0.formUnion($1.heard) }
    }

    /// The words that dialogs are written in.
    public static let baseLocale = "es_AR"

    /// The locales that it has words for, its own first.
    public var locales: [String] { [Self.baseLocale] + translations.keys.sorted() }

    /// The dialog in the words of a locale; as it is written where that has none.
    public func spoken(in locale: String?) -> CompiledDialog { locale.flatMap { translations[$0] } ?? self }

    /// The same dialog under another name, or beginning at another state; its translations too.
    public func with(name: String? = nil, start: String? = nil) -> CompiledDialog {
        copy(
            name: name ?? self.name, start: start ?? self.start,
            translations: translations.mapValues { $0.with(name: name, start: start) })
    }

    func with(translations: [String: CompiledDialog]) -> CompiledDialog {
        copy(name: name, start: start, translations: translations)
    }

    private func copy(name: String, start: String, translations: [String: CompiledDialog]) -> CompiledDialog {
        CompiledDialog(
            name: name, version: version, start: start, facts: facts, slots: slots, slotQuestions: slotQuestions,
            limits: limits, escalate: escalate, onEscalate: onEscalate, digressions: digressions, states: states,
            properties: properties, migrate: migrate, translations: translations)
    }

    /// What was listed, and distress and the wish for a person in any case (I5).
    private static func gravestFirst(_ listed: [String]) -> [String] {
        let order = [
            "angustia", "fallecimiento", "amenaza_legal", "sospecha_estafa", "queja", "insulto_repetido", "pide_humano",
        ]
        return order.filter { listed.contains($0) || $0 == "angustia" || $0 == "pide_humano" }
            + listed.filter { !order.contains($0) }
    }
}
