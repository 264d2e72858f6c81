import ArgumentParser
import Desk
import Foundation
import Pages
import Quantities
import Service
import Storage

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Everything that was said to a person and why, with its figures, as printable HTML.")

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "The database; the configuration's by default.") var database: String?
    @Option(help: "The HTML file; standard output by default.") var out: String?
    @Argument(help: "One of the person's accounts.") var account: String

    func run() async throws {
        let configuration = try options.load().0
        let world = try configuration.loadWorldOrRefuse()
        let id = account
        let history = try await withDatabaseCopy(database ?? configuration.database) {
            try await $0.history(accountID: id)
        }
        guard let history else { throw refuse("there is no account `\(account)`") }
        let page = historyPage(HistoryView(history, world: world), for: nil, made: Moment.now)
        if let out { try write(page, to: out) } else { print(page, terminator: "") }
    }
}
