import Conduct

/// One finding of the lints.
public struct Diagnostic: Hashable, Sendable {
    public enum Severity: String, Hashable, Sendable { case error, warning }
    public var severity: Severity
    /// `E01`…, `W01`….
    public var code: String
    public var position: SourcePosition
    /// Characters to underline.
    public var length: Int
    public var message: String
    public var advice: String

    /// `file:line:column: error E03: …`, the line with the place underlined, and the advice.
    public func rendered(source: String) -> String {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        var text = "\(position.file):\(position.line):\(position.column): \(severity.rawValue) \(code): \(message)"
        if position.line - 1 < lines.count {
            let number = String(position.line)
            let gutter = String(repeating: " ", count: max(0, 5 - number.count)) + number
            let blank = String(repeating: " ", count: gutter.count)
            text += "\n\(gutter) | \(lines[position.line - 1])"
            text += "\n\(blank) | \(String(repeating: " ", count: position.column - 1))\(String(repeating: "^", count: max(1, length)))"
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
    diagnostics.sort { ($0.position.line, $0.position.column, $0.code) < ($1.position.line, $1.position.column, $1.code) }
    let failed = diagnostics.contains { $0.severity == .error }
    return CompileResult(dialog: failed ? nil : dialog, diagnostics: diagnostics)
}
