import Conversations
import DemoCompany
import Foundation
import Testing

@testable import Service
@testable import Storage

/// Fragments over HTTP: each is acknowledged when it is on disk, and one answer leaves for all.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct QuietWindowTests {
    private static func world(_ milliseconds: Int64) -> World {
        var world = DemoCompany.world
        world.quietWindow = milliseconds
        return world
    }

    private static let texts = ["hola", "buenas", "hay alguien?"]

    private func transcript(_ store: Store, _ account: String = "marta") async throws -> [TranscriptEntry] {
        try await store.submit { tx in
            try tx.transcript(of: tx.conversation(for: DemoCompany.contact(account))!.id, limit: 100)
        }
    }

    @Test("Fragments get 200 at once and one answer; posted again they change nothing; the metrics count them")
    func joined() async throws {
        try await withServer(world: Self.world(15_000)) { server, store in
            for _ in 0..<2 {
                for (index, text) in Self.texts.enumerated() {
                    let answer = try await server.whatsApp(whatsAppBody([("wamid.\(index)", "+5491100000003", text)]))
                    #expect(answer.status == 200)
                }
            }
            #expect(try await store.counts().inbox == 3)
            _ = try await server.sandbox(atLeast: 1)
            for _ in 0..<6000 where try await store.nextWindow() != nil { try await Task.sleep(for: .milliseconds(50)) }
            let said = try await transcript(store)
            #expect(said.filter { $0.speaker == .customer }.map(\.text) == Self.texts)
            #expect(said.count == 4 && said.last?.speaker == .bot)
            #expect(try await store.counts().outbox.values.reduce(0, +) == 1)
            #expect(try await server.get("/metrics").text.contains("promesa_joined_messages_total 2\n"))
        }
    }

    @Test("The 200 does not wait for the window: the answer to three messages is still to come")
    func acknowledged() async throws {
        try await withServer(world: Self.world(600_000)) { server, store in
            for (index, text) in Self.texts.enumerated() {
                let answer = try await server.whatsApp(whatsAppBody([("wamid.\(index)", "+5491100000003", text)]))
                #expect(answer.status == 200)
            }
            #expect(try await store.counts().inbox == 3)
            #expect(try await store.counts().outbox.isEmpty)
            #expect(try await transcript(store).map(\.text) == Self.texts, "whoever looks sees them at once")
        }
    }

    @Test(
        "Killed with -9 inside the window: what was acknowledged is answered once, together",
        .enabled(if: Program.isBuilt))
    func killed() async throws {
        try await withTemporaryFolder { folder in
            let (database, output) = (folder + "/promesa.sqlite", folder + "/output")
            let accounts = DemoCompany.accounts.prefix(8)
            func post(_ server: Remote, _ account: String, _ index: Int) async throws {
                let phone = DemoCompany.account(account).phone
                let answer = try await server.whatsApp(
                    whatsAppBody([("wamid.\(account)\(index)", phone, Self.texts[index])]))
                #expect(answer.status == 200)
            }
            let first = try freePort()
            var program = try await Program.serve(
                port: first, database: database, output: output, environment: ["PROMESA_QUIET_WINDOW": "10"])
            for account in accounts {
                for index in 0..<2 { try await post(Remote(url: "http://127.0.0.1:\(first)"), account.id, index) }
            }
            program.signal(SIGKILL)
            #expect(await program.exitStatus() == SIGKILL)

            let port = try freePort()
            let server = Remote(url: "http://127.0.0.1:\(port)")
            program = try await Program.serve(
                port: port, database: database, output: output, environment: ["PROMESA_QUIET_WINDOW": "0.2"])
            // Meta posts again what it thinks we do not have.
            for account in accounts { for index in 0..<2 { try await post(server, account.id, index) } }
            _ = try await server.sandbox(atLeast: accounts.count)
            program.signal(SIGTERM)
            #expect(await program.exitStatus() == 0)

            let store = try Store(path: database)
            #expect(try await store.counts().inbox == accounts.count * 2)
            for account in accounts {
                let said = try await transcript(store, account.id)
                #expect(said.map { $0.speaker == .bot } == [false, false, true], "\(account.id)")
            }
            #expect(try await store.counts().outbox.values.reduce(0, +) == accounts.count)
            try store.close()
        }
    }
}
