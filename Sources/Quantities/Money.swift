/// A currency in which debts are kept. The smallest unit of each is one hundredth.
public enum Currency: String, Codable, Sendable, CaseIterable {
    case ars = "ARS"
    case usd = "USD"
}

/// An amount of money in the smallest unit (cents) of its currency.
///
/// Arithmetic between different currencies is a programmer error and traps.
public struct Money: Hashable, Sendable, Codable, Comparable {
    public let cents: Int64
    public let currency: Currency

    public init(cents: Int64, _ currency: Currency = .ars) {
        self.cents = cents
        self.currency = currency
    }

    public static func zero(_ currency: Currency = .ars) -> Money { Money(cents: 0, currency) }

    /// Whole pesos (or dollars).
    public static func units(_ units: Int64, _ currency: Currency = .ars) -> Money {
        Money(cents: units * 100, currency)
    }

    public var isZero: Bool { cents == 0 }
    public var isPositive: Bool { cents > 0 }

    public static func + (a: Money, b: Money) -> Money {
        precondition(a.currency == b.currency, "money of different currencies cannot be added")
        return Money(cents: a.cents + b.cents, a.currency)
    }

    public static func - (a: Money, b: Money) -> Money {
        precondition(a.currency == b.currency, "money of different currencies cannot be subtracted")
        return Money(cents: a.cents - b.cents, a.currency)
    }

    public static prefix func - (a: Money) -> Money { Money(cents: -a.cents, a.currency) }
    public static func += (a: inout Money, b: Money) { a = a + b }
    public static func -= (a: inout Money, b: Money) { a = a - b }

    public static func < (a: Money, b: Money) -> Bool {
        precondition(a.currency == b.currency, "money of different currencies cannot be compared")
        return a.cents < b.cents
    }

    /// `self × numerator / denominator`, rounded half up (away from zero) to the cent, once.
    /// - Precondition: `denominator > 0`.
    public func scaled(_ numerator: Int64, over denominator: Int64) -> Money {
        Money(cents: roundedHalfUp(Int128(cents) * Int128(numerator), over: Int128(denominator)), currency)
    }

    /// The amount as plain digits with a point, for files and APIs: `24600.00`.
    public var plain: String {
        let magnitude = cents.magnitude
        let fraction = magnitude % 100
        return "\(cents < 0 ? "-" : "")\(magnitude / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }

    /// Reads `24600`, `24600.5` or `24600.00`; nil for anything else.
    public init?(plain text: String, _ currency: Currency = .ars) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, !first.isEmpty else { return nil }
        let negative = first.first == "-"
        let digits = negative ? first.dropFirst() : first
        guard !digits.isEmpty, digits.count <= 15, digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let units = Int64(digits)
        else { return nil }
        var fraction: Int64 = 0
        if parts.count == 2 {
            guard (1...2).contains(parts[1].count), parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
                let value = Int64(parts[1])
            else { return nil }
            fraction = parts[1].count == 1 ? value * 10 : value
        }
        let cents = units * 100 + fraction
        self.init(cents: negative ? -cents : cents, currency)
    }

    /// As customers read it in Argentina: `$ 24.600,00`, `US$ 100,00`.
    public var formatted: String {
        // Written from the last digit to the first, into its place: every text with a figure passes here.
        String(unsafeUninitializedCapacity: 40) { bytes in
            var (rest, digits, start) = (cents.magnitude, 0, 40)
            func write(_ byte: UInt8) {
                start -= 1
                bytes[start] = byte
            }
            repeat {
                if digits == 2 { write(UInt8(ascii: ",")) }
                if digits > 2, digits % 3 == 2 { write(UInt8(ascii: ".")) }
                write(UInt8(ascii: "0") + UInt8(rest % 10))
                rest /= 10
                digits += 1
            } while rest > 0 || digits < 3
            write(UInt8(ascii: " "))
            write(UInt8(ascii: "$"))
            if currency != .ars {
                write(UInt8(ascii: "S"))
                write(UInt8(ascii: "U"))
            }
            if cents < 0 { write(UInt8(ascii: "-")) }
            for index in start..<40 { bytes[index - start] = bytes[index] }
            return 40 - start
        }
    }
}

/// `numerator / denominator` rounded to the nearest integer, halves away from zero.
///
/// The one rounding rule of the system (design.md section 2): applied once to each figure shown.
public func roundedHalfUp(_ numerator: Int128, over denominator: Int128) -> Int64 {
    precondition(denominator > 0, "rounding needs a positive denominator")
    // Almost every figure fits 64 bits, where division is many times as fast.
    if numerator.magnitude < 1 << 62, denominator < 1 << 62 {
        let (magnitude, divisor) = (UInt64(numerator.magnitude), UInt64(denominator))
        let quotient = Int64((magnitude * 2 + divisor) / (divisor * 2))
        return numerator < 0 ? -quotient : quotient
    }
    let magnitude = numerator.magnitude
    let quotient = (magnitude * 2 + denominator.magnitude) / (denominator.magnitude * 2)
    return numerator < 0 ? -Int64(quotient) : Int64(quotient)
}

/// A rate in basis points: 6000 is 60.00 %. Rates are never rounded.
public struct Percent: Hashable, Sendable, Codable, Comparable {
    public let basisPoints: Int64
    public init(basisPoints: Int64) { self.basisPoints = basisPoints }
    public static let zero = Percent(basisPoints: 0)
    public static func < (a: Percent, b: Percent) -> Bool { a.basisPoints < b.basisPoints }

    /// This share of `money`, rounded half up to the cent.
    public func of(_ money: Money) -> Money { money.scaled(basisPoints, over: 10_000) }

    /// As read in Argentina: `60 %`, `12,5 %`.
    public var formatted: String {
        let whole = basisPoints / 100
        let fraction = basisPoints % 100
        if fraction == 0 { return "\(whole) %" }
        let digits = fraction % 10 == 0 ? "\(fraction / 10)" : (fraction < 10 ? "0\(fraction)" : "\(fraction)")
        return "\(whole),\(digits) %"
    }
}
