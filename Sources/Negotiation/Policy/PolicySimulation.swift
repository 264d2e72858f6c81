import Ledger
import Quantities

/// What one policy means for a portfolio on one day, in one currency.
public struct PolicyOutcome: Hashable, Sendable {
    /// Accounts that owe something.
    public var accounts = 0
    public var stages: [Stage: Int] = [:]
    public var debt: Money
    /// Options that can be put to customers, by kind.
    public var offers: [Offer.Kind: Int] = [:]
    /// Accounts for which only a person may take a promise.
    public var needHuman = 0
    /// What is paid where customers answer as assumed; see ``RecoveryAssumptions``.
    public var expectedRecovery: Money
    /// Discounts given where customers answer as assumed.
    public var expectedDiscounts: Money
    /// Discounts given if every account took the greatest one.
    public var greatestDiscounts: Money

    /// Exact sums in 10^-8 cents; the figures are rounded from them once.
    fileprivate var recovered: Int128 = 0
    fileprivate var discounted: Int128 = 0

    fileprivate init(_ currency: Currency) {
        (debt, expectedRecovery, expectedDiscounts, greatestDiscounts) = (
            .zero(currency), .zero(currency), .zero(currency), .zero(currency)
        )
    }
}

/// An account to which the new policy offers something else.
public struct AffectedAccount: Hashable, Sendable {
    public var accountID: String
    public var before: [Offer]
    public var after: [Offer]
}

/// A portfolio under two policies.
public struct PolicySimulation: Hashable, Sendable {
    public struct Sides: Hashable, Sendable {
        public var old: PolicyOutcome
        public var new: PolicyOutcome
    }

    /// By currency; amounts of different currencies are never added.
    public var sides: [Currency: Sides] = [:]
    /// In the order of the portfolio.
    public var affected: [AffectedAccount] = []

    /// Runs every account through both policies as they would be negotiated on `day`. Pure; O(accounts).
    ///
    /// Of the pay-today offers the one with the greatest discount counts, of the plans the shortest: what the policy
    /// concedes at most to those who take it.
    /// - Parameter promises: the promises of each account, by its id.
    public init(
        _ accounts: [Account], promises: [String: [PromiseToPay]] = [:], from old: Policy, to new: Policy, on day: Day,
        calendar: BusinessCalendar, assumptions: RecoveryAssumptions = RecoveryAssumptions()
    ) {
        for account in accounts {
            func bargain(_ policy: Policy) -> Bargain {
                Bargain(
                    account: account, policy: policy, today: day, calendar: calendar,
                    promises: promises[account.id] ?? [])
            }
            let before = bargain(old)
            guard before.statement.total.isPositive else { continue }
            let after = bargain(new)
            let empty = PolicyOutcome(account.currency)
            var sides = sides[account.currency] ?? Sides(old: empty, new: empty)
            let offersBefore = sides.old.add(before, assumptions)
            let offersAfter = sides.new.add(after, assumptions)
            self.sides[account.currency] = sides
            if !zip(offersBefore, offersAfter).allSatisfy({ $0.isSameOption(as: $1) })
                || offersBefore.count != offersAfter.count
            {
                affected.append(AffectedAccount(accountID: account.id, before: offersBefore, after: offersAfter))
            }
        }
    }
}

extension Offer {
    /// Whether a customer would see no difference.
    fileprivate func isSameOption(as other: Offer) -> Bool {
        id == other.id && instalments == other.instalments && discount == other.discount && rate == other.rate
    }
}

extension PolicyOutcome {
    /// Counts an account in.
    /// - Returns: what it would be offered; nothing where only a person may negotiate with it.
    fileprivate mutating func add(_ bargain: Bargain, _ assumptions: RecoveryAssumptions) -> [Offer] {
        accounts += 1
        stages[bargain.stage, default: 0] += 1
        debt += bargain.statement.total
        if case .needsHuman = bargain.judge(Proposal()) {
            needHuman += 1
            return []
        }
        let ladder = bargain.offers()
        for offer in ladder { offers[offer.kind, default: 0] += 1 }
        greatestDiscounts += ladder.map(\.discount).max() ?? .zero(debt.currency)
        let counted = [
            ladder.last { $0.kind == .payNow }, ladder.first { $0.kind == .promise }, ladder.first { $0.kind == .plan },
            ladder.first { $0.kind == .partial },
        ]
        for offer in counted.compactMap({ $0 }) {
            let taken = Int128(assumptions.taken(offer))
            for instalment in offer.instalments {
                let kept = Int128(assumptions.kept(instalment, of: offer))
                recovered += Int128(instalment.amount.cents) * taken * kept
                if offer.discount.isPositive { discounted += Int128(offer.discount.cents) * taken * kept }
            }
        }
        expectedRecovery = Money(cents: roundedHalfUp(recovered, over: 100_000_000), debt.currency)
        expectedDiscounts = Money(cents: roundedHalfUp(discounted, over: 100_000_000), debt.currency)
        return ladder
    }
}
