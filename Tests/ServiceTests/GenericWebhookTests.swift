import DemoCompany
import Foundation
import SharedData
import Storage
import Testing

@testable import Service

/// Signed JSON over HTTP: the reply comes in the response.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct GenericWebhookTests {
    struct Response: Decodable, Equatable {
        struct Reply: Decodable, Equatable { let text: String }
        let id: String
        let duplicate: Bool
        let replies: [Reply]
    }

    @Test("The reply comes in the response; a repeated id gets the stored answer and changes nothing")
    func reply() async throws {
        try await withServer { server, store in
            let first: Response = try await server.generic(id: "g-1", from: "+5491100000003", text: "hola").decoded()
            #expect(first.id == "g-1" && !first.duplicate)
            #expect(first.replies.map(\.text).contains { $0.contains("Marta") })
            let again: Response = try await server.generic(id: "g-1", from: "+5491100000003", text: "otra cosa")
                .decoded()
            #expect(again.duplicate && again.replies == first.replies)
            #expect(try await store.counts().inbox == 1)
            #expect(try await store.counts().outbox.isEmpty)
        }
    }

    @Test("A conversation from greeting to promise, one request a message")
    func promise() async throws {
        try await withServer { server, store in
            for (index, text) in ["hola", "137", "el viernes te pago todo", "sí, confirmo"].enumerated() {
                let answer = try await server.generic(id: "g-\(index)", from: "+5491100000003", text: text)
                #expect(answer.status == 200)
            }
            #expect(try await store.promises(accountID: "marta").map(\.state) == [.open])
        }
    }

    @Test("An agent's reply goes to the callback")
    func callback() async throws {
        try await withServer { server, _ in
            _ = try await server.generic(id: "g-1", from: "+5491100000003", text: "quiero hablar con una persona")
            let queue = try await server.get("/v1/handoffs", token: "demo-ana").text
            let id = try #require(queue.firstMatch(of: /"id":"(h\d+)"/)?.1)
            _ = try await server.post("/v1/handoffs/\(id)/claim", token: "demo-ana")
            #expect(
                try await server.post(
                    "/v1/handoffs/\(id)/reply", #"{"text":"Hola Marta, soy Ana."}"#, token: "demo-ana"
                ).status == 200)
            let received = try await server.sandbox(atLeast: 1)
            #expect(received.map(\.text) == ["Hola Marta, soy Ana."])
            #expect(received.map(\.to) == ["+5491100000003"])
        }
    }

    @Test(
        "Signatures that are wrong, missing or old get 401; extreme timestamps too",
        arguments: [
            nil, "1", "-9223372036854775808", "9223372036854775807", "mañana",
        ] as [String?])
    func signature(timestamp: String?) async throws {
        try await withServer { server, _ in
            var headers = ["X-Promesa-Signature": String(repeating: "0", count: 64)]
            headers["X-Promesa-Timestamp"] = timestamp
            let answer = try await server.send("POST", "/v1/webhooks/generic", Data("{}".utf8), headers)
            #expect(answer.status == 401 && answer.text == WhatsAppWebhookTests.unauthorized)
            #expect(try await server.get("/healthz").status == 200)
        }
    }

    @Test(
        "What is signed but cannot be read gets 400 and a reason",
        arguments: [
            "", "{", "[]", "7", #"{"id":"1"}"#, #"{"id":"a\u0000b","from":"x","text":"y"}"#,
            String(repeating: "[", count: 50_000),
            #"{"id":"1","from":"x","text":"y","at":"9999999999"}"#, #"{"id":"1","from":"x","text":"\ud800"}"#,
            "\u{FEFF}{",
        ])
    func malformed(body: String) async throws {
        try await withServer { server, _ in
            let answer = try await server.generic(Data(body.utf8))
            #expect(
                answer.status == 400 && answer.text.contains(#""code":"malformed""#), "\(answer.status) \(answer.text)")
        }
    }

    @Test("Bytes that are no text get 400")
    func noText() async throws {
        try await withServer { server, _ in
            let body = Data(#"{"id":"1","from":"x","text":""#.utf8) + [0xC3, 0x28, 0xFF] + Data(#""}"#.utf8)
            let answer = try await server.generic(body)
            #expect(answer.status == 400)
        }
    }

    @Test("No text makes the server fail", .timeLimit(.minutes(10)))
    func anyText() async throws {
        try await withServer { server, _ in
            let texts =
                utterances + [
                    "99999999999999999999 lucas", "te pago 9223372036854775807", "-5 pesos", "1e308", "el 99/99/9999",
                    "en 999999999 días",
                    "\u{202E}\u{0}\u{7F}", String(repeating: "hola ", count: 5000), String(repeating: "9", count: 5000),
                    "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "'; DROP TABLE inbox; --",
                    "{monto}", "%s%s%n", "999999999 cuotas", "un palo palo palo millones de millones", "$ 0,00",
                    "0 cuotas", "hace 99999 años",
                ]
            for (index, text) in (["hola", "137"] + texts).enumerated() {
                let answer = try await server.generic(id: "g-\(index)", from: "+5491100000003", text: text)
                #expect([200, 400].contains(answer.status), "“\(text.prefix(40))”: \(answer.status)")
            }
        }
    }

    @Test(
        "Every payload of the shared data is answered or clearly refused",
        .enabled(if: SharedData.has("payloads/index.tsv")))
    func payloads() async throws {
        try await withServer { server, _ in
            var ids: Set<String> = []
            for row in SharedData.rows("payloads/index.tsv") where row["gateway"] == "generic" {
                let answer = try await server.generic(SharedData.data("payloads/" + row["file"]!))
                #expect(answer.status == (row["action"] == "reject" ? 400 : 200), "\(row["file"]!): \(answer.status)")
                guard answer.status == 200 else { continue }
                let response: Response = try answer.decoded()
                #expect(response.duplicate == !ids.insert(response.id).inserted)
            }
        }
    }
}
