import Quantities
import Testing

struct MoneyTests {
    @Test(
        "Amounts read as in Argentina",
        arguments: [
            (0, "$ 0,00"), (5, "$ 0,05"), (123_456, "$ 1.234,56"), (-123_456_789, "-$ 1.234.567,89"),
            (100_000_000, "$ 1.000.000,00"),
        ] as [(Int64, String)])
    func formatted(cents: Int64, text: String) { #expect(Money(cents: cents).formatted == text) }

    @Test("Plain amounts go back and forth", arguments: ["0.00", "24600.00", "-1.05", "0.50"])
    func plain(text: String) { #expect(Money(plain: text)?.plain == text) }

    @Test("What is not an amount is refused", arguments: ["", "-", "1,5", "1.234", "a", "1.", ".5", "１２"])
    func refused(text: String) { #expect(Money(plain: text) == nil) }

    @Test(
        "Halves round away from zero",
        arguments: [(5, 10, 1), (-5, 10, -1), (4, 10, 0), (15, 10, 2), (-15, 10, -2), (14, 10, 1)]
            as [(Int128, Int128, Int64)])
    func rounding(numerator: Int128, denominator: Int128, result: Int64) {
        #expect(roundedHalfUp(numerator, over: denominator) == result)
    }
}
