import ArgumentParser
import Conversations
import Foundation
import Ledger
import NIOCore
import Quantities
import Service
import Storage

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import accounts, items, payments or history from CSV: all or nothing, every wrong row reported.",
        subcommands: [Accounts.self, Items.self, Payments.self, History.self])

    struct Accounts: ImportCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import accounts, with their items where the file has them.")
        static let kind = ImportKind.accounts
        @OptionGroup var importing: ImportOptions
    }

    struct Items: ImportCommand {
        static let configuration = CommandConfiguration(abstract: "Import items of accounts that are known.")
        static let kind = ImportKind.items
        @OptionGroup var importing: ImportOptions
    }

    struct Payments: ImportCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import payments, judge the promises that they keep, and thank who kept one.")
        static let kind = ImportKind.payments
        @OptionGroup var importing: ImportOptions
    }

    struct History: ImportCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import payments, promises and waivers of the past; the bot says nothing about them.")
        static let kind = ImportKind.history
        @OptionGroup var importing: ImportOptions
    }
}

struct ImportOptions: ParsableArguments {
    @OptionGroup var options: ConfigurationOptions
    @Option(help: "The database; the configuration's by default.")
    var database: String?
    @Option(
        help: ArgumentHelp(
            "How to read the file, in one line: cuenta=ID_CLIENTE;monto=IMPORTE;fecha=VTO:dd/MM/yyyy;separador=;;decimal=,;codificacion=latin1",
            valueName: "mapping"))
    var map: String?
    @Option(help: ArgumentHelp("Leave bad rows out, and write them there with what is wrong.", valueName: "file"))
    var skipBad: String?
    @Option(help: "A running server to import into; the one that uses the configuration's database by default.")
    var url: String?
    @Option(help: "The operator's token of that server; the configuration's by default.")
    var token: String?
    @OptionGroup var trust: TrustOptions
    @Argument(help: "The CSV file.") var file: String
}

/// One kind of import, as a command.
protocol ImportCommand: AsyncParsableCommand {
    static var kind: ImportKind { get }
    var importing: ImportOptions { get }
}

extension ImportCommand {
    func run() async throws {
        let importing = importing
        let (configuration, _) = try importing.options.load()
        let mapping = try mapping(importing.map, for: Self.kind, configuration)
        do {
            let figures: ImportFigures
            if let url = importing.url {
                let token = try operatorToken(importing.token, configuration)
                figures = try await importing.trust.withClient { client in
                    try await send { _, path, body in
                        try await requestOfOperator(
                            "POST", url, path, token: token, body, timeout: .hours(1), client: client)
                    }
                }
            } else {
                figures = try await configuration.use(
                    importing.database, orServerWith: try operatorToken(importing.token, configuration),
                    timeout: .hours(1)
                ) {
                    try await importInto($0, configuration, mapping)
                } or: {
                    try await send($0)
                }
            }
            print(report(figures, badRows: importing.skipBad))
        } catch let error as ImportFailure {
            throw refuse(error.description)
        } catch let error as CSVUnreadable {
            throw refuse("\(importing.file):\(error.line):1: \(error)\nnothing was imported")
        } catch let error as ConfigurationError {
            throw refuse(error.description)
        }
    }

    private func importInto(
        _ store: Store, _ configuration: Configuration, _ mapping: ImportMapping
    ) async throws -> ImportFigures {
        let needsWorld = Self.kind == .payments || Self.kind == .history
        let processor = needsWorld ? TurnProcessor(world: try configuration.loadWorld()) : nil
        let bar = ProgressBar(label: Self.kind.rawValue)
        let figures = try await store.run(
            ImportJob(kind: Self.kind, file: importing.file, mapping: mapping, badRows: importing.skipBad),
            processor: processor, now: Moment.now
        ) { bar.show($0.done, of: $0.total, $0.stage == .rows ? "rows" : "accounts with promises or history") }
        bar.end()
        return figures
    }

    /// The server that uses the database imports the file.
    private func send(_ server: AskServer) async throws -> ImportFigures {
        guard let file = try? Data(contentsOf: URL(fileURLWithPath: importing.file), options: .mappedIfSafe) else {
            throw refuse("\(importing.file): cannot be read; name a file")
        }
        var path = URLComponents()
        path.path = "/v1/imports/\(Self.kind.rawValue)"
        path.queryItems = [URLQueryItem(name: "file", value: importing.file)]
        if let map = importing.map { path.queryItems?.append(URLQueryItem(name: "map", value: map)) }
        if importing.skipBad != nil { path.queryItems?.append(URLQueryItem(name: "skip_bad", value: "true")) }
        let query = path.percentEncodedQuery?.replacing("+", with: "%2B") ?? ""
        let answer = try await server("POST", "\(path.path)?\(query)", file)
        let report = try JSONDecoder().decode(ImportReport.self, from: answer)
        if let target = importing.skipBad, let rows = report.bad_rows {
            do {
                try rows.write(to: URL(fileURLWithPath: target), options: .atomic)
            } catch {
                throw refuse("\(target): cannot be written: \(error.localizedDescription)")
            }
        }
        return report.figures
    }

    private func report(_ figures: ImportFigures, badRows: String?) -> String {
        var lines = [
            "\(figures.rows) rows: \(figures.new) new, \(figures.changed) changed, \(figures.same) the same, \(figures.bad) bad",
            "\(Int(Double(figures.rows) / max(figures.seconds, 0.001))) rows/s: \(decimal(figures.seconds)) s, of them \(decimal(figures.secondsByAccount)) s for accounts with promises or history",
        ]
        if figures.new + figures.changed == 0 { lines.insert("nothing changed: all of it was known", at: 1) }
        if let badRows {
            lines.append(
                figures.bad == 0
                    ? "no row was bad; \(badRows) was not written"
                    : "the bad rows are in \(badRows): mend and import it")
        }
        return lines.joined(separator: "\n")
    }
}

/// The mapping of the command line, else the configuration's, else none.
func mapping(_ line: String?, for kind: ImportKind, _ configuration: Configuration) throws -> ImportMapping {
    guard let line else { return configuration.imports[kind] ?? ImportMapping() }
    do {
        return try ImportMapping(line, for: kind)
    } catch {
        throw refuse("--map: \(error)")
    }
}

/// Seconds with two decimals.
func decimal(_ value: Double) -> String {
    let hundredths = Int(value * 100 + 0.5)
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
}

/// The accounts of a CSV file; exit code 2 with every wrong row otherwise.
func importedAccounts(_ file: String) throws -> [Account] {
    switch AccountImport.parse(csv: try contents(file), file: file) {
    case .success(let accounts): return accounts
    case .failure(let failure): throw refuse(failure.description)
    }
}

/// The payments of a CSV file with the account of each; exit code 2 with every wrong row otherwise.
func importedPayments(_ file: String, accounts: [Account]) throws -> [ImportedPayment] {
    switch PaymentImport.parse(csv: try contents(file), file: file, accounts: accounts) {
    case .success(let payments): return payments
    case .failure(let failure): throw refuse(failure.description)
    }
}

private func contents(_ file: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: file) else { throw refuse("\(file): cannot be read") }
    return String(decoding: data, as: UTF8.self)
}

/// The database of the command line, or the configuration's.
func open(_ database: String?, _ options: ConfigurationOptions) throws -> Store {
    do {
        return try Store(path: try database ?? options.load().0.database)
    } catch let error as StoreError {
        throw refuse(error.description)
    }
}
