import Campaigns
import Channels
import Conversations
import Crypto
import DemoCompany
import Dialog
import Foundation
import Quantities
import SharedData
import Storage
import Testing

@testable import Service

/// A campaign from its file to the gateway, over real HTTP.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct CampaignTests {
    /// The demo company where the bot may speak first at any hour: the server's clock is the machine's.
    private static let world: World = {
        var world = DemoCompany.world
        world.conduct = DemoCompany.anyHour
        world.senders = [.whatsapp: "100000000000002", .sms: "+541150000000"]
        return world
    }()

    /// Whoever is overdue is written to at once, at any hour: by WhatsApp, or else by SMS.
    private static let file = """
        campaña: prueba
        version: 1
        cuentas: { atraso: desde 1 }
        dia_cero: inscripcion
        pasos:
          - dia: 0
            horario: 0:00 a 24:00
            canales:
              - { canal: whatsapp, plantilla: mensaje_pendiente, texto: "Hola {nombre}, soy el asistente virtual de {acreedor}. Hay un mensaje sobre tu cuenta; si preferís una persona, escribí asesor." }
              - { canal: sms, texto: "Hola {nombre}, soy el asistente virtual de {acreedor}. Hay novedades de tu cuenta; si preferís una persona, escribí asesor." }
        """

    @Test("The operator runs a campaign: everyone in it gets one template, and running it again sends nothing")
    func runs() async throws {
        try await withServer(world: Self.world) { server, store in
            #expect(try await server.post("/v1/campaigns", Self.file).status == 401)
            let first = try await server.post("/v1/campaigns", Self.file, token: "demo-operador")
            let report: CampaignReport = try first.decoded()
            let count = try #require(report.sent["whatsapp"])
            #expect(count > 10 && report.accounts == DemoCompany.accounts.count)
            let again: CampaignReport = try await server.post("/v1/campaigns", Self.file, token: "demo-operador")
                .decoded()
            #expect(again.sent == [:])
            let messages = try await server.sandbox(atLeast: count)
            #expect(
                messages.count == count && messages.allSatisfy { $0.text.hasPrefix("[plantilla mensaje_pendiente] ") })
            #expect(Set(messages.map(\.to)).count == count)
        }
    }

    @Test("The server takes accounts into the campaigns of its configuration by itself, once, also after a restart")
    func daily() async throws {
        let campaign = try #require(CampaignFile(source: Self.file, file: "c.yaml").campaign)
        try await withServer(world: Self.world, campaigns: [campaign]) { server, store in
            var sent = 0
            for _ in 0..<300 where sent < 10 {
                sent = try await server.sandbox(atLeast: 10).count
                try await Task.sleep(for: .milliseconds(50))
            }
            // As the server does when it starts again.
            let again = try await CampaignRun(store: store, world: Self.world)
                .run(campaign, now: { Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) })
            #expect(again.sent == [:] && sent >= 10)
            #expect(try await store.submit { try $0.enrolments(accountID: "marta").map(\.campaign) } == ["prueba"])
        }
    }

    @Test(
        "The day's turn comes once, at six of the company's time",
        arguments: [
            ("2026-11-24T05:00", nil, true), ("2026-11-24T05:59", "2026-11-24T02:00", false),
            ("2026-11-24T06:00", "2026-11-24T02:00", true), ("2026-11-24T23:00", "2026-11-24T06:00", false),
            ("2026-11-25T05:59", "2026-11-24T06:00", false), ("2026-11-25T06:01", "2026-11-24T22:00", true),
        ])
    func due(now: String, last: String?, expected: Bool) {
        let last = last.map { Moment(iso: $0)! }
        #expect(Backend.isDue(Moment(iso: now)!, last: last, zone: .argentina, hour: CampaignClock.hour) == expected)
    }

    @Test("A campaign with a mistake is refused with its place, and nothing is sent")
    func refused() async throws {
        try await withServer(world: Self.world) { server, store in
            let answer = try await server.post(
                "/v1/campaigns", Self.file.replacing("un mensaje sobre tu cuenta", with: "una deuda en tu cuenta"),
                token: "demo-operador")
            #expect(answer.status == 400 && answer.text.contains("campaign:9:"))
            #expect(try await store.counts().outbox.isEmpty)
        }
    }

    @Test("Whom WhatsApp cannot reach gets the SMS")
    func escalates() async throws {
        let gateway = MisbehavingGateway { to, _ in to.hasSuffix("0003") ? 400 : 200 }
        try await gateway.serving { url in
            try await withServer(world: Self.world, { $0.whatsApp?.apiURL = url }) { server, _ in
                _ = try await server.post("/v1/campaigns", Self.file, token: "demo-operador")
                let messages = try await server.sandbox(atLeast: 1)
                #expect(
                    messages.map(\.text) == [
                        "[SMS] Hola Marta, soy el asistente virtual de Red Fibra. Hay novedades de tu cuenta; si preferís una persona, escribí asesor."
                    ])
                #expect(gateway.attempts.filter { $0.to.hasSuffix("0003") }.count == 1)
            }
        }
    }

    @Test("A message that waits for its gateway is not sent to who opted out meanwhile (I6)")
    func optedOut() async throws {
        let gateway = MisbehavingGateway { to, _ in to.hasSuffix("0010") ? 200 : 503 }
        try await gateway.serving { url in
            try await withServer(world: Self.world, { $0.whatsApp?.apiURL = url }) { server, store in
                let report: CampaignReport = try await server.post("/v1/campaigns", Self.file, token: "demo-operador")
                    .decoded()
                try await store.submit { tx in
                    for account in DemoCompany.accounts where account.id != "juan" {
                        var account = account
                        account.optedOut = true
                        try tx.save(account)
                    }
                }
                _ = try await gateway.accepted(atLeast: 1)
                for _ in 0..<300 where try await store.counts().outbox["pending"] != nil {
                    try await Task.sleep(for: .milliseconds(100))
                }
                #expect(gateway.accepted.map(\.to) == ["5491100000010"])
                #expect(try await store.counts().outbox["superseded"] == (report.sent["whatsapp"] ?? 0) - 1)
            }
        }
    }

    @Test("A call goes to the call list, once, and to no gateway")
    func calls() async throws {
        let file = Self.file.replacing("canal: whatsapp, plantilla: mensaje_pendiente", with: "canal: voz")
        try await withServer(world: Self.world) { server, store in
            let report: CampaignReport = try await server.post("/v1/campaigns", file, token: "demo-operador").decoded()
            let calls = try await store.pendingCalls()
            #expect(calls.count == report.sent["voz"] && calls.contains { $0.account?.id == "marta" })
            try await store.markCalled(calls)
            #expect(try await store.pendingCalls().isEmpty)
            #expect(try await store.counts().outbox == ["sent": calls.count])
        }
    }

    @Test("The dialler's results move the campaign on: nobody there gets the SMS, who asks for a person gets one, once")
    func results() async throws {
        let file = Self.file.replacing("canal: whatsapp, plantilla: mensaje_pendiente", with: "canal: voz")
        try await withServer(world: Self.world) { server, store in
            _ = try await server.post("/v1/campaigns", file, token: "demo-operador")
            let calls = try await server.post("/v1/calls", token: "demo-operador").text.split(separator: "\n")
            #expect(try await server.post("/v1/calls", token: "demo-operador").text.split(separator: "\n").count == 1)
            func call(_ account: String) throws -> Substring {
                try #require(calls.first { $0.contains(",\(account),") }?.split(separator: ",").first)
            }
            let results = """
                llamada,resultado,momento
                \(try call("marta")),no_contesta,2026-11-24T10:00
                \(try call("marta")),ocupado,2026-11-24T12:00
                \(try call("juan")),pide_persona,2026-11-24T10:05
                """
            for news in [3, 0] {
                let answer = try await server.post("/v1/calls/results", results, token: "demo-operador")
                #expect(answer.text == #"{"news":\#(news),"results":3}"#)
            }
            let messages = try await server.sandbox(atLeast: 1)
            #expect(messages.map(\.to) == [DemoCompany.account("marta").phone])
            #expect(try await store.openHandoffs().map(\.account?.id) == ["juan"])
            // The call that was put on the list, and the second try; the SMS is a third.
            let contacts = try await store.submit { try $0.contactHistory(accountID: "marta").proactive }
            #expect(contacts.filter { $0.channel == "voz" }.count == 2)
            let wrong = try await server.post(
                "/v1/calls/results", "llamada,resultado,momento\nm1,sonó,ayer\n", token: "demo-operador")
            #expect(wrong.status == 422 && wrong.text.contains("no_contesta") && wrong.text.contains("body:2"))
            let unknown = try await server.post(
                "/v1/calls/results", "llamada,resultado,momento\nnada,ocupado,2026-11-24T10:00\n",
                token: "demo-operador")
            #expect(unknown.status == 422 && unknown.text.contains("no hay una llamada `nada`"))
        }
    }
}

/// What a customer answers to an SMS.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct SMSWebhookTests {
    @Test("An SMS signed by Twilio is answered by SMS, and an opt-out by SMS counts; any other signature is refused")
    func answered() async throws {
        try await withServer { server, store in
            let fields = [
                "MessageSid": "SM1", "From": DemoCompany.account("marta").phone, "To": "+541150000000",
                "Body": "no me escriban más",
            ]
            let form = fields.sorted { $0.key < $1.key }.map {
                "\($0.key)=\($0.value.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!)"
            }.joined(separator: "&")
            let signed = fields.sorted { $0.key < $1.key }
                .reduce(server.url + "/v1/webhooks/sms") { $0 + $1.key + $1.value }
            let code = HMAC<Insecure.SHA1>.authenticationCode(
                for: Data(signed.utf8), using: SymmetricKey(data: Data("demo-sms-token".utf8)))
            let headers = ["X-Twilio-Signature": Data(code).base64EncodedString()]
            let answer = try await server.send("POST", "/v1/webhooks/sms", Data(form.utf8), headers)
            #expect(answer.status == 200 && answer.text == "<Response/>")
            #expect(try await store.account(id: "marta")?.optedOut == true)
            let messages = try await server.sandbox(atLeast: 1)
            #expect(messages.count == 1 && messages[0].text.hasPrefix("[SMS] ") && messages[0].to == fields["From"])
            let wrong = try await server.send("POST", "/v1/webhooks/sms", Data((form + "x").utf8), headers)
            #expect(wrong.status == 401)
        }
    }
}
