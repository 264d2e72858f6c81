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

    @Test("What is said together with another thing of its choice shows of neither that it is heard")
    func heardAlone() throws {
        #expect(
            missed(try report(["hola", "456", "el viernes te pago 20 lucas"]), "cosas").contains(
                "fecha en negociar (línea 32)"))
        #expect(
            missed(try report(["hola", "456", "voy a pagar"]), "cosas").filter { $0.contains("negociar") } == [
                "fecha en negociar (línea 32)", "no en negociar (línea 33)",
            ])
    }

    @Test("Of a dialog that is said in two ways each is covered by its own conversations, as text and as pictures")
    func locales() throws {
        let dialog = try #require(compileDialog(source: LintSample.translated, file: "chico.yaml").dialog)
        let (base, mexican) = (Coverage([.entered("inicio"), .entered("identidad")]), Coverage([.entered("inicio")]))
        var both = base
        both.add(mexican)
        let report = CoverageReport(dialog, both, byLocale: [("es_AR", base), ("es_MX", mexican)])
        #expect(report.byLocale.map { $0.sections[0].covered } == [2, 1] && report.sections[0].covered == 2)
        let text = report.text()
        #expect(text.contains("  por idioma:    es_AR    es_MX\n                  20 %     10 %  estados\n"), "\(text)")
        #expect(text.contains("Sin probar en es_MX, estados:\n  · identidad\n"))
        #expect(!text.contains("Sin probar en es_AR"))
        let page = report.html()
        #expect(page.ranges(of: "<svg ").count == 3 && page.contains("<h2 lang=\"es-MX\">"))
        #expect(page.contains("¿Confirmas?") && page.contains("¿Confirmás?"))
        #expect(!CoverageReport(dialog, both, byLocale: [("es_AR", base)]).text().contains("por idioma"))
    }
}
