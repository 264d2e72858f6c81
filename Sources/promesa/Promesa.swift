import ArgumentParser
import Foundation
import Service

@main
struct Promesa: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promesa",
        abstract: "A conversational promise-to-pay bot for WhatsApp and other channels.",
        subcommands: [
            Serve.self, Demo.self, REPL.self, DialogCommand.self, Import.self, Export.self, EventsCommand.self,
            OutboxCommand.self, AuditCommand.self, TokenCommand.self,
            PolicyCommand.self, RiskCommand.self,
            DeskCommand.self, PasswordCommand.self, HistoryCommand.self, ReportCommand.self, Bench.self,
            ConductCommand.self, CampaignCommand.self, NoticeCommand.self, AgencyCommand.self, Backup.self,
            CheckDatabase.self, CustomerLinkCommand.self, Simulate.self, PersonCommand.self, RetentionCommand.self,
        ])
}

/// Prints an error for its reader and ends with exit code 2: what was given cannot be used.
func refuse(_ message: String) -> ExitCode {
    FileHandle.standardError.write(Data((message.hasSuffix("\n") ? message : message + "\n").utf8))
    return ExitCode(2)
}

/// What somebody else wrote, for a terminal: without the characters by which it would be told to do something, or by which
/// a text reads otherwise than it stands.
func shown(_ text: String) -> String {
    String(
        String.UnicodeScalarView(
            text.unicodeScalars.map { scalar -> Unicode.Scalar in
                switch scalar.value {
                case 9, 10: scalar
                case 0..<32, 127..<160, 0x202A...0x202E, 0x2066...0x2069: "\u{FFFD}"
                default: scalar
                }
            }))
}

/// Where the demo company's files are: `Fixtures/demo.yaml` beside or above the working directory, else above the
/// program itself (`.build/…/promesa` lies in the repository).
func demoConfigurationPath() throws -> String {
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let working = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    for start in [working, executable] {
        var folder = start
        while true {
            let candidate = folder.appendingPathComponent("Fixtures/demo.yaml")
            if FileManager.default.fileExists(atPath: candidate.path) { return candidate.path }
            let parent = folder.deletingLastPathComponent()
            if parent.path == folder.path { break }
            folder = parent
        }
    }
    throw refuse("Fixtures/demo.yaml was not found here or beside the program; name a configuration with --config FILE")
}

struct ConfigurationOptions: ParsableArguments {
    @Option(name: .long, help: "The configuration file; the demo company's by default.")
    var config: String?

    func load(sandbox: Bool? = nil) throws -> (Configuration, file: String) {
        let file = try config ?? demoConfigurationPath()
        do {
            let environment = ProcessInfo.processInfo.environment
            return (try Configuration.load(file: file, environment: environment, sandbox: sandbox), file)
        } catch let error as ConfigurationError {
            throw refuse(error.description)
        }
    }
}
