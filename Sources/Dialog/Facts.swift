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
    private let priced = Mutex<(plans: [Offer]?, payNow: Offer?)>((nil, nil))

    public init(
        bargain: Bargain, now: Moment, zone: Zone, payment: PaymentInstructions, humansAvailable: Bool,
        attendedHours: String
    ) {
        self.bargain = bargain
        self.now = now
        self.zone = zone
        self.payment = payment
        self.humansAvailable = humansAvailable
        self.attendedHours = attendedHours
    }

    public var today: Day { bargain.today }

    /// The plans that the policy lets the bot offer.
    var plans: [Offer] {
        priced.withLock { priced in
            let plans = priced.plans ?? bargain.plans()
            priced.plans = plans
            return plans
        }
    }

    /// Everything today, with its discount.
    var payNow: Offer {
        priced.withLock { priced in
            let offer = priced.payNow ?? bargain.payNow()
            priced.payNow = offer
            return offer
        }
    }
}
