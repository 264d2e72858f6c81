import DemoCompany
import Foundation
import Quantities
import Storage
import Testing

@testable import Service

/// Payments from the ERP, and what an operator looks at.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct OperatorRoutesTests {
    private func payments(_ entries: String..., token: String? = "demo-operador", to server: Remote) async throws
        -> Answer
    {
        try await server.post("/v1/payments", #"{"payments":[\#(entries.joined(separator: ","))]}"#, token: token)
    }

    private func payment(
        _ id: String, account: String = "marta", amount: String = "1000.00", day: String = "2026-11-24",
        more: String = ""
    ) -> String {
        #"{"id":"\#(id)","account":"\#(account)","amount":"\#(amount)","day":"\#(day)"\#(more)}"#
    }

    @Test("Payments are imported, and known ones replaced")
    func imported() async throws {
        try await withServer { server, store in
            let answer = try await payments(payment("p1"), payment("p2", amount: "0.50"), to: server)
            #expect(answer.status == 200 && answer.text == #"{"imported":2}"#)
            #expect(try await payments(payment("p1", more: #","reversed_on":"2026-11-25""#), to: server).status == 200)
            let known = try await store.account(id: "marta")?.payments.filter { ["p1", "p2"].contains($0.id) } ?? []
            #expect(known.map(\.amount.cents) == [100_000, 50])
            #expect(known.map(\.reversedOn) == [Day("2026-11-25"), nil])
        }
    }

    @Test("A payment of what was promised keeps the promise")
    func kept() async throws {
        try await withServer { server, store in
            for (index, text) in ["hola", "137", "el viernes te pago todo", "sí, confirmo"].enumerated() {
                _ = try await server.generic(id: "g-\(index)", from: "+5491100000003", text: text)
            }
            let promise = try #require(try await store.promises(accountID: "marta").first)
            let today = Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)).day(in: .argentina)
            #expect(
                try await payments(payment("p1", amount: promise.amount.plain, day: today.iso), to: server).status
                    == 200)
            #expect(try await store.promises(accountID: "marta").map(\.state) == [.kept])
        }
    }

    @Test(
        "One wrong entry and nothing is imported; every wrong one is named",
        arguments: [
            #"{"id":"x","account":"nadie","amount":"1","day":"2026-11-24"}"#,
            #"{"id":"x","account":"marta","amount":"mil","day":"2026-11-24"}"#,
            #"{"id":"x","account":"marta","amount":"-5","day":"2026-11-24"}"#,
            #"{"id":"x","account":"marta","amount":"0","day":"2026-11-24"}"#,
            #"{"id":"x","account":"marta","amount":"1","day":"2026-02-30"}"#,
            #"{"id":"x","account":"marta","amount":"1","day":"2026-11-24","item":"nada"}"#,
            #"{"id":"x","account":"marta","amount":"1","day":"2026-11-24","reversed_on":"ayer"}"#,
            #"{"id":" ","account":"marta","amount":"1","day":"2026-11-24"}"#,
            #"{"id":"x","account":"marta","amount":"999999999999999.99","day":"2026-11-24"}"#,
        ])
    func allOrNothing(wrong: String) async throws {
        try await withServer { server, store in
            let before = try await store.account(id: "marta")
            let answer = try await payments(payment("p1"), wrong, to: server)
            #expect(answer.status == 400 && answer.text.contains("payments[1]."), "\(answer.text)")
            #expect(try await store.account(id: "marta") == before)
        }
    }

    @Test(
        "A body that is not a list of payments gets 400 with the place",
        arguments: [
            ("{", "not valid JSON"), ("{}", "`payments`"), (#"{"payments":7}"#, "`payments`"),
            (#"{"payments":[{"id":1}]}"#, "`payments.Index 0.id`"),
        ])
    func malformed(body: String, place: String) async throws {
        try await withServer { server, _ in
            let answer = try await server.post("/v1/payments", body, token: "demo-operador")
            #expect(answer.status == 400 && answer.text.contains(place), "\(answer.text)")
        }
    }

    @Test("Only the operator may", arguments: [nil, "demo-ana", "x"] as [String?])
    func tokens(token: String?) async throws {
        try await withServer { server, store in
            let answer = try await payments(payment("p1"), token: token, to: server)
            let status = token == "demo-ana" ? 403 : 401
            #expect(answer.status == status)
            for path in ["/v1/dead-letters", "/v1/dialogs"] {
                #expect(try await server.get(path, token: token).status == status)
            }
        }
    }

    @Test("Health, readiness, dialogs and metrics")
    func health() async throws {
        try await withServer { server, _ in
            #expect(try await server.get("/healthz").text == "ok\n")
            #expect(try await server.get("/readyz").text == "ready\n")
            #expect(try await server.get("/v1/dialogs", token: "demo-operador").text.contains(#""name":"cobranza""#))
            _ = try await server.generic(id: "g-1", from: "+5491100000003", text: "quiero hablar con una persona")
            let metrics = try await server.get("/metrics").text
            for line in ["promesa_turns_total 1", "promesa_inbox_messages 1", #"promesa_handoffs{state="queued"} 1"#] {
                #expect(metrics.contains(line + "\n"), "\(metrics)")
            }
            let names = metrics.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }
            #expect(names.count == Set(names).count)
        }
    }

    @Test(
        "Paths and methods that are not there are refused, never a failure",
        arguments: [
            ("GET", "/"), ("GET", "/v1/nada"), ("DELETE", "/v1/handoffs"), ("PUT", "/v1/webhooks/whatsapp"),
            ("GET", "/v1/payments"),
            ("GET", "/%ff%fe"), ("GET", "/v1/webhooks/whatsapp?hub.mode=%"),
        ])
    func unknown(method: String, path: String) async throws {
        try await withServer { server, _ in
            let answer = try await server.send(method, path, nil, [:])
            #expect((400..<500).contains(answer.status), "\(answer.status)")
        }
    }
}
