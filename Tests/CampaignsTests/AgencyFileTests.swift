import Campaigns
import Ledger
import Quantities
import Testing

struct AgencyFileTests {
    private let ana = Bench.situation(daysPastDue: 90).account

    private func parse(_ csv: String) throws -> [AgencyResult] {
        try AgencyResult.parse(csv: csv, file: "r.csv") { $0 == "ana" ? ana : nil }
    }

    @Test("Payments and returns are read, also with semicolons and quotes")
    func reads() throws {
        let day = Day("2026-12-05")!
        #expect(
            try parse(
                "cuenta,resultado,pago,importe,dia,motivo\nana,pagada,p9,24600.00,2026-12-05,\nana,devuelta,,,,\"sin contacto, 90 días\"\n"
            )
                == [
                    AgencyResult(
                        accountID: "ana", outcome: .paid(Payment(id: "p9", amount: Money(cents: 2_460_000), day: day))),
                    AgencyResult(accountID: "ana", outcome: .returned(reason: "sin contacto, 90 días")),
                ])
        #expect(try parse("cuenta;resultado\r\nana;devuelta\r\n").map(\.outcome) == [.returned(reason: "devuelta")])
    }

    @Test("Every wrong row is reported with its line, and then none is taken")
    func wrong() throws {
        let csv = """
            cuenta,resultado,pago,importe,dia
            ana,pagada,p1,100.00,2026-12-05
            nadie,devuelta,,,
            ana,perdida,,,
            ana,pagada,p1,-3,ayer
            ana
            """
        let error = #expect(throws: AgencyFileError.self) { try parse(csv) }
        #expect(
            error?.problems.map { $0.prefix(7) } == ["r.csv:3", "r.csv:4", "r.csv:5", "r.csv:5", "r.csv:5", "r.csv:6"])
        #expect(throws: AgencyFileError.self) { try parse("") }
        #expect(throws: AgencyFileError.self) { try parse("cuenta,monto\n") }
    }

    @Test("The agency's file has the figures of the day, and one row per account")
    func export() {
        let csv = AgencyExport.csv(
            [(ana, Assignment(accountID: "ana", agency: "Estudio Sur, Asoc.", assignedOn: Day("2026-11-24")!))],
            on: Day("2026-11-24")!)
        let lines = csv.split(separator: "\n")
        #expect(
            lines.count == 2 && lines[1].hasPrefix("ana,\"Estudio Sur, Asoc.\",2026-11-24,Red Fibra,Ana Díaz,20000111"))
        #expect(lines[1].hasSuffix(",90"))
    }
}
