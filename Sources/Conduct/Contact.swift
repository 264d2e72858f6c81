import Quantities

/// Why a message would be sent.
public enum ContactPurpose: String, Hashable, Sendable, Codable {
    /// Answers somebody who wrote: always allowed.
    case reply
    /// The bot speaks first: reminder, due date, broken promise, campaign.
    case proactive
    /// The bot asks again in a conversation that the person began: within hours and days, and it counts for no cap.
    case nudge
    /// The bot speaks first to acknowledge a payment: the debtor's right (CCCN 896), also of who asked to be left alone.
    case receipt
    /// A person calls because they asked for it: within hours and days, however often we wrote.
    case requested
}

/// One message that we sent on our own initiative.
public struct Contact: Hashable, Sendable, Codable {
    public var at: Moment
    /// `whatsapp`, `generic`, …; empty where it was not written down.
    public var channel: String
    public init(at: Moment, channel: String) {
        self.at = at
        self.channel = channel
    }
}

/// When a person asked to be written to.
public struct OwnHours: Hashable, Sendable, Codable {
    /// Minutes of the day, `from` inclusive and `to` exclusive.
    public var from: Int
    public var to: Int
    /// Days of the week on which they do not want to be written to, in order.
    public var daysOff: [Weekday]
    public init(from: Int = 0, to: Int = 1440, daysOff: [Weekday] = []) {
        self.from = from
        self.to = to
        self.daysOff = daysOff
    }

    /// Both wishes; where they leave no hour of the day, the later one.
    public func joined(with later: OwnHours) -> OwnHours {
        var result = OwnHours(
            from: max(from, later.from), to: min(to, later.to),
            daysOff: Set(daysOff + later.daysOff).sorted { $0.rawValue < $1.rawValue })
        if result.from >= result.to { (result.from, result.to) = (later.from, later.to) }
        return result
    }
}

/// What one person asked of us or told us, on any channel and about any account, that limits how we may speak first.
public struct PersonStanding: Hashable, Sendable, Codable {
    /// Since when, and what for.
    public struct Mark: Hashable, Sendable, Codable {
        public var since: Moment
        /// In Spanish: "desconoció la deuda".
        public var why: String
        public init(since: Moment, why: String) {
            self.since = since
            self.why = why
        }
    }
    /// Collection stopped: they dispute the debt, or asked us to stop asking for it.
    public var ceased: Mark?
    /// Distress, illness, a death: only a person may contact them.
    public var vulnerable: Mark?
    public var ownHours: OwnHours?
    public init(ceased: Mark? = nil, vulnerable: Mark? = nil, ownHours: OwnHours? = nil) {
        self.ceased = ceased
        self.vulnerable = vulnerable
        self.ownHours = ownHours
    }
}

/// What is known of past contact with one person, over all channels and all of their accounts.
public struct ContactHistory: Hashable, Sendable, Codable {
    public var optedOut: Bool
    /// The address that would be written to is not the debtor's.
    public var wrongNumber: Bool
    public var standing: PersonStanding
    /// Earlier messages on our own initiative.
    public var proactive: [Contact]
    /// Channels on which they wrote to us, or agreed to be written to.
    public var channels: [String]
    public init(
        optedOut: Bool = false, wrongNumber: Bool = false, standing: PersonStanding = PersonStanding(),
        proactive: [Contact] = [], channels: [String] = []
    ) {
        self.optedOut = optedOut
        self.wrongNumber = wrongNumber
        self.standing = standing
        self.proactive = proactive
        self.channels = channels
    }
}

/// Why a message may not be sent now.
public struct ContactRefusal: Error, Hashable, Sendable {
    /// The rule that refuses, with its source.
    public var rule: ConductRule
    /// The first moment at which every rule permits it; nil: never.
    public var until: Moment?
    /// In Spanish, why not.
    public var why: String { rule.why }
    public init(rule: ConductRule, until: Moment?) {
        self.rule = rule
        self.until = until
    }
}

public enum ContactPermission: Hashable, Sendable {
    case allowed
    case refused(ContactRefusal)
}
