import Quantities

/// How a card did on samples that it was not trained on.
public struct RiskValidation: Hashable, Sendable {
    public struct Row: Hashable, Sendable {
        /// What the card said.
        public var predicted: Percent
        public var samples: Int
        /// What came to pass.
        public var observed: Percent
    }

    public var samples: Int
    public var defaults: Int
    /// Chance that a sample that paid has more points than one that did not, ties counted half: 50 % is blind.
    public var auc: Percent
    /// Greatest distance between the shares of payers and defaulters below a score (Kolmogorov–Smirnov).
    public var ks: Percent
    /// By rising predicted probability.
    public var calibration: [Row]

    /// - Returns: nil where all samples had the same fate.
    public init?(_ card: Scorecard, on samples: [RiskSample]) {
        let scored = samples.map { (score: card.score($0.profile), defaulted: $0.defaulted) }
        let bad = scored.count { $0.defaulted }
        let good = scored.count - bad
        guard good > 0, bad > 0 else { return nil }
        self.samples = samples.count
        defaults = bad
        var (badBelow, goodBelow, twiceWon, farthest) = (Int128(0), Int128(0), Int128(0), Int128(0))
        let byScore = Dictionary(grouping: scored, by: \.score).sorted { $0.key < $1.key }
        for (_, equal) in byScore {
            let badHere = Int128(equal.count { $0.defaulted })
            let goodHere = Int128(equal.count) - badHere
            twiceWon += goodHere * (2 * badBelow + badHere)
            badBelow += badHere
            goodBelow += goodHere
            farthest = max(farthest, badBelow * Int128(good) - goodBelow * Int128(bad))
        }
        let pairs = Int128(good) * Int128(bad)
        auc = Percent(basisPoints: roundedHalfUp(twiceWon * 5_000, over: pairs))
        ks = Percent(basisPoints: roundedHalfUp(farthest * 10_000, over: pairs))
        calibration = Dictionary(grouping: scored) { card.probability(ofScore: $0.score) }.sorted { $0.key < $1.key }
            .map { predicted, group in
                let observed = Int128(group.count { $0.defaulted }) * 10_000
                return Row(
                    predicted: predicted, samples: group.count,
                    observed: Percent(basisPoints: roundedHalfUp(observed, over: Int128(group.count))))
            }
    }

    /// Samples for validation out of time, about the latest third of the days, and those for training: of the earlier
    /// ones, those whose fate was known when the validation begins.
    public static func split(_ samples: [RiskSample]) -> (training: [RiskSample], validation: [RiskSample]) {
        let days = Set(samples.map(\.day)).sorted()
        guard days.count > 1 else { return (samples, []) }
        let day = days[max(1, days.count * 2 / 3)]
        return (samples.filter { $0.day.adding(days: 60) <= day }, samples.filter { $0.day >= day })
    }
}
