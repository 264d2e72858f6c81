import Conversations
import Dialog

extension Handoff {
    /// The order of the queue: distress before all; then, for who had them before, the cases that were opened again;
    /// then those that ask for what who looks can do; then the more urgent, and among equals who waits longest.
    /// - Parameter agent: who looks at the queue; nil where nobody in particular does.
    func comesBefore(_ other: Handoff, for agent: String?, _ roster: Roster = Roster()) -> Bool {
        func rank(_ handoff: Handoff) -> (Int, Int, Int, Int64, String) {
            let known = handoff.state == .queued && agent != nil && handoff.formerAgent == agent
            let first = handoff.priority == .distress ? 0 : known ? 1 : 2
            return (
                first, roster.suits(handoff, agent) ? 0 : 1, -handoff.priority.rawValue,
                handoff.waitsSince.milliseconds, handoff.id
            )
        }
        return rank(self) < rank(other)
    }
}
