import ArgumentParser
import Foundation
import Ledger
import Negotiation
import Quantities

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Check a policy, and see what it would change before using it.",
        subcommands: [Lint.self, Simulate.self])

    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Say what is wrong with a policy, line by line, and what may not be meant; exit code 1 on an error.")
        @Argument(help: "The policy file.") var file: String

        func run() throws {
            guard let source = FileManager.default.contents(atPath: file) else {
                throw refuse("\(file): no se puede leer")
            }
            do {
                let policy = try Policy.load(yaml: String(decoding: source, as: UTF8.self), file: file)
                for warning in policy.warnings { print("\(file):\(warning.line): atención: \(warning.text)") }
                print("\(file): versión \(policy.version), sin errores, \(policy.warnings.count) advertencias")
            } catch let error as PolicyError {
                print(error.description)
                throw ExitCode(1)
            }
        }
    }

    struct Simulate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a portfolio through two policies: offers, expected recovery, discounts, accounts affected.")
        @Argument(help: "The policy in force.") var old: String
        @Argument(help: "The policy to try.") var new: String
        @Option(help: "Accounts, as for `import accounts`.") var accounts: String
        @Option(help: "Payments, as for `import payments`.") var payments: String?
        @Option(help: "The day of the negotiation, such as 2026-11-24; today by default.") var on: String?
        @Option(help: "How many of the affected accounts to show.") var show = 10

        func run() throws {
            let day = try on.map { text in
                guard let day = Day(text) else { throw refuse("--on: se espera un día como 2026-11-24, no `\(text)`") }
                return day
            }
            let now = Moment(seconds: Int64(Date().timeIntervalSince1970)).day(in: .argentina)
            var portfolio = try value(AccountImport.parse(csv: contents(accounts), file: accounts))
            if let payments {
                let places = Dictionary(uniqueKeysWithValues: portfolio.enumerated().map { ($0.element.id, $0.offset) })
                let entries = try value(
                    PaymentImport.parse(csv: contents(payments), file: payments, accounts: portfolio))
                for entry in entries { portfolio[places[entry.accountID]!].payments.append(entry.payment) }
            }
            let simulation = PolicySimulation(
                portfolio, from: try policy(old), to: try policy(new), on: day ?? now, calendar: .argentina)
            print(simulation.report(on: day ?? now, showing: max(0, show)), terminator: "")
        }

        private func contents(_ file: String) throws -> String {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw refuse("\(file): no se puede leer")
            }
            return String(decoding: data, as: UTF8.self)
        }

        private func policy(_ file: String) throws -> Policy {
            do {
                return try Policy.load(yaml: contents(file), file: file)
            } catch let error as PolicyError {
                throw refuse(error.description)
            }
        }

        private func value<T>(_ result: Result<T, ImportFailure>) throws -> T {
            do {
                return try result.get()
            } catch {
                throw refuse(error.description)
            }
        }
    }
}
