import Dialog
import Testing

/// What somebody who never wrote YAML gets wrong.
struct YAMLProblemTests {
    struct Mistake: CustomTestStringConvertible, Sendable {
        let old: String
        let new: String
        /// Words of the message, the text at its place, and words of the advice.
        let what: String
        let place: String
        let remedy: String
        var testDescription: String { what }
        init(_ old: String, _ new: String, _ what: String, at place: String, _ remedy: String) {
            (self.old, self.new, self.what, self.place, self.remedy) = (old, new, what, place, remedy)
        }
    }

    static let mistakes = [
        Mistake(
            "ask: \"Son {saldo}. ¿Qué hacemos?\"", "ask:\"Son {saldo}. ¿Qué hacemos?\"",
            "falta un espacio después de los dos puntos",
            at: ":\"Son", "`ask: …`"),
        Mistake(
            "ask: \"Son {saldo}. ¿Qué hacemos?\"", "ask: \"Son {saldo}. ¿Qué hacemos?",
            "la comilla que se abre acá no se cierra",
            at: "\"Son", "al final del texto"),
        Mistake(
            "say: \"Te paso con una persona del equipo.\"", "say: \"Te paso con una persona del equipo.",
            "la comilla que se abre acá no se cierra",
            at: "\"Te paso", "al final del texto"),
        Mistake(
            "ask: \"Son {saldo}. ¿Qué hacemos?\"", "ask: Son pesos: ¿Qué hacemos?",
            "tiene dos puntos y no está entre comillas", at: ": ¿Qué",
            "entre comillas"),
        Mistake(
            "    ask: \"Son {saldo}.", "      ask: \"Son {saldo}.", "no coincide con la de ninguna de arriba",
            at: "buttons",
            "dos espacios"),
        Mistake(
            "    identity: si", "      identity: si", "no coincide con la de ninguna de arriba", at: "identity",
            "alineado"),
        Mistake("start: inicio", "  start: inicio", "más adentro de lo que corresponde", at: "  start", "Alineala"),
        Mistake(
            "{ hears: si, do: registrar, next: anotada }", "{ hears: si, do: registrar, next: anotada",
            "le falta una coma o su cierre",
            at: "{ hears: si, do: registrar", "la llave al final"),
        Mistake(
            "facts: [nombre, acreedor, saldo, verificado, tiene_promesa, promesa.monto, propuesta.estado, propuesta.detalle, propuesta.motivo]",
            "facts: [nombre, acreedor", "le falta una coma o su cierre", at: "[nombre", "el corchete al final"),
        Mistake("    identity: si", "    identity", "faltan los dos puntos", at: "identity", "`clave: valor`"),
        Mistake(
            "    end: persona_equivocada", "    end: persona_equivocada\n    end: otra", "`end` está dos veces",
            at: "end: otra", "Dejá una sola"),
        Mistake(
            "say: \"Perdón por la molestia.\"", "say: @perdon", "no puede empezar con `@`", at: "@perdon",
            "entre comillas"),
        Mistake(
            "say: \"Perdón por la molestia.\"", "say: \"Perdón\\! por\"", "una letra que no significa nada", at: "",
            "Borrá la barra"),
        Mistake(
            "say: \"Perdón por la molestia.\"", "say: *perdon*", "no puede empezar con `&`, `*` ni `!`", at: "",
            "entre comillas"),
        Mistake(
            "say: \"Perdón por la molestia.\"", "say: “Perdón por la molestia.”", "no son las que se usan acá", at: "“",
            "comillas rectas"),
        Mistake(
            "    identity: si", "\u{A0}   identity: si", "un espacio que no es el común", at: "\u{A0}",
            "barra espaciadora"),
        Mistake("    identity: si", "\tidentity: si", "tabulador", at: "\t", "espacios"),
        Mistake("    identity: si", "    identity:\tsi", "tabulador", at: "\t", "un espacio"),
        Mistake(
            "say: \"Perdón por la molestia.\"", "say: &perdon \"Perdón por la molestia.\"", "`&perdon` es un ancla",
            at: "&perdon", "el valor entero"),
        Mistake(
            "  perdon:\n", "  perdon: &fin\n", "`&fin` es un ancla", at: "&fin", "el valor entero"),
        Mistake(
            "{ hears: no, next: derivar }", "&salida { hears: no, next: derivar }", "`&salida` es un ancla",
            at: "&salida", "el valor entero"),
        Mistake(
            "start: inicio", "start: !inicio inicio", "`!inicio` es una etiqueta", at: "!inicio", "entre comillas"),
        Mistake(
            "say: \"Perdón por la molestia.\"", "say: !!str Perdón", "`!!str` es una etiqueta", at: "!!str", "Borrala"),
        Mistake("dialog: chico", "dialog: chi\u{7}co", "una letra que no se ve", at: "", "Borrala"),
        Mistake(
            "    choose:\n      - { hears: si, do: tomar", "    choose: - { hears: si, do: tomar",
            "el guion de una lista no va", at: "- {", "línea siguiente"),
        Mistake(
            "\"Te paso con una persona del equipo.\"", "\"Te \"paso\" con una persona\"", "se cierra en esta comilla",
            at: "\"paso", "`\\\"`"),
        Mistake(
            "\"Te paso con una persona del equipo.\"", "'Te paso con alguien d'alla'", "se cierra en esta comilla",
            at: "'alla", "comillas dobles"),
        Mistake(
            "\"Perdón por la molestia.\"", "{nombre}, perdón por la molestia", "empieza con una llave", at: "{nombre}",
            "entre comillas"),
        Mistake(
            "      - { hears: no, next: derivar }", "      – { hears: no, next: derivar }",
            "no es el guion de una lista",
            at: "–", "guion común"),
        Mistake(
            "next: perdon }", "next:\u{A0}perdon }", "un espacio que no es el común", at: "\u{A0}", "barra espaciadora"),
        Mistake("¿Qué hacemos?\"", "\u{FFFD}Qu\u{FFFD} hacemos?\"", "una letra que se perdió", at: "\u{FFFD}", "UTF-8"),
    ]

    @Test("A file that is not YAML is told in Spanish, with the place and the remedy", arguments: mistakes)
    func mistake(_ mistake: Mistake) throws {
        let source = goodDialog.replacing(mistake.old, with: mistake.new)
        try #require(source != goodDialog)
        let finding = try #require(LintTests.findings(source).first)
        #expect(finding.code == "E00" && finding.message.contains(mistake.what), "\(finding.rendered(source: source))")
        #expect(finding.advice.contains(mistake.remedy), "\(finding.advice)")
        let line = source.split(separator: "\n", omittingEmptySubsequences: false)[finding.position.line - 1]
        #expect(
            line.dropFirst(finding.position.column - 1).hasPrefix(mistake.place), "\(finding.rendered(source: source))")
    }

    /// What YAML takes, and its writer did not mean.
    static let slips: [(old: String, new: String, code: String, what: String, advice: String)] = [
        (
            "say: \"Perdón por la molestia.\"", "say: Sos el cliente #1", "E02", "el texto se corta acá",
            "entre comillas"
        ),
        ("say: \"Perdón por la molestia.\"", "say:", "E02", "`say` está vacío", "borrá la línea"),
        ("say: \"Perdón por la molestia.\"", "say: {nombre}", "E02", "tiene que ser un texto", "`say: \"{nombre}…\"`"),
        ("say: \"Bueno, lo vemos.\" }", "say: Bueno, lo vemos }", "E01", "`lo vemos` quedó suelto", "entre comillas"),
        ("needs: [fecha, monto],", "needs: fecha, monto,", "E01", "`monto` quedó suelto", "entre corchetes"),
        ("\"Hoy son {saldo}.\"", "\"Hoy son {saldo, {nombre}.\"", "E02", "le falta la llave que cierra", "`{nombre}`"),
        ("  anotada:\n    say:", "  anotada:\n    dice:", "E01", "no conozco `dice`", "¿Quisiste decir `say`?"),
        ("- { when: tiene_promesa,", "- { si: tiene_promesa,", "E01", "no conozco `si`", "¿Quisiste decir `when`?"),
        ("do: registrar,", "do: registrar promesa,", "E08", "`registrar promesa`", "¿Quisiste decir `registrar`?"),
        ("{saldo}. ¿Qué", "{importe total}. ¿Qué", "E05", "`importe total`", "Los más parecidos son"),
    ]

    @Test("What YAML takes and its writer did not mean is found", arguments: slips.indices)
    func slip(_ index: Int) throws {
        let slip = Self.slips[index]
        let source = goodDialog.replacing(slip.old, with: slip.new)
        try #require(source != goodDialog)
        let findings = LintTests.findings(source)
        let finding = try #require(findings.first { $0.code == slip.code }, "\(findings)")
        #expect(finding.message.contains(slip.what) && finding.advice.contains(slip.advice), "\(finding)")
    }

    @Test("A comment after a name, and a `#` within quotes, are no slips")
    func comments() {
        let source = goodDialog.replacing("on_escalate: derivar", with: "on_escalate: derivar # una persona")
            .replacing("\"Perdón por la molestia.\"", with: "\"Perdón por la molestia. # 1\"")
        #expect(LintTests.findings(source).map(\.message) == [])
    }

    @Test("A file as Windows saves it is read, with its places", arguments: ["\r\n", "\r", "\n"], ["\u{FEFF}", ""])
    func windows(lineEnd: String, mark: String) {
        let source = mark + goodDialog.replacing("\n", with: lineEnd)
        #expect(LintTests.findings(source).map(\.message) == [])
        let broken = source.replacing("admisible\", next: confirmar", with: "admisible\", next: confirma")
        #expect(
            LintTests.findings(broken).map { $0.rendered(source: broken) } == [
                """
                chico.yaml:37:55: error E11: no existe el estado `confirma`
                   37 |       - { when: "propuesta.estado = admisible", next: confirma }
                      |                                                       ^^^^^^^^
                   ¿Quisiste decir `confirmar`?
                """
            ])
    }
}
