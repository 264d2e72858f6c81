import Dialog
import Foundation
import SharedData
import Testing

struct LintReportTests {
    /// One error and one warning, in a file whose name has to be escaped.
    static let report: LintReport = {
        let source = goodDialog.replacing("facts: [nombre", with: "facts: [hoy, nombre")
            .replacing("    identity: si\n", with: "")
        return LintReport(files: [LintReport.File(path: "mis diálogos/chico.yaml", source: source)])
    }()

    @Test("A lint is explained once in a run, with what it does to a customer")
    func text() {
        let text = Self.report.text()
        #expect(text.contains("chico.yaml:21:18: error E21"))
        #expect(text.components(separatedBy: "Por qué importa: \(Lint.neverHeard.entry.why)").count == 2)
        #expect(text.hasSuffix("1 diálogo: 1 error, 1 advertencia\n"))
    }

    @Test("In colour, the place is marked in its line as well as under it")
    func colour() {
        let text = Self.report.text(style: .coloured)
        #expect(text.contains("\u{1B}[31mdocumento\u{1B}[0m"))
        #expect(text.contains("\u{1B}[31m^^^^^^^^^\u{1B}[0m"))
    }

    @Test("As JSON, every finding has its place, code and advice")
    func json() throws {
        let root = try #require(try JSONSerialization.jsonObject(with: Data(Self.report.json().utf8)) as? [String: Any])
        let findings = try #require(root["findings"] as? [[String: Any]])
        #expect(root["errors"] as? Int == 1 && root["warnings"] as? Int == 1)
        #expect(findings.map { $0["code"] as? String } == ["W04", "E21"])
        #expect(findings[1]["line"] as? Int == 21 && findings[1]["column"] as? Int == 18)
        #expect(findings[1]["advice"] as? String == "Agregale `identity: si` al estado.")
    }

    @Test("As SARIF, a result points to its rule and its place by a valid URI")
    func sarif() throws {
        let root = try #require(
            try JSONSerialization.jsonObject(with: Data(Self.report.sarif().utf8)) as? [String: Any])
        #expect(root["version"] as? String == "2.1.0")
        let run = try #require((root["runs"] as? [[String: Any]])?.first)
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(driver["rules"] as? [[String: Any]])
        #expect(rules.count == Lint.allCases.count)
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.count == 2)
        for result in results {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
        }
        #expect(Self.report.sarif().contains("\"uri\": \"mis%20di%C3%A1logos/chico.yaml\""))
    }

    @Test("For GitHub, a finding is an annotation on one line")
    func github() {
        let lines = Self.report.github().split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines[1].hasPrefix(
                "::error file=mis diálogos/chico.yaml,line=21,col=18,endColumn=27,title=E21 Algo que no se va a oír nunca::"
            ))
    }

    @Test("The page of lints in Docs is the generated one")
    func page() throws {
        let file = SharedData.repository.appendingPathComponent("Docs/lints.md")
        #expect(
            try String(contentsOf: file, encoding: .utf8) == Lint.page,
            "run `promesa dialog lints --markdown > Docs/lints.md`")
    }

    @Test("Every explanation shows a finding of its own lint", arguments: Lint.allCases)
    func explanation(_ lint: Lint) {
        let text = lint.entry.explanation(of: lint)
        #expect(text.contains(" \(lint.code): ") && text.contains(lint.entry.why))
    }
}
