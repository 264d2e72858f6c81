import Conversations
import Quantities
import Storage
import Synchronization

/// When each agent was last seen by this server, and the state that was noted of them: so that not every request writes.
final class Attendance: Sendable {
    private struct Seen {
        var at: Moment
        /// Nil until it was noted.
        var state: AgentPresence.State?
        var notedAt: Moment?
    }
    private let agents = Mutex<[String: Seen]>([:])
    /// Milliseconds for which what was noted holds; nil where no other server notes anything.
    private let trust: Int64?

    init(trust: Int64? = nil) { self.trust = trust }

    /// - Returns: the state that was noted; nil where it is to be noted now.
    func see(_ agent: String, at now: Moment) -> AgentPresence.State? {
        agents.withLock { agents in
            agents[agent, default: Seen(at: now)].at = now
            guard let seen = agents[agent], let notedAt = seen.notedAt else { return nil }
            if let trust, !(0..<trust).contains(now.milliseconds - notedAt.milliseconds) { return nil }
            return seen.state
        }
    }

    func noted(_ presence: AgentPresence, at now: Moment) {
        agents.withLock {
            $0[presence.agent]?.state = presence.state == .absent ? nil : presence.state
            $0[presence.agent]?.notedAt = now
        }
    }

    /// Who was never seen counts as seen at the first look: a server that was just started gives them time to come.
    func lastSeen(_ agent: String, now: Moment) -> Moment {
        agents.withLock { agents in
            if let seen = agents[agent] { return seen.at }
            agents[agent] = Seen(at: now)
            return now
        }
    }

    func forget(_ agent: String) { agents.withLock { $0[agent] = nil } }
}

extension Backend {
    /// An agent is there.
    /// - Returns: their state.
    func seen(_ agent: String) async throws -> AgentPresence.State {
        if let state = attendance.see(agent, at: now()) { return state }
        let presence = try await desk.seen(agent, now: now())
        attendance.noted(presence, at: now())
        if Store.hasNodes { try await store.noteSeen(agent, at: now()) }
        return presence.state
    }

    func note(_ state: AgentPresence.State, of agent: String) async throws {
        _ = attendance.see(agent, at: now())
        attendance.noted(try await desk.note(state, of: agent, now: now()), at: now())
        if state == .absent { attendance.forget(agent) }
    }
}
