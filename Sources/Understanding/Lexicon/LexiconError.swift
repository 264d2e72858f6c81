/// A line of a lexicon that cannot be read.
public struct LexiconError: Error, Hashable, Sendable, CustomStringConvertible {
    public let file: String
    public let line: Int
    public let problem: String
    public var description: String { "\(file):\(line): \(problem)" }
}

/// One line of a word or pattern file, cut at its tabulators.
struct LexiconLine {
    let file: String
    let number: Int
    let fields: [String]

    /// The lines of a file that are neither empty nor comments (`#`).
    /// - Throws: ``LexiconError`` where the number of columns is not in `columns`.
    static func all(of text: String, file: String, columns: ClosedRange<Int>) throws -> [LexiconLine] {
        var result: [LexiconLine] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            let fields = line.split(separator: "\t").map { String($0) }
            guard columns.contains(fields.count) else {
                throw LexiconError(
                    file: file, line: index + 1,
                    problem:
                        "se esperaban de \(columns.lowerBound) a \(columns.upperBound) columnas separadas por tabulador y hay \(fields.count)"
                )
            }
            result.append(LexiconLine(file: file, number: index + 1, fields: fields))
        }
        return result
    }

    func error(_ problem: String) -> LexiconError { LexiconError(file: file, line: number, problem: problem) }
}
