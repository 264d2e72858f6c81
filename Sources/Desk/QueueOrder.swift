import Conversations
import Dialog

extension Handoff {
    /// The order of the queue: distress before all; then, for who had them before, the cases that were opened again;
    /// then the more urgent, and among equals who waits longest.
    /// - Parameter agent: who looks at the queue; nil where nobody in particular does.
    func comesBefore(_ other: Handoff, for agent: String?) -> Bool {
        func rank(_ handoff: Handoff) -> (Int, Int, Int64, String) {
            let known = handoff.state == .queued && agent != nil && handoff.formerAgent == agent
            let first = handoff.priority == .distress ? 0 : known ? 1 : 2
            return (first, -handoff.priority.rawValue, handoff.waitsSince.milliseconds, handoff.id)
        }
        return rank(self) < rank(other)
    }
}
