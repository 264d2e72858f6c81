import Conduct
import Dialog
import Negotiation
import Quantities

extension TurnProcessor {
    /// One order of a human agent: `queued → claimed ⇄ onHold → returned / closed`.
    /// - Parameters:
    ///   - supervising: the agent may act on the cases of others, claim and give them, also beyond what somebody can attend.
    ///   - capacities: how many cases at once each agent can attend; who is not there, any number.
    ///   - epoch: the conversation's when the order was begun; nil where it does not matter.
    /// - Throws: ``AgentRefusal``.
    public func command(
        _ command: AgentCommand, by agent: String, supervising: Bool = false, capacities: [String: Int] = [:],
        epoch: Int? = nil, handoffID: String, now: Moment, tx: any TurnTransaction
    ) throws -> Handoff {
        guard var handoff = try tx.handoff(id: handoffID),
            var conversation = try tx.conversation(id: handoff.conversationID)
        else { throw AgentRefusal.unknownHandoff }
        if handoff.state == .returned || handoff.state == .closed { throw AgentRefusal.wrongState(handoff.state) }
        if let epoch, epoch != conversation.epoch { throw AgentRefusal.stale(owner: handoff.agent) }
        // Undone with the turn where the order is refused.
        try tx.record(
            RecordedTurn(
                at: now, conversationID: conversation.id, accountID: conversation.accountID,
                .order(command, by: agent)))
        if case .claim = command {
            if let owner = handoff.agent, owner != agent, !supervising { throw AgentRefusal.claimedBy(owner) }
            if !supervising { try admit(handoff, to: agent, capacities: capacities, tx) }
            try give(&handoff, to: agent, &conversation, now, tx)
        } else if case .assign(let other) = command {
            guard handoff.state == .queued else { throw AgentRefusal.wrongState(handoff.state) }
            try admit(handoff, to: other, capacities: capacities, tx)
            try give(&handoff, to: other, &conversation, now, tx)
        } else if case .transfer = command, supervising, handoff.state == .queued {
            // Who supervises gives waiting cases too.
        } else {
            guard let owner = handoff.agent else { throw AgentRefusal.notYours }
            if owner != agent, !supervising { throw AgentRefusal.claimedBy(owner) }
        }
        var detail: [String] = []
        switch command {
        case .claim: break
        case .assign(let other): detail = [other]
        case .schedule(let moment, let phone, let about):
            try schedule(
                CallBack(at: moment, phone: phone, about: about, notedBy: agent), by: agent, &handoff, &conversation,
                now, tx)
            detail = [moment.iso(in: world.zone)]
        case .called(let reached, let next):
            try called(reached: reached, next: next, by: agent, &handoff, &conversation, now, tx)
            detail = [reached ? "atendió" : "no atendió"]
        case .cancelCall: try cancelCall(by: agent, &handoff, conversation, now, tx)
        case .reply(let text):
            if conversation.contact.channel == Self.calls { throw AgentRefusal.onThePhone }
            if let found = world.conduct.forbiddenWording(in: text) {
                throw AgentRefusal.forbiddenWording(found.rule, words: found.words)
            }
            try write(text, as: agent, conversation, now, tx)
            handoff.state = .claimed
        case .note(let text):
            try tx.append(TranscriptEntry(at: now, speaker: .note(agent), text: text), to: conversation.id)
        case .mark(let ceased, let vulnerable):
            try mark(ceased: ceased, vulnerable: vulnerable, by: agent, conversation, now, tx)
        case .hold:
            guard handoff.state == .claimed else { throw AgentRefusal.wrongState(handoff.state) }
            handoff.state = .onHold
        case .transfer(let other):
            if !supervising { try admit(handoff, to: other, capacities: capacities, tx) }
            try give(&handoff, to: other, &conversation, now, tx)
            detail = [other]
        case .agree(let agreement):
            try agree(agreement, by: agent, conversation, now, tx)
            handoff.state = .claimed
        case .release:
            handoff.state = .queued
            handoff.agent = nil
            change(&conversation, owner: .queue)
        case .abandon:
            detail = ["el asesor se ausentó"]
            try tx.append(
                TranscriptEntry(
                    at: now, speaker: .note("bot"), text: "\(agent) se ausentó: el caso volvió a su lugar en la cola."),
                to: conversation.id)
            handoff.state = .queued
            handoff.agent = nil
            handoff.absentAgent = agent
            change(&conversation, owner: .queue)
        case .returnToBot(let note):
            if handoff.call?.state == .pending { throw AgentRefusal.callPending }
            if let note {
                try tx.append(TranscriptEntry(at: now, speaker: .note(agent), text: note), to: conversation.id)
            }
            handoff.state = .returned
            change(&conversation, owner: .bot)
            // On the phone each call begins anew, and nothing is said outside of one.
            if conversation.contact.channel != Self.calls, let id = conversation.accountID,
                let account = try tx.account(id: id)
            {
                // Who was handed off goes on with the newest version.
                if let state = conversation.dialog, state.version != world.entry(for: id).version {
                    conversation.dialog?.ended = state.ended ?? "derivado"
                }
                let (dialog, state) = present(conversation)
                let result = dialog.step(state, .returned, facts: try facts(account, now, tx))
                _ = try apply(result, to: &conversation, account, answered: false, now, tx)
            }
        case .close(let note):
            if let call = handoff.call, call.state == .pending, call.at <= now { throw AgentRefusal.callPending }
            if let note {
                try tx.append(TranscriptEntry(at: now, speaker: .note(agent), text: note), to: conversation.id)
            }
            handoff.state = .closed
            change(&conversation, owner: .bot)
            conversation.dialog?.ended = "cerrado"
            conversation.closedHandoff = handoff.id
            if handoff.call?.state == .pending { try putOff(&handoff, &conversation, tx) }
        }
        handoff.changedAt = now
        try tx.save(handoff)
        try tx.save(conversation)
        if conversation.owner == .bot { try tellWhoAttends(conversation, now, tx) }
        try audit("handoff.\(Self.name(of: command))", [handoff.id, agent] + detail, conversation, now, tx)
        switch command {
        case .claim, .transfer, .assign: try publish(.handoffClaimed, handoff, now, tx)
        case .returnToBot: try publish(.handoffReturned, handoff, now, tx)
        case .close:
            try publish(handoff.state == .scheduled ? .handoffScheduled : .handoffClosed, handoff, now, tx)
        case .schedule: try publish(.handoffScheduled, handoff, now, tx)
        case .called: try publish(.handoffCalled, handoff, now, tx)
        case .release, .abandon: try publish(.handoffReleased, handoff, now, tx)
        case .reply, .note, .hold, .mark, .agree, .cancelCall: break
        }
        return handoff
    }

    private static func name(of command: AgentCommand) -> String {
        switch command {
        case .claim: "claimed"
        case .reply: "replied"
        case .note: "noted"
        case .hold: "held"
        case .release: "released"
        case .returnToBot: "returned"
        case .close: "closed"
        case .mark: "marked"
        case .transfer: "transferred"
        case .agree: "agreed"
        case .assign: "assigned"
        case .abandon: "abandoned"
        case .schedule: "scheduled"
        case .called: "called"
        case .cancelCall: "call_cancelled"
        }
    }

    /// The case is somebody's from now on.
    private func give(
        _ handoff: inout Handoff, to agent: String, _ conversation: inout Conversation, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws {
        // A call that came due leaves the conversation with the bot until somebody takes it.
        let wasWithBot = conversation.owner == .bot
        if handoff.agent != agent { try gotCase(agent, now, tx) }
        handoff.state = .claimed
        handoff.agent = agent
        handoff.absentAgent = nil
        change(&conversation, owner: .agent(agent))
        if conversation.closedHandoff == handoff.id { conversation.closedHandoff = nil }
        if wasWithBot { try tellWhoAttends(conversation, now, tx) }
    }

    /// A message of a person to the customer.
    func write(
        _ text: String, as agent: String, _ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        try tx.append(TranscriptEntry(at: now, speaker: .agent(agent), text: text), to: conversation.id)
        try tx.enqueue(
            OutboxMessage(
                id: try tx.newID("m"), conversationID: conversation.id, contact: conversation.contact,
                author: .agent(agent), epoch: conversation.epoch, message: BotMessage(text: text), createdAt: now,
                form: conversation.answerForm(nil)))
    }

    /// Records what was agreed, within what the policy lets a person grant, and confirms it in writing with how to pay;
    /// who called is told on the phone.
    private func agree(
        _ agreement: Agreement, by agent: String, _ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        guard let account = try conversation.accountID.flatMap({ try tx.account(id: $0) }) else {
            throw AgentRefusal.beyondPolicy(why: "La conversación no es de ninguna cuenta.")
        }
        let today = now.day(in: world.zone)
        let bargain = world.bargain(account, promises: try tx.promises(accountID: account.id), on: today)
        let offer: Offer
        switch bargain.agreed(agreement) {
        case .admissible(let admissible): offer = admissible
        case .counter(let nearest, let why):
            throw AgentRefusal.beyondPolicy(why: "\(why) Lo más cercano: \(nearest.summary(asOf: today)).")
        case .needsHuman(let why): throw AgentRefusal.beyondPolicy(why: why)
        }
        try record(offer, ["agente \(agent)"], account, conversation, now, tx)
        let first = offer.instalments.first?.amount ?? offer.total
        let text = world.phrases(
            .agreedWithPerson, offer.summary(asOf: today, in: world.phrases), howToPay(account, first))
        guard conversation.contact.channel == Self.calls else {
            return try write(text, as: agent, conversation, now, tx)
        }
        try tx.append(
            TranscriptEntry(at: now, speaker: .note(agent), text: "Para decirle en el llamado: \(text)"),
            to: conversation.id)
    }
}

extension Bargain {
    /// Whether the policy lets a person agree to this today.
    public func agreed(_ agreement: Agreement) -> Verdict {
        switch agreement {
        case .proposal(let proposal): judge(proposal, asAdviser: true)
        case .offer(let id):
            adviserOffers().first { $0.id == id }.map { .admissible($0) }
                ?? .needsHuman(why: "Esa oferta ya no está; mirá las de hoy.")
        }
    }
}
