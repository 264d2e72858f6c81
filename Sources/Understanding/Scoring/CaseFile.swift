import Quantities

/// A tab-separated file of cases: one header line, no quoting.
public struct CaseFile: Sendable {
    public let name: String
    public let rows: [[String: String]]

    public init(name: String, text: String) {
        self.name = name
        let lines = text.split(separator: "\n").map { $0.hasSuffix("\r") ? $0.dropLast() : $0 }
        let header = lines.first?.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) } ?? []
        rows = lines.dropFirst().map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
            return Dictionary(zip(header, fields)) { first, _ in first }
        }
    }
}

/// How one case came out.
public enum CaseOutcome: Hashable, Sendable {
    case exact
    /// Not what the source says, but the same reading under a convention that ours takes otherwise (see ``TemporalReading/Convention``).
    case byConvention
    case wrong
}

/// One case with what was expected and found.
public struct CaseResult: Sendable {
    public var id: String
    public var kind: String
    public var utterance: String
    public var isRelevant: Bool
    /// No implementation of the source is known to meet it.
    public var isUnsupported: Bool
    public var outcome: CaseOutcome
    /// The text of every reading is that of the source.
    public var exactSpan: Bool
    public var expected: String
    public var found: String
}

extension CaseFile {
    /// What the file is, by its name; nil for files this scorer does not know.
    static func family(_ name: String) -> String? {
        [
            "recognizers_number", "recognizers_ordinal", "recognizers_percent", "recognizers_currency",
            "recognizers_boolean",
            "recognizers_datetime_parser", "recognizers_datetime", "duckling_time", "duckling_duration",
            "duckling_numeral",
            "duckling_ordinal", "duckling_money",
        ].first { name.hasPrefix($0) }
    }

    /// Scores the cases of a third-party file; nil where the file is not one.
    public func score(with reader: Reader) -> [CaseResult]? {
        guard let family = Self.family(name) else { return nil }
        return rows.map { row in
            let expected = JSONValue(row["expected"] ?? "") ?? .null
            let text = row["utterance"] ?? ""
            let (outcome, exactSpan, found) = CaseScorer(reader: reader, text: text, reference: row["reference"] ?? "")
                .score(family, row["kind"] ?? "", expected)
            let unsupported = Set(
                (row["not_supported"] ?? "").split(separator: ",").map { $0.filter { $0 != "!" && $0 != " " } })
            return CaseResult(
                id: row["id"] ?? "", kind: row["kind"] ?? "", utterance: text, isRelevant: row["relevant"] == "1",
                isUnsupported: unsupported.count >= 4, outcome: outcome, exactSpan: exactSpan,
                expected: row["expected"] ?? "", found: found)
        }
    }
}
