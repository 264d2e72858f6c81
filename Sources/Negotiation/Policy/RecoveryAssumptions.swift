import Quantities

/// How customers are assumed to answer, for comparing policies: assumptions, not findings; replace them with shares from
/// your own history. All in basis points.
///
/// An account takes at most one option. Of every 10 000 accounts with an option of the kind on offer:
/// - `payNow` take everything today, and half of the discount's share of the debt on top, up to `payNowMost`;
/// - `promise` promise everything, `plan` take the shortest plan, `partial` promise the smallest part.
///
/// What is taken is paid as follows: `keptToday` of what is due today; of what is due in d days, `keptLater` less
/// `lostPerDay` a day, at least `keptLeast`; of the n-th instalment, `keptLater` less n times `lostPerInstalment`, at
/// least `keptLeast`. The shares taken add up to 10 000 at most.
public struct RecoveryAssumptions: Hashable, Sendable {
    public var payNow: Int64 = 1500
    public var payNowMost: Int64 = 5000
    public var promise: Int64 = 2500
    public var plan: Int64 = 1500
    public var partial: Int64 = 1000
    public var keptToday: Int64 = 9000
    public var keptLater: Int64 = 8000
    public var lostPerDay: Int64 = 100
    public var lostPerInstalment: Int64 = 500
    public var keptLeast: Int64 = 2000

    public init() {}

    /// Of 10 000 accounts with this offer, how many take it.
    public func taken(_ offer: Offer) -> Int64 {
        switch offer.kind {
        case .payNow:
            guard let debt = offer.debt, debt.isPositive else { return payNow }
            return min(payNowMost, payNow + offer.discount.scaled(5000, over: debt.cents).cents)
        case .promise: return promise
        case .plan: return plan
        case .partial: return partial
        }
    }

    /// Of 10 000 units due under an instalment of `offer`, how many are paid.
    public func kept(_ instalment: Instalment, of offer: Offer) -> Int64 {
        let days = Int64(instalment.dueDay - offer.pricedOn)
        if days <= 0 { return keptToday }
        let lost = offer.kind == .plan ? Int64(instalment.number) * lostPerInstalment : days * lostPerDay
        return max(keptLeast, keptLater - lost)
    }
}
