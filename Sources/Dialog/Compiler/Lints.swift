import Conduct

/// Looks for what would harm a customer in a dialog that could be read: broken ways, texts without their figures, debts
/// named too early, promises without a yes. Each finding says where, what and what to do.
struct Lints {
    let dialog: CompiledDialog
    let conduct: ConductRules
    var reader: SourceReader
    /// The states in the order of the file.
    let states: [DialogStateDefinition]

    init(dialog: CompiledDialog, conduct: ConductRules, reader: SourceReader) {
        self.dialog = dialog
        self.conduct = conduct
        self.reader = reader
        self.reader.diagnostics = []
        states = dialog.states.values.sorted { $0.position.line < $1.position.line }
    }

    func run() -> [Diagnostic] {
        var lints = self
        lints.checkTargets()
        guard lints.reader.diagnostics.isEmpty else { return lints.reader.diagnostics }
        lints.checkWays()
        lints.checkPromises()
        lints.checkHumans()
        lints.checkHearing()
        lints.checkInsisting()
        lints.checkRefusals()
        lints.checkKnowledge()
        lints.checkTexts()
        lints.checkWording()
        lints.checkIntroduction()
        lints.checkDeclarations()
        return lints.reader.diagnostics
    }

    /// What the words alone can get wrong; the ways are the dialog's.
    func runOnTranslation() -> [Diagnostic] {
        var lints = self
        lints.checkKnowledge()
        lints.checkTexts()
        lints.checkWording()
        lints.checkIntroduction()
        return lints.reader.diagnostics
    }

    /// States that the engine enters by itself, from anywhere.
    var entries: [String] {
        [dialog.start, dialog.onEscalate, dialog.limits.onLimit]
            + (DialogVocabulary.ownEscalations + ["baja"]).filter { dialog.states[$0] != nil }
    }

    mutating func report(_ lint: Lint, _ place: SourcePosition, _ message: String, advice: String) {
        reader.report(lint, at: place, message, advice: advice)
    }

    /// Reports with `text` underlined, looked for from `place` on.
    mutating func report(
        _ lint: Lint, underlining text: String, from place: SourcePosition, _ message: String, advice: String
    ) {
        reader.report(lint, at: reader.find(text, from: place), length: text.count, message, advice: advice)
    }

    // MARK: Targets

    /// E11: every state that is named exists.
    private mutating func checkTargets() {
        let top = SourcePosition(file: reader.file, line: 1, column: 1)
        for (key, name) in [
            ("start", dialog.start), ("on_escalate", dialog.onEscalate), ("on_limit", dialog.limits.onLimit),
        ] {
            checkTarget(name, from: reader.find("\(key):", from: top, within: reader.lines.count))
        }
        for state in states {
            for route in state.routes { checkTarget(route.next, from: route.position) }
            for choice in state.choices { if let next = choice.next { checkTarget(next, from: choice.position) } }
        }
        for property in dialog.properties {
            guard case .leadsTo(let from, let to) = property.rule else { continue }
            for name in [from, to] { checkTarget(name, from: property.position) }
        }
        let migrations = reader.find("migrate:", from: top, within: reader.lines.count)
        for target in Set(dialog.migrate.values).sorted() {
            let place = reader.find(target, from: migrations, within: dialog.migrate.count + 1)
            checkTarget(target, from: place)
            guard let state = dialog.states[target], state.ask == nil || state.confirms else { continue }
            report(
                .wrongValue, underlining: target, from: place,
                "`migrate` no puede llevar a `\(target)`, que "
                    + (state.confirms ? "confirma: el sí sería a otras palabras" : "no espera una respuesta"),
                advice: "Llevá a un estado con `ask` que no confirme, o sacá la línea: esa charla sigue donde está.")
        }
    }

    private mutating func checkTarget(_ name: String, from place: SourcePosition) {
        guard dialog.states[name] == nil else { return }
        report(
            .unknownState, underlining: name, from: place, "no existe el estado `\(name)`",
            advice: reader.suggestion(for: name, among: dialog.states.keys))
    }

    // MARK: Ways

    /// E12 unreachable, E13 dead ends, E14 choices that an earlier one takes, E19 endless ways.
    private mutating func checkWays() {
        var reached: Set<String> = []
        var waiting = entries
        while let name = waiting.popLast() {
            guard reached.insert(name).inserted, let state = dialog.states[name] else { continue }
            waiting += state.routes.map(\.next) + state.choices.compactMap(\.next)
        }
        for state in states where !reached.contains(state.name) {
            report(
                .unreachableState, underlining: state.name, from: state.position,
                "a `\(state.name)` no se llega desde ningún lado",
                advice: "Nombralo en algún `next`, o borralo.")
        }
        for state in states { checkWays(out: state) }
        for state in states where endless(state.name) {
            report(
                .endlessWay, underlining: state.name, from: state.position,
                "`\(state.name)` vuelve a sí mismo sin preguntar nada: daría vueltas para siempre",
                advice: "Cortá la vuelta con un estado que pregunte (`ask`) o que termine (`end`).")
        }
    }

    private mutating func checkWays(out state: DialogStateDefinition) {
        let ends = state.end != nil || state.handoff != nil
        let leaves = state.routes.contains { $0.when == nil }
        var problem: (String, String)?
        if state.end != nil, state.handoff != nil {
            problem = ("termina y además deriva", "Dejá `end` o `handoff`, no los dos.")
        } else if ends, state.ask != nil || !state.choices.isEmpty {
            problem = (
                "termina, y lo que se conteste a su pregunta no lo escucha nadie",
                "Sacale `ask` y `choose`, o el `\(state.end == nil ? "handoff" : "end")`."
            )
        } else if !ends, !leaves, state.choices.isEmpty {
            problem = (
                "no lleva a ningún lado: el cliente quedaría esperando",
                "Agregale `choose`, un `route` sin `when`, `end` o `handoff`."
            )
        } else if !ends, !leaves, state.ask == nil {
            problem = ("escucha, pero no pregunta nada", "Agregale `ask` con la pregunta.")
        }
        if let (text, advice) = problem {
            report(.deadEnd, underlining: state.name, from: state.position, "`\(state.name)` \(text)", advice: advice)
        }
        for choice in state.choices where choice.next == nil && choice.say == nil && choice.actions.isEmpty {
            report(
                .deadEnd, choice.position, "esta opción no dice, no hace y no lleva a nada",
                advice: "Agregale `next`, `say` o `do`.")
        }
        if let index = state.routes.firstIndex(where: { $0.when == nil }), index + 1 < state.routes.count {
            report(
                .shadowedChoice, state.routes[index + 1].position,
                "a este camino no se llega: el anterior no tiene `when`",
                advice: "Poné al final el camino sin `when`.")
        }
        var taken: Set<String> = []
        for choice in state.choices {
            for name in choice.hears where taken.contains(name) {
                report(
                    .shadowedChoice, underlining: name, from: choice.position,
                    "en `\(state.name)`, `\(name)` ya lo escucha una opción de más arriba",
                    advice: "Dejalo en una sola, o ponele un `when` a la de arriba.")
            }
            if choice.when == nil { taken.formUnion(choice.hears) }
        }
    }

    /// Whether a way of `route`s alone leads from a state back to it.
    private func endless(_ name: String) -> Bool {
        var seen: Set<String> = []
        var waiting = dialog.states[name]?.routes.map(\.next) ?? []
        while let next = waiting.popLast() {
            if next == name { return true }
            if seen.insert(next).inserted { waiting += dialog.states[next]?.routes.map(\.next) ?? [] }
        }
        return false
    }

    // MARK: Promises and people

    /// E17: a promise is recorded only on a yes to a question that repeats its amount and day (I3).
    private mutating func checkPromises() {
        for state in states {
            if state.actions.contains(.record) {
                report(
                    .unconfirmedPromise, underlining: "registrar", from: state.position,
                    "`\(state.name)` registra una promesa sin que el cliente diga que sí",
                    advice: "Pasá `registrar` a un `hears: si` de un estado con `confirms: si`.")
            }
            for choice in state.choices
            where choice.actions.contains(.record) && !(state.confirms && choice.hears == ["si"]) {
                report(
                    .unconfirmedPromise, underlining: "registrar", from: choice.position,
                    "se registra una promesa sin un sí a una confirmación",
                    advice: "`registrar` va en un `hears: si`, en un estado con `confirms: si`.")
            }
            let echo = Set(state.ask?.placeholders ?? [])
            if state.confirms, !echo.contains("propuesta.detalle"),
                !echo.isSuperset(of: ["propuesta.monto", "propuesta.fecha"])
            {
                report(
                    .unconfirmedPromise, underlining: state.name, from: state.position,
                    "`\(state.name)` confirma, pero su pregunta no repite el importe y el día",
                    advice: "Poné `{propuesta.detalle}` en `ask`.")
            }
        }
    }

    /// E18: a person can be reached from every state (I5).
    private mutating func checkHumans() {
        let top = SourcePosition(file: reader.file, line: 1, column: 1)
        let escalate = reader.find("escalate:", from: top, within: reader.lines.count)
        for name in ["pide_humano", "angustia"] where !dialog.escalate.contains(name) {
            report(
                .noHuman, underlining: "escalate", from: escalate,
                "en `escalate` falta `\(name)`: el cliente no llegaría a una persona",
                advice: "Agregá `\(name)` a la lista.")
        }
        if let state = dialog.states[dialog.onEscalate], state.handoff == nil {
            report(
                .noHuman, underlining: state.name, from: state.position,
                "`on_escalate` lleva a `\(state.name)`, que no deriva a una persona",
                advice: "Agregale `handoff: derivado`.")
        }
        if let state = dialog.states["angustia"], state.handoff == nil {
            report(
                .noHuman, underlining: state.name, from: state.position,
                "quien está angustiado llega a `\(state.name)`, que no deriva a una persona",
                advice: "Agregale `handoff: angustia`.")
        }
    }

    // MARK: Hearing

    /// E21: what is listened for can be heard, and every button does something.
    private mutating func checkHearing() {
        for state in states {
            for choice in state.choices {
                for name in choice.hears {
                    if let why = neverHeard(name, in: state) {
                        report(
                            .neverHeard, underlining: name, from: choice.position,
                            "en `\(state.name)` no se va a oír nunca `\(name)`: \(why.problem)", advice: why.advice)
                    }
                }
            }
            let heard = Set(state.choices.flatMap(\.hears) + dialog.digressions.flatMap(\.hears) + dialog.escalate)
            for button in state.buttons where !heard.contains(button.hears) {
                report(
                    .neverHeard, underlining: button.hears, from: button.text.position,
                    "tocar este botón no haría nada: `\(state.name)` no escucha `\(button.hears)`",
                    advice: "Agregá `- { hears: \(button.hears), next: … }` a su `choose`.")
            }
            if state.showsPlans, !state.choices.contains(where: { $0.hears.contains("opcion") }) {
                report(
                    .neverHeard, underlining: "planes", from: state.position,
                    "`\(state.name)` muestra planes, pero no escucha cuál se elige",
                    advice: "Agregá `- { hears: opcion, do: proponer_plan, next: … }`.")
            }
        }
    }

    private func neverHeard(_ name: String, in state: DialogStateDefinition) -> (problem: String, advice: String)? {
        if dialog.escalate.contains(name) {
            return ("deriva a una persona antes, por `escalate`", "Sacalo de acá o de `escalate`.")
        }
        if name == "pide_baja" {
            return ("la baja se atiende siempre, antes que nada", "Sacalo: el estado `baja` dice qué se contesta.")
        }
        if name == "documento", !state.asksIdentity {
            return ("el documento solo se lee donde se pide", "Agregale `identity: si` al estado.")
        }
        if name == "opcion", !state.showsPlans {
            return ("acá no se muestra ninguna opción", "Agregale `show: planes` al estado.")
        }
        if ["monto", "fecha", "cuotas"].contains(name), dialog.slots[name] == nil {
            return ("no está en `slots`", "Agregalo a `slots` con su pregunta.")
        }
        return nil
    }
}
