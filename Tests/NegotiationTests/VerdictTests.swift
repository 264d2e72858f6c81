import Ledger
import Negotiation
import Quantities
import SharedData
import Testing

struct VerdictTests {
    @Test("A day too late gets the last one, and who can see to the other")
    func tooLate() {
        let bargain = Table.bargain(5_000_000, daysPastDue: 10)
        guard case .counter(let offer, let why) = bargain.judge(Proposal(day: Table.today.adding(days: 20))) else {
            Issue.record("a day beyond the horizon was taken as it is")
            return
        }
        #expect(offer.instalments[0].dueDay == bargain.latestDay)
        #expect(why == "Hasta el miércoles 9/12 puedo anotarlo; más adelante lo tiene que ver una persona.")
    }

    @Test(
        "A number of instalments gets the nearest one, and a person where the policy has it but not the bot",
        arguments: [
            (4, "plan_3", "En 4 cuotas no puedo; puedo en 3, 6."),
            (12, "plan_6", "En 12 cuotas lo tiene que ver una persona; puedo en 3, 6."),
        ])
    func instalments(count: Int, nearest: String, reason: String) {
        let bargain = Table.bargain(
            10_000_000, daysPastDue: 100, policy: Table.policy(["cuotas_maximo: 12": "cuotas_maximo: 6"]))
        guard case .counter(let offer, let why) = bargain.judge(Proposal(instalments: count)) else {
            Issue.record("a plan that is not there was taken")
            return
        }
        #expect(offer.id == nearest && why == reason)
    }

    @Test("A part first and the rest in instalments is priced from what is owed that day")
    func partAndPlan() throws {
        let bargain = Table.bargain(10_000_000, daysPastDue: 100)
        let day = Table.today.adding(days: 10)
        let proposal = Proposal(amount: .units(40_000), day: day, instalments: 3)
        guard case .admissible(let offer) = bargain.judge(proposal) else {
            Issue.record("an admissible part and plan was refused")
            return
        }
        #expect(offer.id == "part_plan_3" && offer.kind == .plan)
        #expect(offer.instalments[0] == Instalment(number: 0, amount: .units(40_000), dueDay: day))
        #expect(offer.instalments[1].dueDay == day.adding(months: 1))
        #expect(offer.total == bargain.account.statement(on: day).total)
        #expect(offer.summary(asOf: Table.today).hasPrefix("$ 40.000,00 el viernes 4/12 y 3 cuotas de "))
    }

    @Test("A part below the plan's down payment is raised to it")
    func raised() {
        let bargain = Table.bargain(10_000_000, daysPastDue: 100)
        guard
            case .counter(let offer, let why) = bargain.judge(
                Proposal(amount: .units(20_000), day: Table.today, instalments: 12))
        else {
            Issue.record("a part below the down payment was taken")
            return
        }
        let down = Percent(basisPoints: 2000).of(bargain.statement.total)
        #expect(offer.instalments[0].amount == down && why == "El primer pago es de \(down.formatted) como mínimo.")
    }

    @Test("Instalments with a pay-day are priced for that day")
    func onPayDay() {
        let bargain = Table.bargain(10_000_000, daysPastDue: 20)
        guard case .admissible(let offer) = bargain.judge(Proposal(day: Day("2026-12-14"), instalments: 3)) else {
            Issue.record("five days were not granted")
            return
        }
        #expect(offer.instalments.map(\.dueDay.iso) == ["2026-12-14", "2027-01-14", "2027-02-14"])
        #expect(offer.payDay == 14)
    }

    @Test("A financed plan says its total cost with VAT, and one without interest has none")
    func financialCost() {
        var bargain = Table.bargain(10_000_000, daysPastDue: 100)
        bargain.account.terms.vatOnInterest = Percent(basisPoints: 2100)
        let plans = bargain.plans()
        #expect(plans.map { $0.financialCost == nil } == [true, false, false])
        let cost = plans[1].financialCost!
        // 60 % a year is 5 % a month; with 21 % VAT on interest, about 6.05 %: (1.0605)^12 - 1.
        #expect(cost > Percent(basisPoints: 10_000) && cost < Percent(basisPoints: 10_400))
        #expect(plans[1].summary(asOf: Table.today).hasSuffix("CFTEA \(cost.formatted) con IVA"))
        #expect(plans[1].explanation.contains("costo financiero total: CFTEA \(cost.formatted), IVA incluido"))
    }

    @Test("Beyond the agreements of a month a person decides; a plan counts as one")
    func inMonth() {
        let policy = Table.policy(["rotas_maximo: 3": "por_mes_maximo: 2\n  rotas_maximo: 3"])
        var bargain = Table.bargain(10_000_000, daysPastDue: 20, policy: policy)
        bargain.promises = Table.promises(bargain.plans()[0], bargain)
        #expect(
            bargain.judge(Proposal())
                != .needsHuman(why: "En los últimos 30 días ya anotamos 2; otro acuerdo lo tiene que ver una persona."))
        bargain.promises += Table.promises(bargain.offers()[1], bargain, from: 20)
        #expect(
            bargain.judge(Proposal())
                == .needsHuman(why: "En los últimos 30 días ya anotamos 2; otro acuerdo lo tiene que ver una persona."))
    }

    @Test("An account in dollars gets its part and its plan where the policy gives amounts in dollars")
    func dollars() {
        let bargain = Table.bargain(10_000, daysPastDue: 20, currency: .usd)
        #expect(bargain.minimumAmount == Percent(basisPoints: 2000).of(bargain.statement.total))
        #expect(bargain.offers().map(\.id) == ["pay_now", "promise", "plan_3", "partial"])
        #expect(bargain.offers().allSatisfy { $0.total.currency == .usd })
    }

    @Test("Pesos are not dollars: where the policy gives pesos only an account in dollars pays all of it")
    func pesosOnly() {
        let policy = Table.policy([
            "{ pesos: 5.000, dolares: 10 }": "5.000", "{ pesos: 3.000, dolares: 5 }": "3.000",
        ])
        let bargain = Table.bargain(10_000_000, daysPastDue: 20, policy: policy, currency: .usd)
        #expect(bargain.minimumAmount == bargain.statement.total && bargain.plans().isEmpty)
        #expect(bargain.offers().map(\.id) == ["pay_now", "promise"])
    }
}
