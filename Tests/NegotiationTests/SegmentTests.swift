import Ledger
import Negotiation
import Quantities
import Testing

struct SegmentTests {
    static let rules = """
        segmentos:
          - { nombre: buen_pagador, a_termino: 90 %, promesas_cumplidas: 80 % }
          - { nombre: olvidadizo, a_termino: 50 %, atraso_medio: 15 }
          - { nombre: ocasional, ultimo_pago_dias: 90 }
          - { nombre: cronico }

        """
    static let policy = Table.policy(
        [
            "etapas:": rules + "etapas:",
            "plazo_dias: 15": "por_segmento: { buen_pagador: { plazo_dias: 20, descuento: 25 % } }\n    plazo_dias: 15",
        ], of: Table.withoutSegments)

    /// Four invoices, a month apart; each number is the delay with which one was paid, nil for not at all.
    static func account(_ delays: [Int?]) -> Account {
        var account = Table.account(1, daysPastDue: 0)
        account.segment = "importado"
        account.terms = ContractTerms(moratoryRate: .zero)
        let first = Table.today.adding(days: -30 * delays.count)
        account.items = delays.indices.map {
            Item(id: "i\($0)", description: "", principal: .units(1_000), dueDate: first.adding(days: 30 * $0))
        }
        account.payments = delays.enumerated().compactMap { index, delay in
            delay.map {
                Payment(
                    id: "p\(index)", amount: .units(1_000), day: first.adding(days: 30 * index + $0),
                    chosenItem: "i\(index)")
            }
        }
        return account
    }

    @Test(
        "The first segment whose conditions the history fulfils is the account's",
        arguments: [
            ([0, -5, 3, 1], "buen_pagador"), ([0, 0, 20, 20], "olvidadizo"), ([20, 20, 20, nil], "ocasional"),
            ([10, nil, nil, nil], "cronico"), ([nil, nil, nil, nil], "cronico"), ([], "importado"),
        ] as [([Int?], String)])
    func segments(delays: [Int?], segment: String) {
        let finding = Self.policy.segment(of: Self.account(delays), promises: [], on: Table.today)
        #expect(finding.segment == segment && !finding.reasons.isEmpty)
    }

    @Test("Without segments in the policy the imported one stands")
    func imported() {
        let finding = Table.policy().segment(of: Self.account([0, 0, 0, 0]), promises: [], on: Table.today)
        #expect(finding.segment == "importado")
    }

    @Test("The history counts in time, delay and recency as they stood that day, and forgets what bounced")
    func history() {
        var account = Self.account([0, 4, 20, nil])
        #expect(
            account.paymentHistory(on: Table.today)
                == PaymentHistory(
                    itemsDue: 4, onTime: Percent(basisPoints: 2500), averageDelay: 14, daysSincePayment: 40,
                    daysPastDue: 30))
        account.payments[2].reversedOn = Table.today
        #expect(
            account.paymentHistory(on: Table.today)
                == PaymentHistory(
                    itemsDue: 4, onTime: Percent(basisPoints: 2500), averageDelay: 24, daysSincePayment: 86,
                    daysPastDue: 60))
        #expect(account.paymentHistory(on: Table.today.adding(days: -119)).itemsDue == 1)
    }

    @Test("A segment has its own terms in a stage, and the stage's for the rest")
    func terms() {
        func bargain(_ delays: [Int?]) -> Bargain {
            var account = Self.account(delays)
            account.items.append(
                Item(id: "x", description: "", principal: .units(50_000), dueDate: Table.today.adding(days: -5)))
            return Bargain(
                account: account, policy: Self.policy, today: Table.today, calendar: .argentina, promises: [])
        }
        let good = bargain(Array(repeating: 0, count: 12))
        #expect(good.segment.segment == "buen_pagador" && good.latestDay == Table.today.adding(days: 20))
        #expect(good.plans().count == 1)
        #expect(bargain([0, 0, 20, 20]).latestDay == Table.today.adding(days: 15))
    }

    @Test(
        "Segments that cannot be meant are refused at their line",
        arguments: [
            ("- { nombre: cronico }", "- { nombre: cronico, a_termino: 1 % }", "el último segmento es el de los demás"),
            ("- { nombre: ocasional, ultimo_pago_dias: 90 }", "- { nombre: ocasional }", "no pide nada"),
            ("nombre: ocasional", "nombre: olvidadizo", "está dos veces"),
            ("por_segmento: { buen_pagador:", "por_segmento: { nadie:", "no conozco `nadie`"),
        ])
    func wrong(line: String, other: String, message: String) {
        let yaml = Table.withoutSegments.replacing("etapas:\n", with: Self.rules + "etapas:\n")
            .replacing("plazo_dias: 15", with: "por_segmento: { buen_pagador: { plazo_dias: 20 } }\n    plazo_dias: 15")
            .replacing(line, with: other)
        let error = #expect(throws: PolicyError.self) { try Policy.load(yaml: yaml, file: "p.yaml") }
        #expect(error?.problems.contains { $0.contains(message) && $0.hasPrefix("p.yaml:") } == true)
    }
}
