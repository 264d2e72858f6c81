import Campaigns
import Dialog
import Quantities

/// What gateways tell about a conversation besides messages; nothing is said to the customer.
extension TurnProcessor {
    /// The channel of phone calls.
    public static let calls = ContactChannel.voice.rawValue

    /// The person has another number now. The old one may be somebody else's: nothing more is sent there on our own
    /// initiative. At the new one the account is known, and whoever answers is verified again (I4), as is whoever writes
    /// from the old one, or from the same one on another telephone: the conversation begins anew.
    func move(_ contact: ContactKey, to address: String, _ now: Moment, _ tx: any TurnTransaction) throws -> TurnReply {
        let silent = TurnReply(duplicate: false, messages: [], trace: ["cambió de número: hay que verificar de nuevo"])
        guard var old = try tx.conversation(for: contact) else { return silent }
        // Whoever writes from there begins anew, and not in the middle of what was negotiated.
        old.dialog = nil
        try tx.cancelTimer(.idle, key: old.id)
        guard address != contact.address else {
            try tx.save(old)
            try audit("contact.other_telephone", [], old, now, tx)
            return silent
        }
        old.wrongNumber = true
        try tx.save(old)
        try audit("contact.moved", [], old, now, tx)
        try publish(.contactWrongNumber, old, now, tx)
        var key = contact
        key.address = address
        guard try tx.conversation(for: key) == nil else { return silent }
        let new = Conversation(id: try tx.newID("c"), contact: key, accountID: old.accountID)
        try tx.save(new)
        try audit("contact.moved_here", [old.id], new, now, tx)
        return silent
    }

    /// A person opened the conversation in the gateway's app: it is in the queue until they give it back (I7).
    func attend(_ contact: ContactKey, _ now: Moment, _ tx: any TurnTransaction) throws -> TurnReply {
        let silent = TurnReply(duplicate: false, messages: [], trace: ["la atienden personas en el gateway"])
        guard var conversation = try tx.conversation(for: contact), conversation.owner == .bot else { return silent }
        try queue(&conversation, reason: "persona_en_gateway", priority: .limitReached, now, tx)
        // What waits is theirs to answer.
        try closeWindow(&conversation, now, tx)
        try tx.cancelTimer(.idle, key: conversation.id)
        try tx.save(conversation)
        return silent
    }

    /// A person gave the conversation back in the gateway's app.
    func giveBack(_ contact: ContactKey, _ now: Moment, _ tx: any TurnTransaction) throws -> TurnReply {
        let silent = TurnReply(duplicate: false, messages: [], trace: ["la conversación vuelve al bot"])
        guard var conversation = try tx.conversation(for: contact), conversation.owner != .bot else { return silent }
        change(&conversation, owner: .bot)
        if var handoff = try tx.openHandoff(conversationID: conversation.id) {
            handoff.state = .returned
            if handoff.call?.state == .pending { try putOff(&handoff, &conversation, tx) }
            handoff.changedAt = now
            try tx.save(handoff)
            try publish(.handoffReturned, handoff, now, tx)
        }
        try tx.save(conversation)
        try audit("owner.bot", ["la devolvieron desde el gateway"], conversation, now, tx)
        return silent
    }

    /// Tells a gateway with an inbox of its own who attends from here on.
    func tellWhoAttends(_ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction) throws {
        guard world.sharedInboxes.contains(conversation.contact.channel) else { return }
        try tx.enqueue(
            OutboxMessage(
                id: try tx.newID("m"), conversationID: conversation.id, contact: conversation.contact, author: .bot,
                epoch: conversation.epoch, message: BotMessage(text: ""), createdAt: now,
                form: .attended(byPeople: conversation.owner != .bot)))
    }
}
