import Conduct

/// One finding of the lints.
public struct Diagnostic: Hashable, Sendable {
    public enum Severity: String, Hashable, Sendable { case error, warning }
    public var lint: Lint
    public var position: SourcePosition
    /// Characters to underline.
    public var length: Int
    public var message: String
    public var advice: String

    /// `E01`…, `W01`….
    public var code: String { lint.code }
    public var severity: Severity { lint.severity }

    /// `file:line:column: error E03: …`, the line with the place underlined, and the advice.
    public func rendered(source: String, style: TerminalStyle = .plain) -> String {
        position.rendered(
            "\(severity.rawValue) \(code)", severity == .error ? .red : .yellow, length, message, advice: advice,
            source: source, style: style)
    }
}

extension SourcePosition {
    /// A finding at this place, for a terminal: what it is, the line with the place underlined, and the advice.
    package func rendered(
        _ kind: String, _ colour: TerminalStyle.Colour, _ length: Int, _ message: String, advice: String,
        source: String, style: TerminalStyle = .plain
    ) -> String {
        let lines = source.lines
        var text = style.bold("\(file):\(line):\(column): ")
        text += style.paint("\(kind): ", colour) + style.bold(message)
        if line - 1 < lines.count {
            let written = lines[line - 1]
            let number = String(line)
            let gutter = String(repeating: " ", count: max(0, 5 - number.count)) + number
            let blank = String(repeating: " ", count: gutter.count + 3 + column - 1)
            let start = min(written.count, column - 1)
            let marked = written.dropFirst(start).prefix(max(1, length))
            text += "\n" + style.faint("\(gutter) | ")
            text +=
                written.prefix(start) + style.paint(String(marked), colour) + written.dropFirst(start + marked.count)
            let underline = blank.prefix(gutter.count) + " | " + blank.dropFirst(gutter.count + 3)
            text += "\n" + style.faint(String(underline))
            text += style.paint(String(repeating: "^", count: max(1, length)), colour)
        }
        return text + "\n   \(advice)"
    }
}

public struct CompileResult: Sendable {
    /// Nil when there is any error.
    public var dialog: CompiledDialog?
    public var diagnostics: [Diagnostic]
}

/// Parses, compiles and lints one dialog file. Any bytes are answered with diagnostics, never with a crash.
/// - Parameter conduct: what the country forbids to say, and what a first message must say.
public func compileDialog(source: String, file: String, conduct: ConductRules = .argentina) -> CompileResult {
    var compiler = DialogCompiler(source: source, file: file)
    let dialog = compiler.compile()
    var diagnostics = compiler.reader.diagnostics
    if let dialog, !diagnostics.contains(where: { $0.severity == .error }) {
        diagnostics += Lints(dialog: dialog, conduct: conduct, reader: compiler.reader).run()
    }
    diagnostics.sort {
        ($0.position.line, $0.position.column, $0.code) < ($1.position.line, $1.position.column, $1.code)
    }
    let failed = diagnostics.contains { $0.severity == .error }
    return CompileResult(dialog: failed ? nil : dialog, diagnostics: diagnostics)
}
