import Conduct
import Conversations
import Ledger
import Negotiation
import Quantities
import Storage

/// People who want their data erased.
extension Reference {
    func register(_ right: DataRight, accountID: String, by name: String, now: Moment) {
        attempt("the request of \(accountID)", since: store.contents, now) {
            _ = try processor.register(
                right, accountID: accountID, channel: "mostrador", askedBy: "", askedOn: now.day(in: world.zone),
                by: name, now: now, tx: $0)
        }
    }

    func verify(_ requestID: String, by name: String, now: Moment) {
        attempt("the request \(requestID)", since: store.contents, now) {
            _ = try processor.move(requestID, to: .verified, note: "", by: name, now: now, tx: $0)
        }
    }

    /// What is known of the person of a request, and the rows that are gone with them.
    private struct Person {
        var accounts: [Account]
        var conversations: Set<String>
        var contacts: Set<ContactKey>
        var promises: Set<String>

        func has(_ accountID: String?) -> Bool { accounts.contains { $0.id == accountID } }
        func has(_ accountID: String?, _ conversationID: String?) -> Bool {
            has(accountID) || conversationID.map(conversations.contains) == true
        }
    }

    private func person(of request: PersonRequest) -> Person? {
        guard let account = request.accountID.flatMap({ store.account(id: $0) }) else { return nil }
        let accounts = account.document.isEmpty ? [account] : store.accounts(document: account.document)
        let addresses = Set(accounts.flatMap { [$0.phone, $0.email ?? ""] }.filter { !$0.isEmpty })
        let ids = accounts.map(\.id)
        let conversations = store.contents.conversations.values.filter { conversation in
            conversation.accountID.map(ids.contains) ?? addresses.contains(conversation.contact.address)
        }
        return Person(
            accounts: accounts, conversations: Set(conversations.map(\.id)), contacts: Set(conversations.map(\.contact)),
            promises: Set(ids.flatMap { store.promises(accountID: $0).map(\.id) }))
    }

    /// The person of a request is gone from all that is compared; what the contract keeps of them is taken from the
    /// database and looked at.
    /// - Parameter delivered: all messages that gateways delivered.
    func erase(
        _ requestID: String, by name: String, found: StoreContents, delivered: [InboundMessage],
        now: Moment
    ) {
        guard let request = store.personRequest(id: requestID), let person = person(of: request) else {
            return violate("\(requestID) is done, and nobody asked for it")
        }
        figures[.erasures] += 1
        if store.contents.handoffs.values.contains(where: {
            person.has($0.accountID, $0.conversationID) && Handoff.State.withPeople.contains($0.state)
        }) {
            violate("I5: \(requestID) erases somebody who waits for a person")
        }
        var known = store.contents
        for turn in known.recorded.map(\.turn) {
            guard person.has(turn.accountID, turn.conversationID) else { continue }
            switch turn.input {
            case .message(let message), .part(let message):
                known.inbox[MemoryStore.Contents.InboxKey(message)] = nil
            default: break
            }
        }
        known.recorded.removeAll { person.has($0.turn.accountID, $0.turn.conversationID) }
        for message in delivered where person.contacts.contains(message.contact) {
            known.inbox[MemoryStore.Contents.InboxKey(message)] = nil
        }
        known.handoffs = known.handoffs.filter { !person.has($1.accountID, $1.conversationID) }
        known.conversations = known.conversations.filter { !person.conversations.contains($0.key) }
        known.transcripts = known.transcripts.filter { !person.conversations.contains($0.key) }
        known.outbox.removeAll { person.conversations.contains($0.conversationID) }
        known.enrolments = known.enrolments.filter { !person.has($1.accountID) }
        for account in person.accounts {
            known.standings[account.personKey] = nil
            known.contacts[account.id] = nil
        }
        let owing = person.accounts.filter { $0.openPrincipal.cents > 0 }
        for account in person.accounts where !owing.contains(where: { $0.id == account.id }) {
            known.accounts[account.id] = nil
            known.assignments[account.id] = nil
            known.promises = known.promises.filter { $1.accountID != account.id }
            forgetPayments(of: account.id)
        }
        known.timers.removeAll { timer in
            switch timer.kind {
            case .judge, .planLastDay, .planEnd:
                person.promises.contains(timer.key) && known.promises[timer.key] == nil
            case .campaign: person.has(timer.key.split(separator: "/", maxSplits: 1).last.map(String.init))
            case .idle, .quiet, .notice, .reminderBefore, .reminderOnDay, .callBack:
                person.conversations.contains(timer.key) || person.promises.contains(timer.key)
            }
        }
        for account in owing { keep(account, in: &known, found) }
        for asked in known.personRequests.values where person.has(asked.accountID, asked.conversationID) {
            guard let written = found.personRequests.first(where: { $0.id == asked.id }) else { continue }
            if written.accountID != nil || written.conversationID != nil || !written.askedBy.isEmpty {
                violate("\(asked.id) names who was erased by \(requestID)")
            }
            known.personRequests[asked.id] = written
        }
        for (index, event) in known.audit.enumerated() where person.has(event.accountID, event.conversationID) {
            erasedAudit.insert(index)
        }
        if let order = found.audit.compactMap(\.self).last(where: { $0.kind == "person.erased" }),
            order.detail.starts(with: [requestID, name])
        {
            known.audit.append(order)
        } else {
            violate("the audit log does not say who erased the person of \(requestID)")
        }
        store.restore(known)
    }

    /// An account that owes stays without a name.
    private func keep(_ account: Account, in known: inout MemoryStore.Contents, _ found: StoreContents) {
        guard let kept = found.accounts.first(where: { $0.id == account.id }) else {
            return violate("I11: \(account.id) owes, and is erased")
        }
        var expected = account
        (expected.firstName, expected.fullName, expected.document) = (kept.firstName, kept.fullName, kept.document)
        (expected.phone, expected.email, expected.emailVerified, expected.postalAddress) = ("", nil, false, nil)
        expected.optedOut = true
        if kept != expected || kept.fullName == account.fullName || kept.document == account.document {
            violate("\(account.id) is not what an erasure leaves of it")
        }
        known.accounts[account.id] = kept
        for var promise in known.promises.values where promise.accountID == account.id {
            promise.evidence = promise.evidence.filter { $0.hasPrefix("agente ") }
            known.promises[promise.id] = promise
        }
    }

    /// What tells the person of a request, and nobody else.
    func words(of requestID: String) -> [String] {
        guard let person = store.personRequest(id: requestID).flatMap({ person(of: $0) }) else { return [] }
        let others = company.cast.accounts.filter { other in !person.accounts.contains { $0.id == other.id } }
        let all = person.accounts.flatMap { [$0.document, String($0.phone.dropFirst()), $0.fullName] }
        return Set(all).sorted().filter { word in
            word.utf8.count >= 7
                && !others.contains { ($0.document + " " + $0.phone + " " + $0.fullName).contains(word) }
        }
    }
}
