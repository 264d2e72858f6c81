import Conversations
import DemoCompany
import Dialog
import Foundation
import Quantities
import SharedData
import Synchronization
import Testing
import Workbench

/// The designer's commands, as they are typed.
struct WorkbenchTests {
    private static let source = try! String(
        contentsOf: SharedData.repository.appendingPathComponent("Dialogs/cobranza.yaml"), encoding: .utf8)

    private struct NotFound: Error, CustomStringConvertible { let description: String }

    /// A workbench whose `:diff otras-palabras` is a dialog that confirms in other words.
    private func open(
        _ world: World = DemoCompany.world, save: @escaping (String, String) -> Void = { _, _ in }
    ) -> Workbench {
        Workbench(
            world: world, accounts: DemoCompany.accounts, accountID: "marta", at: DemoCompany.morning,
            findDialog: { name in
                guard name == "otras-palabras" else { throw NotFound(description: "no hay un archivo `\(name)`") }
                let changed = Self.source.replacing("¿Confirmás?", with: "¿Lo dejo así?")
                return compileDialog(source: changed, file: "cobranza.yaml").dialog!
            }, save: save)
    }

    private func run(_ lines: String..., in workbench: Workbench) -> String {
        lines.map { workbench.execute($0) }.last ?? ""
    }

    @Test("Every command is in the help, and an unknown one is answered")
    func help() {
        let workbench = open()
        let help = workbench.execute(":help")
        for command in [
            "state", "why", "account", "as", "locale", "clock", "pay", "agent", "media", "goto", "what-if", "undo",
            "diff",
            "reset", "save",
        ] {
            #expect(help.contains("\n:\(command)"), "\(command)")
            #expect(!workbench.execute(":\(command)").contains("No conozco"))
        }
        #expect(workbench.execute(":cualquiera") == "No conozco :cualquiera; :help muestra los comandos.\n")
        #expect(workbench.execute(":stat") == "No conozco :stat (¿:state?); :help muestra los comandos.\n")
        #expect(workbench.execute(":STATE") == workbench.execute(":state"))
        #expect(workbench.execute(":goto").hasPrefix("Por ejemplo :goto ademas; hay ademas, al_dia,"))
        #expect(workbench.execute(":goto pizo") == "No hay un estado `pizo` (¿`piso`?).\n")
        #expect(workbench.execute(":as").hasPrefix("Por ejemplo :as marta; hay marta, juan,"))
    }

    @Test("`:locale` begins again in the words of another place, and the saved conversation names it")
    func locale() throws {
        let file = "cobranza.es_419.yaml"
        let words = try String(
            contentsOf: SharedData.repository.appendingPathComponent("Dialogs/\(file)"), encoding: .utf8)
        let source = DialogSource(text: Self.source, translations: [.init(file: file, text: words)]).joined
        var world = DemoCompany.world
        world.dialogs["cobranza"] = try #require(compileDialog(source: source, file: "cobranza.yaml").dialog)
        let workbench = open(world)
        #expect(workbench.execute(":locale es_CL") == "No hay textos en `es_CL`; hay en es_AR, es_419.\n")
        #expect(run("hola", ":locale es_419", "hola", in: workbench).contains("escribe *asesor*"))
        #expect(run("137", "el viernes te pago 20 lucas", in: workbench).contains("viernes 27 de noviembre"))
        #expect(workbench.session.chatSource.contains("\nlocale: es_419\n"))
        #expect(run(":locale es_AR", "hola", in: workbench).contains("escribí *asesor*"))
    }

    @Test("A button is tapped by its title")
    func tapped() {
        let workbench = open()
        #expect(run("hola", "137", "Pago hoy", in: workbench).contains("[Sí, confirmo]"))
        #expect(run("Sí, confirmo", in: workbench).contains("Quedó anotado"))
        #expect(workbench.session.promises.count == 1)
    }

    @Test("`:undo` takes back the last step, also the clock and what was recorded")
    func undo() {
        let workbench = open()
        _ = run("hola", "137", "el viernes te pago todo", "sí", in: workbench)
        #expect(workbench.session.promises.count == 1)
        #expect(run(":undo", in: workbench) == "Volví atrás: la charla está en el estado confirmar.\n")
        #expect(workbench.session.promises.isEmpty)
        #expect(run("sí", in: workbench).contains("Quedó anotado"))
        _ = run(":clock +2d", ":undo", in: workbench)
        #expect(workbench.session.now == DemoCompany.morning)
        #expect(run(":undo", ":undo", ":undo", ":undo", in: workbench).contains("todavía no empezó"))
        #expect(run(":undo", in: workbench) == "No hay nada para volver atrás.\n")
    }

    @Test("`:what-if` tells what the bot would answer and does nothing")
    func whatIf() {
        let workbench = open()
        _ = run("hola", "137", in: workbench)
        let before = workbench.session.chatSource
        let answer = run(":what-if el viernes te pago todo", in: workbench)
        #expect(answer.contains("¿Confirmás?") && answer.contains("quedaría en el estado confirmar"))
        #expect(workbench.session.chatSource == before)
        #expect(run(":undo", in: workbench).contains("identidad"), "what-if is no step to take back")
    }

    @Test("`:goto` enters a state and asks its question, verified; another one is answered with what there is")
    func goTo() {
        let workbench = open()
        #expect(run(":goto cuotas_opciones", in: workbench).contains("Estas son las cuotas"))
        #expect(run(":state", in: workbench).contains("estado cuotas_opciones"))
        #expect(run("la 1", in: workbench).contains("¿Confirmás?"))
        #expect(run(":goto nada", in: workbench).hasPrefix("No hay un estado `nada`; hay ademas, "))
        #expect(run(":diff otras-palabras", in: workbench).contains("Después de un :goto"))
    }

    @Test("`:diff` lives the session again with another dialog and shows where it differs")
    func diff() {
        let workbench = open()
        _ = run("hola", "137", in: workbench)
        #expect(run(":diff otras-palabras", in: workbench) == "Con ese diálogo la charla es igual.\n")
        let report = run("el viernes te pago todo", ":diff otras-palabras", in: workbench)
        #expect(
            report.contains("«el viernes te pago todo»") && report.contains("así?") && report.contains("¿Confirmás?"))
        #expect(run(":diff x.yaml", in: workbench) == "No se pudo: no hay un archivo `x.yaml`\n")
    }

    @Test("`:save` writes a conversation that passes")
    func saved() throws {
        let written = Mutex<(String, String)?>(nil)
        let workbench = open { path, text in written.withLock { $0 = (path, text) } }
        _ = run("hola", "137", "Pago hoy", ":undo", "el viernes te pago todo", "sí", ":clock +1d", in: workbench)
        #expect(run(":save charla.chat", in: workbench) == "Guardada en charla.chat.\n")
        let (path, text) = try #require(written.withLock { $0 })
        let test = try ChatTest.parse(source: text, file: path)
        #expect(try test.run(world: DemoCompany.world, accounts: DemoCompany.accounts).passed)
        #expect(!text.contains("Pago hoy]\n\nbot") && text.contains("expect: promise"))
    }

    @Test("`:as` begins again as another account")
    func other() {
        let workbench = open()
        #expect(run("hola", ":as juan", in: workbench).hasPrefix("Ahora escribís como "))
        #expect(workbench.session.accountID == "juan" && workbench.session.conversation == nil)
        #expect(workbench.execute(":why") == "Todavía no hay nada que explicar.\n")
        #expect(run("hola", ":reset", ":why", in: workbench).hasSuffix("Todavía no hay nada que explicar.\n"))
        #expect(run(":as nadie", in: workbench).contains("No hay una cuenta `nadie`"))
    }

    @Test(
        "Tab completes commands, accounts, states and buttons",
        arguments: [
            (":und", [":undo"]), (":s", [":save ", ":state"]), (":as mart", [":as marta"]),
            (":goto identidad_r", [":goto identidad_repetir", ":goto identidad_revisada"]),
            (":agent r", [":agent release", ":agent reply ", ":agent return"]), ("pago", ["Pago hoy"]), ("", []),
            (":what-if Qu", [":what-if Quiero cuotas"]), (":zzz", []), ("zzz", []),
        ])
    func completed(line: String, candidates: [String]) {
        let workbench = open()
        _ = run("hola", "137", in: workbench)
        #expect(workbench.completions(for: line) == candidates)
    }

    @Test("Colours are only added where they are asked for")
    func colours() {
        let workbench = Workbench(
            world: DemoCompany.world, accounts: DemoCompany.accounts, accountID: "marta", at: DemoCompany.morning,
            style: .coloured, findDialog: { throw NotFound(description: $0) }, save: { _, _ in })
        #expect(workbench.execute("hola").contains("\u{1B}[32mbot>\u{1B}[0m"))
        #expect(!open().execute("hola").contains("\u{1B}"))
    }
}
