import Conversations
import Ledger
import Quantities

/// Who attends, what each can do, and what the cases ask for.
public struct Roster: Sendable {
    public struct Member: Hashable, Sendable {
        public var name: String
        public var skills: Set<String>
        /// The languages that they speak, as `pt`.
        public var languages: Set<String>
        /// Cases at once; nil: as many as they like.
        public var capacity: Int?
        /// Whether cases are given to them without being asked: not to who supervises.
        public var isGivenCases: Bool
        public init(
            name: String, skills: Set<String> = [], languages: Set<String> = ["es"], capacity: Int? = nil,
            isGivenCases: Bool = true
        ) {
            self.name = name
            self.skills = skills
            self.languages = languages
            self.capacity = capacity
            self.isGivenCases = isGivenCases
        }
    }

    public var members: [Member]
    /// The skill that a case of a reason asks for; a reason that is not here asks for none.
    public var skills: [String: String]
    /// The language of who said none, as `es`.
    public var language: String
    /// Whether the next case goes to somebody by itself; else people take them.
    public var assigns: Bool

    public init(
        members: [Member] = [], skills: [String: String] = [:], language: String = "es", assigns: Bool = false
    ) {
        self.members = members
        self.skills = skills
        self.language = language
        self.assigns = assigns
    }

    package var capacities: [String: Int] {
        Dictionary(members.compactMap { member in member.capacity.map { (member.name, $0) } }) { first, _ in first }
    }

    func skill(of handoff: Handoff) -> String? { skills[handoff.reason] }

    /// The language that a case is to be attended in, as `pt`.
    func language(of one: QueuedCase) -> String { one.language.map(LanguageTag.language) ?? language }

    /// Whether who gets a case makes a difference at all.
    func distinguishes(_ cases: [QueuedCase]) -> Bool {
        !skills.isEmpty || members.contains { $0.languages != [language] } || cases.contains { language(of: $0) != language }
    }

    /// Whether somebody can do what a case asks for and speaks its language; true of who is not in the roster.
    func suits(_ one: QueuedCase, _ agent: String?) -> Bool {
        members.first { $0.name == agent }.map { suits(one, $0) } ?? true
    }

    private func suits(_ one: QueuedCase, _ member: Member) -> Bool {
        (skill(of: one.handoff).map(member.skills.contains) ?? true) && member.languages.contains(language(of: one))
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
    /// Of those who have the skill that it asks for, where it asks for one.
    case nobodySpeaks(language: String, withSkill: String?)
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
        case .nobodySpeaks(let language, let skill):
            (skill.map { "nadie de los que tienen «\($0)»" } ?? "nadie del equipo")
                + " habla \(LanguageNames.spanish(language))"
        case .nobodyThere: "no hay nadie disponible"
        case .allFull: "todos están completos"
        case .tooEarly: "todavía no se puede llamar"
        }
    }
}

extension Roster {
    /// Who gets each waiting case, in the order of the queue: the available agent who has the skill, speaks the language
    /// and has most room; of equals who waits longest for a case, then the first by name. Who had a case before it was
    /// opened again gets it first. Equal arguments give equal answers.
    /// - Parameter colleagues: those of the roster.
    public func assignments(
        of cases: [QueuedCase], among colleagues: [Colleague], now: Moment
    ) -> [(handoffID: String, assignment: CaseAssignment)] {
        var colleagues = colleagues.filter(\.member.isGivenCases)
        return cases.filter { $0.handoff.state == .queued }.sorted { $0.comesBefore($1, for: nil, self) }.map { one in
            let assignment = assignment(of: one, among: colleagues, now: now)
            if case .to(let name) = assignment, let index = colleagues.firstIndex(where: { $0.member.name == name }) {
                colleagues[index].load += 1
                colleagues[index].lastCaseAt = now
            }
            return (one.handoff.id, assignment)
        }
    }

    private func assignment(of one: QueuedCase, among colleagues: [Colleague], now: Moment) -> CaseAssignment {
        if let call = one.handoff.call, call.state == .pending, call.at > now { return .tooEarly }
        var able = colleagues
        let skill = skill(of: one.handoff)
        if let skill {
            able = able.filter { $0.member.skills.contains(skill) }
            if able.isEmpty { return .nobodyHas(skill: skill) }
        }
        let language = language(of: one)
        let speakers = able.filter { $0.member.languages.contains(language) }
        if speakers.isEmpty, !able.isEmpty { return .nobodySpeaks(language: language, withSkill: skill) }
        able = speakers.filter { $0.state == .available }
        if able.isEmpty { return .nobodyThere }
        able = able.filter { $0.free > 0 }
        func rank(_ colleague: Colleague) -> (Int, Int, Int64, String) {
            let isKnown = one.handoff.formerAgent == colleague.member.name
            return (
                isKnown ? 0 : 1, -colleague.free, colleague.lastCaseAt?.milliseconds ?? .min, colleague.member.name
            )
        }
        guard let best = able.min(by: { rank($0) < rank($1) }) else { return .allFull }
        return .to(best.member.name)
    }
}
