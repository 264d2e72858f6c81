import Channels
import Conversations
import DemoCompany
import Dialog
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Quantities
import Synchronization
import Testing

@testable import Service

/// A mail server that answers what a test says and keeps what it heard.
private final class MailServer: ChannelInboundHandler, @unchecked Sendable {
    // @unchecked: `heard` is under a lock, the rest is touched on the connection's event loop.
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    let heard = Mutex<[String]>([])
    private let refuses: String
    /// What it says to that command; nothing, for ever, where it is empty.
    private let refusal: String
    /// How often it refuses.
    private let times: Mutex<Int>
    /// Begins TLS where it is asked for.
    private let tls: NIOSSLContext?
    private var inText = false
    private var pending = ""

    init(
        refusing command: String, with refusal: String = "550 5.1.1 no", times: Int = .max, tls: NIOSSLContext? = nil
    ) {
        refuses = command
        self.refusal = refusal
        self.times = Mutex(times)
        self.tls = tls
    }

    func channelActive(context: ChannelHandlerContext) {
        (pending, inText) = ("", false)
        answer("220-mail.example\r\n220 listo", context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pending += String(buffer: unwrapInboundIn(data))
        while let end = pending.range(of: "\r\n") {
            let line = String(pending[..<end.lowerBound])
            pending = String(pending[end.upperBound...])
            heard.withLock { $0.append(line) }
            if inText {
                if line == "." { answer("250 2.0.0 en cola", context) }
                inText = inText && line != "."
            } else if !refuses.isEmpty, line.hasPrefix(refuses), isRefused() {
                if !refusal.isEmpty { answer(refusal, context) }
            } else if line == "STARTTLS", let tls {
                answer("220 listo para TLS", context)
                _ = try? context.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .first)
            } else if line == "DATA" {
                inText = true
                answer("354 adelante", context)
            } else {
                answer(line.hasPrefix("EHLO") ? "250-mail.example\r\n250 AUTH PLAIN" : "250 2.0.0 bien", context)
            }
        }
    }

    private func isRefused() -> Bool {
        times.withLock { left in
            defer { left -= 1 }
            return left > 0
        }
    }

    /// Runs `body` with the server at a port.
    func serving<Value>(implicit: NIOSSLContext? = nil, _ body: (Int) async throws -> Value) async throws -> Value {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let implicit {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: implicit))
                    }
                    try channel.pipeline.syncOperations.addHandler(self)
                }
            }.bind(host: "127.0.0.1", port: 0).get()
        let value = try await body(listener.localAddress?.port ?? 0)
        try await listener.close()
        return value
    }

    private func answer(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
    }
}

@Suite(.serialized, .timeLimit(.minutes(10)))
struct MailTests {
    /// - Parameters:
    ///   - implicit: what the server speaks from the first byte.
    ///   - roots: whose certificates the client believes.
    private func send(
        _ server: MailServer, user: String = "none", security: Configuration.Mail.Security = .none,
        implicit: NIOSSLContext? = nil, roots: NIOSSLTrustRoots = .default, longest: TimeAmount = .seconds(60)
    ) async throws -> SendOutcome {
        try await server.serving(implicit: implicit) { port in
            let channel = Configuration.Mail(
                host: "localhost", port: port, security: security, user: user, password: "clave",
                from: "avisos@fibra.example")
            let message = OutboxMessage(
                id: "m1", conversationID: "c1",
                contact: ContactKey(channel: "mail", gatewayAccount: channel.from, address: "ana@example.com"),
                author: .bot,
                epoch: 0, message: BotMessage(text: "Hola Ana"), createdAt: DemoCompany.morning)
            let mail = try #require(MailMessage(message, subject: "Un mensaje", at: DemoCompany.morning))
            return await SMTPClient(channel: channel, trustRoots: roots, longest: longest).send(mail)
        }
    }

    @Test("A mail server hears the commands in order and takes the mail")
    func sends() async throws {
        let server = MailServer(refusing: "")
        #expect(try await send(server, user: "fibra") == .sent(gatewayMessageID: "<m1@fibra.example>"))
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

    @Test(
        "A mail goes over TLS, from the first byte or after STARTTLS",
        arguments: [Configuration.Mail.Security.tls, .starttls])
    func encrypted(security: Configuration.Mail.Security) async throws {
        let tls = try TestCertificate.context()
        let server = MailServer(refusing: "", tls: security == .starttls ? tls : nil)
        let outcome = try await send(
            server, user: "fibra", security: security, implicit: security == .tls ? tls : nil,
            roots: .certificates([try TestCertificate.certificate()]))
        #expect(outcome == .sent(gatewayMessageID: "<m1@fibra.example>"))
        let heard = server.heard.withLock { $0 }
        let begin = security == .tls ? ["EHLO promesa"] : ["EHLO promesa", "STARTTLS", "EHLO promesa"]
        #expect(Array(heard.prefix(begin.count)) == begin && heard[begin.count].hasPrefix("AUTH PLAIN "))
        #expect(heard.contains("."))
    }

    @Test(
        "A server whose certificate nobody vouches for, or that knows no TLS, hears no password and no mail",
        arguments: [true, false])
    func untrusted(knowsTLS: Bool) async throws {
        let server = MailServer(refusing: knowsTLS ? "" : "STARTTLS", tls: try TestCertificate.context())
        guard case .retry = try await send(server, user: "fibra", security: .starttls) else {
            Issue.record("expected a retry")
            return
        }
        #expect(server.heard.withLock { $0 }.allSatisfy { ["EHLO promesa", "STARTTLS", "QUIT"].contains($0) })
    }

    @Test(
        "A server that is busy, or does not know us yet, is tried again",
        arguments: [
            ("MAIL", "421 4.7.0 luego"), ("RCPT", "450 4.2.0 lista gris"), ("DATA", "452 4.3.1 sin lugar"),
            ("AUTH", "454 4.7.0 luego"),
        ])
    func busy(command: String, says: String) async throws {
        let outcome = try await send(MailServer(refusing: command, with: says), user: "fibra")
        #expect(outcome == .retry(after: nil, reason: "SMTP \(says.prefix(3)) after \(command)"))
    }

    @Test("A server that stops in the middle is tried again", arguments: ["EHLO", "RCPT", "DATA"])
    func halfOpen(command: String) async throws {
        let outcome = try await send(MailServer(refusing: command, with: ""), longest: .milliseconds(300))
        #expect(outcome == .retry(after: nil, reason: "the mail server did not finish in time"))
    }

    @Test("A mail server that refuses at first gets each mail once, in order; one that comes back has failed")
    func dispatched() async throws {
        let mailServer = MailServer(refusing: "RCPT", with: "450 4.2.0 lista gris", times: 1)
        try await mailServer.serving { port in
            try await withServer({
                $0.mail = .init(
                    host: "127.0.0.1", port: port, security: .none, user: "none", password: "none",
                    from: "avisos@fibra.example")
                $0.gateways.mailIn = .init(
                    mailbox: "avisos@fibra.example", webhookSecret: GatewaySecret(Gateway.secret))
            }) { server, store in
                let contact = ContactKey(
                    channel: "mail", gatewayAccount: "avisos@fibra.example", address: "ana@example.com")
                try await store.submit { tx in
                    let conversation = Conversation(id: try tx.newID("c"), contact: contact, accountID: nil)
                    try tx.save(conversation)
                    for text in ["uno", "dos"] {
                        try tx.enqueue(
                            OutboxMessage(
                                id: try tx.newID("m"), conversationID: conversation.id, contact: contact, author: .bot,
                                epoch: 0, message: BotMessage(text: text), createdAt: .now))
                    }
                }
                for _ in 0..<6000 where try await store.counts().outbox["sent"] != 2 {
                    try await Task.sleep(for: .milliseconds(50))
                }
                let heard = mailServer.heard.withLock { $0 }
                let texts = ["uno", "dos"].map { Data($0.utf8).base64EncodedString() }
                #expect(heard.filter(texts.contains) == texts)
                let ids = heard.filter { $0.hasPrefix("Message-ID: ") }.map { $0.dropFirst("Message-ID: ".count) }
                try #require(ids.count == 2)
                // Somebody who makes up the report does not know the id.
                for id in ["<m000002@fibra.example>", String(ids[0])] {
                    #expect(try await store.counts().outbox["failed"] == nil)
                    let report = Data(
                        "From: mailer-daemon@mx.example\r\nMessage-ID: <b\(id.count)@mx>\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: \(id)\r\n--b--\r\n"
                            .utf8)
                    let answer = try await server.send(
                        "POST", "/v1/webhooks/mail", report,
                        GenericJSON.signedHeaders(
                            body: report, secret: Gateway.secret, timestamp: Int64(Date().timeIntervalSince1970)))
                    #expect(answer.status == 200)
                }
                #expect(try await store.counts().outbox == ["sent": 1, "failed": 1])
            }
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
