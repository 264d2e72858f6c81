import ArgumentParser
import Conduct
import Conversations
import Dialog
import Foundation
import Quantities
import Service
import Storage
import Workbench

struct REPL: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repl", abstract: "Talk to the bot in a terminal; reads a pipe as well.",
        discussion: "In a terminal: Tab completes, the arrows move and bring earlier lines back, Ctrl-D ends.")

    @OptionGroup var options: ConfigurationOptions
    @Option(name: .customLong("as"), help: "The account that writes.")
    var account = "marta"
    @Option(help: "The moment at which it begins, such as 2026-11-24T10:00; now unless given.")
    var at: String?
    @Option(help: "A dialog to begin with, instead of the configured ones.")
    var dialog: String?

    func run() throws {
        let (world, accounts) = try demoWorld(options, dialog: dialog)
        guard accounts.contains(where: { $0.id == account }) else {
            throw refuse(
                "there is no account `\(account)`; for example: \(accounts.prefix(12).map(\.id).joined(separator: ", "))"
            )
        }
        var moment = Moment.now
        if let at {
            guard let given = Moment(iso: at, in: world.zone) else {
                throw refuse("--at \(at): expected a moment such as 2026-11-24T10:00")
            }
            moment = given
        }
        let database = try options.load().0.database
        let workbench = Workbench(
            world: world, accounts: accounts, accountID: account, at: moment, style: terminalStyle(),
            width: terminalWidth(), findDialog: { try Self.findDialog($0, database: database, conduct: world.conduct) },
            save: { path, text in
                do {
                    try text.write(toFile: path, atomically: true, encoding: .utf8)
                } catch {
                    throw NotSaved(path: path)
                }
            })
        guard isatty(STDIN_FILENO) == 1, let terminal = LineTerminal(prompt: "vos> ") else {
            while let line = readLine() { print(workbench.execute(line), terminator: "") }
            return
        }
        print("Escribí como \(workbench.session.account.firstName); :help muestra los comandos, Ctrl-D termina.")
        while let line = terminal.read(complete: { workbench.completions(for: $0) }) {
            print(workbench.execute(line), terminator: "")
            fflush(nil)
        }
        print("")
    }

    /// A file, or a version that the server's database knows by the beginning of its name.
    private static func findDialog(_ name: String, database: String, conduct: ConductRules) throws -> CompiledDialog {
        struct NotFound: Error, CustomStringConvertible { let description: String }
        var (source, file) = ("", name)
        if let written = dialogSource(at: name) {
            source = written.joined
        } else if let stored = Store.dialogs(in: database).last(where: { $0.version.hasPrefix(name) }) {
            (source, file) = (stored.source, stored.fileName)
        } else {
            throw NotFound(description: "no hay un archivo `\(name)`, ni una versión que empiece así en \(database)")
        }
        let compiled = compileDialog(source: source, file: file, conduct: conduct)
        guard let dialog = compiled.dialog else {
            let errors = compiled.diagnostics.filter { $0.severity == .error }
            throw NotFound(description: errors.map { $0.rendered(source: source) }.joined(separator: "\n"))
        }
        return dialog
    }
}

/// A file that could not be written, as a designer is told.
private struct NotSaved: Error, CustomStringConvertible {
    let path: String
    var description: String { "no se puede escribir en \(path): ¿existe la carpeta?" }
}
