import Quantities

/// Reads messages of one locale. Pure and immutable: build it once, share it freely.
public struct Reader: Sendable {
    private let calendar: BusinessCalendar

    /// The es-AR reader, from the lexicons in `Resources/es-AR`.
    public static let argentina = Reader(calendar: .argentina)

    public init(calendar: BusinessCalendar) { self.calendar = calendar }

    /// - Parameters:
    ///   - text: the message as received (or the id of a tapped button).
    ///   - moment: when it was written; relative days count from it.
    ///   - question: what the bot asked last.
    public func read(_ text: String, at moment: Moment, zone: Zone, asked question: Question) -> Understanding {
        Understanding(normalised: text)
    }
}
