import Conduct
import Quantities

/// The rules under which every campaign works.
public struct CampaignRules: Sendable {
    public var conduct: ConductRules
    public var zone: Zone
    public var calendar: BusinessCalendar
    public var company: CompanyDetails
    public init(conduct: ConductRules, zone: Zone, calendar: BusinessCalendar, company: CompanyDetails) {
        self.conduct = conduct
        self.zone = zone
        self.calendar = calendar
        self.company = company
    }
}

extension Campaign {
    /// Who is talking to us is not written to for this long, also before the account is in a campaign.
    static let conversationSeconds: Int64 = 24 * 3600

    /// What the campaign does next for one account, from `now` on: a pure function of its arguments.
    ///
    /// Of the steps whose day has come only the last is sent: nobody gets the text of four days past due on the fortieth.
    public func decide(_ situation: Situation, now: Moment, rules: CampaignRules) -> Decision {
        if let stop = stop(situation, now: now, rules: rules) { return .noContact(stop) }
        let enrolment = enrolment(for: situation, now: now, zone: rules.zone)
        if let ended = enrolment.ended { return .noContact(NoContact(.finished, ended.reason, ends: true)) }
        var from = now
        var remarks: [String] = []
        if let reply = situation.lastReply {
            let quiet: Moment
            if reply >= enrolment.at {
                guard let resumesAfterReply else {
                    return .noContact(NoContact(.replied, "contestó el \(text(reply, rules.zone))", ends: true))
                }
                quiet = reply.adding(seconds: Int64(resumesAfterReply) * 86_400)
            } else {
                quiet = reply.adding(seconds: Self.conversationSeconds)
            }
            if quiet > from {
                from = quiet
                remarks.append("contestó el \(text(reply, rules.zone)): se espera")
            }
        }
        return next(situation, enrolment, from: from, remarks, rules)
    }

    /// The account's enrolment where it is of this round of the campaign, else a new one.
    public func enrolment(for situation: Situation, now: Moment, zone: Zone) -> Enrolment {
        let due = situation.statement.nextDueDate
        if let known = situation.enrolment, dayZero == .enrolment || known.dayZero == due || due == nil { return known }
        return Enrolment(
            campaign: name, accountID: situation.account.id, at: now,
            dayZero: dayZero == .dueDate ? due ?? now.day(in: zone) : now.day(in: zone))
    }

    /// What keeps the account from being written to whatever the cadence says.
    private func stop(_ situation: Situation, now: Moment, rules: CampaignRules) -> NoContact? {
        if situation.account.optedOut || situation.history.optedOut {
            return NoContact(.optedOut, "pidió no recibir más mensajes", ends: true)
        }
        if let agency = situation.agency { return NoContact(.assigned, "la lleva \(agency)", ends: false) }
        if !situation.statement.total.isPositive { return NoContact(.nothingOwed, "no debe nada", ends: true) }
        if situation.attendedByPerson {
            return NoContact(.attended, "atiende una persona", ends: situation.enrolment != nil)
        }
        if situation.hasOpenPromise { return NoContact(.openPromise, "hay una promesa por vencer", ends: false) }
        if endsOnAnyPayment, let enrolment = situation.enrolment, enrolment.ended == nil {
            let since = enrolment.at.day(in: rules.zone)
            let today = now.day(in: rules.zone)
            if let payment = situation.account.payments.first(where: { $0.day >= since && $0.stands(on: today) }) {
                return NoContact(.paid, "pagó \(payment.amount.formatted) el \(payment.day.iso)", ends: true)
            }
        }
        return audience.refusal(of: situation).map { NoContact(.outside, $0, ends: true) }
    }

    private func next(
        _ situation: Situation, _ enrolment: Enrolment, from: Moment, _ remarks: [String], _ rules: CampaignRules
    ) -> Decision {
        let today = from.day(in: rules.zone)
        func day(_ step: CampaignStep) -> Day { enrolment.dayZero.adding(days: step.day) }
        let last = enrolment.attempts.last
        var ahead = steps.filter { step in
            last.map { step.day > $0.stepDay || $0.failure != nil && step.day == $0.stepDay } ?? true
        }
        if let current = ahead.lastIndex(where: { day($0) <= today }) { ahead.removeFirst(current) }
        var refusal: NoContact?
        for (index, step) in ahead.enumerated() {
            let tried = Set(enrolment.attempts.filter { $0.stepDay == step.day }.map(\.channel))
            var remarks = remarks
            guard let message = carrier(of: step, situation, tried, &remarks) else {
                refusal = NoContact(.noAddress, remarks.joined(separator: "; "), ends: true)
                continue
            }
            let start = max(
                from,
                Moment(day(step), hour: step.hours.lowerBound / 60, minute: step.hours.lowerBound % 60, in: rules.zone))
            switch moment(for: step, on: message.message.channel, situation.history, from: start, rules, &remarks) {
            case .failure(let never): return .noContact(never)
            case .success(let moment):
                // Where it can only leave on the day of a later step, that step says it.
                if index + 1 < ahead.count, day(ahead[index + 1]) <= moment.day(in: rules.zone),
                    ahead[(index + 1)...].contains(where: { carrier(of: $0, situation, []) != nil })
                {
                    continue
                }
                return .send(compose(step, message, situation, at: moment, remarks, rules))
            }
        }
        if let closing {
            let due = Moment(enrolment.dayZero.adding(days: closing.day), hour: 9, in: rules.zone)
            return .close(closing, at: max(from, due))
        }
        return .noContact(refusal ?? NoContact(.finished, "se hicieron todos los pasos", ends: true))
    }

    private func carrier(of step: CampaignStep, _ situation: Situation, _ tried: Set<ContactChannel>) -> (
        CampaignMessage, String, Bool
    )? {
        var ignored: [String] = []
        return carrier(of: step, situation, tried, &ignored)
    }

    /// The first channel of the step that was not tried in vain and on which there is an address.
    private func carrier(
        of step: CampaignStep, _ situation: Situation, _ tried: Set<ContactChannel>, _ remarks: inout [String]
    ) -> (message: CampaignMessage, address: String, verified: Bool)? {
        for message in step.messages {
            if tried.contains(message.channel) {
                remarks.append("\(message.channel.rawValue): no se pudo entregar")
                continue
            }
            switch situation.reach[message.channel] ?? .none("no se usa este canal") {
            case .address(let address, let verified): return (message, address, verified)
            case .none(let why): remarks.append("\(message.channel.rawValue): \(why)")
            }
        }
        return nil
    }

    private enum Outcome {
        case success(Moment)
        case failure(NoContact)
    }

    /// The first moment from `start` that is inside the step's hours and that conduct allows.
    private func moment(
        for step: CampaignStep, on channel: ContactChannel, _ history: ContactHistory, from start: Moment,
        _ rules: CampaignRules,
        _ remarks: inout [String]
    ) -> Outcome {
        var candidate = start
        var reason = ""
        for _ in 0..<120 {
            let day = candidate.day(in: rules.zone)
            let minute = candidate.minuteOfDay(in: rules.zone)
            if !step.hours.contains(minute) {
                let opens = minute < step.hours.lowerBound ? day : day.adding(days: 1)
                candidate = Moment(
                    opens, hour: step.hours.lowerBound / 60, minute: step.hours.lowerBound % 60, in: rules.zone)
                continue
            }
            switch rules.conduct.mayContact(
                .proactive, on: channel.rawValue, history: history, at: candidate, zone: rules.zone,
                calendar: rules.calendar)
            {
            case .allowed: return .success(candidate)
            case .refused(let refusal):
                let why = "\(refusal.why) (\(refusal.rule.id))"
                guard let until = refusal.until, until > candidate else {
                    return .failure(NoContact(.conduct, why, ends: true))
                }
                reason = why
                if !remarks.contains(why) { remarks.append(why) }
                candidate = until
            }
        }
        return .failure(
            NoContact(.conduct, "el horario del paso nunca coincide con el permitido (\(reason))", ends: true))
    }

    private func compose(
        _ step: CampaignStep, _ carrier: (message: CampaignMessage, address: String, verified: Bool),
        _ situation: Situation, at moment: Moment, _ remarks: [String], _ rules: CampaignRules
    ) -> PlannedMessage {
        let verified = carrier.verified && carrier.message.verifiedWording != nil
        let wording =
            carrier.verified ? carrier.message.verifiedWording ?? carrier.message.wording : carrier.message.wording
        func value(_ placeholder: CampaignText.Placeholder) -> String {
            placeholder.value(for: situation, on: moment.day(in: rules.zone), rules.company)
        }
        return PlannedMessage(
            stepDay: step.day, channel: carrier.message.channel, address: carrier.address, at: moment,
            text: wording.text.rendered(value), subject: wording.subject?.rendered(value), template: wording.template,
            parameters: wording.template == nil ? [] : wording.text.placeholders.map(value),
            header: wording.header?.map { $0.rendered(value) },
            buttons: wording.buttons?.map { $0.map { $0.rendered(value) } }, verified: verified,
            remarks: remarks)
    }

    private func text(_ moment: Moment, _ zone: Zone) -> String { moment.day(in: zone).iso }
}
