import Conduct
import Dialog
import Quantities
import Understanding

/// Calls that customers ask for: put off to their time, made, tried again.
extension TurnProcessor {
    /// Notes a call, tells the customer, and lets the bot attend until its time comes. Noted again, it is moved.
    /// - Throws: ``AgentRefusal/cannotCall(why:nearest:)``.
    func schedule(
        _ call: CallBack, by agent: String, _ handoff: inout Handoff, _ conversation: inout Conversation, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws {
        var call = call
        call.phone = call.phone.filter { !" -().".contains($0) }
        if call.phone.isEmpty { call.phone = try phone(of: conversation, tx) ?? "" }
        guard CallBack.isPhone(call.phone) else {
            throw AgentRefusal.cannotCall(
                why: call.phone.isEmpty
                    ? "Falta el teléfono."
                    : "El teléfono «\(call.phone)» no se entiende: escribilo como +5491100000003.",
                nearest: nil)
        }
        try permit(call.at, phone: call.phone, conversation, now, tx)
        if let pending = handoff.call, pending.state == .pending { call.attempts = pending.attempts }
        handoff.call = call
        try putOff(&handoff, &conversation, tx)
        conversation.dialog?.ended = "agendado"
        let when = call.at.words(asOf: now, in: world.zone)
        let about = call.about.isEmpty ? "" : ": \(call.about)"
        try tx.append(
            TranscriptEntry(at: now, speaker: .note(agent), text: "Llamado agendado para \(when)\(about)"),
            to: conversation.id)
        // Who is on the phone with us has nowhere to read it.
        guard conversation.contact.channel != Self.calls else { return }
        let said = call.at.words(asOf: now, in: world.zone, phrases: world.phrases)
        try write(
            world.phrases(.callNoted, said, String(call.phone.suffix(4))), as: agent, conversation, now, tx)
    }

    /// A try of the pending call.
    /// - Parameter next: when to try again; nil where it was answered, or no more tries are made.
    /// - Throws: ``AgentRefusal/cannotCall(why:nearest:)``, ``AgentRefusal/noCall``.
    func called(
        reached: Bool, next: Moment?, by agent: String, _ handoff: inout Handoff, _ conversation: inout Conversation,
        _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        guard var call = handoff.call, call.state == .pending else { throw AgentRefusal.noCall }
        call.attempts.append(CallBack.Attempt(at: now, agent: agent, reached: reached))
        // The first is what they asked for; each one more counts for the caps.
        if call.attempts.count > 1, let account = conversation.accountID {
            try tx.recordProactive(accountID: account, channel: Self.calls, at: now)
        }
        let text: String
        if reached {
            call.state = .reached
            text = "Llamó y hablaron."
        } else if let next {
            guard call.attempts.count < CallBack.mostAttempts else {
                throw AgentRefusal.cannotCall(
                    why: "Ya se lo llamó \(CallBack.mostAttempts) veces: escribile o cerrá el caso.", nearest: nil)
            }
            try permit(next, phone: call.phone, conversation, now, tx)
            call.at = next
            text = "Llamó y no lo encontró: se lo vuelve a llamar \(next.words(asOf: now, in: world.zone))."
        } else {
            call.state = .givenUp
            text = "Llamó y no lo encontró; no se lo llama más."
        }
        try tx.append(TranscriptEntry(at: now, speaker: .note(agent), text: text), to: conversation.id)
        handoff.call = call
        if call.state == .pending {
            try putOff(&handoff, &conversation, tx)
        } else {
            try tx.cancelTimer(.callBack, key: handoff.id)
            handoff.state = .claimed
        }
    }

    /// - Throws: ``AgentRefusal/noCall``.
    func cancelCall(
        by agent: String, _ handoff: inout Handoff, _ conversation: Conversation, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws {
        guard handoff.call?.state == .pending else { throw AgentRefusal.noCall }
        handoff.call?.state = .cancelled
        try tx.cancelTimer(.callBack, key: handoff.id)
        try tx.append(
            TranscriptEntry(at: now, speaker: .note(agent), text: "Llamado cancelado."), to: conversation.id)
    }

    /// The customer asks to be called: a person has the case (I5), and the call is noted for the first moment, from what
    /// they said on, at which it may be made, and said in words. Nil where no call is asked for, or something else is
    /// heard that must be answered first, or on the phone no such moment is in sight: there the dialog passes them on.
    func answerCallRequest(
        in heard: Understanding, of message: InboundMessage, _ conversation: inout Conversation, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws -> TurnReply? {
        let first: [Intent] = [.distress, .optOut, .fraudSuspicion, .wrongPerson, .thirdParty]
        guard let asked = heard.call, !first.contains(where: heard.has) else { return nil }
        let isOnPhone = conversation.contact.channel == Self.calls
        let address = conversation.contact.address
        let phone = CallBack.isPhone(address) ? address : try phone(of: conversation, tx) ?? ""
        let wanted = asked.moment(after: now, in: world.zone)
        var at: Moment?
        if !phone.isEmpty, wanted <= now.adding(seconds: Int64(CallBack.mostDaysAhead) * 86_400) {
            at = world.firstCall(from: wanted, try history(conversation, phone: phone, tx))
        }
        if isOnPhone, at == nil { return nil }
        let (reason, priority) = urgency(of: heard) ?? ("pide_llamado", .askedForHuman)
        try queue(&conversation, reason: reason, priority: priority, now, tx)
        try tx.cancelTimer(.idle, key: conversation.id)
        conversation.dialog?.ended = "agendado"
        let text: String
        if let at, var handoff = try tx.openHandoff(conversationID: conversation.id) {
            // Another number is the adviser's to judge: whose it is nobody verified.
            let otherPhone = Self.namesPhone(message.text, besides: phone)
            var call = CallBack(
                at: at, phone: phone, about: otherPhone ? "en la charla pidió que sea a otro número" : "", notedBy: nil)
            if let pending = handoff.call, pending.state == .pending { call.attempts = pending.attempts }
            handoff.call = call
            handoff.changedAt = now
            let when = at.words(asOf: now, in: world.zone)
            if at > now {
                try putOff(&handoff, &conversation, tx)
                try tellWhoAttends(conversation, now, tx)
                try tx.append(
                    TranscriptEntry(at: now, speaker: .note("bot"), text: "Llamado agendado para \(when)"),
                    to: conversation.id)
                try audit("handoff.scheduled", [handoff.id, "bot", at.iso(in: world.zone)], conversation, now, tx)
                try publish(.handoffScheduled, handoff, now, tx)
            }
            try tx.save(handoff)
            text = confirmation(asked, at, wanted, now, to: otherPhone ? nil : CallBack.isPhone(address), isOnPhone)
        } else {
            text = world.phrases(.callToArrange, world.opening(after: now) ?? world.attendedHours)
        }
        let answered = world.answersInResponse.contains(message.contact.channel)
        let sent = try say(BotMessage(text: text), conversation, answered: answered, now, tx)
        try audit("turn", ["pide un llamado"], conversation, now, tx)
        let noted = at.map { "queda para \($0.iso(in: world.zone))" } ?? "lo combina una persona"
        return TurnReply(duplicate: false, messages: [sent], trace: ["pide que lo llamen: \(noted)"])
    }

    /// What was noted, in words.
    /// - Parameters:
    ///   - own: whether the call goes to the number that they write from; nil where they named another.
    ///   - hangsUp: whether nothing can be answered to it.
    private func confirmation(
        _ asked: CallRequest, _ at: Moment, _ wanted: Moment, _ now: Moment, to own: Bool?, _ hangsUp: Bool
    ) -> String {
        let (zone, phrases) = (world.zone, world.phrases)
        let isSoon =
            asked.from != nil ? at == wanted : at.day(in: zone) == wanted.day(in: zone) || !asked.saysWhen
        let isInTime = asked.until.map { at.minuteOfDay(in: zone) <= $0 } ?? true
        let when = at.words(asOf: now, in: zone, phrases: phrases)
        let moment =
            at <= now
            ? phrases(.callSoon)
            : asked.isExact ? when : when.replacing(" a la", with: phrases(.callFromThen), maxReplacements: 1)
        let number: Phrase =
            switch own {
            case true?: .callToThisNumber
            case false?: .callToKnownNumber
            case nil: .callToNamedNumber
            }
        return (isSoon && isInTime ? "" : phrases(.callNotThen) + " ")
            + phrases(.callPromised, moment, phrases(number)) + (hangsUp ? "" : " " + phrases(.callMayMove))
    }

    /// Whether a text has a run of digits as long as a phone's, other than the one given.
    private static func namesPhone(_ text: String, besides phone: String) -> Bool {
        var run = ""
        for character in text + "." {
            if character.isASCII, character.isNumber {
                run.append(character)
            } else if !" -+()".contains(character) {
                if run.count >= 8, !phone.hasSuffix(run.suffix(8)) { return true }
                run = ""
            }
        }
        return false
    }

    /// The hand-off waits for the time of its call; until then the bot attends.
    func putOff(_ handoff: inout Handoff, _ conversation: inout Conversation, _ tx: any TurnTransaction) throws {
        guard let call = handoff.call else { return }
        handoff.state = .scheduled
        handoff.formerAgent = handoff.agent ?? handoff.formerAgent
        handoff.agent = nil
        change(&conversation, owner: .bot)
        conversation.closedHandoff = handoff.id
        try tx.set(DueTimer(kind: .callBack, key: handoff.id, at: call.at))
    }

    /// The time of a call has come: its hand-off is in the queue.
    func callIsDue(_ timer: DueTimer, _ now: Moment, _ tx: any TurnTransaction) throws {
        guard var handoff = try tx.handoff(id: timer.key), let call = handoff.call, call.state == .pending,
            call.at <= now, var conversation = try tx.conversation(id: handoff.conversationID)
        else { return }
        if handoff.state == .scheduled {
            handoff.state = .queued
            handoff.reopenedAt = call.at
            handoff.changedAt = now
            conversation.closedHandoff = nil
            try tx.save(handoff)
            try tx.save(conversation)
        }
        try audit("handoff.due", [handoff.id], conversation, now, tx)
        try publish(.handoffDue, handoff, now, tx)
    }

    /// Whoever asked for a person on the phone is to be called, as soon as it may be.
    func noteCall(
        in handoff: inout Handoff, _ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        handoff.kind = .callBack
        handoff.call = CallBack(
            at: world.firstCall(from: now, try history(conversation, phone: conversation.contact.address, tx)) ?? now,
            phone: conversation.contact.address, about: "", notedBy: nil)
    }

    /// The account's, or the one that they write from.
    private func phone(of conversation: Conversation, _ tx: any TurnTransaction) throws -> String? {
        if let account = try conversation.accountID.flatMap({ try tx.account(id: $0) }) { return account.phone }
        return CallBack.isPhone(conversation.contact.address) ? conversation.contact.address : nil
    }

    private func history(
        _ conversation: Conversation, phone: String, _ tx: any TurnTransaction
    ) throws -> ContactHistory {
        var history = try conversation.accountID.map { try tx.contactHistory(accountID: $0) } ?? ContactHistory()
        history.wrongNumber = conversation.wrongNumber && phone == conversation.contact.address
        return history
    }

    /// - Throws: ``AgentRefusal/cannotCall(why:nearest:)``.
    private func permit(
        _ moment: Moment, phone: String, _ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        let history = try history(conversation, phone: phone, tx)
        guard let why = world.refusesCall(at: moment, history, now: now) else { return }
        let nearest = world.firstCall(from: moment > now ? moment : now, history)
        let isFar = moment > now.adding(seconds: Int64(CallBack.mostDaysAhead) * 86_400)
        throw AgentRefusal.cannotCall(
            why: "No se puede llamar \(moment.words(asOf: now, in: world.zone)): \(why).",
            nearest: isFar ? nil : nearest?.words(asOf: now, in: world.zone))
    }
}

extension World {
    /// The first moment, from one on, at which a call that the customer asked for may be made and people attend; nil
    /// where there is none in sight.
    func firstCall(from moment: Moment, _ history: ContactHistory) -> Moment? {
        var candidate = moment
        for _ in 0..<100 {
            if case .refused(let refusal) = permission(toCallAt: candidate, history) {
                guard let until = refusal.until else { return nil }
                candidate = until
            }
            if attended.contains(candidate, calendar: calendar, zone: zone) { return candidate }
            guard let opening = attended.opening(after: candidate, calendar: calendar, zone: zone) else { return nil }
            candidate = opening
        }
        return nil
    }

    /// Why a call that the customer asked for cannot be made then, in Spanish; nil where it can.
    func refusesCall(at moment: Moment, _ history: ContactHistory, now: Moment) -> String? {
        if moment <= now { return "ese momento ya pasó" }
        if moment > now.adding(seconds: Int64(CallBack.mostDaysAhead) * 86_400) {
            return "se agenda para los próximos \(CallBack.mostDaysAhead) días"
        }
        if case .refused(let refusal) = permission(toCallAt: moment, history) {
            return "\(refusal.why) (\(refusal.rule.id))"
        }
        return attended.contains(moment, calendar: calendar, zone: zone) ? nil : "a esa hora no atiende nadie"
    }

    private func permission(toCallAt moment: Moment, _ history: ContactHistory) -> ContactPermission {
        conduct.mayContact(
            .requested, on: TurnProcessor.calls, history: history, at: moment, zone: zone, calendar: calendar)
    }
}

extension CallRequest {
    /// When the call is asked for, as a moment: now where nothing else was said.
    func moment(after now: Moment, in zone: Zone) -> Moment {
        let today = now.day(in: zone)
        let midnight = Moment(max(day ?? today, today), hour: 0, in: zone)
        guard let from else { return max(now, midnight) }
        let moment = midnight.adding(seconds: Int64(from) * 60)
        // "a las 10", said at noon, is tomorrow's.
        if moment <= now, day == nil { return moment.adding(seconds: 86_400) }
        return max(now, moment)
    }
}
