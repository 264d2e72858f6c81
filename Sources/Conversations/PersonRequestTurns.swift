import Conduct
import Dialog
import Ledger
import Quantities
import Understanding

/// Rights over personal data: heard in any message, whatever the dialog, and never debated.
extension TurnProcessor {
    /// Writes down which right over their data a message exercises; nil where it exercises none. Who wants to be erased is
    /// also written to no more (I6). Asked again while it is open, it is the same request.
    func noteDataRight(
        in message: InboundMessage, _ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws -> PersonRequest? {
        guard case .text(let text) = message.content, let right = world.conduct.dataRight(in: text) else { return nil }
        // Who says that the account is not theirs is not written to for it any more, and does not opt its holder out.
        if right == .erasure, !conversation.wrongNumber { try optOut(conversation, now, tx) }
        let open = try tx.personRequests(conversationID: conversation.id).first {
            $0.right == right && $0.state.isOpen
        }
        if let open { return open }
        let verified = conversation.dialog?.verified == true && !conversation.wrongNumber
        let today = now.day(in: world.zone)
        let request = PersonRequest(
            id: try tx.newID("d"), right: right,
            // Who says that the account is not theirs asks for their own number, and not for the holder.
            accountID: conversation.wrongNumber ? nil : conversation.accountID, conversationID: conversation.id,
            channel: conversation.contact.channel, askedBy: "", askedOn: today,
            due: right.due(askedOn: today, calendar: world.calendar),
            received: PersonRequest.Step(
                state: .received, at: now, by: "bot",
                note: verified
                    ? "en la charla había dado los números de su documento" : "en la charla no se había verificado"))
        try tx.save(request)
        try audit("person.asked", [request.id, right.rawValue], conversation, now, tx)
        return request
    }

    /// Says that the request was written down and until when it is answered, and gives the conversation to a person. It
    /// names no debt, and does not depend on who writes (I4). Nil where distress is heard too: that is answered first.
    func answer(
        _ request: PersonRequest, to message: InboundMessage, _ conversation: inout Conversation, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws -> TurnReply? {
        let heard = understanding(of: message)
        if heard.has(.distress) { return nil }
        let priority: HandoffPriority =
            heard.has(.threatenLegal) ? .legalThreat : heard.has(.complain) ? .complaint : .askedForHuman
        try queue(&conversation, reason: Self.dataRights, priority: priority, now, tx)
        try tx.cancelTimer(.idle, key: conversation.id)
        let due = world.phrases(request.due, asOf: now.day(in: world.zone))
        let noted: Phrase =
            switch request.right {
            case .erasure: .erasureNoted
            case .access: .accessNoted
            case .rectification: .rectificationNoted
            }
        let how: Phrase = conversation.contact.channel == Self.calls ? .rightsByCall : .rightsInWriting
        let reply = BotMessage(text: world.phrases(noted) + " " + world.phrases(how, due))
        let answered = world.answersInResponse.contains(message.contact.channel)
        let sent = try say(reply, conversation, answered: answered, now, tx)
        try audit("turn", ["derechos sobre sus datos"], conversation, now, tx)
        return TurnReply(
            duplicate: false, messages: [sent],
            trace: ["ejerce un derecho sobre sus datos (\(request.right.spanishName)): queda el pedido \(request.id)"])
    }

    /// The reason of the hand-off.
    static let dataRights = "datos_personales"

    /// Somebody of the company writes down a request that came otherwise.
    /// - Parameter askedOn: the day on which it came, from which the term counts.
    /// - Throws: ``PersonRequestRefusal/unknownAccount(_:)``.
    public func register(
        _ right: DataRight, accountID: String, channel: String, askedBy: String, askedOn: Day, by name: String,
        now: Moment, tx: any TurnTransaction
    ) throws -> PersonRequest {
        guard let account = try tx.account(id: accountID) else {
            throw PersonRequestRefusal.unknownAccount(accountID)
        }
        if right == .erasure {
            try optOut(personOf: account, conversation: nil, now, tx)
            try audit("optout", [], accountID: accountID, now, tx)
        }
        let request = PersonRequest(
            id: try tx.newID("d"), right: right, accountID: accountID, conversationID: nil, channel: channel,
            askedBy: askedBy, askedOn: askedOn, due: right.due(askedOn: askedOn, calendar: world.calendar),
            received: PersonRequest.Step(state: .received, at: now, by: name, note: ""))
        try tx.save(request)
        try audit("person.asked", [request.id, right.rawValue, name], accountID: accountID, now, tx)
        return request
    }

    /// Moves a request on. An erasure is only done by the store, together with the erasing.
    /// - Throws: ``PersonRequestRefusal``.
    public func move(
        _ id: String, to state: PersonRequest.State, note: String, by name: String, now: Moment,
        tx: any TurnTransaction
    ) throws -> PersonRequest {
        guard var request = try tx.personRequest(id: id) else { throw PersonRequestRefusal.unknownRequest }
        if state == .refused, note.allSatisfy(\.isWhitespace) { throw PersonRequestRefusal.noReason }
        try request.move(to: state, by: name, note: note, at: now)
        try tx.save(request)
        try tx.append(
            AuditEvent(
                at: now, conversationID: request.conversationID, accountID: request.accountID,
                kind: "person.\(state.rawValue)", detail: [request.id, request.right.rawValue, name]))
        return request
    }
}

extension TurnTransaction {
    /// All accounts of the person of an account: those with the same document, where it is known.
    func accounts(ofPersonOf account: Account) throws -> [Account] {
        account.document.isEmpty ? [account] : try accounts(document: account.document)
    }
}
