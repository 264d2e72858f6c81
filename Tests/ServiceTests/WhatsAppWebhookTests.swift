import AsyncHTTPClient
import Conversations
import DatabaseEngine
import DemoCompany
import Foundation
import NIOCore
import SharedData
import Testing

@testable import Service
@testable import Storage

/// The webhook of WhatsApp Cloud over HTTP, and the replies as the sandbox gateway gets them.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct WhatsAppWebhookTests {
    static let unauthorized = #"{"error":{"code":"unauthorized","message":"A valid signature or token is required."}}"#

    @Test("Meta's verification gets its challenge, anybody else a refusal")
    func verification() async throws {
        try await withServer { server, _ in
            let path = "/v1/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
            let accepted = try await server.get(path + "demo-verify")
            #expect(accepted.status == 200 && accepted.text == "1158201444")
            let refused = try await server.get(path + "otro")
            #expect(refused.status == 401 && refused.text == Self.unauthorized)
        }
    }

    @Test("Replies reach the gateway in the order of the messages")
    func order() async throws {
        try await withServer { server, store in
            let texts = ["hola", "137", "cuánto debo?", "el viernes te pago todo", "sí, confirmo"]
            for (index, text) in texts.enumerated() {
                let answer = try await server.whatsApp(whatsAppBody([("wamid.\(index)", "+5491100000003", text)]))
                #expect(answer.status == 200)
            }
            let transcript = try await store.submit { tx in
                try tx.transcript(of: tx.conversation(for: DemoCompany.contact("marta"))!.id, limit: 100)
            }
            let said = transcript.filter { $0.speaker == .bot }
            let received = try await server.sandbox(atLeast: said.count)
            #expect(received.map(\.text) == said.map(\.text))
            #expect(received.map(\.options) == said.map(\.options))
            #expect(received.allSatisfy { $0.to == "5491100000003" })
            #expect(try await store.promises(accountID: "marta").count == 1)
        }
    }

    @Test("A batch is taken whole, in order; posted again, nothing is doubled")
    func batch() async throws {
        try await withServer { server, store in
            let body = try whatsAppBody([
                ("wamid.1", "+5491100000003", "hola"), ("wamid.2", "+5491100000010", "hola"),
                ("wamid.3", "+5491100000003", "137"),
            ])
            for _ in 0..<3 { #expect(try await server.whatsApp(body).status == 200) }
            #expect(try await store.counts().inbox == 3)
            #expect(try await server.sandbox(atLeast: 3).count == 3)
            #expect(try await server.get("/metrics").text.contains("promesa_duplicates_total 6\n"))
        }
    }

    @Test(
        "A signature that is not valid gets 401 with a fixed body, whatever the body holds",
        arguments: ["{}", "", "no es JSON"])
    func signature(body: String) async throws {
        try await withServer { server, store in
            let wrong = try await server.whatsApp(Data(body.utf8), secret: "otro")
            let none = try await server.post("/v1/webhooks/whatsapp", body)
            for answer in [wrong, none] { #expect(answer.status == 401 && answer.text == Self.unauthorized) }
            #expect(try await store.counts().inbox == 0)
            #expect(try await server.get("/metrics").text.contains("promesa_rejected_signatures_total 2\n"))
        }
    }

    @Test("A signed body that cannot be read gets 400, one over 1 MiB 413")
    func malformed() async throws {
        try await withServer { server, _ in
            for body in ["{", "[]"] {
                let answer = try await server.whatsApp(Data(body.utf8))
                #expect(answer.status == 400)
            }
            let large = Data(repeating: UInt8(ascii: " "), count: (1 << 20) + 1)
            #expect(try await server.whatsApp(large).status == 413)
            #expect(try await server.get("/healthz").status == 200)
        }
    }

    @Test("A bad item in a good batch is set aside where an operator sees it, and the rest go on")
    func deadLetter() async throws {
        try await withServer { server, store in
            var text = String(
                decoding: try whatsAppBody([
                    ("wamid.1", "+5491100000003", "hola"), ("wamid.2", "+5491100000010", "hola"),
                ]), as: UTF8.self)
            text = text.replacing(
                #""messages":["#, with: #""messages":[{"id":"wamid.bad","from":"5491100000011","type":"text"},"#)
            #expect(try await server.whatsApp(Data(text.utf8)).status == 200)
            #expect(try await store.counts().inbox == 2)
            let letters = try await server.get("/v1/dead-letters", token: "demo-operador")
            #expect(letters.status == 200 && letters.text.contains("wamid.bad") && letters.text.contains("timestamp"))
            #expect(try await server.get("/v1/dead-letters", token: "demo-ana").status == 403)
        }
    }

    @Test(
        "Every payload of the shared data is acknowledged or clearly refused, never a failure of ours",
        .enabled(if: SharedData.has("payloads/index.tsv")))
    func payloads() async throws {
        try await withServer { server, store in
            var turns = 0
            for row in SharedData.rows("payloads/index.tsv") where row["gateway"] == "whatsapp" {
                let answer = try await server.whatsApp(SharedData.data("payloads/" + row["file"]!))
                if row["action"] == "reject" {
                    #expect([200, 400].contains(answer.status), "\(row["file"]!): \(answer.status)")
                } else {
                    #expect(answer.status == 200, "\(row["file"]!): \(answer.status)")
                }
                if row["action"] == "turn" || row["action"] == "media" { turns += 1 }
            }
            #expect(turns > 10)
            let received = try await server.sandbox(atLeast: 1)
            #expect(!received.isEmpty)
            #expect(try await store.counts().inbox > 5)
        }
    }

    @Test("A body of unknown length that goes over 1 MiB gets 413")
    func endless() async throws {
        try await withServer { server, _ in
            var request = HTTPClientRequest(url: server.url + "/v1/webhooks/whatsapp")
            request.method = .POST
            let pieces = AsyncStream<ByteBuffer> { continuation in
                for _ in 0..<40 { continuation.yield(ByteBuffer(repeating: UInt8(ascii: " "), count: 1 << 15)) }
                continuation.finish()
            }
            request.body = .stream(pieces, length: .unknown)
            let response = try await HTTPClient.shared.execute(request, timeout: .minutes(5))
            #expect(response.status.code == 413)
        }
    }

    @Test("A message whose turn fails is set aside, and the rest of its batch go on")
    func poison() async throws {
        try await withServer { server, store in
            _ = try await server.whatsApp(whatsAppBody([("wamid.1", "+5491100000003", "hola")]))
            try await store.write { try $0.execute(sql: "UPDATE conversations SET body = '{}'") }
            let body = try whatsAppBody([("wamid.2", "+5491100000003", "137"), ("wamid.3", "+5491100000010", "hola")])
            #expect(try await server.whatsApp(body).status == 200)
            #expect(try await store.counts().inbox == 2)
            #expect(try await store.deadLetters(limit: 10).map(\.source) == ["whatsapp"])
            #expect(try await store.deadLetters(limit: 10)[0].body.contains("wamid.2"))
        }
    }

    @Test("The gateway's reports are noted on the message")
    func statuses() async throws {
        try await withServer { server, store in
            #expect(try await server.whatsApp(whatsAppBody([("wamid.1", "+5491100000003", "hola")])).status == 200)
            _ = try await server.sandbox(atLeast: 1)
            for _ in 0..<6000 where try await store.counts().outbox["sent"] != 1 {
                try await Task.sleep(for: .milliseconds(50))
            }
            let id = try await store.sentGatewayID()
            let body =
                #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1"},"statuses":[{"id":"\#(id)","status":"delivered","timestamp":"1795521600","recipient_id":"1"}]}}]}]}"#
            #expect(try await server.whatsApp(Data(body.utf8)).status == 200)
            #expect(try await store.counts().outbox == ["delivered": 1])
        }
    }
}

extension Store {
    /// The gateway's id of the one message that was sent.
    func sentGatewayID() async throws -> String {
        try await pool.read {
            try String.fetchOne($0, sql: "SELECT gateway_message_id FROM outbox WHERE state = 'sent'") ?? ""
        }
    }
}
