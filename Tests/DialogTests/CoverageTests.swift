import Dialog
import SharedData
import Testing

struct CoverageTests {
    private func report(_ texts: [String]) throws -> CoverageReport {
        var talk = try Talk()
        var coverage = Coverage()
        for text in texts {
            talk.say(text)
            coverage.add(talk.passages)
        }
        return CoverageReport(talk.dialog, coverage)
    }

    private func missed(_ report: CoverageReport, _ title: String) -> [String] {
        report.sections.first { $0.title.hasPrefix(title) }?.missed ?? []
    }

    @Test("A conversation covers the states, ways and guards that it goes through")
    func conversation() throws {
        let report = try report(["hola", "456", "cuánto debo?", "el viernes te pago 20 lucas", "dale"])
        #expect(missed(report, "estados") == ["con_promesa", "contraoferta", "perdon", "derivar"])
        #expect(
            missed(report, "condiciones") == [
                "inicio: `tiene_promesa` (línea 16) se cumple",
                "proponer: `propuesta.estado = admisible` (línea 37) no se cumple",
                "proponer: `propuesta.estado = contraoferta` (línea 38) se cumple",
                "proponer: `propuesta.estado = contraoferta` (línea 38) no se cumple",
            ])
        #expect(!missed(report, "digresiones").contains("saldo en negociar"))
        #expect(missed(report, "digresiones").contains("saldo en confirmar"))
        #expect(missed(report, "transiciones").allSatisfy { !$0.hasPrefix("confirmar → anotada") })
    }

    @Test("Limits and escalations are covered when they are reached")
    func limits() throws {
        let report = try report(["hola", "456", "asdf", "qwer", "zxcv", "hola", "quiero hablar con una persona"])
        #expect(missed(report, "límites") == ["counter_offers"])
        #expect(!missed(report, "derivaciones").contains("pide_humano"))
        #expect(missed(report, "derivaciones").contains("angustia"))
    }

    @Test("The page shows the picture, the shares and what is missing")
    func page() throws {
        let html = try report(["hola", "456"]).html()
        #expect(html.contains("<svg ") && html.contains("estados: 7 sin probar"))
        #expect(html.contains("<td class=\"no\">0</td>"))
    }
}
