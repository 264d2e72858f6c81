import Conversations
import Quantities

/// Who attends, what each can do, and what the cases ask for.
public struct Roster: Sendable {
    public struct Member: Hashable, Sendable {
        public var name: String
        public var skills: Set<String>
        /// Cases at once; nil: as many as they like.
        public var capacity: Int?
        /// Whether cases are given to them without being asked: not to who supervises.
        public var isGivenCases: Bool
        public init(name: String, skills: Set<String> = [], capacity: Int? = nil, isGivenCases: Bool = true) {
            self.name = name
            self.skills = skills
            self.capacity = capacity
            self.isGivenCases = isGivenCases
        }
    }

    public var members: [Member]
    /// The skill that a case of a reason asks for; a reason that is not here asks for none.
    public var skills: [String: String]
    /// Whether the next case goes to somebody by itself; else people take them.
    public var assigns: Bool

    public init(members: [Member] = [], skills: [String: String] = [:], assigns: Bool = false) {
        self.members = members
        self.skills = skills
        self.assigns = assigns
    }

    package var capacities: [String: Int] {
        Dictionary(members.compactMap { member in member.capacity.map { (member.name, $0) } }) { first, _ in first }
    }

    func skill(of handoff: Handoff) -> String? { skills[handoff.reason] }

    /// Whether somebody has what a case asks for; true of who is not in the roster, and where it asks for nothing.
    func suits(_ handoff: Handoff, _ agent: String?) -> Bool {
        guard let skill = skill(of: handoff), let member = members.first(where: { $0.name == agent }) else {
            return true
        }
        return member.skills.contains(skill)
    }
}

/// An agent at one moment.
public struct Colleague: Hashable, Sendable {
    public var member: Roster.Member
    public var state: AgentPresence.State
    /// Cases that they have, on hold too.
    public var load: Int
    public var lastCaseAt: Moment?
    public init(_ member: Roster.Member, _ state: AgentPresence.State, load: Int, lastCaseAt: Moment? = nil) {
        self.member = member
        self.state = state
        self.load = load
        self.lastCaseAt = lastCaseAt
    }

    var free: Int { member.capacity.map { max(0, $0 - load) } ?? Int.max - load }
}

/// Who gets a case, or why nobody does.
public enum CaseAssignment: Hashable, Sendable {
    case to(String)
    case nobodyHas(skill: String)
    /// Those who could are paused or absent.
    case nobodyThere
    case allFull
    /// Its call may not be made yet.
    case tooEarly

    /// Why nobody gets it, in Spanish; nil where somebody does.
    public var spanish: String? {
        switch self {
        case .to: nil
        case .nobodyHas(let skill): "nadie del equipo tiene «\(skill)»"
        case .nobodyThere: "no hay nadie disponible"
        case .allFull: "todos están completos"
        case .tooEarly: "todavía no se puede llamar"
        }
    }
}

extension Roster {
    /// Who gets each waiting case, in the order of the queue: the available agent who has the skill and most room; of
    /// equals who waits longest for a case, then the first by name. Who had a case before it was opened again gets it
    /// first. Equal arguments give equal answers.
    /// - Parameter colleagues: those of the roster.
    public func assignments(
        of handoffs: [Handoff], among colleagues: [Colleague], now: Moment
    ) -> [(handoffID: String, assignment: CaseAssignment)] {
        var colleagues = colleagues.filter(\.member.isGivenCases)
        return handoffs.filter { $0.state == .queued }.sorted { $0.comesBefore($1, for: nil, self) }.map { handoff in
            let assignment = assignment(of: handoff, among: colleagues, now: now)
            if case .to(let name) = assignment, let index = colleagues.firstIndex(where: { $0.member.name == name }) {
                colleagues[index].load += 1
                colleagues[index].lastCaseAt = now
            }
            return (handoff.id, assignment)
        }
    }

    private func assignment(of handoff: Handoff, among colleagues: [Colleague], now: Moment) -> CaseAssignment {
        if let call = handoff.call, call.state == .pending, call.at > now { return .tooEarly }
        var able = colleagues
        if let skill = skill(of: handoff) {
            able = able.filter { $0.member.skills.contains(skill) }
            if able.isEmpty { return .nobodyHas(skill: skill) }
        }
        able = able.filter { $0.state == .available }
        if able.isEmpty { return .nobodyThere }
        able = able.filter { $0.free > 0 }
        func rank(_ colleague: Colleague) -> (Int, Int, Int64, String) {
            let isKnown = handoff.formerAgent == colleague.member.name
            return (
                isKnown ? 0 : 1, -colleague.free, colleague.lastCaseAt?.milliseconds ?? .min, colleague.member.name
            )
        }
        guard let best = able.min(by: { rank($0) < rank($1) }) else { return .allFull }
        return .to(best.member.name)
    }
}
