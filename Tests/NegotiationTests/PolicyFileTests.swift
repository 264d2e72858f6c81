import Negotiation
import Quantities
import Testing

struct PolicyFileTests {
    @Test(
        "Each wrong term is refused at its line, in the manager's words",
        arguments: [
            ("descuento: 20 %", "descuento: [20 %, 10 %]", "va de menor a mayor"),
            ("descuento: 20 %", "descuento: []", "está vacío"),
            ("descuento: 20 %", "descuento: [120 %]", "no puede pasar de 100 %"),
            ("valen_dias: 0", "valen_dias: mañana", "número entero de 0 a 30"),
            ("memoria_dias: 30", "memoria_dias: 400", "número entero de 0 a 365"),
            ("cuotas_impagas: 1", "cuotas_impagas: 0", "número entero de 1 a 60"),
            ("descuento_maximo: 50 %", "descuento_maximo: mucho", "porcentaje"),
            ("rotas_maximo: 3", "rotas_maximo: 3\n  por_mes_maximo: 0", "número entero de 1 a 100"),
            ("planes:", "plans:", "no conozco `plans`"),
            ("{ pesos: 3.000, dolares: 5 }", "{ pesos: 3.000, reales: 5 }", "no conozco `reales`"),
            ("{ pesos: 3.000, dolares: 5 }", "{ dolares: cinco }", "tiene que ser un importe"),
            ("Ya pasaron varios meses; cerrémoslo.", "Vamos a juicio.", "suena a amenaza"),
        ])
    func wrong(line: String, with other: String, message: String) throws {
        let yaml = Table.yaml.replacing(line, with: other)
        let number =
            Table.yaml.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains(line) }! + 1
        do {
            _ = try Policy.load(yaml: yaml, file: "p.yaml")
            Issue.record("a wrong policy was taken")
        } catch let error as PolicyError {
            let places = [number, number + 1].map { "p.yaml:\($0):" }
            #expect(
                error.problems.contains { problem in
                    problem.contains(message) && places.contains { problem.hasPrefix($0) }
                })
        }
    }

    @Test("Every wrong place is named at once")
    func everyPlace() {
        let yaml = Table.yaml.replacing("plazo_dias: 10 ", with: "plazo: 10 ").replacing(
            "tolerancia: 1 %", with: "tolerancia: mucha")
        let error = #expect(throws: PolicyError.self) { try Policy.load(yaml: yaml, file: "p.yaml") }
        #expect(error?.problems.contains { $0.hasPrefix("p.yaml:8:5: no conozco `plazo`") } == true)
        #expect(error?.problems.contains { $0.contains("falta `plazo_dias`") } == true)
        #expect(error?.problems.contains { $0.contains("`tolerancia` tiene que ser un porcentaje") } == true)
    }

    @Test("A policy without the newer sections keeps to what it always meant")
    func earlierVersion() throws {
        let yaml = Table.yaml.split(separator: "# Cuánto vale el precio")[0]
        let policy = try Policy.load(yaml: String(yaml), file: "p.yaml")
        #expect(policy.offerValidDays == 0 && policy.planLifecycle == .strict && policy.authority == AuthorityLimits())
        #expect(policy.maximumAgreementsInMonth == nil)
    }
}
