import Ledger
import Quantities
import SharedData
import Testing

/// Random histories of items, payments, reversals, waivers, backdating and indices. The argument is the seed.
struct HistoryPropertyTests {
    static let seeds = 0..<1000

    @Test("What was owed is what is owed, paid and waived, to the cent, at any day (I11)", arguments: seeds)
    func balances(seed: Int) {
        var history = RandomAccount(seed: seed)
        for _ in 0..<6 {
            let day = history.day()
            let account = history.account
            let balance = account.balance(on: day, indices: history.indices)
            let statement = account.statement(on: day, indices: history.indices)
            #expect(balance.holds)
            #expect(balance.owed == statement.total && balance.credit == statement.credit)
            // The sides of the equation, from the records.
            let paid = account.payments.filter { $0.day <= day && ($0.reversedOn ?? day.adding(days: 1)) > day }
            #expect(balance.paid.cents == paid.reduce(0) { $0 + $1.amount.cents })
            #expect(balance.principal.cents == account.items.reduce(0) { $0 + $1.principal.cents })
            if account.items.allSatisfy({ $0.indexed == nil }) { #expect(balance.indexation.isZero) }
            if account.waivers.allSatisfy({ $0.day > day }) { #expect(balance.waived.isZero) }
        }
    }

    @Test("Without payments each figure is the formula of the vectors", arguments: seeds)
    func untouched(seed: Int) {
        var history = RandomAccount(seed: seed)
        history.account.payments = []
        history.account.waivers = []
        history.account.terms.capitalisation = nil
        let account = history.account
        let terms = account.terms
        let day = history.day()
        for line in account.statement(on: day, indices: history.indices).lines {
            let item = account.items.first { $0.id == line.itemID }!
            let interest = moratoryInterest(
                on: line.principal, rate: item.moratoryRate ?? terms.moratoryRate, days: line.daysPastDue,
                basis: terms.dayCountBasis)
            #expect(line.interest == interest)
            #expect(line.interestVAT == terms.vatOnInterest.of(interest) + terms.vatOnInterest.of(line.punitive))
            if terms.punitive?.cappedAtHalf == true { #expect(line.punitive.cents * 2 <= interest.cents + 1) }
            if let units = item.indexed {
                let value = history.indices[units.unit]!.value(on: day)!
                #expect(line.principal.cents == (units.hundredths * value + 5_000) / 10_000)
            } else {
                #expect(line.principal == item.principal)
            }
        }
    }

    @Test("No component of an item is ever negative", arguments: seeds)
    func neverNegative(seed: Int) {
        var history = RandomAccount(seed: seed)
        for _ in 0..<6 {
            let statement = history.account.statement(on: history.day(), indices: history.indices)
            #expect(statement.credit.cents >= 0)
            for line in statement.lines {
                let parts = [
                    line.principal, line.interest, line.punitive, line.interestVAT, line.charge, line.chargeVAT,
                ]
                #expect(parts.allSatisfy { $0.cents >= 0 } && line.total.isPositive)
                #expect(!line.explanation.isEmpty)
            }
        }
    }

    @Test("The order of import does not matter", arguments: seeds)
    func order(seed: Int) {
        var history = RandomAccount(seed: seed)
        let day = history.day()
        let statement = history.account.statement(on: day, indices: history.indices)
        history.account.payments.shuffle(using: &history.random)
        history.account.waivers.shuffle(using: &history.random)
        history.account.items.shuffle(using: &history.random)
        #expect(history.account.statement(on: day, indices: history.indices) == statement)
    }

    @Test("What happens later does not change a statement, and a reversed payment leaves no trace", arguments: seeds)
    func pure(seed: Int) {
        var history = RandomAccount(seed: seed)
        let day = history.day()
        let statement = history.account.statement(on: day, indices: history.indices)
        var earlier = history.account
        earlier.payments = earlier.payments.filter { $0.stands(on: day) }
        earlier.waivers = earlier.waivers.filter { $0.day <= day }
        #expect(earlier.statement(on: day, indices: history.indices) == statement)
        let future = Payment(id: "x", amount: Money(cents: 7, earlier.currency), day: day.adding(days: 1))
        earlier.payments.append(future)
        #expect(earlier.statement(on: day, indices: history.indices) == statement)
        earlier.payments.append(Payment(id: "y", amount: future.amount, day: day.adding(days: -30), reversedOn: day))
        #expect(earlier.statement(on: day, indices: history.indices) == statement)
    }

    @Test(
        "A payment is found whole in its allocations and the credit, and no component goes below zero", arguments: seeds
    )
    func imputation(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        func money(_ range: ClosedRange<Int64>) -> Money { Money(cents: .random(in: range, using: &random)) }
        let debts = (0..<Int.random(in: 0...8, using: &random)).map { number in
            ItemDebt(
                id: "i\(number)", dueDate: RandomAccount.start.adding(days: .random(in: 0...5, using: &random)),
                principal: money(0...1_000), interest: money(0...100), costs: money(0...100),
                rate: Percent(basisPoints: .random(in: 1...3, using: &random)))
        }
        let payment = money(0...5_000)
        let owed = debts.reduce(Money.zero()) { $0 + $1.total }
        for mode in ImputationMode.allCases {
            let result = impute(
                payment, to: debts, mode: mode, chosenItem: "i2",
                on: [nil, RandomAccount.start.adding(days: 2)].randomElement(using: &random)!)
            #expect(result.allocations.reduce(result.credit) { $0 + $1.amount } == payment)
            #expect(result.credit.cents == max(0, payment.cents - owed.cents))
            for (before, after) in zip(debts, result.remaining) {
                for component in DebtComponent.allCases {
                    let paid = result.allocations.filter { $0.item == before.id && $0.component == component }
                    #expect(after[component] == paid.reduce(before[component]) { $0 - $1.amount })
                    #expect(after[component].cents >= 0)
                }
                // CCCN 903: principal only once costs and interest of the item are paid.
                if mode != .componentsAcrossItems, after.principal < before.principal {
                    #expect(after.costs.isZero && after.interest.isZero)
                }
            }
        }
    }
}
