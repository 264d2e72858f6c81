import Conversations
import Ledger
import Negotiation
import Quantities
import Storage

/// The hand-off queue, as people work on it.
public struct Desk: Sendable {
    let store: Store
    let processor: TurnProcessor
    private let claimWithin: Int

    /// - Parameter claimWithin: seconds of attended time within which a case is to be claimed.
    public init(store: Store, processor: TurnProcessor, claimWithin: Int = 1800) {
        self.store = store
        self.processor = processor
        self.claimWithin = claimWithin
    }

    /// Open hand-offs but those that wait for the time of their call, in the order of ``Handoff/comesBefore(_:for:)``.
    public func list(for agent: String? = nil, now: Moment) async throws -> [QueueEntry] {
        try await store.openHandoffs().filter { $0.handoff.state != .scheduled }.sorted {
            $0.handoff.comesBefore($1.handoff, for: agent)
        }
        .map { entry($0.handoff, $0.account, now) }
    }

    /// The calls that are still to be made, in the order of their time.
    public func calls(now: Moment) async throws -> [QueueEntry] {
        try await store.openHandoffs().filter { $0.handoff.call?.state == .pending }.sorted {
            ($0.handoff.call?.at.milliseconds ?? 0, $0.handoff.id)
                < ($1.handoff.call?.at.milliseconds ?? 0, $1.handoff.id)
        }.map { entry($0.handoff, $0.account, now) }
    }

    /// - Throws: ``AgentRefusal/unknownHandoff``.
    public func read(_ id: String, now: Moment) async throws -> CaseView {
        guard let detail = try await store.handoffDetail(id) else { throw AgentRefusal.unknownHandoff }
        return CaseView(detail, world: processor.world, claimWithin: claimWithin, now: now)
    }

    /// What the policy lets a person agree to today, and what comes nearest.
    /// - Throws: ``AgentRefusal/unknownHandoff``; ``AgentRefusal/beyondPolicy(why:)`` where there is no account.
    public func quote(_ proposal: Proposal, handoffID: String, now: Moment) async throws -> Verdict {
        guard let detail = try await store.handoffDetail(handoffID) else { throw AgentRefusal.unknownHandoff }
        guard let account = detail.account else {
            throw AgentRefusal.beyondPolicy(why: "La conversación no es de ninguna cuenta.")
        }
        return processor.world.bargain(account, promises: detail.promises, on: now.day(in: processor.world.zone))
            .agreed(.proposal(proposal))
    }

    /// One order, durable when this returns.
    /// - Throws: ``AgentRefusal``.
    public func command(
        _ command: AgentCommand, by agent: String, supervising: Bool = false, handoffID: String, now: Moment
    ) async throws -> QueueEntry {
        let processor = processor
        let handoff = try await store.submit { tx in
            try processor.command(
                command, by: agent, supervising: supervising, handoffID: handoffID, now: now, tx: tx)
        }
        return entry(handoff, nil, now)
    }

    private func entry(_ handoff: Handoff, _ account: Account?, _ now: Moment) -> QueueEntry {
        QueueEntry(handoff, account: account, world: processor.world, claimWithin: claimWithin, now: now)
    }
}
