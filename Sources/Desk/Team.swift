import Conversations
import Quantities
import Storage

/// Who attends at one moment, for who supervises. Amounts of time are in seconds.
public struct TeamView: Codable, Sendable {
    public struct Member: Codable, Sendable {
        public var name: String
        /// `available`, `paused`, `absent`.
        public var state: String
        /// Seconds in that state; nil where it was never noted.
        public var for_seconds: Int?
        public var skills: [String]
        /// That they speak, as `pt`.
        public var languages: [String]
        /// Cases that they have, on hold too.
        public var load: Int
        public var capacity: Int?
        /// How long the customer waits who waits longest for them; nil where nobody does.
        public var oldest_wait_seconds: Int?
    }
    public var members: [Member]
    /// Cases that are late or nearly, and those that nobody can be given.
    public var urgent: [QueueEntry]
}

extension Desk {
    public func team(now: Moment) async throws -> TeamView {
        let processor = processor
        let roster = roster
        let members = try await store.read { tx in
            try roster.members.map { member in
                let presence = try tx.presence(of: member.name)
                let cases = try tx.openHandoffs(agent: member.name)
                let since = try cases.compactMap { try processor.waitingSince($0, now, tx) }.min()
                return TeamView.Member(
                    name: member.name, state: (presence?.state ?? .absent).rawValue,
                    for_seconds: presence.map { Int((now.milliseconds - $0.since.milliseconds) / 1000) },
                    skills: member.skills.sorted(), languages: member.languages.sorted(), load: cases.count, capacity: member.capacity,
                    oldest_wait_seconds: since.map { Int((now.milliseconds - $0.milliseconds) / 1000) })
            }
        }
        let urgent = try await list(now: now).filter {
            $0.unassigned != nil || $0.sla == .warning || $0.sla == .breached
        }
        return TeamView(members: members, urgent: urgent)
    }

    /// Notes that an agent is there, pauses or is gone, durable when this returns.
    @discardableResult
    public func note(_ state: AgentPresence.State, of agent: String, now: Moment) async throws -> AgentPresence {
        let processor = processor
        return try await store.submit { try processor.note(state, of: agent, now: now, tx: $0) }
    }

    /// An agent was seen: who was absent is available again, who pauses still does.
    public func seen(_ agent: String, now: Moment) async throws -> AgentPresence {
        let processor = processor
        return try await store.submit { tx in
            if let presence = try tx.presence(of: agent), presence.state != .absent { return presence }
            return try processor.note(.available, of: agent, now: now, tx: tx)
        }
    }

    /// Puts the cases of who is gone back into the queue where the customer waits.
    /// - Returns: how many.
    public func releaseAbandoned(now: Moment) async throws -> Int {
        let processor = processor
        var released = 0
        for id in try await store.handoffsOfAbsentAgents() {
            guard try await store.read({ try processor.abandoning(id, now: now, tx: $0) }) != nil else { continue }
            if try await store.submit({ try processor.releaseAbandoned(id, now: now, tx: $0) }) { released += 1 }
        }
        return released
    }

    /// Gives the waiting cases to who can take them, where the roster says so.
    /// - Returns: how many.
    public func assignWaiting(now: Moment) async throws -> Int {
        guard roster.assigns else { return 0 }
        let waiting = try await store.waitingHandoffs().map { QueuedCase($0.handoff, language: $0.language) }
        if waiting.isEmpty { return 0 }
        var given = 0
        for (id, assignment) in roster.assignments(of: waiting, among: try await colleagues(), now: now) {
            guard case .to(let agent) = assignment else { continue }
            let (processor, capacities) = (processor, roster.capacities)
            do {
                let isGiven = try await store.submit { tx in
                    // Between the look and the turn they may have gone, or somebody may have taken it.
                    guard try tx.presence(of: agent)?.state == .available else { return false }
                    _ = try processor.command(
                        .assign(to: agent), by: "asignación", supervising: true, capacities: capacities, handoffID: id,
                        now: now, tx: tx)
                    return true
                }
                if isGiven { given += 1 }
            } catch is AgentRefusal {
                continue
            }
        }
        return given
    }

    func colleagues() async throws -> [Colleague] {
        let roster = roster
        return try await store.read { tx in
            try roster.members.map { member in
                let presence = try tx.presence(of: member.name)
                return Colleague(
                    member, presence?.state ?? .absent, load: try tx.openHandoffs(agent: member.name).count,
                    lastCaseAt: presence?.lastCaseAt)
            }
        }
    }
}
