import Quantities

/// What we may not do in one country: when and how often a person may be contacted, what must be said, what is never
/// said. Read from a table; the engine knows no country.
public struct ConductRules: Sendable {
    public var rules: [ConductRule]
    /// The wordings that the rules speak of.
    public var phrases: PhraseTable

    public init(rules: [ConductRule], phrases: PhraseTable) {
        self.rules = rules
        self.phrases = phrases
    }

    /// Whether a message may be sent now. A reply to somebody who wrote always may.
    /// - Parameters:
    ///   - channel: where it would be sent, by the channel's name.
    ///   - zone: where the person lives.
    /// - Returns: the rule that refuses it, with the first moment at which all of them permit it. Of several, one that
    ///   refuses for ever comes first, then the first of the table.
    public func mayContact(
        _ purpose: ContactPurpose, on channel: String, history: ContactHistory, at now: Moment, zone: Zone,
        calendar: BusinessCalendar
    ) -> ContactPermission {
        if purpose == .reply { return .allowed }
        let situation = ContactSituation(purpose, channel, history, zone, calendar)
        var refusing: ConductRule?
        for rule in rules {
            switch rule.outcome(at: now, situation) {
            case .permits: break
            case .refuses(until: nil): return .refused(ContactRefusal(rule: rule, until: nil))
            case .refuses: refusing = refusing ?? rule
            }
        }
        guard let refusing else { return .allowed }
        return .refused(ContactRefusal(rule: refusing, until: firstPermitted(from: now, situation)))
    }

    /// Changes of day, hour or cap that are looked through: some three months of them.
    private static let horizon = 200

    /// The first moment from `now` at which every rule permits; nil where there is none within the horizon.
    ///
    /// Each rule says exactly when it stops refusing, so no permitted moment is passed over.
    func firstPermitted(from now: Moment, _ situation: ContactSituation) -> Moment? {
        var candidate = now
        for _ in 0..<Self.horizon {
            var next = candidate
            for rule in rules {
                guard case .refuses(let until) = rule.outcome(at: candidate, situation) else { continue }
                guard let until else { return nil }
                next = max(next, until)
            }
            if next == candidate { return candidate }
            candidate = next
        }
        return nil
    }
}
