import Conversations
import DatabaseEngine
import DemoCompany
import Dialog
import Foundation
import Hummingbird
import Quantities
import SharedData
import Synchronization
import Testing

@testable import Service
@testable import Storage

/// I9: in order within a conversation, at least once, whatever the gateway does; each gateway by the same tests.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct DispatcherTests {
    static var now: Moment { Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

    /// Puts `texts` into the outbox of one contact.
    private func enqueue(
        _ texts: [String], to contact: ContactKey, heard: Moment? = nil, at moment: Moment = now, in store: Store
    ) async throws {
        try await store.submit { tx in
            var conversation =
                try tx.conversation(for: contact)
                ?? Conversation(id: try tx.newID("c"), contact: contact, accountID: nil)
            conversation.lastHeardAt = heard
            try tx.save(conversation)
            for text in texts {
                try tx.enqueue(
                    OutboxMessage(
                        id: try tx.newID("m"), conversationID: conversation.id, contact: contact, author: .bot,
                        epoch: 0, message: BotMessage(text: text), createdAt: moment))
            }
        }
    }

    /// Three messages wait for each of three people; the gateway's attempts once it accepted `count` of them.
    private func attempts(
        _ gateway: Gateway, _ misbehaving: MisbehavingGateway, accepting count: Int
    ) async throws -> [MisbehavingGateway.Attempt] {
        try await misbehaving.serving { url in
            try await withServer({ gateway.configure(&$0, url) }) { _, store in
                for person in 1...3 {
                    try await enqueue((1...3).map { "\(person) \($0)" }, to: gateway.contact(person), in: store)
                }
                _ = try await misbehaving.accepted(atLeast: count)
            }
        }
        return misbehaving.attempts
    }

    private func texts(_ person: Int, _ attempts: [MisbehavingGateway.Attempt]) -> [String] {
        attempts.filter { $0.text.hasPrefix("\(person) ") && $0.status == 200 }.map(\.text)
    }

    @Test(
        "A gateway that is too busy, fails, or never answers, then works, gets every message in order and none twice",
        arguments: Gateway.allCases)
    func failsAtFirst(gateway: Gateway) async throws {
        // What becomes of the second attempt to each person.
        let statuses = [429, 500, MisbehavingGateway.halfOpen]
        let misbehaving = MisbehavingGateway { to, earlier in
            let person = (1...3).first { to.hasSuffix(gateway.contact($0).address.drop { $0 == "+" }) } ?? 1
            return earlier.count { $0.to == to } == 1 ? statuses[person - 1] : 200
        }
        let all = try await attempts(gateway, misbehaving, accepting: 9)
        for person in 1...3 {
            #expect(texts(person, all) == (1...3).map { "\(person) \($0)" })
            let tried = all.filter { $0.text.hasPrefix("\(person) ") }.map(\.text)
            #expect(tried == [1, 2, 2, 3].map { "\(person) \($0)" })
        }
    }

    @Test("A slow conversation does not hold the others up", arguments: Gateway.allCases)
    func slow(gateway: Gateway) async throws {
        let served = Mutex(0)
        let first = gateway.contact(1).address.drop { $0 == "+" }
        let misbehaving = MisbehavingGateway { to, _ in
            if to.hasSuffix(first) {
                // Answers only once the two others have everything (or after ten minutes, and then the test fails).
                for _ in 0..<6000 where served.withLock({ $0 }) < 6 { try? await Task.sleep(for: .milliseconds(100)) }
            } else {
                served.withLock { $0 += 1 }
            }
            return 200
        }
        try await misbehaving.serving { url in
            try await withServer({
                gateway.configure(&$0, url)
                $0.gateways.timeoutSeconds = 40
            }) { _, store in
                for person in 1...3 {
                    try await enqueue((1...3).map { "\(person) \($0)" }, to: gateway.contact(person), in: store)
                }
                _ = try await misbehaving.accepted(atLeast: 9)
            }
        }
        #expect(misbehaving.attempts.prefix(5).allSatisfy { !$0.text.hasPrefix("1 ") })
        #expect(texts(1, misbehaving.attempts) == ["1 1", "1 2", "1 3"])
    }

    @Test(
        "What a gateway refuses for good is given up, and the conversation goes on; an operator sends it again",
        arguments: Gateway.allCases)
    func refused(gateway: Gateway) async throws {
        let refuses = Mutex(true)
        let misbehaving = MisbehavingGateway { _, earlier in
            earlier.count == 1 && refuses.withLock { $0 } ? 400 : 200
        }
        try await misbehaving.serving { url in
            try await withServer({ gateway.configure(&$0, url) }) { server, store in
                try await enqueue(["1 a", "1 b", "1 c"], to: gateway.contact(1), in: store)
                _ = try await misbehaving.accepted(atLeast: 2)
                struct Dead: Decodable { let messages: [DeadMessage] }
                let dead: Dead = try await server.get("/v1/outbox/dead", token: "demo-operador").decoded()
                #expect(dead.messages.map(\.text) == ["1 b"] && dead.messages.map(\.reason) == ["HTTP 400"])
                refuses.withLock { $0 = false }
                let body = #"{"ids":["\#(dead.messages[0].id)","m999999"]}"#
                let done = try await server.post("/v1/outbox/retry", body, token: "demo-operador")
                #expect(done.status == 200 && done.text == #"{"done":["\#(dead.messages[0].id)"]}"#)
                _ = try await misbehaving.accepted(atLeast: 3)
                #expect(try await server.get("/v1/outbox/dead", token: "demo-operador").text == #"{"messages":[]}"#)
            }
        }
        #expect(misbehaving.accepted.map(\.text) == ["1 a", "1 c", "1 b"])
    }

    @Test("Only the operator orders, with either ids or all, and each order is in the audit log")
    func orders() async throws {
        let misbehaving = MisbehavingGateway { _, _ in 400 }
        try await misbehaving.serving { url in
            try await withServer({ Gateway.whatsApp.configure(&$0, url) }) { server, store in
                try await enqueue(["1 a"], to: Gateway.whatsApp.contact(1), in: store)
                for _ in 0..<6000 where try await store.counts().outbox["dead"] != 1 {
                    try await Task.sleep(for: .milliseconds(50))
                }
                for path in ["retry", "discard"] {
                    let path = "/v1/outbox/\(path)"
                    #expect(try await server.post(path, #"{"all":true}"#, token: "demo-ana").status == 403)
                    for body in ["{}", #"{"ids":["x"],"all":true}"#, #"{"all":false}"#, "["] {
                        #expect(try await server.post(path, body, token: "demo-operador").status == 400)
                    }
                }
                #expect(try await server.get("/v1/outbox/dead", token: "demo-ana").status == 403)
                let discarded = try await server.post("/v1/outbox/discard", #"{"all":true}"#, token: "demo-operador")
                #expect(discarded.text == #"{"done":["m000002"]}"#)
                #expect(try await store.counts().outbox == ["discarded": 1])
                #expect(try await store.auditKinds().contains("outbox.discard"))
            }
        }
    }

    @Test("A message that is too old is not sent, and is a dead letter")
    func expired() async throws {
        let misbehaving = MisbehavingGateway { _, _ in 200 }
        try await misbehaving.serving { url in
            try await withServer({ Gateway.sms.configure(&$0, url) }) { _, store in
                let old = Self.now.adding(seconds: -73 * 3600)
                try await enqueue(["1 viejo"], to: Gateway.sms.contact(1), at: old, in: store)
                try await enqueue(["1 nuevo"], to: Gateway.sms.contact(1), in: store)
                _ = try await misbehaving.accepted(atLeast: 1)
                #expect(try await store.deadMessages(limit: 9).map(\.reason) == ["it could not leave within 72 hours"])
            }
        }
        #expect(misbehaving.accepted.map(\.text) == ["1 nuevo"])
    }

    @Test(
        "A day after the customer's last message WhatsApp gets the template that is configured, else nothing",
        arguments: [Gateway.whatsApp, .dialog360, .twilioWhatsApp], [true, false])
    func window(gateway: Gateway, hasTemplate: Bool) async throws {
        let misbehaving = MisbehavingGateway { _, _ in 200 }
        try await misbehaving.serving { url in
            try await withServer({
                gateway.configure(&$0, url)
                if hasTemplate {
                    $0.gateways.windowTemplate = .init(name: "novedades", language: "es_AR", parameters: [.text])
                }
            }) { _, store in
                let contact = gateway.contact(1)
                try await enqueue(["1 tarde"], to: contact, heard: Self.now.adding(seconds: -86_401), in: store)
                try await enqueue(
                    ["2 a tiempo"], to: gateway.contact(2), heard: Self.now.adding(seconds: -80_000), in: store)
                _ = try await misbehaving.accepted(atLeast: hasTemplate ? 2 : 1)
                for _ in 0..<6000 where try await store.counts().outbox["pending"] != nil {
                    try await Task.sleep(for: .milliseconds(50))
                }
                #expect(try await store.deadMessages(limit: 9).count == (hasTemplate ? 0 : 1))
            }
        }
        let said = gateway == .twilioWhatsApp ? "" : "[novedades]"
        #expect(Set(misbehaving.accepted.map(\.text)) == (hasTemplate ? [said, "2 a tiempo"] : ["2 a tiempo"]))
    }

    @Test("A report that the customer's last message is too long ago makes it a template, once")
    func lateRefusal() async throws {
        let misbehaving = MisbehavingGateway { _, _ in 200 }
        try await misbehaving.serving { url in
            try await withServer({
                Gateway.twilioWhatsApp.configure(&$0, url)
                $0.gateways.windowTemplate = .init(name: "HX1", language: "es_AR", parameters: [])
            }) { server, store in
                try await enqueue(["1 hola"], to: Gateway.twilioWhatsApp.contact(1), in: store)
                for number in 1...2 {
                    _ = try await misbehaving.accepted(atLeast: number)
                    for _ in 0..<6000 where try await store.counts().outbox["sent"] != 1 {
                        try await Task.sleep(for: .milliseconds(50))
                    }
                    let gateway = Gateway.twilioWhatsApp
                    let report = try #require(gateway.report("undelivered", on: "SM\(number)", code: 63_016))
                    #expect(try await gateway.post(report, to: server).status == 200)
                }
                #expect(try await store.counts().outbox == ["failed": 1])
            }
        }
        #expect(misbehaving.accepted.map(\.text) == ["1 hola", ""])
    }

    @Test(
        "A report of a failure that passes sends the message again; one that is for good does not",
        arguments: [Gateway.whatsApp, .dialog360, .twilioWhatsApp, .sms])
    func failsLater(gateway: Gateway) async throws {
        let misbehaving = MisbehavingGateway { _, _ in 200 }
        let isMeta = gateway == .whatsApp || gateway == .dialog360
        try await misbehaving.serving { url in
            try await withServer({ gateway.configure(&$0, url) }) { server, store in
                try await enqueue(["1 hola"], to: gateway.contact(1), in: store)
                _ = try await misbehaving.accepted(atLeast: 1)
                func state() async throws -> [String: Int] { try await store.counts().outbox }
                for _ in 0..<6000 where try await state()["sent"] != 1 { try await Task.sleep(for: .milliseconds(50)) }
                for code in [isMeta ? 130_429 : 30_001, isMeta ? 131_026 : 30_005] {
                    let id = isMeta ? "w1" : "SM1"
                    let report = try #require(gateway.report(isMeta ? "failed" : "undelivered", on: id, code: code))
                    #expect(try await gateway.post(report, to: server).status == 200)
                    // The second is of the first attempt, which is over.
                    #expect(try await state() == ["pending": 1])
                }
                let again = try await store.dueOutbox(now: Self.now.adding(seconds: 3600), limit: 1)
                #expect(again.map(\.attempts) == [1])
            }
        }
    }

    @Test(
        "Who told their carrier to stop has opted out of everything that we begin, whether it is said at once or later (I6)",
        arguments: [true, false])
    func carrierOptOut(atOnce: Bool) async throws {
        let misbehaving = MisbehavingGateway { _, _ in atOnce ? 400 : 200 }
        misbehaving.refusal.withLock { $0 = #"{"code":21610,"message":"unsubscribed recipient"}"# }
        try await misbehaving.serving { url in
            try await withServer({ Gateway.sms.configure(&$0, url) }) { server, store in
                let marta = ContactKey(channel: "sms", gatewayAccount: "+541150000000", address: "+5491100000003")
                try await store.submit { tx in
                    try tx.save(Conversation(id: "c-marta", contact: marta, accountID: "marta"))
                }
                try await enqueue(["1 hola"], to: marta, in: store)
                if !atOnce {
                    for _ in 0..<6000 where try await store.counts().outbox["sent"] != 1 {
                        try await Task.sleep(for: .milliseconds(50))
                    }
                    let report = try #require(Gateway.sms.report("undelivered", on: "SM1", code: 21_610))
                    #expect(try await Gateway.sms.post(report, to: server).status == 200)
                }
                for _ in 0..<6000 where try await store.account(id: "marta")?.optedOut != true {
                    try await Task.sleep(for: .milliseconds(50))
                }
                #expect(try await store.account(id: "marta")?.optedOut == true)
                #expect(try await store.counts().outbox == [atOnce ? "dead" : "failed": 1])
                #expect(try await store.auditKinds().count { $0 == "optout" } == 1)
            }
        }
        #expect(misbehaving.attempts.count == 1, "it is not tried again")
    }

    @Test(
        "A message of more parts than its gateway takes in a second leaves a second's share at a time, each part once")
    func longMessage() async throws {
        let misbehaving = MisbehavingGateway { _, _ in 200 }
        let text = (1...900).map { "palabra \($0)" }.joined(separator: " ")
        try await misbehaving.serving { url in
            try await withServer({
                Gateway.sms.configure(&$0, url)
                $0.gateways.perSecond = ["sms": 3]
            }) { _, store in
                try await enqueue([text], to: Gateway.sms.contact(1), in: store)
                for _ in 0..<6000 where try await store.counts().outbox["sent"] != 1 {
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
        }
        #expect(misbehaving.attempts.count > 6)
        #expect(misbehaving.accepted.map(\.text).joined(separator: " ") == text)
    }

    @Test("No redirect of a gateway is followed with the key to it")
    func redirect() async throws {
        let misbehaving = MisbehavingGateway { _, earlier in earlier.isEmpty ? 307 : 200 }
        try await misbehaving.serving { url in
            try await withServer({ Gateway.chatwoot.configure(&$0, url) }) { _, store in
                try await enqueue(["1 hola"], to: Gateway.chatwoot.contact(1), in: store)
                _ = try await misbehaving.accepted(atLeast: 1)
            }
        }
        #expect(misbehaving.attempts.map(\.status) == [307, 200])
        #expect(misbehaving.attempts.allSatisfy { $0.path.hasSuffix("/messages") })
    }

    @Test(
        "What a gateway took is not sent again because the disk refuses to note it, nor does it use up anybody's turn")
    func notNoted() async throws {
        let misbehaving = MisbehavingGateway { _, _ in 200 }
        try await misbehaving.serving { url in
            try await withServer({ Gateway.whatsApp.configure(&$0, url) }) { _, store in
                try await store.write {
                    try $0.execute(
                        sql: """
                            CREATE TRIGGER full BEFORE UPDATE OF state ON outbox WHEN NEW.state = 'sent'
                            BEGIN SELECT RAISE(ABORT, 'the disk is full'); END
                            """)
                }
                try await enqueue(["hola", "chau"], to: Gateway.whatsApp.contact(1), in: store)
                _ = try await misbehaving.accepted(atLeast: 1)
                // The dispatcher looks twice a second.
                try await Task.sleep(for: .seconds(2))
                try await store.write { try $0.execute(sql: "DROP TRIGGER full") }
                for _ in 0..<6000 where try await store.counts().outbox["sent"] != 2 {
                    try await Task.sleep(for: .milliseconds(50))
                }
                #expect(try await store.counts().outbox == ["sent": 2])
                let putOff = try await store.pool.read {
                    try Int.fetchOne($0, sql: "SELECT count(*) FROM outbox WHERE put_off_at > 0")
                }
                #expect(putOff == 0)
            }
        }
        #expect(misbehaving.attempts.count == 2)
    }

    @Test("Of a long message, the parts that a gateway took are not sent again, also after a restart")
    func parts() async throws {
        let broken = Mutex(true)
        let misbehaving = MisbehavingGateway { _, earlier in earlier.count >= 2 && broken.withLock { $0 } ? 500 : 200 }
        let text = (1...2000).map { "palabra \($0)" }.joined(separator: " ")
        try await misbehaving.serving { url in
            try await withTemporaryFolder { folder in
                for isFirst in [true, false] {
                    try await withServer(in: folder, { Gateway.whatsApp.configure(&$0, url) }) { _, store in
                        if isFirst {
                            try await enqueue([text], to: Gateway.whatsApp.contact(1), in: store)
                            for _ in 0..<6000 where misbehaving.attempts.count < 3 {
                                try await Task.sleep(for: .milliseconds(50))
                            }
                            broken.withLock { $0 = false }
                        } else {
                            for _ in 0..<6000 where try await store.counts().outbox["sent"] != 1 {
                                try await Task.sleep(for: .milliseconds(50))
                            }
                        }
                    }
                }
            }
        }
        #expect(misbehaving.accepted.map(\.text).joined(separator: " ") == text)
        #expect(misbehaving.accepted.count > 2)
    }

    @Test("Too many messages for one contact wait, and those of others do not")
    func pairs() async throws {
        let misbehaving = MisbehavingGateway { _, _ in 200 }
        try await misbehaving.serving { url in
            try await withServer({ Gateway.telegram.configure(&$0, url) }) { _, store in
                try await enqueue((1...7).map { "1 \($0)" }, to: Gateway.telegram.contact(1), in: store)
                try await enqueue(["2 1"], to: Gateway.telegram.contact(2), in: store)
                _ = try await misbehaving.accepted(atLeast: 8)
            }
        }
        #expect(texts(1, misbehaving.attempts) == (1...7).map { "1 \($0)" })
        #expect(misbehaving.attempts.prefix(7).contains { $0.text == "2 1" })
    }

    @Test(
        "Retries wait longer each time, spread by up to a quarter, or as long as the gateway asked",
        arguments: [
            (0, nil, 2), (1, nil, 4), (2, nil, 8), (7, nil, 256), (8, nil, 512), (9, nil, 900), (60, nil, 900),
            (0, 30, 30), (5, 0, 0),
        ] as [(Int, Int?, Int64)])
    func delay(attempt: Int, requested: Int?, seconds: Int64) {
        var random = SeededRandom(seed: 1)
        let delays = (0..<50).map { _ in Backoff.delay(attempt: attempt, requested: requested, using: &random) }
        #expect(delays.allSatisfy { (seconds...seconds + seconds / 4).contains($0) })
        #expect(seconds < 4 || Set(delays).count > 1)
    }
}

extension Store {
    func auditKinds() async throws -> [String] {
        try await pool.read {
            try String.fetchAll($0, sql: "SELECT json_extract(body, '$.kind') FROM audit ORDER BY id")
        }
    }
}
