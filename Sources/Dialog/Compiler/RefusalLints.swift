/// Lints over what becomes of a no: it is heard as one, it ends somewhere, and nothing of what was refused stays.
extension Lints {
    /// W06: limits that let the bot insist. E25: questions that lead to one another for ever.
    mutating func checkInsisting() {
        let top = SourcePosition(file: reader.file, line: 1, column: 1)
        let limits = reader.find("limits:", from: top, within: reader.lines.count)
        for (name, value, most) in [
            ("reprompts", dialog.limits.reprompts, 4), ("counter_offers", dialog.limits.counterOffers, 6),
        ] where value > most {
            report(
                .insistentLimit, underlining: name, from: limits,
                "`\(name): \(value)` deja insistir demasiado: más de \(most) veces es hostigar",
                advice: "Con \(name == "reprompts" ? 2 : 3) alcanza; después, que atienda una persona.")
        }
        var told: Set<String> = []
        let ways = Self.rounds(dialog.states.mapValues { answers(in: $0) })
        for state in states where ways[state.name] != nil && !told.contains(state.name) {
            guard let round = round(from: state.name, ways) else { continue }
            told.formUnion(round.map(\.from))
            let way = round.map { "`\($0.from)` al oír `\($0.heard)`" }.joined(separator: ", ")
            report(
                .endlessAsking, round[0].choice.position,
                "estas preguntas se llevan una a la otra y ningún límite las cuenta: \(way), y otra vez `\(state.name)`",
                advice:
                    "Hacé que alguna de esas respuestas termine (`end`), derive a una persona o conceda algo (`do: conceder`), que cuenta en `counter_offers`."
            )
        }
    }

    /// A customer who only answers what is asked, without bringing anything new, goes from one question to the next so.
    private struct Answer {
        let from: String
        let choice: Choice
        let heard: String
        let to: String
    }

    /// Answers, as against what the customer brings up: figures and requests are new each time, and are counted.
    private static let answers: Set<String> = [
        "si", "no", "acepta", "rechaza", "posterga", "no_puede", "dificultad", "agradece",
    ]

    private func answers(in state: DialogStateDefinition) -> [Answer] {
        state.choices.flatMap { choice -> [Answer] in
            guard let next = choice.next, choice.needs.isEmpty, !choice.actions.contains(where: \.isCounted),
                let heard = choice.hears.first(where: Self.answers.contains)
            else { return [] }
            return questions(after: next).filter { $0 != state.name }.map {
                Answer(from: state.name, choice: choice, heard: heard, to: $0)
            }
        }
    }

    /// The states that may ask after one is entered, where nothing on the way is counted.
    private func questions(after name: String) -> [String] {
        var seen: Set<String> = []
        var found: [String] = []
        var waiting = [name]
        while let name = waiting.popLast() {
            guard seen.insert(name).inserted, let state = dialog.states[name],
                !state.actions.contains(where: \.isCounted)
            else { continue }
            waiting += state.routes.map(\.next)
            if state.ask != nil, !state.routes.contains(where: { $0.when == nil }) { found.append(name) }
        }
        return found.sorted()
    }

    /// The ways of the states that some round may go through: those that lead nowhere are left out, and then those that
    /// lead only to them.
    private static func rounds(_ ways: [String: [Answer]]) -> [String: [Answer]] {
        var ways = ways
        var before: [String: Set<String>] = [:]
        for (name, answers) in ways { for answer in answers { before[answer.to, default: []].insert(name) } }
        var open = ways.mapValues { Set($0.map(\.to)).count }
        var ended = open.filter { $0.value == 0 }.map(\.key)
        while let name = ended.popLast() {
            ways[name] = nil
            for earlier in before[name] ?? [] {
                open[earlier, default: 1] -= 1
                if open[earlier] == 0 { ended.append(earlier) }
            }
        }
        return ways
    }

    /// The shortest round of answers from a question back to it.
    /// - Parameter ways: the answers in each state.
    private func round(from start: String, _ ways: [String: [Answer]]) -> [Answer]? {
        var reachedBy: [String: Answer] = [:]
        var waiting = [start]
        var index = 0
        while index < waiting.count {
            for answer in ways[waiting[index]] ?? [] where reachedBy[answer.to] == nil {
                reachedBy[answer.to] = answer
                waiting.append(answer.to)
            }
            guard reachedBy[start] == nil else { break }
            index += 1
        }
        var round: [Answer] = []
        var place = start
        while let answer = reachedBy[place] {
            round.insert(answer, at: 0)
            place = answer.from
            if place == start { return round }
        }
        return nil
    }

    /// E24: a button that says yes and means no, or the other way round. W07: an offer that outlives the no to it.
    mutating func checkRefusals() {
        for state in states {
            for button in state.buttons {
                guard let meant = Self.meaning(of: button.text), let other = Self.opposite[meant],
                    other.contains(button.hears)
                else { continue }
                report(
                    .contradictingButton, button.text.position,
                    "este botón dice «\(meant == "si" ? "sí" : "no")» y vale por `\(button.hears)`",
                    advice: "Poné `hears: \(meant)`, o cambiale el texto.")
            }
            guard state.confirms else { continue }
            for choice in state.choices where !choice.actions.contains(where: \.settlesOffer) {
                guard let next = choice.next, next != state.name, let kept = keeping(next) else { continue }
                report(
                    .offerAfterNo, choice.position,
                    "al oír `\(choice.hears.joined(separator: ", "))` se va a `\(kept)`, y lo que no se confirmó sigue en pie",
                    advice: "Agregale `do: olvidar`.")
            }
        }
    }

    /// The first question after a state is entered with the offer still there.
    private func keeping(_ name: String) -> String? {
        var seen: Set<String> = []
        var waiting = [name]
        while let name = waiting.popLast() {
            guard seen.insert(name).inserted, let state = dialog.states[name],
                !state.actions.contains(where: \.settlesOffer)
            else { continue }
            if state.ask != nil { return name }
            waiting += state.routes.map(\.next)
        }
        return nil
    }

    private static let opposite: [String: Set<String>] = [
        "si": ["no", "rechaza", "no_puede"], "no": ["si", "acepta", "promete"],
    ]

    /// `si` or `no` where a text begins with it.
    private static func meaning(of text: Template) -> String? {
        guard case .text(let words)? = text.parts.first,
            let first = words.lowercased().split(whereSeparator: { !$0.isLetter }).first
        else { return nil }
        switch first {
        case "sí", "si", "dale", "acepto", "confirmo": return "si"
        case "no": return "no"
        default: return nil
        }
    }
}

extension Action {
    /// A limit counts it, or it can be done only so many times.
    fileprivate var isCounted: Bool {
        switch self {
        case .propose, .proposeRest, .proposePayDay, .proposePayNow, .proposePlan, .takeCounterOffer, .concede,
            .concedeDiscount, .verifyIdentity, .record, .withdrawPromise:
            true
        default: false
        }
    }

    /// What was under discussion is forgotten, recorded or replaced.
    fileprivate var settlesOffer: Bool { self == .forget || isCounted && self != .verifyIdentity }
}
