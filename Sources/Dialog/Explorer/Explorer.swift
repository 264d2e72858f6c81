import Quantities
import Understanding

/// One account, at one moment, through which a dialog is explored: a representative of its class.
public struct Scenario: Sendable {
    public var accountID: String
    public var facts: Facts

    public init(accountID: String, facts: Facts) {
        self.accountID = accountID
        self.facts = facts
    }
}

/// A property that does not hold, with the shortest way to it.
public struct Violation: Sendable {
    /// Which property, such as `I3`; for a designer's own, its text.
    public var property: String
    /// In Spanish, what happened.
    public var what: String
    public var accountID: String
    /// What the customer did and the bot answered, oldest first.
    public var steps: [(did: Stimulus, said: [String])]
}

/// What an exploration found.
public struct Exploration: Sendable {
    /// Distinct situations (dialog state, what is on the screen), over all scenarios.
    public var situations = 0
    public var transitions = 0
    public var violations: [Violation] = []
    /// States of the dialog in which the bot was seen to wait or end.
    public var visited: Set<String> = []
    /// The limit on situations was reached: nothing is proved.
    public var incomplete = false

    public init() {}

    /// Takes another exploration's findings in.
    public mutating func add(_ other: Exploration) {
        situations += other.situations
        transitions += other.transitions
        violations += other.violations
        visited.formUnion(other.visited)
        incomplete = incomplete || other.incomplete
    }
}

/// Walks a dialog through everything that a customer can do, breadth first, until nothing new appears: counters are
/// bounded by the dialog's limits and what is understood is abstracted to one way of saying each thing, so the
/// situations are finite.
public struct Explorer: Sendable {
    let dialog: CompiledDialog
    let reader: Reader
    /// Situations per scenario after which the exploration gives up.
    let limit: Int

    public init(dialog: CompiledDialog, reader: Reader = .argentina, limit: Int = 200_000) {
        self.dialog = dialog
        self.reader = reader
        self.limit = limit
    }

    /// - Parameter stopAtFirst: ends at the first violation, for mutation runs.
    public func explore(_ scenarios: [Scenario], stopAtFirst: Bool = false) -> Exploration {
        var result = Exploration()
        for scenario in scenarios {
            var walk = Walk(explorer: self, scenario: scenario, stopAtFirst: stopAtFirst)
            walk.run(into: &result)
            if stopAtFirst, !result.violations.isEmpty { break }
        }
        return result
    }
}

/// What the customer sees and the bot remembers.
struct Situation: Hashable {
    var state: DialogState
    var options: [BotMessage.Option]
    /// The bot's last words.
    var said: String

    /// Drops what differs without changing what can happen: evidence, serials, the nudge, and all that a dialog which
    /// ended forgets. One insult is as far from a hand-off as two: both hand over in the end.
    /// - Parameter attempts: wrong documents after which one more makes no difference to the dialog.
    init(_ state: DialogState, _ messages: [BotMessage], before: Situation?, attempts: Int) {
        if state.ended == nil {
            self.state = state
            self.state.evidence = []
        } else {
            self.state = DialogState(dialog: state.dialog, version: state.version, state: state.state)
            self.state.ended = state.ended
            self.state.verified = state.verified
        }
        // Older messages' prices are the same here, where no day passes.
        self.state.priced = state.priced?.filter { $0.serials.last == state.serial }.map {
            PricedOption(name: $0.name, target: $0.target, offer: $0.offer, serials: [1])
        }
        self.state.ladder = self.state.ladder?.timeless
        self.state.serial = 1
        self.state.turnsHeard = min(1, state.turnsHeard)
        self.state.insults = 0
        self.state.identityAttempts = min(attempts, state.identityAttempts)
        self.state.idleNudged = false
        options = messages.last?.options ?? (messages.isEmpty ? before?.options ?? [] : [])
        // Only what was echoed can be confirmed: other words are not part of the situation.
        said = self.state.echoed == nil ? "" : messages.last?.text ?? before?.said ?? ""
    }
}

/// One scenario's exploration.
private struct Walk {
    let explorer: Explorer
    let scenario: Scenario
    let stopAtFirst: Bool
    private var situations: [Situation] = []
    private var numbers: [Situation: Int] = [:]
    private var parents: [(from: Int, did: Stimulus, said: [String])?] = []
    private var successors: [[Int]] = []
    private var readings: [Utterance: Understanding] = [:]
    private var reported: Set<String> = []

    private struct Utterance: Hashable {
        let text: String
        let question: Question
    }

    init(explorer: Explorer, scenario: Scenario, stopAtFirst: Bool) {
        self.explorer = explorer
        self.scenario = scenario
        self.stopAtFirst = stopAtFirst
    }

    private var dialog: CompiledDialog { explorer.dialog }

    /// One more than any guard compares `intentos_identidad` with.
    private var attempts: Int {
        let conditions = dialog.states.values.flatMap { $0.routes.compactMap(\.when) + $0.choices.compactMap(\.when) }
        let compared = conditions.flatMap(\.terms).filter { $0.fact == .identityAttempts }
        return (compared.compactMap { $0.value.flatMap { Int($0) } }.max() ?? -1) + 1
    }

    mutating func run(into result: inout Exploration) {
        let texts = Stimulus.texts(for: scenario.facts)
        let attempts = attempts
        _ = number(
            Situation(
                DialogState(dialog: dialog.name, version: dialog.version, state: dialog.start), [], before: nil,
                attempts: attempts), nil)
        var next = 0
        while next < situations.count {
            if situations.count > explorer.limit {
                result.incomplete = true
                break
            }
            let situation = situations[next]
            // A person attends: the bot is silent until the conversation is given back, which begins again.
            let stimuli = situation.state.ended == "derivado" ? [Stimulus(.returned)] : texts + others(in: situation)
            for stimulus in stimuli {
                let step = step(situation, stimulus)
                result.transitions += 1
                let messages = step.effects.compactMap { if case .say(let message) = $0 { message } else { nil } }
                for (property, what) in Properties.broken(
                    by: step, stimulus, from: situation, messages, dialog, scenario.facts)
                where reported.insert(property + what).inserted {
                    let steps = way(to: next) + [(stimulus, messages.map(\.text))]
                    result.violations.append(
                        Violation(property: property, what: what, accountID: scenario.accountID, steps: steps))
                    if stopAtFirst { return }
                }
                successors[next].append(
                    number(
                        Situation(step.state, messages, before: situation, attempts: attempts),
                        (next, stimulus, messages.map(\.text))))
            }
            next += 1
        }
        result.situations += situations.count
        result.visited.formUnion(situations.map(\.state.state))
        if !result.incomplete { checkReachable(into: &result) }
    }

    private mutating func number(_ situation: Situation, _ parent: (Int, Stimulus, [String])?) -> Int {
        if let known = numbers[situation] { return known }
        numbers[situation] = situations.count
        situations.append(situation)
        parents.append(parent)
        successors.append([])
        return situations.count - 1
    }

    private func others(in situation: Situation) -> [Stimulus] {
        var result = [Stimulus(.media), Stimulus(.silence)]
        for option in situation.options {
            let name = String(option.id.split(separator: "#").first ?? "")
            result.append(Stimulus(.tap(name: name, title: option.title), name))
        }
        if !situation.options.isEmpty { result.append(Stimulus(.staleTap)) }
        return result
    }

    private mutating func step(_ situation: Situation, _ stimulus: Stimulus) -> StepResult {
        let event: DialogEvent
        switch stimulus.kind {
        case .text(let text):
            let utterance = Utterance(text: text, question: dialog.question(in: situation.state))
            let heard =
                readings[utterance]
                ?? explorer.reader.read(
                    text, at: scenario.facts.now, zone: scenario.facts.zone, asked: utterance.question)
            readings[utterance] = heard
            event = .heard(heard, messageID: "m")
        case .tap(let name, let title):
            event = .tapped(
                id: "\(name)#\(situation.state.serial)", understanding: Understanding(normalised: title), messageID: "m"
            )
        case .staleTap: event = .tapped(id: "viejo#0", understanding: Understanding(normalised: ""), messageID: "m")
        case .media: event = .media(messageID: "m")
        case .silence: event = .idle
        case .returned: event = .returned
        }
        return dialog.step(situation.state, event, facts: scenario.facts, traces: false)
    }

    private func way(to situation: Int) -> [(did: Stimulus, said: [String])] {
        var steps: [(did: Stimulus, said: [String])] = []
        var at = situation
        while let parent = parents[at] {
            steps.append((parent.did, parent.said))
            at = parent.from
        }
        return steps.reversed()
    }

    /// From every situation an end can be reached, and what the designer says leads on does.
    private mutating func checkReachable(into result: inout Exploration) {
        let ended = reaching { $0.state.ended != nil }
        if let stuck = situations.indices.first(where: { !ended.contains($0) }) {
            report(
                "fin", "desde `\(situations[stuck].state.state)` no se puede terminar de ninguna manera", at: stuck,
                &result)
        }
        for property in dialog.properties {
            guard case .leadsTo(let from, let to) = property.rule else { continue }
            let reached = reaching { $0.state.state == to }
            if let stuck = situations.indices.first(where: {
                situations[$0].state.state == from && !reached.contains($0)
            }) {
                report(property.source, "desde `\(from)` ya no se llega a `\(to)`", at: stuck, &result)
            }
        }
    }

    private func report(_ property: String, _ what: String, at situation: Int, _ result: inout Exploration) {
        result.violations.append(
            Violation(property: property, what: what, accountID: scenario.accountID, steps: way(to: situation)))
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
