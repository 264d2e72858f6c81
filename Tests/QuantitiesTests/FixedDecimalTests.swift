import Quantities
import SharedData
import Testing

struct FixedDecimalTests {
    @Test("Shares of money are those of whole numbers", arguments: 0..<200)
    func shares(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let money = Money(cents: .random(in: 0...10_000_000_000_000, using: &random))
        let (numerator, denominator) = (
            Int64.random(in: 0...120_000, using: &random), Int64(1) << Int.random(in: 0...20, using: &random)
        )
        // A power of two ends as a decimal, so that ties are ties.
        #expect(
            money.scaled(by: FixedDecimal(numerator, over: denominator)) == money.scaled(numerator, over: denominator))
    }

    @Test("A power and its inverse give one, to the last decimals")
    func powers() {
        let rate = FixedDecimal.one + FixedDecimal(5_500, over: 120_000)
        let one = rate.power(60) * (FixedDecimal.one / rate).power(60)
        #expect((one < .one ? .one - one : one - .one) < FixedDecimal(1, over: 1_000_000_000_000_000_000))
        #expect(rate.power(0) == .one && rate.power(1) == rate && rate.power(3) == rate * rate * rate)
    }

    @Test(
        "Rates round half up to the basis point",
        arguments: [(1, 20_000, 1), (1, 20_001, 0), (3, 20_000, 2)] as [(Int64, Int64, Int64)])
    func percent(numerator: Int64, denominator: Int64, basisPoints: Int64) {
        #expect(FixedDecimal(numerator, over: denominator).percent == Percent(basisPoints: basisPoints))
    }
}
