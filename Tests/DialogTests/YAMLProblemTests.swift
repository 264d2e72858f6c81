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
            "ask: \"Son {saldo}. ¿Qué hacemos?\"", "ask:\"Son {saldo}. ¿Qué hacemos?\"", "falta un espacio después de los dos puntos",
            at: ":\"Son", "`ask: …`"),
        Mistake(
            "ask: \"Son {saldo}. ¿Qué hacemos?\"", "ask: \"Son {saldo}. ¿Qué hacemos?", "la comilla que se abre acá no se cierra",
            at: "\"Son", "al final del texto"),
        Mistake(
            "say: \"Te paso con una persona del equipo.\"", "say: \"Te paso con una persona del equipo.", "la comilla que se abre acá no se cierra",
            at: "\"Te paso", "al final del texto"),
        Mistake(
            "ask: \"Son {saldo}. ¿Qué hacemos?\"", "ask: Son pesos: ¿Qué hacemos?", "tiene dos puntos y no está entre comillas", at: ": ¿Qué",
            "entre comillas"),
        Mistake(
            "    ask: \"Son {saldo}.", "      ask: \"Son {saldo}.", "no coincide con la de ninguna de arriba", at: "buttons",
            "dos espacios"),
        Mistake(
            "    identity: si", "      identity: si", "no coincide con la de ninguna de arriba", at: "identity", "alineado"),
        Mistake("start: inicio", "  start: inicio", "más adentro de lo que corresponde", at: "  start", "Alineala"),
        Mistake(
            "{ hears: si, do: registrar, next: anotada }", "{ hears: si, do: registrar, next: anotada", "le falta una coma o su cierre",
            at: "{ hears: si, do: registrar", "la llave al final"),
        Mistake(
            "facts: [nombre, acreedor, saldo, verificado, tiene_promesa, promesa.monto, propuesta.estado, propuesta.detalle, propuesta.motivo]",
            "facts: [nombre, acreedor", "le falta una coma o su cierre", at: "[nombre", "el corchete al final"),
        Mistake("    identity: si", "    identity", "faltan los dos puntos", at: "identity", "`clave: valor`"),
        Mistake("    end: persona_equivocada", "    end: persona_equivocada\n    end: otra", "`end` está dos veces", at: "end: otra", "Dejá una sola"),
        Mistake("say: \"Perdón por la molestia.\"", "say: @perdon", "no puede empezar con `@`", at: "@perdon", "entre comillas"),
        Mistake("say: \"Perdón por la molestia.\"", "say: \"Perdón\\! por\"", "una letra que no significa nada", at: "", "Borrá la barra"),
        Mistake("say: \"Perdón por la molestia.\"", "say: *perdon*", "no puede empezar con `&`, `*` ni `!`", at: "", "entre comillas"),
        Mistake("say: \"Perdón por la molestia.\"", "say: “Perdón por la molestia.”", "no son las que se usan acá", at: "“", "comillas rectas"),
        Mistake("    identity: si", "\u{A0}   identity: si", "un espacio que no es el común", at: "\u{A0}", "barra espaciadora"),
        Mistake("    identity: si", "\tidentity: si", "tabulador", at: "\t", "espacios"),
        Mistake("dialog: chico", "dialog: chi\u{7}co", "una letra que no se ve", at: "", "Borrala"),
        Mistake("    choose:\n      - { hears: si, do: tomar", "    choose: - { hears: si, do: tomar", "el guion de una lista no va", at: "- {", "línea siguiente"),
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
}
