import Dialog
import Testing

/// What `promesa dialog new` writes.
struct TemplateTests {
    static let source = DialogTemplate(name: "nuevo").files[0].text

    @Test("A new dialog passes its lints and is formatted")
    func clean() throws {
        #expect(compileDialog(source: Self.source, file: "nuevo.yaml").diagnostics.map(\.message) == [])
        #expect(try DialogFormatter.format(Self.source) == Self.source)
    }

    @Test("A new dialog harms nobody, whatever a customer does")
    func explored() throws {
        let talk = try Talk(
            Self.source.replacing("reprompts: 2, counter_offers: 3", with: "reprompts: 0, counter_offers: 1"),
            file: "nuevo.yaml")
        let exploration = Explorer(dialog: talk.dialog).explore([Scenario(accountID: "a", facts: talk.facts)])
        #expect(exploration.violations.map(\.what) == [])
        #expect(!exploration.incomplete)
    }

    @Test("Names that cannot be a dialog's are refused", arguments: ["", "Aviso", "../x", "a b", "ñandú", "2x"])
    func names(name: String) { #expect(DialogTemplate.problem(withName: name) != nil) }
}
