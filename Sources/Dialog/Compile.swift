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
    public init(severity: Severity, code: String, position: SourcePosition, length: Int, message: String, advice: String) {
        self.severity = severity
        self.code = code
        self.position = position
        self.length = length
        self.message = message
        self.advice = advice
    }
}

public struct CompileResult: Sendable {
    /// Nil when there is any error.
    public var dialog: CompiledDialog?
    public var diagnostics: [Diagnostic]
    public init(dialog: CompiledDialog?, diagnostics: [Diagnostic]) {
        self.dialog = dialog
        self.diagnostics = diagnostics
    }
}

/// Parses, compiles and lints one dialog file.
public func compileDialog(source: String, file: String) -> CompileResult { fatalError("compiler helper") }

extension Diagnostic {
    /// `file:line:column: error E03: …` with the line underlined and the advice.
    public func rendered(source: String) -> String { fatalError("compiler helper") }
}
