import Ledger
import Negotiation
import Quantities
import SharedData
import Testing

struct ScorecardTests {
    static let start = Day("2024-01-10")!
    static let end = Day("2026-06-30")!

    /// Customers with a propensity of their own: each month's invoice is paid in time, late or never by chance.
    static func portfolio(seed: Int, count: Int = 70) -> [Account] {
        var random = SeededRandom(seed: UInt64(seed))
        return (0..<count).map { number in
            let propensity = Int.random(in: 20...98, using: &random)
            var account = Table.account(1, daysPastDue: 0)
            account.id = "a\(number)"
            account.terms = ContractTerms(moratoryRate: .zero)
            account.items = (0..<28).map {
                Item(
                    id: "i\($0 < 10 ? "0" : "")\($0)", description: "", principal: .units(100),
                    dueDate: start.adding(months: $0))
            }
            for item in account.items {
                guard Int.random(in: 0..<100, using: &random) < propensity else { continue }
                let delay =
                    Int.random(in: 0..<100, using: &random) < propensity ? 0 : Int.random(in: 1...60, using: &random)
                account.payments.append(
                    Payment(
                        id: item.id, amount: .units(100), day: item.dueDate.adding(days: delay), chosenItem: item.id))
            }
            return account
        }
    }

    @Test(
        "A card trained on the earlier months tells payers from defaulters in the later ones, and says how often it is right",
        arguments: 1...2)
    func outOfTime(seed: Int) throws {
        let samples = RiskSample.samples(Self.portfolio(seed: seed), until: Self.end)
        let (training, validation) = RiskValidation.split(samples)
        #expect(training.map(\.day).max()!.adding(days: 60) <= validation.map(\.day).min()!)
        let card = try #require(Scorecard.trained(on: training, version: "prueba"))
        let result = try #require(RiskValidation(card, on: validation))
        print("seed \(seed): AUC \(result.auc.formatted), KS \(result.ks.formatted), \(result.samples) samples")
        #expect(result.auc > Percent(basisPoints: 7000) && result.ks > Percent(basisPoints: 3000))
        #expect(result.calibration.reduce(0) { $0 + $1.samples } == validation.count)
        for row in result.calibration where row.samples >= 100 {
            #expect(abs(row.predicted.basisPoints - row.observed.basisPoints) < 2000)
        }
        #expect(
            zip(card.levels, card.levels.dropFirst()).allSatisfy {
                $0.from < $1.from && $0.probability > $1.probability
            })
        #expect(try Scorecard.parse(card.text, file: "x") == card)
    }

    @Test("Many equal scores still make levels", arguments: 1...20)
    func ties(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let account = Table.account(0, daysPastDue: 0)
        let samples = (0..<500).map { _ in
            var profile = RiskProfile(account, on: Table.today)
            let days = [0, 10, 70].randomElement(using: &random)!
            profile.values = [.daysPastDue: days]
            return RiskSample(
                day: Table.today, profile: profile, defaulted: Int.random(in: 0..<100, using: &random) < 10 + days)
        }
        let card = try #require(Scorecard.trained(on: samples, version: "1"))
        #expect(card.levels.count == 3)
        for (level, days) in zip(card.levels, [70, 10, 0]) {
            #expect(abs(level.probability.basisPoints - Int64(10 + days) * 100) < 1500)
        }
    }

    @Test("The order of the portfolio does not change the card")
    func order() {
        var accounts = Self.portfolio(seed: 7, count: 15)
        let card = Scorecard.trained(on: RiskSample.samples(accounts, until: Self.end), version: "1")
        accounts.reverse()
        #expect(
            card != nil && Scorecard.trained(on: RiskSample.samples(accounts, until: Self.end), version: "1") == card)
    }

    @Test("Nothing after a sample's day enters its profile")
    func noLeak() {
        let account = Self.portfolio(seed: 3, count: 1)[0]
        let day = Self.start.adding(months: 12)
        var earlier = account
        earlier.payments.removeAll { $0.day > day }
        #expect(RiskProfile(account, on: day) == RiskProfile(earlier, on: day))
    }

    @Test("AUC and KS are those of the definition", arguments: 0..<100)
    func definition(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let card = Scorecard(
            version: "1",
            bands: RiskFeature.daysPastDue.bands.map { .init(feature: .daysPastDue, from: $0, points: -$0) }, levels: []
        )
        let account = Table.account(0, daysPastDue: 0)
        let samples = (0..<40).map { number in
            var profile = RiskProfile(account, on: Table.today)
            profile.values = [.daysPastDue: .random(in: 0...80, using: &random)]
            return RiskSample(
                day: Table.today, profile: profile, defaulted: number < 2 || (number > 3 && .random(using: &random)))
        }
        let result = try #require(RiskValidation(card, on: samples))
        let good = samples.filter { !$0.defaulted }.map { card.score($0.profile) }
        let bad = samples.filter(\.defaulted).map { card.score($0.profile) }
        let pairs = good.count * bad.count
        var twice = 0
        for payer in good {
            for other in bad { twice += payer > other ? 2 : payer == other ? 1 : 0 }
        }
        #expect(result.auc.basisPoints == roundedHalfUp(Int128(twice) * 5_000, over: Int128(pairs)))
        var farthest = 0
        for limit in Set(good + bad) {
            let badBelow = bad.filter { $0 <= limit }.count
            let goodBelow = good.filter { $0 <= limit }.count
            farthest = max(farthest, badBelow * good.count - goodBelow * bad.count)
        }
        #expect(result.ks.basisPoints == roundedHalfUp(Int128(farthest) * 10_000, over: Int128(pairs)))
    }

    @Test("Points are explained in words and add up")
    func explained() throws {
        let accounts = Self.portfolio(seed: 5, count: 20)
        let card = try #require(Scorecard.trained(on: RiskSample.samples(accounts, until: Self.end), version: "1"))
        let finding = card.finding(RiskProfile(accounts[0], on: Self.end))
        #expect(finding.reasons.count == RiskFeature.allCases.count)
        let points = finding.reasons.map { reason in
            let last = String(reason.split(separator: ": ").last ?? "").replacing(" puntos", with: "")
            return Int(last) ?? .min
        }
        #expect(points.reduce(0, +) == finding.score)
        #expect(finding.probability == card.probability(ofScore: finding.score))
    }

    @Test(
        "A wrong line of a card is named",
        arguments: [
            "banda\ta_termino\t7\t3", "banda\tedad\t0\t3", "nivel\t5\t10001", "nivel\t5\t10\nnivel\t5\t9", "hola",
        ])
    func wrong(text: String) { #expect(throws: ScorecardFileError.self) { try Scorecard.parse(text, file: "t.tsv") } }
}
