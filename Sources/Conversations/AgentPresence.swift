import Quantities

/// Whether an agent is there to attend, as it was last noted.
public struct AgentPresence: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case available
        /// Keeps the cases they have, and is given none.
        case paused
        /// Their page is closed or asleep: who waits for them goes back to the queue.
        case absent
    }
    public var agent: String
    public var state: State
    public var since: Moment
    /// When they last got a case; nil where they got none since presence is noted.
    public var lastCaseAt: Moment?
    public init(agent: String, state: State, since: Moment) {
        self.agent = agent
        self.state = state
        self.since = since
    }
}
