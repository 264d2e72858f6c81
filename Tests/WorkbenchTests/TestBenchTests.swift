import Conversations
import DemoCompany
import Dialog
import Synchronization
import Testing
import Workbench

/// What a save makes run again: what depends on the file, and nothing else.
struct TestBenchTests {
    /// Files in memory, with a dialog `aviso` and its translation, a dialog `otro`, and three conversations.
    private final class Folder: Sendable {
        private let texts: Mutex<[String: String]>

        init() {
            let files = DialogTemplate(name: "aviso").files
            texts = Mutex([
                "d/aviso.yaml": files[0].text,
                "d/aviso.es_MX.yaml": "dialog: aviso\nlocale: es_MX\ntexts: []\n",
                "d/otro.yaml": files[0].text.replacing("dialog: aviso", with: "dialog: otro"),
                "d/comun.chat": "account: marta\nat: 2026-11-24T10:00\nuser: hola\nbot: …\n",
                "d/uno.chat": "include: comun.chat\ndialog: aviso\nuser: 137\nbot: Gracias, Marta. …\n",
                "d/dos.chat": "account: marta\nat: 2026-11-24T10:00\ndialog: otro\nuser: hola\nbot: …\n",
            ])
        }

        subscript(path: String) -> String? {
            get { texts.withLock { $0[path] } }
            set { texts.withLock { $0[path] = newValue } }
        }

        var dialogs: [TestBench.DialogFile] {
            ["d/aviso.yaml", "d/otro.yaml"].map { path in
                let translation = path == "d/aviso.yaml" ? self["d/aviso.es_MX.yaml"] : nil
                let source = DialogSource(
                    text: self[path] ?? "",
                    translations: translation.map { [.init(file: "aviso.es_MX.yaml", text: $0)] } ?? [])
                return TestBench.DialogFile(path: path, source: source.joined)
            }
        }
    }

    private static let chats = ["d/comun.chat", "d/dos.chat", "d/uno.chat"]

    private func look(_ bench: inout TestBench, _ folder: Folder) async -> TestBench.Round {
        await bench.run(dialogs: folder.dialogs, chats: Self.chats, read: { folder[$0] }, first: { _ in })
    }

    private func bench(atFirst: Int = 16) -> TestBench {
        var world = DemoCompany.world
        world.entryDialog = "aviso"
        return TestBench(world: world, accounts: DemoCompany.accounts, atFirst: atFirst)
    }

    @Test("At first everything runs; when nothing changed, nothing")
    func first() async {
        let folder = Folder()
        var bench = bench()
        let round = await look(&bench, folder)
        #expect(round.results.map { $0.report() } == ["", "", ""])
        #expect(round.ran == Self.chats && round.compiled == ["d/aviso.yaml", "d/otro.yaml"])
        let again = await look(&bench, folder)
        #expect(again.ran == [] && again.compiled == [] && again.results.map(\.file) == Self.chats)
    }

    @Test(
        "A save runs what depends on the file again, and only that",
        arguments: [
            ("d/aviso.yaml", "\n# otra línea\n", ["d/aviso.yaml"], ["d/comun.chat", "d/uno.chat"]),
            ("d/aviso.es_MX.yaml", "# otra línea\n", ["d/aviso.yaml"], ["d/comun.chat", "d/uno.chat"]),
            ("d/otro.yaml", "\n# otra línea\n", ["d/otro.yaml"], ["d/dos.chat"]),
            ("d/comun.chat", "# otra línea\n", [], ["d/comun.chat", "d/uno.chat"]),
            ("d/uno.chat", "user: el viernes\nbot: Anoto…\n", [], ["d/uno.chat"]),
        ])
    func changed(path: String, addition: String, compiled: [String], ran: [String]) async {
        let folder = Folder()
        var bench = bench()
        _ = await look(&bench, folder)
        folder[path] = (folder[path] ?? "") + addition
        let round = await look(&bench, folder)
        #expect(round.compiled == compiled && round.ran == ran)
        #expect(round.results.count == 3)
    }

    @Test("What goes through the state that was changed, and what failed, is told before the rest")
    func touched() async throws {
        let folder = Folder()
        var bench = bench(atFirst: 1)
        _ = await look(&bench, folder)
        var told: [[String]] = []
        func save(_ old: String, _ new: String) async {
            folder["d/aviso.yaml"] = folder["d/aviso.yaml"]?.replacing(old, with: new)
            let round = await bench.run(
                dialogs: folder.dialogs, chats: Self.chats, read: { folder[$0] },
                first: {
                    told.append($0.ran)
                    #expect($0.waiting == 1 && $0.results.map(\.file) == $0.ran)
                })
            #expect(round.ran.sorted() == ["d/comun.chat", "d/uno.chat"] && round.waiting == 0)
        }
        await save("\"Gracias, {nombre}.", "\"Bien, {nombre}.")
        #expect(told == [["d/uno.chat"]])
        await save("reprompts: 2", "reprompts: 1")
        #expect(told == [["d/uno.chat"], ["d/uno.chat"]])
    }

    @Test("Who would be given the other dialog of an experiment talks to the one of the files")
    func experiment() async throws {
        let folder = Folder()
        var world = DemoCompany.world
        let other = DialogTemplate(name: "aviso").files[0].text.replacing("Gracias, {nombre}.", with: "Bien, {nombre}.")
        let dialog = try #require(compileDialog(source: other, file: "otro/aviso.yaml").dialog)
        world.entryDialog = "aviso"
        world.experiment = Experiment(name: "tono", dialog: dialog, share: 100)
        var bench = TestBench(world: world, accounts: DemoCompany.accounts)
        #expect(await look(&bench, folder).results.map { $0.report() } == ["", "", ""])
    }

    @Test("A broken dialog is told by its findings, and its mending runs what was broken alone")
    func broken() async {
        let folder = Folder()
        var bench = bench()
        _ = await look(&bench, folder)
        let good = folder["d/otro.yaml"]
        folder["d/otro.yaml"] = good?.replacing("next: proponer", with: "next: propone")
        let round = await look(&bench, folder)
        #expect(round.broken.map(\.path) == ["d/otro.yaml"] && round.results.isEmpty)
        #expect(round.broken.first?.findings.contains { $0.lint == .unknownState } == true)
        folder["d/otro.yaml"] = good
        let mended = await look(&bench, folder)
        #expect(mended.compiled == ["d/otro.yaml"] && mended.ran == [] && mended.results.count == 3)
    }

    @Test("A conversation that fails goes on failing without being run again")
    func failing() async {
        let folder = Folder()
        var bench = bench()
        folder["d/dos.chat"] = (folder["d/dos.chat"] ?? "") + "user: 137\nbot: Otra cosa\n"
        for round in [await look(&bench, folder), await look(&bench, folder)] {
            #expect(round.results.map(\.passed) == [true, false, true])
        }
    }
}
