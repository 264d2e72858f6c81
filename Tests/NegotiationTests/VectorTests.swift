import Foundation
import Ledger
import Negotiation
import Quantities
import SharedData
import Testing

/// The calculation vectors of the negotiation, through the functions that production calls.
@Suite(.enabled(if: SharedData.has("calculation_vectors.json")))
struct NegotiationVectorTests {
    static func cents(_ value: Any?) -> Int64 { (value as? Int).map(Int64.init) ?? 0 }
    static func money(_ value: Any?) -> Money { Money(cents: cents(value)) }
    static func percent(_ value: Any?) -> Percent { Percent(basisPoints: cents(value)) }

    /// The holidays that the vectors were worked out with: 2026 and 2027 only. Ours know 2028 too, and would roll the
    /// `pay_by_date` of 1 May 2028 one day further.
    static let calendar = BusinessCalendar(
        SharedData.rows("holidays_ar.tsv").compactMap { row in
            guard let day = Day(row["date"] ?? ""), let kind = Holiday.Kind(rawValue: row["kind"] ?? "") else {
                return nil
            }
            return Holiday(day: day, kind: kind, name: row["name"] ?? "")
        })

    @Test("Discounts for paying at once are those of the vectors", arguments: SharedData.vectors("immediate_discount"))
    func immediateDiscount(vector: SharedData.Vector) throws {
        let scopes: [String: DiscountScope] = [
            "total": .total, "interest": .interest, "interest_and_costs": .interestAndCharges,
        ]
        let result = ImmediateDiscount(
            principal: Self.money(vector.input["principal_cents"]),
            interest: Self.money(vector.input["interest_cents"]),
            charges: Self.money(vector.input["costs_cents"]), rate: Self.percent(vector.input["discount_bp"]),
            scope: try #require(scopes[vector.input["scope"] as! String]),
            floor: Self.money(vector.input["floor_payable_cents"]))
        #expect(result.discount == Self.money(vector.expected["discount_cents"]))
        #expect(result.payable == Self.money(vector.expected["payable_cents"]))
        #expect(result.floorApplied == vector.expected["floor_applied"] as? Bool)
    }

    @Test("Down payments are those of the vectors", arguments: SharedData.vectors("down_payment"))
    func down(vector: SharedData.Vector) {
        let debt = Self.money(vector.input["debt_cents"])
        let down = downPayment(
            of: debt, share: Self.percent(vector.input["down_bp"]), minimum: Self.money(vector.input["min_cents"]),
            maximum: vector.input["max_cents"] is Int ? Self.money(vector.input["max_cents"]) : nil)
        #expect(down == Self.money(vector.expected["down_payment_cents"]))
        #expect(debt - down == Self.money(vector.expected["financed_cents"]))
    }

    @Test("French plans are those of the vectors, row by row", arguments: SharedData.vectors("french_plan"))
    func french(vector: SharedData.Vector) throws {
        let (input, expected) = (vector.input, vector.expected)
        let down = Self.money(input["down_payment_cents"])
        let financed = Self.money(input["debt_cents"]) - down
        #expect(financed == Self.money(expected["financed_cents"]))
        let plan = frenchPlan(
            financed, rate: Self.percent(input["tna_bp"]),
            rule: try #require(PeriodRateRule(rawValue: input["period_rate_rule"] as! String)),
            vat: Self.percent(input["vat_on_interest_bp"]), count: input["instalments"] as! Int,
            firstDue: Day(input["first_due"] as! String)!, calendar: Self.calendar)
        let schedule = expected["schedule"] as! [[String: Any]]
        #expect(plan.rows.map(\.number) == schedule.map { $0["n"] as! Int })
        #expect(plan.rows.map(\.dueDay.iso) == schedule.map { $0["due_date"] as! String })
        #expect(plan.rows.map(\.payBy.iso) == schedule.map { $0["pay_by_date"] as! String })
        #expect(plan.rows.map(\.interest) == schedule.map { Self.money($0["interest_cents"]) })
        #expect(plan.rows.map(\.principal) == schedule.map { Self.money($0["principal_cents"]) })
        #expect(plan.rows.map(\.instalment) == schedule.map { Self.money($0["instalment_cents"]) })
        #expect(plan.rows.map(\.vatOnInterest) == schedule.map { Self.money($0["vat_on_interest_cents"]) })
        #expect(plan.rows.map(\.balance) == schedule.map { Self.money($0["balance_cents"]) })
        #expect(plan.rows.map(\.total) == schedule.map { Self.money($0["total_cents"]) })
        #expect(plan.rows[0].instalment == Self.money(expected["instalment_cents"]))
        #expect(plan.totalInterest == Self.money(expected["total_interest_cents"]))
        #expect(plan.totalVAT == Self.money(expected["total_vat_cents"]))
        #expect(plan.total + down == Self.money(expected["total_to_pay_cents"]))
        #expect(plan.effectiveAnnualRate == Self.percent(expected["tea_bp"]))
        #expect(
            plan.totalFinancialCost(fee: Self.money(input["upfront_fee_cents"])) == Self.percent(expected["cftea_bp"]))
    }

    @Test("Plans without interest are those of the vectors", arguments: SharedData.vectors("interest_free_plan"))
    func interestFree(vector: SharedData.Vector) throws {
        let (input, expected) = (vector.input, vector.expected)
        let down = Self.money(input["down_payment_cents"])
        let plan = interestFreePlan(
            Self.money(input["debt_cents"]) - down, count: input["instalments"] as! Int,
            spareCents: try #require(SpareCents(rawValue: input["remainder_rule"] as! String)),
            firstDue: Day(input["first_due"] as! String)!, calendar: Self.calendar)
        let rows = expected["instalments"] as! [[String: Any]]
        #expect(plan.financed == Self.money(expected["financed_cents"]))
        #expect(plan.rows.map(\.number) == rows.map { $0["n"] as! Int })
        #expect(plan.rows.map(\.dueDay.iso) == rows.map { $0["due_date"] as! String })
        #expect(plan.rows.map(\.total) == rows.map { Self.money($0["amount_cents"]) })
        #expect(plan.total + down == Self.money(expected["total_to_pay_cents"]))
        #expect(plan.totalFinancialCost(fee: .zero()) == .zero)
    }

    @Test("Effective annual rates are those of the vectors", arguments: SharedData.vectors("tea_from_tna"))
    func effective(vector: SharedData.Vector) {
        let tea = Self.percent(vector.input["tna_bp"])
            .effectiveAnnual(capitalisations: vector.input["capitalisations_per_year"] as! Int)
        #expect(tea == Self.percent(vector.expected["tea_bp"]))
    }

    @Test("Promises are judged as the vectors say", arguments: SharedData.vectors("promise_evaluation"))
    func judged(vector: SharedData.Vector) throws {
        let input = vector.input
        // Judging rolls to the following business day, and a non-working day is none: so do all vectors.
        try #require(input["roll_rule"] as? String == "following")
        try #require(input["non_working_day_counts_as_business"] as? Bool == false)
        let terms = JudgingTerms(
            graceDays: input["grace_days"] as! Int, graceInBusinessDays: input["grace_kind"] as! String == "business",
            tolerance: Self.percent(input["tolerance_bp"]),
            toleranceMinimum: PolicyAmount(Self.money(input["tolerance_min_cents"])))
        let payBy = Day(input["promised_date"] as! String)!
        let deadline = terms.deadline(payBy: payBy, calendar: .argentina)
        #expect(deadline.iso == vector.expected["deadline"] as? String)
        let amount = Self.money(input["promised_cents"])
        let offer = Offer(
            id: "x", kind: .promise, total: amount, discount: .zero(), instalments: [], pricedOn: deadline,
            validUntil: deadline, policyVersion: "")
        let promise = PromiseToPay(
            id: "p", accountID: "a", amount: amount, payBy: payBy, createdOn: Day(input["created"] as! String)!,
            offer: offer, evidence: [], deadline: deadline)
        let payments = (input["payments"] as! [[String: Any]]).enumerated().map {
            Payment(
                id: "\($0.offset)", amount: Self.money($0.element["amount_cents"]),
                day: Day($0.element["date"] as! String)!)
        }
        let result = promise.evaluation(payments: payments, asOf: Day(input["as_of"] as! String)!, terms: terms)
        let names: [PromiseToPay.State: String] = [
            .open: "open", .kept: "kept", .partiallyKept: "partially_kept", .broken: "broken",
        ]
        #expect(names[result.state] == vector.expected["status"] as? String)
        #expect(result.tolerance == Self.money(vector.expected["tolerance_cents"]))
        #expect(result.paidInWindow == Self.money(vector.expected["paid_in_window_cents"]))
        #expect(result.paidLate == Self.money(vector.expected["paid_late_cents"]))
        #expect(result.shortfall == Self.money(vector.expected["shortfall_cents"]))
    }
}
