import Dialog
import Foundation
import SharedData
import Testing

struct TextsTests {
    static let shipped: String = {
        let file = SharedData.repository.appendingPathComponent("Dialogs/cobranza.yaml")
        return try! String(contentsOf: file, encoding: .utf8)
    }()

    @Test("Everything that the bot may say is in the table, once")
    func complete() throws {
        let texts = try DialogTexts(source: goodDialog)
        #expect(Set(texts.entries.map(\.id)).count == texts.entries.count)
        #expect(
            texts.entries.map(\.id).prefix(5) == [
                "slots.fecha.ask", "slots.monto.ask", "digressions.saldo.say", "digressions.saldo.unverified",
                "states.identidad.ask",
            ])
        #expect(texts.entries.contains { $0.id == "states.negociar.buttons.1.text" && $0.text == "Prometo un día" })
        #expect(texts.entries.contains { $0.id == "states.negociar.choose.2.say" })
    }

    @Test("Importing what was exported changes no byte", arguments: [goodDialog, shipped, FormatterTests.ugly])
    func roundTrip(source: String) throws {
        let texts = try DialogTexts(source: source)
        #expect(try texts.importing(csv: texts.csv) == source)
    }

    @Test("A changed text is changed, and nothing else")
    func change() throws {
        let texts = try DialogTexts(source: Self.shipped)
        let csv = texts.csv.replacing("¡De nada!", with: "\"De nada, \"\"che\"\": acá\nestamos.\"")
        let after = try texts.importing(csv: csv)
        #expect(after == Self.shipped.replacing("\"¡De nada!\"", with: "\"De nada, \\\"che\\\": acá\\nestamos.\""))
    }

    @Test("A plain and a single-quoted text can be changed too")
    func styles() throws {
        let source = goodDialog.replacing("\"Perdón por la molestia.\"", with: "Perdón por\n      la molestia. # nota")
            .replacing("\"Bueno, lo vemos.\"", with: "'Bueno, lo ''vemos''.'")
        let texts = try DialogTexts(source: source)
        let csv = texts.csv.replacing("Perdón por la molestia.", with: "Disculpá.").replacing(
            "Bueno, lo 'vemos'.", with: "Bueno.")
        #expect(
            try texts.importing(csv: csv)
                == source.replacing("Perdón por\n      la molestia. # nota", with: "\"Disculpá.\" # nota").replacing(
                    "'Bueno, lo ''vemos''.'", with: "\"Bueno.\""))
    }

    @Test(
        "A table that loses a figure, invents one or names no text is refused whole",
        arguments: [
            ("Hoy son {saldo}.", "Hoy debés algo.", "línea 4: a `digressions.saldo.say` le falta {saldo}"),
            ("Hoy son {saldo}.", "Hoy son {saldo} o {deuda}.", "le sobra {deuda}"),
            ("digressions.saldo.say,", "digressions.sald.say,", "no tiene un texto `digressions.sald.say`"),
            ("Hoy son {saldo}.", "Hoy s\u{FFFD}n {saldo}.", "se le perdieron letras"),
            ("id,linea,texto", "a,b,c", "la primera línea"),
        ])
    func refused(old: String, new: String, problem: String) throws {
        let texts = try DialogTexts(source: goodDialog)
        let error = #expect(throws: DialogTexts.ImportError.self) {
            try texts.importing(csv: texts.csv.replacing(old, with: new))
        }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }
}
