import Yams

/// The comments and blank lines of a YAML file, by line from 1.
struct YAMLComments {
    /// Comments that stand alone in their line.
    private(set) var whole: [Int: String] = [:]
    /// Comments after something else.
    private(set) var trailing: [Int: String] = [:]
    private(set) var blank: Set<Int> = []
    private let lines: [Substring]
    private var literal: Set<Int> = []

    var lineCount: Int { lines.count }

    /// The character at a place, counted from 1 in code points.
    func scalar(line: Int, column: Int) -> Unicode.Scalar? {
        lines.indices.contains(line - 1) ? lines[line - 1].unicodeScalars.dropFirst(column - 1).first : nil
    }

    /// In the order of the file, without their places.
    var texts: [String] { (1...max(1, lines.count)).compactMap { whole[$0] ?? trailing[$0] } }

    init(source: String, root: Node) {
        lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        markLiterals(root)
        var quote: Character?
        for (index, line) in lines.enumerated() {
            let number = index + 1
            if literal.contains(number) { continue }
            if quote == nil, line.allSatisfy(\.isWhitespace) {
                blank.insert(number)
                continue
            }
            guard let start = Self.comment(in: line, &quote) else { continue }
            let text = String(line[start...].reversed().drop { $0.isWhitespace }.reversed())
            if line[..<start].allSatisfy(\.isWhitespace) { whole[number] = text } else { trailing[number] = text }
        }
    }

    /// Where a comment begins, given the quote that is open at the start of the line; leaves the one open at its end.
    private static func comment(in line: Substring, _ quote: inout Character?) -> Substring.Index? {
        var index = line.startIndex
        var previous: Character = " "
        while index < line.endIndex {
            let character = line[index]
            if let open = quote {
                if open == "\"", character == "\\" {
                    index = line.index(after: index)
                    if index == line.endIndex { break }
                } else if character == open {
                    quote = nil
                }
            } else if character == "#", previous.isWhitespace {
                return index
            } else if character == "\"" || character == "'", previous.isWhitespace || "[{,:-".contains(previous) {
                quote = character
            }
            previous = character
            index = line.index(after: index)
        }
        return nil
    }

    private mutating func markLiterals(_ node: Node) {
        switch node {
        case .mapping(let mapping):
            for (_, value) in mapping { markLiterals(value) }
        case .sequence(let sequence): for element in sequence { markLiterals(element) }
        case .scalar(let scalar) where scalar.style == .literal || scalar.style == .folded:
            guard let first = scalar.mark?.line else { return }
            let last = blockEnd(from: first)
            if last > first { literal.formUnion((first + 1)...last) }
        default: break
        }
    }

    /// The last line of a `|` or `>` text whose header is on `first`.
    func blockEnd(from first: Int) -> Int {
        func indent(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }
        let outer = indent(lines[first - 1])
        var last = first
        for number in (first + 1)..<max(first + 2, lines.count + 1) where number <= lines.count {
            let line = lines[number - 1]
            if line.allSatisfy(\.isWhitespace) { continue }
            if indent(line) <= outer { break }
            last = number
        }
        return last
    }
}
