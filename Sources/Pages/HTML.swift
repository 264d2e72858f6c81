import Quantities

/// Markup. Text that is put into it is escaped; only literals and other markup are taken as they stand.
public struct HTML: ExpressibleByStringInterpolation, Sendable {
    public let text: String

    public init(stringLiteral value: String) { text = value }
    public init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        fileprivate var text = ""

        public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }
        public mutating func appendLiteral(_ literal: String) { text += literal }
        public mutating func appendInterpolation(_ number: Int) { text += String(number) }
        public mutating func appendInterpolation(_ markup: HTML) { text += markup.text }
        public mutating func appendInterpolation(_ markup: HTML?) { text += markup?.text ?? "" }
        public mutating func appendInterpolation(_ markup: [HTML]) { for part in markup { text += part.text } }

        public mutating func appendInterpolation(_ value: String) { text += value.markup }
    }
}
