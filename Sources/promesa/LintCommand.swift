import ArgumentParser
import Conduct
import Dialog
import Foundation
import Service

/// `promesa dialog lint`.
struct LintDialogs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Say what is wrong with dialogs, where, why it matters and what to do.",
        discussion: """
            Exit codes: 0 without errors (warnings are allowed), 1 where a dialog has an error, 2 where the path cannot be used.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, sarif, github }

    @OptionGroup var options: ConfigurationOptions
    @Option(
        help: ArgumentHelp(
            "Under the rules of this country, such as CO, instead of the configuration's.", valueName: "code"))
    var country: String?
    @Option(help: "For people (text), or for programs: json, sarif (2.1.0), github (annotations of a workflow).")
    var format: Format = .text
    @Option(
        help: ArgumentHelp("Explain one finding, such as E07, with an example, instead of linting.", valueName: "code"))
    var explain: String?
    @Argument(help: "A dialog or a folder of dialogs.") var path: String?

    func validate() throws {
        if explain == nil, path == nil {
            throw ValidationError("Name a dialog, a folder of dialogs, or --explain CODE.")
        }
    }

    func run() async throws {
        if let explain {
            guard let lint = Lint(rawValue: explain.uppercased()) else {
                throw refuse("no hay un hallazgo \(explain); los que hay son:\n\(Lint.list)")
            }
            print(lint.entry.explanation(of: lint, style: terminalStyle()), terminator: "")
            return
        }
        let conduct = try conductRules()
        let paths = try files(path!, ".yaml")
        let linted = try await withThrowingTaskGroup(of: (Int, LintReport.File).self) { group in
            for (index, path) in paths.enumerated() {
                group.addTask { (index, LintReport.File(path: path, source: try readDialog(path), conduct: conduct)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let report = LintReport(files: linted.sorted { $0.0 < $1.0 }.map(\.1))
        switch format {
        case .text: print(report.text(style: terminalStyle()), terminator: "")
        case .json: print(report.json(), terminator: "")
        case .sarif: print(report.sarif(), terminator: "")
        case .github: print(report.github(), terminator: "")
        }
        if report.errors > 0 { throw ExitCode(1) }
    }

    private func conductRules() throws -> ConductRules {
        if let country {
            if let rules = ConductRules.countries[country.uppercased()] { return rules }
            let codes = ConductRules.countries.keys.sorted().joined(separator: ", ")
            throw refuse("--country \(country): there are rules for \(codes)")
        }
        do {
            return try options.load().0.country.conductRules()
        } catch let error as ConfigurationError {
            throw refuse(error.description)
        }
    }
}

/// `promesa dialog lints`.
struct ListLints: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lints", abstract: "List everything that `lint` looks for.")
    @Flag(help: "As the page of documentation, with examples: Docs/lints.md.")
    var markdown = false

    func run() { print(markdown ? Lint.page : Lint.list, terminator: "") }
}

/// Colours where a person reads: a terminal, and `NO_COLOR` not set (https://no-color.org).
func terminalStyle() -> TerminalStyle {
    let refused = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    return TerminalStyle(coloured: isatty(STDOUT_FILENO) == 1 && !refused)
}

/// The text of a file of the designer's.
func readSource(_ file: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: file) else { throw refuse("\(file): no se puede leer") }
    return String(decoding: data, as: UTF8.self).withPlainLines
}

/// A dialog's text with its translations.
func readDialog(_ file: String) throws -> String {
    guard let source = dialogSource(at: file) else { throw refuse("\(file): no se puede leer") }
    return source.joined
}
