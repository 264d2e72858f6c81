import Quantities

/// What a figure can be told apart by.
public enum Dimension: String, CaseIterable, Sendable {
    case currency, segment, version, agent
}

/// What is summed as it happens.
public enum RollupKind: String, CaseIterable, Sendable {
    /// Promises by the day on which they were made, and by the day to pay by; the detail is the state.
    case promise, due
    /// Of the promises that were weighed by the risk card, by the day to pay by: the promised money, and that times the
    /// probability that it is paid; the detail is the state.
    case weighed, expected
    /// Payments that stand, by their day.
    case payment
    /// By the hour in which they were opened; the detail is the reason, the agent whoever has or had it.
    case handoff
    /// Messages on our own initiative by the hour in which they were decided, and those that the person answered within a
    /// day; the detail is the channel.
    case contact, answer
    /// Messages that left through a gateway; the detail is the channel, the agent who wrote.
    case message
    /// Talks by the hour in which they began: a message of the customer after twelve hours of silence.
    case talk
    /// Conversations that came to a state of a dialog for the first time; the detail is the state.
    case step
    /// From the audit log: `verified`, `dialog.ended:OUTCOME`, `proactive.refused:RULE`…
    case event

    /// Whether ``RollupRow/at`` counts hours since 1970 in UTC, not days.
    public var isHourly: Bool { ![.promise, .due, .weighed, .expected, .payment].contains(self) }

    /// What rows of this kind are told apart by; filters by anything else do not touch them.
    public var dimensions: Set<Dimension> {
        switch self {
        case .promise: [.currency, .segment, .version, .agent]
        case .due, .weighed, .expected, .payment: [.currency, .segment]
        case .handoff: [.segment, .version, .agent]
        case .contact, .answer: [.segment]
        case .message: [.agent]
        case .talk: [.segment, .version]
        case .step: [.version]
        case .event: []
        }
    }
}

/// How finely sums are told apart besides by the detail: what is not asked for is zero or empty in the rows.
public struct RollupGrain: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let time = RollupGrain(rawValue: 1)
    public static let segment = RollupGrain(rawValue: 2)
    public static let version = RollupGrain(rawValue: 4)
    public static let agent = RollupGrain(rawValue: 8)
    /// Days, of what counts hours: ``RollupRow/at`` is one of the hours of each.
    public static let day = RollupGrain(rawValue: 16)
    /// Hours of the week, of what counts hours: ``RollupRow/at`` is one of those that share a weekday and an hour.
    public static let slot = RollupGrain(rawValue: 32)
}

/// A sum: so many things, and the money in them.
public struct RollupRow: Hashable, Sendable {
    /// Days since 1970, or hours in UTC: see ``RollupKind/isHourly``.
    public var at: Int
    public var segment: String
    public var version: String
    /// Empty where no person did it.
    public var agent: String
    public var detail: String
    public var count: Int64
    public var cents: Int64

    public init(
        at: Int, segment: String = "", version: String = "", agent: String = "", detail: String = "", count: Int64,
        cents: Int64 = 0
    ) {
        (self.at, self.segment, self.version, self.agent) = (at, segment, version, agent)
        (self.detail, self.count, self.cents) = (detail, count, cents)
    }

    /// The day of a row that counts days.
    var day: Day { Day(number: at) }

    /// The day and hour of one that counts hours.
    func local(in zone: Zone) -> (day: Day, hour: Int) {
        let moment = Moment(seconds: Int64(at) * 3600)
        return (moment.day(in: zone), moment.minuteOfDay(in: zone) / 60)
    }
}

/// Accounts with unpaid principal that share a segment, a number of broken promises and the day since which they owe.
public struct PortfolioRow: Hashable, Sendable {
    public var segment: String
    public var brokenPromises: Int
    public var oldestDue: Day
    public var accounts: Int64
    public var cents: Int64

    public init(segment: String, brokenPromises: Int, oldestDue: Day, accounts: Int64, cents: Int64) {
        (self.segment, self.brokenPromises, self.oldestDue) = (segment, brokenPromises, oldestDue)
        (self.accounts, self.cents) = (accounts, cents)
    }
}

/// Where the oldest unpaid item of an account stands.
public enum AgeingBucket: Int, CaseIterable, Comparable, Sendable {
    case current, upTo30, upTo60, upTo90, beyond

    /// - Parameter days: past due; 0 or less is current.
    public init(daysPastDue days: Int) {
        self = days <= 0 ? .current : days <= 30 ? .upTo30 : days <= 60 ? .upTo60 : days <= 90 ? .upTo90 : .beyond
    }

    public static func < (a: AgeingBucket, b: AgeingBucket) -> Bool { a.rawValue < b.rawValue }

    public var spanishName: String {
        switch self {
        case .current: "al día"
        case .upTo30: "1 a 30"
        case .upTo60: "31 a 60"
        case .upTo90: "61 a 90"
        case .beyond: "más de 90"
        }
    }
}

/// The accounts that stood in one bucket at the end of a month and in another at the end of the next.
public struct ClosingRow: Hashable, Sendable {
    /// The first of the later month.
    public var month: Day
    public var segment: String
    public var before: AgeingBucket
    public var after: AgeingBucket
    public var accounts: Int64
    /// Unpaid principal at both ends.
    public var centsBefore: Int64
    public var centsAfter: Int64
    /// Principal that fell due in the later month.
    public var billed: Int64

    public init(
        month: Day, segment: String, before: AgeingBucket, after: AgeingBucket, accounts: Int64, centsBefore: Int64,
        centsAfter: Int64, billed: Int64
    ) {
        (self.month, self.segment, self.before, self.after) = (month, segment, before, after)
        (self.accounts, self.centsBefore, self.centsAfter, self.billed) = (accounts, centsBefore, centsAfter, billed)
    }
}
