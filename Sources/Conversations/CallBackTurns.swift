import Conduct
import Quantities

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
