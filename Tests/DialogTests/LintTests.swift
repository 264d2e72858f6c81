import Dialog
import SharedData
import Testing

/// A dialog without faults, which each test spoils in one place.
let goodDialog = LintSample.source

struct LintTests {
    static func findings(_ source: String) -> [Diagnostic] {
        compileDialog(source: source, file: "chico.yaml").diagnostics
    }

    @Test("A dialog without faults gives no findings and compiles")
    func good() {
        let result = compileDialog(source: goodDialog, file: "chico.yaml")
        #expect(result.diagnostics.map(\.message) == [])
        #expect(result.dialog?.states.count == 10)
    }

    /// One fault of the catalogue.
    struct Fault: CustomTestStringConvertible, Sendable {
        let lint: Lint
        let edit: LintEdit
        var testDescription: String { "\(lint.code) \(edit.found)" }
    }

    static let faults = Lint.allCases.flatMap { lint in lint.entry.faults.map { Fault(lint: lint, edit: $0) } }

    @Test("Each fault of the catalogue is found, and nothing else, with its place and what to do", arguments: faults)
    func fault(_ fault: Fault) throws {
        let source = fault.edit.source
        try #require(source != fault.edit.original)
        let findings = Self.findings(source)
        let finding = try #require(findings.first { $0.lint == fault.lint }, "found only \(findings)")
        let file = DialogSource(joined: source).text(of: finding.position.file)
        let lines = file.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(Set(findings.map(\.lint)) == [fault.lint], "\(findings)")
        #expect(
            lines[finding.position.line - 1].dropFirst(finding.position.column - 1).hasPrefix(fault.edit.found),
            "\(finding.rendered(source: source))")
        #expect(!finding.advice.isEmpty)
        #expect((compileDialog(source: source, file: "chico.yaml").dialog == nil) == (fault.lint.severity == .error))
    }

    @Test("The near miss of each lint is right", arguments: Lint.allCases)
    func nearMiss(_ lint: Lint) throws {
        try #require(lint.entry.nearMiss.source != lint.entry.nearMiss.original)
        #expect(Self.findings(lint.entry.nearMiss.source).map(\.message) == [])
    }

    @Test("A slot of a type that does not exist is underlined whole, with what was written")
    func slotType() throws {
        let source = goodDialog.replacing("monto: { type: money", with: "monto: { type: plata")
        let finding = try #require(Self.findings(source).first { $0.code == "E06" })
        #expect(finding.message == "`monto` tiene que ser `type: money`, no `plata`")
        #expect(finding.rendered(source: source).contains(" ^^^^^\n"))
    }

    @Test("A figure without a value on one way is found, and the way is named")
    func figureWithoutValue() throws {
        let source = goodDialog.replacing(
            "{ hears: no, say: \"Bueno, lo vemos.\" }", with: "{ hears: no, next: anotada }")
        let finding = try #require(Self.findings(source).first { $0.code == "E15" })
        #expect(finding.message.contains("viniendo de `negociar`") && finding.message.contains("{propuesta.detalle}"))
    }

    @Test(
        "A file with the line ends of Windows has the same findings at the same places",
        arguments: [Lint.unknownState, .figureWithoutValue, .notReadable, .neverHeard])
    func windowsLineEnds(_ lint: Lint) throws {
        let source = lint.entry.faults[0].source
        let windows = source.replacing("\n", with: "\r\n")
        let findings = Self.findings(source)
        try #require(!findings.isEmpty)
        #expect(Self.findings(windows) == findings)
        #expect(findings.map { $0.rendered(source: windows) } == findings.map { $0.rendered(source: source) })
    }

    @Test("A finding reads as its reader needs it")
    func rendered() {
        let source = goodDialog.replacing("admisible\", next: confirmar", with: "admisible\", next: confirma")
        #expect(
            Self.findings(source).map { $0.rendered(source: source) } == [
                """
                chico.yaml:37:55: error E11: no existe el estado `confirma`
                   37 |       - { when: "propuesta.estado = admisible", next: confirma }
                      |                                                       ^^^^^^^^
                   ¿Quisiste decir `confirmar`?
                """
            ])
    }

    @Test("Any text is answered with findings, never with a crash", arguments: 0..<200)
    func anyText(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var characters = Array(goodDialog)
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            let index = Int.random(in: characters.indices, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: characters.remove(at: index)
            case 1: characters.insert(Array("{}[]:,-\"\n \té&*").randomElement(using: &random)!, at: index)
            default: characters[index] = "\n"
            }
        }
        let result = compileDialog(source: String(characters), file: "chico.yaml")
        #expect(result.dialog != nil || result.diagnostics.contains { $0.severity == .error })
    }
}
