import Quantities
import Understanding

/// One scenario's exploration.
struct Walk {
    let explorer: Explorer
    let scenario: Scenario
    let stopAtFirst: Bool
    private let memory: Memory
    private let texts: [Stimulus]
    private var situations: [Situation] = []
    /// The situations by their hash.
    private var numbers: [Int: [Int]] = [:]
    private var parents: [Step?] = []
    private var successors: [[Int]] = []
    /// What each text means, by the question that it answers; the last question lies at hand.
    private var readings: [Question: [String: Understanding]] = [:]
    private var asked = Question.open
    private var heard: [String: Understanding] = [:]
    private var reported: Set<String> = []

    /// What led to a situation: something done once, or again and again until a limit was passed.
    private struct Step {
        let from: Int
        let did: Stimulus
        let times: Int
    }

    init(explorer: Explorer, scenario: Scenario, stopAtFirst: Bool) {
        self.explorer = explorer
        self.scenario = scenario
        self.stopAtFirst = stopAtFirst
        memory = Memory(explorer.dialog, scenario.facts)
        texts = Stimulus.texts(for: scenario.facts)
    }

    private var dialog: CompiledDialog { explorer.dialog }
    private var beginning: DialogState {
        DialogState(dialog: dialog.name, version: dialog.version, state: dialog.start)
    }

    mutating func run(into result: inout Exploration) {
        _ = number(beginning, [], before: nil, nil)
        var next = 0
        while next < situations.count {
            if situations.count > explorer.limit {
                result.incomplete = true
                break
            }
            var alike: Set<Alike> = []
            for stimulus in stimuli(in: situations[next]) {
                if let kind = kind(of: stimulus, in: situations[next].state), !alike.insert(kind).inserted { continue }
                walk(stimulus, from: next, into: &result)
                if stopAtFirst, !result.violations.isEmpty { return }
            }
            next += 1
        }
        result.situations += situations.count
        result.visited.formUnion(situations.map(\.state.state))
        if !result.incomplete { checkReachable(into: &result) }
    }

    /// Does one thing in a situation; where a step of the ladder was conceded, from every place on it.
    private mutating func walk(_ stimulus: Stimulus, from start: Int, into result: inout Exploration) {
        var state = situations[start].state
        guard repeatedly(stimulus, in: state, from: start, into: &result) else { return }
        for offer in scenario.facts.ladder {
            state.seen = [offer.id]
            _ = repeatedly(stimulus, in: state, from: start, into: &result)
        }
    }

    /// Does one thing and, where that raised a counter, again until its limit is passed.
    /// - Returns: whether a step of the ladder was conceded.
    private mutating func repeatedly(
        _ stimulus: Stimulus, in state: DialogState, from start: Int, into result: inout Exploration
    ) -> Bool {
        var (before, conceded) = (situations[start], false)
        before.state = state
        for times in 1...(1 + max(dialog.limits.reprompts, dialog.limits.counterOffers)) {
            let step = step(before.state, stimulus)
            result.transitions += 1
            let messages = step.messages
            for (property, what) in Properties.broken(
                by: step, stimulus, from: before, messages, dialog, scenario.facts)
            where reported.insert(property + what).inserted {
                report(property, what, way: way(to: start) + Array(repeating: stimulus, count: times), &result)
                if stopAtFirst { return false }
            }
            conceded = conceded || step.state.ladder?.conceded ?? 0 > before.state.ladder?.conceded ?? 0
            let rose =
                step.state.reprompts > before.state.reprompts || step.state.counterOffers > before.state.counterOffers
            if times == 1 || !rose {
                let reached = number(
                    step.state, messages, before: before, Step(from: start, did: stimulus, times: times))
                successors[start].append(reached)
            }
            guard rose else { break }
            before.options = messages.last?.options ?? before.options
            before.said = messages.last?.text ?? before.said
            before.state = step.state
        }
        return conceded
    }

    private mutating func number(
        _ state: DialogState, _ messages: [BotMessage], before: Situation?, _ parent: Step?
    ) -> Int {
        let situation = Situation(state, messages, before: before, memory: memory)
        let hash = situation.hashValue
        if let known = numbers[hash]?.first(where: { situations[$0] == situation }) { return known }
        numbers[hash, default: []].append(situations.count)
        situations.append(situation)
        parents.append(parent)
        successors.append([])
        return situations.count - 1
    }

    // MARK: What can be done

    private func stimuli(in situation: Situation) -> [Stimulus] {
        // A person attends: the bot is silent until the conversation is given back, which begins again.
        if situation.state.ended == "derivado" { return [Stimulus(.returned)] }
        var result = texts + [Stimulus(.media), Stimulus(.silence)]
        for option in situation.options {
            let name = String(option.id.split(separator: "#").first ?? "")
            result.append(Stimulus(.tap(name: name, title: option.title), name))
        }
        if !situation.options.isEmpty { result.append(Stimulus(.staleTap)) }
        return result
    }

    /// What a dialog can tell about a message without figures, choices or insults.
    private struct Alike: Hashable {
        let said: Hearings
        let isYes: Bool
    }

    /// Of two messages of one kind the dialog makes the same; nil where it has to be tried, as what a property asks for.
    private mutating func kind(of stimulus: Stimulus, in state: DialogState) -> Alike? {
        guard case .text(let text) = stimulus.kind, state.ended == nil, state.turnsHeard > 0, state.doubt == nil,
            !["pide_humano", "angustia", "pide_baja"].contains(stimulus.meaning), let here = dialog.states[state.state]
        else { return nil }
        let heard = reading(text, asked: dialog.question(in: state))
        guard heard.amounts.isEmpty, heard.days.isEmpty, heard.instalments == nil, heard.choice == nil,
            heard.documentDigits == nil, heard.anger < 2, !heard.has(.insult), !heard.has(.optOut)
        else { return nil }
        return Alike(
            said: Hearings(heard).intersection(here.heard.union(dialog.heardAnywhere)),
            isYes: Properties.yes.contains(stimulus.meaning))
    }

    private mutating func step(_ state: DialogState, _ stimulus: Stimulus) -> StepResult {
        let event: DialogEvent
        switch stimulus.kind {
        case .text(let text): event = .heard(reading(text, asked: dialog.question(in: state)), messageID: "m")
        case .tap(let name, let title):
            event = .tapped(
                id: "\(name)#\(state.serial)", understanding: Understanding(normalised: title), messageID: "m")
        case .staleTap: event = .tapped(id: "viejo#0", understanding: Understanding(normalised: ""), messageID: "m")
        case .media: event = .media(messageID: "m")
        case .silence: event = .idle
        case .returned: event = .returned
        }
        return dialog.step(state, event, facts: scenario.facts, traces: false)
    }

    private mutating func reading(_ text: String, asked question: Question) -> Understanding {
        if question != asked {
            readings[asked] = heard
            (asked, heard) = (question, readings[question] ?? [:])
        }
        if let known = heard[text] { return known }
        let reading = explorer.reader.read(text, at: scenario.facts.now, zone: scenario.facts.zone, asked: question)
        heard[text] = reading
        return reading
    }

    private func way(to situation: Int) -> [Stimulus] {
        var done: [Stimulus] = []
        var at = situation
        while let parent = parents[at] {
            done += Array(repeating: parent.did, count: parent.times)
            at = parent.from
        }
        return done.reversed()
    }

    // MARK: What is found

    /// Walks the way again from the start with everything remembered, for the words that were really said.
    private mutating func report(_ property: String, _ what: String, way: [Stimulus], _ result: inout Exploration) {
        var state = beginning
        let steps = way.map { stimulus in
            let step = step(state, stimulus)
            state = step.state
            return (did: stimulus, said: step.messages.map(\.text))
        }
        result.violations.append(
            Violation(property: property, what: what, accountID: scenario.accountID, steps: steps))
    }

    /// From every situation an end can be reached, and what the designer says leads on does.
    private mutating func checkReachable(into result: inout Exploration) {
        let ended = reaching { $0.state.ended != nil }
        if let stuck = situations.indices.first(where: { !ended.contains($0) }) {
            report(
                "fin", "desde `\(situations[stuck].state.state)` no se puede terminar de ninguna manera",
                way: way(to: stuck), &result)
        }
        for property in dialog.properties {
            guard case .leadsTo(let from, let to) = property.rule else { continue }
            let reached = reaching { $0.state.state == to }
            if let stuck = situations.indices.first(where: {
                situations[$0].state.state == from && !reached.contains($0)
            }) {
                report(property.source, "desde `\(from)` ya no se llega a `\(to)`", way: way(to: stuck), &result)
            }
        }
    }

    /// Situations from which one that satisfies `goal` can be reached.
    private func reaching(_ goal: (Situation) -> Bool) -> Set<Int> {
        var predecessors = [[Int]](repeating: [], count: situations.count)
        for (from, targets) in successors.enumerated() { for to in targets { predecessors[to].append(from) } }
        var waiting = situations.indices.filter { goal(situations[$0]) }
        var reached = Set(waiting)
        while let at = waiting.popLast() {
            for from in predecessors[at] where reached.insert(from).inserted { waiting.append(from) }
        }
        return reached
    }
}

extension StepResult {
    var messages: [BotMessage] { effects.compactMap { if case .say(let message) = $0 { message } else { nil } } }
}
