import Ledger
import Quantities

/// Points per band of each feature, and the probability of default that a sum of points has shown. More points are
/// better: 20 more double the odds of paying.
public struct Scorecard: Hashable, Sendable {
    public struct Band: Hashable, Sendable {
        public var feature: RiskFeature
        /// Where the band begins; nil for accounts without data.
        public var from: Int?
        public var points: Int

        public init(feature: RiskFeature, from: Int?, points: Int) {
            self.feature = feature
            self.from = from
            self.points = points
        }
    }

    /// Accounts with at least this score and less than the next level's.
    public struct Level: Hashable, Sendable {
        public var from: Int
        public var probability: Percent
    }

    public var version: String
    public var bands: [Band]
    /// By rising score, with falling probabilities; the first one takes all below the second.
    public var levels: [Level]

    public init(version: String, bands: [Band], levels: [Level]) {
        self.version = version
        self.bands = bands
        self.levels = levels
    }

    /// An account's score, what it means, and how each feature contributed, in Spanish.
    public struct Finding: Hashable, Sendable {
        public var score: Int
        /// Probability that the next item is not paid within 30 days of falling due.
        public var probability: Percent
        public var reasons: [String]
    }

    public func score(_ profile: RiskProfile) -> Int { RiskFeature.allCases.reduce(0) { $0 + points($1, profile) } }

    public func probability(ofScore score: Int) -> Percent {
        (levels.last { $0.from <= score } ?? levels.first)?.probability ?? .zero
    }

    public func finding(_ profile: RiskProfile) -> Finding {
        let score = score(profile)
        return Finding(
            score: score, probability: probability(ofScore: score),
            reasons: RiskFeature.allCases.map { feature in
                let points = points(feature, profile)
                return "\(feature.words(profile.values[feature])): \(points > 0 ? "+" : "")\(points) puntos"
            })
    }

    private func points(_ feature: RiskFeature, _ profile: RiskProfile) -> Int {
        let from = feature.band(of: profile.values[feature])
        return bands.first { $0.feature == feature && $0.from == from }?.points ?? 0
    }
}

/// A line of a scorecard file that cannot be read.
public struct ScorecardFileError: Error, Hashable, Sendable, CustomStringConvertible {
    public let file: String
    public let line: Int
    public let text: String
    public var description: String {
        "\(file):\(line): se espera `version`, `banda <dato> <desde|-> <puntos>` o `nivel <desde> <probabilidad en centésimos de %>`, separados por tabulaciones, no `\(text)`"
    }
}

extension Scorecard {
    /// The card as a file that people can read: tab-separated lines, `#` opens a comment.
    public var text: String {
        var lines = [
            "# Tarjeta de riesgo: puntos por banda (más es mejor), y probabilidad de no pagar por puntaje.",
            "version\t\(version)",
        ]
        lines += bands.map { "banda\t\($0.feature.rawValue)\t\($0.from.map(String.init) ?? "-")\t\($0.points)" }
        lines += levels.map { "nivel\t\($0.from)\t\($0.probability.basisPoints)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads what ``text`` wrote.
    /// - Throws: ``ScorecardFileError`` with the first wrong line.
    public static func parse(_ text: String, file: String) throws -> Scorecard {
        var card = Scorecard(version: "", bands: [], levels: [])
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            switch (fields[0], fields.count) {
            case ("version", 2): card.version = fields[1]
            case ("banda", 4):
                guard let feature = RiskFeature(rawValue: fields[1]), let points = Int(fields[3]), abs(points) <= 1000,
                    fields[2] == "-" || Int(fields[2]).map(feature.bands.contains) == true
                else { throw ScorecardFileError(file: file, line: index + 1, text: String(line)) }
                card.bands.append(Band(feature: feature, from: Int(fields[2]), points: points))
            case ("nivel", 3):
                guard let from = Int(fields[1]), let probability = Int64(fields[2]), (0...10_000).contains(probability),
                    card.levels.last.map({ $0.from < from }) ?? true
                else { throw ScorecardFileError(file: file, line: index + 1, text: String(line)) }
                card.levels.append(Level(from: from, probability: Percent(basisPoints: probability)))
            default: throw ScorecardFileError(file: file, line: index + 1, text: String(line))
            }
        }
        return card
    }
}
