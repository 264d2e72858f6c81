import Campaigns
import Quantities

extension TurnProcessor {
    /// What a dialler reports of a call. The first try was counted as contact when the call was put on the list; each one
    /// more counts for the caps too. Doing it again changes nothing.
    /// - Parameter call: the call, as it was put on the list.
    /// - Returns: whether it was news.
    public func take(
        _ result: CallResult, of call: OutboxMessage, now: Moment, tx: any TurnTransaction
    ) throws -> Bool {
        guard var conversation = try tx.conversation(id: call.conversationID), let accountID = conversation.accountID
        else { return false }
        for var enrolment in try tx.enrolments(accountID: accountID) {
            guard let index = enrolment.attempts.lastIndex(where: { $0.messageID == call.id }) else { continue }
            let known = enrolment.attempts[index].calls ?? []
            if known.contains(where: { $0.at == result.at }) { return false }
            enrolment.attempts[index].calls = known + [.init(at: result.at, outcome: result.outcome)]
            try tx.save(enrolment)
            if !known.isEmpty {
                try tx.recordProactive(accountID: accountID, channel: call.contact.channel, at: result.at)
            }
            try tx.append(
                TranscriptEntry(at: result.at, speaker: .note("llamada"), text: result.outcome.rawValue),
                to: conversation.id)
            try audit("campaign.call", [enrolment.campaign, call.id, result.outcome.rawValue], conversation, now, tx)
            if result.outcome.reached {
                conversation.lastHeardAt = max(conversation.lastHeardAt ?? result.at, result.at)
            }
            switch result.outcome {
            case .answered: break
            case .askedForPerson:
                try queue(&conversation, reason: "pidio_persona_por_telefono", priority: .askedForHuman, now, tx)
            case .optedOut: try optOut(conversation, now, tx)
            case .wrongNumber:
                conversation.wrongNumber = true
                try publish(.contactWrongNumber, conversation, now, tx)
            case .noAnswer, .busy, .voicemail: break
            }
            try tx.save(conversation)
            if !result.outcome.reached { try deliveryFailed(call, reason: result.outcome.rawValue, now: now, tx: tx) }
            return true
        }
        return false
    }
}
