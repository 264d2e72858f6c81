import Campaigns
import Dialog
import Foundation
import SharedData
import Testing

struct CampaignFileTests {
    @Test("The shipped campaigns have nothing wrong", arguments: ["mora-temprana", "extrajudicial", "factura"])
    func shipped(name: String) throws {
        #expect(CampaignFile(source: try Bench.source(name), file: name).findings.map(\.message) == [])
    }

    @Test("The README's campaign has nothing wrong")
    func readme() throws {
        let text = try String(contentsOf: SharedData.repository.appendingPathComponent("README.md"), encoding: .utf8)
        let start = try #require(text.range(of: "```yaml\ncampaña:"))
        let source = text[start.lowerBound...].dropFirst("```yaml\n".count)
        let end = try #require(source.range(of: "```"))
        #expect(
            CampaignFile(source: String(source[..<end.lowerBound]), file: "README").findings.map(\.message) == [])
    }

    /// A change of the shipped file, and where and how it is reported.
    private static let mistakes: [(of: String, with: String, code: String, message: String)] = [
        ("etapa: administrativa", "etapa: administratva", "C2", "no conozco la etapa `administratva`"),
        ("atraso: 1 a 59", "atraso: mucho", "C2", "`atraso` es un rango"),
        ("dia_cero: vencimiento", "dia_cero: venc", "C2", "`dia_cero` no puede ser `venc`"),
        ("si_paga: cualquier_importe", "si_pagas: todo", "C1", "no conozco `si_pagas`"),
        (
            "Hay un mensaje sobre tu cuenta: contestá", "Sabé {saldo} de tu cuenta: contestá", "C3",
            "{saldo} nombra la deuda"
        ),
        (
            "Hay un mensaje sobre tu cuenta: escribinos", "Hay una deuda en tu cuenta: escribinos", "C3",
            "\"deuda\" da a entender"
        ),
        ("{acreedor} te sigue buscando", "{acredor} te sigue buscando", "C2", "no conozco el dato {acredor}"),
        ("Seguimos con un mensaje", "Vamos a embargarte, un mensaje", "C5", "no se dice"),
        ("- dia: 10", "- dia: 3", "C4", "el día 3 no viene después del 4"),
        ("horario: 9:00 a 12:00", "horario: 12:00 a 9:00", "C2", "`horario` va de una hora a otra"),
        ("canal: voz", "canal: telefono", "C2", "`canal` no puede ser `telefono`"),
        (
            "soy el asistente virtual de {acreedor}. Hay un mensaje sobre tu cuenta: escribinos por WhatsApp, o respondé ASESOR.",
            "te escribimos de {acreedor} por tu cuenta.", "C6",
            "ar.presentacion.bot); el primer mensaje dice cómo llegar"
        ),
        ("Seguimos con un mensaje sobre tu cuenta", "Seguimos con un mensaje", "C6", "ar.presentacion.motivo"),
        (
            "plantilla: mensaje_pendiente", "plantilla: mensaje_pendiente\n        encabezado: \"{saldo}\"", "C3",
            "{saldo} nombra la deuda"
        ),
        (
            "plantilla: mensaje_pendiente", "plantilla: mensaje_pendiente\n        botones: [verde]", "C2",
            "no conozco este botón"
        ),
        (
            "canal: sms\n        texto", "canal: sms\n        botones: [fijo]\n        texto", "C1",
            "solo WhatsApp lleva"
        ),
    ]

    @Test("A mistake is said with its place and what to do", arguments: mistakes.indices)
    func mistake(index: Int) throws {
        let mistake = Self.mistakes[index]
        let source = try Bench.source("mora-temprana")
        let start = try #require(source.range(of: mistake.of))
        let wrong = source.replacing(
            mistake.of, with: mistake.with, subrange: start.lowerBound..<source.endIndex, maxReplacements: 1)
        let file = CampaignFile(source: wrong, file: "c.yaml")
        let found = try #require(file.findings.first)
        #expect(file.campaign == nil)
        #expect(
            found.code == mistake.code && found.message.contains(mistake.message), "\(found.rendered(source: wrong))")
        let added = mistake.with.prefix { $0 != "[" && $0 != "{" }.count { $0 == "\n" }
        #expect(found.position.line == wrong[..<start.lowerBound].count { $0 == "\n" } + 1 + added)
        #expect(!found.advice.isEmpty)
    }

    @Test("A segment that the policy has not is an error that names a near one")
    func segment() throws {
        let source = try Bench.source("mora-temprana").replacing("  moneda: ARS", with: "  segmento: [ocacional]")
        let file = CampaignFile(source: source, file: "c.yaml", segments: ["ocasional", "cronico"])
        #expect(file.findings.map(\.advice) == ["¿Quisiste decir `ocasional`?"])
    }

    @Test(
        "Text that is no campaign is answered with findings",
        arguments: ["", "a: [", "- 1", "campaña: x", "\u{0}", "pasos: 3"])
    func garbage(source: String) {
        let file = CampaignFile(source: source, file: "c.yaml")
        #expect(file.campaign == nil && !file.findings.isEmpty)
    }
}
