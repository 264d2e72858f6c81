import Dialog
import Negotiation
import Quantities

/// What a customer orders on their own page, which only who was verified has the link to.
public enum PageOrder: String, Hashable, Sendable, Codable {
    case withdrawPromise
    case askForPerson
}

extension TurnProcessor {
    /// Carries out an order of a customer's own page. The customer's last conversation shows it; where there is none and a
    /// person is asked for, somebody calls back.
    public func receive(_ order: PageOrder, accountID: String, now: Moment, tx: any TurnTransaction) throws {
        try closeWindows(accountID: accountID, now, tx)
        guard let account = try tx.account(id: accountID) else { return }
        let last = try tx.conversations(accountID: accountID).first
        var conversation =
            try last
            ?? Conversation(
                id: tx.newID("c"),
                // Of each account, where several have a phone in common, or have none any more: their holder was erased.
                contact: ContactKey(
                    channel: Self.calls, gatewayAccount: "pagina/\(accountID)", address: account.phone),
                accountID: accountID)
        try tx.record(
            RecordedTurn(at: now, conversationID: conversation.id, accountID: accountID, .page(order)))
        switch order {
        case .withdrawPromise:
            try note("(en su página retiró lo que tenía anotado)", conversation, now, tx)
            try withdrawPromises(of: accountID, conversation, now, tx)
        case .askForPerson:
            try note("(en su página pidió hablar con una persona)", conversation, now, tx)
            if conversation.owner == .bot {
                try queue(&conversation, reason: "pide_humano", priority: .askedForHuman, now, tx)
                try tx.cancelTimer(.idle, key: conversation.id)
            }
        }
        try tx.save(conversation)
        try audit("page.\(order.rawValue)", [], conversation, now, tx)
    }

    /// Takes back every open promise at the debtor's wish.
    func withdrawPromises(
        of accountID: String, _ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        for var promise in try tx.promises(accountID: accountID) where promise.state == .open {
            promise.withdraw(askedBy: "deudor", on: now.day(in: world.zone))
            try changed(promise, [], conversation, now, tx)
        }
        try publishPlans(accountID: accountID, now, tx)
    }

    private func note(
        _ text: String, _ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        try tx.append(TranscriptEntry(at: now, speaker: .customer, text: text), to: conversation.id)
    }
}
