import ArgumentParser
import Campaigns
import Conversations
import Foundation
import Ledger
import Quantities
import Service
import Storage

struct AgencyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agency",
        abstract: "Give extrajudicial accounts to a collection agency, and take its results back.",
        subcommands: [Export.self, Import.self])

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Assign the extrajudicial accounts and write all that the agency has to a CSV file.",
            discussion: "The bot says nothing on them until they come back. Doing it again writes the same accounts.")
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The database; the configuration's by default.") var database: String?
        @Option(help: "The agency's name.") var agency: String
        @Argument(help: "The CSV file to write.") var file: String

        func run() async throws {
            let world = try options.load().0.loadWorldOrRefuse()
            let processor = TurnProcessor(world: world)
            let store = try open(database, options)
            let (now, agency) = (Moment.now, agency)
            let accounts = try await store.accounts()
            let ids = accounts.map(\.id)
            let assigned = try await store.submit { try processor.assign(to: agency, among: ids, now: now, tx: $0) }
            let byID = Dictionary(uniqueKeysWithValues: accounts.map { ($0.id, $0) })
            let entries = try await store.assignments(agency: agency).compactMap { assignment in
                byID[assignment.accountID].map { (account: $0, assignment: assignment) }
            }
            try store.close()
            // The assignment stands already: where the file cannot be written, the command is run again.
            try write(AgencyExport.csv(entries, on: now.day(in: world.zone), indices: world.indices), to: file)
            print("\(entries.count) cuentas de \(agency) en \(file), \(assigned.count) nuevas")
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take an agency's results: all or nothing, every wrong row reported; again changes nothing.",
            discussion: "Columns: cuenta,resultado,pago,importe,dia,motivo; resultado is pagada or devuelta.")
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The database; the configuration's by default.") var database: String?
        @Argument(help: "The CSV file.") var file: String

        func run() async throws {
            let processor = TurnProcessor(world: try options.load().0.loadWorldOrRefuse())
            guard let data = FileManager.default.contents(atPath: file) else {
                throw refuse("\(file): no se puede leer")
            }
            let store = try open(database, options)
            let (now, name) = (Moment.now, file)
            let text = String(decoding: data, as: UTF8.self)
            do {
                let (count, back) = try await store.submit { tx in
                    let results = try AgencyResult.parse(csv: text, file: name) { id in
                        try tx.assignment(accountID: id) == nil ? nil : try tx.account(id: id)
                    }
                    return (results.count, try processor.take(results, now: now, tx: tx))
                }
                try store.close()
                print("\(count) resultados tomados, \(back.count) cuentas de vuelta")
            } catch let error as AgencyFileError {
                throw refuse(error.description)
            }
        }
    }
}
