import Conversations
import DemoCompany
import Foundation
import Testing

@testable import Service
@testable import Storage

/// A call, from the ring to the promise.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct VoiceTests {
    static let url = "https://bot.example/hooks/voice"
    static let voice = GatewayConfiguration.Voice(
        authToken: GatewaySecret(Gateway.secret), from: "+541150000000", webhookURL: url, language: "es-AR",
        voice: "es-MX")
    static let contact = ContactKey(channel: "voz", gatewayAccount: "+541150000000", address: "+5491100000003")

    /// One request of Marta's call.
    private func hear(
        _ fields: [String: String], _ query: String = "", call: String = "CA1", on server: Remote,
        signedFor signed: String? = nil
    ) async throws -> Answer {
        let all = ["CallSid": call, "CallStatus": "in-progress", "From": "+5491100000003", "To": "+541150000000"]
        return try await server.twilio(
            "/v1/webhooks/voice" + query, form(all.merging(fields) { $1 }), signedFor: signed ?? Self.url + query)
    }

    @Test("A caller proves who they are with keys, promises in words, and hears figures and days in words")
    func promise() async throws {
        try await withServer({ $0.gateways.voice = Self.voice }) { server, store in
            let greeting = try await hear(["CallStatus": "ringing"], on: server).text
            #expect(greeting.contains("Marta") && greeting.contains("<Gather input=\"speech dtmf\""))
            #expect(
                greeting.contains("action=\"\(Self.url)?step=1&amp;silences=0\"") && greeting.contains("decí asesor"))
            let debt = try await hear(["Digits": "137#"], "?step=1&silences=0", on: server).text
            #expect(debt.contains("pesos con") && !debt.contains("$") && debt.contains("marcá uno"))
            let echo = try await hear(["SpeechResult": "el 5 te pago 20 lucas"], "?step=2&silences=0", on: server).text
            #expect(echo.contains("veinte mil pesos") && echo.contains("cinco de"))
            let done = try await hear(["SpeechResult": "sí, confirmo"], "?step=3&silences=0", on: server).text
            #expect(done.contains("Listo") && done.contains("<Hangup/>"))
            let again = try await hear(["SpeechResult": "sí, confirmo"], "?step=3&silences=0", on: server).text
            #expect(again == done)
            #expect(try await store.promises(accountID: "marta").map(\.amount.cents) == [2_000_000])
            // It was said in the call: nothing waits to be sent.
            #expect(try await store.counts().outbox.isEmpty)
        }
    }

    @Test("Who says nothing is asked once more, and then the call ends")
    func silence() async throws {
        try await withServer({ $0.gateways.voice = Self.voice }) { server, store in
            let greeting = try await hear([:], on: server).text
            let repeated = try await hear([:], "?step=1&silences=0", on: server).text
            #expect(repeated == greeting.replacing("silences=0", with: "silences=1"))
            let end = try await hear([:], "?step=1&silences=1", on: server).text
            #expect(end.contains("No te escucho") && end.contains("<Hangup/>"))
            #expect(try await store.counts().inbox == 1)
        }
    }

    @Test(
        "What was hardly understood is asked again: no amount, no day and no yes comes of it, until a person calls back",
        .timeLimit(.minutes(10)))
    func misheard() async throws {
        try await withServer({ $0.gateways.voice = Self.voice }) { server, store in
            _ = try await hear([:], on: server)
            let debt = try await hear(["Digits": "137"], "?step=1&silences=0", on: server).text
            let again = try await hear(
                ["SpeechResult": "el 5 te pago 20 lucas", "Confidence": "0.31"], "?step=2&silences=0", on: server
            ).text
            #expect(!again.contains("veinte mil") && again.contains("<Gather") && again != debt)
            let echo = try await hear(
                ["SpeechResult": "el 5 te pago 20 lucas", "Confidence": "0.87"], "?step=3&silences=0", on: server
            ).text
            #expect(echo.contains("veinte mil pesos"))
            _ = try await hear(
                ["SpeechResult": "sí", "Confidence": "0.2"], "?step=4&silences=0", on: server)
            #expect(try await store.promises(accountID: "marta").isEmpty)
            // Where it goes on like that, somebody calls.
            for step in 5..<9 {
                _ = try await hear(
                    ["SpeechResult": "sí confirmo", "Confidence": "0.0"], "?step=\(step)&silences=0", on: server)
            }
            #expect(try await store.promises(accountID: "marta").isEmpty)
            #expect(try await store.openHandoffs().first?.handoff.kind == .callBack)
        }
    }

    @Test("Who asks for a person is called back: a hand-off of that kind, and the line is free")
    func callBack() async throws {
        try await withServer({ $0.gateways.voice = Self.voice }) { server, store in
            _ = try await hear([:], on: server)
            let answer = try await hear(
                ["SpeechResult": "quiero hablar con una persona"], "?step=1&silences=0", on: server
            )
            .text
            #expect(answer.contains("Te va a llamar a este número") && answer.contains("<Hangup/>"))
            let handoff = try #require(try await store.openHandoffs().first?.handoff)
            #expect(handoff.kind == .callBack)
            let queue = try await server.get("/v1/handoffs", token: "demo-ana").text
            #expect(queue.contains(#""kind":"call_back""#))
            // A later call talks to the bot again, unverified.
            let later = try await hear([:], call: "CA2", on: server).text
            #expect(later.contains("<Gather") && later.contains("Marta"))
            #expect(try await server.post("/v1/handoffs/\(handoff.id)/claim", token: "demo-ana").status == 200)
            let attended = try await hear([:], call: "CA3", on: server).text
            #expect(attended.contains("te va a llamar") && attended.contains("<Hangup/>"))
        }
    }

    @Test("A request that Twilio repeats, at the same time or after later ones, is one turn and answered alike")
    func repeated() async throws {
        try await withServer({ $0.gateways.voice = Self.voice }) { server, store in
            _ = try await hear(["CallStatus": "ringing"], on: server)
            let said = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<6 {
                    group.addTask { try await hear(["Digits": "137"], "?step=1&silences=0", on: server).text }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(said.count == 1 && said.first?.contains("pesos") == true)
            _ = try await hear(["SpeechResult": "el 5 te pago 20 lucas"], "?step=2&silences=0", on: server)
            #expect(try await hear(["Digits": "137"], "?step=1&silences=0", on: server).text == said.first)
            #expect(try await hear(["CallStatus": "completed"], "?step=3", on: server).text == "<Response/>")
            #expect(try await store.counts().inbox == 3)
        }
    }

    @Test("An answering machine is told nothing")
    func machine() async throws {
        try await withServer({ $0.gateways.voice = Self.voice }) { server, store in
            let answer = try await hear(["AnsweredBy": "machine_end_beep", "Direction": "outbound-api"], on: server)
            #expect(answer.text == "<Response/>")
            #expect(try await store.counts().inbox == 0)
        }
    }

    @Test(
        "To who called nothing is written: the agent is told so, and what was agreed is noted to be said on the phone")
    func nothingToRead() async throws {
        try await withServer({ $0.gateways.voice = Self.voice }) { server, store in
            _ = try await hear([:], on: server)
            _ = try await hear(["Digits": "137#"], "?step=1&silences=0", on: server)
            _ = try await hear(["SpeechResult": "quiero hablar con una persona"], "?step=2&silences=0", on: server)
            let id = try #require(try await store.openHandoffs().first?.handoff.id)
            func order(_ action: String, _ body: String = "") async throws -> Answer {
                try await server.post("/v1/handoffs/\(id)/\(action)", body, token: "demo-ana")
            }
            #expect(try await order("claim").status == 200)
            let reply = try await order("reply", #"{"text":"Hola Marta"}"#)
            #expect(reply.status == 409 && reply.text.contains("on_the_phone"))
            let offer = try #require(
                try await server.get("/v1/handoffs/\(id)", token: "demo-ana").decoded(JSON.self)["offers"]?.list.first?[
                    "id"]?.text)
            #expect(try await order("agree", #"{"offer":"\#(offer)"}"#).status == 200)
            let view = try await server.get("/v1/handoffs/\(id)", token: "demo-ana").text
            #expect(view.contains("Para decirle en el llamado: Quedó anotado") && view.contains(#""channel":"voz""#))
            #expect(try await order("called", #"{"reached":true}"#).status == 200)
            #expect(try await order("return").status == 200)
            #expect(try await store.counts().outbox.isEmpty, "no call to a dialler comes of it")
        }
    }

    @Test("The signature covers the URL that Twilio was given, with the step of the call")
    func signature() async throws {
        try await withServer({ $0.gateways.voice = Self.voice }) { server, store in
            for wrong in [server.url + "/v1/webhooks/voice", Self.url, Self.url + "?step=2"] {
                let answer = try await hear([:], "?step=1", on: server, signedFor: wrong)
                #expect(answer.status == 401 && answer.text == GatewayWebhookTests.unauthorized)
            }
            #expect(try await hear(["CallStatus": "completed"], on: server).text == "<Response/>")
            #expect(try await store.counts().inbox == 0)
        }
    }
}
