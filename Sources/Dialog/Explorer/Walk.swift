import Negotiation
import Quantities
import Understanding

/// One scenario's exploration.
struct Walk {
    let explorer: Explorer
    let scenario: Scenario
    let stopAtFirst: Bool
    private let memory: Memory
    private let texts: [Stimulus]
    private let places: Places
    private var situations: [Situation] = []
    /// The situations by their hash.
    private var numbers: [Int: [Int]] = [:]
    private var parents: [Step?] = []
    private var graph = SituationGraph()
    private var visited: Set<String> = []
    /// What each text means, by the question that it answers; the last question lies at hand.
    private var readings: [Question: [String: Understanding]] = [:]
    private var asked = Question.open
    private var heard: [String: Understanding] = [:]
    private var reported: Set<String> = []
    /// How often each violation was seen that did not happen again from the start.
    private var unconfirmed: [String: Int] = [:]

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
        places = Places(scenario.facts)
    }

    private var dialog: CompiledDialog { explorer.dialog }
    private var beginning: DialogState {
        DialogState(dialog: dialog.name, version: dialog.version, state: dialog.start)
    }

    mutating func run(into result: inout Exploration, _ isStopped: () -> Bool) {
        _ = number(beginning, on: Screen(), nil)
        var next = 0
        while next < situations.count {
            if situations.count > explorer.limit || isStopped() {
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
        result.visited.formUnion(visited)
        if !result.incomplete { checkReachable(into: &result) }
        result.unconfirmed += unconfirmed.keys.filter { !reported.contains($0) }.sorted()
    }

    /// Does one thing in a situation; where a step of the ladder was conceded, from every place on it.
    private mutating func walk(_ stimulus: Stimulus, from start: Int, into result: inout Exploration) {
        var state = situations[start].state
        guard attempt(stimulus, in: state, from: start, at: nil, into: &result) else { return }
        for place in places.all.dropFirst() {
            state.ladder = places.ladder(at: place)
            _ = attempt(stimulus, in: state, from: start, at: place, into: &result)
        }
    }

    /// Does one thing and, where that raised a counter, once more with the counter at its limit. What raised it can be
    /// done again in the situation it led to, where the walk comes as well; all that the times between differ in is the
    /// counter.
    /// - Parameter place: on the ladder; nil for its top, as long as nothing asks.
    /// - Returns: whether a step of the ladder was conceded.
    private mutating func attempt(
        _ stimulus: Stimulus, in state: DialogState, from start: Int, at place: Places.Place?,
        into result: inout Exploration
    ) -> Bool {
        var (before, times) = (state, 1)
        var screen = Screen(options: situations[start].options)
        var isEchoed = situations[start].isEchoed
        var conceded = false
        while true {
            let step = step(before, stimulus)
            result.transitions += 1
            for case .entered(let name) in step.passages { visited.insert(name) }
            let messages = step.messages
            for (property, what) in Properties.broken(
                by: step, stimulus, from: before, isEchoed: isEchoed, messages, dialog, scenario.facts)
            where !reported.contains(property + what) {
                report(property, what, way: way(to: start) + Array(repeating: stimulus, count: times), &result)
                if stopAtFirst, !result.violations.isEmpty { return false }
            }
            if times == 1 { conceded = step.state.conceded > before.conceded }
            let rises = (step.state.reprompts > before.reprompts, step.state.counterOffers > before.counterOffers)
            let rose = rises.0 || rises.1
            screen.show(messages)
            let reached = number(
                step.state, on: screen, echoed: messages.isEmpty && isEchoed,
                Step(from: start, did: stimulus, times: times))
            graph.add(
                SituationGraph.Edge(
                    to: reached, did: stimulus, at: place ?? (conceded ? places.all[0] : nil),
                    after: places.place(of: step.state), restarts: state.ended != nil, raises: rose || times > 1),
                from: start)
            guard rose, times == 1, step.state.ended == nil else { return conceded }
            isEchoed = situations[reached].isEchoed
            before = step.state
            if rises.0 { before.reprompts = max(before.reprompts, dialog.limits.reprompts) }
            if rises.1 { before.counterOffers = max(before.counterOffers, dialog.limits.counterOffers) }
            times = 1 + (rises.0 ? dialog.limits.reprompts : dialog.limits.counterOffers)
        }
    }

    private mutating func number(_ state: DialogState, on screen: Screen, echoed: Bool = false, _ parent: Step?) -> Int
    {
        var situation = Situation(state, on: screen, memory: memory)
        if echoed { situation.isEchoed = true }
        let hash = situation.hashValue
        if let known = numbers[hash]?.first(where: { situations[$0] == situation }) { return known }
        numbers[hash, default: []].append(situations.count)
        situations.append(situation)
        parents.append(parent)
        graph.grow()
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

    /// Walks the way again from the start with everything remembered, for the words that were really said; what does not
    /// happen again is no violation, and not proved either.
    private mutating func report(_ property: String, _ what: String, way: [Stimulus], _ result: inout Exploration) {
        let key = property + what
        guard unconfirmed[key, default: 0] < Self.attempts else { return }
        let (steps, _, found) = walkAgain(way, until: (property, what))
        guard found else {
            unconfirmed[key, default: 0] += 1
            return
        }
        reported.insert(key)
        result.violations.append(violation(property, what, steps))
    }

    private func violation(
        _ property: String, _ what: String, _ steps: [(did: Stimulus, said: [BotMessage])]
    ) -> Violation {
        Violation(
            property: property, what: what, accountID: scenario.accountID, standing: scenario.standing,
            idleMinutes: dialog.limits.idleMinutes, steps: steps)
    }

    /// Ways on which a violation is tried from the start.
    private static let attempts = 50

    /// The way from the start, up to the turn in which the property breaks.
    private mutating func walkAgain(_ way: [Stimulus], until broken: (property: String, what: String)?)
        -> (steps: [(did: Stimulus, said: [BotMessage])], state: DialogState, found: Bool)
    {
        var (state, screen) = (beginning, Screen())
        var steps: [(did: Stimulus, said: [BotMessage])] = []
        for stimulus in way {
            let step = step(state, stimulus)
            let messages = step.messages
            steps.append((did: stimulus, said: messages))
            if let broken {
                let isEchoed = state.echoed.map { memory.echoes(screen.said, $0) } ?? false
                let found = Properties.broken(
                    by: step, stimulus, from: state, isEchoed: isEchoed, messages, dialog, scenario.facts)
                if found.contains(where: { $0 == broken }) { return (steps, step.state, true) }
            }
            state = step.state
            screen.show(messages)
        }
        return (steps, state, false)
    }

    /// From every situation an end can be reached, and what the designer says leads on does.
    private mutating func checkReachable(into result: inout Exploration) {
        let ended = graph.reaching(situations.indices.filter { situations[$0].state.ended != nil })
        if let stuck = situations.indices.first(where: { !ended[$0] }) {
            let name = situations[stuck].state.state
            stuckAt(
                name, way: way(to: stuck), "fin", "desde `\(name)` no se puede terminar de ninguna manera", &result)
        }
        let leading = dialog.properties.compactMap { property in
            if case .leadsTo(let from, let to) = property.rule { (property.source, from, to) } else { nil }
        }
        if leading.isEmpty { return }
        let conversations = PlacedGraph(graph, places)
        for (source, from, to) in leading {
            let stuck = conversations.firstStuck(
                from: situations.indices.filter {
                    situations[$0].state.state == from && situations[$0].state.ended == nil
                },
                to: situations.indices.filter { situations[$0].state.state == to })
            guard let stuck else { continue }
            stuckAt(from, way: stuck, source, "desde `\(from)` ya no se llega a `\(to)`", &result)
        }
    }

    /// Reports a state with no way on, where the way leads to it from the start.
    private mutating func stuckAt(
        _ name: String, way: [Stimulus], _ property: String, _ what: String, _ result: inout Exploration
    ) {
        let (steps, state, _) = walkAgain(way, until: nil)
        guard state.state == name else {
            unconfirmed[property + what, default: 0] += 1
            return
        }
        reported.insert(property + what)
        result.violations.append(violation(property, what, steps))
    }
}

extension StepResult {
    var messages: [BotMessage] { effects.compactMap { if case .say(let message) = $0 { message } else { nil } } }
}

extension DialogState {
    /// Steps of the ladder that were granted in this conversation.
    var conceded: Int { ladder?.conceded ?? 0 }
}
