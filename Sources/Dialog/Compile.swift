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
        let lines = DialogSource(joined: source).text(of: file).lines
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

/// Parses, compiles and lints one dialog with its translations. Any bytes are answered with diagnostics, never with a crash.
/// - Parameters:
///   - source: the dialog's file, or ``DialogSource/joined``.
///   - conduct: what the country forbids to say, and what a first message must say.
public func compileDialog(source: String, file: String, conduct: ConductRules = .argentina) -> CompileResult {
    let written = DialogSource(joined: source)
    var compiler = DialogCompiler(source: written.text, file: file, version: CompiledDialog.version(of: source))
    let dialog = compiler.compile()
    var diagnostics = compiler.reader.diagnostics
    func failed() -> Bool { diagnostics.contains { $0.severity == .error } }
    if let dialog, !failed() {
        diagnostics += Lints(dialog: dialog, conduct: conduct, reader: compiler.reader).run()
    }
    diagnostics.sort(by: Diagnostic.comesFirst)
    guard let dialog, !failed() else { return CompileResult(dialog: nil, diagnostics: diagnostics) }
    var translations: [String: CompiledDialog] = [:]
    for translation in written.translations {
        guard let locale = DialogSource.locale(ofFile: translation.file) else { continue }
        let folder = file.lastIndex(of: "/").map { file[...$0] } ?? ""
        var compiler = TranslationCompiler(
            dialog, source: translation.text, file: folder + translation.file, conduct: conduct)
        let result = compiler.compile(known: diagnostics)
        translations[locale] = result.dialog
        diagnostics += result.diagnostics.sorted(by: Diagnostic.comesFirst)
    }
    return CompileResult(dialog: failed() ? nil : dialog.with(translations: translations), diagnostics: diagnostics)
}

extension Diagnostic {
    fileprivate static func comesFirst(_ one: Diagnostic, _ other: Diagnostic) -> Bool {
        (one.position.line, one.position.column, one.code) < (other.position.line, other.position.column, other.code)
    }
}
