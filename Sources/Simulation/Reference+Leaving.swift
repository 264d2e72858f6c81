import Conduct
import Conversations
import Quantities

/// What must hold of a message that leaves.
extension Reference {
    func leaves(_ message: OutboxMessage, read: Reading?, isRepeated: Bool, at now: Moment) {
        if isRepeated { violate("I9: \(message.id) left twice, and nothing had failed in between") }
        guard var known = store.contents.outbox.first(where: { $0.id == message.id }) else {
            return violate("I1: \(message.id) left, and no committed turn says it")
        }
        if known.form == nil, case .template = message.form { known.form = message.form }
        if known != message { return violate("I1: \(message.id) left otherwise than the committed turn says it") }
        guard let read else { return violate("I9: no gateway understands \(message.id)") }
        if let difference = read.difference(from: message) { violate("I9: \(message.id): \(difference)") }
        guard let conversation = store.conversation(id: message.conversationID) else { return }
        if message.author == .bot, message.epoch < conversation.epoch {
            violate("I7: the bot's \(message.id) left after \(conversation.id) changed hands")
        }
        guard let purpose = message.purpose, purpose != .reply else {
            if let last = lastReply[message.conversationID], message.id < last {
                violate("I9: \(message.id) left after \(last) of the same conversation")
            }
            lastReply[message.conversationID] = max(lastReply[message.conversationID] ?? "", message.id)
            return
        }
        figures[.proactive] += 1
        checkContact(message, purpose, in: conversation, at: now)
    }

    /// Nobody is spoken to first outside hours, days and caps, nor who asked not to be (I6, I12).
    private func checkContact(
        _ message: OutboxMessage, _ purpose: ContactPurpose, in conversation: Conversation, at now: Moment
    ) {
        guard let account = conversation.accountID.flatMap({ store.account(id: $0) }) else { return }
        let person = account.personKey
        let isAgain = sentFirst.contains(message.id)
        sentFirst.insert(message.id)
        if isAgain { return }
        let accounts = account.document.isEmpty ? [account] : store.accounts(document: account.document)
        if accounts.contains(where: \.optedOut) {
            violate("I6: \(message.id) speaks first to \(account.id), who opted out")
        }
        figures[.checkedContacts] += 1
        let history = ContactHistory(
            wrongNumber: conversation.wrongNumber, standing: store.standing(accountID: account.id),
            proactive: contacts[person] ?? [], channels: [message.contact.channel])
        if case .refused(let refusal) = company.conduct.mayContact(
            purpose, on: message.contact.channel, history: history, at: now, zone: world.zone, calendar: world.calendar)
        {
            violate(
                "I12: \(message.id) speaks first at \(now.iso(in: world.zone)): \(refusal.why) (\(refusal.rule.id))")
        }
        if purpose == .nudge { return }
        contacts[person, default: []].append(Contact(at: now, channel: message.contact.channel))
    }
}
