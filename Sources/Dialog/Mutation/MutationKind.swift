/// One way to damage a dialog.
struct MutationKind: Sendable {
    let name: String
    /// The lines that may stand instead of a line; an empty one takes it away with what is indented under it.
    let damages: @Sendable (SourcePlace) -> [String]

    static let all: [MutationKind] = [
        MutationKind(name: "quitar una opción") { $0.isChoice ? [""] : [] },
        MutationKind(name: "quitar un camino") { $0.isRoute ? [""] : [] },
        MutationKind(name: "llevar a otro estado") { place in
            place.values(of: "next").flatMap { next in
                let names = place.dialog.states.keys.sorted()
                let index = names.firstIndex(of: next) ?? 0
                return [1, names.count / 2].map { place.writing(names[(index + $0) % names.count], for: "next") }
            }
        },
        MutationKind(name: "escuchar no donde dice sí, o al revés") { place in
            // A button's is another kind.
            switch place.isChoice ? place.values(of: "hears") : [] {
            case ["si"]: [place.writing("no", for: "hears")]
            case ["no"]: [place.writing("si", for: "hears")]
            default: []
            }
        },
        MutationKind(name: "dejar de escuchar una cosa") { place in
            guard let state = place.state, place.isChoice else { return [] }
            let names = place.values(of: "hears")
            guard names.count > 1, let choice = state.choices.first(where: { $0.position.line == place.number + 1 })
            else { return [] }
            // What another name hears as well is still heard.
            return names.filter { !choice.isImplied($0, in: state) }.map { name in
                place.writing("[\(names.filter { $0 != name }.joined(separator: ", "))]", for: "hears")
            }
        },
        MutationKind(name: "no hacer lo que dice `do`") { place in
            // Whoever is handed over or has ended says nothing more that could be remembered.
            let forgets = place.values(of: "do") == ["olvidar"]
            let ends = place.values(of: "next").contains {
                place.dialog.states[$0].map { $0.handoff != nil || $0.end != nil } ?? false
            }
            return place.values(of: "do").isEmpty || forgets && ends ? [] : [place.without("do")]
        },
        MutationKind(name: "no pedir lo que dice `needs`") {
            $0.values(of: "needs").isEmpty ? [] : [$0.without("needs")]
        },
        MutationKind(name: "sacar un `when`") { $0.values(of: "when").isEmpty ? [] : [$0.without("when")] },
        MutationKind(name: "dar vuelta un `when`") { place in
            guard let condition = place.written("when") else { return [] }
            let words = condition.filter { $0 != "\"" }
            if words.hasPrefix("no ") { return [place.writing(String(words.dropFirst(3)), for: "when")] }
            for (from, to) in [(" = ", " != "), (" > ", " <= "), (" < ", " >= ")] where words.contains(from) {
                return [place.writing("\"\(words.replacing(from, with: to))\"", for: "when")]
            }
            return words.contains(" ") ? [] : [place.writing("\"no \(words)\"", for: "when")]
        },
        MutationKind(name: "confirmar sin repetir qué") { place in
            place.state?.confirms == true ? [place.text.replacing("{propuesta.detalle}", with: "eso")] : []
        },
        MutationKind(name: "sacar `confirms`") { $0.key == "confirms" ? [""] : [] },
        MutationKind(name: "sacar `identity`") { $0.key == "identity" ? [""] : [] },
        MutationKind(name: "nombrar la deuda antes de saber quién es") { place in
            guard place.state?.asksIdentity == true, let text = place.written("ask") else { return [] }
            return [
                place.writing(text.dropLast() + " Son {saldo}.\"", for: "ask"),
                place.writing(text.dropLast() + " Es por tu deuda.\"", for: "ask"),
            ]
        },
        MutationKind(name: "sacar un límite") { place in
            place.section == "limits"
                ? ["reprompts", "counter_offers", "idle", "on_idle"].filter { !place.isDefault($0) }.map {
                    place.without($0)
                } : []
        },
        MutationKind(name: "subir un límite") { place in
            place.section == "limits" ? ["reprompts", "counter_offers"].map { place.writing("10", for: $0) } : []
        },
        MutationKind(name: "no derivar por una causa") { place in
            let names = place.section == "escalate" ? place.values(of: "escalate") : []
            return names.map { name in
                place.writing("[\(names.filter { $0 != name }.joined(separator: ", "))]", for: "escalate")
            }
        },
        MutationKind(name: "derivar a un estado que no deriva") { place in
            place.key == "handoff" ? [place.text.replacing("handoff:", with: "end:")] : []
        },
        MutationKind(name: "no terminar donde termina") { ["end", "handoff"].contains($0.key) ? [""] : [] },
        MutationKind(name: "borrar una digresión") { place in
            place.section == "digressions" && place.isName ? [""] : []
        },
        MutationKind(name: "decir a cualquiera lo que es para el titular") { $0.key == "unverified" ? [""] : [] },
        MutationKind(name: "no preguntar") { $0.key == "ask" && $0.section == "states" ? [""] : [] },
        MutationKind(name: "no decir") { $0.key == "say" && $0.section == "states" ? [""] : [] },
        MutationKind(name: "decir otro dato") { place in
            guard place.state != nil else { return [] }
            let names = place.dialog.facts.sorted()
            return names.compactMap { name in
                let alike = names.filter {
                    $0 != name && DialogVocabulary.facts[$0]?.kind == DialogVocabulary.facts[name]?.kind
                }
                guard place.text.contains("{\(name)}"), let other = alike.first(where: { $0 > name }) ?? alike.first
                else { return nil }
                return place.text.replacing("{\(name)}", with: "{\(other)}")
            }
        },
        MutationKind(name: "sacar lo que se dice ante un valor inválido") {
            $0.written("invalid") == nil ? [] : [$0.without("invalid")]
        },
        MutationKind(name: "quitar un botón") { $0.isButton ? [""] : [] },
        MutationKind(name: "alargar un botón") { place in
            guard place.isButton, let text = place.written("text") else { return [] }
            return [place.writing(text.dropLast() + " y algo más largo\"", for: "text")]
        },
        MutationKind(name: "que un botón valga por otra cosa") { place in
            guard place.isButton, let name = place.values(of: "hears").first else { return [] }
            return [place.writing(name == "no" ? "si" : "no", for: "hears")]
        },
        MutationKind(name: "borrar un estado") { place in place.section == "states" && place.isName ? [""] : [] },
    ]
}

extension SourcePlace {
    /// Whether it makes no difference that a limit is not written.
    fileprivate func isDefault(_ limit: String) -> Bool {
        // Nobody hears of a silence that nothing is said about.
        if limit == "idle", dialog.limits.onIdle == nil { return true }
        let value = written(limit)
        return value == ["reprompts": "2", "counter_offers": "3", "idle": "20m"][limit] && value != nil
    }

    fileprivate var key: String { String(text.drop { $0 == " " }.prefix { $0 != ":" }) }
    fileprivate var isName: Bool { text.prefix { $0 == " " }.count == 2 }
    fileprivate var isChoice: Bool { key == "- { hears" && section == "states" }
    fileprivate var isRoute: Bool { section == "states" && (key == "- { when" || key == "- { next") }
    fileprivate var isButton: Bool { key == "- { text" }
}
