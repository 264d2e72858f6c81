import Yams

/// Why a file cannot be formatted; nothing was changed.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
}

/// Rewrites a dialog in one style: two spaces a level, one blank line at most, short mappings in one line and long ones
/// in several. Comments and the meaning stay; formatting twice is formatting once.
public struct DialogFormatter {
    /// Longest line of a mapping or list in braces.
    private static let width = 120

    private let comments: YAMLComments
    private var output: [String] = []
    /// Source lines whose comments were written.
    private var written = 0

    /// - Throws: ``FormatError`` where the source is not YAML, or would not mean the same afterwards.
    public static func format(_ source: String) throws(FormatError) -> String {
        let root = try tree(source)
        var formatter = DialogFormatter(comments: YAMLComments(source: source, root: root))
        formatter.block(root, indent: 0)
        formatter.flush(before: Int.max, indent: 0)
        let text = formatter.output.joined(separator: "\n") + "\n"
        let after = try tree(text)
        guard after == root, YAMLComments(source: text, root: after).texts == formatter.comments.texts else {
            throw FormatError(description: "este archivo no se puede ordenar sin cambiarlo; se deja como está")
        }
        return text
    }

    private init(comments: YAMLComments) { self.comments = comments }

    static func tree(_ source: String) throws(FormatError) -> Node {
        var reader = SourceReader(file: "", source: source)
        if let node = reader.parse(source) { return node }
        let problem = reader.diagnostics.first
        throw FormatError(
            description: "línea \(problem?.position.line ?? 1): \(problem?.message ?? ""). \(problem?.advice ?? "")")
    }

    // MARK: Lines

    private static func pad(_ indent: Int) -> String { String(repeating: " ", count: indent) }

    private mutating func add(_ line: String) { output.append(line) }

    /// Writes the comments and one blank line that stand in the source before `line`.
    private mutating func flush(before line: Int, indent: Int) {
        var number = written + 1
        let last = min(line - 1, comments.lineCount)
        while number <= last {
            if let comment = comments.whole[number] {
                separate(before: number)
                add(Self.pad(indent) + comment)
            }
            number += 1
        }
        written = max(written, last)
        if line <= comments.lineCount { separate(before: line) }
    }

    /// Keeps one of the blank lines before a source line.
    private mutating func separate(before line: Int) {
        if comments.blank.contains(line - 1), let last = output.last, !last.isEmpty { add("") }
    }

    /// The comments at the end of source lines that were written as one, after that one.
    private mutating func trail(from first: Int, through last: Int) {
        guard last >= first, !output.isEmpty else { return }
        for line in max(first, written + 1)...max(first, last, written + 1) where line <= last {
            if let comment = comments.trailing[line] { output[output.count - 1] += "  " + comment }
            if let comment = comments.whole[line] { output[output.count - 1] += "  " + comment }
        }
        written = max(written, last)
    }

    // MARK: Nodes

    private func line(_ node: Node) -> Int { node.mark?.line ?? 1 }

    /// The last source line that a node begins something on.
    private func lastLine(_ node: Node) -> Int {
        switch node {
        case .mapping(let mapping): mapping.map { max(lastLine($0.key), lastLine($0.value)) }.max() ?? line(node)
        case .sequence(let sequence): sequence.map { lastLine($0) }.max() ?? line(node)
        case .scalar(let scalar):
            switch scalar.style {
            case .literal, .folded: comments.blockEnd(from: line(node))
            default: line(node)
            }
        case .alias: line(node)
        }
    }

    private mutating func block(_ node: Node, indent: Int) {
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                flush(before: line(key), indent: indent)
                entry(Self.pad(indent) + Self.scalar(key) + ":", value, from: line(key), indent: indent + 2)
            }
        case .sequence(let sequence):
            for element in sequence {
                flush(before: line(element), indent: indent)
                item(element, indent: indent)
            }
        default: add(Self.pad(indent) + Self.scalar(node))
        }
    }

    /// What follows `key:`.
    private mutating func entry(_ head: String, _ value: Node, from first: Int, indent: Int) {
        switch value {
        case .scalar(let scalar)
        where scalar.style == .literal || scalar.style == .folded && scalar.string.contains("\n"):
            add(head + " " + Self.header(scalar.string))
            for text in Self.literalLines(scalar.string) { add(text.isEmpty ? "" : Self.pad(indent) + text) }
            written = max(written, lastLine(value))
        case .scalar, .alias:
            let text = Self.scalar(value)
            add(text.isEmpty ? head : head + " " + text)
            trail(from: first, through: max(first, lastLine(value)))
        case .mapping, .sequence:
            if let flow = Self.flow(value), isFlow(value), head.count + 1 + flow.count <= Self.width {
                add(head + " " + flow)
                trail(from: first, through: lastLine(value))
            } else if case .sequence(let sequence) = value, isFlow(value), let lines = wrapped(head, sequence) {
                lines.forEach { add($0) }
                trail(from: first, through: lastLine(value))
            } else if Self.isEmpty(value) {
                add(head + " " + (Self.flow(value) ?? ""))
                trail(from: first, through: lastLine(value))
            } else {
                add(head)
                if line(value) > first || !isFlow(value) { trail(from: first, through: first) }
                block(value, indent: indent)
            }
        }
    }

    /// One `- …` of a list.
    private mutating func item(_ element: Node, indent: Int) {
        let dash = Self.pad(indent) + "- "
        switch element {
        case .mapping(let mapping) where !mapping.isEmpty:
            if let flow = Self.flow(element), isFlow(element), dash.count + flow.count <= Self.width {
                add(dash + flow)
                trail(from: line(element), through: lastLine(element))
                return
            }
            for (index, pair) in mapping.enumerated() {
                if index > 0 { flush(before: line(pair.key), indent: indent + 2) }
                let head = (index == 0 ? dash : Self.pad(indent + 2)) + Self.scalar(pair.key) + ":"
                entry(head, pair.value, from: line(pair.key), indent: indent + 4)
            }
        case .sequence:
            add(dash + (Self.flow(element) ?? "[]"))
            trail(from: line(element), through: lastLine(element))
        default: entry(Self.pad(indent) + "-", element, from: line(element), indent: indent + 2)
        }
    }

    /// A list in brackets over several lines, aligned under its first word.
    private func wrapped(_ head: String, _ sequence: Node.Sequence) -> [String]? {
        var lines: [String] = []
        var current = head + " ["
        let margin = Self.pad(current.count)
        for (index, element) in sequence.enumerated() {
            guard case .scalar = element else { return nil }
            let text = Self.inFlow(element) + (index + 1 < sequence.count ? "," : "]")
            if current.count + text.count + 1 > Self.width, current != margin, !current.hasSuffix("[") {
                lines.append(current)
                current = margin + text
            } else {
                current += (current.hasSuffix("[") || current == margin ? "" : " ") + text
            }
        }
        return lines + [current]
    }

    /// Whether a node is written in braces or brackets. (The style of Yams 6 is that of the closing event, always `any`.)
    private func isFlow(_ node: Node) -> Bool {
        if case .scalar = node { return true }
        guard let mark = node.mark else { return false }
        return "{[".unicodeScalars.contains { $0 == comments.scalar(line: mark.line, column: mark.column) }
    }

    private static func isEmpty(_ node: Node) -> Bool {
        switch node {
        case .mapping(let mapping): mapping.isEmpty
        case .sequence(let sequence): sequence.isEmpty
        default: false
        }
    }

    /// A node in braces or brackets; nil where something in it cannot be.
    private static func flow(_ node: Node) -> String? {
        switch node {
        case .mapping(let mapping):
            let pairs = mapping.map { key, value in flow(value).map { inFlow(key) + ": " + $0 } }
            guard !pairs.contains(nil) else { return nil }
            return mapping.isEmpty ? "{}" : "{ " + pairs.compactMap(\.self).joined(separator: ", ") + " }"
        case .sequence(let sequence):
            let elements = sequence.map { flow($0) }
            guard !elements.contains(nil) else { return nil }
            return "[" + elements.compactMap(\.self).joined(separator: ", ") + "]"
        case .scalar, .alias: return inFlow(node)
        }
    }

    private static func inFlow(_ node: Node) -> String {
        let text = scalar(node)
        // What is plain in a block may end a list in brackets.
        let plain = node.scalar?.style == .plain
        return plain && text.contains(where: { ",[]{}".contains($0) }) || text.isEmpty
            ? quoted(node.string ?? "") : text
    }

    // MARK: Scalars

    private static func scalar(_ node: Node) -> String {
        guard case .scalar(let scalar) = node else { return "" }
        return scalar.style == .plain ? scalar.string : quoted(scalar.string)
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for unit in text.unicodeScalars {
            switch unit {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _
            where unit.value < 0x20 || unit.value == 0x7F || unit.value == 0x85 || unit.value == 0xFEFF
                || unit.value == 0x2028 || unit.value == 0x2029:
                let digits = String(unit.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(unit)
            }
        }
        return result + "\""
    }

    private static func header(_ text: String) -> String {
        text.hasSuffix("\n\n") ? "|+" : text.hasSuffix("\n") ? "|" : "|-"
    }

    private static func literalLines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if text.hasSuffix("\n") { lines.removeLast() }
        return lines
    }
}
