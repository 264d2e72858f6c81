import Conduct
import Conversations
import Ledger
import Negotiation
import Quantities
import Storage

/// What the company agreed to outside the database: the same turns lived in memory, in the order in which they were
/// committed, and what must hold of each.
final class Reference {
    let store: MemoryStore
    private let processor: TurnProcessor
    private let world: World
    /// Broken promises of the server, in words.
    private(set) var violations: [String] = []
    /// What the ERP was told is written.
    private var paid: [String: [String: Payment]] = [:]
    private var states: [String: String] = [:]

    init(_ company: Company) {
        world = company.world
        store = MemoryStore(accounts: company.cast.accounts)
        processor = TurnProcessor(world: company.world)
        for account in company.cast.accounts {
            for payment in account.payments { paid[account.id, default: [:]][payment.id] = payment }
        }
    }

    func violate(_ words: String) { violations.append(words) }

    // MARK: What was committed

    func receive(_ message: InboundMessage, now: Moment) {
        let before = store.contents
        let waited = store.conversation(for: message.contact)?.window?.parts ?? []
        do {
            let reply = try store.transaction { try processor.receive(message, now: now, tx: $0) }
            if reply.duplicate { return }
            let waiting = store.conversation(for: message.contact)?.window?.parts ?? []
            check((waited + [message]).filter { !waiting.contains($0) }, reply, before)
        } catch {
            violate("I1: the turn of \(message.messageID) fails: \(error)")
        }
    }

    func fire(_ timer: DueTimer, now: Moment) {
        // What waits is answered also where the clock was set back to before its moment.
        guard store.takeTimer(dueAt: max(now, timer.at), where: { $0 == timer }) != nil else { return }
        let before = store.contents
        do {
            let reply = try store.transaction { try processor.fire(timer, now: now, tx: $0) }
            if timer.kind == .quiet { check(before.conversations[timer.key]?.window?.parts ?? [], reply, before) }
        } catch {
            violate("the timer \(timer.kind) of \(timer.key) fails: \(error)")
        }
    }

    func receive(_ payments: [Payment], accountID: String, now: Moment) {
        for payment in payments { paid[accountID, default: [:]][payment.id] = payment }
        do {
            try store.transaction { try processor.importPayments(payments, accountID: accountID, now: now, tx: $0) }
        } catch {
            violate("a payment of \(accountID) fails: \(error)")
        }
    }

    func order(_ command: AgentCommand, by agent: String, handoffID: String, now: Moment) {
        // A refusal is a refusal there too.
        _ = try? store.transaction {
            try processor.command(command, by: agent, handoffID: handoffID, now: now, tx: $0)
        }
    }

    /// What is due, in the order in which the scheduler takes it.
    func dueTimers(now: Moment) -> [DueTimer] {
        let longest = QuietWindow.longest * world.quietWindow
        let sorted = store.contents.timers.sorted {
            ($0.at, $0.kind.rawValue, $0.key) < ($1.at, $1.kind.rawValue, $1.key)
        }
        let windows = sorted.filter { $0.kind == .quiet && ($0.at <= now || $0.at > now.adding(milliseconds: longest)) }
        return windows + sorted.filter { $0.kind != .quiet && $0.at <= now }
    }

    // MARK: What must hold of a turn

    /// - Parameter messages: those that the reply answers.
    private func check(_ messages: [InboundMessage], _ reply: TurnReply, _ before: MemoryStore.Contents) {
        guard let contact = messages.first?.contact, let conversation = store.conversation(for: contact) else { return }
        let heard = messages.compactMap { if case .text(let text) = $0.content { text } else { nil } }
        if conversation.dialog?.verified != true, reply.messages.contains(where: { $0.text.contains("$ ") }) {
            violate("I4: an amount is said in \(conversation.id) before anybody was verified")
        }
        if heard.contains(where: Sayings.human.contains), store.openHandoff(conversationID: conversation.id) == nil {
            violate("I5: \(conversation.id) asked for a person and is in no queue")
        }
        if heard.contains(where: Sayings.optOut.contains),
            let account = conversation.accountID.flatMap({ store.account(id: $0) }),
            store.accounts(document: account.document).contains(where: { !$0.optedOut })
        {
            violate("I6: \(conversation.id) opted out and an account of the person did not")
        }
        if let earlier = before.conversations[conversation.id], earlier.owner != .bot, !reply.messages.isEmpty {
            violate("I7: the bot answers in \(conversation.id), which a person attends")
        }
        for promise in store.contents.promises.values where before.promises[promise.id] == nil {
            let echoes = (before.transcripts[conversation.id] ?? []).filter { $0.speaker == .bot }.suffix(8)
            // Of a plan the usual instalment is said, and the last one takes what is left over.
            let figures = ([promise.amount, promise.offer.total] + promise.offer.instalments.map(\.amount)).map(
                \.formatted)
            if !messages.contains(where: { $0.messageID == promise.evidence.last }) {
                violate("I3: the promise \(promise.id) does not rest on the message that made it")
            } else if !echoes.contains(where: { echo in figures.contains { echo.text.contains($0) } }) {
                violate("I3: the promise \(promise.id) of \(promise.amount.formatted) was never echoed")
            }
            if promise.offer.policyVersion != world.policy.version {
                violate("I3: the promise \(promise.id) is outside the policy in force")
            }
        }
    }

    // MARK: What must hold of a message that leaves

    private var lastReply: [String: String] = [:]

    func leaves(_ message: OutboxMessage, isRepeated: Bool, at now: Moment) {
        if isRepeated { violate("I9: \(message.id) left twice, and nothing had failed in between") }
        guard let known = store.contents.outbox.first(where: { $0.id == message.id }), known == message else {
            return violate("I1: \(message.id) left, and no committed turn says it")
        }
        guard let conversation = store.conversation(id: message.conversationID) else { return }
        if message.author == .bot, message.epoch < conversation.epoch {
            violate("I7: the bot's \(message.id) left after \(conversation.id) changed hands")
        }
        if message.purpose != .proactive {
            if let last = lastReply[message.conversationID], message.id < last {
                violate("I9: \(message.id) left after \(last) of the same conversation")
            }
            lastReply[message.conversationID] = max(lastReply[message.conversationID] ?? "", message.id)
            return
        }
        if let account = conversation.accountID.flatMap({ store.account(id: $0) }), account.optedOut {
            violate("I6: \(message.id) speaks first to \(account.id), who opted out")
        }
        if case .refused(let refusal) = world.conduct.mayContact(
            .proactive, on: message.contact.channel, history: ContactHistory(channels: [message.contact.channel]),
            at: now, zone: world.zone, calendar: world.calendar)
        {
            violate("I12: \(message.id) speaks first at \(now.iso(in: world.zone)): \(refusal.why)")
        }
    }

    // MARK: What must hold of the database

    /// Compares the database with what was lived; two differences of a kind are one.
    func compare(_ found: StoreContents) {
        let known = store.contents
        if !found.damage.isEmpty { violate("the database is damaged: \(found.damage.joined(separator: "; "))") }
        for letter in found.deadLetters where letter.source != "outbox" {
            violate("I1: something was acknowledged and set aside: \(letter.source), \(letter.reason)")
        }
        for message in found.inbox.map(\.message) where store.conversation(for: message.contact) == nil {
            violate("I1: \(message.messageID) is in the inbox and was never delivered")
        }
        same("I10: messages to send", found.outbox.map(\.message), known.outbox) { $0.id }
        same("I10: promises", found.promises, known.promises.values.sorted { $0.id < $1.id }) { $0.id }
        same("I10: hand-offs", found.handoffs, known.handoffs.values.sorted { $0.id < $1.id }) { $0.id }
        same("I2: conversations", found.conversations, known.conversations.values.sorted { $0.id < $1.id }) { $0.id }
        same("I11: accounts", found.accounts, known.accounts.values.sorted { $0.id < $1.id }) { $0.id }
        same(
            "timers", found.timers,
            known.timers.sorted { ($0.at, $0.kind.rawValue, $0.key) < ($1.at, $1.kind.rawValue, $1.key) }
        ) { "\($0.kind) of \($0.key)" }
        same("I10: audit events", found.audit, known.audit) { $0.kind }
        for (id, lines) in known.transcripts {
            same("I2: lines of \(id)", found.transcripts[id] ?? [], lines) { $0.text }
        }
        if found.journal != known.recorded.count {
            violate("I10: \(found.journal) turns in the journal, \(known.recorded.count) lived")
        }
        for account in found.accounts {
            let expected = paid[account.id, default: [:]].values.filter { $0.reversedOn == nil }.reduce(0) {
                $0 + $1.amount.cents
            }
            let written = account.payments.filter { $0.reversedOn == nil }.reduce(0) { $0 + $1.amount.cents }
            if written != expected { violate("I11: \(account.id) paid \(expected) cents and \(written) are written") }
        }
        let order = ["pending": 0, "sent": 1, "delivered": 2, "read": 3]
        for entry in found.outbox {
            let id = entry.message.id
            if let before = states[id].flatMap({ order[$0] }), let after = order[entry.state], after < before {
                violate("I9: \(id) was \(states[id]!) and is \(entry.state)")
            }
            states[id] = entry.state
        }
    }

    private func same<Value: Hashable>(
        _ what: String, _ found: [Value], _ known: [Value], name: (Value) -> String
    ) {
        if found == known { return }
        let index = zip(found, known).enumerated().first { $1.0 != $1.1 }?.offset ?? min(found.count, known.count)
        func at(_ all: [Value]) -> String { index < all.count ? name(all[index]) : "none" }
        violate(
            "\(what) differ: \(found.count) in the database, \(known.count) lived; the first that differs is "
                + "\(at(found)) there, \(at(known)) here")
    }
}
