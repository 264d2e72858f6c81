import Ledger
import Negotiation
import Quantities
import SharedData
import Testing

struct PolicySimulationTests {
    static func portfolio(_ random: inout SeededRandom, count: Int = 30) -> [Account] {
        (0..<count).map { number in
            var account = Table.account(
                .random(in: 0...9_000_000, using: &random), daysPastDue: .random(in: -10...200, using: &random),
                currency: number % 7 == 0 ? .usd : .ars)
            account.id = "a\(number)"
            return account
        }
    }

    static func simulate(_ accounts: [Account], _ old: Policy, _ new: Policy) -> PolicySimulation {
        PolicySimulation(accounts, from: old, to: new, on: Table.today, calendar: .argentina)
    }

    @Test("The same terms change nothing, whatever the version is called", arguments: 0..<50)
    func same(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let simulation = Self.simulate(
            Self.portfolio(&random), Table.policy(), Table.policy(["version: 2026-11": "version: otra"]))
        #expect(simulation.affected.isEmpty)
        for sides in simulation.sides.values { #expect(sides.old == sides.new) }
    }

    @Test(
        "A greater discount gives more away, reaches only its stage, and the order of accounts does not matter",
        arguments: 0..<50)
    func greater(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var accounts = Self.portfolio(&random)
        let new = Table.policy(["descuento: 20 %": "descuento: 40 %"])
        let simulation = Self.simulate(accounts, Table.policy(), new)
        let extrajudicial = Set(
            accounts.filter { ($0.statement(on: Table.today).daysPastDue ?? 0) >= 60 }.map(\.id))
        #expect(Set(simulation.affected.map(\.accountID)) == extrajudicial)
        for sides in simulation.sides.values {
            #expect(sides.new.expectedDiscounts >= sides.old.expectedDiscounts)
            #expect(sides.new.greatestDiscounts >= sides.old.greatestDiscounts)
            #expect(sides.new.greatestDiscounts >= sides.new.expectedDiscounts)
            #expect(sides.old.accounts == sides.new.accounts && sides.old.stages == sides.new.stages)
        }
        accounts.shuffle(using: &random)
        #expect(Self.simulate(accounts, Table.policy(), new).sides == simulation.sides)
    }

    @Test("The expected recovery is that of the documented shares")
    func formula() throws {
        // Not yet due: 10.000,00 with no discount and no plans; 10 days to promise, 5.000,00 at least.
        let account = Table.account(1_000_000, daysPastDue: -20)
        let outcome = try #require(Self.simulate([account], Table.policy(), Table.policy()).sides[.ars]).old
        // 15 % × 90 % of all today, 25 % × (80 % − 10 × 1 %) of all in ten days, 10 % × 70 % of half.
        #expect(outcome.expectedRecovery == Money(cents: 135_000 + 175_000 + 35_000))
        #expect(outcome.expectedDiscounts.isZero && outcome.accounts == 1 && outcome.needHuman == 0)
    }

    @Test("The assumed shares never add up to more than everybody", arguments: [0, 1, 2500, 10_000] as [Int64])
    func shares(discount: Int64) {
        let bargain = Table.bargain(
            5_000_000, daysPastDue: 100,
            policy: Table.policy([
                "descuento: 20 %": "descuento: \(Percent(basisPoints: discount).formatted)",
                "descuento_maximo: 50 %": "descuento_maximo: 100 %",
            ]))
        let assumptions = RecoveryAssumptions()
        let kinds = Dictionary(grouping: bargain.offers(), by: \.kind).compactMapValues(\.first)
        #expect(kinds.count == 4 && kinds.values.reduce(0) { $0 + assumptions.taken($1) } <= 10_000)
    }

    @Test("An account that only a person may negotiate with counts no offers")
    func needHuman() throws {
        let bargain = Table.bargain(5_000_000, daysPastDue: 100)
        let broken = (0..<3).map { number in
            var promise = Table.promises(bargain.payNow(), bargain, from: number)[0]
            promise.state = .broken
            return promise
        }
        let simulation = PolicySimulation(
            [bargain.account], promises: ["a": broken], from: Table.policy(),
            to: Table.policy(["rotas_maximo: 3": "rotas_maximo: 4"]), on: Table.today, calendar: .argentina)
        let sides = try #require(simulation.sides[.ars])
        #expect(sides.old.needHuman == 1 && sides.old.offers.isEmpty && sides.old.expectedRecovery.isZero)
        #expect(sides.new.needHuman == 0 && sides.new.expectedRecovery.isPositive)
        #expect(simulation.affected.map(\.accountID) == ["a"] && simulation.affected[0].before.isEmpty)
    }

    @Test("The report shows both policies, and what changes for whom")
    func report() {
        let simulation = Self.simulate(
            [Table.account(5_000_000, daysPastDue: 100)], Table.policy(),
            Table.policy(["descuento: 20 %": "descuento: 30 %", "- { cantidad: 12, tna: 60 %, anticipo: 20 % }": ""]))
        let report = simulation.report(on: Table.today, showing: 5)
        #expect(report.contains("ofertas: planes                   3 → 2\n"))
        #expect(report.contains("Cuentas a las que cambia algo: 1\n  a\n"))
        #expect(report.contains("    plan_12: anticipo de ") && report.contains(" → ya no se ofrece\n"))
    }

    @Test("A policy that reads well but contradicts itself is warned about")
    func warnings() {
        #expect(Table.policy().warnings.isEmpty)
        let odd = Table.policy([
            "descuento: 20 %": "descuento: 60 %", "cuotas_maximo: 12": "cuotas_maximo: 6",
            "plazo_dias: 30": "plazo_dias: 12",
            "rehabilitar_dias: 10": "rehabilitar_dias: 0",
        ]).warnings
        for text in ["60 % pasa la autoridad", "12 cuotas pasa", "capital incluido", "baja de 15 a 12", "rehabilitar"] {
            #expect(odd.contains { $0.text.contains(text) })
        }
        let discount = odd.first { $0.text.contains("60 % pasa la autoridad") }
        #expect(discount?.text.hasPrefix("etapa extrajudicial: ") == true)
        let lines = Table.yaml.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(discount.map { lines[$0.line - 1].contains("descuento: 20 %") } == true)
    }
}
