import Quantities

/// A promise to pay: account, amount, pay-by day, the offer it accepts and the evidence that it was made.
public struct PromiseToPay: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable {
        case open, kept, partiallyKept, broken, withdrawn, superseded
    }
    public var id: String
    public var accountID: String
    public var amount: Money
    public var payBy: Day
    public var createdOn: Day
    public var offer: Offer
    /// Ids of the inbound messages by which the customer proposed and confirmed it (I3).
    public var evidence: [String]
    public var state: State
    /// Last day on which a payment counts: the pay-by day rolled to a business day plus the grace days.
    public var deadline: Day
    /// The plan and instalment this promise belongs to, if any.
    public var planID: String?

    public init(
        id: String, accountID: String, amount: Money, payBy: Day, createdOn: Day, offer: Offer, evidence: [String],
        state: State = .open, deadline: Day, planID: String? = nil
    ) {
        self.id = id
        self.accountID = accountID
        self.amount = amount
        self.payBy = payBy
        self.createdOn = createdOn
        self.offer = offer
        self.evidence = evidence
        self.state = state
        self.deadline = deadline
        self.planID = planID
    }
}
