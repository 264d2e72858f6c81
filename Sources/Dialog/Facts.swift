import Negotiation
import Quantities
import Synchronization

/// What the dialog knows of the world in one turn. Immutable; what it offers is priced once, when first asked for.
public final class Facts: Sendable {
    public let bargain: Bargain
    public let now: Moment
    public let zone: Zone
    public let payment: PaymentInstructions
    /// Within attended hours, for "un asesor te responde…".
    public let humansAvailable: Bool
    public let attendedHours: String
    /// The address of the customer's own page; nil where there is none.
    private let page: (@Sendable () -> String)?
    private let priced = Mutex(Priced())

    public init(
        bargain: Bargain, now: Moment, zone: Zone, payment: PaymentInstructions, humansAvailable: Bool,
        attendedHours: String, page: (@Sendable () -> String)? = nil
    ) {
        self.bargain = bargain
        self.now = now
        self.zone = zone
        self.payment = payment
        self.humansAvailable = humansAvailable
        self.attendedHours = attendedHours
        self.page = page
    }

    var pageAddress: String? { page?() }

    public var today: Day { bargain.today }

    /// The plans that the policy lets the bot offer.
    var plans: [Offer] { priced.withLock { $0.plans.once { bargain.plans() } } }
    /// Everything today, with its discount.
    var payNow: Offer { priced.withLock { $0.payNow.once { bargain.payNow() } } }
    /// The concession ladder, best for the creditor first.
    var ladder: [Offer] { priced.withLock { $0.ladder.once { bargain.offers() } } }
    /// ``Bargain/currentPlan``: the latest plan that nothing took the place of.
    var currentPlan: PlanStanding? { priced.withLock { $0.currentPlan.once { bargain.currentPlan } } }

    /// What was worked out already.
    private struct Priced {
        var plans: [Offer]?
        var payNow: Offer?
        var ladder: [Offer]?
        var currentPlan: PlanStanding??
    }
}

extension Optional {
    /// The value; made the first time that it is asked for.
    fileprivate mutating func once(_ make: () -> Wrapped) -> Wrapped {
        if let self { return self }
        let made = make()
        self = made
        return made
    }
}
