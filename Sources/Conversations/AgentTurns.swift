import Conduct
import Dialog
import Quantities

extension TurnProcessor {
    /// One order of a human agent: `queued → claimed ⇄ onHold → returned / closed`.
    /// - Throws: ``AgentRefusal``.
    public func command(
        _ command: AgentCommand, by agent: String, handoffID: String, now: Moment, tx: any TurnTransaction
    ) throws -> Handoff {
        guard var handoff = try tx.handoff(id: handoffID),
            var conversation = try tx.conversation(id: handoff.conversationID)
        else { throw AgentRefusal.unknownHandoff }
        if handoff.state == .returned || handoff.state == .closed { throw AgentRefusal.wrongState(handoff.state) }
        // Undone with the turn where the order is refused.
        try tx.record(
            RecordedTurn(
                at: now, conversationID: conversation.id, accountID: conversation.accountID,
                .order(command, by: agent)))
        if case .claim = command {
            if let owner = handoff.agent, owner != agent { throw AgentRefusal.claimedBy(owner) }
            handoff.state = .claimed
            handoff.agent = agent
            change(&conversation, owner: .agent(agent))
        } else {
            guard let owner = handoff.agent else { throw AgentRefusal.notYours }
            if owner != agent { throw AgentRefusal.claimedBy(owner) }
        }
        switch command {
        case .claim: break
        case .reply(let text):
            if let found = world.conduct.forbiddenWording(in: text) {
                throw AgentRefusal.forbiddenWording(found.rule, words: found.words)
            }
            try tx.append(TranscriptEntry(at: now, speaker: .agent(agent), text: text), to: conversation.id)
            try tx.enqueue(
                OutboxMessage(
                    id: try tx.newID("m"), conversationID: conversation.id, contact: conversation.contact,
                    author: .agent(agent), epoch: conversation.epoch, message: BotMessage(text: text), createdAt: now))
            handoff.state = .claimed
        case .note(let text):
            try tx.append(TranscriptEntry(at: now, speaker: .note(agent), text: text), to: conversation.id)
        case .mark(let ceased, let vulnerable):
            try mark(ceased: ceased, vulnerable: vulnerable, by: agent, conversation, now, tx)
        case .hold:
            guard handoff.state == .claimed else { throw AgentRefusal.wrongState(handoff.state) }
            handoff.state = .onHold
        case .release:
            handoff.state = .queued
            handoff.agent = nil
            change(&conversation, owner: .queue)
        case .returnToBot(let note):
            if let note {
                try tx.append(TranscriptEntry(at: now, speaker: .note(agent), text: note), to: conversation.id)
            }
            handoff.state = .returned
            change(&conversation, owner: .bot)
            if let id = conversation.accountID, let account = try tx.account(id: id) {
                // Who was handed off goes on with the newest version.
                if let state = conversation.dialog, state.version != world.entry(for: id).version {
                    conversation.dialog?.ended = state.ended ?? "derivado"
                }
                let (dialog, state) = present(conversation)
                let result = dialog.step(state, .returned, facts: try facts(account, now, tx))
                _ = try apply(result, to: &conversation, account, answered: false, now, tx)
            }
        case .close(let note):
            if let note {
                try tx.append(TranscriptEntry(at: now, speaker: .note(agent), text: note), to: conversation.id)
            }
            handoff.state = .closed
            change(&conversation, owner: .bot)
            conversation.dialog?.ended = "cerrado"
        }
        handoff.changedAt = now
        try tx.save(handoff)
        try tx.save(conversation)
        try audit("handoff.\(Self.name(of: command))", [handoff.id, agent], conversation, now, tx)
        switch command {
        case .claim: try publish(.handoffClaimed, handoff, now, tx)
        case .returnToBot: try publish(.handoffReturned, handoff, now, tx)
        case .close: try publish(.handoffClosed, handoff, now, tx)
        case .reply, .note, .hold, .release, .mark: break
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
        }
    }
}
