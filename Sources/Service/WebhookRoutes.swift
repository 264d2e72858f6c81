import Channels
import Conversations
import Foundation
import HTTPTypes
import Hummingbird
import Quantities
import Storage

/// What gateways post. Nothing is answered with 200 before it is on disk.
struct WebhookRoutes {
    let backend: Backend
    private var intake: Intake { Intake(backend: backend) }

    func add(to router: Router<RouteContext>) {
        let gateways = backend.configuration.gateways
        if let channel = backend.configuration.whatsApp { addWhatsApp(channel, to: router) }
        if let channel = gateways.dialog360 {
            post("d360", to: router) { body, request in
                channel.webhookSecret.accepted.contains {
                    WhatsAppCloud.verify360(authorization: request.headers[.authorization], secret: $0)
                }
            } read: { body, _ in
                try WhatsAppCloud.parse(body, number: channel.phoneNumberID).items
            }
        }
        if let channel = backend.configuration.sms { addTwilio("sms", channel, to: router) }
        if let channel = gateways.twilioWhatsApp { addTwilio("twilio-whatsapp", channel, to: router) }
        if let channel = gateways.telegram, channel.receiving == .webhook { addTelegram(channel, to: router) }
        if let channel = gateways.chatwoot {
            post("chatwoot", to: router) { body, request in
                channel.webhookSecret.accepted.contains {
                    Chatwoot.verify(
                        timestamp: request.header("X-Chatwoot-Timestamp"),
                        signature: request.header("X-Chatwoot-Signature"), body: body, secret: $0, now: backend.now())
                }
            } read: { body, now in
                [try Chatwoot.parse(body, account: channel.accountID, receivedAt: now)]
            }
        }
        if let channel = gateways.mailIn {
            post("mail", to: router) { body, request in
                request.isSigned(body, channel.webhookSecret, now: backend.now())
            } read: { body, now in
                [MailIn.parse(body, mailbox: channel.mailbox, receivedAt: now)]
            }
        }
        if let channel = backend.configuration.generic {
            router.post("v1/webhooks/generic") { request, _ in
                try await generic(request, channel)
            }
        }
    }

    /// A gateway's route: verified on the raw bytes, read, taken, answered with a fixed body.
    private func post(
        _ name: String, to router: Router<RouteContext>,
        verify: @escaping @Sendable (Data, Request) -> Bool,
        read: @escaping @Sendable (Data, Moment) throws -> [ParsedWebhook.Item]
    ) {
        router.post("v1/webhooks/\(name)") { request, _ in
            let body = try await request.bodyBytes()
            try require(verify(body, request))
            try await intake.process(try reading(name) { try read(body, backend.now()) }, source: name)
            return try Response.json(["status": "accepted"])
        }
    }

    private func require(_ valid: Bool) throws {
        if valid { return }
        backend.metrics.add(.rejectedSignatures)
        throw Refusal.unauthorized
    }

    private func reading<Value>(_ name: String, _ read: () throws -> Value) throws -> Value {
        do {
            return try read()
        } catch {
            throw Refusal(.badRequest, "malformed", "The body is not a webhook of \(name): \(error)")
        }
    }

    private func addWhatsApp(_ channel: Configuration.WhatsApp, to router: Router<RouteContext>) {
        router.get("v1/webhooks/whatsapp") { request, _ in
            let query = Dictionary(
                request.uri.queryParameters.map { (String($0.key), String($0.value)) }, uniquingKeysWith: { $1 })
            guard let challenge = WhatsAppCloud.verifyChallenge(query, token: channel.verifyToken) else {
                throw Refusal.unauthorized
            }
            return Response.text(challenge)
        }
        post("whatsapp", to: router) { body, request in
            channel.appSecret.accepted.contains {
                WhatsAppCloud.verify(signature: request.header("X-Hub-Signature-256"), body: body, secret: $0)
            }
        } read: { body, _ in
            try WhatsAppCloud.parse(body).items
        }
    }

    private func addTwilio(_ name: String, _ channel: Configuration.SMS, to router: Router<RouteContext>) {
        router.post("v1/webhooks/\(name)") { request, _ in
            let fields = try await request.twilioForm(
                url: channel.webhookURL, authToken: channel.authToken, metrics: backend.metrics)
            try await intake.process([Twilio.parse(fields, receivedAt: backend.now())], source: name)
            // The answer leaves from the outbox, so Twilio is told to say nothing.
            return Response.raw(Data("<Response/>".utf8), type: "text/xml; charset=utf-8")
        }
    }

    private func addTelegram(_ channel: GatewayConfiguration.Telegram, to router: Router<RouteContext>) {
        router.post("v1/webhooks/telegram") { request, _ in
            let body = try await request.bodyBytes()
            try require(
                channel.secretToken.accepted.contains {
                    Telegram.verify(token: request.header("X-Telegram-Bot-Api-Secret-Token"), secret: $0)
                })
            let update = try reading("telegram") {
                try Telegram.parse(body, bot: channel.bot, receivedAt: backend.now())
            }
            try await intake.process([update.item], source: "telegram")
            guard let query = update.callbackQueryID else { return try Response.json(["status": "accepted"]) }
            // A call of the Bot API in the response: the button stops showing that it is busy.
            return try Response.json(["method": "answerCallbackQuery", "callback_query_id": query])
        }
    }

    private func generic(_ request: Request, _ channel: Configuration.Generic) async throws -> Response {
        let body = try await request.bodyBytes()
        let now = backend.now()
        try require(request.isSigned(body, channel.secret, now: now))
        let message: InboundMessage
        do {
            message = try GenericJSON.parse(body, receivedAt: now)
        } catch let error as GenericJSON.Malformed {
            throw Refusal(.badRequest, "malformed", error.description)
        }
        let reply = try await intake.receive(message)
        return Response.raw(
            GenericJSON.response(id: message.messageID, duplicate: reply.duplicate, replies: reply.messages),
            type: "application/json; charset=utf-8")
    }
}

extension Request {
    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    /// Whether the generic gateway's signature is on the body.
    func isSigned(_ body: Data, _ secret: GatewaySecret, now: Moment) -> Bool {
        secret.accepted.contains {
            GenericJSON.verify(
                timestamp: header("X-Promesa-Timestamp"), signature: header("X-Promesa-Signature"), body: body,
                secret: $0, now: now)
        }
    }

    /// The fields that Twilio posted, once its signature is known to be right.
    /// - Parameter url: ours as Twilio calls it, which behind a proxy is not what we see; its query is the request's own.
    func twilioForm(url: String, authToken: GatewaySecret, metrics: Metrics) async throws -> [String: String] {
        let (body, query) = (try await bodyBytes(), uri.query.map { "?\($0)" } ?? "")
        let fields = authToken.accepted.lazy.compactMap {
            Twilio.fields(
                of: body, signature: header("X-Twilio-Signature"), url: url.prefix { $0 != "?" } + query, authToken: $0)
        }.first
        guard let fields else {
            metrics.add(.rejectedSignatures)
            throw Refusal.unauthorized
        }
        return fields
    }
}

extension Refusal {
    /// The message is not on disk: the gateway must post it again.
    init(_ error: StoreError) {
        switch error {
        case .closed: self.init(.serviceUnavailable, "stopping", "The server is stopping; post this again later.")
        case .notWritten:
            self.init(.serviceUnavailable, "not_stored", "The message could not be stored; post this again later.")
        default: self.init(.serviceUnavailable, "overloaded", "Too many messages wait; post this again later.")
        }
    }
}
