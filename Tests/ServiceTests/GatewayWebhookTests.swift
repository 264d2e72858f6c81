import Channels
import Conversations
import DatabaseEngine
import DemoCompany
import Foundation
import SharedData
import Testing

@testable import Service
@testable import Storage

/// What gateways post, each by the same tests: signed, more than once, in the wrong order, and whatever the files hold.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct GatewayWebhookTests {
    static let unauthorized = #"{"error":{"code":"unauthorized","message":"A valid signature or token is required."}}"#

    /// A server with one gateway, whose own end accepts everything.
    private func with(
        _ gateway: Gateway, _ body: @escaping @Sendable (Remote, Store, MisbehavingGateway) async throws -> Void
    ) async throws {
        let accepting = MisbehavingGateway { _, _ in 200 }
        try await accepting.serving { url in
            try await withServer({ gateway.configure(&$0, url) }) { try await body($0, $1, accepting) }
        }
    }

    @Test(
        "A signature that is not valid gets 401 with a fixed body, whatever the body holds", arguments: Gateway.allCases
    )
    func signature(gateway: Gateway) async throws {
        try await with(gateway) { server, store, _ in
            for body in [try gateway.body("hola", id: 1, from: 1), Data("x=1".utf8)] {
                let answer = try await gateway.post(body, to: server, secret: "otro")
                #expect(answer.status == 401 && answer.text == Self.unauthorized)
            }
            #expect(try await store.counts().inbox == 0)
        }
    }

    @Test(
        "While a secret is changed the new one and the one before are good, and no other",
        arguments: Gateway.allCases)
    func changedSecret(gateway: Gateway) async throws {
        let accepting = MisbehavingGateway { _, _ in 200 }
        try await accepting.serving { url in
            try await withServer({
                gateway.configure(&$0, url)
                gateway.remember("secreto-anterior", in: &$0)
            }) { server, store in
                for (number, secret) in [nil, "secreto-anterior", "secreto-de-otro"].enumerated() {
                    let body = try gateway.body("hola", id: number, from: 1)
                    let answer = try await gateway.post(body, to: server, secret: secret)
                    #expect(answer.status == (number < 2 ? 200 : 401))
                }
                #expect(try await store.counts().inbox == 2)
            }
        }
    }

    @Test(
        "A message that is posted again, also at the same time, is one turn with one answer",
        arguments: Gateway.allCases)
    func duplicates(gateway: Gateway) async throws {
        try await with(gateway) { server, store, accepting in
            let body = try gateway.body("hola", id: 7, from: 1)
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<8 { group.addTask { try await gateway.post(body, to: server) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 200 })
            #expect(try await store.counts().inbox == 1)
            if gateway == .generic {
                #expect(answers.count { $0.text.contains(#""duplicate":false"#) } == 1)
            } else {
                #expect(try await accepting.accepted(atLeast: 1).count == 1)
                #expect(try await store.counts().outbox.values.reduce(0, +) == 1)
            }
        }
    }

    @Test(
        "Reports that come before ours, again, or backwards leave the furthest that was reported",
        arguments: [Gateway.whatsApp, .dialog360, .twilioWhatsApp, .sms])
    func reports(gateway: Gateway) async throws {
        try await with(gateway) { server, store, accepting in
            // The gateway's ids are counted; the report of the first comes before the message exists.
            let id = ["sms", "twilioWhatsApp"].contains(gateway.rawValue) ? "SM1" : "w1"
            for status in ["delivered", "read"] {
                let report = try #require(gateway.report(status, on: id))
                #expect(try await gateway.post(report, to: server).status == 200)
            }
            #expect(try await gateway.post(gateway.body("hola", id: 1, from: 1), to: server).status == 200)
            for _ in 0..<6000 where try await store.counts().outbox["read"] != 1 {
                try await Task.sleep(for: .milliseconds(50))
            }
            for status in ["sent", "delivered", "failed"] {
                let report = try #require(gateway.report(status, on: id))
                #expect(try await gateway.post(report, to: server).status == 200)
            }
            #expect(try await store.counts().outbox == ["read": 1])
        }
    }

    @Test(
        "Every payload of the shared data is acknowledged or clearly refused, never a failure of ours",
        .enabled(if: SharedData.has("payloads/index.tsv")), arguments: Gateway.allCases)
    func payloads(gateway: Gateway) async throws {
        let names: [Gateway: String] = [
            .whatsApp: "whatsapp", .dialog360: "d360", .sms: "twilio", .twilioWhatsApp: "twilio",
            .telegram: "telegram", .chatwoot: "chatwoot", .generic: "generic",
        ]
        try await with(gateway) { server, store, _ in
            for row in SharedData.rows("payloads/index.tsv") where row["gateway"] == names[gateway] {
                let file = row["file"] ?? ""
                let answer = try await gateway.post(SharedData.data("payloads/" + file), to: server)
                let allowed = row["action"] == "reject" ? [200, 400] : [200]
                #expect(allowed.contains(answer.status), "\(file): \(answer.status)")
            }
            #expect(try await store.counts().inbox > 0)
        }
    }

    @Test("A customer of any gateway whose phone is known talks about their account", arguments: Gateway.allCases)
    func account(gateway: Gateway) async throws {
        // The telegram user has to share the phone first.
        guard gateway != .telegram else { return }
        try await with(gateway) { server, store, _ in
            // Marta's phone: +54 9 11 00000003.
            let body = String(decoding: try gateway.body("hola", id: 1, from: 4_444_444), as: UTF8.self)
            let number = gateway.contact(4_444_444).address.drop { $0 == "+" }
            let marta = body.replacing(number, with: "5491100000003")
            #expect(try await gateway.post(Data(marta.utf8), to: server).status == 200)
            #expect(try await store.conversationsOf("marta") == [gateway.channel])
        }
    }

    @Test("On Telegram who shares the own phone is known from then on")
    func telegramPhone() async throws {
        try await with(.telegram) { server, store, accepting in
            let shared =
                #"{"update_id":1,"message":{"message_id":1,"from":{"id":7},"chat":{"id":7,"type":"private"},"date":1795521600,"contact":{"phone_number":"5491100000003","user_id":7}}}"#
            let answer = try await Gateway.telegram.post(Data(shared.utf8), to: server)
            #expect(answer.status == 200)
            #expect(try await store.conversationsOf("marta") == ["telegram"])
            #expect(try await accepting.accepted(atLeast: 1)[0].text.contains("Marta"))
        }
    }

    @Test("A tap on Telegram is answered in the response, so that the button stops waiting")
    func telegramTap() async throws {
        try await with(.telegram) { server, _, _ in
            let tap =
                #"{"update_id":2,"callback_query":{"id":"q9","from":{"id":7},"data":"si#1","message":{"message_id":1,"chat":{"id":7,"type":"private"},"date":1795521600}}}"#
            let answer = try await Gateway.telegram.post(Data(tap.utf8), to: server)
            #expect(answer.text == #"{"callback_query_id":"q9","method":"answerCallbackQuery"}"#)
        }
    }

    @Test("Telegram's updates are polled for where it cannot reach us, and each is taken once")
    func poll() async throws {
        let accepting = MisbehavingGateway { _, _ in 200 }
        let text =
            #"{"update_id":5,"message":{"message_id":1,"from":{"id":7},"chat":{"id":7,"type":"private"},"date":1795521600,"text":"hola"}}"#
        let tap =
            #"{"update_id":6,"callback_query":{"id":"q9","from":{"id":7},"data":"si#1","message":{"message_id":1,"chat":{"id":7,"type":"private"},"date":1795521600}}}"#
        accepting.updates.withLock { $0 = [text, text, "\(text),\(tap)"] }
        try await accepting.serving { url in
            try await withServer({
                Gateway.telegram.configure(&$0, url)
                $0.gateways.telegram?.receiving = .poll
            }) { _, store in
                _ = try await accepting.accepted(atLeast: 3)
                #expect(try await store.counts().inbox == 2)
            }
        }
        #expect(accepting.attempts.count { $0.path.hasSuffix("answerCallbackQuery") } == 1)
        #expect(accepting.attempts.count { $0.path.hasSuffix("sendMessage") } == 2)
    }

    @Test("On Chatwoot a hand-off opens the conversation, a person silences the bot, and giving it back ends that")
    func chatwoot() async throws {
        let gateway = Gateway.chatwoot
        let address = gateway.contact(1).address
        try await with(gateway) { server, store, accepting in
            func post(_ body: String) async throws {
                #expect(try await gateway.post(Data(body.utf8), to: server).status == 200)
            }
            func owner() async throws -> Owner? {
                try await store.submit { try $0.conversation(for: gateway.contact(1))?.owner }
            }
            _ = try await gateway.post(gateway.body("quiero hablar con una persona", id: 1, from: 1), to: server)
            let sent = try await accepting.accepted(atLeast: 2)
            #expect(sent.map(\.text).sorted().last == "open")
            #expect(sent.contains { $0.path.hasSuffix("conversations/\(address)/toggle_status") })
            #expect(try await owner() == .queue)
            try await post(
                #"{"event":"message_created","id":2,"account":{"id":1},"content":"Hola, soy Ana","message_type":"outgoing","private":false,"conversation":{"id":\#(address),"status":"open"},"sender":{"id":7,"type":"user"}}"#
            )
            #expect(try await owner() == .agent("gateway"))
            try await post(
                #"{"event":"conversation_status_changed","id":\#(address),"status":"resolved","updated_at":1767603600.5}"#
            )
            #expect(try await owner() == .bot)
            _ = try await gateway.post(gateway.body("hola", id: 3, from: 1), to: server)
            #expect(try await accepting.accepted(atLeast: 3).count == 3)
        }
    }

    @Test("A signed mail is a turn of the account with that address")
    func mail() async throws {
        try await withServer({
            $0.gateways.mailIn = .init(mailbox: "avisos@fibra.example", webhookSecret: GatewaySecret(Gateway.secret))
        }) { server, store in
            var marta = DemoCompany.account("marta")
            marta.email = "Marta@example.com"
            try await store.importAccounts([marta])
            let mail = Data("From: Marta <marta@example.com>\r\nMessage-ID: <1@x>\r\n\r\nhola\r\n".utf8)
            func post(_ secret: String) async throws -> Answer {
                try await server.send(
                    "POST", "/v1/webhooks/mail", mail,
                    GenericJSON.signedHeaders(
                        body: mail, secret: secret, timestamp: Int64(Date().timeIntervalSince1970)))
            }
            #expect(try await post("otro").text == Self.unauthorized)
            for _ in 0..<2 { #expect(try await post(Gateway.secret).status == 200) }
            #expect(try await store.conversationsOf("marta") == ["mail"])
            #expect(try await store.counts().inbox == 1)
        }
    }
}

extension Store {
    /// The channels of an account's conversations.
    func conversationsOf(_ account: String) async throws -> [String] {
        try await pool.read {
            try String.fetchAll(
                $0, sql: "SELECT channel FROM conversations WHERE account_id = ? ORDER BY id", arguments: [account])
        }
    }
}
