import ArgumentParser
import Conversations
import Dialog
import Foundation
import Ledger
import Service

struct DialogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dialog", abstract: "Check and test dialogs.", subcommands: [Lint.self, Test.self, Check.self])

    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what is wrong with dialogs, where, and what to do; exit code 1 where there is an error.")
        @Argument(help: "A dialog or a folder of dialogs.") var path: String

        func run() throws {
            var errors = 0
            var warnings = 0
            let files = try files(path, ".yaml")
            for file in files {
                let source = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
                for diagnostic in compileDialog(source: source, file: file).diagnostics {
                    print(diagnostic.rendered(source: source), terminator: "\n\n")
                    if diagnostic.severity == .error { errors += 1 } else { warnings += 1 }
                }
            }
            func counted(_ count: Int, _ one: String, _ many: String) -> String {
                "\(count) \(count == 1 ? one : many)"
            }
            print(
                "\(counted(files.count, "diálogo", "diálogos")): \(counted(errors, "error", "errores")), \(counted(warnings, "advertencia", "advertencias"))"
            )
            if errors > 0 { throw ExitCode(1) }
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run .chat tests; exit code 1 where one fails.")
        @OptionGroup var options: ConfigurationOptions
        @Flag(help: "Rewrite the bot's lines with what it says now.")
        var update = false
        @Argument(help: "A .chat file or a folder of them.") var path: String

        func run() throws {
            let (world, accounts) = try demoWorld(options)
            var failed = 0
            let files = try files(path, ".chat")
            for file in files {
                let source = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
                do {
                    let outcome = try ChatTest.parse(source: source, file: file).run(world: world, accounts: accounts)
                    if update, outcome.updatedSource != source {
                        try outcome.updatedSource.write(toFile: file, atomically: true, encoding: .utf8)
                        print("actualizado  \(file)")
                    } else if outcome.passed {
                        print("bien  \(file)")
                    } else {
                        failed += 1
                        print("MAL   \(file)\n\(outcome.report)")
                    }
                } catch let error as ChatError {
                    failed += 1
                    print("MAL   \(error)")
                }
            }
            print("\(files.count) conversaciones: \(files.count - failed) bien, \(failed) mal")
            if failed > 0 { throw ExitCode(1) }
        }
    }
}

func files(_ path: String, _ suffix: String) throws -> [String] {
    do {
        return try dialogFiles(in: path, suffix: suffix)
    } catch let error as ConfigurationError {
        throw refuse(error.description)
    }
}

/// The world of the configuration and the accounts that lie beside it, with their payments (`accounts.csv`, `payments.csv`).
func demoWorld(_ options: ConfigurationOptions, dialog: String? = nil) throws -> (World, [Account]) {
    var (configuration, file) = try options.load()
    if let dialog { configuration.dialogs = dialog }
    if let dialog, dialog.hasSuffix(".yaml") {
        configuration.entryDialog = URL(fileURLWithPath: dialog).deletingPathExtension().lastPathComponent
    }
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    var accounts = try importedAccounts(folder.appendingPathComponent("accounts.csv").path)
    for payment in try importedPayments(folder.appendingPathComponent("payments.csv").path, accounts: accounts) {
        guard let index = accounts.firstIndex(where: { $0.id == payment.accountID }) else { continue }
        accounts[index].payments.append(payment.payment)
    }
    do {
        return (try configuration.loadWorld(), accounts)
    } catch let error as ConfigurationError {
        throw refuse(error.description)
    }
}
