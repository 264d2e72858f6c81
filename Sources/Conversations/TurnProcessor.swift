import Campaigns
import Conduct
import Dialog
import Ledger
import Negotiation
import Quantities
import Understanding

/// The rules of a turn: pure apart from the transaction it is given. Writes inbox, state, transcript, promise,
/// handoff, timers, outbox and audit through `tx`; the caller commits.
public struct TurnProcessor: Sendable {
    public var world: World
    /// Whether replies tell why, in words.
    let traces: Bool

    public init(world: World, traces: Bool = true) {
        self.world = world
        self.traces = traces
    }

    // MARK: Customer

    /// One message of a gateway: registered, understood, answered. A message that was processed before gets the stored
    /// reply and changes nothing.
    /// - Parameter waits: whether it waits for what comes after it, as it is known to have done; nil where the world's
    ///   ``World/quietWindow`` decides.
    public func receive(
        _ message: InboundMessage, waits: Bool? = nil, now: Moment, tx: any TurnTransaction
    ) throws -> TurnReply {
        var message = message
        // A gateway's clock may be ahead of ours; nobody writes in the future.
        message.writtenAt = min(message.writtenAt, now)
        if case .duplicate(let reply) = try tx.claimInbox(message, receivedAt: now) {
            return TurnReply(
                duplicate: true, messages: reply, trace: ["mensaje repetido: se devuelve lo que ya se contestó"])
        }
        switch message.content {
        case .moved(let address):
            // What waits is answered to a number that is not theirs any more (I4).
            let moved = try move(message.contact, to: address, now, tx)
            return try closeWindow(of: message.contact, now: now, tx: tx).after(moved)
        case .attended: return try attend(message.contact, now, tx)
        case .givenBack: return try giveBack(message.contact, now, tx)
        case .text, .tap, .media, .humanEcho, .opened: break
        }
        var conversation = try tx.conversation(for: message.contact) ?? newConversation(message.contact, tx)
        let place = waits.map { $0 ? .joins : .alone } ?? place(of: message, in: conversation)
        var earlier = TurnReply(duplicate: false, messages: [], trace: [])
        if place == .alone || place == .opens, !message.isEcho { earlier = try closeWindow(&conversation, now, tx) }
        if conversation.accountID == nil { conversation.accountID = try account(of: message, tx)?.id }
        if let referral = message.referral { try audit("referral", [referral], conversation, now, tx) }
        // A caller may be anybody who has the phone at hand: each call begins anew, and unverified (I4).
        if message.contact.channel == Self.calls, message.content == .opened { conversation.dialog = nil }
        conversation.turns += 1
        if !message.isEcho { conversation.lastHeardAt = now }
        if let thread = message.mail { conversation.mail = thread }
        guard place != .alone, conversation.owner == .bot else {
            return try turn(message, .message(message), &conversation, now, tx).after(earlier)
        }
        try hold(message, &conversation, now, tx)
        if place == .completes { return try closeWindow(&conversation, now, tx) }
        return TurnReply(duplicate: false, messages: [], trace: ["espera por si escribe algo más"]).after(earlier)
    }

    /// Writes down what a turn begins with.
    /// - Returns: the agency that has the account, and what the message opens again.
    func record(
        _ input: RecordedTurn.Input, _ message: InboundMessage, _ conversation: Conversation, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws -> (agency: String?, reopening: Reopening?) {
        let agency = try conversation.accountID.flatMap { try tx.assignment(accountID: $0) }
            .flatMap { $0.ended == nil ? $0.agency : nil }
        let reopening = try agency == nil ? reopening(conversation, by: message, now, tx) : nil
        let isAnswered =
            conversation.owner == .bot && conversation.accountID != nil && agency == nil && reopening == nil
        try tx.record(
            RecordedTurn(
                at: now, conversationID: conversation.id, accountID: conversation.accountID, input,
                dialogVersion: isAnswered ? present(conversation).0.version : nil, agency: agency))
        return (agency, reopening)
    }

    /// One message, or all that waited, understood and answered.
    func turn(
        _ message: InboundMessage, _ input: RecordedTurn.Input, _ conversation: inout Conversation, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws -> TurnReply {
        let (agency, reopening) = try record(input, message, conversation, now, tx)
        if case .message = input { try append(message, to: conversation, now, tx) }

        if message.isEcho {
            if case .agent = conversation.owner {
            } else {
                // In the queue too, so that somebody can give it back to the bot.
                try queue(&conversation, reason: "persona_en_gateway", priority: .limitReached, now, tx)
                change(&conversation, owner: .agent("gateway"))
            }
            // What waits was answered by a person.
            try closeWindow(&conversation, now, tx)
            try tx.cancelTimer(.idle, key: conversation.id)
            try tx.save(conversation)
            if let found = world.conduct.forbiddenWording(in: message.text) {
                try audit("conduct.forbidden_wording", [found.rule.id], conversation, now, tx)
            }
            try audit("owner.agent", ["una persona escribió desde el gateway"], conversation, now, tx)
            return TurnReply(duplicate: false, messages: [], trace: ["habló una persona: el bot se calla"])
        }
        let isClear = message.hint != .misheard
        let wish = isClear ? try noteOwnHours(in: message, conversation, now, tx) : nil
        let asked = isClear ? try noteDataRight(in: message, conversation, now, tx) : nil
        guard conversation.owner == .bot else {
            // Opting out counts whoever attends (I6), and so does distress.
            let heard = understanding(of: message)
            if wish == nil, asked?.right != .erasure, heard.has(.optOut) { try optOut(conversation, now, tx) }
            if heard.has(.distress) { try mark(\.vulnerable, "se lo oyó angustiado", conversation, now, tx) }
            try tx.save(conversation)
            try audit("turn", ["atiende una persona"], conversation, now, tx)
            return TurnReply(duplicate: false, messages: [], trace: ["atiende una persona: el bot no contesta"])
        }
        var reply: TurnReply
        if let asked, let noted = try answer(asked, to: message, &conversation, now, tx) {
            reply = noted
        } else if let wish {
            reply = try answer(wish, to: message, &conversation, now, tx)
        } else if let reopening {
            reply = try reopen(reopening, &conversation, message, now, tx)
        } else if agency != nil {
            reply = try assignedTurn(&conversation, message, now, tx)
        } else if let id = conversation.accountID, let account = try tx.account(id: id) {
            reply = try dialogTurn(&conversation, account, message, now, tx)
        } else {
            reply = try strangerTurn(&conversation, message, now, tx)
        }
        reply.joined = max(0, (message.parts?.count ?? 0) - 1)
        try tx.save(conversation)
        try tx.storeReply(reply.messages, to: message)
        return reply
    }

    func dialogTurn(
        _ conversation: inout Conversation, _ account: Account, _ message: InboundMessage, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws -> TurnReply {
        var (dialog, state) = present(conversation)
        if state.turnsHeard == 0 || state.ended != nil {
            state.ladder = try reachedLadder(account, conversation, now, tx) ?? state.ladder
        }
        let question = dialog.question(in: state)
        func understanding(_ text: String) -> Understanding {
            self.understanding(of: message, text, asked: question)
        }
        let event: DialogEvent
        switch message.content {
        case .text(let text):
            let heard = understanding(text)
            if let reply = try answerCallRequest(in: heard, of: message, &conversation, now, tx) { return reply }
            event = .heard(heard, messageID: message.messageID)
        case .tap(let id, let title):
            event = .tapped(id: id, understanding: understanding(title), messageID: message.messageID)
        case .opened: event = .heard(understanding("hola"), messageID: message.messageID)
        case .media, .humanEcho, .moved, .attended, .givenBack: event = .media(messageID: message.messageID)
        }
        let facts = try facts(account, now, tx)
        var result = dialog.step(state, event, facts: facts, traces: traces)
        if let parts = message.parts { result.cite(parts, for: message.messageID) }
        let answered = world.answersInResponse.contains(message.contact.channel)
        let messages = try apply(result, to: &conversation, account, answered: answered, now, tx)
        return TurnReply(duplicate: false, messages: messages, trace: result.trace, passages: result.passages)
    }

    /// Somebody whose number has no account: nothing about any debt; a person where they ask for one.
    private func strangerTurn(
        _ conversation: inout Conversation, _ message: InboundMessage, _ now: Moment, _ tx: any TurnTransaction
    ) throws -> TurnReply {
        let heard = understanding(of: message)
        if let reply = try answerCallRequest(in: heard, of: message, &conversation, now, tx) { return reply }
        let wantsHuman = [Intent.askHuman, .complain, .threatenLegal, .distress, .fraudSuspicion].contains {
            heard.has($0)
        }
        let reply: String
        if wantsHuman {
            try queue(
                &conversation, reason: "sin_cuenta", priority: heard.has(.distress) ? .distress : .askedForHuman, now,
                tx)
            reply = world.opening(after: now).map { world.phrases(.toPersonWhen, $0) } ?? world.phrases(.toPerson)
        } else {
            reply = world.phrases(.stranger)
        }
        let answered = world.answersInResponse.contains(message.contact.channel)
        let sent = try say(BotMessage(text: reply), conversation, answered: answered, now, tx)
        try audit("turn", ["número sin cuenta"], conversation, now, tx)
        return TurnReply(
            duplicate: false, messages: [sent], trace: ["no hay una cuenta (o hay más de una) con este número"])
    }

    /// An account that an agency has: the bot negotiates nothing, and a person is told that somebody wrote (I5).
    private func assignedTurn(
        _ conversation: inout Conversation, _ message: InboundMessage, _ now: Moment, _ tx: any TurnTransaction
    ) throws -> TurnReply {
        if understanding(of: message).has(.optOut) { try optOut(conversation, now, tx) }
        try queue(&conversation, reason: "cuenta_en_agencia", priority: .askedForHuman, now, tx)
        let answered = world.answersInResponse.contains(message.contact.channel)
        let reply = BotMessage(text: world.phrases(.toPersonWhen, world.opening(after: now) ?? world.attendedHours))
        let sent = try say(reply, conversation, answered: answered, now, tx)
        try audit("turn", ["cuenta en agencia"], conversation, now, tx)
        return TurnReply(
            duplicate: false, messages: [sent], trace: ["la cuenta la lleva una agencia: contesta una persona"])
    }

    // MARK: Applying a step

    func apply(
        _ result: StepResult, to conversation: inout Conversation, _ account: Account, answered: Bool,
        purpose: ContactPurpose? = nil, _ now: Moment, _ tx: any TurnTransaction
    ) throws -> [BotMessage] {
        conversation.dialog = result.state
        // The owner changes first: the message that announces it carries the new epoch and may leave.
        for case .handoff(let reason, let priority) in result.effects {
            try queue(&conversation, reason: reason, priority: priority, now, tx)
            if priority == .distress { try mark(\.vulnerable, "se lo oyó angustiado", conversation, now, tx) }
        }
        var messages: [BotMessage] = []
        for effect in result.effects {
            switch effect {
            case .say(let message):
                messages.append(try say(message, conversation, answered: answered, purpose: purpose, now, tx))
            case .record(let offer, let evidence): try record(offer, evidence, account, conversation, now, tx)
            case .withdrawPromises: try withdrawPromises(of: account.id, conversation, now, tx)
            case .handoff: break
            case .optOut: try optOut(conversation, now, tx)
            case .wrongPerson:
                conversation.wrongNumber = true
                conversation.dialog?.verified = false
                try audit("wrong_number", [], conversation, now, tx)
                try publish(.contactWrongNumber, conversation, now, tx)
            case .verified:
                conversation.wrongNumber = false
                try audit("verified", [], conversation, now, tx)
            case .note(let kind, let text):
                try tx.append(
                    TranscriptEntry(at: now, speaker: .note("bot"), text: "\(kind): \(text)"), to: conversation.id)
                try audit("note", [kind], conversation, now, tx)
                if kind == Action.dispute.rawValue { try mark(\.ceased, "desconoció la deuda", conversation, now, tx) }
            case .startIdleTimer(let minutes):
                // Who is on the phone is there, or has hung up.
                if conversation.contact.channel == Self.calls { break }
                try tx.set(DueTimer(kind: .idle, key: conversation.id, at: now.adding(seconds: Int64(minutes) * 60)))
            case .cancelIdleTimer: try tx.cancelTimer(.idle, key: conversation.id)
            case .ended(let outcome): try audit("dialog.ended", [outcome], conversation, now, tx)
            }
        }
        try audit("turn", ["estado \(result.state.state)"], conversation, now, tx)
        return messages
    }

    /// Opens the promises of an accepted offer. Earlier open ones are superseded, unless it stands beside them; one that
    /// moves a plan moves its instalments.
    func record(
        _ offer: Offer, _ evidence: [String], _ account: Account, _ conversation: Conversation, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws {
        if case .move = offer.purpose { return try move(offer, evidence, account, conversation, now, tx) }
        let today = now.day(in: world.zone)
        let earlier = try tx.promises(accountID: account.id)
        let risk = world.riskCard.map { card in
            card.probability(ofScore: card.score(RiskProfile(account, promises: earlier, on: today)))
        }
        let promises = try offer.promises(
            accountID: account.id, today: today, evidence: evidence, policy: world.policy, calendar: world.calendar
        ) { try tx.newID("p") }.map { promise in
            var promise = promise
            promise.risk = risk
            return promise
        }
        if offer.purpose == nil, let successor = promises.first {
            for var promise in earlier where promise.state == .open {
                promise.supersede(by: successor.id, askedBy: "deudor", on: today)
                try changed(promise, [], conversation, now, tx)
            }
        }
        try publishPlans(accountID: account.id, now, tx)
        try publishPlan(promises, conversation, now, tx)
        for promise in promises {
            try tx.save(promise)
            if let version = conversation.dialog?.version { try tx.credit(.promise(id: promise.id), to: version) }
            try audit(
                "promise.open",
                [promise.id, promise.amount.plain, promise.payBy.iso, "política \(offer.policyVersion)"] + evidence,
                conversation, now, tx)
            try publish(.promiseMade, promise, conversation, now, tx)
            try setTimers(of: promise, today, tx)
        }
    }

    /// Applies an event to a promise and writes what follows from it.
    @discardableResult
    func settle(
        _ promise: inout PromiseToPay, _ event: PromiseEvent, _ payments: [Payment], _ conversation: Conversation?,
        _ now: Moment, _ tx: any TurnTransaction
    ) throws -> PromiseAction {
        let before = promise.state
        let action = promise.apply(event, payments: payments, today: now.day(in: world.zone), policy: world.policy)
        if promise.state != before { try changed(promise, payments, conversation, now, tx) }
        return action
    }

    /// Writes a promise whose state changed, and what follows from it.
    func changed(
        _ promise: PromiseToPay, _ payments: [Payment], _ conversation: Conversation?, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws {
        try tx.save(promise)
        try settleDiscount(of: promise, payments, now, tx)
        if promise.state != .open {
            try cancelTimers(of: promise, tx)
        } else {
            try tx.set(
                DueTimer(
                    kind: .judge, key: promise.id, at: Moment(promise.deadline.adding(days: 1), hour: 6, in: world.zone)
                ))
        }
        try tx.append(
            AuditEvent(
                at: now, conversationID: conversation?.id, accountID: promise.accountID,
                kind: "promise.\(promise.state.rawValue)",
                detail: [promise.id]))
        try publish(.judged(promise.state), promise, paid: payments, conversation, now, tx)
    }

    /// A discount is final once its promise was kept, and not before; a payment that bounces takes it back.
    private func settleDiscount(
        of promise: PromiseToPay, _ payments: [Payment], _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        guard promise.offer.discount.isPositive, var account = try tx.account(id: promise.accountID) else { return }
        let before = account.waivers
        account.waivers.removeAll { $0.id.hasPrefix(promise.id + "/") }
        let paidOn = payments.map(\.day).max() ?? now.day(in: world.zone)
        account.waivers += account.waivers(forDiscountOf: promise, paidOn: paidOn, indices: world.indices)
        if account.waivers != before { try tx.save(account) }
    }

    /// For every account of the person: it is the person who is left in peace, not one contract (I6).
    func optOut(_ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction) throws {
        if let id = conversation.accountID, let account = try tx.account(id: id) {
            try optOut(personOf: account, conversation: conversation.id, now, tx)
        }
        try audit("optout", [], conversation, now, tx)
    }

    /// A gateway takes nothing more for the person: they told it, or their carrier, to stop (I6).
    func optOut(of message: OutboxMessage, _ now: Moment, _ tx: any TurnTransaction) throws {
        guard let conversation = try tx.conversation(id: message.conversationID) else { return }
        if let id = conversation.accountID, try tx.account(id: id)?.optedOut == true { return }
        try optOut(conversation, now, tx)
    }

    func optOut(
        personOf account: Account, conversation: String?, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        for var account in try tx.accounts(ofPersonOf: account) where !account.optedOut {
            account.optedOut = true
            try tx.save(account)
            try tx.publish(AccountEvent(.contactOptedOut, account: account.id, conversation: conversation, at: now))
        }
    }

    /// Gives the conversation to the queue, once.
    func queue(
        _ conversation: inout Conversation, reason: String, priority: HandoffPriority, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws {
        // On the phone nobody can be put through: the bot goes on, and somebody calls back (I5).
        let calledBack = conversation.contact.channel == Self.calls
        if !calledBack { change(&conversation, owner: .queue) }
        if try tx.openHandoff(conversationID: conversation.id) != nil { return }
        if let closed = try lastClosed(conversation, now, tx) {
            return try reopen(closed, &conversation, reason: reason, priority: priority, now, tx)
        }
        conversation.closedHandoff = nil
        var handoff = Handoff(
            id: try tx.newID("h"), conversationID: conversation.id, accountID: conversation.accountID, reason: reason,
            priority: priority, createdAt: now)
        if calledBack { try noteCall(in: &handoff, conversation, now, tx) }
        try tx.save(handoff)
        try tellWhoAttends(conversation, now, tx)
        if let version = conversation.dialog?.version { try tx.credit(.handoff(id: handoff.id), to: version) }
        try audit("handoff.queued", [handoff.id, reason], conversation, now, tx)
        try publish(.handoffOpened, handoff, now, tx)
    }

    func change(_ conversation: inout Conversation, owner: Owner) {
        guard conversation.owner != owner else { return }
        conversation.owner = owner
        conversation.epoch += 1
    }

    /// Writes a message of the bot to the transcript and, unless the response carries it, to the outbox.
    func say(
        _ message: BotMessage, _ conversation: Conversation, answered: Bool, purpose: ContactPurpose? = nil,
        _ now: Moment, _ tx: any TurnTransaction
    ) throws -> BotMessage {
        if answered {
            try transcribe(message, conversation, now, tx)
        } else {
            _ = try enqueue(message, conversation, purpose: purpose, now, tx)
        }
        return message
    }

    /// Writes a message of the bot to the transcript and to the outbox.
    /// - Returns: its id in the outbox.
    func enqueue(
        _ message: BotMessage, _ conversation: Conversation, form: OutboxMessage.Form? = nil,
        purpose: ContactPurpose? = nil, _ now: Moment, _ tx: any TurnTransaction
    ) throws -> String {
        try transcribe(message, conversation, now, tx)
        let id = try tx.newID("m")
        try tx.enqueue(
            OutboxMessage(
                id: id, conversationID: conversation.id, contact: conversation.contact, author: .bot,
                epoch: conversation.epoch, message: message, createdAt: now,
                form: form ?? conversation.answerForm(purpose), purpose: purpose))
        return id
    }

    private func transcribe(
        _ message: BotMessage, _ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        try tx.append(
            TranscriptEntry(at: now, speaker: .bot, text: message.text, options: message.options.map(\.title)),
            to: conversation.id)
    }

    func audit(
        _ kind: String, _ detail: [String], _ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        try tx.append(
            AuditEvent(
                at: now, conversationID: conversation.id, accountID: conversation.accountID, kind: kind, detail: detail)
        )
    }

    /// What happened to an account outside any conversation.
    func audit(
        _ kind: String, _ detail: [String], accountID: String, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        try tx.append(AuditEvent(at: now, conversationID: nil, accountID: accountID, kind: kind, detail: detail))
    }

    // MARK: Looking up

    func facts(_ account: Account, _ now: Moment, _ tx: any TurnTransaction) throws -> Facts {
        world.facts(account, promises: try tx.promises(accountID: account.id), at: now)
    }

    /// How far the account came down the ladder in any conversation, where the policy still remembers it.
    private func reachedLadder(
        _ account: Account, _ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws -> ConcessionLadder? {
        try (tx.conversations(accountID: account.id) + [conversation]).compactMap {
            $0.dialog?.ladder?.resumed(
                on: now.day(in: world.zone), within: world.policy.concessionMemoryDays)
        }.max { $0.step < $1.step }
    }

    private func newConversation(_ contact: ContactKey, _ tx: any TurnTransaction) throws -> Conversation {
        Conversation(id: try tx.newID("c"), contact: contact, accountID: nil)
    }

    /// The account of who writes: by their phone, or by the address of their mail.
    private func account(of message: InboundMessage, _ tx: any TurnTransaction) throws -> Account? {
        let address = message.contact.address
        if message.contact.channel == ContactChannel.mail.rawValue { return try tx.account(email: address) }
        if let account = try account(phone: message.phone ?? "", tx) { return account }
        return Self.phoneless.contains(message.contact.channel) ? nil : try account(phone: address, tx)
    }

    /// Channels whose addresses may look like a phone and are not.
    private static let phoneless: Set<String> = ["telegram", "chatwoot"]

    /// The account of a phone, with or without the 9 that Argentine mobiles carry after 54.
    private func account(phone: String, _ tx: any TurnTransaction) throws -> Account? {
        let digits = phone.filter(\.isNumber)
        guard !digits.isEmpty, phone.allSatisfy({ $0.isNumber || $0 == "+" }) else { return nil }
        if let account = try tx.account(phone: "+" + digits) { return account }
        if digits.hasPrefix("549") { return try tx.account(phone: "+54" + digits.dropFirst(3)) }
        if digits.hasPrefix("54") { return try tx.account(phone: "+549" + digits.dropFirst(2)) }
        return nil
    }

    func append(
        _ message: InboundMessage, to conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        let entry: TranscriptEntry
        switch message.content {
        case .text(let text): entry = TranscriptEntry(at: now, speaker: .customer, text: text)
        case .tap(_, let title): entry = TranscriptEntry(at: now, speaker: .customer, text: "[\(title)]")
        case .media(let kind): entry = TranscriptEntry(at: now, speaker: .customer, text: "(\(kind))")
        case .humanEcho(let text): entry = TranscriptEntry(at: now, speaker: .agent("gateway"), text: text)
        case .opened:
            entry = TranscriptEntry(
                at: now, speaker: .customer, text: message.contact.channel == Self.calls ? "(llama)" : "(se presenta)")
        case .moved, .attended, .givenBack: return
        }
        try tx.append(entry, to: conversation.id)
    }
}
