import Quantities

/// A call that a customer asked for: when, where to, what about, and how each try went.
public struct CallBack: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable {
        case pending, reached
        /// Nobody answered, and no further try is made.
        case givenUp
        case cancelled
    }

    public struct Attempt: Hashable, Sendable, Codable {
        public var at: Moment
        public var agent: String
        public var reached: Bool
        public init(at: Moment, agent: String, reached: Bool) {
            self.at = at
            self.agent = agent
            self.reached = reached
        }
    }

    /// Tries after which nobody calls again: who does not answer is written to.
    public static let mostAttempts = 3
    /// How far ahead a call can be put, in days.
    public static let mostDaysAhead = 60

    /// When it is to be made; of one for which no time was said, the first moment at which it may be.
    public var at: Moment
    /// In E.164.
    public var phone: String
    /// In the words of who noted it; empty where the bot did, on the phone.
    public var about: String
    /// The agent who noted it; nil where the bot did.
    public var notedBy: String?
    public var attempts: [Attempt] = []
    public var state = State.pending

    public init(at moment: Moment, phone: String, about: String, notedBy: String?) {
        at = moment
        self.phone = phone
        self.about = about
        self.notedBy = notedBy
    }

    /// Whether `text` is a phone in E.164, such as `+5491100000003`.
    public static func isPhone(_ text: String) -> Bool {
        text.hasPrefix("+") && text.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
            && (9...16).contains(text.utf8.count)
    }
}
