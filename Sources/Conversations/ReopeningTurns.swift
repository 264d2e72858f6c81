import Dialog
import Quantities
import Understanding

/// Who writes again soon after a person closed their case is given back to people, and not greeted by the bot.
extension TurnProcessor {
    /// What a person closed and a message opens again.
    struct Reopening {
        let handoff: Handoff
        /// What the message says about how urgent it is now; nil where it says nothing of the kind.
        let urgency: (reason: String, priority: HandoffPriority)?
    }

    /// The hand-off of the conversation that was closed within ``World/reopenHours``, or waits for its call.
    func lastClosed(_ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction) throws -> Handoff? {
        guard let id = conversation.closedHandoff, let handoff = try tx.handoff(id: id),
            handoff.state == .scheduled || handoff.state == .closed && wasLeftLately(handoff, now)
        else { return nil }
        return handoff
    }

    private func wasLeftLately(_ handoff: Handoff, _ now: Moment) -> Bool {
        now < handoff.changedAt.adding(seconds: Int64(world.reopenHours) * 3600)
    }

    /// Whether a message opens a closed case again. Not where the bot has an answer that must not wait for anybody: to
    /// opting out (I6) and to distress, nor for thanks. On the phone nobody can be put through, and the bot goes on.
    func reopening(
        _ conversation: Conversation, by message: InboundMessage, _ now: Moment, _ tx: any TurnTransaction
    ) throws -> Reopening? {
        if case .humanEcho = message.content { return nil }
        guard conversation.owner == .bot, conversation.contact.channel != Self.calls,
            let handoff = try lastClosed(conversation, now, tx), wasLeftLately(handoff, now)
        else { return nil }
        let heard = understanding(of: message)
        if heard.isCourtesy || heard.has(.optOut) || heard.has(.distress) || heard.call != nil { return nil }
        return Reopening(handoff: handoff, urgency: urgency(of: heard))
    }

    /// Why a message is more urgent than that somebody is asked for; nil where it is not.
    func urgency(of heard: Understanding) -> (reason: String, priority: HandoffPriority)? {
        if heard.has(.threatenLegal) { return ("amenaza_legal", .legalThreat) }
        return heard.has(.complain) ? ("queja", .complaint) : nil
    }

    /// Opens the case again, and tells the customer.
    func reopen(
        _ reopening: Reopening, _ conversation: inout Conversation, _ message: InboundMessage, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws -> TurnReply {
        let handoff = reopening.handoff
        change(&conversation, owner: .queue)
        try reopen(
            handoff, &conversation, reason: reopening.urgency?.reason ?? handoff.reason,
            priority: reopening.urgency?.priority ?? handoff.priority, now, tx)
        try tx.cancelTimer(.idle, key: conversation.id)
        // A call that the bot noted was nobody's yet.
        let isKnown = (handoff.agent ?? handoff.formerAgent) != nil
        let (plain, timed): (Phrase, Phrase) =
            isKnown ? (.personAgain, .personAgainWhen) : (.toPerson, .toPersonWhen)
        let reply = BotMessage(text: world.opening(after: now).map { world.phrases(timed, $0) } ?? world.phrases(plain))
        let answered = world.answersInResponse.contains(message.contact.channel)
        let sent = try say(reply, conversation, answered: answered, now, tx)
        try audit("turn", ["vuelve a la cola"], conversation, now, tx)
        return TurnReply(
            duplicate: false, messages: [sent],
            trace: ["una persona cerró su caso hace menos de \(world.reopenHours) horas: vuelve a la cola"])
    }

    /// The same hand-off is queued again: as urgent as it was, or more; who had it is named.
    func reopen(
        _ closed: Handoff, _ conversation: inout Conversation, reason: String, priority: HandoffPriority,
        _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        var handoff = closed
        if priority > handoff.priority {
            handoff.priority = priority
            handoff.reason = reason
        }
        if conversation.contact.channel == Self.calls { try noteCall(in: &handoff, conversation, now, tx) }
        handoff.state = .queued
        handoff.formerAgent = closed.agent ?? closed.formerAgent
        handoff.agent = nil
        handoff.reopenedAt = now
        handoff.changedAt = now
        conversation.closedHandoff = nil
        try tx.save(handoff)
        try tellWhoAttends(conversation, now, tx)
        try audit(
            "handoff.reopened", [handoff.id, handoff.reason] + (handoff.formerAgent.map { [$0] } ?? []), conversation,
            now, tx)
        try publish(.handoffReopened, handoff, now, tx)
    }
}
