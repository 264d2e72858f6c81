import Quantities
import Understanding

/// One account, at one moment, through which a dialog is explored: a representative of its class.
public struct Scenario: Sendable {
    public var accountID: String
    /// What the account has besides, such as `con una promesa`; nil where it is as it was imported.
    public var standing: String?
    public var facts: Facts

    public init(accountID: String, standing: String? = nil, facts: Facts) {
        self.accountID = accountID
        self.standing = standing
        self.facts = facts
    }

    /// As it is told: `marta con una promesa`.
    public var name: String { accountID + (standing.map { " " + $0 } ?? "") }
}

/// A property that does not hold, with the shortest way to it.
public struct Violation: Sendable {
    /// Which property, such as `I3`; for a designer's own, its text.
    public var property: String
    /// In Spanish, what happened.
    public var what: String
    public var accountID: String
    /// What the account had besides; see ``Scenario/standing``.
    public var standing: String?
    /// After how many minutes of silence the dialog asks whether somebody is there.
    public var idleMinutes: Int
    /// What the customer did and the bot answered, oldest first.
    public var steps: [(did: Stimulus, said: [BotMessage])]
}

/// What an exploration found.
public struct Exploration: Sendable {
    /// Distinct situations (dialog state, what is on the screen), over all scenarios.
    public var situations = 0
    public var transitions = 0
    public var violations: [Violation] = []
    /// What seemed broken and did not happen again from the start of a conversation: not proved.
    public var unconfirmed: [String] = []
    /// States of the dialog that conversations came through.
    public var visited: Set<String> = []
    /// The limit on situations was reached: nothing is proved.
    public var incomplete = false

    public init() {}

    /// Takes another exploration's findings in.
    public mutating func add(_ other: Exploration) {
        situations += other.situations
        transitions += other.transitions
        violations += other.violations
        unconfirmed += other.unconfirmed
        visited.formUnion(other.visited)
        incomplete = incomplete || other.incomplete
    }
}

/// Walks a dialog through everything that a customer can do, breadth first, until nothing new appears. What is
/// understood is abstracted to one way of saying each thing, and situations that the dialog cannot tell apart are one
/// (see ``Situation``), so they are finite and few.
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

    /// - Parameters:
    ///   - stopAtFirst: ends at the first violation, for mutation runs.
    ///   - isStopped: asked at each situation; once it says so the exploration ends incomplete.
    public func explore(
        _ scenarios: [Scenario], stopAtFirst: Bool = false, isStopped: () -> Bool = { false }
    ) -> Exploration {
        var result = Exploration()
        for scenario in scenarios {
            var walk = Walk(explorer: self, scenario: scenario, stopAtFirst: stopAtFirst)
            walk.run(into: &result, isStopped)
            if stopAtFirst, !result.violations.isEmpty { break }
        }
        return result
    }
}
