import Quantities

/// Agents come, pause and go; nobody waits for one who is gone.
extension TurnProcessor {
    /// Notes an agent's state where it is another than before.
    public func note(
        _ state: AgentPresence.State, of agent: String, now: Moment, tx: any TurnTransaction
    ) throws -> AgentPresence {
        var presence = try tx.presence(of: agent) ?? AgentPresence(agent: agent, state: .absent, since: now)
        guard presence.state != state else { return presence }
        presence.state = state
        presence.since = now
        try tx.save(presence)
        try tx.append(
            AuditEvent(at: now, conversationID: nil, accountID: nil, kind: "agent.\(state.rawValue)", detail: [agent]))
        return presence
    }

    /// Puts a case back into its place in the queue where its agent is gone and the customer waits for them.
    /// - Returns: whether it was.
    public func releaseAbandoned(_ handoffID: String, now: Moment, tx: any TurnTransaction) throws -> Bool {
        guard let agent = try abandoning(handoffID, now: now, tx: tx) else { return false }
        _ = try command(.abandon, by: agent, handoffID: handoffID, now: now, tx: tx)
        return true
    }

    /// The agent who is gone while the customer waits for them; nil where that is not so.
    public func abandoning(_ handoffID: String, now: Moment, tx: any TurnTransaction) throws -> String? {
        guard let handoff = try tx.handoff(id: handoffID), let agent = handoff.agent,
            handoff.state == .claimed || handoff.state == .onHold, try tx.presence(of: agent)?.state == .absent,
            try waitingSince(handoff, now, tx) != nil
        else { return nil }
        return agent
    }

    /// Since when the customer waits for an answer of whoever has the case, or for a call; nil where the last word was
    /// ours.
    public func waitingSince(_ handoff: Handoff, _ now: Moment, _ tx: any TurnTransaction) throws -> Moment? {
        if let call = handoff.call, call.state == .pending, call.at <= now { return call.at }
        var since: Moment?
        for entry in try tx.transcript(of: handoff.conversationID, limit: 100).reversed() {
            switch entry.speaker {
            case .customer: since = entry.at
            case .agent: return since
            case .bot, .note: continue
            }
        }
        return since.map { max($0, handoff.waitsSince) }
    }

    /// A case goes to somebody who can still take one.
    /// - Throws: ``AgentRefusal/full(agent:capacity:)``.
    func admit(
        _ handoff: Handoff, to agent: String, capacities: [String: Int], _ tx: any TurnTransaction
    ) throws {
        guard handoff.agent != agent, let capacity = capacities[agent],
            try tx.openHandoffs(agent: agent).count >= capacity
        else { return }
        throw AgentRefusal.full(agent: agent, capacity: capacity)
    }

    /// Whoever got a case last waits longest for the next.
    func gotCase(_ agent: String, _ now: Moment, _ tx: any TurnTransaction) throws {
        guard var presence = try tx.presence(of: agent) else { return }
        presence.lastCaseAt = now
        try tx.save(presence)
    }
}
