import Dialog
import Testing

/// A dialog in the words of another country.
struct TranslationTests {
    private static func findings(_ changes: (String, String)...) -> [Diagnostic] {
        let translation = changes.reduce(LintSample.translation) { $0.replacing($1.0, with: $1.1) }
        let source = DialogSource(
            text: LintSample.source, translations: [.init(file: "chico.es_MX.yaml", text: translation)])
        return compileDialog(source: source.joined, file: "d/chico.yaml").diagnostics
    }

    @Test("A dialog and its translations become one text, and are what they were when taken apart")
    func joined() {
        let source = DialogSource(
            text: "a\nb\n",
            translations: [.init(file: "x.pt.yaml", text: "c\n"), .init(file: "x.es_MX.yaml", text: "\nd")])
        #expect(source.translations.map(\.file) == ["x.es_MX.yaml", "x.pt.yaml"])
        #expect(DialogSource(joined: source.joined) == source)
        #expect(DialogSource(text: "a\nb\n").joined == "a\nb\n")
        #expect(source.text(of: "d/x.pt.yaml") == "c\n" && source.text(of: "d/x.yaml") == "a\nb\n")
    }

    @Test(
        "A translation is known by its file's name",
        arguments: [
            ("cobranza.es_MX.yaml", "es_MX"), ("d/cobranza.pt.yaml", "pt"), ("cobranza.yaml", nil),
            ("cobranza.v2.yaml", nil), ("cobranza.es_mx.yaml", nil), ("cobranza.ES.yaml", nil), (".es_MX.yaml", nil),
            ("cobranza.es_MX.chat", nil), ("cobranza.vieja.es_MX.yaml", nil),
        ])
    func fileName(_ name: String, _ locale: String?) {
        #expect(DialogSource.locale(ofFile: name) == locale)
    }

    @Test("A translated dialog says its own words, goes the same ways and is the same version")
    func spoken() throws {
        let dialog = try #require(compileDialog(source: LintSample.translated, file: "chico.yaml").dialog)
        #expect(dialog.locales == ["es_AR", "es_MX"])
        let mexican = dialog.spoken(in: "es_MX")
        #expect(mexican.texts.contains("Registro {propuesta.detalle}. ¿Confirmas?"))
        #expect(!mexican.texts.contains("Anoto {propuesta.detalle}. ¿Confirmás?"))
        #expect(mexican.version == dialog.version && mexican.states.keys == dialog.states.keys)
        #expect(dialog.spoken(in: "pt") === dialog && dialog.spoken(in: nil) === dialog)
        #expect(dialog.version != compileDialog(source: LintSample.source, file: "chico.yaml").dialog?.version)
    }

    @Test(
        "What the words alone can get wrong is found in the translation's file",
        arguments: [
            ("text: \"Prometo un día\"", "text: \"Prometo pagar un día de estos\"", "E20", "29 letras"),
            ("Disculpa la molestia.", "Disculpa la molestia. Era por tu deuda.", "E16", "«deuda»"),
            ("Te comunico con", "Te vamos a embargar. Te comunico con", "E23", "Te vamos a embargar"),
            (
                ", por tu cuenta. Para hablar con una persona, escribe *asesor*. ¿Me dices",
                ", por tu cuenta. ¿Me dices", "W05", "se presenta"
            ),
            ("text: \"Hoy son {saldo}.\"", "text: \"Hoy son {salda}.\"", "E26", "le falta {saldo} y le sobra {salda}"),
            ("locale: es_MX", "locale: es_CO", "E04", "`es_MX`"), ("dialog: chico", "dialog: grande", "E04", "`chico`"),
            ("    text: \"Disculpa", "    texto: \"Disculpa", "E01", "`texto`"),
            ("texts:\n", "textos:\n", "E01", "`textos`"),
            (
                "  - base: \"Perdón",
                "  - base: \"Perdón por la molestia.\"\n    text: \"Perdona.\"\n  - base: \"Perdón", "E02", "dos veces"
            ),
            ("locale: es_MX", "locale: [", "E00", "no se"),
        ])
    func wrong(old: String, new: String, code: String, message: String) throws {
        let findings = Self.findings((old, new))
        let finding = try #require(findings.first { $0.code == code }, "\(findings.map(\.message))")
        #expect(finding.message.contains(message), "\(finding.message)")
        #expect(finding.position.file == "d/chico.es_MX.yaml")
    }

    @Test("Two buttons that read the same in one locale are found")
    func sameButtons() {
        let source = LintSample.translated.replacing(
            "hears: promete }\n", with: "hears: promete }\n      - { text: \"Nada\", hears: no }\n"
        ).replacing("texts:\n", with: "texts:\n  - base: \"Nada\"\n    text: \"Prometo un día\"\n")
        #expect(compileDialog(source: source, file: "chico.yaml").diagnostics.map(\.code) == ["E22"])
    }

    @Test("What is wrong with a text that was not translated is told once, of the dialog")
    func toldOnce() {
        let long = String(repeating: "Perdón por la molestia. ", count: 20)
        let source = LintSample.translated.replacing(
            "say: \"Perdón por la molestia.\"", with: "say: \"\(long)\""
        ).replacing("  - base: \"Perdón por la molestia.\"\n    text: \"Disculpa la molestia.\"\n", with: "")
        let found = compileDialog(source: source, file: "chico.yaml").diagnostics
        #expect(found.map(\.code) == ["W02", "W08"])
        #expect(found.map(\.position.file) == ["chico.yaml", "chico.es_MX.yaml"])
    }

    @Test("An empty text is not translated yet: the dialog's own is said")
    func empty() throws {
        let source = LintSample.translated.replacing("text: \"Disculpa la molestia.\"", with: "text: \"\"")
        let result = compileDialog(source: source, file: "chico.yaml")
        #expect(result.diagnostics.map(\.code) == ["W08"])
        #expect(result.dialog?.spoken(in: "es_MX").texts.contains("Perdón por la molestia.") == true)
    }

    @Test("The translator's file has every text with room for it; completing it again keeps what was filled in")
    func file() throws {
        let dialog = try #require(compileDialog(source: goodDialog, file: "chico.yaml").dialog)
        let first = try TranslationFile.completed(nil, for: dialog, locale: "es_MX")
        #expect(first.added == dialog.texts.count && first.text.hasPrefix("dialog: chico\nlocale: es_MX\ntexts:\n"))
        let filled =
            LintSample.translation.replacing(
                "  - base: \"Prometo un día\"\n    text: \"Prometo un día\"\n", with: "") + "\n"
        let second = try TranslationFile.completed(filled, for: dialog, locale: "es_MX")
        #expect(second.added == 1 && second.text == filled + "  - base: \"Prometo un día\"\n    text: \"\"\n")
        #expect(try TranslationFile.completed(second.text, for: dialog, locale: "es_MX").added == 0)
        #expect(throws: TranslationFile.Problem.self) {
            try TranslationFile.completed("texts:\n  - base: \"x\"\notra: cosa\n", for: dialog, locale: "es_MX")
        }
    }

    @Test("A translation whose file is not named as one is told so, and nothing else")
    func misnamed() {
        let found = compileDialog(source: LintSample.translation, file: "chico.es-mx.yaml").diagnostics
        #expect(found.map(\.code) == ["E04"] && found[0].message.contains("parece una traducción"))
    }

    @Test("A locale is a language, and a country or a part of the world")
    func locales() {
        #expect(
            ["es_MX", "es_419", "pt"].map { DialogSource.locale(ofFile: "a/chico.\($0).yaml") } == [
                "es_MX", "es_419", "pt",
            ])
        #expect(
            ["es_mx", "es_41", "es-MX", "es_4190"].allSatisfy { DialogSource.locale(ofFile: "chico.\($0).yaml") == nil }
        )
    }
}
