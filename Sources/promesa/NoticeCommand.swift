import ArgumentParser
import Campaigns
import Foundation
import Ledger
import Quantities
import Service
import Storage

struct NoticeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notice",
        abstract: "Draft a formal notice or a mediation offer as printable HTML, for a person to sign. Nothing is sent."
    )

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "The database; with --config that of the configuration, else the demo company's files.")
    var database: String?
    @Option(help: "carta-documento or mediacion.") var kind = FormalDocument.Kind.formalNotice
    @Option(help: "The day of the figures, such as 2026-11-24; today by default.") var on: String?
    @Option(help: "The HTML file; standard output by default.") var out: String?
    @Argument(help: "The account.") var account: String

    func run() async throws {
        let day =
            try on.map { text in
                guard let day = Day(text) else { throw refuse("--on \(text): expected a day such as 2026-11-24") }
                return day
            } ?? Moment.now.day(in: .argentina)
        let configuration = try options.load().0
        let world = try configuration.loadWorldOrRefuse()
        let found: Account?
        if options.config == nil, database == nil {
            found = try demoWorld(options).1.first { $0.id == account }
        } else {
            let id = account
            found = try await withDatabaseCopy(database ?? configuration.database) { try await $0.account(id: id) }
        }
        guard let found else { throw refuse("there is no account `\(account)`") }
        guard
            let document = FormalDocument(
                kind, account: found, on: day, payment: world.payment, attendedHours: world.attendedHours,
                policyVersion: world.policy.version, indices: world.indices)
        else { throw refuse("account `\(account)` owes nothing that is past due on \(day)") }
        if let out {
            try write(document.html, to: out)
            print("\(out): borrador; lo firma una persona")
        } else {
            print(document.html, terminator: "")
        }
    }
}

extension FormalDocument.Kind: ExpressibleByArgument {}
