import Ledger
import Quantities

/// What an account showed on a day, and what became of the item that fell due next.
public struct RiskSample: Hashable, Sendable {
    public var day: Day
    public var profile: RiskProfile
    /// The next item was not settled within 30 days of falling due.
    public var defaulted: Bool

    public init(day: Day, profile: RiskProfile, defaulted: Bool) {
        self.day = day
        self.profile = profile
        self.defaulted = defaulted
    }

    /// The samples of a portfolio: on the first day of each month, every account that had something fall due before, and
    /// has an item falling due in the 30 days that follow whose fate is known by `day`. Nothing after a sample's own day
    /// enters its profile.
    public static func samples(_ accounts: [Account], promises: [String: [PromiseToPay]] = [:], until day: Day)
        -> [RiskSample]
    {
        accounts.flatMap { account -> [RiskSample] in
            let items = account.items.sorted { ($0.dueDate, $0.id) < ($1.dueDate, $1.id) }
            guard let first = items.first?.dueDate, var month = Day(year: first.year, month: first.month, day: 1) else {
                return []
            }
            var samples: [RiskSample] = []
            while month.adding(days: 60) <= day {
                month = month.adding(months: 1)
                let window = month..<month.adding(days: 30)
                guard first < month, let next = items.first(where: { window.contains($0.dueDate) }),
                    next.dueDate.adding(days: 30) <= day
                else { continue }
                let fate = account.statement(on: next.dueDate.adding(days: 30))
                samples.append(
                    RiskSample(
                        day: month, profile: RiskProfile(account, promises: promises[account.id] ?? [], on: month),
                        defaulted: fate.lines.contains { $0.itemID == next.id }))
            }
            return samples
        }
    }
}

extension Scorecard {
    /// A card from samples: the points of a band are 20 × log2 of its odds of paying against those of all samples (weight
    /// of evidence, one sample of each fate added against empty bands), at most ±60; probabilities are those observed in
    /// ten levels of score, joined where more points did not show fewer defaults.
    /// - Returns: nil where all samples had the same fate.
    public static func trained(on samples: [RiskSample], version: String) -> Scorecard? {
        let bad = samples.count { $0.defaulted }
        let good = samples.count - bad
        guard good > 0, bad > 0 else { return nil }
        var bands: [Band] = []
        for feature in RiskFeature.allCases {
            let byBand = Dictionary(grouping: samples) { feature.band(of: $0.profile.values[feature]) }
            for from in [nil] + feature.bands.map(Optional.some) {
                let inBand = byBand[from] ?? []
                guard !inBand.isEmpty else { continue }
                let badHere = inBand.count { $0.defaulted }
                let odds = FixedDecimal(
                    Int64((inBand.count - badHere + 1) * (bad + 1)), over: Int64((badHere + 1) * (good + 1)))
                bands.append(Band(feature: feature, from: from, points: max(-60, min(60, doublings(odds, times: 20)))))
            }
        }
        var card = Scorecard(version: version, bands: bands, levels: [])
        card.levels = card.levels(observed: samples)
        return card
    }

    private func levels(observed samples: [RiskSample]) -> [Level] {
        let scored = samples.map { (score: score($0.profile), defaulted: $0.defaulted) }.sorted { $0.score < $1.score }
        var pools: [(from: Int, bad: Int, count: Int)] = []
        var previous: Int?
        for sample in scored {
            // A level ends where it holds a tenth of the samples; equal scores stay on one level.
            if pools.last.map({ $0.count * 10 >= scored.count && previous != sample.score }) ?? true {
                pools.append((sample.score, 0, 0))
            }
            previous = sample.score
            pools[pools.count - 1].count += 1
            pools[pools.count - 1].bad += sample.defaulted ? 1 : 0
        }
        var levels: [(from: Int, bad: Int, count: Int)] = []
        for pool in pools {
            levels.append(pool)
            // Pool adjacent violators: more points never mean more defaults.
            while levels.count > 1, let last = levels.last, case let before = levels[levels.count - 2],
                last.bad * before.count >= before.bad * last.count
            {
                levels.removeLast(2)
                levels.append((before.from, before.bad + last.bad, before.count + last.count))
            }
        }
        return levels.map {
            Level(
                from: $0.from,
                probability: Percent(basisPoints: roundedHalfUp(Int128($0.bad) * 10_000, over: Int128($0.count))))
        }
    }
}

/// `times × log2(ratio)`, rounded down, in whole numbers: doublings first, then binary digits by squaring.
/// - Precondition: `ratio` is above zero.
func doublings(_ ratio: FixedDecimal, times: Int) -> Int {
    let two = FixedDecimal(2, over: 1)
    var (value, whole) = (ratio, 0)
    while value >= two { (value, whole) = (.middle(.zero, value), whole + 1) }
    while value < .one { (value, whole) = (value * two, whole - 1) }
    var fraction = 0
    for _ in 0..<16 {
        value = value * value
        fraction *= 2
        if value >= two { (value, fraction) = (.middle(.zero, value), fraction + 1) }
    }
    let scaled = (whole * 65_536 + fraction) * times
    return scaled >= 0 ? scaled / 65_536 : (scaled - 65_535) / 65_536
}
