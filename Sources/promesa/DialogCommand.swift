import ArgumentParser
import Conversations
import Dialog
import Foundation
import Ledger
import Service

struct DialogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dialog", abstract: "Write, check and test dialogs.",
        subcommands: [
            LintDialogs.self, ListLints.self, TestDialogs.self, Check.self, ReplayDialog.self, GraphDialog.self,
            PrintSchema.self, NewDialog.self, FormatDialogs.self, DialogTextsCommand.self,
        ])
}

func files(_ path: String, _ suffix: String) throws -> [String] {
    do {
        return try dialogFiles(in: path, suffix: suffix)
    } catch let error as ConfigurationError {
        throw refuse(error.description)
    }
}

/// The world of the configuration and the accounts that lie beside it, with their payments (`accounts.csv`, `payments.csv`).
/// - Parameter dialog: the dialog to talk to, or the folder with it; every account does, whatever an experiment says.
func demoWorld(_ options: ConfigurationOptions, dialog: String? = nil) throws -> (World, [Account]) {
    var (configuration, file) = try options.load()
    if let dialog { (configuration.dialogs, configuration.experiment) = (dialog, nil) }
    // One dialog alone is the one that conversations begin with.
    if let dialog, let beside = try? dialogFiles(in: dialog), beside.count == 1 {
        configuration.entryDialog = URL(fileURLWithPath: beside[0]).deletingPathExtension().lastPathComponent
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
