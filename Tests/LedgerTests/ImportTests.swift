import Foundation
import Ledger
import Quantities
import SharedData
import Testing

struct ImportTests {
    static let header = "cuenta,acreedor,nombre,nombre_completo,documento,telefono,item,descripcion,capital,vencimiento\n"

    @Test("The demo company's accounts and payments are read")
    func demo() throws {
        let fixtures = SharedData.repository.appendingPathComponent("Fixtures")
        let accounts = try AccountImport.parse(csv: String(contentsOf: fixtures.appendingPathComponent("accounts.csv"), encoding: .utf8), file: "accounts.csv").get()
        #expect(accounts.count >= 60)
        #expect(accounts.first { $0.id == "marta" }?.items.count == 3)
        let payments = try PaymentImport.parse(csv: String(contentsOf: fixtures.appendingPathComponent("payments.csv"), encoding: .utf8), file: "payments.csv", accounts: accounts).get()
        #expect(!payments.isEmpty)
    }

    @Test("Every wrong row is reported with its line and column, and nothing is taken")
    func problems() {
        let csv = Self.header + "a,Red,Ana,Ana Paz,12345678,+5491100000001,i1,Octubre,1000.00,2026-10-01\n"
            + "b,Red,Beto,Beto Paz,123,+5491100000002,i1,Octubre,mil,2026-10-01\nc,Red,Ceci,\"Paz, Ceci\",12345679,11,i1,Octubre,10,2026-02-30\n"
        guard case .failure(let failure) = AccountImport.parse(csv: csv, file: "x.csv") else {
            Issue.record("wrong rows were taken")
            return
        }
        #expect(failure.problems.count == 4)
        #expect(failure.problems.filter { $0.hasPrefix("x.csv:3:") }.count == 2 && failure.problems.filter { $0.hasPrefix("x.csv:4:") }.count == 2)
        #expect(failure.problems.allSatisfy { $0.contains("expected") })
    }

    @Test("Unknown and missing columns are named")
    func columns() {
        guard case .failure(let failure) = AccountImport.parse(csv: "cuenta,saldo\na,1\n", file: "x.csv") else {
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
        if case .success(let accounts) = AccountImport.parse(csv: text, file: "x") { #expect(accounts.allSatisfy { !$0.id.isEmpty }) }
    }
}
