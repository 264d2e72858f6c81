import ArgumentParser
import Foundation
import Quantities
import Reports
import Service
import Storage

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "The dashboard's figures, in the terminal or as CSV; whether its sums are right.",
        subcommands: [Show.self, Verify.self, Close.self], defaultSubcommand: Show.self)

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a figure, or all of a subject, also while a server uses the database.")

        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The database; the configuration's by default.") var database: String?
        @Option(help: "First day, such as 2026-11-01; twelve weeks ago by default.") var from: String?
        @Option(help: "Last day; today by default.") var to: String?
        @Option(help: "ARS or USD.") var currency: String?
        @Option var segment: String?
        @Option(help: "A version of a dialog.") var version: String?
        @Option(help: "Who recorded the promise; `bot` for the bot.") var agent: String?
        @Option(help: "preventiva, administrativa or extrajudicial.") var stage: String?
        @Option(help: "What a message costs, such as 12.50.") var messageCost: String?
        @Option(help: "What a case attended by a person costs.") var caseCost: String?
        @Flag(help: "As CSV; for one figure.") var csv = false
        @Argument(
            help: ArgumentHelp(
                "A subject (\(Subject.allCases.map(\.rawValue).joined(separator: ", "))) or a figure (\(Figure.allCases.map(\.rawValue).joined(separator: ", ")))."
            )) var name: String

        func run() throws {
            let figures = Subject(rawValue: name)?.figures ?? Figure(rawValue: name).map { [$0] } ?? []
            guard !figures.isEmpty else {
                throw refuse(
                    "there is no report `\(name)`; subjects: \(Subject.allCases.map(\.rawValue).joined(separator: ", ")); figures: \(Figure.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            guard !csv || figures.count == 1 else {
                throw refuse("--csv takes one figure: \(figures.map(\.rawValue).joined(separator: ", "))")
            }
            let configuration = try options.load().0
            let world = try configuration.loadWorldOrRefuse()
            let terms = ReportTerms(
                today: Moment.now.day(in: world.zone), zone: world.zone, calendar: world.calendar,
                conduct: world.conduct, policy: world.policy)
            let fields = [
                "desde": from, "hasta": to, "moneda": currency, "segmento": segment, "dialogo": version,
                "agente": agent, "etapa": stage, "costo_mensaje": messageCost, "costo_caso": caseCost,
            ].compactMapValues(\.self)
            do {
                let filter = try ReportFilter(query: fields, today: terms.today)
                let reports = try Store.reports(figures, filter, terms, in: database ?? configuration.database)
                for report in reports {
                    if csv {
                        FileHandle.standardOutput.write(Data(report.table.csv))
                    } else {
                        print(Self.text(report))
                    }
                }
            } catch let problem as ReportFilterProblem {
                throw refuse(problem.description)
            } catch let error as StoreError {
                throw refuse(error.description)
            }
        }

        /// The table in columns, numbers to the right.
        static func text(_ report: Report) -> String {
            let table = report.table
            let rows = (table.rows + (table.total.map { [$0] } ?? [])).map { $0.map(\.formatted) }
            let widths = table.columns.indices.map { column in
                ([table.columns] + rows).map { $0[column].count }.max() ?? 0
            }
            func line(_ cells: [String], _ isNumber: [Bool]) -> String {
                zip(zip(cells, widths), isNumber).map { pair, right in
                    let space = String(repeating: " ", count: pair.1 - pair.0.count)
                    return right ? space + pair.0 : pair.0 + space
                }.joined(separator: "  ")
            }
            let kinds = table.rows.first.map { $0.map(\.isNumber) } ?? table.columns.map { _ in false }
            var lines = ["", report.figure.title, String(repeating: "─", count: report.figure.title.count)]
            lines +=
                rows.isEmpty
                ? ["No hay nada en este período."] : [line(table.columns, kinds)] + rows.map { line($0, kinds) }
            return (lines + report.notes + ["Cómo se calcula: \(report.figure.definition)"]).joined(separator: "\n")
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Compare the dashboard's sums with a recomputation from the base tables; exit code 1 where they differ."
        )

        @OptionGroup var options: ConfigurationOptions
        @Argument(help: "The database; the configuration's by default.") var database: String?

        func run() throws {
            do {
                let found = try Store.reportDifferences(in: try database ?? options.load().0.database)
                if found.isEmpty { return print("The sums are what a recomputation gives.") }
                for difference in found { print(difference) }
                throw ExitCode(1)
            } catch let error as StoreError {
                throw refuse(error.description)
            }
        }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Close the past months now, as the server does every day; the server must not be running.")

        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The database; the configuration's by default.") var database: String?
        @Option(help: "How many past months, where they are not closed yet.") var months = 6

        func run() async throws {
            guard (0...60).contains(months) else { throw refuse("--months \(months): expected 0 to 60") }
            let configuration = try options.load().0
            let world = try configuration.loadWorldOrRefuse()
            do {
                let store = try Store(path: database ?? configuration.database)
                let count = try await store.closeMonths(on: Moment.now.day(in: world.zone), months: months)
                try store.close()
                print(count == 0 ? "All months are closed." : "\(count) months closed or brought up to yesterday.")
            } catch let error as StoreError {
                throw refuse(error.description)
            }
        }
    }
}
