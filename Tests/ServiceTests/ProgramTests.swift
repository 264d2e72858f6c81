import DatabaseEngine
import DemoCompany
import Foundation
import SharedData
import Testing

@testable import Service
@testable import Storage

/// The program from outside: how it starts, refuses to start, logs and stops.
@Suite(.serialized, .timeLimit(.minutes(10)), .enabled(if: Program.isBuilt))
struct ProgramTests {
    static let configuration = SharedData.repository.appendingPathComponent("Fixtures/demo.yaml").path

    /// Exit status and what was printed of `promesa serve`, which is expected to end by itself.
    private func serve(
        _ environment: [String: String], configuration: String = configuration, in folder: String
    ) async throws -> (status: Int32, printed: String) {
        let environment = ["PROMESA_DATABASE": folder + "/promesa.sqlite"].merging(environment) { $1 }
        let program = try Program(
            ["serve", "--config", configuration], environment: environment, output: folder + "/output")
        let status = await program.exitStatus()
        return (status, program.printed)
    }

    @Test("It stops cleanly at SIGTERM and SIGINT, and the data are there", arguments: [SIGTERM, SIGINT])
    func stops(number: Int32) async throws {
        try await withTemporaryFolder { folder in
            let database = folder + "/promesa.sqlite"
            let port = try freePort()
            let program = try await Program.serve(port: port, database: database, output: folder + "/output")
            let answer = try await Remote(url: "http://127.0.0.1:\(port)").generic(
                id: "g-1", from: "alguien", text: "hola")
            #expect(answer.status == 200)
            program.signal(number)
            #expect(await program.exitStatus() == 0)
            let store = try Store(path: database)
            #expect(try await store.counts().inbox == 1)
            try store.close()
        }
    }

    @Test("A port in use is a sentence and exit code 2")
    func portInUse() async throws {
        try await withServer { server, _ in
            try await withTemporaryFolder { folder in
                let port = try #require(URL(string: server.url)?.port)
                let (status, printed) = try await serve(["PROMESA_PORT": String(port)], in: folder)
                #expect(status == 2)
                #expect(
                    printed.contains(
                        "port \(port) on 127.0.0.1 is in use by another program; stop it, or choose another"),
                    "\(printed)")
            }
        }
    }

    @Test("A database from a newer version is a sentence and exit code 2")
    func newerDatabase() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/promesa.sqlite"
            try Store(path: path).close()
            let queue = try DatabaseQueue(path: path)
            try await queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')") }
            try queue.close()
            let (status, printed) = try await serve(["PROMESA_PORT": String(freePort())], in: folder)
            #expect(status == 2)
            #expect(printed.contains("was written by a newer version of Promesa"), "\(printed)")
        }
    }

    @Test("A database that another server uses is a sentence and exit code 2")
    func databaseInUse() async throws {
        try await withTemporaryFolder { folder in
            let store = try Store(path: folder + "/promesa.sqlite")
            let (status, printed) = try await serve(["PROMESA_PORT": String(freePort())], in: folder)
            #expect(status == 2)
            #expect(printed.contains("another Promesa uses this database"), "\(printed)")
            try store.close()
        }
    }

    @Test("A channel that is on without its secret is a sentence and exit code 2")
    func missingSecret() async throws {
        try await withTemporaryFolder { folder in
            let source = try String(contentsOfFile: Self.configuration, encoding: .utf8)
                .replacing("app_secret: demo-app-secret", with: "app_secret: ''")
                .replacing("../Dialogs", with: SharedData.repository.appendingPathComponent("Dialogs").path)
                .replacing("policy.yaml", with: DemoCompany.folder.appendingPathComponent("policy.yaml").path)
            let file = folder + "/promesa.yaml"
            try Data(source.utf8).write(to: URL(fileURLWithPath: file))
            let (status, printed) = try await serve([:], configuration: file, in: folder)
            #expect(status == 2)
            #expect(printed.contains("`channels.whatsapp.app_secret` is missing"), "\(printed)")
            #expect(!FileManager.default.fileExists(atPath: folder + "/promesa.sqlite"))
        }
    }

    @Test("The demo starts, says what to try, and starts again on its data")
    func demo() async throws {
        try await withTemporaryFolder { folder in
            for id in ["g-1", "g-2"] {
                let port = try freePort()
                let program = try Program(
                    ["demo", "--port", String(port), "--database", folder + "/demo.sqlite"], environment: [:],
                    output: folder + "/\(id)")
                let server = Remote(url: "http://127.0.0.1:\(port)")
                for _ in 0..<6000 where (try? await server.get("/healthz").status) != 200 {
                    try await Task.sleep(for: .milliseconds(50))
                }
                let answer = try await server.generic(id: id, from: "+5491100000003", text: "hola")
                #expect(answer.status == 200 && answer.text.contains("documento"), "\(answer.text) \(program.printed)")
                program.signal(SIGTERM)
                #expect(await program.exitStatus() == 0)
                for part in ["curl -s", "repl --as marta", "/v1/handoffs"] { #expect(program.printed.contains(part)) }
            }
            let store = try Store(path: folder + "/demo.sqlite")
            #expect(try await store.accountCount() == DemoCompany.accounts.count)
            #expect(try await store.counts().inbox == 2)
            try store.close()
        }
    }

    @Test("What a customer is called or wrote tells an agent's terminal to do nothing", .enabled(if: Program.isBuilt))
    func terminal() async throws {
        try await withTemporaryFolder { folder in
            try await withServer(in: folder) { server, store in
                var marta = DemoCompany.account("marta")
                marta.fullName = "Marta\u{1B}[2J\u{1B}]0;x\u{7}\u{9B}31m\u{202E}Sosa"
                try await store.importAccounts([marta])
                let body = Data(#"{"id":"g-1","from":"+5491100000003","text":"quiero hablar con una persona"}"#.utf8)
                #expect(try await server.generic(body).status == 200)
                let program = try Program(
                    ["desk", "--url", server.url, "--token", "demo-ana"], environment: [:], output: folder + "/desk")
                #expect(await program.exitStatus() == 0)
                #expect(program.printed.contains("pide_humano") || program.printed.contains("Marta"))
                #expect(
                    !program.printed.unicodeScalars.contains {
                        ($0.value < 32 && $0 != "\n" && $0 != "\t") || (127..<160).contains($0.value)
                            || $0 == "\u{202E}"
                    })
            }
        }
    }

    @Test("A benchmark that is told to end takes its servers with it", .enabled(if: Program.isBuilt))
    func benchmarkEnds() async throws {
        try await withTemporaryFolder { folder in
            let program = try Program(
                ["bench", "webhook", "--accounts", "5", "--connections", "1", "--seconds", "100"], environment: [:],
                output: folder + "/output")
            for _ in 0..<6000 where !program.printed.contains("the server idle") {
                try await Task.sleep(for: .milliseconds(50))
            }
            let children = program.children
            #expect(children.count == 2, "\(program.printed)")
            program.signal(SIGTERM)
            #expect(await program.exitStatus() == 128 + SIGTERM)
            for _ in 0..<6000 where children.contains(where: { kill($0, 0) == 0 }) {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(children.allSatisfy { kill($0, 0) != 0 })
        }
    }

    @Test("What it logs names no phone, no message id of WhatsApp and no text of a customer")
    func privateLogs() async throws {
        try await withTemporaryFolder { folder in
            let port = try freePort()
            // No gateway listens there: every delivery fails and is logged.
            let program = try await Program.serve(
                port: port, database: folder + "/promesa.sqlite", output: folder + "/output",
                environment: [
                    "PROMESA_WHATSAPP_API_URL": "http://127.0.0.1:9/graph", "PROMESA_GENERIC_CALLBACK_URL": "none",
                ])
            let server = Remote(url: "http://127.0.0.1:\(port)")
            let body = try whatsAppBody([
                ("wamid.HBgNNTQ5MTE5OTk5MDAwMQ", "+5491199990001", "mi clave es secreta"),
                ("wamid.\u{1}", "+5491199990001", "mi clave es secreta"),
            ])
            #expect(try await server.whatsApp(body).status == 200)
            #expect(try await server.whatsApp(body, secret: "otro").status == 401)
            #expect(
                try await server.generic(id: "g-1", from: "+5491199990001", text: "mi clave es secreta").status == 200)
            #expect(try await server.generic(Data("mi clave es secreta".utf8)).status == 400)
            for _ in 0..<6000 where !program.printed.contains("sent again") {
                try await Task.sleep(for: .milliseconds(50))
            }
            program.signal(SIGTERM)
            #expect(await program.exitStatus() == 0)
            let printed = program.printed
            #expect(printed.contains("sent again") && printed.contains("set aside"), "the log is not empty: \(printed)")
            for secret in ["99990001", "wamid", "clave"] {
                #expect(!printed.contains(secret), "\(secret) in: \(printed)")
            }
        }
    }
}
