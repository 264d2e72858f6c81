import Ledger
import Quantities

/// Where an account stands in the collection process.
public enum Stage: String, Hashable, Sendable, Codable {
    case preventive, administrative, extrajudicial
}

/// The manager's rules. Helper B writes the real one (YAML, checked by line, terms by stage and segment).
public struct Policy: Hashable, Sendable {
    /// Content hash or the manager's version label; carried by every offer.
    public var version: String
    public static func load(yaml: String, file: String) throws -> Policy { fatalError("helper B") }
    /// Days past due and broken promises decide the stage.
    public func stage(of statement: Statement, brokenPromises: Int) -> Stage { fatalError("helper B") }
}

extension Bargain {
    public var stage: Stage { fatalError("helper B") }
    /// Smallest partial payment that the policy accepts today.
    public var minimumAmount: Money { fatalError("helper B") }
    /// Last day that a promise may name.
    public var latestDay: Day { fatalError("helper B") }
    /// The concession ladder, best for the creditor first: pay now, promise of everything, partial, plans.
    public func offers() -> [Offer] { fatalError("helper B") }
    /// Only the instalment plans of the ladder.
    public func plans() -> [Offer] { fatalError("helper B") }
    public func payNow() -> Offer { fatalError("helper B") }
    public func judge(_ proposal: Proposal) -> Verdict { fatalError("helper B") }
    /// An offer accepted today at the price it had; nil when it has expired.
    public func reprice(_ offer: Offer) -> Offer? { fatalError("helper B") }
}

/// What moves a promise.
public enum PromiseEvent: Hashable, Sendable, Codable {
    /// Payments of the account changed; all of them, reversed ones included.
    case payments([Payment])
    /// A calendar day ended.
    case dayEnded(Day)
    case withdrawn
    case superseded
}

/// What a promise event asks the caller to do.
public enum PromiseAction: Hashable, Sendable, Codable {
    case none, kept, partiallyKept, broken
}

extension PromiseToPay {
    /// Applies one event; an event that cannot happen in the present state changes nothing and returns `.none`.
    public mutating func apply(
        _ event: PromiseEvent, payments: [Payment], today: Day, policy: Policy
    ) -> PromiseAction { fatalError("helper B") }
}

extension Offer {
    /// The promises that accepting the offer creates, one per instalment, in order.
    public func promises(
        accountID: String, today: Day, evidence: [String], policy: Policy, calendar: BusinessCalendar,
        newID: () -> String
    ) -> [PromiseToPay] { fatalError("helper B") }
}
