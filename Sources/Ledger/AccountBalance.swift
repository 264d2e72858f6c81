import Quantities

/// The balance of an account on one day (I11): what it was owed, with all that accrued, is what is owed still, what was
/// paid and what was waived, to the cent.
public struct AccountBalance: Hashable, Sendable {
    /// Principal of the items as imported.
    public var principal: Money
    /// What indices added to the principal (or took off it).
    public var indexation: Money
    /// All moratory and punitive interest that accrued, with VAT.
    public var interest: Money
    /// All charges, with VAT.
    public var charges: Money
    /// Payments made by the day and not reversed by then.
    public var paid: Money
    /// What waivers took off in fact.
    public var waived: Money
    public var owed: Money
    public var credit: Money

    /// I11.
    public var holds: Bool { principal + indexation + interest + charges == owed - credit + paid + waived }
}
