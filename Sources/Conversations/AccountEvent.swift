import Ledger
import Negotiation
import Quantities

/// Something that the company's other systems are told of: a row of the event log, posted to their webhooks.
///
/// It carries ids, figures and days, never a name, a phone, a document or what was said. Amounts are decimal text.
public struct AccountEvent: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case promiseMade = "promise.made"
        case promiseKept = "promise.kept"
        case promisePartiallyKept = "promise.partially_kept"
        case promiseBroken = "promise.broken"
        case promiseWithdrawn = "promise.withdrawn"
        case promiseSuperseded = "promise.superseded"
        /// A payment bounced before the promise's day: it is waited for again.
        case promiseReopened = "promise.reopened"
        case planMade = "plan.made"
        case planBroken = "plan.broken"
        case planReinstated = "plan.reinstated"
        case planCompleted = "plan.completed"
        case planCancelled = "plan.cancelled"
        case paymentReceived = "payment.received"
        case paymentReversed = "payment.reversed"
        /// The ERP sent a known payment with another amount, day or item.
        case paymentCorrected = "payment.corrected"
        case handoffOpened = "handoff.opened"
        case handoffClaimed = "handoff.claimed"
        /// Back in the queue: its agent let it go, or is gone.
        case handoffReleased = "handoff.released"
        /// The customer wrote again after it was closed.
        case handoffReopened = "handoff.reopened"
        /// The customer asked to be called, or is to be called again.
        case handoffScheduled = "handoff.scheduled"
        /// The time of its call has come.
        case handoffDue = "handoff.due"
        case handoffCalled = "handoff.called"
        case handoffReturned = "handoff.returned"
        case handoffClosed = "handoff.closed"
        case contactOptedOut = "contact.opted_out"
        case contactWrongNumber = "contact.wrong_number"
        /// The person was erased here: who got their data erases them too (Ley 25.326, art. 16 inc. 4).
        case personErased = "person.erased"

        /// What a promise's new state is told as.
        static func judged(_ state: PromiseToPay.State) -> Kind {
            switch state {
            case .open: .promiseReopened
            case .kept: .promiseKept
            case .partiallyKept: .promisePartiallyKept
            case .broken: .promiseBroken
            case .withdrawn: .promiseWithdrawn
            case .superseded: .promiseSuperseded
            }
        }
    }

    public struct PromiseFigures: Hashable, Sendable, Codable {
        public var id: String
        public var amount: String
        public var currency: Currency
        public var pay_by: Day
        /// The last day on which a payment counts.
        public var deadline: Day
        public var created_on: Day
        /// What was paid towards it by now.
        public var paid: String
        public var plan: String?
        public var policy: String
        /// Ids of the messages in which the customer proposed and confirmed it.
        public var evidence: [String]
    }

    public struct PlanFigures: Hashable, Sendable, Codable {
        public var id: String
        public var total: String
        public var currency: Currency
        public var instalments: Int
        public var first_due: Day
        public var last_due: Day
        /// What is lacking to missed instalments.
        public var arrears: String
        /// Where it broke: since when, and the last day on which paying the arrears brings it back.
        public var broken_on: Day?
        public var reinstatable_until: Day?
        public var evidence: [String]
    }

    public struct PaymentFigures: Hashable, Sendable, Codable {
        public var id: String
        public var amount: String
        public var currency: Currency
        public var day: Day
        public var reversed_on: Day?
        public var item: String?
    }

    public struct HandoffFigures: Hashable, Sendable, Codable {
        public var id: String
        public var reason: String
        public var priority: Int
        public var agent: String?
        /// The call that the customer asked for: when, `2026-11-26T15:30:00-03:00`, and what became of it.
        public var call_at: String?
        public var call: CallBack.State?
    }

    public var kind: Kind
    public var at: Moment
    /// Nil where somebody without an account asked for a person.
    public var account: String?
    public var conversation: String?
    public var promise: PromiseFigures?
    public var plan: PlanFigures?
    public var payment: PaymentFigures?
    public var handoff: HandoffFigures?

    public init(_ kind: Kind, account: String?, conversation: String? = nil, at: Moment) {
        self.kind = kind
        self.account = account
        self.conversation = conversation
        self.at = at
    }

    /// Events of one lane are delivered one after the other: those of an account, or of a stranger's conversation.
    public var lane: String { account ?? conversation.map { "/" + $0 } ?? "" }
}

extension AccountEvent {
    public init(_ kind: Kind, _ payment: Payment, account: String, at moment: Moment) {
        self.init(kind, account: account, at: moment)
        self.payment = PaymentFigures(payment)
    }

    /// What is told of a payment that came in, or came again with something else.
    public static func news(of payment: Payment, was before: Payment?) -> [Kind] {
        var kinds: [Kind] = before == nil ? [.paymentReceived] : []
        var unreversed = payment
        unreversed.reversedOn = before?.reversedOn
        if let before, unreversed != before { kinds.append(.paymentCorrected) }
        if payment.reversedOn != before?.reversedOn {
            kinds.append(payment.reversedOn == nil ? .paymentCorrected : .paymentReversed)
        }
        return kinds
    }
}

extension AccountEvent.PromiseFigures {
    init(_ promise: PromiseToPay, paid: [Payment]) {
        self.init(
            id: promise.id, amount: promise.amount.plain, currency: promise.amount.currency, pay_by: promise.payBy,
            deadline: promise.deadline, created_on: promise.createdOn,
            paid: paid.reduce(Money.zero(promise.amount.currency)) { $1.reversedOn == nil ? $0 + $1.amount : $0 }.plain,
            plan: promise.planID, policy: promise.offer.policyVersion, evidence: promise.evidence)
    }
}

extension AccountEvent.PlanFigures {
    /// - Parameter promises: the plan's, in order of their days; at least one.
    init(_ promises: [PromiseToPay], _ standing: PlanStanding?) {
        let zero = Money.zero(promises[0].amount.currency)
        self.init(
            id: promises[0].planID ?? "", total: promises.reduce(zero) { $0 + $1.amount }.plain,
            currency: zero.currency, instalments: promises.count, first_due: promises[0].payBy,
            last_due: promises[promises.count - 1].payBy, arrears: (standing?.arrears ?? zero).plain,
            evidence: promises[0].evidence)
        if case .broken(let day, let until) = standing?.state { (broken_on, reinstatable_until) = (day, until) }
    }
}

extension AccountEvent.PaymentFigures {
    init(_ payment: Payment) {
        self.init(
            id: payment.id, amount: payment.amount.plain, currency: payment.amount.currency, day: payment.day,
            reversed_on: payment.reversedOn, item: payment.chosenItem)
    }
}
