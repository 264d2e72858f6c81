import Dialog
import Foundation
import SharedData
import Testing
import Yams

struct FormatterTests {
    static let sources: [(name: String, text: String)] = {
        let file = SharedData.repository.appendingPathComponent("Dialogs/cobranza.yaml")
        return [
            ("cobranza", try! String(contentsOf: file, encoding: .utf8)), ("chico", goodDialog),
            ("nuevo", DialogTemplate(name: "nuevo").files[0].text), ("feo", ugly),
        ]
    }()

    /// As somebody in a hurry writes it.
    static let ugly = goodDialog.replacing("states:\n", with: "\n\n\n# Los estados.   \nstates:   # acá\n\n\n")
        .replacing(
            "limits: { reprompts: 2, counter_offers: 3,", with: "limits: {reprompts: 2,   # pocas\n  counter_offers: 3,"
        )
        .replacing("        - {", with: "            -   {").replacing(
            "say: \"Perdón por la molestia.\"", with: "say: 'Perdón, \"che\" #1.'"
        )
        .replacing(
            "say: \"Te paso con una persona del equipo.\"",
            with: "say: >-\n      Te paso con\n      una persona # del equipo."
        )
        .replacing("    end: persona_equivocada", with: "    end:    persona_equivocada   # fin")

    /// A compiled dialog without what says where and in which file it was written.
    private func meaning(_ source: String, _ name: String) throws -> [Substring] {
        let dialog = try #require(compileDialog(source: source, file: "\(name).yaml").dialog)
        var text = dialog.name + dialog.start + dialog.onEscalate
        for part: Any in [dialog.facts, dialog.limits, dialog.escalate, dialog.digressions, dialog.properties] {
            dump(part, to: &text)
        }
        for state in dialog.states.values.sorted(by: { $0.name < $1.name }) { dump(state, to: &text) }
        for slot in dialog.slots.values.sorted(by: { $0.name < $1.name }) { dump(slot, to: &text) }
        for question in dialog.slotQuestions.sorted(by: { $0.key < $1.key }) { dump(question, to: &text) }
        return text.replacing(/line: \d+, column: \d+/, with: "").split(separator: "\n").filter {
            !$0.contains("- line: ") && !$0.contains("- column: ")
        }
    }

    @Test("Formatting keeps the compiled dialog", arguments: 0..<sources.count)
    func keepsMeaning(index: Int) throws {
        let (name, source) = Self.sources[index]
        let file = name == "feo" ? "chico" : name
        let (formatted, written) = (try meaning(DialogFormatter.format(source), file), try meaning(source, file))
        #expect(formatted.count == written.count)
        for (after, before) in zip(formatted, written) where after != before {
            Issue.record("`\(before)` became `\(after)`")
            break
        }
    }

    @Test("Formatting twice is formatting once", arguments: 0..<sources.count)
    func idempotent(index: Int) throws {
        let once = try DialogFormatter.format(Self.sources[index].text)
        #expect(try DialogFormatter.format(once) == once)
    }

    @Test("Every comment stays")
    func comments() throws {
        let text = try DialogFormatter.format(Self.ugly)
        for comment in ["# Los estados.\nstates:  # acá\n", "# pocas", "end: persona_equivocada  # fin\n"] {
            #expect(text.contains(comment), "\(text)")
        }
    }

    @Test("Spacing, quotes and blank lines are made even")
    func style() throws {
        let source = "a:   {x: 1,y: 'dos'}\n\n\n\nb:\n    - c: 'it''s'\n      d: [1,   2]\n"
        #expect(try DialogFormatter.format(source) == "a: { x: 1, y: \"dos\" }\n\nb:\n  - c: \"it's\"\n    d: [1, 2]\n")
    }

    @Test(
        "What no dialog may have is told with its line, and the file is left as it is",
        arguments: [
            ("a: &x 1\nb: *x\n", "línea 1: `&x` es un ancla"), ("a: \"b\nc: 1\n", "línea 1: la comilla que se abre"),
        ])
    func refused(source: String, problem: String) {
        let error = #expect(throws: FormatError.self) { try DialogFormatter.format(source) }
        #expect(error?.description.hasPrefix(problem) == true, "\(error?.description ?? "")")
    }

    @Test("Any text is formatted to the same tree or left as it is", arguments: 0..<150)
    func anyText(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        var characters = Array(Self.ugly)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let index = Int.random(in: characters.indices, using: &random)
            characters[index] = Array("{}[]:,-\"' #\n|>").randomElement(using: &random)!
        }
        let source = String(characters)
        guard let text = try? DialogFormatter.format(source) else { return }
        #expect(
            try Parser(yaml: text, resolver: .basic).singleRoot() == Parser(yaml: source, resolver: .basic).singleRoot()
        )
        #expect(try DialogFormatter.format(text) == text)
    }
}
