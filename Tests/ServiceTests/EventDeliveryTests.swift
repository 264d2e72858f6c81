import Channels
import Conversations
import Crypto
import DemoCompany
import Foundation
import Hummingbird
import Logging
import Quantities
import SharedData
import Storage
import Synchronization
import Testing

@testable import Service

/// A system of the company that does to each event what a test says.
final class EventReceiver: Sendable {
    struct Got: Sendable, Equatable {
        let seq: Int
        let account, kind: String
        let status: Int
        let isSigned: Bool
    }
    static let secret = "shh"

    private let log = Mutex<[Got]>([])
    private let answer: @Sendable (_ account: String, _ earlier: [Got]) async -> Int
    init(answer: @escaping @Sendable (_ account: String, _ earlier: [Got]) async -> Int = { _, _ in 200 }) {
        self.answer = answer
    }

    var got: [Got] { log.withLock { $0 } }
    func taken(of account: String) -> [Int] { got.filter { $0.account == account && $0.status == 200 }.map(\.seq) }

    func serving(port: Int? = nil, _ body: @Sendable (String) async throws -> Void) async throws {
        let router = Router()
        router.post("hook") { request, _ in
            let headers = request.headers
            let data = Data((try await request.body.collect(upTo: 1 << 20)).readableBytesView)
            let time = headers[.init("X-Promesa-Timestamp")!] ?? ""
            let code = HMAC<SHA256>.authenticationCode(
                for: Data((time + ".").utf8) + data, using: SymmetricKey(data: Data(Self.secret.utf8)))
            let signature = code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            let event = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
            let account = event["account"] as? String ?? ""
            let status = await self.answer(account, self.got)
            let seq = event["seq"] as? Int ?? 0
            self.log.withLock {
                $0.append(
                    Got(
                        seq: seq, account: account, kind: event["kind"] as? String ?? "", status: status,
                        isSigned: headers[.init("X-Promesa-Signature")!] == signature
                            && headers[.init("X-Promesa-Sequence")!] == String(seq)))
            }
            return Response(status: .init(code: status))
        }
        let port = try port ?? freePort()
        var logger = Logger(label: "receiver")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger)
        try await ServiceTests.serving(Serving { try await application.run() }) {
            try await body("http://127.0.0.1:\(port)/hook")
        }
    }

    /// Waits, at most ten minutes.
    func wait(until isThere: @Sendable ([Got]) -> Bool) async throws {
        for _ in 0..<6000 where !isThere(got) { try await Task.sleep(for: .milliseconds(100)) }
        #expect(isThere(got), "\(got)")
    }
}

/// Events over real HTTP, to systems that fail, are slow, or are not there.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct EventDeliveryTests {
    private func target(_ url: String, attempts: Int = 120) -> Configuration.EventTarget {
        Configuration.EventTarget(name: "crm", url: url, secret: EventReceiver.secret, attempts: attempts)
    }

    private func publish(_ accounts: [String], in store: Store) async throws {
        try await store.submit { tx in
            for account in accounts {
                try tx.publish(AccountEvent(.contactOptedOut, account: account, at: DemoCompany.morning))
            }
        }
    }

    @Test("A payment by HTTP and a promise in a chat arrive signed, in order")
    func arrives() async throws {
        let receiver = EventReceiver()
        try await receiver.serving { url in
            try await withServer({ $0.events = [target(url)] }) { server, _ in
                for (index, text) in ["hola", "137", "el viernes te pago todo", "sí, confirmo"].enumerated() {
                    _ = try await server.generic(id: "g-\(index)", from: "+5491100000003", text: text)
                }
                let body = #"{"payments":[{"id":"p1","account":"marta","amount":"100.00","day":"2026-11-24"}]}"#
                #expect(try await server.post("/v1/payments", body, token: "demo-operador").status == 200)
                try await receiver.wait { $0.count >= 2 }
            }
        }
        #expect(receiver.got.map(\.kind) == ["promise.made", "payment.received"])
        #expect(receiver.got.map(\.seq) == [1, 2] && receiver.got.allSatisfy(\.isSigned))
    }

    @Test(
        "An account whose events fail is tried again in order, and holds nobody else back", arguments: [500, 404, 401])
    func failing(status: Int) async throws {
        let receiver = EventReceiver { account, earlier in
            account == "beto" && earlier.filter { $0.account == "beto" }.count < 2 ? status : 200
        }
        try await receiver.serving { url in
            try await withServer({ $0.events = [target(url)] }) { server, store in
                try await publish(["ana", "beto", "ana", "beto", "ceci"], in: store)
                try await receiver.wait { $0.filter { $0.status == 200 }.count == 5 }
                #expect(try await server.get("/metrics").text.contains("promesa_events_retried_total 2\n"))
            }
        }
        #expect(receiver.taken(of: "ana") == [1, 3] && receiver.taken(of: "beto") == [2, 4])
        #expect(receiver.got.filter { $0.account == "beto" }.map(\.seq) == [2, 2, 2, 4])
        #expect(receiver.got.last?.account == "beto")
    }

    @Test("A slow account does not hold the others up")
    func slow() async throws {
        let others = Mutex(0)
        let receiver = EventReceiver { account, _ in
            if account == "ana" {
                // Answers only once the others have all of theirs (or after ten minutes, and then the test fails).
                for _ in 0..<6000 where others.withLock({ $0 }) < 6 { try? await Task.sleep(for: .milliseconds(100)) }
            } else {
                others.withLock { $0 += 1 }
            }
            return 200
        }
        try await receiver.serving { url in
            try await withServer({ $0.events = [target(url)] }) { _, store in
                try await publish(["ana", "ana", "beto", "beto", "beto", "ceci", "ceci", "ceci"], in: store)
                try await receiver.wait { $0.count == 8 }
            }
        }
        #expect(receiver.got.prefix(6).allSatisfy { $0.account != "ana" })
        #expect(receiver.taken(of: "ana") == [1, 2])
    }

    @Test(
        "What is refused for good, or too often, is given up where the operator sees it; a replay sends it again",
        arguments: [(422, 120), (500, 1)])
    func givenUp(status: Int, attempts: Int) async throws {
        let receiver = EventReceiver { account, earlier in account == "beto" && earlier.count < 3 ? status : 200 }
        try await receiver.serving { url in
            try await withServer({ $0.events = [target(url, attempts: attempts)] }) { server, store in
                try await publish(["beto"], in: store)
                try await receiver.wait { $0.count == 1 }
                try await publish(["ana"], in: store)
                try await receiver.wait { $0.count == 2 }
                let dead = try await server.get("/v1/dead-letters", token: "demo-operador").text
                #expect(dead.contains("event 1 to crm") && dead.contains("HTTP \(status)"))
                let targets = try await server.get("/v1/events/targets", token: "demo-operador").text
                #expect(targets.contains(#""dead":1"#), "\(targets)")
                try await publish(["ceci"], in: store)
                try await receiver.wait { $0.count == 3 }
                let answer = try await server.post("/v1/events/replay", #"{"from":1}"#, token: "demo-operador")
                #expect(answer.status == 200)
                try await receiver.wait { $0.count == 6 }
            }
        }
        #expect(receiver.taken(of: "beto") == [1])
        #expect(Set(receiver.got.suffix(3).map(\.seq)) == [1, 2, 3])
    }

    @Test("The log is read from any number, page by page, by the operator only")
    func pages() async throws {
        try await withServer { server, store in
            try await publish(["ana", "beto", "ceci"], in: store)
            func page(_ query: String) async throws -> [String: Any] {
                let answer = try await server.get("/v1/events" + query, token: "demo-operador")
                return try JSONSerialization.jsonObject(with: answer.body) as? [String: Any] ?? [:]
            }
            let first = try await page("?limit=2")
            #expect((first["events"] as? [[String: Any]])?.compactMap { $0["account"] as? String } == ["ana", "beto"])
            #expect(first["next"] as? Int == 2 && first["more"] as? Bool == true)
            let last = try await page("?after=2")
            #expect((last["events"] as? [[String: Any]])?.compactMap { $0["seq"] as? Int } == [3])
            #expect(last["more"] as? Bool == false)
            for query in ["?after=-1", "?after=x", "?limit=0", "?limit=1001"] {
                #expect(try await server.get("/v1/events" + query, token: "demo-operador").status == 400)
            }
            for path in ["/v1/events", "/v1/events/targets"] {
                #expect(try await server.get(path, token: "demo-ana").status == 403)
            }
            #expect(try await server.post("/v1/events/replay", #"{"from":1}"#).status == 401)
            #expect(try await server.post("/v1/events/replay", #"{"from":0}"#, token: "demo-operador").status == 400)
        }
    }

    @Test(
        "Killed with -9 again and again while it delivers: none lost, in order within an account",
        .enabled(if: Program.isBuilt))
    func killed() async throws {
        let receiver = EventReceiver { account, earlier in
            try? await Task.sleep(for: .milliseconds(3))
            return earlier.count % 11 == 5 ? 503 : 200
        }
        let accounts = (0..<12).map { DemoCompany.accounts[$0].id }
        try await receiver.serving { url in
            try await withTemporaryFolder { folder in
                let database = folder + "/promesa.sqlite"
                let store = try Store(path: database)
                try await store.importAccounts(DemoCompany.accounts)
                try store.close()
                let source = try String(
                    contentsOf: DemoCompany.folder.appendingPathComponent("demo.yaml"), encoding: .utf8
                )
                .replacing("../Dialogs", with: SharedData.repository.appendingPathComponent("Dialogs").path)
                .replacing("policy.yaml", with: DemoCompany.folder.appendingPathComponent("policy.yaml").path)
                .replacing("uva.tsv", with: DemoCompany.folder.appendingPathComponent("uva.tsv").path)
                let config = folder + "/promesa.yaml"
                try Data((source + "\nevents:\n  - { name: crm, url: \(url), secret: \(EventReceiver.secret) }\n").utf8)
                    .write(to: URL(fileURLWithPath: config))
                func serve() async throws -> (Program, Remote) {
                    let port = try freePort()
                    let program = try Program(
                        ["serve", "--config", config],
                        environment: ["PROMESA_PORT": String(port), "PROMESA_DATABASE": database],
                        output: folder + "/output")
                    let server = Remote(url: "http://127.0.0.1:\(port)")
                    for _ in 0..<6000 {
                        if (try? await server.get("/healthz").status) == 200 { return (program, server) }
                        try await Task.sleep(for: .milliseconds(50))
                    }
                    return (program, server)
                }
                var total = 0
                for round in 0..<6 {
                    let (program, server) = try await serve()
                    let payments = accounts.flatMap { account in
                        (0..<4).map {
                            #"{"id":"\#(account)-\#(round)-\#($0)","account":"\#(account)","amount":"1.00","day":"2026-11-24"}"#
                        }
                    }
                    let body = "{\"payments\":[" + payments.joined(separator: ",") + "]}"
                    #expect(try await server.post("/v1/payments", body, token: "demo-operador").status == 200)
                    total += payments.count
                    try await Task.sleep(for: .milliseconds(40 * (round + 1)))
                    program.signal(SIGKILL)
                    #expect(await program.exitStatus() == SIGKILL)
                }
                let (program, _) = try await serve()
                let expected = total
                try await receiver.wait { Set($0.filter { $0.status == 200 }.map(\.seq)).count == expected }
                program.signal(SIGTERM)
                #expect(await program.exitStatus() == 0)
            }
        }
        for account in accounts {
            // A repeated event may come, but never one that is older than the one before it.
            let seqs = receiver.got.filter { $0.account == account && $0.status == 200 }.map(\.seq)
            #expect(seqs == seqs.sorted() && Set(seqs).count == 24, "\(account): \(seqs)")
        }
    }
}
