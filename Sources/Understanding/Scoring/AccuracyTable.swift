/// The results of a third-party file, summed by what they are.
public struct AccuracyTable: Sendable {
    public struct Line: Sendable {
        public var name: String
        public var cases = 0
        public var exact = 0
        public var byConvention = 0
        public var exactSpan = 0
        /// Share of the cases that are exact, or the same reading under a convention of ours.
        public var right: Double { Double(exact + byConvention) / Double(max(1, cases)) }

        mutating func add(_ result: CaseResult) {
            cases += 1
            if result.outcome == .exact { exact += 1 }
            if result.outcome == .byConvention { byConvention += 1 }
            if result.outcome != .wrong, result.exactSpan { exactSpan += 1 }
        }
    }

    /// All cases that a debtor could say about a payment.
    public private(set) var relevant: Line
    public private(set) var kinds: [Line] = []
    /// Relevant cases that no implementation of the source is known to meet; they count above too.
    public private(set) var unsupported = Line(name: "of these, met by no port of the source")
    public private(set) var others = Line(name: "not relevant to a payment")

    public init(file: String, results: [CaseResult]) {
        relevant = Line(name: file)
        for result in results {
            guard result.isRelevant else {
                others.add(result)
                continue
            }
            relevant.add(result)
            if result.isUnsupported { unsupported.add(result) }
            if let index = kinds.firstIndex(where: { $0.name == result.kind }) {
                kinds[index].add(result)
            } else {
                kinds.append(Line(name: result.kind))
                kinds[kinds.count - 1].add(result)
            }
        }
    }

    public static let header = row("file, kind", "cases", "exact", "convention", "right", "exact span")

    public var text: String {
        var lines = [Self.row(relevant)]
        if kinds.count > 1 { lines += kinds.map { Self.row($0, indent: "  ") } }
        for line in [unsupported, others] where line.cases > 0 { lines.append(Self.row(line, indent: "  ")) }
        return lines.joined(separator: "\n")
    }

    private static func row(_ line: Line, indent: String = "") -> String {
        row(
            indent + line.name, "\(line.cases)", "\(line.exact)", "\(line.byConvention)", percent(line.right),
            percent(Double(line.exactSpan) / Double(max(1, line.cases))))
    }

    private static func row(_ name: String, _ columns: String...) -> String {
        columns.reduce(padded(name, 44)) { $0 + padded($1, 12, right: true) }
    }
}

/// `98.7 %`, one decimal.
func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
}

func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return right ? blanks + text : text + blanks
}
