import Conversations
import DatabaseEngine
import Foundation
import SharedData
import Testing

@testable import Service
@testable import Storage

/// One person who writes: sends their messages in order, each again until it is acknowledged.
private actor Writer {
    let address: String
    let byWhatsApp: Bool
    private var unsent: [String] = []
    private(set) var acknowledged: [(text: String, answer: String)] = []
    private(set) var written: [String] = []

    init(address: String, byWhatsApp: Bool) {
        self.address = address
        self.byWhatsApp = byWhatsApp
    }

    func write(_ texts: [String]) {
        unsent += texts
        written += texts
    }

    var isDone: Bool { unsent.isEmpty }

    /// Sends what waits until a request fails.
    func send(to server: Remote) async {
        while let text = unsent.first {
            guard let answer = try? await post(text, to: server), answer.status == 200 else { return }
            acknowledged.append((text, answer.text))
            unsent.removeFirst()
        }
    }

    func post(_ text: String, to server: Remote) async throws -> Answer {
        // The id is the text's: a retry is the same message.
        let id = (byWhatsApp ? "wamid." : "g-") + address + text
        return byWhatsApp
            ? try await server.whatsApp(whatsAppBody([(id, address, text)]))
            : try await server.generic(id: id, from: address, text: text)
    }
}

/// I1: what was acknowledged is on disk, and is processed exactly once, whatever dies and whenever.
@Suite(.timeLimit(.minutes(10)), .enabled(if: Program.isBuilt))
struct CrashTests {
    @Test("Killed with -9 twenty times, between requests and during them: nothing lost, nothing doubled")
    func killed() async throws {
        try await withTemporaryFolder { folder in
            let database = folder + "/promesa.sqlite"
            let output = folder + "/output"
            var random = SeededRandom(seed: 9)
            let writers = (0..<6).map { Writer(address: "+549119998000\($0)", byWhatsApp: $0 % 2 == 0) }
            var killedDuringRequests = 0
            for round in 0..<20 {
                let port = try freePort()
                let program = try await Program.serve(port: port, database: database, output: output)
                let server = Remote(url: "http://127.0.0.1:\(port)")
                let during = round % 2 == 1
                for writer in writers { await writer.write((0..<(during ? 40 : 3)).map { "hola \(round)-\($0)" }) }
                let delay = Int.random(in: 10...120, using: &random)
                await withTaskGroup(of: Void.self) { group in
                    for writer in writers { group.addTask { await writer.send(to: server) } }
                    if during {
                        try? await Task.sleep(for: .milliseconds(delay))
                        program.signal(SIGKILL)
                    }
                    await group.waitForAll()
                }
                for writer in writers where await !writer.isDone { killedDuringRequests += 1 }
                program.signal(SIGKILL)
                #expect(await program.exitStatus() == SIGKILL)
            }
            #expect(killedDuringRequests > 0, "no request was under way at any of the kills")

            // A last run takes what was never acknowledged, and answers what was as before.
            let port = try freePort()
            let program = try await Program.serve(port: port, database: database, output: output)
            let server = Remote(url: "http://127.0.0.1:\(port)")
            for writer in writers { await writer.send(to: server) }
            for writer in writers where !writer.byWhatsApp {
                for (text, answer) in await writer.acknowledged.suffix(20) {
                    let again = try await writer.post(text, to: server)
                    #expect(
                        again.text.replacing(#""duplicate":true"#, with: #""duplicate":false"#)
                            == answer.replacing(#""duplicate":true"#, with: #""duplicate":false"#))
                    #expect(again.text.contains(#""duplicate":true"#))
                }
            }
            program.signal(SIGTERM)
            #expect(await program.exitStatus() == 0)

            let store = try Store(path: database)
            var total = 0
            for writer in writers {
                let written = await writer.written
                total += written.count
                #expect(await writer.isDone)
                #expect(await writer.acknowledged.map(\.text) == written)
                let contact = ContactKey(
                    channel: writer.byWhatsApp ? "whatsapp" : "generic",
                    gatewayAccount: writer.byWhatsApp ? "100000000000002" : "default", address: writer.address)
                let (conversation, transcript) = try await store.submit { tx in
                    let conversation = try tx.conversation(for: contact)!
                    return (conversation, try tx.transcript(of: conversation.id, limit: 100_000))
                }
                #expect(conversation.turns == written.count, "one turn a message")
                #expect(transcript.filter { $0.speaker == .customer }.map(\.text) == written, "in order, once each")
                #expect(transcript.filter { $0.speaker == .bot }.count == written.count, "one reply a message")
                let outbox = try await store.pool.read {
                    try Int.fetchOne(
                        $0, sql: "SELECT count(*) FROM outbox WHERE conversation_id = ?", arguments: [conversation.id])
                        ?? 0
                }
                #expect(outbox == (writer.byWhatsApp ? written.count : 0))
            }
            #expect(try await store.counts().inbox == total)
            #expect(try await store.pool.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
            try store.close()
        }
    }
}
