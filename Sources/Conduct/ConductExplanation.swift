import Ledger
import Quantities

/// What every rule says of writing to one person at one moment, and from which datum.
public struct ConductExplanation: Sendable {
    public struct Finding: Hashable, Sendable {
        public enum Answer: Hashable, Sendable {
            case permits, refuses
            /// The rule looks at what is written, not at when.
            case looksAtText
        }
        public var rule: ConductRule
        public var answer: Answer
        /// In Spanish, what the rule looked at: "sábado 28/11, 14:30; se puede de 09:00 a 13:00".
        public var datum: String
    }
    public var findings: [Finding]
    public var permission: ContactPermission
    /// The first moment at which every rule permits; nil: never.
    public var next: Moment?
}

extension ConductRules {
    /// Explains ``mayContact(_:on:history:at:zone:calendar:)`` rule by rule.
    /// - Parameters:
    ///   - charge: the collection charge that would be demanded.
    ///   - notice: the proof that it was informed.
    public func explain(
        _ purpose: ContactPurpose, on channel: String, history: ContactHistory, at now: Moment, zone: Zone,
        calendar: BusinessCalendar, charge: Money, informed notice: ChargeNotice?
    ) -> ConductExplanation {
        let situation = ContactSituation(purpose, channel, history, zone, calendar)
        let day = now.day(in: zone)
        let findings = rules.map { rule in
            let answer: ConductExplanation.Finding.Answer
            let datum: String
            switch rule.kind {
            case .disclosure: (answer, datum) = (.looksAtText, "se mira en el primer mensaje de la conversación")
            case .forbidden, .avoided: (answer, datum) = (.looksAtText, "se mira en cada texto")
            case .chargeInformed:
                answer = refusal(of: charge, informed: notice, on: day) == nil ? .permits : .refuses
                datum = Self.datum(of: charge, notice)
            default:
                answer = rule.outcome(at: now, situation) == .permits ? .permits : .refuses
                datum = rule.datum(at: now, situation)
            }
            return ConductExplanation.Finding(rule: rule, answer: answer, datum: datum)
        }
        let permission = mayContact(
            purpose, on: channel, history: history, at: now, zone: zone, calendar: calendar)
        let next: Moment? =
            switch permission {
            case .allowed: now
            case .refused(let refusal): refusal.until
            }
        return ConductExplanation(findings: findings, permission: permission, next: next)
    }

    private static func datum(of charge: Money, _ notice: ChargeNotice?) -> String {
        guard charge.isPositive else { return "no se reclama ningún cargo de gestión" }
        guard let notice, notice.isProof else { return "se reclaman \(charge.formatted) y no consta ningún aviso" }
        return "\(charge.formatted), avisado por \(notice.channel) el \(notice.day.iso): «\(notice.text)»"
    }
}

extension ConductRule {
    /// In Spanish, what the rule looks at in a situation.
    func datum(at now: Moment, _ situation: ContactSituation) -> String {
        let (zone, history) = (situation.zone, situation.history)
        let day = now.day(in: zone)
        let moment = "\(day.formatted(asOf: day)), \(Self.clock(now.minuteOfDay(in: zone)))"
        func names(_ days: [Weekday]) -> String { days.map(\.spanishName).joined(separator: ", ") }
        func contacts(within window: Int) -> String {
            let recent = zip(situation.days, history.proactive).filter { $0.0 <= day && day - $0.0 < window }.map(\.1)
            if recent.isEmpty { return "ningún mensaje nuestro en \(window == 1 ? "el día" : "\(window) días")" }
            return "\(recent.count) \(recent.count == 1 ? "mensaje" : "mensajes") en \(window == 1 ? "el día" : "\(window) días"): "
                + recent.map {
                    "\($0.at.iso(in: zone).prefix(16).replacing("T", with: " "))"
                        + ($0.channel.isEmpty ? "" : " por \($0.channel)")
                }.joined(separator: "; ")
        }
        switch kind {
        case .hours(let weekdays, let from, let to):
            return weekdays.contains(day.weekday)
                ? "\(moment); se puede de \(Self.clock(from)) a \(Self.clock(to))"
                : "no rige los \(names([day.weekday])) (rige \(names(weekdays)))"
        case .noWeekdays: return moment
        case .noHolidays(let kind):
            let name = situation.calendar.holiday(on: day).flatMap { $0.kind == kind ? $0.name : nil }
            return name.map { "es \($0)" }
                ?? (kind == .nationalHoliday ? "no es feriado en el calendario" : "no es día no laborable en el calendario")
        case .atMost(let most, let window): return "\(contacts(within: window)); se puede hasta \(most)"
        case .apart(let gap): return contacts(within: gap)
        case .oneChannel(let window): return "\(contacts(within: window)); se escribiría por \(situation.channel)"
        case .knownChannel:
            let known = history.channels.isEmpty ? "ninguno" : history.channels.joined(separator: ", ")
            return "se escribiría por \(situation.channel); canales que usa: \(known)"
        case .ownHours:
            guard let own = history.standing.ownHours else { return "no pidió ningún horario" }
            let off = own.daysOff.isEmpty ? "" : ", nunca los \(names(own.daysOff))"
            return "\(moment); pidió de \(Self.clock(own.from)) a \(Self.clock(own.to))\(off)"
        case .optedOut: return history.optedOut ? "pidió la baja, en alguna de sus cuentas" : "no pidió la baja"
        case .ceased: return Self.text(history.standing.ceased, zone) ?? "nada detiene la gestión"
        case .wrongNumber:
            return history.wrongNumber ? "avisaron que el número no es del titular" : "nadie dijo que el número sea de otro"
        case .vulnerable: return Self.text(history.standing.vulnerable, zone) ?? "no consta nada grave"
        case .disclosure, .chargeInformed, .forbidden, .avoided: return ""
        }
    }

    private static func text(_ mark: PersonStanding.Mark?, _ zone: Zone) -> String? {
        mark.map { "\($0.why), desde el \($0.since.day(in: zone).iso)" }
    }

    /// `08:30`.
    static func clock(_ minutes: Int) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }
}
