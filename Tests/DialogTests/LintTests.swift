import Dialog
import SharedData
import Testing

/// A dialog without faults, which each test spoils in one place.
let goodDialog = """
    dialog: chico
    start: inicio
    facts: [nombre, acreedor, saldo, verificado, tiene_promesa, promesa.monto, propuesta.estado, propuesta.detalle, propuesta.motivo]
    slots:
      fecha: { type: day, ask: "¿Qué día lo pagarías?" }
      monto: { type: money, ask: "¿Cuánto podés pagar?" }
    limits: { reprompts: 2, counter_offers: 3, idle: 20m, on_limit: derivar }
    escalate: [pide_humano, queja, amenaza_legal, insulto_repetido, angustia]
    on_escalate: derivar
    digressions:
      saldo: { hears: pregunta_saldo, say: "Hoy son {saldo}.", unverified: "Te lo digo apenas sepa que sos vos." }
    states:
      inicio:
        route:
          - { when: "no verificado", next: identidad }
          - { when: tiene_promesa, next: con_promesa }
          - { next: negociar }
      identidad:
        ask: "Hola, soy el asistente virtual de {acreedor}, por tu cuenta. Para hablar con una persona, escribí *asesor*. ¿Me decís los últimos tres números de tu documento, {nombre}?"
        identity: si
        choose:
          - { hears: documento, do: verificar_identidad, next: inicio }
          - { hears: persona_equivocada, do: numero_equivocado, next: perdon }
      con_promesa:
        say: "Tenemos anotado {promesa.monto}."
        end: promesa_confirmada
      negociar:
        ask: "Son {saldo}. ¿Qué hacemos?"
        buttons:
          - { text: "Prometo un día", hears: promete }
        choose:
          - { hears: [promete, fecha], needs: [fecha, monto], next: proponer }
          - { hears: no, say: "Bueno, lo vemos." }
      proponer:
        do: proponer
        route:
          - { when: "propuesta.estado = admisible", next: confirmar }
          - { when: "propuesta.estado = contraoferta", next: contraoferta }
          - { next: derivar }
      contraoferta:
        ask: "{propuesta.motivo} Puedo anotar {propuesta.detalle}. ¿Te sirve?"
        choose:
          - { hears: si, do: tomar_contraoferta, next: confirmar }
          - { hears: no, next: derivar }
      confirmar:
        ask: "Anoto {propuesta.detalle}. ¿Confirmás?"
        confirms: si
        choose:
          - { hears: si, do: registrar, next: anotada }
          - { hears: no, do: olvidar, next: negociar }
      anotada:
        say: "¡Listo! Quedó anotado: {propuesta.detalle}."
        end: promesa_registrada
      perdon:
        say: "Perdón por la molestia."
        end: persona_equivocada
      derivar:
        say: "Te paso con una persona del equipo."
        handoff: derivado
    """

struct LintTests {
    static func findings(_ source: String) -> [Diagnostic] {
        compileDialog(source: source, file: "chico.yaml").diagnostics
    }

    @Test("A dialog without faults gives no findings and compiles")
    func good() {
        let result = compileDialog(source: goodDialog, file: "chico.yaml")
        #expect(result.diagnostics.map(\.message) == [])
        #expect(result.dialog?.states.count == 10)
    }

    /// One fault: what is replaced by what, the finding's code, and the words at its place.
    struct Fault: CustomTestStringConvertible, Sendable {
        let code: String
        let found: String
        let replacing: String
        let with: String
        var testDescription: String { "\(code) \(found)" }

        init(_ code: String, at found: String, _ replacing: String, _ with: String) {
            (self.code, self.found, self.replacing, self.with) = (code, found, replacing, with)
        }
    }

    static let faults = [
        Fault("E00", at: "- {", "  inicio:\n", "  inicio: [\n"),
        Fault("E01", at: "asks", "    ask: \"Son {saldo}", "    asks: \"Son {saldo}"),
        Fault("E02", at: "3x", "counter_offers: 3,", "counter_offers: 3x,"),
        Fault("E02", at: "quizas", "confirms: si", "confirms: quizas"),
        Fault("E03", at: "dialog", "on_escalate: derivar\n", ""),
        Fault("E04", at: "grande", "dialog: chico", "dialog: grande"),
        Fault("E05", at: "salda}", "say: \"Hoy son {saldo}.\"", "say: \"Hoy son {salda}.\""),
        Fault("E05", at: "acreedor", "facts: [nombre, acreedor, ", "facts: [nombre, "),
        Fault("E06", at: "count", "type: day", "type: count"),
        Fault("E06", at: "\"{saldo}\"", "type: day, ask", "type: day, max: \"{saldo}\", invalid: \"No puedo.\", ask"),
        Fault("E07", at: "cuotas", "needs: [fecha, monto]", "needs: [fecha, cuotas]"),
        Fault("E08", at: "registra", "do: registrar", "do: registra"),
        Fault("E09", at: "promesa", "hears: [promete, fecha]", "hears: [promesa, fecha]"),
        Fault("E10", at: "==", "propuesta.estado = admisible", "propuesta.estado == admisible"),
        Fault("E11", at: "confirma", "admisible\", next: confirmar", "admisible\", next: confirma"),
        Fault("E11", at: "comienzo", "start: inicio", "start: comienzo"),
        Fault("E12", at: "perdon", "next: perdon", "next: derivar"),
        Fault(
            "E13", at: "perdon", "    say: \"Perdón por la molestia.\"\n    end: persona_equivocada\n",
            "    say: \"Perdón por la molestia.\"\n"),
        Fault("E13", at: "proponer", "      - { next: derivar }\n", ""),
        Fault("E13", at: "{", "say: \"Bueno, lo vemos.\" }", "}"),
        Fault("E14", at: "si", "{ hears: no, next: derivar }", "{ hears: [no, si], next: derivar }"),
        Fault("E16", at: "{saldo}", ", unverified: \"Te lo digo apenas sepa que sos vos.\"", ""),
        Fault("E16", at: "deuda", "Hola, soy el asistente", "Hola, es por tu deuda, soy el asistente"),
        Fault("E17", at: "registrar", "    confirms: si\n", ""),
        Fault("E17", at: "confirmar", "Anoto {propuesta.detalle}.", "Anoto."),
        Fault("E17", at: "registrar", "{ hears: si, do: registrar", "{ hears: [si, fecha], do: registrar"),
        Fault("E18", at: "escalate", "[pide_humano, queja", "[queja"),
        Fault("E18", at: "derivar", "handoff: derivado", "end: derivado"),
        Fault(
            "E19", at: "proponer", "      - { next: derivar }\n  contraoferta:",
            "      - { next: proponer }\n  contraoferta:"),
        Fault("E20", at: "\"Prometo", "\"Prometo un día\"", "\"Prometo pagar un día de estos\""),
        Fault("E21", at: "queja", "hears: [promete, fecha]", "hears: [promete, fecha, queja]"),
        Fault("E21", at: "promete", "hears: [promete, fecha]", "hears: [fecha]"),
        Fault("E21", at: "documento", "    identity: si\n", ""),
        Fault("W01", at: "{", "slots:\n", "slots:\n  cuotas: { type: count, ask: \"¿En cuántas?\" }\n"),
        Fault(
            "W02", at: "\"Perdón", "Perdón por la molestia.",
            "Perdón por la molestia." + String(repeating: " Disculpanos.", count: 40)),
        Fault("E22", at: "te vamos a embargar", "¡Listo! Quedó", "¡Listo! Si no, te vamos a embargar. Quedó"),
        Fault("W03", at: "inmediatamente", "¡Listo! Quedó", "¡Listo! Pagá inmediatamente. Quedó"),
        Fault("W05", at: "\"Hola", " Para hablar con una persona, escribí *asesor*.", ""),
        Fault("W04", at: "hoy", "facts: [nombre", "facts: [hoy, nombre"),
    ]

    @Test("Each fault is found, with its place and what to do", arguments: faults)
    func fault(_ fault: Fault) throws {
        let source = goodDialog.replacing(fault.replacing, with: fault.with)
        try #require(source != goodDialog)
        let findings = Self.findings(source)
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        let hit = findings.first { $0.code == fault.code }
        let finding = try #require(hit, "found only \(findings.map { "\($0.code) \($0.message)" })")
        #expect(
            lines[finding.position.line - 1].dropFirst(finding.position.column - 1).hasPrefix(fault.found),
            "\(finding.rendered(source: source))")
        #expect(!finding.advice.isEmpty)
        #expect((compileDialog(source: source, file: "chico.yaml").dialog == nil) == fault.code.hasPrefix("E"))
    }

    @Test("A figure without a value on one way is found, and the way is named")
    func figureWithoutValue() throws {
        let source = goodDialog.replacing(
            "{ hears: no, say: \"Bueno, lo vemos.\" }", with: "{ hears: no, next: anotada }")
        let finding = try #require(Self.findings(source).first { $0.code == "E15" })
        #expect(finding.message.contains("viniendo de `negociar`") && finding.message.contains("{propuesta.detalle}"))
    }

    @Test("A figure of the debt on a way without identity is found")
    func debtBeforeIdentity() throws {
        let source = goodDialog.replacing(
            "- { when: \"no verificado\", next: identidad }\n", with: "- { when: \"tiene_promesa\", next: identidad }\n"
        )
        #expect(Self.findings(source).contains { $0.code == "E16" && $0.message.contains("{saldo}") })
    }

    @Test("A finding reads as its reader needs it")
    func rendered() {
        let source = goodDialog.replacing("admisible\", next: confirmar", with: "admisible\", next: confirma")
        #expect(
            Self.findings(source).map { $0.rendered(source: source) } == [
                """
                chico.yaml:37:55: error E11: no existe el estado `confirma`
                   37 |       - { when: "propuesta.estado = admisible", next: confirma }
                      |                                                       ^^^^^^^^
                   ¿Quisiste decir `confirmar`?
                """
            ])
    }

    @Test("Any text is answered with findings, never with a crash", arguments: 0..<200)
    func anyText(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var characters = Array(goodDialog)
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            let index = Int.random(in: characters.indices, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: characters.remove(at: index)
            case 1: characters.insert(Array("{}[]:,-\"\n \té&*").randomElement(using: &random)!, at: index)
            default: characters[index] = "\n"
            }
        }
        let result = compileDialog(source: String(characters), file: "chico.yaml")
        #expect(result.dialog != nil || result.diagnostics.contains { $0.severity == .error })
    }
}
