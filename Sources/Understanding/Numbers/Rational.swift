/// An exact number; denominators are positive.
public struct Rational: Hashable, Sendable {
    public let numerator: Int64
    public let denominator: Int64

    init(_ numerator: Int64, over denominator: Int64 = 1) {
        self.numerator = numerator
        self.denominator = denominator
    }

    var isWhole: Bool { numerator % denominator == 0 }
    var whole: Int64 { numerator / denominator }
    public var double: Double { Double(numerator) / Double(denominator) }

    /// In hundredths, rounded half up; nil where it does not fit.
    var hundredths: Int64? {
        let (product, overflow) = numerator.multipliedReportingOverflow(by: 200)
        if overflow { return nil }
        let (sum, more) = product.addingReportingOverflow(denominator)
        return more ? nil : sum / (denominator * 2)
    }

    func adding(_ other: Rational) -> Rational? {
        let (a, o1) = numerator.multipliedReportingOverflow(by: other.denominator)
        let (b, o2) = other.numerator.multipliedReportingOverflow(by: denominator)
        let (sum, o3) = a.addingReportingOverflow(b)
        let (base, o4) = denominator.multipliedReportingOverflow(by: other.denominator)
        return o1 || o2 || o3 || o4 ? nil : Rational(sum, over: base).reduced
    }

    func multiplied(by other: Rational) -> Rational? {
        let (a, o1) = numerator.multipliedReportingOverflow(by: other.numerator)
        let (b, o2) = denominator.multipliedReportingOverflow(by: other.denominator)
        return o1 || o2 ? nil : Rational(a, over: b).reduced
    }

    private var reduced: Rational {
        var (a, b) = (numerator.magnitude, denominator.magnitude)
        while b != 0 { (a, b) = (b, a % b) }
        guard a > 1 else { return self }
        return Rational(numerator / Int64(a), over: denominator / Int64(a))
    }
}
