import Quantities

/// One account in one campaign: from when, and what was tried.
public struct Enrolment: Hashable, Sendable, Codable {
    public var campaign: String
    public var accountID: String
    public var at: Moment
    /// The day from which the steps count.
    public var dayZero: Day
    public var attempts: [Attempt]
    public var ended: Ending?

    /// One message that was composed.
    public struct Attempt: Hashable, Sendable, Codable {
        /// The step's day, which names it also after the file was edited.
        public var stepDay: Int
        public var channel: ContactChannel
        public var at: Moment
        /// In the outbox.
        public var messageID: String
        /// Why it could not be delivered; nil as long as nobody said so.
        public var failure: String?
        /// How its calls went, by moment: a dialler may try more than once.
        public var calls: [Call]?

        public init(stepDay: Int, channel: ContactChannel, at: Moment, messageID: String, failure: String? = nil) {
            self.stepDay = stepDay
            self.channel = channel
            self.at = at
            self.messageID = messageID
            self.failure = failure
        }
    }

    public struct Call: Hashable, Sendable, Codable {
        public var at: Moment
        public var outcome: CallResult.Outcome

        public init(at: Moment, outcome: CallResult.Outcome) {
            self.at = at
            self.outcome = outcome
        }
    }

    public struct Ending: Hashable, Sendable, Codable {
        public var at: Moment
        /// In Spanish.
        public var reason: String
        /// What a person has to do now.
        public var closing: Closing.Action?

        public init(at: Moment, reason: String, closing: Closing.Action? = nil) {
            self.at = at
            self.reason = reason
            self.closing = closing
        }
    }

    public init(campaign: String, accountID: String, at: Moment, dayZero: Day) {
        self.campaign = campaign
        self.accountID = accountID
        self.at = at
        self.dayZero = dayZero
        attempts = []
    }
}
