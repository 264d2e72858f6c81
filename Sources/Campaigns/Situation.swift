import Conduct
import Ledger
import Negotiation
import Quantities

/// Everything about one account that a campaign looks at.
public struct Situation: Hashable, Sendable {
    public var account: Account
    /// Of the day of the decision.
    public var statement: Statement
    public var stage: Stage
    public var segment: String
    public var hasOpenPromise: Bool
    public var attendedByPerson: Bool
    public var lastReply: Moment?
    /// The agency that the account is assigned to.
    public var agency: String?
    public var reach: [ContactChannel: Reach]
    public var history: ContactHistory
    public var enrolment: Enrolment?

    /// How the account's person is reached on a channel.
    public enum Reach: Hashable, Sendable {
        /// - Parameter verified: whether who reads there was verified as the holder (I4).
        case address(String, verified: Bool)
        /// In Spanish, why not.
        case none(String)
    }

    public init(
        account: Account, statement: Statement, stage: Stage, segment: String, hasOpenPromise: Bool = false,
        attendedByPerson: Bool = false, lastReply: Moment? = nil, agency: String? = nil,
        reach: [ContactChannel: Reach] = [:], history: ContactHistory = ContactHistory(), enrolment: Enrolment? = nil
    ) {
        self.account = account
        self.statement = statement
        self.stage = stage
        self.segment = segment
        self.hasOpenPromise = hasOpenPromise
        self.attendedByPerson = attendedByPerson
        self.lastReply = lastReply
        self.agency = agency
        self.reach = reach
        self.history = history
        self.enrolment = enrolment
    }
}

extension Audience {
    /// In Spanish, why the account is not one of them; nil where it is.
    func refusal(of situation: Situation) -> String? {
        let owed = situation.statement.demandable
        if !stages.isEmpty, !stages.contains(situation.stage) {
            return "está en la etapa \(situation.stage.spanishName)"
        }
        if !segments.isEmpty, !segments.contains(situation.segment) { return "es del segmento \(situation.segment)" }
        if let currency, currency != situation.account.currency {
            return "debe en \(situation.account.currency.rawValue)"
        }
        if let daysPastDue, let days = owed.daysPastDue, !daysPastDue.contains(days) {
            return days < 0 ? "vence en \(-days) días" : "tiene \(days) días de mora"
        }
        if let balance, !balance.contains(owed.total.cents) { return "debe \(owed.total.formatted)" }
        return nil
    }
}
