import Conversations
import DemoCompany
import Dialog
import Testing

/// Breaking the dialog that `promesa dialog new` writes.
struct MutationTests {
    private static let files = DialogTemplate(name: "nuevo").files
    private static let source = files[0].text
    private static let dialog = compileDialog(source: source, file: "nuevo.yaml").dialog!
    private static let mutations = DialogMutation.all(of: source, dialog)

    private static let run: MutationRun = {
        var world = DemoCompany.world
        (world.dialogs, world.entryDialog) = (["nuevo": dialog], "nuevo")
        let moment = DemoCompany.morning
        return MutationRun(
            source: source, file: "nuevo.yaml", world: world, accounts: DemoCompany.accounts,
            chats: files.filter { $0.name.hasSuffix(".chat") }.map { MutationRun.Chat(file: $0.name, source: $0.text) },
            scenarios: [
                Scenario(
                    accountID: "marta", facts: world.facts(DemoCompany.account("marta"), promises: [], at: moment))
            ], situations: 20)
    }()

    @Test(
        "Who notices a damage",
        arguments: [
            ("sacar `confirms`", "confirms: si", MutationRun.Verdict.lints(code: "E17")),
            ("nombrar la deuda antes de saber quién es", "ask: \"Hola, soy", .lints(code: "E16")),
            ("no hacer lo que dice `do`", "- { hears: si, do: registrar", .conversation(file: "promesa.chat")),
            ("no hacer lo que dice `do`", "- { hears: documento", .conversation(file: "promesa.chat")),
            ("subir un límite", "limits:", .lints(code: "W06")),
            ("que un botón valga por otra cosa", "- { text: \"No\"", .lints(code: "E24")),
            ("no hacer lo que dice `do`", "- { hears: [no, rechaza, posterga], do: olvidar", .lints(code: "W07")),
            ("quitar una opción", "- { hears: [no, rechaza, no_puede", .conversation(file: "respuestas.chat")),
            ("no decir", "say: \"¡Gracias, {nombre}! Estás al día", .nobody),
        ])
    func verdict(kind: String, line: String, verdict: MutationRun.Verdict) throws {
        let mutation = try #require(Self.mutations.first { $0.kind == kind && $0.before.hasPrefix(line) })
        #expect(Self.run.verdict(of: mutation) == verdict)
    }

    @Test("The same seed breaks the same places, and every kind has its turn")
    func sample() {
        let sample = DialogMutation.sample(60, of: Self.mutations, seed: 7)
        #expect(sample.count == 60)
        #expect(sample.map(\.source) == DialogMutation.sample(60, of: Self.mutations, seed: 7).map(\.source))
        #expect(sample.map(\.source) != DialogMutation.sample(60, of: Self.mutations, seed: 8).map(\.source))
        #expect(Set(sample.map(\.kind)) == Set(Self.mutations.map(\.kind)))
    }

    @Test("A damage changes its line, and what is under it where the line goes")
    func sources() {
        let lines = Self.source.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(Self.mutations.count > 150)
        for mutation in Self.mutations {
            let broken = mutation.source.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(mutation.source != Self.source)
            #expect(broken.prefix(mutation.line - 1) == lines.prefix(mutation.line - 1))
            #expect(mutation.after.isEmpty ? broken.count < lines.count : broken.count == lines.count)
        }
    }
}
