import DemoCompany
import Dialog
import Foundation
import SharedData
import Testing

@testable import Conversations

/// `.chat` files against the demo company's dialog.
struct ChatFileTests {
    private static let opening = """
        account: marta
        at: 2026-11-24T10:00
        user: hola
        bot: Hola, soy el asistente virtual de Red Fibra…
        user: 137
        bot: Gracias, Marta. Tenés {saldo} pendientes…

        """

    private func run(_ source: String, including files: [String: String] = [:]) throws -> ChatOutcome {
        try ChatTest.parse(source: source, file: "prueba.chat", read: { files[$0] })
            .run(world: DemoCompany.world, accounts: DemoCompany.accounts)
    }

    @Test("What the bot said may be named, and asked for again")
    func capture() throws {
        let source = Self.opening + "user: cuánto debo?\nbot: Al día de hoy son {saldo}: …\n"
        #expect(try run(source).differences == [])
        let wrong = Self.opening + "set: saldo = $ 1,00\nuser: cuánto debo?\nbot: Al día de hoy son {saldo}: …\n"
        #expect(try run(wrong).differences.map(\.expected) == ["bot: Al día de hoy son $ 1,00: …"])
    }

    @Test("A name stands for its text in every line after it")
    func variables() throws {
        let source =
            Self.opening + """
                set: dia = viernes 27/11
                set: cuanto = 20 lucas
                user: el viernes te pago {cuanto}
                bot: Anoto $ 20.000,00 para el {dia}. ¿Confirmás?
                  [Sí, confirmo] [No]
                set: iso = 2026-11-27
                tap: [Sí, confirmo]
                bot: ¡Listo…
                expect: promise 20000.00 {iso} open

                """
        #expect(try run(source).differences == [])
    }

    @Test("An answer that is tried is taken back before the next line")
    func tries() throws {
        let source =
            Self.opening + """
                try: quiero hablar con una persona
                bot: Te paso con una persona…
                expect: handoff pide_humano
                try: [Pago hoy]
                bot: Anoto…
                user: el viernes 20 lucas
                bot: Anoto $ 20.000,00 para el viernes 27/11. ¿Confirmás?
                  [Sí, confirmo] [No]
                try: sí
                bot: ¡Listo…
                expect: promise 20000.00 2026-11-27 open
                try: no
                bot: Bien, no anoto nada…
                expect: no promise

                """
        #expect(try run(source).differences == [])
        let wrong = source.replacing("bot: Bien, no", with: "bot: Mal, no")
        #expect(
            try run(wrong).updatedSource
                == source.replacing(
                    "…\nexpect: no promise",
                    with: ". ¿Qué te quedaría mejor? Decime un día, un importe o pedime cuotas.\nexpect: no promise"))
    }

    @Test("Included lines are run, and are not written back")
    func includes() throws {
        let source = """
            include: abre.chat
            user: cuánto debo?
            bot: Otra cosa.

            """
        let outcome = try run(source, including: ["abre.chat": Self.opening])
        #expect(outcome.differences.map { "\($0.file):\($0.line)" } == ["prueba.chat:3"])
        #expect(outcome.updatedSource.hasPrefix("include: abre.chat\nuser: cuánto debo?\nbot: Al día de hoy son "))
    }

    @Test("What is said once for the whole conversation is refused where it is said again")
    func headerTwice() {
        let source = "account: marta\nat: 2026-11-24T10:00\nuser: hola\naccount: juan\n"
        let error = #expect(throws: ChatError.self) { try ChatTest.parse(source: source, file: "a.chat") }
        #expect(error?.description.hasPrefix("a.chat:4: `account` ya está más arriba") == true)
    }

    @Test("A file that includes itself, or cannot be read, is refused with its place")
    func wrongIncludes() {
        let absent = #expect(throws: ChatError.self) { try run("include: x.chat\n") }
        #expect(absent?.description == "prueba.chat:1: no se puede leer `x.chat` al lado de este archivo")
        let circle = #expect(throws: ChatError.self) {
            try run("include: a.chat\n", including: ["a.chat": "user: hola\ninclude: a.chat\n"])
        }
        #expect(circle?.description == "a.chat:2: `a.chat` se incluye a sí mismo")
    }

    @Test("Over the telephone there are no capitals and no punctuation")
    func voice() throws {
        let source =
            Self.opening + """
                voice: El viernes, ¡te pago veinte mil!
                bot: Anoto $ 20.000,00 para el viernes 27/11. ¿Confirmás?
                  [Sí, confirmo] [No]

                """
        #expect(try run(source).differences == [])
    }

    @Test("Time passes by a span or to a moment", arguments: ["wait: 2d", "clock: +2d", "clock: 2026-11-26T10:00"])
    func time(line: String) throws {
        let source =
            Self.opening + """
                user: el viernes 20 lucas
                bot: Anoto…
                user: dale
                bot: ¡Listo…
                \(line)
                bot: Hola Marta, te recuerdo que mañana viernes 27/11…

                """
        #expect(try run(source).differences == [])
    }

    @Test(
        "A line that cannot be carried out is refused with its place",
        arguments: [
            "wait: un rato", "clock: 2026-01-01T10:00", "pay: mucho", "agent: bailar", "tap: [Nada]", "set: x",
            "dice: hola", "agent: reply hola",
        ])
    func refused(line: String) throws {
        let error = #expect(throws: ChatError.self) { try run(Self.opening + line + "\n") }
        #expect(error?.file == "prueba.chat" && error?.line == 7)
    }

    @Test("Updating rewrites the lines that do not hold, adds those that are missing and keeps the others as they are")
    func update() throws {
        let source = Self.opening + "# nota\nuser: cuánto debo?\nbot: Mal.\nuser: gracias\n"
        let updated = try run(source).updatedSource
        #expect(updated.hasPrefix(Self.opening + "# nota\nuser: cuánto debo?\nbot: Al día de hoy son $ "))
        #expect(updated.contains("user: gracias\nbot: ¡De nada!"))
        #expect(try run(updated).differences == [])
        #expect(try run(updated).updatedSource == updated)
        let expecting = try run(Self.opening + "user: gracias\nexpect: no promise\n").updatedSource
        #expect(expecting.hasSuffix("expect: no promise\n") && expecting.contains("user: gracias\nbot: ¡De nada!"))
    }

    @Test("In colour, only the words that differ are marked")
    func diff() throws {
        let report = try run(
            "account: hugo\nat: 2026-11-24T10:00\nuser: quiero una persona\nbot: Te paso con una máquina del equipo…\n"
        ).report(style: .coloured)
        #expect(report.contains("\u{1B}[7;31mmáquina\u{1B}[0m") && report.contains("\u{1B}[7;32mpersona\u{1B}[0m"))
        #expect(!report.contains("mpaso"))
    }

    @Test("The shipped conversations cover what they go through")
    func coverage() throws {
        let file = SharedData.repository.appendingPathComponent("Dialogs/promesa_mitad.chat")
        let outcome = try run(String(contentsOf: file, encoding: .utf8))
        #expect(outcome.coverage.count(.entered("confirmar")) == 1)
        #expect(outcome.coverage.count(.entered("anotada")) == 1)
    }

    @Test("The conversations of a new dialog pass")
    func template() throws {
        let files = DialogTemplate(name: "nuevo").files
        var world = DemoCompany.world
        world.dialogs = ["nuevo": try #require(compileDialog(source: files[0].text, file: "nuevo.yaml").dialog)]
        world.entryDialog = "nuevo"
        for file in files where file.name.hasSuffix(".chat") {
            let result = ChatResult(
                file: file.name, source: file.text, read: { _ in nil }, world: world, accounts: DemoCompany.accounts)
            #expect(result.report() == "")
        }
    }

    @Test("A conversation in another country's words counts for it, and one in words that the dialog lacks is refused")
    func locale() throws {
        let template = DialogTemplate(name: "nuevo").files[0].text
        let translation = """
            dialog: nuevo
            locale: es_MX
            texts:
              - base: "¿Qué día lo pagarías? Puedo anotarlo hasta el {politica.fecha_limite}."
                text: "¿Qué día lo pagarías? Puedo registrarlo hasta el {politica.fecha_limite}."
            """
        let source = DialogSource(text: template, translations: [.init(file: "nuevo.es_MX.yaml", text: translation)])
        var world = DemoCompany.world
        let dialog = try #require(compileDialog(source: source.joined, file: "nuevo.yaml").dialog)
        (world.dialogs, world.entryDialog) = (["nuevo": dialog], "nuevo")
        func result(_ locale: String, _ word: String) -> ChatResult {
            let lines = """
                account: marta
                at: 2026-11-24T10:00
                locale: \(locale)
                user: hola
                bot: …
                user: 137
                bot: …
                user: 20 lucas
                bot: ¿Qué día lo pagarías? Puedo \(word)lo hasta…

                """
            return ChatResult(
                file: "x.chat", source: lines, read: { _ in nil }, world: world, accounts: DemoCompany.accounts)
        }
        let results = [result("es_AR", "anotar"), result("es_MX", "registrar")]
        #expect(results.map { $0.report() } == ["", ""])
        #expect(results.map(\.locale) == ["es_AR", "es_MX"])
        #expect(results.coverage(of: "nuevo", in: "es_MX").count(.entered("negociar")) == 1)
        #expect(results.coverage(of: "nuevo").count(.entered("negociar")) == 2)
        #expect(results.report(on: dialog).byLocale.map(\.locale) == ["es_AR", "es_MX"])
        #expect(result("pt", "anotar").report().contains("`nuevo` no tiene textos en `pt`; tiene en es_AR, es_MX"))
    }

    @Test(
        "A slip in a conversation is told with what was meant",
        arguments: [
            ("usuario: hola", "no conozco `usuario`: ¿quisiste decir `user`?"),
            ("User: hola", "no conozco `User`: ¿quisiste decir `user`?"),
            ("  user: hola", "continúa un `bot:`"), ("\tuser: hola", "empieza con un espacio o un tabulador"),
            ("expect: sin promesa", "no sé comprobar `sin promesa`; se puede: promise IMPORTE"),
            ("tap: [Pago hoy]", "en pantalla no hay ninguno"), ("xyz: hola", "no conozco `xyz`; las claves son"),
        ])
    func slip(line: String, problem: String) {
        let source = "account: hugo\nat: 2026-11-24T10:00\n\(line)\n"
        let result = ChatResult(
            file: "x.chat", source: source, read: { _ in nil }, world: DemoCompany.world, accounts: DemoCompany.accounts
        )
        #expect(result.report().contains("x.chat:3") && result.report().contains(problem), "\(result.report())")
    }

    @Test("A conversation as Windows saves it passes")
    func windows() throws {
        let source = "\u{FEFF}" + Self.opening.replacing("\n", with: "\r\n")
        let result = ChatResult(
            file: "x.chat", source: source, read: { _ in nil }, world: DemoCompany.world, accounts: DemoCompany.accounts
        )
        #expect(result.report() == "")
    }

    @Test("JUnit has a case for each file, with what went wrong")
    func junit() throws {
        let results = [
            ("bien.chat", Self.opening), ("mal & peor.chat", Self.opening + "user: gracias\n"), ("roto.chat", "x"),
        ].map {
            ChatResult(
                file: $0.0, source: $0.1, read: { _ in nil }, world: DemoCompany.world, accounts: DemoCompany.accounts)
        }
        #expect(results.map(\.passed) == [true, false, false])
        let xml = results.junit
        #expect(xml.contains("<testsuites tests=\"3\" failures=\"1\" errors=\"1\""))
        #expect(
            xml.contains("name=\"mal &amp; peor.chat\"") && xml.contains("<failure message=\"mal &amp; peor.chat:7\">"))
        #expect(xml.contains("<error message=\"roto.chat:1: "))
    }
}
