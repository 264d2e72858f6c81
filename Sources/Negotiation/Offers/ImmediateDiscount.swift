import Ledger
import Quantities

/// What a discount for paying at once is taken from.
public enum DiscountScope: String, Hashable, Sendable, Codable, CaseIterable {
    case interest = "intereses"
    case interestAndCharges = "intereses_y_cargos"
    case total

    /// In Spanish, for explanations.
    var spanishName: String {
        switch self {
        case .interest: "intereses"
        case .interestAndCharges: "intereses y cargos"
        case .total: "el total"
        }
    }
}

/// A discount for paying at once, as it was worked out.
public struct ImmediateDiscount: Hashable, Sendable {
    /// What the rate was applied to.
    public var base: Money
    public var discount: Money
    public var payable: Money
    /// The floor held the discount back.
    public var floorApplied: Bool

    /// `rate` of the scope, half up to the cent, as far as no less than `floor` is left to pay (a floor above the debt
    /// counts as the debt).
    public init(principal: Money, interest: Money, charges: Money, rate: Percent, scope: DiscountScope, floor: Money) {
        let total = principal + interest + charges
        base =
            switch scope {
            case .interest: interest
            case .interestAndCharges: interest + charges
            case .total: total
            }
        let full = rate.of(base)
        let lowest = min(floor, total)
        floorApplied = total - full < lowest
        discount = floorApplied ? total - lowest : full
        payable = total - discount
    }
}
