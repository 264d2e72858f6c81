import ArgumentParser
import Foundation
import Ledger
import Quantities

/// Statements and imputations a second, on few items and on many, on one core.
struct BenchLedger: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Statements and imputations a second on one thousand and one million items, on one core.")

    @Option(help: "Items of the small and of the large portfolio.")
    var items: [Int] = [1_000, 1_000_000]
    @Option(help: "Least time that each measure takes, in seconds.")
    var seconds = 2

    private static let today = Day(year: 2026, month: 11, day: 24)!
    private static let itemsPerAccount = 5

    func run() throws {
        let measures = items.map(measure)
        for measure in measures {
            print("\(measure.items) items in accounts of \(Self.itemsPerAccount), two payments and a charge each:")
            print("  statements with every figure:            \(measure.statements)/s")
            print("  the same, explained in words:            \(measure.explained)/s")
            print("  imputations of a payment to an account:  \(measure.imputations)/s")
            print("\(measure.items) items in one account:")
            print("  items of a statement:                    \(measure.itemsOfOne)/s")
            print("  items of an imputation:                  \(measure.itemsImputed)/s")
            print("  peak memory of the process so far:       \(measure.peakMiB) MiB")
        }
        guard let small = measures.first, let large = measures.last, measures.count > 1 else { return }
        func ratio(_ value: KeyPath<Measure, Int>) -> String {
            "\(large[keyPath: value] * 100 / max(1, small[keyPath: value])) %"
        }
        print(
            "\(large.items) against \(small.items) items, same run: statements \(ratio(\.statements)), imputations "
                + "\(ratio(\.imputations)), items of one statement \(ratio(\.itemsOfOne)), of one imputation \(ratio(\.itemsImputed))"
        )
    }

    private struct Measure {
        var items: Int
        var statements: Int
        var explained: Int
        var imputations: Int
        var itemsOfOne: Int
        var itemsImputed: Int
        var peakMiB: Int
    }

    private func measure(_ count: Int) -> Measure {
        let portfolio = (0..<max(1, count / Self.itemsPerAccount)).map { Self.account($0, items: Self.itemsPerAccount) }
        let statements = rate(of: portfolio) { $0.statement(on: Self.today).lines.count }
        let explained = rate(of: portfolio) {
            $0.statement(on: Self.today).lines.reduce(0) { $0 + $1.explanation.count }
        }
        let debts = portfolio.map { Self.debts(of: $0.items) }
        let imputations = rate(of: debts) { impute(.units(90_000), to: $0, mode: .mostOnerousFirst).allocations.count }
        let one = Self.account(0, items: count)
        let itemsOfOne = rate(of: [one], each: count) { $0.statement(on: Self.today).lines.count }
        let all = Self.debts(of: one.items)
        let half = Money(cents: all.reduce(0) { $0 + $1.total.cents } / 2)
        let itemsImputed = rate(of: [all], each: count) {
            impute(half, to: $0, mode: .oldestItemFirst).allocations.count
        }
        return Measure(
            items: count, statements: statements, explained: explained, imputations: imputations,
            itemsOfOne: itemsOfOne,
            itemsImputed: itemsImputed, peakMiB: peakMemory())
    }

    /// Pieces a second of `work` over `inputs`, again and again until the time is over; whole rounds only.
    /// - Parameter each: the pieces of one input.
    private func rate<Input>(of inputs: [Input], each: Int = 1, _ work: (Input) -> Int) -> Int {
        let clock = ContinuousClock()
        var (calls, found) = (0, 0)
        let start = clock.now
        var elapsed = Duration.zero
        while elapsed < .seconds(seconds) {
            for input in inputs { found &+= work(input) }
            calls += inputs.count * each
            elapsed = clock.now - start
        }
        precondition(found != 0, "the measured work was for nothing")
        let milliseconds = elapsed.components.seconds * 1000 + elapsed.components.attoseconds / 1_000_000_000_000_000
        return calls * 1000 / max(1, Int(milliseconds))
    }

    private static func account(_ number: Int, items: Int) -> Account {
        let list = (0..<items).map {
            Item(
                id: "\(number)-\($0)", description: "Internet", principal: Money(cents: Int64(2_000_000 + $0 % 977)),
                dueDate: today.adding(days: -30 * ($0 % 12) - 3))
        }
        let charging = CollectionChargeTerms(
            rate: Percent(basisPoints: 1000), minimum: .units(1500), maximum: .units(12_000),
            vat: Percent(basisPoints: 2100), fromDaysPastDue: 30)
        return Account(
            id: "\(number)", creditor: "Red", firstName: "Ana", fullName: "Ana Paz", document: "20000000",
            phone: "+5491100000000", items: list,
            payments: [
                Payment(id: "1", amount: .units(5_000), day: today.adding(days: -60)),
                Payment(id: "2", amount: .units(7_000), day: today.adding(days: -20)),
            ],
            chargeNotice: ChargeNotice(channel: "correo", day: today.adding(days: -90), text: "cargo de gestión"),
            terms: ContractTerms(collectionCharge: charging))
    }

    private static func debts(of items: [Item]) -> [ItemDebt] {
        items.map {
            ItemDebt(
                id: $0.id, dueDate: $0.dueDate, principal: $0.principal, interest: .units(900), costs: .units(200),
                rate: Percent(basisPoints: 6000))
        }
    }
}

/// The most memory that the process has held, in MiB.
func peakMemory() -> Int {
    var usage = rusage()
    #if os(Linux)
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss / 1024
    #else
        getrusage(RUSAGE_SELF, &usage)
        return usage.ru_maxrss / 1_048_576
    #endif
}
