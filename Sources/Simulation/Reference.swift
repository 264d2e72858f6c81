import Campaigns
import Conduct
import Conversations
import Desk
import Dialog
import Ledger
import Negotiation
import Quantities
import Storage

/// What the company agreed to outside the database: the same turns lived in memory, in the order in which they were
/// committed, and what must hold of each.
final class Reference {
    let store: MemoryStore
    let company: Company
    /// As the server has it at this moment.
    var world: World
    /// Who attends, and how cases come to them.
    let roster: Roster
    /// When the server saw each agent last; it forgets where it starts again.
    var lastSeen: [String: Moment] = [:]
    /// Files that were imported.
    var imports = 0
    /// Rows of the audit log whose text is gone with whom it was about.
    var erasedAudit: Set<Int> = []
    var processor: TurnProcessor { TurnProcessor(world: world) }
    /// Broken promises of the server, in words.
    private(set) var violations: [String] = []
    /// What was looked at.
    var figures = Figures()
    /// What the ERP was told is written.
    private var paid: [String: [String: Payment]] = [:]
    private var states: [String: String] = [:]
    /// Messages in which we spoke first and that gateways took, by person.
    var contacts: [String: [Contact]] = [:]
    var lastReply: [String: String] = [:]
    /// Messages in which we speak first that a gateway took at least once.
    var sentFirst: Set<String> = []

    init(_ company: Company, roster: Roster) {
        self.company = company
        self.roster = roster
        world = company.world
        store = MemoryStore(accounts: company.cast.accounts)
        for account in company.cast.accounts {
            for payment in account.payments { paid[account.id, default: [:]][payment.id] = payment }
        }
    }

    func violate(_ words: String) { violations.append(words) }

    // MARK: What was committed

    /// - Returns: what is answered, also to a message that was there before; nil where the turn fails.
    func receive(_ message: InboundMessage, now: Moment) -> [BotMessage]? {
        let before = store.contents
        let waited = store.conversation(for: message.contact)?.window?.parts ?? []
        do {
            let reply = try store.transaction { try processor.receive(message, now: now, tx: $0) }
            if !reply.duplicate {
                let waiting = store.conversation(for: message.contact)?.window?.parts ?? []
                check((waited + [message]).filter { !waiting.contains($0) }, reply, since: before, now)
            }
            return reply.messages
        } catch {
            violate("I1: the turn of \(message.messageID) fails: \(error)")
            return nil
        }
    }

    func fire(_ timer: DueTimer, now: Moment) {
        let before = store.contents
        // What waits is answered also where the clock was set back to before its moment.
        guard store.takeTimer(dueAt: max(now, timer.at), where: { $0 == timer }) != nil else { return }
        figures[.timers] += 1
        if timer.kind == .callBack { figures[.callsDue] += 1 }
        do {
            let reply = try store.transaction { try processor.fire(timer, now: now, tx: $0) }
            if timer.kind == .quiet {
                check(before.conversations[timer.key]?.window?.parts ?? [], reply, since: before, now)
            } else {
                checkSaid(since: before, now)
            }
        } catch {
            violate("the timer \(timer.kind) of \(timer.key) fails: \(error)")
        }
    }

    func forgetPayments(of accountID: String) { paid[accountID] = nil }
    func pays(_ payment: Payment, accountID: String) { paid[accountID, default: [:]][payment.id] = payment }

    func receive(_ payment: Payment, accountID: String, now: Moment) {
        pays(payment, accountID: accountID)
        attempt("the payment \(payment.id) of \(accountID)", since: store.contents, now) {
            try processor.importPayments([payment], accountID: accountID, now: now, tx: $0)
        }
    }

    func order(_ order: AgentCommand, by agent: Cast.Agent, handoffID: String, now: Moment) {
        let before = store.contents
        do {
            _ = try store.transaction {
                try processor.command(
                    order, by: agent.name, supervising: agent.isManager, capacities: roster.capacities,
                    handoffID: handoffID, now: now, tx: $0)
            }
            checkSaid(since: before, now)
            checkCall(of: handoffID, since: before)
            count(order)
        } catch {
            // A refusal is a refusal there too.
            figures[.refusedOrders] += 1
        }
    }

    private func count(_ order: AgentCommand) {
        switch order {
        case .schedule: figures[.calls] += 1
        case .called: figures[.called] += 1
        case .transfer: figures[.transfers] += 1
        default: break
        }
    }

    func receive(_ order: PageOrder, accountID: String, now: Moment) {
        attempt("the order \(order) of \(accountID)'s page", since: store.contents, now) {
            try processor.receive(order, accountID: accountID, now: now, tx: $0)
        }
    }

    func begin(_ campaign: Campaign) { store.save(campaign) }

    func run(_ campaign: Campaign, now: Moment) {
        attempt("the campaign \(campaign.name)", since: store.contents, now) { tx in
            for id in tx.contents.accounts.keys.sorted() {
                _ = try processor.advance(campaign, accountID: id, now: now, tx: tx)
            }
        }
    }

    /// A gateway gave a message up.
    func fails(_ messageID: String, reason: String, now: Moment) {
        guard let message = store.contents.outbox.first(where: { $0.id == messageID }) else { return }
        attempt("the failure of \(messageID)", since: store.contents, now) {
            let optsOut = ["code 21610", "code 131050"].contains(where: reason.contains)
            try processor.deliveryFailed(message, reason: reason, optsOut: optsOut, now: now, tx: $0)
        }
    }

    /// A message in which we speak first left on a later day than it was counted for.
    func counts(_ message: OutboxMessage, from earlier: Moment, at moment: Moment) {
        guard let accountID = store.conversation(id: message.conversationID)?.accountID else { return }
        store.moveProactive(accountID: accountID, channel: message.contact.channel, from: earlier, to: moment)
    }

    func attempt(
        _ what: String, since before: MemoryStore.Contents, _ now: Moment, _ body: (MemoryStore) throws -> Void
    ) {
        do {
            try store.transaction { try body($0) }
            checkSaid(since: before, now)
        } catch {
            violate("\(what) fails: \(error)")
        }
    }

    /// In the order in which they come due.
    var timers: [DueTimer] {
        store.contents.timers.sorted { ($0.at, $0.kind.rawValue, $0.key) < ($1.at, $1.kind.rawValue, $1.key) }
    }

    /// What is due, in the order in which the scheduler takes it.
    func dueTimers(now: Moment) -> [DueTimer] {
        let longest = QuietWindow.longest * world.quietWindow
        let sorted = timers
        let windows = sorted.filter { $0.kind == .quiet && ($0.at <= now || $0.at > now.adding(milliseconds: longest)) }
        return windows + sorted.filter { $0.kind != .quiet && $0.at <= now }
    }

    // MARK: What must hold of the database

    /// Compares the database with what was lived; two differences of a kind are one.
    func compare(_ found: StoreContents, now: Moment) {
        figures[.comparisons] += 1
        let known = store.contents
        for letter in found.deadLetters where letter.source != "outbox" {
            violate("I1: something was acknowledged and set aside: \(letter.source), \(letter.reason)")
        }
        for message in found.inbox.map(\.message) where store.conversation(for: message.contact) == nil {
            // Who moves before a first message has no conversation to take along.
            if case .moved = message.content { continue }
            violate("I1: \(message.messageID) is in the inbox and was never delivered")
        }
        // What was sent again as a template is another message only in its form.
        let resent = Dictionary(uniqueKeysWithValues: known.outbox.map { ($0.id, $0.form) })
        let leaving = found.outbox.map { entry in
            var message = entry.message
            if case .template = message.form, resent[message.id] == .some(nil) { message.form = nil }
            return message
        }
        same("I10: messages to send", leaving, known.outbox) { $0.id }
        same("I10: promises", found.promises, known.promises.values.sorted { $0.id < $1.id }) { $0.id }
        same("I10: hand-offs", found.handoffs, known.handoffs.values.sorted { $0.id < $1.id }) { $0.id }
        same("presences", found.presences, presences) { $0.agent }
        same("I2: conversations", found.conversations, known.conversations.values.sorted { $0.id < $1.id }) { $0.id }
        same("I11: accounts", found.accounts, known.accounts.values.sorted { $0.id < $1.id }) { $0.id }
        same("campaigns", found.campaigns, known.campaigns.values.sorted { $0.name < $1.name }) { $0.name }
        same(
            "I10: enrolments", found.enrolments,
            known.enrolments.values.sorted { ($0.campaign, $0.accountID) < ($1.campaign, $1.accountID) }
        ) { "\($0.accountID) in \($0.campaign)" }
        same(
            "I12: what people asked of us", found.standings.sorted { $0.key < $1.key }.map(\.value),
            known.standings.sorted { $0.key < $1.key }.map(\.value)
        ) { "\($0)" }
        same("timers", found.timers, timers) { "\($0.kind) of \($0.key)" }
        let audit = known.audit.enumerated().map { erasedAudit.contains($0.offset) ? nil : $0.element }
        same("I10: audit events", found.audit, audit) { $0?.kind ?? "an erased one" }
        same(
            "requests about personal data", found.personRequests, known.personRequests.values.sorted { $0.id < $1.id }
        ) { $0.id }
        for (id, lines) in known.transcripts {
            same("I2: lines of \(id)", found.transcripts[id] ?? [], lines) { $0.text }
        }
        if found.journal != known.recorded.count {
            violate("I10: \(found.journal) turns in the journal, \(known.recorded.count) lived")
        }
        if found.imports != imports { violate("\(found.imports) files are imported, \(imports) were") }
        for account in found.accounts { checkBalance(of: account, on: now.day(in: world.zone)) }
        let order = ["pending": 0, "sent": 1, "delivered": 2, "read": 3]
        for entry in found.outbox {
            let id = entry.message.id
            if let before = states[id].flatMap({ order[$0] }), let after = order[entry.state], after < before,
                entry.message.form == nil
            {
                violate("I9: \(id) was \(states[id]!) and is \(entry.state)")
            }
            states[id] = entry.state
        }
    }

    private func checkBalance(of account: Account, on today: Day) {
        figures[.checkedBalances] += 1
        let expected = paid[account.id, default: [:]].values.filter { $0.reversedOn == nil }.reduce(0) {
            $0 + $1.amount.cents
        }
        let written = account.payments.filter { $0.reversedOn == nil }.reduce(0) { $0 + $1.amount.cents }
        if written != expected { violate("I11: \(account.id) paid \(expected) cents and \(written) are written") }
        let balance = account.balance(on: today, indices: world.indices)
        if !balance.holds {
            violate("I11: \(account.id)'s money does not balance on \(today.iso): \(balance)")
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
