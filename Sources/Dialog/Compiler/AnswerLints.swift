import Quantities
import Understanding

/// Lints over what becomes of an answer: what a button says against what it stands for, proposals of nothing, circles.
extension Lints {
    mutating func checkAnswers() {
        checkButtons()
        checkProposals()
        checkCircles()
        checkForgetting()
        checkTries()
    }

    // MARK: Buttons

    private static let affirming = Hearings(["si", "acepta", "promete"])
    private static let denying = Hearings(["no", "rechaza", "no_puede"])

    /// E24: a button does not say yes where it stands for no, nor no where it stands for yes.
    private mutating func checkButtons() {
        for state in states {
            for button in state.buttons {
                let stands = Hearings([button.hears])
                let text = button.text.fixed
                let read = Reader.argentina.read(
                    text, at: Moment(milliseconds: 0), zone: .argentina, asked: .confirmation)
                let says = Hearings(read)
                let affirms = !says.isDisjoint(with: Self.affirming) && says.isDisjoint(with: Self.denying)
                let denies = !says.isDisjoint(with: Self.denying) && says.isDisjoint(with: Self.affirming)
                guard
                    affirms && !stands.isDisjoint(with: Self.denying)
                        || denies && !stands.isDisjoint(with: Self.affirming)
                else { continue }
                report(
                    .contradictoryButton, underlining: button.hears, from: button.text.position,
                    "el botón «\(text)» dice que \(affirms ? "sí" : "no"), y vale por `\(button.hears)`",
                    advice: "Cambiá su `hears`, o lo que dice.")
            }
        }
    }

    // MARK: Proposals

    /// E25: what is proposed has an amount, a day or a number of instalments.
    private mutating func checkProposals() {
        let map = KnowledgeMap(dialog, entries: entries)
        for state in states
        where !Set(state.actions).isDisjoint(with: [.propose, .proposeRest])
            && map.entering[state.name]?.contains(.something) == false
        {
            let from = map.source[state.name]?.first { !$0.known.contains(.something) }?.from
            report(
                .nothingToPropose, underlining: state.name, from: state.position,
                "a `\(state.name)` se llega" + (from.map { " desde `\($0)`" } ?? "")
                    + " sin un día, un importe ni cuotas: no habría qué proponer",
                advice: "Pedilo antes con `needs: [fecha]` en la opción que lleva ahí.")
        }
    }

    // MARK: Circles

    /// What an action bounds by itself: the ladder of concessions ends, and counter-offers are counted.
    private static let bounded: Set<Action> = [
        .propose, .proposeRest, .proposePlan, .proposePayDay, .proposePayNow, .concede, .concedeDiscount,
    ]

    /// E26: who gives the same answer each time does not go round for ever.
    private mutating func checkCircles() {
        var reported: Set<String> = []
        // A day, an amount or a document is another one each time, and the engine counts them.
        let names = Set(states.flatMap { $0.choices.flatMap(\.hears) }).subtracting(DialogVocabulary.readings).sorted()
        for name in names {
            for state in states where state.ask != nil && !reported.contains(state.name) {
                guard let circle = circle(from: state.name, answering: name) else { continue }
                reported.formUnion(circle)
                report(
                    .askingInCircles, underlining: state.name, from: state.position,
                    "a quien contesta siempre `\(name)` se le pregunta sin fin: "
                        + (circle + [state.name]).map { "`\($0)`" }.joined(separator: " → "),
                    advice:
                        "Llevá una de esas respuestas a un final, a una persona, o a un paso que se acaba (`conceder`)."
                )
            }
        }
    }

    /// The states that ask on the way from one that asks back to it, with the same answer to each; nil where there is no
    /// such way, or something on it ends by itself.
    private func circle(from start: String, answering name: String) -> [String]? {
        var waiting = [(state: start, asked: [String]())]
        var seen: Set<String> = []
        while let (current, asked) = waiting.popLast() {
            guard let state = dialog.states[current] else { continue }
            if current == start, !asked.isEmpty { return asked }
            guard current == start || seen.insert(current).inserted, Self.bounded.isDisjoint(with: state.actions)
            else { continue }
            let passed = state.ask == nil ? asked : asked + [current]
            waiting += state.routes.map { ($0.next, passed) }
            if state.ask == nil { continue }
            for choice in state.choices
            where choice.hears.contains(name) && Self.bounded.isDisjoint(with: choice.actions) {
                if let next = choice.next { waiting.append((next, passed)) }
            }
        }
        return nil
    }

    // MARK: What is left behind

    /// W06: what was not confirmed is forgotten, so that nothing of it comes back later.
    private mutating func checkForgetting() {
        for state in states where state.confirms {
            for choice in state.choices
            where choice.next != nil && !choice.actions.contains(.record) && !choice.actions.contains(.forget)
                && choice.hears.allSatisfy({ ["no", "rechaza", "no_puede", "dificultad"].contains($0) })
            {
                report(
                    .notForgotten, choice.position,
                    "de `\(state.name)` se sale por un no sin olvidar lo que se proponía",
                    advice: "Agregale `do: olvidar`: si no, el día y el importe viejos vuelven en la próxima propuesta."
                )
            }
        }
    }

    private static let mostReprompts = 4
    private static let mostCounterOffers = 8

    /// W07: limits that a customer would feel as being looped.
    private mutating func checkTries() {
        let top = SourcePosition(file: reader.file, line: 1, column: 1)
        let place = reader.find("limits:", from: top, within: reader.lines.count)
        func check(_ key: String, _ value: Int, most: Int, _ what: String) {
            guard value > most else { return }
            report(
                .tooManyTries, underlining: "\(key):", from: place,
                "con `\(key): \(value)`, \(what) \(value) veces antes de llegar a una persona",
                advice: "Bajalo a \(most) o menos.")
        }
        check("reprompts", dialog.limits.reprompts, most: Self.mostReprompts, "el cliente oiría la misma pregunta")
        check(
            "counter_offers", dialog.limits.counterOffers, most: Self.mostCounterOffers,
            "al cliente se le contestaría con otra oferta")
    }
}
