import DemoCompany
import Foundation
import Quantities
import Storage
import Testing

@testable import Service

/// The hand-off queue over HTTP.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct HandoffRoutesTests {
    struct Queue: Decodable {
        struct Entry: Decodable {
            let id, state, reason: String
            let agent, account, former_agent: String?
        }
        let handoffs: [Entry]
    }
    struct Refused: Decodable {
        struct Body: Decodable {
            let code: String
            let agent, rule: String?
        }
        let error: Body
    }

    private func withQueue(_ body: @escaping @Sendable (Remote, Store, String) async throws -> Void) async throws {
        try await withServer { server, store in
            _ = try await server.generic(id: "g-1", from: "+5491100000003", text: "quiero hablar con una persona")
            let queue: Queue = try await server.get("/v1/handoffs", token: "demo-ana").decoded()
            try await body(server, store, try #require(queue.handoffs.first?.id))
        }
    }

    @Test(
        "The queue is for agents with a token",
        arguments: [nil, "", "demo-an", "demo-anaa"] as [String?])
    func tokens(token: String?) async throws {
        try await withQueue { server, _, id in
            for path in ["/v1/handoffs", "/v1/handoffs/\(id)"] {
                #expect(try await server.get(path, token: token).status == 401)
            }
            let answer = try await server.post("/v1/handoffs/\(id)/claim", token: token)
            #expect(answer.status == 401)
        }
    }

    @Test("The loser of a claim gets 409 and the winner's name")
    func claim() async throws {
        try await withQueue { server, _, id in
            let answers = try await withThrowingTaskGroup(of: (String, Answer).self) { group in
                for index in 0..<10 {
                    let name = index % 2 == 0 ? "ana" : "bruno"
                    group.addTask { (name, try await server.post("/v1/handoffs/\(id)/claim", token: "demo-\(name)")) }
                }
                return try await group.reduce(into: [(String, Answer)]()) { $0.append($1) }
            }
            let winner = try #require(answers.first { $0.1.status == 200 }?.0)
            for (name, answer) in answers {
                #expect(answer.status == (name == winner ? 200 : 409))
                if name != winner {
                    let refused: Refused = try answer.decoded()
                    #expect(refused.error.code == "claimed" && refused.error.agent == winner.capitalized)
                }
            }
        }
    }

    @Test(
        "A call is noted, stands in the list and not in the queue, and one on a Sunday is refused with the nearest moment"
    )
    func callBack() async throws {
        try await withQueue { server, _, id in
            let path = "/v1/handoffs/\(id)"
            #expect(try await server.post("\(path)/claim", token: "demo-ana").status == 200)
            var sunday = Remote.dayToCall
            while sunday.weekday != .sunday { sunday = sunday.adding(days: 1) }
            let refused = try await server.post(
                "\(path)/callback", #"{"day":"\#(sunday.iso)","time":"11:00"}"#, token: "demo-ana")
            #expect(refused.status == 422 && refused.text.contains("cannot_call"))
            #expect(refused.text.contains("(ar.domingo)") && refused.text.contains("Lo más cercano: "))
            for body in ["{}", #"{"day":"2026-11-26"}"#, #"{"day":"mañana","time":"11:00"}"#] {
                #expect(try await server.post("\(path)/callback", body, token: "demo-ana").status == 400)
            }
            let right = #"{"day":"\#(Remote.dayToCall.iso)","time":"11:00","about":"plan"}"#
            let noted = try await server.post("\(path)/callback", right, token: "demo-ana")
            #expect(noted.status == 200 && noted.text.contains(#""state":"scheduled""#))
            #expect(try await server.get("/v1/callbacks", token: "demo-bruno").text.contains(#""about":"plan""#))
            #expect(try await server.get("/v1/handoffs", token: "demo-bruno").text == #"{"handoffs":[]}"#)
            #expect(try await server.post("\(path)/called", "{}", token: "demo-ana").status == 400)
            #expect(try await server.post("\(path)/called", #"{"reached":true}"#, token: "demo-ana").status == 409)
        }
    }

    @Test("A reply that threatens gets 422 with the rule; marks are put and lifted")
    func conduct() async throws {
        try await withQueue { server, _, id in
            let path = "/v1/handoffs/\(id)"
            #expect(try await server.post(path + "/claim", token: "demo-ana").status == 200)
            let answer = try await server.post(
                path + "/reply", #"{"text":"Si no pagás te vamos a embargar."}"#, token: "demo-ana")
            let refused: Refused = try answer.decoded()
            #expect(answer.status == 422)
            #expect(refused.error.code == "forbidden_wording" && refused.error.rule == "ar.amenaza")
            for body in [#"{"vulnerable":true}"#, #"{"vulnerable":false,"ceased":true}"#] {
                #expect(try await server.post(path + "/mark", body, token: "demo-ana").status == 200)
            }
        }
    }

    @Test("A case is attended from claim to close")
    func attended() async throws {
        try await withQueue { server, store, id in
            let path = "/v1/handoffs/\(id)"
            #expect(try await server.post(path + "/reply", #"{"text":"hola"}"#, token: "demo-ana").status == 409)
            let orders = [
                ("claim", ""), ("reply", #"{"text":"Hola, soy Ana."}"#), ("note", #"{"text":"llamar"}"#), ("hold", ""),
                ("claim", ""),
                ("release", ""), ("claim", ""), ("close", #"{"note":"resuelto"}"#),
            ]
            for (order, body) in orders {
                let answer = try await server.post(path + "/" + order, body, token: "demo-ana")
                #expect(answer.status == 200, "\(order): \(answer.text)")
            }
            let view = try await server.get(path, token: "demo-bruno")
            #expect(view.status == 200)
            for part in ["Marta Sosa", "quiero hablar con una persona", "Hola, soy Ana.", "resuelto", #""offers":[{"#] {
                #expect(view.text.contains(part), "the case shows \(part)")
            }
            let queue: Queue = try await server.get("/v1/handoffs", token: "demo-ana").decoded()
            #expect(queue.handoffs.isEmpty)
        }
    }

    @Test("While a person attends the bot is silent; back from them it speaks")
    func silent() async throws {
        try await withQueue { server, _, id in
            let silent: GenericWebhookTests.Response = try await server.generic(
                id: "g-2", from: "+5491100000003", text: "hola?"
            ).decoded()
            #expect(silent.replies.isEmpty)
            _ = try await server.post("/v1/handoffs/\(id)/claim", token: "demo-ana")
            #expect(try await server.post("/v1/handoffs/\(id)/return", token: "demo-ana").status == 200)
            let spoken: GenericWebhookTests.Response = try await server.generic(
                id: "g-3", from: "+5491100000003", text: "hola"
            ).decoded()
            #expect(!spoken.replies.isEmpty)
        }
    }

    @Test("Who writes again after it was closed is in the queue again, with who had it")
    func reopened() async throws {
        try await withQueue { server, _, id in
            for order in ["claim", "close"] {
                #expect(try await server.post("/v1/handoffs/\(id)/\(order)", token: "demo-ana").status == 200)
            }
            let told: GenericWebhookTests.Response = try await server.generic(
                id: "g-2", from: "+5491100000003", text: "me quedó una duda"
            ).decoded()
            #expect(told.replies.first?.text.hasPrefix("Le aviso a la persona que te atendió.") == true)
            let queue: Queue = try await server.get("/v1/handoffs", token: "demo-ana").decoded()
            #expect(queue.handoffs.map(\.id) == [id] && queue.handoffs[0].state == "queued")
            #expect(queue.handoffs[0].former_agent == "Ana" && queue.handoffs[0].agent == nil)
        }
    }

    @Test(
        "What an agent sends wrong is refused with a reason",
        arguments: [
            ("h999999/claim", "", 404), ("ID/bailar", "", 404), ("ID/reply", "", 400), ("ID/reply", "{}", 400),
            ("ID/reply", #"{"text":" "}"#, 400),
            ("ID/note", "[", 400), ("ID/close", "no", 400), ("ID/hold", "", 409), ("%00/claim", "", 404),
        ])
    func wrong(path: String, body: String, status: Int) async throws {
        try await withQueue { server, _, id in
            let answer = try await server.post(
                "/v1/handoffs/" + path.replacing("ID", with: id), body, token: "demo-ana")
            #expect(answer.status == status, "\(answer.text)")
        }
    }
}
