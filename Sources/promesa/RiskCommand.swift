import ArgumentParser
import Foundation
import Ledger
import Negotiation
import Quantities

struct RiskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "risk", abstract: "Train a default-risk scorecard, and explain what it says of an account.",
        subcommands: [Train.self, Explain.self])

    struct Portfolio: ParsableArguments {
        @Option(help: "Accounts with their paid items too, as for `import accounts`.") var accounts: String
        @Option(help: "All their payments, as for `import payments`.") var payments: String
        @Option(help: "The day up to which the history is known, such as 2026-11-24; today by default.") var on: String?

        func load() throws -> (accounts: [Account], day: Day) {
            let day: Day
            if let on {
                guard let read = Day(on) else { throw refuse("--on: se espera un día como 2026-11-24, no `\(on)`") }
                day = read
            } else {
                day = Moment(seconds: Int64(Date().timeIntervalSince1970)).day(in: .argentina)
            }
            do {
                var list = try AccountImport.parse(csv: contents(accounts), file: accounts).get()
                let places = Dictionary(uniqueKeysWithValues: list.enumerated().map { ($0.element.id, $0.offset) })
                for entry in try PaymentImport.parse(csv: contents(payments), file: payments, accounts: list).get() {
                    list[places[entry.accountID]!].payments.append(entry.payment)
                }
                return (list, day)
            } catch let error as ImportFailure {
                throw refuse(error.description)
            }
        }
    }

    struct Train: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Train a card on the earlier history, and validate it on the latest third (out of time).")
        @OptionGroup var portfolio: Portfolio
        @Argument(help: "The file to write the card to.") var card: String

        func run() throws {
            let (accounts, day) = try portfolio.load()
            let samples = RiskSample.samples(accounts, until: day)
            let (training, validation) = RiskValidation.split(samples)
            guard let trained = Scorecard.trained(on: training, version: day.iso),
                let result = RiskValidation(trained, on: validation)
            else {
                throw refuse(
                    "no alcanza la historia: hacen falta cuentas que pagaron y que no, antes y después de la fecha de corte (\(training.count) casos para entrenar, \(validation.count) para validar)"
                )
            }
            guard FileManager.default.createFile(atPath: card, contents: Data(trained.text.utf8)) else {
                throw refuse("\(card): no se puede escribir")
            }
            print(
                "\(card): entrenada con \(training.count) casos; validada fuera de tiempo con \(result.samples), \(result.defaults) no pagaron"
            )
            print("AUC \(result.auc.formatted)   KS \(result.ks.formatted)")
            print("calibración: previsto → observado (casos)")
            for row in result.calibration {
                print("  \(row.predicted.formatted) → \(row.observed.formatted) (\(row.samples))")
            }
        }
    }

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say what a card gives an account, and why.")
        @OptionGroup var portfolio: Portfolio
        @Argument(help: "The card.") var card: String
        @Argument(help: "The account.") var account: String

        func run() throws {
            let (accounts, day) = try portfolio.load()
            guard let found = accounts.first(where: { $0.id == account }) else {
                throw refuse("no hay una cuenta `\(account)`")
            }
            do {
                let finding = try Scorecard.parse(contents(card), file: card).finding(RiskProfile(found, on: day))
                print(
                    "\(found.id): \(finding.score) puntos, probabilidad de no pagar lo próximo \(finding.probability.formatted)"
                )
                for reason in finding.reasons { print("  \(reason)") }
            } catch let error as ScorecardFileError {
                throw refuse(error.description)
            }
        }
    }
}

private func contents(_ file: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: file) else { throw refuse("\(file): no se puede leer") }
    return String(decoding: data, as: UTF8.self)
}
