import Quantities
import Yams

/// Turns a YAML tree into a ``CompiledDialog``; what cannot be turned is reported.
struct DialogCompiler {
    let source: String
    let file: String
    var reader: SourceReader
    /// Slots with their names, for actions and needs.
    private var slotNames: Set<String> = []

    private let version: String

    /// - Parameter version: what the dialog is known by.
    init(source: String, file: String, version: String) {
        self.source = source
        self.file = file
        self.version = version
        reader = SourceReader(file: file, source: source)
    }

    mutating func compile() -> CompiledDialog? {
        guard let root = reader.parse(source) else { return nil }
        if let locale = root.mapping?["locale"], root.mapping?["states"] == nil {
            reader.report(
                .wrongName, at: reader.position(locale), length: locale.string?.count ?? 1,
                "esto parece una traducción, y el archivo no se llama como una",
                advice:
                    "Llamalo con el nombre del diálogo, el idioma y el país: `cobranza.es_MX.yaml`, `cobranza.es_419.yaml`."
            )
            return nil
        }
        let top = reader.fields(root, in: "el diálogo", DialogFormat.dialog)
        let start = SourcePosition(file: file, line: 1, column: 1)
        for key in DialogFormat.dialog.keys where key.required && top[key.name] == nil {
            reader.report(
                .missingPart, at: start, "falta `\(key.name)`", advice: Self.missing[key.name] ?? key.about)
        }
        let name = reader.text(top["dialog"], "dialog") ?? ""
        let stem =
            file.split(separator: "/").last.map { $0.hasSuffix(".yaml") ? String($0.dropLast(5)) : String($0) } ?? file
        if let node = top["dialog"], name != stem {
            reader.report(
                .wrongName, at: reader.position(node), length: name.count,
                "el diálogo se llama `\(name)` y el archivo `\(stem)`",
                advice: "Poneles el mismo nombre: `dialog: \(stem)`.")
        }
        let facts = reader.texts(top["facts"], "facts")
        for fact in facts where DialogVocabulary.facts[fact.text] == nil {
            reader.report(
                .unknownFact, at: reader.position(fact.node), length: fact.text.count,
                "no existe el dato `\(fact.text)`",
                advice: reader.suggestion(for: fact.text, among: DialogVocabulary.facts.keys))
        }
        let (slots, questions) = compileSlots(top["slots"])
        slotNames = Set(slots.keys)
        let limits = compileLimits(top["limits"])
        let escalate = reader.texts(top["escalate"], "escalate")
        for entry in escalate { checkHears(entry.text, entry.node) }
        let digressions = compileDigressions(top["digressions"])
        let states = compileStates(top["states"])
        return CompiledDialog(
            name: name, version: version, start: reader.text(top["start"], "start") ?? "",
            facts: facts.map(\.text),
            slots: slots, slotQuestions: questions, limits: limits, escalate: escalate.map(\.text),
            onEscalate: reader.text(top["on_escalate"], "on_escalate") ?? "", digressions: digressions, states: states,
            properties: compileProperties(top["properties"]), migrate: compileMigrations(top["migrate"]))
    }

    /// `estado anterior: estado`.
    private mutating func compileMigrations(_ node: Node?) -> [String: String] {
        guard let node else { return [:] }
        guard let mapping = node.mapping else {
            reader.reportNotMapping(node, "migrate")
            return [:]
        }
        return mapping.reduce(into: [:]) { moves, entry in
            moves[entry.key.string ?? ""] = reader.text(entry.value, "migrate")
        }
    }

    private static let missing = [
        "dialog": "La primera línea es `dialog: nombre-del-archivo`.",
        "start": "Decí en qué estado empieza: `start: inicio`.",
        "limits": "Por ejemplo `limits: { reprompts: 2, counter_offers: 3, idle: 20m, on_limit: derivar }`.",
        "escalate": "Por ejemplo `escalate: [pide_humano, queja, amenaza_legal, angustia]`.",
        "on_escalate": "El estado que deriva a una persona: `on_escalate: derivar`.",
        "states": "Un diálogo tiene al menos un estado bajo `states:`.",
    ]

    private mutating func compileSlots(_ node: Node?) -> ([String: Slot], [String: Template]) {
        var slots: [String: Slot] = [:]
        var questions: [String: Template] = [:]
        for (name, value) in reader.fields(node, in: "slots", DialogFormat.slots) {
            guard let wanted = DialogFormat.slotTypes.first(where: { $0.name == name })?.type else { continue }
            let fields = reader.fields(value, in: "`\(name)`", DialogFormat.slot(name, wanted))
            let type = reader.text(fields["type"], "type")
            if type.flatMap(SlotType.init) != wanted {
                reader.report(
                    .wrongSlotType, at: reader.position(fields["type"] ?? value), length: max(1, type?.count ?? 1),
                    "`\(name)` tiene que ser `type: \(wanted.rawValue)`" + (type.map { ", no `\($0)`" } ?? ""),
                    advice: "Corregí el tipo.")
            }
            if let question = reader.template(fields["ask"], "ask") {
                questions[name] = question
            } else {
                reader.report(
                    .missingPart, at: reader.position(value), "a `\(name)` le falta su pregunta",
                    advice: "Agregá `ask: \"¿…?\"`.")
            }
            slots[name] = Slot(
                name: name, type: wanted, minimum: slotLimit(fields["min"], "min", wanted),
                maximum: slotLimit(fields["max"], "max", wanted),
                invalid: reader.template(fields["invalid"], "invalid"),
                position: reader.position(value))
            if fields["invalid"] == nil, let limit = fields["min"] ?? fields["max"] {
                reader.report(
                    .missingPart, at: reader.position(limit),
                    "`\(name)` tiene un límite, pero no dice qué contestar cuando se pasa",
                    advice: "Agregá `invalid: \"…\"`.")
            }
        }
        return (slots, questions)
    }

    /// `{politica.minimo}`: a fact of the slot's own type.
    private mutating func slotLimit(_ node: Node?, _ key: String, _ type: SlotType) -> Fact? {
        guard let node, let text = reader.text(node, key) else { return nil }
        let name = String(text.drop { $0 == "{" }.prefix { $0 != "}" })
        let wanted = DialogFormat.factType(of: type)
        guard text == "{\(name)}", let fact = DialogVocabulary.facts[name], fact.kind == wanted else {
            let usable = DialogVocabulary.facts.filter { $0.value.kind == wanted }.keys
            reader.report(
                .wrongSlotType, at: reader.position(node), length: text.count,
                "`\(key)` tiene que ser un dato del mismo tipo, no `\(text)`",
                advice: "Se puede usar: \(usable.sorted().map { "{\($0)}" }.joined(separator: ", ")).")
            return nil
        }
        return fact
    }

    private mutating func compileLimits(_ node: Node?) -> Limits {
        let fields = reader.fields(node, in: "limits", DialogFormat.limits)
        if node != nil, fields["on_limit"] == nil {
            reader.report(
                .missingPart, at: reader.position(node), "a `limits` le falta `on_limit`",
                advice: "Decí a qué estado se va cuando el bot no entiende: `on_limit: derivar`.")
        }
        var minutes = 20
        if let idle = reader.text(fields["idle"], "idle") {
            let unit = idle.last
            if let number = Int(idle.dropLast()), number > 0, unit == "m" || unit == "h" {
                minutes = unit == "h" ? number * 60 : number
            } else {
                reader.report(
                    .wrongValue, at: reader.position(fields["idle"]), length: idle.count,
                    "`idle` tiene que ser como `20m` o `2h`, no `\(idle)`", advice: "Por ejemplo `idle: 20m`.")
            }
        }
        return Limits(
            reprompts: reader.number(fields["reprompts"], "reprompts", default: 2, in: 0...10),
            counterOffers: reader.number(fields["counter_offers"], "counter_offers", default: 3, in: 0...10),
            idleMinutes: minutes, onLimit: reader.text(fields["on_limit"], "on_limit") ?? "",
            onIdle: reader.template(fields["on_idle"], "on_idle"))
    }

    private mutating func compileDigressions(_ node: Node?) -> [Digression] {
        guard let mapping = node?.mapping else {
            if node != nil { reader.reportNotMapping(node, "digressions") }
            return []
        }
        return mapping.compactMap { key, value in
            let name = key.string ?? ""
            let fields = reader.fields(value, in: "la digresión `\(name)`", DialogFormat.digression)
            let hears = reader.texts(fields["hears"], "hears")
            for entry in hears { checkHears(entry.text, entry.node) }
            guard let say = reader.template(fields["say"], "say"), !hears.isEmpty else {
                reader.report(
                    .missingPart, at: reader.position(value), "a la digresión `\(name)` le falta `hears` o `say`",
                    advice: "Por ejemplo `{ hears: pregunta_saldo, say: \"…\" }`.")
                return nil
            }
            return Digression(
                name: name, hears: hears.map(\.text), say: say,
                unverified: reader.template(fields["unverified"], "unverified"),
                always: reader.flag(fields["always"], "always"), position: reader.position(key))
        }
    }

    /// `- always: CONDITION`, `- never: CONDITION`, `- leads-to: "STATE -> STATE"`.
    private mutating func compileProperties(_ node: Node?) -> [DialogProperty] {
        guard let node else { return [] }
        guard let sequence = node.sequence else {
            reader.report(
                .wrongValue, at: reader.position(node), "`properties` tiene que ser una lista",
                advice: "Por ejemplo `- never: \"estado = anotada y no verificado\"`.")
            return []
        }
        return sequence.compactMap { entry in
            let fields = reader.fields(entry, in: "properties", DialogFormat.property)
            guard fields.count == 1, let (key, value) = fields.first, let text = reader.text(value, key) else {
                reader.report(
                    .wrongValue, at: reader.position(entry),
                    "cada propiedad dice una sola cosa: `always`, `never` o `leads-to`",
                    advice: "Por ejemplo `- never: \"estado = anotada y no verificado\"`.")
                return nil
            }
            let rule: DialogProperty.Rule
            if key == "leads-to" {
                let ends = text.split(separator: " ").map(String.init)
                guard ends.count == 3, ends[1] == "->" else {
                    reader.report(
                        .wrongCondition, at: reader.position(value), length: text.count, "no entiendo `\(text)`",
                        advice: "Por ejemplo `leads-to: \"confirmar -> anotada\"`.")
                    return nil
                }
                rule = .leadsTo(ends[0], ends[2])
            } else {
                guard let condition = condition(value) else { return nil }
                rule = key == "always" ? .always(condition) : .never(condition)
            }
            return DialogProperty(rule: rule, source: "\(key): \(text)", position: reader.position(value))
        }
    }

    private mutating func compileStates(_ node: Node?) -> [String: DialogStateDefinition] {
        guard let mapping = node?.mapping else {
            if node != nil { reader.reportNotMapping(node, "states") }
            return [:]
        }
        var states: [String: DialogStateDefinition] = [:]
        for (key, value) in mapping {
            let name = key.string ?? ""
            if states[name] != nil {
                reader.report(
                    .wrongValue, at: reader.position(key), length: name.count, "el estado `\(name)` está dos veces",
                    advice: "Cambiale el nombre a uno.")
            }
            states[name] = compileState(name, key, value)
        }
        return states
    }

    private mutating func compileState(_ name: String, _ key: Node, _ value: Node) -> DialogStateDefinition {
        let fields = reader.fields(value, in: "el estado `\(name)`", DialogFormat.state)
        var routes: [Route] = []
        if let entries = fields["route"]?.sequence {
            routes = entries.compactMap { entry in
                let fields = reader.fields(entry, in: "route", DialogFormat.route)
                guard let next = reader.text(fields["next"], "next") else {
                    reader.report(
                        .missingPart, at: reader.position(entry), "a este camino le falta `next`",
                        advice: "Decí a qué estado va: `next: …`.")
                    return nil
                }
                return Route(when: condition(fields["when"]), next: next, position: reader.position(entry))
            }
        } else if fields["route"] != nil {
            reader.report(
                .wrongValue, at: reader.position(fields["route"]), "`route` tiene que ser una lista",
                advice: "Cada línea empieza con `- { when: …, next: … }`.")
        }
        let expects = reader.text(fields["expects"], "expects")
        if let expects, SlotType(rawValue: expects) == nil {
            reader.report(
                .wrongValue, at: reader.position(fields["expects"]), length: expects.count,
                "`expects` no puede ser `\(expects)`",
                advice: reader.suggestion(for: expects, among: SlotType.allCases.map(\.rawValue)))
        }
        let show = reader.text(fields["show"], "show")
        if let show, show != "planes" {
            reader.report(
                .wrongValue, at: reader.position(fields["show"]), length: show.count, "no sé mostrar `\(show)`",
                advice: "Se puede `show: planes`.")
        }
        let buttons: [ButtonLabel] = (fields["buttons"]?.sequence ?? []).compactMap { entry in
            let fields = reader.fields(entry, in: "buttons", DialogFormat.button)
            guard let text = reader.template(fields["text"], "text"), let hears = fields["hears"],
                let name = hears.string
            else {
                reader.report(
                    .missingPart, at: reader.position(entry), "a este botón le falta `text` o `hears`",
                    advice: "Por ejemplo `{ text: \"Sí\", hears: si }`.")
                return nil
            }
            checkHears(name, hears)
            return ButtonLabel(text: text, hears: name)
        }
        let choices = (fields["choose"]?.sequence ?? []).map { choice($0) }
        if let choose = fields["choose"], choose.sequence == nil {
            reader.report(
                .wrongValue, at: reader.position(choose), "`choose` tiene que ser una lista",
                advice: "Cada línea empieza con `- { hears: …, next: … }`.")
        }
        return DialogStateDefinition(
            name: name, actions: actions(fields["do"]), routes: routes,
            say: reader.texts(fields["say"], "say").compactMap { reader.template($0.node, "say") },
            ask: reader.template(fields["ask"], "ask"), again: reader.template(fields["again"], "again"),
            expects: expects.flatMap(SlotType.init), confirms: reader.flag(fields["confirms"], "confirms"),
            asksIdentity: reader.flag(fields["identity"], "identity"), buttons: buttons, showsPlans: show == "planes",
            choices: choices, otherwise: reader.template(fields["otherwise"], "otherwise"),
            end: reader.text(fields["end"], "end"), handoff: reader.text(fields["handoff"], "handoff"),
            position: reader.position(key))
    }

    private mutating func choice(_ node: Node) -> Choice {
        let fields = reader.fields(node, in: "choose", DialogFormat.choice)
        let hears = reader.texts(fields["hears"], "hears")
        if hears.isEmpty {
            reader.report(
                .missingPart, at: reader.position(node), "a esta opción le falta `hears`",
                advice: "Decí qué tiene que haber dicho el cliente: `hears: si`.")
        }
        for entry in hears { checkHears(entry.text, entry.node) }
        let needs = reader.texts(fields["needs"], "needs")
        for need in needs where !slotNames.contains(need.text) {
            reader.report(
                .unknownSlot, at: reader.position(need.node), length: need.text.count,
                "`needs` pide `\(need.text)`, que no está en `slots`",
                advice: reader.suggestion(for: need.text, among: slotNames))
        }
        return Choice(
            hears: hears.map(\.text), when: condition(fields["when"]), needs: needs.map(\.text),
            actions: actions(fields["do"]),
            say: reader.template(fields["say"], "say"), next: reader.text(fields["next"], "next"),
            position: reader.position(node))
    }

    private mutating func actions(_ node: Node?) -> [Action] {
        reader.texts(node, "do").compactMap { entry in
            if let action = Action(rawValue: entry.text) { return action }
            reader.report(
                .unknownAction, at: reader.position(entry.node), length: entry.text.count,
                "no sé hacer `\(entry.text)`",
                advice: reader.suggestion(for: entry.text, among: Action.allCases.map(\.rawValue)))
            return nil
        }
    }

    private mutating func checkHears(_ name: String, _ node: Node) {
        if DialogVocabulary.intents[name] == nil, !DialogVocabulary.readings.contains(name) {
            reader.report(
                .unknownHearing, at: reader.position(node), length: name.count, "no sé escuchar `\(name)`",
                advice: reader.suggestion(
                    for: name, among: Array(DialogVocabulary.intents.keys) + DialogVocabulary.readings))
        }
    }

    private mutating func condition(_ node: Node?) -> Guard? {
        guard let node, let source = reader.text(node, "when") else { return nil }
        var terms: [Guard.Term] = []
        for clause in source.split(separator: " ").split(separator: "y") {
            let words = clause.map(String.init)
            let fact: String
            switch words.count {
            case 1:
                fact = words[0]
                terms.append(Guard.Term(fact, .isTrue))
            case 2 where words[0] == "no":
                fact = words[1]
                terms.append(Guard.Term(fact, .isFalse))
            case 3:
                fact = words[0]
                guard let comparison = Guard.Comparison(rawValue: words[1]), comparison != .isTrue,
                    comparison != .isFalse
                else {
                    reader.report(
                        .wrongCondition, at: reader.find(words[1], near: node), length: words[1].count,
                        "no entiendo la comparación `\(words[1])`", advice: "Se puede usar =, !=, <, <=, > y >=.")
                    continue
                }
                terms.append(Guard.Term(fact, comparison, words[2]))
            default:
                reader.report(
                    .wrongCondition, at: reader.position(node), length: source.count,
                    "no entiendo la condición `\(source)`",
                    advice: "Por ejemplo `no verificado`, o `dias_mora > 60 y debe`.")
                continue
            }
            if DialogVocabulary.facts[fact] == nil {
                reader.report(
                    .unknownFact, at: reader.find(fact, near: node), length: fact.count, "no existe el dato `\(fact)`",
                    advice: reader.suggestion(for: fact, among: DialogVocabulary.facts.keys))
            }
        }
        return Guard(terms: terms, source: source, position: reader.position(node))
    }
}
