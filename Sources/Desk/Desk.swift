import Conversations
import Quantities
import Storage

/// The hand-off queue, as people work on it.
public struct Desk: Sendable {
    private let store: Store
    private let processor: TurnProcessor

    public init(store: Store, processor: TurnProcessor) {
        self.store = store
        self.processor = processor
    }

    /// Open hand-offs, highest priority first, then the longest waiting.
    public func list(now: Moment) async throws -> [QueueEntry] {
        try await store.openHandoffs().map { QueueEntry($0.handoff, account: $0.account, now: now) }
    }

    /// - Throws: ``AgentRefusal/unknownHandoff``.
    public func read(_ id: String, now: Moment) async throws -> CaseView {
        guard let detail = try await store.handoffDetail(id) else { throw AgentRefusal.unknownHandoff }
        return CaseView(detail, world: processor.world, now: now)
    }

    /// One order, durable when this returns.
    /// - Throws: ``AgentRefusal``.
    public func command(_ command: AgentCommand, by agent: String, handoffID: String, now: Moment) async throws
        -> QueueEntry
    {
        let processor = processor
        let handoff = try await store.submit { tx in
            try processor.command(command, by: agent, handoffID: handoffID, now: now, tx: tx)
        }
        return QueueEntry(handoff, account: nil, now: now)
    }
}
