/// What is certain at a point of a dialog, whichever way led there.
struct Knowledge: OptionSet, Hashable {
    let rawValue: Int
    /// The person was verified as the debtor.
    static let verified = Knowledge(rawValue: 1)
    static let amount = Knowledge(rawValue: 2)
    static let day = Knowledge(rawValue: 4)
    static let instalments = Knowledge(rawValue: 8)
    /// The policy answered a proposal (`propuesta.estado`, `propuesta.motivo`).
    static let verdict = Knowledge(rawValue: 16)
    /// There is an offer under discussion (`propuesta.*`).
    static let proposal = Knowledge(rawValue: 32)
    /// There is an open promise (`promesa.*`).
    static let promise = Knowledge(rawValue: 64)
    /// There is an instalment plan (`plan.*`).
    static let plan = Knowledge(rawValue: 128)
    static let everything = Knowledge(rawValue: 255)

    /// What must be known for a placeholder to have a value; besides, one that names the debt needs ``verified``.
    static func needed(for fact: String) -> Knowledge {
        switch fact {
        case "monto": .amount
        case "fecha": .day
        case "cuotas": .instalments
        case "propuesta.estado", "propuesta.motivo": .verdict
        case "promesa.monto", "promesa.fecha", "promesa.detalle": .promise
        case "plan.estado": []
        default: fact.hasPrefix("propuesta.") ? .proposal : fact.hasPrefix("plan.") ? .plan : []
        }
    }

    /// How a designer brings it about.
    var remedy: String {
        switch self {
        case .amount: "Pedilo antes con `needs: [monto]`."
        case .day: "Pedila antes con `needs: [fecha]`."
        case .instalments: "Pedilas antes con `needs: [cuotas]`."
        case .promise: "Entrá por un camino con `when: tiene_promesa`."
        case .plan: "Entrá por un camino con `when: tiene_plan` o `when: \"plan.estado = caido\"`."
        case .verdict: "Hacé antes `do: proponer`."
        default: "Hacé antes `do: proponer` y entrá con `when: \"propuesta.estado = admisible\"` o `= contraoferta`."
        }
    }

    /// What a guard that holds (or, for a single term, that did not hold) tells.
    static func from(_ condition: Guard?, failed: Bool = false) -> Knowledge {
        guard let terms = condition?.terms, !failed || terms.count == 1 else { return [] }
        return terms.reduce(into: []) { known, term in
            if term.fact == .proposalState, term.comparison == .equal, !failed {
                known.formUnion(.verdict)
                if term.value == "admisible" || term.value == "contraoferta" { known.formUnion(.proposal) }
            }
            if term.fact == .planState, term.comparison == .equal, !failed { known.formUnion(.plan) }
            guard term.comparison == (failed ? .isFalse : .isTrue) else { return }
            switch term.fact {
            case .verified: known.formUnion(.verified)
            case .hasAmount: known.formUnion(.amount)
            case .hasDay: known.formUnion(.day)
            case .hasInstalments: known.formUnion(.instalments)
            case .hasPromise: known.formUnion(.promise)
            case .hasUncovered: known.formUnion(.promise)
            case .hasPlan: known.formUnion(.plan)
            default: break
            }
        }
    }

    func after(_ actions: [Action]) -> Knowledge {
        actions.reduce(self) { known, action in
            switch action {
            case .propose, .proposeRest, .concede, .concedeDiscount: known.union(.verdict).subtracting(.proposal)
            case .proposePayDay: known.subtracting([.verdict, .proposal, .amount, .day, .instalments])
            case .proposePayNow: known.union([.verdict, .proposal, .amount, .day])
            case .proposePlan: known.union([.verdict, .proposal])
            case .takeCounterOffer: known.union(.proposal)
            case .forget: known.subtracting([.amount, .day, .instalments, .verdict, .proposal])
            case .withdrawPromise: known.subtracting(.promise)
            default: known
            }
        }
    }
}

/// What is certain in each state: the intersection over all ways to it, computed to a fixed point.
struct KnowledgeMap {
    /// On entry, before the state's own actions.
    private(set) var entering: [String: Knowledge] = [:]
    /// The states that each was entered from, with what was certain then; for the messages.
    private(set) var source: [String: [(from: String, known: Knowledge)]] = [:]

    init(_ dialog: CompiledDialog, entries: [String]) {
        var waiting: [String] = []
        for name in entries {
            entering[name] = []
            waiting.append(name)
        }
        while let name = waiting.popLast() {
            guard let state = dialog.states[name], let known = entering[name] else { continue }
            for (next, bringing) in Self.ways(out: state, knowing: known) {
                source[next, default: []].append((name, bringing))
                let before = entering[next]
                let after = (before ?? .everything).intersection(bringing)
                if after != before {
                    entering[next] = after
                    waiting.append(next)
                }
            }
        }
    }

    /// What is certain when the state speaks, after its actions and the routes that were not taken.
    func speaking(in state: DialogStateDefinition) -> Knowledge {
        state.routes.reduce((entering[state.name] ?? .everything).after(state.actions)) {
            $0.union(.from($1.when, failed: true))
        }
    }

    private static func ways(out state: DialogStateDefinition, knowing: Knowledge) -> [(String, Knowledge)] {
        var known = knowing.after(state.actions)
        var result: [(String, Knowledge)] = []
        for route in state.routes {
            result.append((route.next, known.union(.from(route.when))))
            if route.when == nil { return result }
            known.formUnion(.from(route.when, failed: true))
        }
        for choice in state.choices {
            guard let next = choice.next else { continue }
            let needed = choice.needs.reduce(Self.heard(choice)) { $0.union(.needed(for: $1)) }
            result.append((next, known.union(needed).after(choice.actions)))
        }
        return result
    }

    /// What taking a choice tells, whichever of the things it hears was said.
    static func heard(_ choice: Choice) -> Knowledge {
        let slots = choice.hears.map { Knowledge.needed(for: $0) }
        let common = slots.dropFirst().reduce(slots.first ?? []) { $0.intersection($1) }
        return common.union(.from(choice.when))
    }
}
