import ArgumentParser
import Conversations
import Dialog
import Foundation
import Service
import Storage

/// `promesa dialog replay`.
struct ReplayDialog: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Live recorded conversations again with a changed dialog, and tell what changes.",
        discussion: """
            What customers, agents and the ERP did is taken from the database, which is only read, also while the server runs; \
            the policy is the configuration's. After the first difference a conversation is a guess: the customer answers what \
            was asked then. Exit codes: 0 where nothing changes, 1 where something does, 2 where files cannot be used.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @OptionGroup var options: ConfigurationOptions
    @Option(help: ArgumentHelp("The changed dialog.", valueName: "file"))
    var with: String
    @Option(help: "How many of the differences are shown.")
    var show = 10
    @Option(help: "For people (text), or for programs (json).")
    var format: Format = .text
    @Argument(help: "The server's database.") var database: String

    func run() throws {
        let world: World
        do {
            world = try options.load().0.loadWorld()
        } catch let error as ConfigurationError {
            throw refuse(error.description)
        }
        let source = try readDialog(with)
        let compiled = compileDialog(source: source, file: with, conduct: world.conduct)
        guard let dialog = compiled.dialog else {
            throw refuse(
                compiled.diagnostics.filter { $0.severity == .error }.map { $0.rendered(source: source) }
                    .joined(separator: "\n"))
        }
        // Whatever it is called, it takes the place of the one that conversations begin with.
        let replayer = Replayer(world: world, dialog: dialog.with(name: world.entryDialog))
        var report = ReplayReport()
        let begin = ContinuousClock.now
        do {
            let recordings = try Recordings(path: database)
            let bar = ProgressBar(label: "repitiendo")
            var done = 0
            try recordings.forEachPerson { recording in
                report.add(try replayer.replay(recording))
                done += recording.turns.count
                bar.show(done, of: recordings.turns)
            }
            bar.end()
        } catch let error as StoreError {
            throw refuse(error.description)
        }
        let seconds = max(0.000_001, (ContinuousClock.now - begin) / .seconds(1))
        switch format {
        case .json: print(try jsonText(report))
        case .text:
            print(
                "\(report.turns) turnos con \(dialog.name) (\(dialog.version)), \(Int(Double(report.turns) / seconds)) por segundo: ",
                terminator: "")
            print(report.text(style: terminalStyle(), shown: show, width: terminalWidth()), terminator: "")
        }
        if !report.isSame { throw ExitCode(1) }
    }
}

/// Of the terminal in characters; 100 elsewhere.
func terminalWidth() -> Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
    return Int(size.ws_col)
}

private func jsonText(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
