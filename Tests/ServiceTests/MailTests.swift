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
    /// Begins TLS where it is asked for.
    private let tls: NIOSSLContext?
    private var inText = false
    private var pending = ""

    init(refusing command: String, tls: NIOSSLContext? = nil) {
        refuses = command
        self.tls = tls
    }

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
        implicit: NIOSSLContext? = nil, roots: NIOSSLTrustRoots = .default
    ) async throws -> SendOutcome {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let implicit {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: implicit))
                    }
                    try channel.pipeline.syncOperations.addHandler(server)
                }
            }.bind(host: "127.0.0.1", port: 0).get()
        let channel = Configuration.Mail(
            host: "localhost", port: listener.localAddress?.port ?? 0, security: security, user: user,
            password: "clave",
            from: "avisos@fibra.example")
        let message = OutboxMessage(
            id: "m1", conversationID: "c1",
            contact: ContactKey(channel: "mail", gatewayAccount: channel.from, address: "ana@example.com"),
            author: .bot,
            epoch: 0, message: BotMessage(text: "Hola Ana"), createdAt: DemoCompany.morning)
        let mail = try #require(MailMessage(message, subject: "Un mensaje", at: DemoCompany.morning))
        let outcome = await SMTPClient(channel: channel, trustRoots: roots).send(mail)
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

    @Test(
        "A mail goes over TLS, from the first byte or after STARTTLS",
        arguments: [Configuration.Mail.Security.tls, .starttls])
    func encrypted(security: Configuration.Mail.Security) async throws {
        let tls = try TestCertificate.context()
        let server = MailServer(refusing: "", tls: security == .starttls ? tls : nil)
        let outcome = try await send(
            server, user: "fibra", security: security, implicit: security == .tls ? tls : nil,
            roots: .certificates([try TestCertificate.certificate()]))
        #expect(outcome == .sent(gatewayMessageID: nil))
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
