import ArgumentParser
import Conversations
import Foundation
import Ledger
import Quantities
import Service
import Storage

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import accounts or payments from CSV: all or nothing, every wrong row reported.",
        subcommands: [Accounts.self, Payments.self])

    struct Accounts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Import accounts.")
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The database; the configuration's by default.")
        var database: String?
        @Argument(help: "The CSV file.") var file: String

        func run() async throws {
            let accounts = try importedAccounts(file)
            let store = try open(database, options)
            try await store.importAccounts(accounts)
            try store.close()
            print("\(accounts.count) accounts imported")
        }
    }

    struct Payments: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Import payments, and judge the promises they keep.")
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The database; the configuration's by default.")
        var database: String?
        @Argument(help: "The CSV file.") var file: String

        func run() async throws {
            let store = try open(database, options)
            let payments = try importedPayments(file, accounts: try await store.accounts())
            let world: World
            do {
                world = try options.load().0.loadWorld()
            } catch let error as ConfigurationError {
                throw refuse(error.description)
            }
            try await apply(payments, to: store, world: world)
            try store.close()
            print("\(payments.count) payments imported")
        }
    }
}

func open(_ database: String?, _ options: ConfigurationOptions) throws -> Store {
    do {
        return try Store(path: try database ?? options.load().0.database)
    } catch let error as StoreError {
        throw refuse(error.description)
    }
}

private func contents(_ file: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: file) else { throw refuse("\(file): cannot be read") }
    return String(decoding: data, as: UTF8.self)
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

/// One transaction for the whole file.
func apply(_ payments: [ImportedPayment], to store: Store, world: World) async throws {
    let processor = TurnProcessor(world: world)
    let now = Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    let byAccount = Dictionary(grouping: payments, by: \.accountID).sorted { $0.key < $1.key }
    try await store.submit { tx in
        for (account, entries) in byAccount {
            try processor.importPayments(entries.map(\.payment), accountID: account, now: now, tx: tx)
        }
    }
}
