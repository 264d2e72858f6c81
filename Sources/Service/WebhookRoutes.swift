import Channels
import Conversations
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Quantities
import Storage

/// What gateways post. Nothing is answered with 200 before it is on disk.
struct WebhookRoutes {
    let backend: Backend

    func add(to router: Router<BasicRequestContext>) {
        if let channel = backend.configuration.whatsApp {
            router.get("v1/webhooks/whatsapp") { request, _ in
                let query = Dictionary(
                    request.uri.queryParameters.map { (String($0.key), String($0.value)) }, uniquingKeysWith: { $1 })
                guard let challenge = WhatsAppCloud.verifyChallenge(query, token: channel.verifyToken) else {
                    throw Refusal.unauthorized
                }
                return Response.text(challenge)
            }
            router.post("v1/webhooks/whatsapp") { request, _ in
                try await whatsApp(request, channel)
            }
        }
        if let channel = backend.configuration.sms {
            router.post("v1/webhooks/sms") { request, _ in
                try await sms(request, channel)
            }
        }
        if let channel = backend.configuration.generic {
            router.post("v1/webhooks/generic") { request, _ in
                try await generic(request, channel)
            }
        }
    }

    private func whatsApp(_ request: Request, _ channel: Configuration.WhatsApp) async throws -> Response {
        let body = try await request.bodyBytes()
        let signature = request.headers[HTTPField.Name("X-Hub-Signature-256")!]
        guard WhatsAppCloud.verify(signature: signature, body: body, secret: channel.appSecret) else {
            backend.metrics.add(.rejectedSignatures)
            throw Refusal.unauthorized
        }
        let webhook: ParsedWebhook
        do {
            webhook = try WhatsAppCloud.parse(body)
        } catch {
            throw Refusal(.badRequest, "malformed", "The body is not a WhatsApp Cloud webhook: \(error)")
        }
        try await process(webhook, source: "whatsapp")
        return try Response.json(["status": "accepted"])
    }

    private func sms(_ request: Request, _ channel: Configuration.SMS) async throws -> Response {
        guard let fields = TwilioSMS.fields(try await request.bodyBytes()) else {
            throw Refusal(.badRequest, "malformed", "Expected the form that Twilio posts.")
        }
        guard
            TwilioSMS.verify(
                signature: request.headers[HTTPField.Name("X-Twilio-Signature")!], url: channel.webhookURL,
                fields: fields, authToken: channel.authToken)
        else {
            backend.metrics.add(.rejectedSignatures)
            throw Refusal.unauthorized
        }
        let item = TwilioSMS.parse(fields, receivedAt: backend.now())
        try await process(ParsedWebhook(items: [item]), source: "sms")
        // The answer leaves from the outbox, so Twilio is told to say nothing.
        return Response.raw(Data("<Response/>".utf8), type: "text/xml; charset=utf-8")
    }

    /// One item after the other: a gateway's batch keeps its order; an item that fails is set aside, the rest go on.
    private func process(_ webhook: ParsedWebhook, source: String) async throws {
        for item in webhook.items {
            switch item {
            case .turn(let message), .human(let message):
                do {
                    _ = try await receive(message)
                } catch let error as StoreError {
                    throw Refusal(error)
                } catch {
                    try await setAside(source, "the turn failed: \(error)", text(of: message))
                }
            case .status(let status):
                try await backend.store.recordStatus(
                    status.gatewayMessageID, status.state.rawValue, error: status.error, at: backend.now(),
                    processor: backend.processor)
            case .ignored: break
            case .deadLetter(let reason, let fragment): try await setAside(source, reason, fragment)
            }
        }
    }

    private func setAside(_ source: String, _ reason: String, _ body: String) async throws {
        backend.metrics.add(.deadLetters)
        backend.logger.warning("an item was set aside", metadata: ["source": "\(source)", "why": "\(reason)"])
        try await backend.store.addDeadLetter(source: source, reason: reason, body: body, at: backend.now())
    }

    private func text(of message: InboundMessage) -> String {
        ((try? JSONEncoder().encode(message)).map { String(decoding: $0, as: UTF8.self) }) ?? ""
    }

    private func generic(_ request: Request, _ channel: Configuration.Generic) async throws -> Response {
        let body = try await request.bodyBytes()
        let now = backend.now()
        guard
            GenericJSON.verify(
                timestamp: request.headers[HTTPField.Name("X-Promesa-Timestamp")!],
                signature: request.headers[HTTPField.Name("X-Promesa-Signature")!], body: body,
                secret: channel.secret, now: now)
        else {
            backend.metrics.add(.rejectedSignatures)
            throw Refusal.unauthorized
        }
        let message: InboundMessage
        do {
            message = try GenericJSON.parse(body, receivedAt: now)
        } catch let error as GenericJSON.Malformed {
            throw Refusal(.badRequest, "malformed", error.description)
        }
        do {
            let reply = try await receive(message)
            return Response.raw(
                GenericJSON.response(id: message.messageID, duplicate: reply.duplicate, replies: reply.messages),
                type: "application/json; charset=utf-8")
        } catch let error as StoreError {
            throw Refusal(error)
        }
    }

    /// One turn, durable when this returns.
    private func receive(_ message: InboundMessage) async throws -> TurnReply {
        let now = backend.now()
        let processor = backend.processor
        let reply = try await backend.store.submit { tx in try processor.receive(message, now: now, tx: tx) }
        backend.metrics.add(reply.duplicate ? .duplicates : .turns)
        backend.outboxSignal.fire()
        return reply
    }
}

extension Refusal {
    /// The message is not on disk: the gateway must post it again.
    init(_ error: StoreError) {
        switch error {
        case .closed: self.init(.serviceUnavailable, "stopping", "The server is stopping; post this again later.")
        default: self.init(.serviceUnavailable, "overloaded", "Too many messages wait; post this again later.")
        }
    }
}
