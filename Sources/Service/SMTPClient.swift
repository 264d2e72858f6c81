import Channels
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// Sends one mail over one connection (RFC 5321): EHLO, STARTTLS where asked for, AUTH PLAIN, MAIL, RCPT, DATA.
struct SMTPClient: Sendable {
    let channel: Configuration.Mail
    /// Whose certificates are believed; the system's unless told.
    var trustRoots = NIOSSLTrustRoots.default

    /// The server has this long for the whole exchange.
    var longest = TimeAmount.seconds(60)

    func send(_ mail: MailMessage) async -> SendOutcome {
        let settings = channel
        do {
            var tls = TLSConfiguration.clientDefault
            tls.trustRoots = trustRoots
            let context = settings.security == .none ? nil : try NIOSSLContext(configuration: tls)
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            let promise = loop.makePromise(of: SendOutcome.self)
            let connection = ClientBootstrap(group: loop).connectTimeout(.seconds(10)).channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let session = SMTPSession(settings, mail, context, promise)
                    if settings.security == .tls {
                        try channel.pipeline.syncOperations.addHandler(session.tlsHandler())
                    }
                    try channel.pipeline.syncOperations.addHandler(session)
                }
            }.connect(host: settings.host, port: settings.port)
            connection.whenFailure { promise.fail($0) }
            let deadline = loop.scheduleTask(in: longest) {
                promise.succeed(.retry(after: nil, reason: "the mail server did not finish in time"))
            }
            let outcome = try await promise.futureResult.get()
            deadline.cancel()
            if let channel = try? await connection.get() { try? await channel.close() }
            return outcome
        } catch {
            return .retry(after: nil, reason: "the mail server could not be reached: \(type(of: error))")
        }
    }
}

/// The exchange of one mail, on its event loop.
private final class SMTPSession: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What was asked last; the server's reply to it is read next.
    private enum Stage: String {
        case greeting
        case hello = "EHLO"
        case startTLS = "STARTTLS"
        case authentication = "AUTH"
        case sender = "MAIL"
        case recipient = "RCPT"
        case data = "DATA"
        case text = "the text"
        case done
    }

    private let settings: Configuration.Mail
    private let mail: MailMessage
    private let context: NIOSSLContext?
    private let promise: EventLoopPromise<SendOutcome>
    private var stage = Stage.greeting
    private var secured: Bool
    private var received = ""

    init(
        _ settings: Configuration.Mail, _ mail: MailMessage, _ context: NIOSSLContext?,
        _ promise: EventLoopPromise<SendOutcome>
    ) {
        self.settings = settings
        self.mail = mail
        self.context = context
        self.promise = promise
        secured = settings.security != .starttls
    }

    func tlsHandler() throws -> NIOSSLClientHandler {
        let isAddress = settings.host.allSatisfy { $0.isNumber || $0 == "." } || settings.host.contains(":")
        return try NIOSSLClientHandler(context: context!, serverHostname: isAddress ? nil : settings.host)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        guard received.utf8.count < 1 << 16 else {
            return finish(.retry(after: nil, reason: "the mail server says too much"), context)
        }
        // A reply is over with a line that has a space after its code.
        while let end = received.range(of: "\r\n") {
            let line = received[..<end.lowerBound]
            received = String(received[end.upperBound...])
            guard line.dropFirst(3).first != "-" else { continue }
            reply(Int(line.prefix(3)) ?? 0, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.retry(after: nil, reason: "the mail server's connection failed: \(type(of: error))"), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.retry(after: nil, reason: "the mail server closed the connection after \(stage.rawValue)"), context)
    }

    private func reply(_ code: Int, _ context: ChannelHandlerContext) {
        guard stage != .done else { return }
        let expected = stage == .data ? 300..<400 : 200..<300
        guard expected.contains(code) else {
            let reason = "SMTP \(code) after \(stage.rawValue)"
            // What is wrong with the server or with our credentials is not the message's fault.
            let permanent = code >= 500 && [.sender, .recipient, .data, .text].contains(stage)
            return finish(permanent ? .permanent(reason: reason) : .retry(after: nil, reason: reason), context)
        }
        switch stage {
        case .greeting: say("EHLO promesa", .hello, context)
        case .hello:
            if !secured {
                say("STARTTLS", .startTLS, context)
            } else if settings.user != "none" {
                let credentials = Data("\0\(settings.user)\0\(settings.password)".utf8).base64EncodedString()
                say("AUTH PLAIN \(credentials)", .authentication, context)
            } else {
                say("MAIL FROM:<\(mail.sender)>", .sender, context)
            }
        case .startTLS:
            // What came in clear after the reply was not said by the server that the certificate names.
            received = ""
            secured = true
            do {
                try context.pipeline.syncOperations.addHandler(tlsHandler(), position: .first)
                say("EHLO promesa", .hello, context)
            } catch {
                finish(.retry(after: nil, reason: "TLS could not begin"), context)
            }
        case .authentication: say("MAIL FROM:<\(mail.sender)>", .sender, context)
        case .sender: say("RCPT TO:<\(mail.recipient)>", .recipient, context)
        case .recipient: say("DATA", .data, context)
        case .data: say(mail.data + ".", .text, context)
        case .text:
            finish(.sent(gatewayMessageID: mail.messageID), context)
        case .done: break
        }
    }

    private func say(_ text: String, _ next: Stage, _ context: ChannelHandlerContext) {
        stage = next
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
    }

    private func finish(_ outcome: SendOutcome, _ context: ChannelHandlerContext) {
        guard stage != .done else { return }
        stage = .done
        promise.succeed(outcome)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "QUIT\r\n")), promise: nil)
    }
}
