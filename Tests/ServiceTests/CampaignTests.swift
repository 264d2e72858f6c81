import Campaigns
import Channels
import Conversations
import Crypto
import DemoCompany
import Dialog
import Foundation
import NIOCore
import NIOPosix
import Quantities
import SharedData
import Storage
import Synchronization
import Testing

@testable import Service

/// A campaign from its file to the gateway, over real HTTP.
@Suite(.serialized, .timeLimit(.minutes(2)))
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
        #expect(CampaignClock.isDue(Moment(iso: now)!, last: last, zone: .argentina) == expected)
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
}

/// What a customer answers to an SMS.
@Suite(.serialized, .timeLimit(.minutes(1)))
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

/// A mail server that answers what a test says and keeps what it heard.
private final class MailServer: ChannelInboundHandler, @unchecked Sendable {
    // @unchecked: `heard` is under a lock, the rest is touched on the connection's event loop.
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    let heard = Mutex<[String]>([])
    private let refuses: String
    private var inText = false
    private var pending = ""

    init(refusing command: String) { refuses = command }

    func channelActive(context: ChannelHandlerContext) { answer("220-mail.example\r\n220 listo", context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pending += String(buffer: unwrapInboundIn(data))
        while let end = pending.range(of: "\r\n") {
            let line = String(pending[..<end.lowerBound])
            pending = String(pending[end.upperBound...])
            heard.withLock { $0.append(line) }
            if inText {
                if line == "." { answer("250 2.0.0 en cola", context) }
                inText = inText && line != "."
            } else if !refuses.isEmpty, line.hasPrefix(refuses) {
                answer("550 5.1.1 no", context)
            } else if line == "DATA" {
                inText = true
                answer("354 adelante", context)
            } else {
                answer(line.hasPrefix("EHLO") ? "250-mail.example\r\n250 AUTH PLAIN" : "250 2.0.0 bien", context)
            }
        }
    }

    private func answer(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
    }
}

@Suite(.serialized, .timeLimit(.minutes(1)))
struct MailTests {
    private func send(_ server: MailServer, user: String = "none") async throws -> SendOutcome {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { $0.pipeline.addHandler(server) }.bind(host: "127.0.0.1", port: 0).get()
        let channel = Configuration.Mail(
            host: "127.0.0.1", port: listener.localAddress?.port ?? 0, security: .none, user: user, password: "clave",
            from: "avisos@fibra.example")
        let message = OutboxMessage(
            id: "m1", conversationID: "c1",
            contact: ContactKey(channel: "mail", gatewayAccount: channel.from, address: "ana@example.com"),
            author: .bot,
            epoch: 0, message: BotMessage(text: "Hola Ana"), createdAt: DemoCompany.morning)
        let mail = try #require(MailMessage(message, subject: "Un mensaje", at: DemoCompany.morning))
        let outcome = await SMTPClient(channel: channel).send(mail)
        try await listener.close()
        return outcome
    }

    @Test("A mail server hears the commands in order and takes the mail")
    func sends() async throws {
        let server = MailServer(refusing: "")
        #expect(try await send(server, user: "fibra") == .sent(gatewayMessageID: nil))
        let heard = server.heard.withLock { $0 }
        #expect(
            Array(heard.prefix(5)) == [
                "EHLO promesa", "AUTH PLAIN \(Data("\0fibra\0clave".utf8).base64EncodedString())",
                "MAIL FROM:<avisos@fibra.example>", "RCPT TO:<ana@example.com>", "DATA",
            ])
        #expect(heard.contains(Data("Hola Ana".utf8).base64EncodedString()) && heard.contains("."))
    }

    @Test(
        "An unknown recipient is final; a server that does not know us is tried again",
        arguments: [("RCPT", true), ("MAIL", true), ("AUTH", false), ("EHLO", false)])
    func refused(command: String, final: Bool) async throws {
        let outcome = try await send(MailServer(refusing: command), user: "fibra")
        if case .permanent(let reason) = outcome {
            #expect(final && reason == "SMTP 550 after \(command)")
        } else {
            #expect(outcome == .retry(after: nil, reason: "SMTP 550 after \(command)") && !final)
        }
    }

    @Test("A server that is not there is tried again")
    func absent() async throws {
        let channel = Configuration.Mail(
            host: "127.0.0.1", port: try freePort(), security: .none, user: "none", password: "none",
            from: "a@b.example")
        let message = OutboxMessage(
            id: "m1", conversationID: "c1",
            contact: ContactKey(channel: "mail", gatewayAccount: "a@b.example", address: "c@d.example"),
            author: .bot, epoch: 0, message: BotMessage(text: "Hola"), createdAt: DemoCompany.morning)
        let mail = try #require(MailMessage(message, subject: "x", at: DemoCompany.morning))
        guard case .retry = await SMTPClient(channel: channel).send(mail) else {
            Issue.record("expected a retry")
            return
        }
    }
}
