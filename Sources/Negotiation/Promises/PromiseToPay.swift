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
    /// Its place in the plan: 0 is the down payment, then 1, 2, …; nil outside plans and in those of earlier versions.
    public var number: Int?
    /// The probability that the account does not pay, by the company's risk card when the promise was made; nil where it
    /// has none.
    public var risk: Percent?
    /// How it ended without being judged; nil in promises of earlier versions too.
    public var closure: Closure?

    /// Why a promise is no longer waited for.
    public struct Closure: Hashable, Sendable, Codable {
        public var on: Day
        /// Who asked for it: the debtor or someone of the company, by name.
        public var by: String
        /// The promise that took its place, where it was renegotiated.
        public var successor: String?

        public init(on day: Day, by name: String, successor: String?) {
            (on, by, self.successor) = (day, name, successor)
        }
    }

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

    /// Gives way to another promise over the same debt (renegotiated). Only an open promise can; otherwise nothing changes.
    public mutating func supersede(by successor: String, askedBy name: String, on day: Day) {
        guard state == .open else { return }
        state = .superseded
        closure = Closure(on: day, by: name, successor: successor)
    }

    /// Is taken back by the debtor or the company. Only an open promise can; otherwise nothing changes.
    public mutating func withdraw(askedBy name: String, on day: Day) {
        guard state == .open else { return }
        state = .withdrawn
        closure = Closure(on: day, by: name, successor: nil)
    }
}
