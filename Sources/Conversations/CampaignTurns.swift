import Campaigns
import Conduct
import Dialog
import Ledger
import Negotiation
import Quantities

extension TurnProcessor {
    /// What a campaign does for an account from `now` on; changes nothing.
    /// - Parameter besides: what the same plan writes to the account's person about other accounts.
    public func plan(
        _ campaign: Campaign, for account: Account, besides: [Contact] = [], now: Moment, tx: any TurnTransaction
    ) throws -> Decision {
        var situation = try situation(of: account, in: campaign, now: now, tx: tx)
        situation.history.proactive += besides
        return campaign.decide(situation, now: now, rules: campaignRules)
    }

    /// Takes an account one step on: what may leave now goes to the outbox, and a timer waits for what comes later. An
    /// account that the campaign is not for stays out of it. Doing it again at the same moment changes nothing.
    public func advance(_ campaign: Campaign, accountID: String, now: Moment, tx: any TurnTransaction) throws
        -> Decision
    {
        guard let account = try tx.account(id: accountID) else {
            return .noContact(NoContact(.outside, "no hay una cuenta `\(accountID)`", ends: true))
        }
        var situation = try situation(of: account, in: campaign, now: now, tx: tx)
        let decision = campaign.decide(situation, now: now, rules: campaignRules)
        var enrolment = campaign.enrolment(for: situation, now: now, zone: world.zone)
        guard enrolment.ended == nil else { return decision }
        switch decision {
        case .send(let message) where message.at <= now:
            enrolment.attempts.append(try send(message, of: campaign, account, now, tx))
            situation.enrolment = enrolment
            situation.history = try tx.contactHistory(accountID: account.id)
            try tx.save(enrolment)
            // A day later where there is no next message: the failure of this one may still be reported.
            try wait(
                enrolment,
                until: moment(of: campaign.decide(situation, now: now, rules: campaignRules))
                    ?? now.adding(seconds: 86_400), tx)
        case .send(let message):
            try tx.save(enrolment)
            try wait(enrolment, until: message.at, tx)
        case .close(let closing, let at) where at <= now:
            enrolment.ended = Enrolment.Ending(
                at: now, reason: "sin respuesta: \(closing.task)", closing: closing.action)
            try end(enrolment, now, tx)
        case .close(_, let at):
            try tx.save(enrolment)
            try wait(enrolment, until: at, tx)
        case .noContact(let refusal):
            // Without a timer the account is not in the campaign, or has left it.
            guard situation.enrolment == enrolment else { break }
            // The failure of the last message may still be reported, and then its step has other channels.
            let last = enrolment.attempts.last.map { $0.at.adding(seconds: 86_400) }
            if refusal.ends, refusal.rule != .finished || last.map({ $0 <= now }) ?? true {
                enrolment.ended = Enrolment.Ending(at: now, reason: refusal.why)
                try end(enrolment, now, tx)
            } else {
                try wait(enrolment, until: now.adding(seconds: 86_400), tx)
            }
        }
        return decision
    }

    /// A due timer of a campaign: the cadence goes on.
    func continueCampaign(_ timer: DueTimer, now: Moment, tx: any TurnTransaction) throws -> TurnReply {
        let parts = timer.key.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let campaign = try tx.campaign(name: String(parts[0])) else {
            return TurnReply(duplicate: false, messages: [], trace: ["no hay una campaña para `\(timer.key)`"])
        }
        let decision = try advance(campaign, accountID: String(parts[1]), now: now, tx: tx)
        guard case .send(let message) = decision, message.at <= now else {
            return TurnReply(duplicate: false, messages: [], trace: ["campaña \(campaign.name): nada por ahora"])
        }
        return TurnReply(
            duplicate: false, messages: [BotMessage(text: message.text)],
            trace: ["campaña \(campaign.name), día \(message.stepDay), por \(message.channel.rawValue)"])
    }

    /// A gateway gave a message up: where it was a campaign's, the step's next channel is tried.
    /// - Parameter optsOut: it takes nothing more for the person, who told it, or their carrier, to stop.
    public func deliveryFailed(
        _ message: OutboxMessage, reason: String, optsOut: Bool = false, now: Moment, tx: any TurnTransaction
    ) throws {
        if optsOut { try optOut(of: message, now, tx) }
        guard let accountID = try tx.conversation(id: message.conversationID)?.accountID else { return }
        for var enrolment in try tx.enrolments(accountID: accountID) {
            guard let index = enrolment.attempts.lastIndex(where: { $0.messageID == message.id }),
                enrolment.attempts[index].failure == nil
            else { continue }
            enrolment.attempts[index].failure = reason
            try tx.save(enrolment)
            if enrolment.ended == nil { try wait(enrolment, until: now, tx) }
            try tx.append(
                AuditEvent(
                    at: now, conversationID: message.conversationID, accountID: accountID, kind: "campaign.undelivered",
                    detail: [enrolment.campaign, enrolment.attempts[index].channel.rawValue, message.id, reason]))
        }
    }

    private var campaignRules: CampaignRules {
        CampaignRules(
            conduct: world.conduct, zone: world.zone, calendar: world.calendar,
            company: CompanyDetails(payment: world.payment, attendedHours: world.attendedHours))
    }

    private func send(
        _ message: PlannedMessage, of campaign: Campaign, _ account: Account, _ now: Moment, _ tx: any TurnTransaction
    ) throws -> Enrolment.Attempt {
        let contact = ContactKey(
            channel: message.channel.rawValue, gatewayAccount: world.senders[message.channel] ?? "",
            address: message.address)
        let conversation = try contacted(contact, accountID: account.id, now, tx)
        try tx.record(
            RecordedTurn(
                at: now, conversationID: conversation.id, accountID: account.id,
                .campaign(contact, text: message.text)))
        let form: OutboxMessage.Form? =
            if let template = message.template {
                .template(
                    name: template.name, language: template.language, parameters: message.parameters,
                    header: message.header, buttons: message.buttons)
            } else if let subject = message.subject { .mail(subject: subject) } else { nil }
        let id = try enqueue(BotMessage(text: message.text), conversation, form: form, purpose: .proactive, now, tx)
        try audit(
            "campaign.sent", [campaign.name, campaign.version, "día \(message.stepDay)", message.channel.rawValue, id],
            conversation, now, tx)
        return Enrolment.Attempt(stepDay: message.stepDay, channel: message.channel, at: now, messageID: id)
    }

    private func contacted(_ contact: ContactKey, accountID: String, _ now: Moment, _ tx: any TurnTransaction) throws
        -> Conversation
    {
        var conversation =
            try tx.conversation(for: contact) ?? Conversation(id: try tx.newID("c"), contact: contact, accountID: nil)
        conversation.accountID = accountID
        try tx.save(conversation)
        try tx.recordProactive(accountID: accountID, channel: contact.channel, at: now)
        return conversation
    }

    /// What a campaign is known to have written, written again: a replay takes it as given.
    func wrote(_ text: String, to contact: ContactKey, accountID: String, now: Moment, tx: any TurnTransaction) throws {
        let conversation = try contacted(contact, accountID: accountID, now, tx)
        _ = try enqueue(BotMessage(text: text), conversation, purpose: .proactive, now, tx)
    }

    private func moment(of decision: Decision) -> Moment? {
        switch decision {
        case .send(let message): message.at
        case .close(_, let at): at
        case .noContact: nil
        }
    }

    private func wait(_ enrolment: Enrolment, until moment: Moment, _ tx: any TurnTransaction) throws {
        try tx.set(DueTimer(kind: .campaign, key: "\(enrolment.campaign)/\(enrolment.accountID)", at: moment))
    }

    private func end(_ enrolment: Enrolment, _ now: Moment, _ tx: any TurnTransaction) throws {
        try tx.save(enrolment)
        try tx.cancelTimer(.campaign, key: "\(enrolment.campaign)/\(enrolment.accountID)")
        try tx.append(
            AuditEvent(
                at: now, conversationID: nil, accountID: enrolment.accountID, kind: "campaign.ended",
                detail: [enrolment.campaign, enrolment.ended?.reason ?? ""]))
    }
}
