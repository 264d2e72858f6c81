import Conversations
import DemoCompany
import Dialog
import Foundation
import Hummingbird
import Logging
import Storage
import Synchronization
import Testing

@testable import Service

/// A gateway that does to each message what a test says.
final class MisbehavingGateway: Sendable {
    struct Attempt: Sendable, Equatable {
        let to, text: String
        let status: Int
    }

    private let log = Mutex<[Attempt]>([])
    /// Decides the answer to a message from what was attempted before; it may take its time.
    private let answer: @Sendable (_ to: String, _ earlier: [Attempt]) async -> Int

    init(answer: @escaping @Sendable (_ to: String, _ earlier: [Attempt]) async -> Int) { self.answer = answer }

    var attempts: [Attempt] { log.withLock { $0 } }
    var accepted: [Attempt] { attempts.filter { $0.status == 200 } }

    /// Runs `body` with the gateway at a URL in the Graph API's form.
    func serving(_ body: @Sendable (String) async throws -> Void) async throws {
        let router = Router()
        router.post("graph/:number/messages") { request, _ in
            let data = Data((try await request.body.collect(upTo: 1 << 20)).readableBytesView)
            let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
            let to = object["to"] as? String ?? ""
            let text = (object["text"] as? [String: Any])?["body"] as? String ?? ""
            let status = await self.answer(to, self.attempts)
            self.log.withLock { $0.append(Attempt(to: to, text: text, status: status)) }
            return Response(
                status: .init(code: status), headers: [.contentType: "application/json", .retryAfter: "1"],
                body: .init(byteBuffer: ByteBuffer(string: #"{"messages":[{"id":"wamid.\#(UUID().uuidString)"}]}"#)))
        }
        let port = try freePort()
        var logger = Logger(label: "gateway")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger)
        try await ServiceTests.serving(Serving { try await application.run() }) {
            try await body("http://127.0.0.1:\(port)/graph")
        }
    }

    /// Waits for `count` accepted messages, at most a minute.
    func accepted(atLeast count: Int) async throws -> [Attempt] {
        for _ in 0..<600 where accepted.count < count { try await Task.sleep(for: .milliseconds(100)) }
        return accepted
    }
}

/// I9: in order within a conversation, at least once, whatever the gateway does.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct DispatcherTests {
    /// Three messages wait for each of three people; the gateway's attempts once it accepted `count` of them.
    private func attempts(_ gateway: MisbehavingGateway, accepting count: Int) async throws -> [MisbehavingGateway
        .Attempt]
    {
        try await gateway.serving { url in
            try await withServer({ $0.whatsApp?.apiURL = url }) { _, store in
                try await store.submit { tx in
                    for person in ["ana", "beto", "ceci"] {
                        let contact = ContactKey(channel: "whatsapp", gatewayAccount: "1", address: person)
                        let conversation = Conversation(id: try tx.newID("c"), contact: contact, accountID: nil)
                        try tx.save(conversation)
                        for number in 1...3 {
                            try tx.enqueue(
                                OutboxMessage(
                                    id: try tx.newID("m"), conversationID: conversation.id, contact: contact,
                                    author: .bot, epoch: 0,
                                    message: BotMessage(text: "\(person) \(number)"), createdAt: DemoCompany.morning))
                        }
                    }
                }
                _ = try await gateway.accepted(atLeast: count)
            }
        }
        return gateway.attempts
    }

    private func texts(_ person: String, _ attempts: [MisbehavingGateway.Attempt]) -> [String] {
        attempts.filter { $0.to == person && $0.status == 200 }.map(\.text)
    }

    @Test(
        "A gateway that fails, is too busy, then works, gets every message once and in order",
        arguments: [500, 429, 503, 401])
    func failsAtFirst(status: Int) async throws {
        let gateway = MisbehavingGateway { to, earlier in
            to == "beto" && earlier.filter { $0.to == to }.count == 1 ? status : 200
        }
        let all = try await attempts(gateway, accepting: 9)
        for person in ["ana", "beto", "ceci"] { #expect(texts(person, all) == (1...3).map { "\(person) \($0)" }) }
        #expect(all.filter { $0.to == "beto" }.map(\.text) == ["beto 1", "beto 2", "beto 2", "beto 3"])
    }

    @Test("A slow conversation does not hold the others up")
    func slow() async throws {
        let served = Mutex(0)
        let gateway = MisbehavingGateway { to, _ in
            if to == "ana" {
                // Answers only once the two others have everything (or after half a minute, and then the test fails).
                for _ in 0..<300 where served.withLock({ $0 }) < 6 { try? await Task.sleep(for: .milliseconds(100)) }
            } else {
                served.withLock { $0 += 1 }
            }
            return 200
        }
        let all = try await attempts(gateway, accepting: 9)
        #expect(all.prefix(5).allSatisfy { $0.to != "ana" })
        #expect(texts("ana", all) == ["ana 1", "ana 2", "ana 3"])
    }

    @Test("What a gateway refuses for good is given up, and the conversation goes on")
    func refused() async throws {
        let gateway = MisbehavingGateway { to, earlier in
            to == "ceci" && earlier.filter { $0.to == to }.count == 1 ? 400 : 200
        }
        let all = try await attempts(gateway, accepting: 8)
        #expect(all.filter { $0.to == "ceci" }.map(\.text) == ["ceci 1", "ceci 2", "ceci 3"])
        #expect(texts("ceci", all) == ["ceci 1", "ceci 3"])
    }

    @Test("Of a long message, the parts that a gateway took are not sent again")
    func parts() async throws {
        let gateway = MisbehavingGateway { _, earlier in earlier.count == 1 ? 500 : 200 }
        let text = (1...2000).map { "palabra \($0)" }.joined(separator: " ")
        try await gateway.serving { url in
            try await withServer({ $0.whatsApp?.apiURL = url }) { _, store in
                try await store.submit { tx in
                    let contact = ContactKey(channel: "whatsapp", gatewayAccount: "1", address: "ana")
                    try tx.save(Conversation(id: "c1", contact: contact, accountID: nil))
                    try tx.enqueue(
                        OutboxMessage(
                            id: "m1", conversationID: "c1", contact: contact, author: .agent("Ana"), epoch: 0,
                            message: BotMessage(text: text), createdAt: DemoCompany.morning))
                }
                for _ in 0..<600 where try await store.counts().outbox["sent"] != 1 {
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
        }
        #expect(gateway.accepted.map(\.text).joined(separator: " ") == text)
        #expect(gateway.attempts.count == gateway.accepted.count + 1 && gateway.accepted.count > 2)
    }

    @Test(
        "Retries wait longer each time, spread by up to a quarter, or as long as the gateway asked",
        arguments: [
            (0, nil, 2), (1, nil, 4), (2, nil, 8), (7, nil, 256), (8, nil, 512), (9, nil, 900), (60, nil, 900),
            (0, 30, 30), (5, 0, 0),
        ] as [(Int, Int?, Int64)])
    func delay(attempt: Int, requested: Int?, seconds: Int64) {
        for id in ["m000001", "m000002", "m000003"] {
            let delay = Dispatcher.delay(attempt: attempt, requested: requested, id: id)
            #expect((seconds...seconds + seconds / 4).contains(delay))
        }
    }
}
