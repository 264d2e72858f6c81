import Quantities

/// An amount of the policy, in each currency that it names. A currency that it does not name has none: what depends on
/// it is not offered to accounts in that currency.
public struct PolicyAmount: Hashable, Sendable {
    private var amounts: [Currency: Money] = [:]

    public init(_ amounts: Money...) { for amount in amounts { self.amounts[amount.currency] = amount } }

    public subscript(currency: Currency) -> Money? { amounts[currency] }

    mutating func set(_ amount: Money) { amounts[amount.currency] = amount }

    /// The currencies named.
    var currencies: Set<Currency> { Set(amounts.keys) }
}

extension Currency {
    /// As a manager names it in the policy file.
    var policyName: String {
        switch self {
        case .ars: "pesos"
        case .usd: "dolares"
        }
    }
}

/// Something in a policy that can be read and may not be meant.
public struct PolicyWarning: Hashable, Sendable, CustomStringConvertible {
    /// In the policy file, from 1.
    public var line: Int
    /// In Spanish; names the stage and the segment, where it is one's.
    public var text: String
    public var description: String { "\(line): \(text)" }
}
