import Campaigns
import Conduct
import Conversations
import Desk
import Quantities

/// People who attend: who is there, who has which case, who is called and when.
extension Reference {
    /// What the server does at one look at the desk, each in a commit of its own.
    enum DeskStep {
        case absent(agent: String)
        /// A case changes hands.
        case turn
    }

    /// An agent told the server where they are.
    func note(_ state: AgentPresence.State, of agent: String, now: Moment) {
        attempt("the presence of \(agent)", since: store.contents, now) {
            _ = try processor.note(state, of: agent, now: now, tx: $0)
        }
        if state == .absent { lastSeen[agent] = nil }
    }

    /// - Parameter isWritten: whether the database has a step; the server stopped before the first that it has not.
    func watchDesk(now: Moment, isWritten: (DeskStep) -> Bool = { _ in true }) {
        let patience = Int64(company.configuration.console.absenceMinutes) * 60
        for presence in presences where presence.state != .absent {
            let seen = lastSeen[presence.agent] ?? now
            lastSeen[presence.agent] = seen
            guard now >= seen.adding(seconds: patience) else { continue }
            guard isWritten(.absent(agent: presence.agent)) else { return }
            figures[.absences] += 1
            note(.absent, of: presence.agent, now: now)
        }
        for handoff in handoffs {
            guard let agent = try? processor.abandoning(handoff.id, now: now, tx: store) else { continue }
            guard isWritten(.turn) else { return }
            figures[.releases] += 1
            attempt("\(handoff.id), which \(agent) left,", since: store.contents, now) {
                _ = try processor.releaseAbandoned(handoff.id, now: now, tx: $0)
            }
        }
        guard roster.assigns else { return }
        let colleagues = roster.members.map { member in
            let presence = store.presence(of: member.name)
            return Colleague(
                member, presence?.state ?? .absent, load: store.openHandoffs(agent: member.name).count,
                lastCaseAt: presence?.lastCaseAt)
        }
        let cases = handoffs.map { handoff in
            QueuedCase(handoff, language: handoff.accountID.flatMap { store.account(id: $0)?.language })
        }
        for (id, assignment) in roster.assignments(of: cases, among: colleagues, now: now) {
            guard case .to(let agent) = assignment else { continue }
            guard isWritten(.turn) else { return }
            figures[.assignments] += 1
            attempt("\(id), which goes to \(agent),", since: store.contents, now) {
                _ = try processor.command(
                    .assign(to: agent), by: "asignación", supervising: true, capacities: roster.capacities,
                    handoffID: id, now: now, tx: $0)
            }
            checkAssigned(id, to: agent)
        }
    }

    private var handoffs: [Handoff] { store.contents.handoffs.values.sorted { $0.id < $1.id } }
    var presences: [AgentPresence] { store.contents.presences.values.sorted { $0.agent < $1.agent } }

    /// Who gets a case unasked is there, knows of it and has room for it.
    private func checkAssigned(_ id: String, to agent: String) {
        figures[.checkedAssignments] += 1
        guard let handoff = store.handoff(id: id), handoff.agent == agent,
            let member = roster.members.first(where: { $0.name == agent })
        else { return violate("\(id) was to go to \(agent) and did not") }
        if store.presence(of: agent)?.state != .available { violate("\(id) goes to \(agent), who is not there") }
        if let capacity = member.capacity, store.openHandoffs(agent: agent).count > capacity {
            violate("\(id) goes to \(agent), who has no room for it")
        }
        if let skill = roster.skills[handoff.reason], !member.skills.contains(skill) {
            violate("\(id) goes to \(agent), who does not know of \(handoff.reason)")
        }
    }

    /// A call that was noted is at an hour at which people attend and the rules let us call (I12).
    func checkCall(of handoffID: String, since before: MemoryStore.Contents) {
        guard let handoff = store.handoff(id: handoffID), let call = handoff.call, call.state == .pending,
            call != before.handoffs[handoffID]?.call
        else { return }
        figures[.checkedCalls] += 1
        let zone = world.zone
        if !world.attended.contains(call.at, calendar: world.calendar, zone: zone) {
            violate("I12: the call of \(handoffID) is at \(call.at.iso(in: zone)), when nobody attends")
        }
        let standing = handoff.accountID.map { store.standing(accountID: $0) } ?? PersonStanding()
        if case .refused(let refusal) = company.conduct.mayContact(
            .requested, on: ContactChannel.voice.rawValue, history: ContactHistory(standing: standing), at: call.at,
            zone: zone, calendar: world.calendar)
        {
            violate("I12: the call of \(handoffID) is at \(call.at.iso(in: zone)): \(refusal.why) (\(refusal.rule.id))")
        }
    }

    /// Where the server looked after the desk and nothing failed, nobody waits for a call that is due outside the queue,
    /// nor for somebody who is gone (I5).
    func checkWaiting(_ handoffs: [Handoff], _ presences: [AgentPresence], now: Moment) {
        figures[.checkedWaiting] += 1
        let absent = Set(presences.filter { $0.state == .absent }.map(\.agent))
        for handoff in handoffs {
            if handoff.state == .scheduled, let call = handoff.call, call.state == .pending, call.at <= now {
                violate("I5: the call of \(handoff.id) is due and in no queue")
            }
            guard handoff.state == .claimed || handoff.state == .onHold, let agent = handoff.agent,
                absent.contains(agent)
            else { continue }
            let last = store.contents.transcripts[handoff.conversationID]?.last { entry in
                switch entry.speaker {
                case .customer, .agent: true
                case .bot, .note: false
                }
            }
            if case .customer = last?.speaker {
                violate("I5: \(handoff.id) waits for \(agent), who is gone")
            }
        }
    }
}
