/// What the `.chat` tests of a dialog go through, and what they never do.
public struct CoverageReport: Sendable {
    /// One kind of thing to cover.
    public struct Section: Sendable, Hashable {
        public var title: String
        public var total: Int
        /// What was never gone through, for its reader.
        public var missed: [String]
        public var covered: Int { total - missed.count }
    }

    public let dialog: CompiledDialog
    public let coverage: Coverage
    public private(set) var sections: [Section] = []
    /// In whose words; nil where it is of all.
    public let locale: String?
    /// The same of each locale by itself; empty where the dialog is said in one way only.
    public let byLocale: [CoverageReport]

    /// - Parameter byLocale: what the conversations in each locale's words went through.
    public init(_ dialog: CompiledDialog, _ coverage: Coverage, byLocale: [(locale: String, coverage: Coverage)] = []) {
        self.init(
            dialog, coverage, locale: nil,
            byLocale: byLocale.count < 2
                ? []
                : byLocale.map {
                    CoverageReport(dialog.spoken(in: $0.locale), $0.coverage, locale: $0.locale, byLocale: [])
                })
    }

    private init(_ dialog: CompiledDialog, _ coverage: Coverage, locale: String?, byLocale: [CoverageReport]) {
        self.dialog = dialog
        self.coverage = coverage
        self.locale = locale
        self.byLocale = byLocale
        sections = [
            section("estados", states),
            section("transiciones", transitions),
            section("cosas que se oyen, cada una sola", hearings),
            section("condiciones (se cumple y no se cumple)", guards),
            section("límites", limits),
            section("derivaciones", escalations),
            section("digresiones × estado", digressions),
        ]
    }

    private typealias Item = (name: String, seen: Bool)

    private func section(_ title: String, _ items: [Item]) -> Section {
        Section(title: title, total: items.count, missed: items.filter { !$0.seen }.map(\.name))
    }

    private var ordered: [DialogStateDefinition] { dialog.states.values.sorted { $0.position.line < $1.position.line } }

    private var states: [Item] { ordered.map { ($0.name, coverage.count(.entered($0.name)) > 0) } }

    private var transitions: [Item] {
        ordered.flatMap { state in
            state.routes.enumerated().map { index, route in
                (
                    "\(state.name) → \(route.next) \(route.when.map { "si \($0.source)" } ?? "en otro caso") (línea \(route.position.line))",
                    coverage.count(.route(state: state.name, index)) > 0
                )
            }
                + state.choices.enumerated().map { index, choice in
                    (
                        "\(state.name) → \(choice.next ?? state.name) al oír \(choice.hears.joined(separator: ", ")) (línea \(choice.position.line))",
                        coverage.count(.choice(state: state.name, index)) > 0
                    )
                }
        }
    }

    /// Each name of a `hears`, said without another of the same choice: else nobody would notice that it is not heard.
    private var hearings: [Item] {
        ordered.flatMap { state in
            state.choices.enumerated().flatMap { index, choice in
                choice.hears.enumerated().filter { !choice.isImplied($0.element, in: state) }.map { place, name in
                    (
                        "\(name) en \(state.name) (línea \(choice.position.line))",
                        coverage.count(.heard(state: state.name, index, place)) > 0
                    )
                }
            }
        }
    }

    /// Each `when`, once for holding and once for not.
    private var guards: [Item] {
        ordered.flatMap { state in
            var items: [Item] = []
            for (index, route) in state.routes.enumerated() {
                guard let condition = route.when else { continue }
                let later = state.routes.indices.filter { $0 > index }
                let passedOver =
                    later.contains { coverage.count(.route(state: state.name, $0)) > 0 }
                    || coverage.settled(in: state) > 0
                let held = coverage.count(.route(state: state.name, index)) > 0
                items += both(condition, in: state, held: held, failed: passedOver)
            }
            for (index, choice) in state.choices.enumerated() {
                guard let condition = choice.when else { continue }
                items += both(
                    condition, in: state, held: coverage.count(.choice(state: state.name, index)) > 0,
                    failed: coverage.count(.barred(state: state.name, index)) > 0)
            }
            return items
        }
    }

    private func both(_ condition: Guard, in state: DialogStateDefinition, held: Bool, failed: Bool) -> [Item] {
        let place = "\(state.name): `\(condition.source)` (línea \(condition.position.line))"
        return [(place + " se cumple", held), (place + " no se cumple", failed)]
    }

    private var limits: [Item] {
        Passage.Limit.allCases.filter { $0 != .idle || dialog.limits.onIdle != nil }.map { limit in
            (limit.rawValue, coverage.counts.keys.contains { if case .limit(limit, _) = $0 { true } else { false } })
        }
    }

    private var escalations: [Item] {
        dialog.escalate.map { name in
            (name, coverage.counts.keys.contains { if case .escalation(name, _) = $0 { true } else { false } })
        }
    }

    /// States that wait for an answer.
    var interruptible: [DialogStateDefinition] {
        ordered.filter { $0.ask != nil && $0.routes.allSatisfy { $0.when != nil } }
    }

    /// Whether a state leaves a side question to the digression, instead of hearing it itself.
    func applies(_ digression: Digression, in state: DialogStateDefinition) -> Bool {
        digression.always || !state.choices.contains { !Set($0.hears).isDisjoint(with: digression.hears) }
    }

    private var digressions: [Item] {
        dialog.digressions.flatMap { digression in
            interruptible.filter { applies(digression, in: $0) }.map {
                ("\(digression.name) en \($0.name)", coverage.count(.digression(digression.name, state: $0.name)) > 0)
            }
        }
    }

    /// - Parameter missed: lists what was never gone through, too.
    public func text(missed: Bool = true, style: TerminalStyle = .plain) -> String {
        var text = style.bold("Cobertura de \(dialog.name)") + "\n"
        for section in sections where section.total > 0 {
            let share = section.covered * 100 / section.total
            let colour: TerminalStyle.Colour = share == 100 ? .green : share >= 70 ? .yellow : .red
            let percent = String(repeating: " ", count: 3 - String(share).count) + "\(share) %"
            text += "  \(style.paint(percent, colour))  \(section.title): \(section.covered) de \(section.total)\n"
        }
        text += localesTable
        guard missed else { return text }
        for section in sections where !section.missed.isEmpty {
            text += "\n" + style.bold("Sin probar, \(section.title):") + "\n"
            text += section.missed.map { "  · \($0)\n" }.joined()
        }
        for report in byLocale {
            // What no conversation goes through in any words is listed already.
            for (section, whole) in zip(report.sections, sections) {
                let missed = section.missed.filter { !whole.missed.contains($0) }
                if missed.isEmpty { continue }
                text += "\n" + style.bold("Sin probar en \(report.locale ?? ""), \(section.title):") + "\n"
                text += missed.map { "  · \($0)\n" }.joined()
            }
        }
        return text
    }

    /// A row for each kind of thing, a column for each locale.
    private var localesTable: String {
        guard !byLocale.isEmpty else { return "" }
        func cell(_ text: String) -> String { String(repeating: " ", count: max(1, 9 - text.count)) + text }
        var text = "  por idioma:" + byLocale.map { cell($0.locale ?? "") }.joined() + "\n"
        for index in sections.indices where sections[index].total > 0 {
            let shares = byLocale.map { report in
                "\(report.sections[index].covered * 100 / max(1, report.sections[index].total)) %"
            }
            text += "             " + shares.map(cell).joined() + "  \(sections[index].title)\n"
        }
        return text
    }
}
