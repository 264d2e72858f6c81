import Conduct

/// The findings of a run over some dialogs, in the forms that people and machines read.
public struct LintReport: Sendable {
    /// One dialog file with what was found in it.
    public struct File: Sendable {
        public var path: String
        public var source: String
        public var findings: [Diagnostic]

        public init(path: String, source: String, findings: [Diagnostic]) {
            self.path = path
            self.source = source
            self.findings = findings
        }

        /// Compiles and lints.
        public init(path: String, source: String, conduct: ConductRules = .argentina) {
            self.path = path
            self.source = source
            findings = compileDialog(source: source, file: path, conduct: conduct).diagnostics
        }
    }

    public var files: [File]

    public init(files: [File]) { self.files = files }

    private var findings: [Diagnostic] { files.flatMap(\.findings) }
    public var errors: Int { findings.count { $0.severity == .error } }
    public var warnings: Int { findings.count { $0.severity == .warning } }

    /// For a terminal: each finding with its line, the place underlined and what to do; the first of its kind says what it
    /// would do to a customer.
    public func text(style: TerminalStyle = .plain) -> String {
        var text = ""
        var explained: Set<Lint> = []
        for file in files {
            for finding in file.findings {
                text += finding.rendered(source: file.source, style: style) + "\n"
                if explained.insert(finding.lint).inserted {
                    text += style.faint("   Por qué importa: \(finding.lint.entry.why)") + "\n"
                }
                text += "\n"
            }
        }
        func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
        return text
            + "\(counted(files.count, "diálogo", "diálogos")): \(counted(errors, "error", "errores")), \(counted(warnings, "advertencia", "advertencias"))\n"
    }

    public func json() -> String {
        let findings = findings.map { finding in
            JSONText.object([
                "file": .string(finding.position.file), "line": .number(finding.position.line),
                "column": .number(finding.position.column), "length": .number(finding.length),
                "severity": .string(finding.severity.rawValue), "code": .string(finding.code),
                "title": .string(finding.lint.entry.title), "message": .string(finding.message),
                "advice": .string(finding.advice), "why": .string(finding.lint.entry.why),
            ])
        }
        return JSONText.object([
            "dialogs": .number(files.count), "errors": .number(errors), "warnings": .number(warnings),
            "findings": .array(findings),
        ]).rendered() + "\n"
    }

    /// Commands of GitHub's workflows: findings become annotations of a pull request.
    public func github() -> String {
        func escaped(_ text: String, property: Bool = false) -> String {
            let text = text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
            return property ? text.replacing(":", with: "%3A").replacing(",", with: "%2C") : text
        }
        return findings.map { finding in
            let place = finding.position
            return
                "::\(finding.severity.rawValue) file=\(escaped(place.file, property: true)),line=\(place.line),"
                + "col=\(place.column),endColumn=\(place.column + finding.length),"
                + "title=\(escaped("\(finding.code) \(finding.lint.entry.title)", property: true))"
                + "::\(escaped("\(finding.message). \(finding.advice)"))\n"
        }.joined()
    }

    /// SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/
    public func sarif() -> String {
        let rules = Lint.allCases.map { lint in
            JSONText.object([
                "id": .string(lint.code), "name": .string("\(lint)"),
                "shortDescription": .object(["text": .string(lint.entry.title)]),
                "fullDescription": .object(["text": .string(lint.entry.why)]),
                "help": .object(["text": .string(lint.entry.fix)]),
                "defaultConfiguration": .object(["level": .string(lint.severity.rawValue)]),
            ])
        }
        let results = findings.map { finding in
            JSONText.object([
                "ruleId": .string(finding.code), "ruleIndex": .number(Lint.allCases.firstIndex(of: finding.lint)!),
                "level": .string(finding.severity.rawValue),
                "message": .object(["text": .string("\(finding.message). \(finding.advice)")]),
                "locations": .array([
                    .object([
                        "physicalLocation": .object([
                            "artifactLocation": .object(["uri": .string(Self.uri(finding.position.file))]),
                            "region": .object([
                                "startLine": .number(finding.position.line),
                                "startColumn": .number(finding.position.column),
                                "endColumn": .number(finding.position.column + finding.length),
                            ]),
                        ])
                    ])
                ]),
            ])
        }
        let driver = JSONText.object([
            "name": .string("promesa"), "rules": .array(rules),
        ])
        return JSONText.object([
            "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"), "version": .string("2.1.0"),
            "runs": .array([
                .object([
                    "tool": .object(["driver": driver]), "columnKind": .string("unicodeCodePoints"),
                    "results": .array(results),
                ])
            ]),
        ]).rendered() + "\n"
    }

    /// A path as a URI reference: relative paths stay relative, others get `file://`.
    private static func uri(_ path: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
        let encoded = path.utf8.map { byte in
            if plain.contains(byte) { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
        return path.hasPrefix("/") ? "file://" + encoded : encoded
    }
}
