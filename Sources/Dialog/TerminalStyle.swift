/// Colours of a terminal, or none.
public struct TerminalStyle: Hashable, Sendable {
    public enum Colour: Int, Hashable, Sendable {
        case red = 31
        case green, yellow, blue, magenta, cyan
    }

    public static let plain = TerminalStyle(coloured: false)
    public static let coloured = TerminalStyle(coloured: true)

    public let coloured: Bool
    public init(coloured: Bool) { self.coloured = coloured }

    public func paint(_ text: String, _ colour: Colour) -> String { wrap(text, "\(colour.rawValue)") }
    public func bold(_ text: String) -> String { wrap(text, "1") }
    public func faint(_ text: String) -> String { wrap(text, "2") }
    /// Light on dark, for the words that differ.
    public func marked(_ text: String, _ colour: Colour) -> String { wrap(text, "7;\(colour.rawValue)") }

    private func wrap(_ text: String, _ codes: String) -> String {
        coloured && !text.isEmpty ? "\u{1B}[\(codes)m\(text)\u{1B}[0m" : text
    }
}
