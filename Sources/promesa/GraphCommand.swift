import ArgumentParser
import Conversations
import Dialog
import Foundation

/// `promesa dialog graph`.
struct GraphDialog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Draw a dialog.",
        discussion: """
            In the SVG, a state is a card with everything that it says and hears; lines lead to the next column, other ways \
            are links. What can happen in every state stands apart. Prints to standard output.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case svg, mermaid, dot }

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "svg for a browser; mermaid for Markdown; dot for Graphviz.")
    var format: Format = .svg
    @Flag(help: "Paint what the .chat files beside the dialog go through; in red, what they never do.")
    var coverage = false
    @Argument(help: "A dialog.") var file: String

    func run() async throws {
        let dialog = try lintedDialog(file)
        var covered: Coverage?
        if coverage {
            let (world, accounts) = try demoWorld(options, dialog: folderOf(file))
            let chats = try files(folderOf(file), ".chat")
            covered = await runChats(chats, world: world, accounts: accounts).coverage(of: dialog.name)
        }
        let graph = DialogGraph(dialog, coverage: covered)
        switch format {
        case .svg: print(graph.svg(), terminator: "")
        case .mermaid: print(graph.mermaid(), terminator: "")
        case .dot: print(graph.dot(), terminator: "")
        }
    }
}

/// The compiled dialog of a file; what is wrong with it is printed as `lint` does.
/// - Parameter alone: without its translations.
func lintedDialog(_ file: String, alone: Bool = false) throws -> CompiledDialog {
    let source = alone ? try readSource(file) : try readDialog(file)
    guard let dialog = compileDialog(source: source, file: file).dialog else {
        print(
            LintReport(files: [LintReport.File(path: file, source: source)]).text(style: terminalStyle()),
            terminator: "")
        throw ExitCode(1)
    }
    return dialog
}
