import Conversations
import DemoCompany
import Dialog
import Foundation
import Logging
import Quantities
import ServiceLifecycle
import SharedData
import Storage
import Testing

@testable import Service

/// A dialog that is changed while the server runs, over HTTP and with real files.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct LiveDialogTests {
    /// The parts of `GET /v1/dialogs` that are looked at.
    private struct Status: Decodable {
        struct Loaded: Decodable {
            struct Results: Decodable {
                let conversations, running, handoffs: Int
                let promises: [String: Int]
            }
            let name, version: String
            let role: String?
            let share: Int?
            let results: Results
        }
        struct Refused: Decodable { let file, version, why: String }
        let dialogs, earlier: [Loaded]
        let refused: [Refused]
    }

    private static let first = DialogTemplate(name: "aviso")
    private static let source = first.files[0].text
    private static let asked = "Tenés {saldo} pendientes. ¿Qué día podrías pagarlos, todo o una parte?"

    /// A folder with a dialog that passes, and its conversations.
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/Dialogs", withIntermediateDirectories: true)
            // The conversations with every answer would not pass with the changes that are made here.
            for file in Self.first.files where file.name != "respuestas.chat" {
                try save(file.text, folder + "/Dialogs/" + file.name)
            }
            try await body(folder)
        }
    }

    private func save(_ text: String, _ path: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// Runs the server over the folder, as `promesa serve` begins it.
    private func serve(
        in folder: String, _ change: (inout Configuration) -> Void = { _ in },
        _ body: @Sendable (Remote, Store) async throws -> Void
    ) async throws {
        var configuration = try demoConfiguration(in: folder)
        configuration.dialogs = folder + "/Dialogs"
        configuration.entryDialog = "aviso"
        configuration.exploration = 60
        change(&configuration)
        let world = try configuration.loadWorld(stored: Store.dialogs(in: configuration.database))
        let store = try Store(path: configuration.database)
        try await store.importAccounts(DemoCompany.accounts)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = Server(configuration: configuration, world: world, store: store, logger: logger)
        let (started, continuation) = AsyncStream<Int>.makeStream()
        try await serving(
            Serving {
                defer { continuation.finish() }
                try await server.run { continuation.yield($0) }
            }
        ) {
            struct NotStarted: Error {}
            guard let port = await started.first(where: { _ in true }) else { throw NotStarted() }
            try await body(Remote(url: "http://127.0.0.1:\(port)"), store)
        }
    }

    private func reload(_ server: Remote) async throws -> Status {
        let answer = try await server.post("/v1/dialogs/reload", token: "demo-operador")
        #expect(answer.status == 200)
        return try answer.decoded()
    }

    private func say(_ text: String, as account: String = "marta", to server: Remote) async throws -> String {
        try await server.generic(
            id: UUID().uuidString, from: DemoCompany.account(account).phone, text: text
        ).text
    }

    @Test("A changed dialog is loaded; who is in the middle of a conversation stays on the old one until it ends")
    func changed() async throws {
        try await withFolder { folder in
            try await serve(in: folder) { server, _ in
                _ = try await say("hola", to: server)
                try save(
                    Self.source.replacing(Self.asked, with: "Debés {saldo}. ¿Qué día los pagás?"),
                    folder + "/Dialogs/aviso.yaml")
                try save(
                    Self.first.files[1].text.replacing(
                        "Tenés {saldo} pendientes. ¿Qué día podrías pagarlos, todo o una parte?",
                        with: "Debés {saldo}. ¿Qué día los pagás?"), folder + "/Dialogs/promesa.chat")
                let status = try await reload(server)
                #expect(status.refused.isEmpty && status.dialogs.count == 1 && status.earlier.count == 1)
                #expect(status.earlier.first?.results.running == 1)
                #expect(try await say("137", to: server).contains("¿Qué día podrías pagarlos"))
                _ = try await say("hola", as: "juan", to: server)
                #expect(
                    try await say(DemoCompany.proof("juan"), as: "juan", to: server).contains("¿Qué día los pagás?"))
                _ = try await say("el viernes", to: server)
                _ = try await say("sí", to: server)
                #expect(try await say("quiero pagar", to: server).contains("¿Qué día los pagás?"))
            }
        }
    }

    @Test(
        "A change that does not lint, whose conversations fail or that breaks a property keeps the old one, and says why",
        arguments: [
            ("next: proponer }", "next: propone }", "¿Quisiste decir `proponer`?"),
            ("Quedó anotado:", "Anotamos:", "promesa.chat:"),
            ("  - leads-to:", "  - never: \"estado = negociar\"\n  - leads-to:", "never: estado = negociar"),
        ])
    func broken(old: String, new: String, why: String) async throws {
        try await withFolder { folder in
            try await serve(in: folder) { server, _ in
                let changed = Self.source.replacing(old, with: new)
                #expect(changed != Self.source)
                try save(changed, folder + "/Dialogs/aviso.yaml")
                let status = try await reload(server)
                #expect(status.dialogs.map(\.version) == [CompiledDialog.version(of: Self.source)])
                #expect(status.refused.map(\.version) == [CompiledDialog.version(of: changed)])
                #expect(status.refused.first?.why.contains(why) == true, "\(status.refused)")
                _ = try await say("hola", to: server)
                #expect(try await say("137", to: server).contains("¿Qué día podrías pagarlos"))
                try save(Self.source, folder + "/Dialogs/aviso.yaml")
                #expect(try await reload(server).refused.isEmpty)
            }
        }
    }

    @Test("What was saved is noticed without being told")
    func noticed() async throws {
        try await withFolder { folder in
            try await serve(in: folder) { server, _ in
                let changed = Self.source + "# una línea más\n"
                try save(changed, folder + "/Dialogs/aviso.yaml")
                var version: String?
                for _ in 0..<6000 where version != CompiledDialog.version(of: changed) {
                    try await Task.sleep(for: .milliseconds(100))
                    let status: Status = try await server.get("/v1/dialogs", token: "demo-operador").decoded()
                    version = status.dialogs.first?.version
                }
                #expect(version == CompiledDialog.version(of: changed))
            }
        }
    }

    @Test("After a restart conversations go on with their version, and a broken file leaves the last good one")
    func restarted() async throws {
        try await withFolder { folder in
            try await serve(in: folder) { server, _ in
                _ = try await say("hola", to: server)
                // No conversation asks this any more: the changed one is loaded without tests of its own.
                try FileManager.default.removeItem(atPath: folder + "/Dialogs/promesa.chat")
                try save(
                    Self.source.replacing(Self.asked, with: "Debés {saldo}. ¿Qué día?"),
                    folder + "/Dialogs/aviso.yaml")
                #expect(try await reload(server).refused.isEmpty)
            }
            try save("dialog: aviso\nstart: [", folder + "/Dialogs/aviso.yaml")
            try await serve(in: folder) { server, _ in
                #expect(try await say("137", to: server).contains("¿Qué día podrías pagarlos"))
                _ = try await say("hola", as: "juan", to: server)
                #expect(try await say(DemoCompany.proof("juan"), as: "juan", to: server).contains("¿Qué día?"))
                #expect(try await reload(server).refused.count == 1)
            }
        }
    }

    @Test("`migrate:` moves a conversation to a state of the new version, once the person is verified")
    func migrated() async throws {
        try await withFolder { folder in
            try await serve(in: folder) { server, _ in
                for account in ["marta", "juan"] { _ = try await say("hola", as: account, to: server) }
                _ = try await say("137", to: server)
                let changed = Self.source.replacing(
                    "    otherwise: \"No llegué a entender qué día.\"\n",
                    with: "    otherwise: \"¿Qué día, por favor?\"\n"
                ).replacing(
                    "properties:", with: "migrate:\n  negociar: negociar\n  identidad: negociar\n\nproperties:")
                try save(changed, folder + "/Dialogs/aviso.yaml")
                let status = try await reload(server)
                #expect(status.refused.isEmpty, "\(status.refused)")
                #expect(try await say("mmm qué sé yo", to: server).contains("¿Qué día, por favor?"))
                #expect(
                    try await say("mmm qué sé yo", as: "juan", to: server).contains("Necesito esos tres números"),
                    "who is not verified stays where identity is asked")
            }
        }
    }

    @Test("A translation that changes is a new version: who is in the middle goes on in the words that they began with")
    func translated() async throws {
        try await withFolder { folder in
            let path = folder + "/Dialogs/aviso.es_MX.yaml"
            @Sendable func translation(_ words: String) -> String {
                "dialog: aviso\nlocale: es_MX\ntexts:\n  - base: \"Gracias, {nombre}. \(Self.asked)\"\n    text: \"\(words)\"\n"
            }
            // The conversations are in the dialog's own words.
            try FileManager.default.removeItem(atPath: folder + "/Dialogs/promesa.chat")
            try save(translation("{nombre}, tienes {saldo}. ¿Qué día pagas?"), path)
            try await serve(in: folder, { $0.locale = "es_MX" }) { server, _ in
                for account in ["marta", "juan"] { _ = try await say("hola", as: account, to: server) }
                #expect(try await say("137", to: server).contains("¿Qué día pagas?"))
                try save(translation("{nombre}, tienes {saldo}. ¿Cuándo pagas?"), path)
                #expect(try await reload(server).refused.isEmpty)
                #expect(
                    try await say(DemoCompany.proof("juan"), as: "juan", to: server).contains("¿Qué día pagas?"))
                _ = try await say("hola", as: "raul", to: server)
                #expect(
                    try await say(DemoCompany.proof("raul"), as: "raul", to: server).contains("¿Cuándo pagas?"))
                try FileManager.default.removeItem(atPath: path)
                #expect(try await reload(server).refused.first?.why.contains("se quedó sin textos en es_MX") == true)
            }
        }
    }

    @Test("An experiment divides the accounts, always alike, and each version has its outcome")
    func experiment() async throws {
        try await withFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/Dialogs/b", withIntermediateDirectories: true)
            let other = Self.source.replacing(Self.asked, with: "¿Cuándo pagás los {saldo}?")
            try save(other, folder + "/Dialogs/b/aviso.yaml")
            try await serve(
                in: folder,
                { $0.experiment = .init(name: "pregunta", dialog: folder + "/Dialogs/b/aviso.yaml", share: 50) }
            ) { server, _ in
                let experiment = Conversations.Experiment(
                    name: "pregunta", dialog: DemoCompany.world.dialogs["cobranza"]!, share: 50)
                for account in ["marta", "juan", "raul"] {
                    _ = try await say("hola", as: account, to: server)
                    let asked = try await say(DemoCompany.proof(account), as: account, to: server)
                    #expect(
                        asked.contains("¿Cuándo pagás los") == experiment.takes(account), "\(account): \(asked)")
                }
                _ = try await say("el viernes", to: server)
                _ = try await say("sí", to: server)
                _ = try await say("quiero hablar con una persona", as: "juan", to: server)
                let status: Status = try await server.get("/v1/dialogs", token: "demo-operador").decoded()
                #expect(status.dialogs.map(\.role) == ["entry", "experiment"])
                #expect(status.dialogs.map(\.share) == [50, 50])
                #expect(status.dialogs.reduce(0) { $0 + $1.results.conversations } == 3)
                #expect(status.dialogs.reduce(0) { $0 + ($1.results.promises["open"] ?? 0) } == 1)
                #expect(status.dialogs.reduce(0) { $0 + $1.results.handoffs } == 1)
                let promised = status.dialogs[experiment.takes("marta") ? 1 : 0]
                #expect(promised.results.promises == ["open": 1])
            }
        }
    }

    @Test(
        "SIGHUP makes the real program look again: a good change is taken, a bad one told",
        .enabled(if: Program.isBuilt))
    func hangup() async throws {
        try await withFolder { folder in
            let fixtures = folder + "/Fixtures"
            try FileManager.default.copyItem(
                at: SharedData.repository.appendingPathComponent("Fixtures"), to: URL(fileURLWithPath: fixtures))
            try FileManager.default.createDirectory(atPath: folder + "/Dialogs/b", withIntermediateDirectories: true)
            let other = Self.source.replacing(Self.asked, with: "¿Cuándo pagás los {saldo}?")
            try save(other, folder + "/Dialogs/b/aviso.yaml")
            try save(
                String(contentsOfFile: fixtures + "/demo.yaml", encoding: .utf8)
                    + "experiment: { name: pregunta, dialog: \(folder)/Dialogs/b/aviso.yaml, share: 50 }\n",
                fixtures + "/demo.yaml")
            let database = folder + "/promesa.sqlite"
            let store = try Store(path: database)
            try await store.importAccounts(DemoCompany.accounts)
            try store.close()
            let port = try freePort()
            let program = try await Program.serve(
                port: port, database: database, output: folder + "/output", configuration: fixtures + "/demo.yaml",
                environment: [
                    "PROMESA_DIALOGS": folder + "/Dialogs", "PROMESA_ENTRY_DIALOG": "aviso",
                    "PROMESA_EXPLORATION": "20",
                ])
            defer { program.signal(SIGKILL) }
            let server = Remote(url: "http://127.0.0.1:\(port)")
            func status(once isSo: (Status) -> Bool) async throws -> Status {
                var status: Status = try await server.get("/v1/dialogs", token: "demo-operador").decoded()
                for _ in 0..<6000 where !isSo(status) {
                    try await Task.sleep(for: .milliseconds(50))
                    status = try await server.get("/v1/dialogs", token: "demo-operador").decoded()
                }
                return status
            }
            // Who talks to the dialog that changes, and not to the experiment's.
            let experiment = Conversations.Experiment(
                name: "pregunta", dialog: DemoCompany.world.dialogs["cobranza"]!, share: 50)
            let person = try #require(["marta", "juan", "raul", "elena"].first { !experiment.takes($0) })
            _ = try await say("hola", as: person, to: server)
            #expect(try await say(DemoCompany.proof(person), as: person, to: server).contains("¿Qué día podrías pagar"))

            // Without accounts to try it with it is refused; that they came back no watcher sees.
            let changed = Self.source.replacing(
                "    otherwise: \"No llegué a entender qué día.\"\n", with: "    otherwise: \"¿Qué día, por favor?\"\n"
            ).replacing("properties:", with: "migrate:\n  negociar: negociar\n\nproperties:")
            try FileManager.default.moveItem(atPath: fixtures + "/accounts.csv", toPath: fixtures + "/away.csv")
            try save(changed, folder + "/Dialogs/aviso.yaml")
            let waiting = try await status { !$0.refused.isEmpty }
            #expect(waiting.refused.first?.why.contains("faltan las cuentas de prueba") == true)
            try FileManager.default.moveItem(atPath: fixtures + "/away.csv", toPath: fixtures + "/accounts.csv")
            program.signal(SIGHUP)
            let taken = try await status { $0.refused.isEmpty }
            #expect(taken.refused.isEmpty, "\(taken.refused)")
            #expect(taken.dialogs.map(\.role) == ["entry", "experiment"] && taken.dialogs.map(\.share) == [50, 50])
            #expect(taken.dialogs.first?.version == CompiledDialog.version(of: changed))
            #expect(program.printed.contains("dialog loaded"))
            // `migrate:` moved who was in the middle of a conversation.
            #expect(try await say("mmm qué sé yo", as: person, to: server).contains("¿Qué día, por favor?"))

            try save(changed.replacing("next: proponer }", with: "next: propone }"), folder + "/Dialogs/aviso.yaml")
            program.signal(SIGHUP)
            let kept = try await status { !$0.refused.isEmpty }
            #expect(kept.refused.first?.why.contains("¿Quisiste decir `proponer`?") == true, "\(kept.refused)")
            #expect(kept.dialogs.first?.version == CompiledDialog.version(of: changed))
            #expect(program.printed.contains("a changed dialog was not loaded, the running one stays"))
            #expect(program.printed.contains("¿Quisiste decir `proponer`?"))
            #expect(try await say("mmm", as: person, to: server).contains("¿Qué día, por favor?"))
            program.signal(SIGTERM)
            #expect(await program.exitStatus() == 0)
        }
    }
}
