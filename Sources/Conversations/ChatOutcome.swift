import Dialog

/// How a `.chat` test went.
public struct ChatOutcome: Sendable {
    /// A place where what happened is not what was expected.
    public struct Difference: Sendable, Hashable {
        public var file: String
        public var line: Int
        /// Empty where nothing was expected.
        public var expected: String
        public var actual: String
    }

    public var differences: [Difference]
    /// The file with the bot's lines as the bot says them now; lines that hold stay as they are written.
    public var updatedSource: String
    public var coverage: Coverage

    public var passed: Bool { differences.isEmpty }

    /// The states and digressions that it went through.
    public var places: Set<String> {
        Set(
            coverage.counts.keys.compactMap { passage in
                switch passage {
                case .entered(let state): state
                case .digression(let name, _): name
                default: nil
                }
            })
    }

    /// Where it differs: expected with `-`, what happened with `+`; in colour, the words that differ are marked.
    public func report(style: TerminalStyle = .plain) -> String {
        differences.map { difference in
            let (expected, actual) = Self.marked(difference.expected, difference.actual, style)
            func lines(_ text: String, _ sign: String, _ colour: TerminalStyle.Colour) -> String {
                text.split(separator: "\n").map { "  " + style.paint(sign, colour) + " \($0)\n" }.joined()
            }
            return style.bold("\(difference.file):\(difference.line)") + "\n" + lines(expected, "-", .red)
                + lines(actual, "+", .green)
        }.joined()
    }

    private static func marked(_ expected: String, _ actual: String, _ style: TerminalStyle) -> (String, String) {
        guard style.coloured, !expected.isEmpty, !actual.isEmpty else { return (expected, actual) }
        func words(_ text: String) -> [String] {
            text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            }.reduce(into: [String]()) { all, line in all += (all.isEmpty ? [] : ["\n"]) + line }
        }
        let (old, new) = (words(expected), words(actual))
        var (removed, added): (Set<Int>, Set<Int>) = ([], [])
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        func joined(_ words: [String], _ differing: Set<Int>, _ colour: TerminalStyle.Colour) -> String {
            var text = ""
            for (index, word) in words.enumerated() {
                if word == "\n" {
                    text += word
                } else {
                    if !text.isEmpty, !text.hasSuffix("\n") { text += " " }
                    text += differing.contains(index) ? style.marked(word, colour) : word
                }
            }
            return text
        }
        return (joined(old, removed, .red), joined(new, added, .green))
    }
}
