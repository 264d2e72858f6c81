import Campaigns
import Ledger
import Negotiation
import Quantities

extension TurnProcessor {
    /// What a campaign looks at, read from the store.
    func situation(
        of account: Account, in campaign: Campaign, now: Moment, tx: any TurnTransaction
    ) throws -> Situation {
        let day = now.day(in: world.zone)
        let promises = try tx.promises(accountID: account.id)
        let bargain = world.bargain(account, promises: promises, on: day)
        let person = try personAccounts(account, tx)
        let conversations = try person.flatMap { try tx.conversations(accountID: $0.id) }
        var reach: [ContactChannel: Situation.Reach] = [:]
        for channel in ContactChannel.allCases { reach[channel] = try self.reach(account, channel, conversations, tx) }
        let assignment = try tx.assignment(accountID: account.id)
        return Situation(
            account: account, statement: account.statement(on: day, indices: world.indices), stage: bargain.stage,
            segment: bargain.segment.segment,
            hasOpenPromise: promises.contains { $0.state == .open },
            attendedByPerson: conversations.contains { $0.owner != .bot },
            lastReply: conversations.compactMap(\.lastHeardAt).max(),
            agency: assignment.flatMap { $0.ended == nil ? $0.agency : nil }, reach: reach,
            history: try tx.contactHistory(accountID: account.id),
            enrolment: try tx.enrolment(campaign: campaign.name, accountID: account.id))
    }

    private func personAccounts(_ account: Account, _ tx: any TurnTransaction) throws -> [Account] {
        account.document.isEmpty ? [account] : try tx.accounts(document: account.document)
    }

    private func reach(
        _ account: Account, _ channel: ContactChannel, _ conversations: [Conversation], _ tx: any TurnTransaction
    ) throws -> Situation.Reach {
        if channel != .voice, world.senders[channel] == nil { return .none("el canal no está configurado") }
        let address = channel == .mail ? account.email ?? "" : account.phone
        if address.isEmpty { return .none(channel == .mail ? "no hay un mail" : "no hay un teléfono") }
        if conversations.contains(where: { $0.wrongNumber && $0.contact.address == address }) {
            return .none("quien atiende ahí dijo que no es el titular")
        }
        let contact = ContactKey(
            channel: channel.rawValue, gatewayAccount: world.senders[channel] ?? "", address: address)
        let conversation = try tx.conversation(for: contact)
        // Also where nobody knows yet whose account it is about (I7).
        if let conversation, conversation.owner != .bot { return .none("por ahí atiende una persona") }
        if let other = conversation?.accountID, other != account.id {
            return .none("por ahí ya se habla de la cuenta \(other)")
        }
        let verified = conversation?.dialog?.verified == true || channel == .mail && account.emailVerified
        return .address(address, verified: verified)
    }
}
