/// A dialog as boxes and arrows. What can happen in every state (escalations, digressions, limits) stands apart: an arrow
/// from each would hide the dialog.
public struct DialogGraph: Sendable {
    public enum Kind: String, Sendable, Hashable { case start, asks, confirms, passes, ends, handsOff }

    public struct Node: Sendable, Hashable {
        public var name: String
        public var kind: Kind
        /// What it says or asks first; empty where it only passes on.
        public var text: String
        public var rows: [Row]
        /// Times that the tests entered it; nil without coverage.
        public var count: Int?
    }

    /// One way out of a state.
    public struct Row: Sendable, Hashable {
        public enum Kind: Sendable, Hashable { case route, choice }
        public var kind: Kind
        /// What is heard, or under which condition.
        public var label: String
        /// The state itself where it stays.
        public var target: String
        public var count: Int?
    }

    /// Something that can happen in every state.
    public struct Everywhere: Sendable, Hashable {
        public var name: String
        public var text: String
        /// The state that it leads to; nil comes back to the question.
        public var target: String?
        public var count: Int?
    }

    public var name: String
    public var version: String
    public var nodes: [Node]
    public var escalations: [Everywhere]
    public var digressions: [Everywhere]
    public var limits: [Everywhere]
    /// Whether it was painted with what tests went through.
    public var isCovered: Bool

    public init(_ dialog: CompiledDialog, coverage: Coverage? = nil) {
        name = dialog.name
        version = dialog.version
        isCovered = coverage != nil
        nodes = dialog.states.values.sorted { $0.position.line < $1.position.line }.map { state in
            Node(
                name: state.name, kind: Self.kind(of: state, in: dialog),
                text: (state.say + [state.ask].compactMap(\.self)).first?.written ?? "",
                rows: Self.rows(of: state, coverage), count: coverage?.count(.entered(state.name)))
        }
        func total(_ matches: (Passage) -> Bool) -> Int? {
            coverage.map { $0.counts.reduce(0) { $0 + (matches($1.key) ? $1.value : 0) } }
        }
        escalations = dialog.escalate.map { heard in
            let own = DialogVocabulary.ownEscalations.contains(heard) && dialog.states[heard] != nil
            return Everywhere(
                name: heard, text: "", target: own ? heard : dialog.onEscalate,
                count: total { if case .escalation(heard, _) = $0 { true } else { false } })
        }
        if dialog.states["baja"] != nil {
            let count = coverage?.count(.entered("baja"))
            escalations.append(Everywhere(name: "pide_baja", text: "", target: "baja", count: count))
        }
        digressions = dialog.digressions.map { digression in
            Everywhere(
                name: digression.hears.joined(separator: ", "), text: digression.say.written, target: nil,
                count: total { if case .digression(digression.name, _) = $0 { true } else { false } })
        }
        limits = [
            Everywhere(
                name: "no entiende \(dialog.limits.reprompts + 1) veces seguidas", text: "",
                target: dialog.limits.onLimit,
                count: total { if case .limit(.reprompts, _) = $0 { true } else { false } }),
            Everywhere(
                name: "más de \(dialog.limits.counterOffers) contraofertas", text: "", target: dialog.limits.onLimit,
                count: total { if case .limit(.counterOffers, _) = $0 { true } else { false } }),
        ]
        if let nudge = dialog.limits.onIdle {
            limits.append(
                Everywhere(
                    name: "\(dialog.limits.idleMinutes) minutos sin contestar", text: nudge.written, target: nil,
                    count: total { if case .limit(.idle, _) = $0 { true } else { false } }))
        }
    }

    private static func kind(of state: DialogStateDefinition, in dialog: CompiledDialog) -> Kind {
        if state.handoff != nil { return .handsOff }
        if state.end != nil { return .ends }
        if state.name == dialog.start { return .start }
        if state.confirms { return .confirms }
        return state.ask == nil ? .passes : .asks
    }

    private static func rows(of state: DialogStateDefinition, _ coverage: Coverage?) -> [Row] {
        state.routes.enumerated().map { index, route in
            Row(
                kind: .route, label: route.when.map { "si \($0.source)" } ?? "en otro caso", target: route.next,
                count: coverage?.count(.route(state: state.name, index)))
        }
            + state.choices.enumerated().map { index, choice in
                Row(
                    kind: .choice,
                    label: choice.hears.joined(separator: ", ") + (choice.when.map { " si \($0.source)" } ?? ""),
                    target: choice.next ?? state.name, count: coverage?.count(.choice(state: state.name, index)))
            }
    }
}

extension Template {
    /// As the designer wrote it.
    public var written: String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .placeholder(let name, _): "{\(name)}"
            }
        }.joined()
    }
}
