import Quantities

/// An account given to a collection agency: the bot says nothing on its own initiative until it comes back.
public struct Assignment: Hashable, Sendable, Codable {
    public var accountID: String
    public var agency: String
    public var assignedOn: Day
    /// When it came back, and why, in Spanish; nil while the agency has it.
    public var ended: Ending?

    public struct Ending: Hashable, Sendable, Codable {
        public var on: Day
        public var reason: String
        public init(on: Day, reason: String) {
            self.on = on
            self.reason = reason
        }
    }

    public init(accountID: String, agency: String, assignedOn: Day) {
        self.accountID = accountID
        self.agency = agency
        self.assignedOn = assignedOn
    }
}
