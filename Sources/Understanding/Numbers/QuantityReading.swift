/// A number, ordinal, percentage, amount of money or yes/no found in a text.
public struct QuantityReading: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case number
        case ordinal
        /// "el último" is 0 from the end, "el penúltimo" -1.
        case ordinalFromEnd
        /// "el anterior" is -1 from the present one, "el próximo" 1.
        case ordinalFromHere
        case percent
        case money(Unit)
        case yes
        case no
    }
    public enum Unit: Hashable, Sendable { case peso, dollar, cent, unstated }

    public var kind: Kind
    /// The value, or the lower bound of a range; nil where there is none ("hasta 10").
    public var value: Rational?
    /// The upper bound of a range.
    public var upper: Rational?
    public var span: Span

    public init(_ kind: Kind, value: Rational?, upper: Rational? = nil, span: Span) {
        self.kind = kind
        self.value = value
        self.upper = upper
        self.span = span
    }
}
