import Conduct
import Conversations
import Dialog
import Ledger
import Negotiation
import Quantities
import Understanding

/// What must hold of a turn.
extension Reference {
    /// - Parameter messages: those that the reply answers.
    func check(_ messages: [InboundMessage], _ reply: TurnReply, since before: MemoryStore.Contents, _ now: Moment) {
        guard let contact = messages.first?.contact, let conversation = store.conversation(for: contact) else { return }
        let heard = messages.compactMap { if case .text(let text) = $0.content { text } else { nil } }
        let answered = world.answersInResponse.contains(contact.channel) ? reply.messages : []
        checkSaid(since: before, now, besides: answered.map { (conversation.id, $0) })
        if heard.contains(where: Sayings.human.contains) {
            figures[.checkedHuman] += 1
            if store.openHandoff(conversationID: conversation.id) == nil {
                violate("I5: \(conversation.id) asked for a person and is in no queue")
            }
        }
        if heard.contains(where: Sayings.optOut.contains),
            let account = conversation.accountID.flatMap({ store.account(id: $0) })
        {
            figures[.checkedOptOut] += 1
            if store.accounts(document: account.document).contains(where: { !$0.optedOut }) {
                violate("I6: \(conversation.id) opted out and an account of the person did not")
            }
        }
        for promise in store.contents.promises.values where before.promises[promise.id] == nil {
            check(promise, madeBy: messages, in: conversation, since: before)
        }
    }

    private func check(
        _ promise: PromiseToPay, madeBy messages: [InboundMessage], in conversation: Conversation,
        since before: MemoryStore.Contents
    ) {
        figures[.checkedPromises] += 1
        let echoes = (before.transcripts[conversation.id] ?? []).filter { $0.speaker == .bot }.suffix(8)
        // Of a plan the usual instalment is said, and the last one takes what is left over.
        let amounts = ([promise.amount, promise.offer.total] + promise.offer.instalments.map(\.amount)).map(\.formatted)
        if !messages.contains(where: { $0.messageID == promise.evidence.last }) {
            violate("I3: the promise \(promise.id) does not rest on the message that made it")
        } else if !echoes.contains(where: { echo in amounts.contains { echo.text.contains($0) } }) {
            let last = echoes.suffix(2).map { "“\($0.text)”" }.joined(separator: ", ")
            violate("I3: the promise \(promise.id) of \(promise.amount.formatted) was never echoed, but \(last)")
        }
        if promise.offer.policyVersion != world.policy.version {
            violate("I3: the promise \(promise.id) is outside the policy in force")
        }
    }

    // MARK: What is said

    /// Looks at everything that the bot said in a turn.
    /// - Parameter besides: what is answered in the response, by conversation.
    func checkSaid(since before: MemoryStore.Contents, _ now: Moment, besides: [(String, BotMessage)] = []) {
        let fresh = store.contents.outbox.dropFirst(before.outbox.count).filter {
            $0.author == .bot && !$0.isForPeopleOnly
        }
        for message in fresh {
            checkSpeaker(message.id, in: message.conversationID, since: before)
            checkFigures(message.message, message.id, in: message.conversationID, since: before, now)
        }
        for (conversationID, message) in besides {
            checkSpeaker("an answer", in: conversationID, since: before)
            checkFigures(message, "an answer", in: conversationID, since: before, now)
        }
        for (id, conversation) in before.conversations where conversation.owner != .bot {
            if store.conversation(id: id)?.owner != .bot { figures[.checkedAttended] += 1 }
        }
    }

    private func checkSpeaker(_ what: String, in conversationID: String, since before: MemoryStore.Contents) {
        guard let earlier = before.conversations[conversationID], earlier.owner != .bot,
            let conversation = store.conversation(id: conversationID), conversation.owner != .bot
        else { return }
        violate("I7: \(what) of the bot in \(conversationID), which a person attends")
    }

    /// Each figure is the account's on that day, an offer's, a promise's, a payment's or one that the customer said.
    private func checkFigures(
        _ message: BotMessage, _ what: String, in conversationID: String, since before: MemoryStore.Contents,
        _ now: Moment
    ) {
        let said = ([message.text] + message.options.flatMap { [$0.title, $0.detail ?? ""] }).flatMap(Self.figures)
        guard let conversation = store.conversation(id: conversationID) else { return }
        let names = !said.isEmpty
        if conversation.dialog?.verified != true {
            figures[.checkedUnverified] += 1
            if names { violate("I4: an amount is said in \(conversation.id) before anybody was verified") }
        }
        guard names, let account = conversation.accountID.flatMap({ store.account(id: $0) }) else { return }
        let day = now.day(in: world.zone)
        // Also where what waited and the next message are two turns at once, of which the second forgets the first.
        let written = (store.contents.transcripts[conversation.id] ?? []).suffix(8).filter {
            world.quietWindow > 0 && $0.speaker == .customer
        }
        let heard = written.map { world.reader.read($0.text, at: $0.at, zone: world.zone, asked: .amount) }
        let days = Set(heard.flatMap { $0.days.compactMap(\.day) }).sorted()
        let amounts = heard.flatMap { $0.amounts.map(\.value) }
        var shares: [Percent] = []
        for case .share(let share) in amounts { shares.append(share) }
        var known: Set<String> = []
        for case .exact(let amount) in amounts { known.insert(amount.formatted) }
        for (account, contents) in [(account, store.contents), (before.accounts[account.id] ?? account, before)] {
            let promises = contents.promises.values.filter { $0.accountID == account.id }
            known.formUnion(
                figures(
                    of: account, promises, conversation, before.conversations[conversationID], day, asking: days, shares
                ))
        }
        for figure in said {
            figures[.checkedFigures] += 1
            if !known.contains(figure) {
                violate(
                    "I8: \(what) in \(conversation.id) says \(figure), which nothing on record gives: “\(message.text)”"
                )
            }
        }
    }

    /// "$ 24.600,00", "US$ 10,00".
    static func figures(in text: String) -> [String] {
        if !text.utf8.contains(UInt8(ascii: "$")) { return [] }
        return text.matches(of: /(US)?\$ [0-9.]+(,[0-9]{2})?/).map { String($0.output.0) }
    }

    /// - Parameters:
    ///   - days: those that the customer asked the price of.
    ///   - shares: of what is owed, as the customer said them.
    private func figures(
        of account: Account, _ promises: [PromiseToPay], _ conversation: Conversation, _ earlier: Conversation?,
        _ day: Day, asking days: [Day], _ shares: [Percent]
    ) -> Set<String> {
        var amounts: [Money] = []
        let bargain = world.bargain(account, promises: promises, on: day)
        for statement in [bargain.statement, account.statement(on: day, indices: world.indices)] {
            amounts += [
                statement.total, statement.principal, statement.interest, statement.charges, statement.overdue,
                statement.credit,
            ]
            amounts += statement.lines.map(\.total) + shares.map { $0.of(statement.total) }
        }
        amounts += [bargain.minimumAmount, bargain.uncovered]
        var offers = bargain.offers() + bargain.plans() + [bargain.payNow()] + bargain.adviserOffers()
        var verdicts = days.map { bargain.judge(Proposal(day: $0)) }
        for dialog in [conversation.dialog, earlier?.dialog].compactMap({ $0 }) {
            offers += dialog.shownOffers + [dialog.proposal, dialog.echoed].compactMap { $0 }
            verdicts += [dialog.verdict].compactMap { $0 }
            if let amount = dialog.amount { amounts.append(amount) }
            amounts += dialog.doubt?.amounts ?? []
        }
        for case .admissible(let offer) in verdicts { offers.append(offer) }
        for case .counter(let offer, _) in verdicts { offers.append(offer) }
        offers += promises.map(\.offer)
        for offer in offers {
            amounts +=
                [offer.total, offer.discount] + (offer.debt.map { [$0] } ?? []) + offer.instalments.map(\.amount)
        }
        let shares = allocate(account.payments, to: promises)
        for promise in promises {
            let evaluation = promise.evaluation(
                payments: shares[promise.id] ?? [], asOf: day, terms: world.policy.judging)
            amounts += [promise.amount, evaluation.shortfall, evaluation.paidInWindow, evaluation.paidLate]
        }
        for plan in Set(promises.compactMap(\.planID)) {
            let standing = world.policy.standing(
                ofPlan: plan, promises: promises, payments: account.payments, on: day)
            if let standing { amounts.append(standing.arrears) }
        }
        amounts += account.payments.map(\.amount)
        return Set(amounts.map(\.formatted))
    }
}

extension OutboxMessage {
    /// Says nothing to the customer.
    var isForPeopleOnly: Bool { if case .attended = form { true } else { false } }
}
