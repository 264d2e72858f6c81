import Foundation
import Ledger
import Quantities
import SharedData
import Testing

struct ImportTests {
    static let header =
        "cuenta,acreedor,nombre,nombre_completo,documento,telefono,item,descripcion,capital,vencimiento\n"

    @Test("The demo company's accounts and payments are read")
    func demo() throws {
        let fixtures = SharedData.repository.appendingPathComponent("Fixtures")
        let accounts = try AccountImport.parse(
            csv: String(contentsOf: fixtures.appendingPathComponent("accounts.csv"), encoding: .utf8),
            file: "accounts.csv"
        ).get()
        #expect(accounts.count >= 60)
        #expect(accounts.first { $0.id == "marta" }?.items.count == 3)
        let payments = try PaymentImport.parse(
            csv: String(contentsOf: fixtures.appendingPathComponent("payments.csv"), encoding: .utf8),
            file: "payments.csv", accounts: accounts
        ).get()
        #expect(!payments.isEmpty)
    }

    @Test("Every wrong row is reported with its line and column, and nothing is taken")
    func problems() {
        let csv =
            Self.header + "a,Red,Ana,Ana Paz,12345678,+5491100000001,i1,Octubre,1000.00,2026-10-01\n"
            + "b,Red,Beto,Beto Paz,123,+5491100000002,i1,Octubre,mil,2026-10-01\nc,Red,Ceci,\"Paz, Ceci\",12345679,11,i1,Octubre,10,2026-02-30\n"
        guard case .failure(let failure) = AccountImport.parse(csv: csv, file: "x.csv") else {
            Issue.record("wrong rows were taken")
            return
        }
        #expect(failure.problems.count == 4)
        #expect(
            failure.problems.filter { $0.hasPrefix("x.csv:3:") }.count == 2
                && failure.problems.filter { $0.hasPrefix("x.csv:4:") }.count == 2)
        #expect(failure.problems.allSatisfy { $0.contains("expected") })
    }

    @Test(
        "Amounts and rates that no debt has are refused, and the greatest ones still have a statement",
        arguments: [("100000000000.00", "1000", true), ("100000000000.01", "60", false), ("1", "1000.01", false)])
    func greatest(capital: String, rate: String, taken: Bool) {
        let header =
            "cuenta,acreedor,nombre,nombre_completo,documento,telefono,item,descripcion,capital,vencimiento,tna\n"
        let read = AccountImport.parse(
            csv: header + "a,Red,Ana,Ana Paz,12345678,+5491100000001,i1,Octubre,\(capital),1900-01-01,\(rate)\n",
            file: "x.csv")
        if case .success(let accounts) = read {
            #expect(taken && accounts[0].statement(on: Day("2100-01-01")!).total.isPositive)
        } else {
            #expect(!taken)
        }
    }

    @Test("Variants of the contract are read, and unlawful ones refused")
    func variants() throws {
        func account(_ months: String, _ basis: String) -> Result<[Account], ImportFailure> {
            let header =
                "cuenta,acreedor,nombre,nombre_completo,documento,telefono,item,descripcion,capital,vencimiento,"
                + "base_dias,tna_punitoria,punitoria_con_tope,capitaliza_meses,tna_item,unidad,unidades\n"
            return AccountImport.parse(
                csv: header
                    + "a,Red,Ana,Ana Paz,12345678,+5491100000001,i1,Octubre,1000.00,2026-10-01,\(basis),30,no,\(months),45,UVA,10.5\n",
                file: "x.csv")
        }
        let read = try account("6", "360").get()[0]
        #expect(read.terms.dayCountBasis == 360 && read.terms.capitalisation == Capitalisation(everyMonths: 6))
        #expect(read.terms.punitive == PunitiveTerms(rate: Percent(basisPoints: 3000), cappedAtHalf: false))
        #expect(read.items[0].moratoryRate == Percent(basisPoints: 4500))
        #expect(read.items[0].indexed == IndexedPrincipal(unit: "UVA", hundredths: 1050))
        guard case .failure(let failure) = account("1", "364") else {
            Issue.record("monthly capitalisation was taken")
            return
        }
        #expect(failure.problems.count == 2 && failure.problems.contains { $0.contains("CCCN 770") })
    }

    @Test(
        "A language is read as a tag, and what is none is refused",
        arguments: [
            ("pt-BR", "pt-BR", true), ("en", "en", true), ("", nil, true), ("zh-Hant-TW", "zh-Hant-TW", true),
            ("portugués", nil, false), ("p", nil, false), ("pt-", nil, false), ("12", nil, false),
        ] as [(String, String?, Bool)])
    func language(cell: String, tag: String?, taken: Bool) {
        let read = AccountImport.parse(
            csv: "cuenta,acreedor,nombre,nombre_completo,documento,telefono,idioma\n"
                + "a,Red,Ana,Ana Paz,12345678,+5491100000001,\(cell)\n",
            file: "x.csv")
        if case .success(let accounts) = read {
            #expect(taken && accounts[0].language == tag)
        } else {
            #expect(!taken)
        }
    }

    @Test("Unknown and missing columns are named")
    func columns() {
        guard case .failure(let failure) = AccountImport.parse(csv: "cuenta,saldo,item\na,1,2\n", file: "x.csv") else {
            Issue.record("a wrong header was taken")
            return
        }
        #expect(failure.problems.contains { $0.hasPrefix("x.csv:1:8: unknown column `saldo`") })
        #expect(failure.problems.contains { $0.contains("column `capital` is missing") })
    }

    @Test("Any bytes are answered, never with a crash", arguments: 0..<300)
    func fuzz(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let alphabet = Array("a,\"\n\r;1.0-/ñ")
        let text = Self.header + String((0..<200).map { _ in alphabet.randomElement(using: &random)! })
        if case .success(let accounts) = AccountImport.parse(csv: text, file: "x") {
            #expect(accounts.allSatisfy { !$0.id.isEmpty })
        }
    }
}
