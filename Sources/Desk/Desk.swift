import Conversations
import Ledger
import Negotiation
import Quantities
import Storage

/// The hand-off queue, as people work on it.
public struct Desk: Sendable {
    let store: Store
    let processor: TurnProcessor
    let roster: Roster
    private let claimWithin: Int

    /// - Parameter claimWithin: seconds of attended time within which a case is to be claimed.
    public init(store: Store, processor: TurnProcessor, roster: Roster = Roster(), claimWithin: Int = 1800) {
        self.store = store
        self.processor = processor
        self.roster = roster
        self.claimWithin = claimWithin
    }

    /// Open hand-offs but those that wait for the time of their call, in the order of ``Handoff/comesBefore(_:for:_:)``.
    public func list(for agent: String? = nil, now: Moment) async throws -> [QueueEntry] {
        let roster = roster
        let open = try await store.openHandoffs().filter { $0.handoff.state != .scheduled }.sorted {
            $0.queued.comesBefore($1.queued, for: agent, roster)
        }
        var why: [String: String] = [:]
        let cases = open.map(\.queued)
        if roster.assigns || roster.distinguishes(cases) {
            for (id, assignment) in roster.assignments(of: cases, among: try await colleagues(), now: now) {
                // Where people take cases themselves, only what nobody can take is news.
                switch assignment {
                case .nobodyHas, .nobodySpeaks: why[id] = assignment.spanish
                default: if roster.assigns { why[id] = assignment.spanish }
                }
            }
        }
        return open.map {
            var entry = entry($0.handoff, $0.account, now)
            entry.unassigned = why[entry.id]
            return entry
        }
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
        var view = CaseView(detail, world: processor.world, claimWithin: claimWithin, now: now)
        tell(&view.handoff, of: QueuedCase(detail.handoff, language: detail.account?.language))
        return view
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
        _ command: AgentCommand, by agent: String, supervising: Bool = false, epoch: Int? = nil, handoffID: String,
        now: Moment
    ) async throws -> QueueEntry {
        let (processor, capacities) = (processor, roster.capacities)
        let handoff = try await store.submit { tx in
            try processor.command(
                command, by: agent, supervising: supervising, capacities: capacities, epoch: epoch,
                handoffID: handoffID, now: now, tx: tx)
        }
        return entry(handoff, nil, now)
    }

    private func entry(_ handoff: Handoff, _ account: Account?, _ now: Moment) -> QueueEntry {
        var entry = QueueEntry(
            handoff, account: account, world: processor.world, claimWithin: claimWithin, now: now)
        tell(&entry, of: QueuedCase(handoff, language: account?.language))
        return entry
    }

    /// What the case asks for of who attends it.
    private func tell(_ entry: inout QueueEntry, of one: QueuedCase) {
        entry.skill = roster.skill(of: one.handoff)
        let language = roster.language(of: one)
        if language != roster.language { entry.language = language }
    }
}

extension OpenHandoff {
    var queued: QueuedCase { QueuedCase(handoff, language: account?.language) }
}
