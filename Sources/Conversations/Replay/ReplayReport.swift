import Dialog
import Quantities

/// What a changed dialog would have changed, over everybody who was replayed.
public struct ReplayReport: Sendable, Encodable {
    public var same = 0
    public var differs = 0
    /// Conversations from before turns were written down.
    public var skippedIncomplete = 0
    public var skippedOtherDialog = 0
    /// Those that were processed to the end: messages that were answered as one are one.
    public var turns = 0
    public var promisesGained: [ReplayedPerson.Promise] = []
    public var promisesLost: [ReplayedPerson.Promise] = []
    public var handoffsGained: [ReplayedPerson.Case] = []
    public var handoffsLost: [ReplayedPerson.Case] = []
    public var differences: [ReplayDifference] = []

    public init() {}

    public var isSame: Bool {
        differs == 0 && promisesGained.isEmpty && promisesLost.isEmpty && handoffsGained.isEmpty && handoffsLost.isEmpty
    }

    public mutating func add(_ person: ReplayedPerson) {
        switch person.skipped {
        case .incomplete: skippedIncomplete += person.conversations
        case .otherDialog: skippedOtherDialog += person.conversations
        case nil:
            same += person.conversations - person.differences.count
            differs += person.differences.count
        }
        turns += person.turns
        promisesGained += person.promisesGained
        promisesLost += person.promisesLost
        handoffsGained += person.handoffsGained
        handoffsLost += person.handoffsLost
        differences += person.differences
    }

    /// For a person at a terminal, in Spanish.
    /// - Parameters:
    ///   - shown: how many of the conversations that differ are shown.
    ///   - width: of the terminal, in characters.
    public func text(style: TerminalStyle = .plain, shown: Int, width: Int = 100) -> String {
        var text = "iguales \(same), distintas \(differs)"
        if skippedIncomplete > 0 {
            text += ", sin repetir \(skippedIncomplete) de antes de que se guardara lo que hace falta"
        }
        if skippedOtherDialog > 0 { text += ", sin repetir \(skippedOtherDialog) de otros diálogos" }
        text += "\n"
        func list(_ title: String, _ entries: [String], _ sum: String, _ colour: TerminalStyle.Colour) {
            text += style.paint("\(title): \(entries.count)", entries.isEmpty ? .cyan : colour) + sum + "\n"
            for entry in entries.prefix(shown) { text += "  \(entry)\n" }
            if entries.count > shown { text += style.faint("  … y \(entries.count - shown) más") + "\n" }
        }
        func promises(_ title: String, _ promises: [ReplayedPerson.Promise], _ colour: TerminalStyle.Colour) {
            let sums = Dictionary(grouping: promises, by: \.amount.currency).values.map { same in
                same.dropFirst().reduce(same[0].amount) { $0 + $1.amount }
            }.sorted { $0.formatted < $1.formatted }
            list(
                title, promises.map { "\($0.account): \($0.amount.formatted) para el \($0.payBy.iso)" },
                sums.isEmpty ? "" : " (\(sums.map(\.formatted).joined(separator: ", ")))", colour)
        }
        promises("promesas que se ganan", promisesGained, .green)
        promises("promesas que se pierden", promisesLost, .red)
        func cases(_ cases: [ReplayedPerson.Case]) -> [String] {
            cases.map { "\($0.account ?? "sin cuenta"): \($0.reason)" }
        }
        list("derivaciones que se ganan", cases(handoffsGained), "", .yellow)
        list("derivaciones que se pierden", cases(handoffsLost), "", .yellow)
        for difference in differences.prefix(shown) {
            text += "\n" + style.bold("\(difference.conversation) (\(difference.account ?? "sin cuenta"))")
            text += ", después de " + (difference.after.map { "«\($0)»" } ?? "empezar") + ":\n"
            text += sideBySide(
                ("entonces", difference.then), ("ahora", difference.now), width: width, style: style)
        }
        if differences.count > shown {
            text += style.faint("\n… y \(differences.count - shown) conversaciones más; --show las muestra") + "\n"
        }
        return text
    }
}

/// Two lists of texts in two columns, wrapped at words; what only one side has is in colour.
func sideBySide(
    _ left: (title: String, texts: [String]), _ right: (title: String, texts: [String]), width: Int,
    style: TerminalStyle
) -> String {
    let column = max(20, (width - 7) / 2)
    func wrapped(_ texts: [String]) -> [String] {
        (texts.isEmpty ? ["(silencio)"] : texts).flatMap { wrap($0, at: column) }
    }
    func padded(_ text: String) -> String { text + String(repeating: " ", count: max(0, column - text.count)) }
    let (a, b) = (wrapped(left.texts), wrapped(right.texts))
    var text = "  " + style.faint(padded(left.title)) + " │ " + style.faint(right.title) + "\n"
    for row in 0..<max(a.count, b.count) {
        let (old, new) = (row < a.count ? a[row] : "", row < b.count ? b[row] : "")
        text +=
            old == new
            ? "  \(padded(old)) │ \(new)\n"
            : "  " + style.paint(padded(old), .red) + " │ " + style.paint(new, .green) + "\n"
    }
    return text
}

/// Breaks at spaces into lines of at most `width` characters; a longer word stands alone.
private func wrap(_ text: String, at width: Int) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n") {
        var line = ""
        for word in paragraph.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        lines.append(line)
    }
    return lines
}
