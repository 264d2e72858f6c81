import ArgumentParser
import Foundation
import Ledger
import Service
import Storage

extension ExportKind: ExpressibleByArgument {}

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write accounts, items, payments, promises, history or events to CSV, also while the server runs.")

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "The database; the configuration's by default.")
    var database: String?
    @Option(help: ArgumentHelp("How to write the file, as for `import`.", valueName: "mapping"))
    var map: String?
    @Option(
        help: ArgumentHelp(
            "Only accounts to which something happened after this event, or events after it.", valueName: "seq"))
    var since: Int64?
    @Argument(help: "What: \(ExportKind.allCases.map(\.rawValue).joined(separator: ", ")).") var kind: ExportKind
    @Argument(help: "The CSV file.") var file: String

    func run() async throws {
        let (configuration, _) = try options.load()
        let mapping = try mapping(map, for: kind.form ?? .accounts, configuration)
        do {
            let began = ContinuousClock.now
            let (rows, last) = try Store.export(
                kind, from: database ?? configuration.database, to: file, mapping: mapping, since: since)
            let seconds =
                Double((ContinuousClock.now - began).components.attoseconds) / 1e18
                + Double((ContinuousClock.now - began).components.seconds)
            print(
                "\(rows) rows in \(file), \(Int(Double(rows) / max(seconds, 0.001))) rows/s; the last event is \(last)")
        } catch let error as ExportFailure {
            throw refuse(error.description)
        } catch let error as StoreError {
            throw refuse(error.description)
        }
    }
}
