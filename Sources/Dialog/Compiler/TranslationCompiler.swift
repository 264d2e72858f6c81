import Conduct
import Yams

/// Reads the translation of a dialog, and lints it as what it is: the same dialog in other words.
struct TranslationCompiler {
    let dialog: CompiledDialog
    let conduct: ConductRules
    private let source: String
    private let locale: String
    private var reader: SourceReader

    /// - Parameter file: its path; the name says the locale.
    init(_ dialog: CompiledDialog, source: String, file: String, conduct: ConductRules) {
        self.dialog = dialog
        self.conduct = conduct
        self.source = source
        locale = DialogSource.locale(ofFile: file) ?? ""
        reader = SourceReader(file: file, source: source)
    }

    /// - Parameter known: what was found in the dialog itself, and is not told again of what was not translated.
    /// - Returns: the dialog in the locale's words, and what is wrong with them.
    mutating func compile(known: [Diagnostic]) -> (dialog: CompiledDialog, diagnostics: [Diagnostic]) {
        guard let root = reader.parse(source) else { return (dialog, reader.diagnostics) }
        let top = reader.fields(root, in: "la traducción", DialogFormat.translation)
        for key in DialogFormat.translation.keys where top[key.name] == nil {
            reader.report(
                .missingPart, at: SourcePosition(file: reader.file, line: 1, column: 1), "falta `\(key.name)`",
                advice: key.about)
        }
        check(top["dialog"], "dialog", is: dialog.name)
        check(top["locale"], "locale", is: locale)
        let texts = texts(top["texts"])
        let translated = dialog.translating(texts)
        guard !reader.diagnostics.contains(where: { $0.severity == .error }) else {
            return (translated, reader.diagnostics)
        }
        let found = Lints(dialog: translated, conduct: conduct, reader: reader).runOnTranslation()
        let told = Set(known.map { "\($0.lint) \($0.message)" })
        return (translated, reader.diagnostics + found.filter { !told.contains("\($0.lint) \($0.message)") })
    }

    private mutating func check(_ node: Node?, _ key: String, is wanted: String) {
        guard let node, let name = reader.text(node, key), name != wanted else { return }
        reader.report(
            .wrongName, at: reader.position(node), length: name.count,
            "el nombre del archivo dice `\(wanted)`, y acá dice `\(name)`", advice: "Poné `\(key): \(wanted)`.")
    }

    /// What is said instead of each text; what has no words of its own yet is left out.
    private mutating func texts(_ node: Node?) -> [String: Template] {
        guard let node else { return [:] }
        guard let pairs = node.sequence else {
            reader.report(
                .wrongValue, at: reader.position(node), "`texts` tiene que ser una lista",
                advice: "Cada texto son dos líneas: `- base: \"…\"` y, debajo, `text: \"…\"`.")
            return [:]
        }
        let originals = dialog.texts
        var missing = Set(originals)
        var translated: [String: Template] = [:]
        for pair in pairs {
            let fields = reader.fields(pair, in: "texts", DialogFormat.translatedText)
            guard let base = fields["base"], let original = reader.text(base, "base") else {
                reader.report(
                    .missingPart, at: reader.position(pair), "a este texto le falta `base`",
                    advice: "`base` es el texto como está en el diálogo, y `text` como se dice acá.")
                continue
            }
            guard let node = fields["text"], let text = reader.text(node, "text"), !text.isEmpty else { continue }
            if !originals.contains(original) {
                let waiting = missing.sorted().min { editDistance($0, original) < editDistance($1, original) }
                reader.report(
                    .orphanTranslation, at: reader.position(base), length: original.count,
                    "el diálogo ya no dice «\(original)»",
                    advice: waiting.map { "¿Ahora es «\($0)»? Copialo en `base` y revisá la traducción." }
                        ?? "Borrá estas dos líneas.")
                continue
            }
            if missing.remove(original) == nil {
                reader.report(
                    .wrongValue, at: reader.position(base), length: original.count, "este texto está dos veces",
                    advice: "Dejá uno solo.")
            }
            let template = reader.template(text, node)
            compareFigures(reader.template(original, base), template, node)
            translated[original] = template
        }
        if !missing.isEmpty {
            let names = originals.filter(missing.contains).prefix(3).map {
                $0.count > 40 ? "«\($0.prefix(40))…»" : "«\($0)»"
            }.joined(separator: ", ")
            reader.report(
                .missingTranslation, at: reader.position(node),
                "\(missing.count == 1 ? "falta 1 texto" : "faltan \(missing.count) textos") en \(locale): \(names)\(missing.count > 3 ? "…" : "")",
                advice:
                    "Completá su `text`; `promesa dialog texts \(dialog.name).yaml --locale \(locale)` agrega los que no estén."
            )
        }
        return translated
    }

    /// E26: the figures of a text are the dialog's.
    private mutating func compareFigures(_ original: Template, _ template: Template, _ node: Node) {
        let (wanted, said) = (Set(original.placeholders), Set(template.placeholders))
        let problems =
            wanted.subtracting(said).sorted().map { "le falta {\($0)}" }
            + said.subtracting(wanted).sorted().map { "le sobra {\($0)}" }
        guard !problems.isEmpty else { return }
        reader.report(
            .figureLostInTranslation, at: reader.position(node), length: 1,
            "a esta traducción \(problems.joined(separator: " y "))",
            advice: "Los datos entre llaves son los mismos que en `base`, y no se traducen.")
    }
}

extension CompiledDialog {
    /// Everything that it says, as it is written, once and in the order of the file.
    public var texts: [String] {
        var seen: Set<String> = []
        var all: [Template] = slotQuestions.values + slots.values.compactMap(\.invalid)
        all += [limits.onIdle].compactMap(\.self)
        all += digressions.flatMap { [$0.say, $0.unverified].compactMap(\.self) }
        all += states.values.flatMap { $0.texts + $0.buttons.map(\.text) }
        return all.sorted { ($0.position.line, $0.position.column) < ($1.position.line, $1.position.column) }
            .map(\.written).filter { seen.insert($0).inserted }
    }

    /// The same dialog with other words for some of its texts.
    func translating(_ words: [String: Template]) -> CompiledDialog {
        func said(_ text: Template) -> Template { words[text.written] ?? text }
        func maybe(_ text: Template?) -> Template? { text.map(said) }
        let states = states.mapValues { state in
            DialogStateDefinition(
                name: state.name, actions: state.actions, routes: state.routes, say: state.say.map(said),
                ask: maybe(state.ask), again: maybe(state.again), expects: state.expects, confirms: state.confirms,
                asksIdentity: state.asksIdentity,
                buttons: state.buttons.map { ButtonLabel(text: said($0.text), hears: $0.hears) },
                showsPlans: state.showsPlans,
                choices: state.choices.map {
                    Choice(
                        hears: $0.hears, when: $0.when, needs: $0.needs, actions: $0.actions, say: maybe($0.say),
                        next: $0.next, position: $0.position)
                }, otherwise: maybe(state.otherwise), end: state.end, handoff: state.handoff, position: state.position)
        }
        let slots = slots.mapValues {
            Slot(
                name: $0.name, type: $0.type, minimum: $0.minimum, maximum: $0.maximum, invalid: maybe($0.invalid),
                position: $0.position)
        }
        let limits = Limits(
            reprompts: limits.reprompts, counterOffers: limits.counterOffers, idleMinutes: limits.idleMinutes,
            onLimit: limits.onLimit, onIdle: maybe(limits.onIdle))
        let digressions = digressions.map {
            Digression(
                name: $0.name, hears: $0.hears, say: said($0.say), unverified: maybe($0.unverified), always: $0.always,
                position: $0.position)
        }
        return CompiledDialog(
            name: name, version: version, start: start, facts: facts, slots: slots,
            slotQuestions: slotQuestions.mapValues(said), limits: limits, escalate: escalate, onEscalate: onEscalate,
            digressions: digressions, states: states, properties: properties, migrate: migrate)
    }
}
