import Conversations
import Dialog

/// A hand-off as the queue orders and gives it.
public struct QueuedCase: Sendable {
    public var handoff: Handoff
    /// Of the account (BCP 47); nil where it says none.
    public var language: String?
    public init(_ handoff: Handoff, language: String? = nil) {
        self.handoff = handoff
        self.language = language
    }

    /// The order of the queue: distress before all; then, for who had them before, the cases that were opened again;
    /// then those that ask for what who looks can do and speaks; then the more urgent, and among equals who waits longest.
    /// - Parameter agent: who looks at the queue; nil where nobody in particular does.
    func comesBefore(_ other: QueuedCase, for agent: String?, _ roster: Roster = Roster()) -> Bool {
        func rank(_ one: QueuedCase) -> (Int, Int, Int, Int64, String) {
            let handoff = one.handoff
            let known = handoff.state == .queued && agent != nil && handoff.formerAgent == agent
            let first = handoff.priority == .distress ? 0 : known ? 1 : 2
            return (
                first, roster.suits(one, agent) ? 0 : 1, -handoff.priority.rawValue, handoff.waitsSince.milliseconds,
                handoff.id
            )
        }
        return rank(self) < rank(other)
    }
}
