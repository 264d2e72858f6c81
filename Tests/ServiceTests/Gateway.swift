import Channels
import Conversations
import Crypto
import Foundation
import Hummingbird
import Logging
import Quantities
import Synchronization

@testable import Service

/// A gateway that does to each message what a test says, in the form of any of them.
final class MisbehavingGateway: Sendable {
    struct Attempt: Sendable, Equatable {
        let to, text: String
        let status: Int
        /// The path, after the gateway's root.
        let path: String
    }

    /// Never answered: the connection stays open and nothing comes.
    static let halfOpen = -1

    private let log = Mutex<[Attempt]>([])
    private let isOver = Mutex(false)
    /// What `getUpdates` gives, once each; afterwards nothing.
    let updates = Mutex<[String]>([])
    /// The body of a refusal, where it is not that of an answer.
    let refusal = Mutex<String?>(nil)
    /// Decides the answer to a message from what was attempted before; it may take its time.
    private let answer: @Sendable (_ to: String, _ earlier: [Attempt]) async -> Int

    init(answer: @escaping @Sendable (_ to: String, _ earlier: [Attempt]) async -> Int) { self.answer = answer }

    var attempts: [Attempt] { log.withLock { $0 } }
    var accepted: [Attempt] { attempts.filter { $0.status == 200 } }

    /// Runs `body` with the gateway at a URL.
    func serving(_ body: @Sendable (String) async throws -> Void) async throws {
        let router = Router()
        router.post("gateway/**") { request, _ in
            let data = Data((try await request.body.collect(upTo: 1 << 20)).readableBytesView)
            let path = String(request.uri.path.dropFirst("/gateway/".count))
            if path.hasSuffix("getUpdates") { return await self.poll() }
            let (to, text) = Self.message(data, path)
            let status = await self.answer(to, self.attempts)
            self.log.withLock { $0.append(Attempt(to: to, text: text, status: status, path: path)) }
            if status == Self.halfOpen {
                while !self.isOver.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(100)) }
                throw CancellationError()
            }
            let id = self.attempts.count
            let refusal = status == 200 ? nil : self.refusal.withLock { $0 }
            let answer =
                refusal
                ?? #"{"messages":[{"id":"w\#(id)"}],"sid":"SM\#(id)","id":\#(id),"ok":true,"result":{"message_id":\#(id)}}"#
            return Response(
                status: .init(code: status),
                headers: [.contentType: "application/json", .retryAfter: "1", .location: "/gateway/elsewhere"],
                body: .init(byteBuffer: ByteBuffer(string: answer)))
        }
        let port = try freePort()
        var logger = Logger(label: "gateway")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger)
        try await ServiceTests.serving(Serving { try await application.run() }) {
            defer { self.isOver.withLock { $0 = true } }
            try await body("http://127.0.0.1:\(port)/gateway")
        }
    }

    private func poll() async -> Response {
        let next = updates.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if next == nil { try? await Task.sleep(for: .milliseconds(200)) }
        return Response(
            status: .ok, body: .init(byteBuffer: ByteBuffer(string: #"{"ok":true,"result":[\#(next ?? "")]}"#)))
    }

    /// Who a request is for, and what it says, in whichever gateway's form it is.
    private static func message(_ data: Data, _ path: String) -> (to: String, text: String) {
        if let body = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] {
            let template = (body["template"] as? [String: Any])?["name"] as? String
            let interactive = ((body["interactive"] as? [String: Any])?["body"] as? [String: Any])?["text"] as? String
            let text =
                (body["text"] as? [String: Any])?["body"] as? String ?? body["text"] as? String
                ?? body["content"] as? String ?? interactive ?? template.map { "[\($0)]" } ?? body["status"] as? String
            let chat = (body["chat_id"] as? NSNumber)?.stringValue
            let conversation = path.split(separator: "/").dropLast().last.map(String.init)
            return (body["to"] as? String ?? chat ?? conversation ?? "", text ?? "")
        }
        let fields = WebForm.fields(data) ?? [:]
        return (fields["To", default: ""].replacing("whatsapp:", with: ""), fields["Body"] ?? "")
    }

    /// Waits for `count` accepted messages, at most ten minutes.
    func accepted(atLeast count: Int) async throws -> [Attempt] {
        for _ in 0..<6000 where accepted.count < count { try await Task.sleep(for: .milliseconds(100)) }
        return accepted
    }
}

/// Each gateway that sends over HTTP, as a server under test is set up for it and as it posts.
enum Gateway: String, CaseIterable, Sendable {
    case whatsApp, dialog360, twilioWhatsApp, sms, telegram, chatwoot, generic

    static let secret = "secreto-de-prueba"

    func configure(_ configuration: inout Configuration, _ url: String) {
        // Long enough that a machine at work on all tests at once is not taken for a gateway that never answers.
        configuration.gateways.timeoutSeconds = 5
        let twilio = Configuration.SMS(
            accountSID: "AC1", authToken: GatewaySecret(Self.secret), from: "+541150000000", apiURL: url,
            webhookURL: "https://bot.example/hooks/twilio")
        switch self {
        case .whatsApp: configuration.whatsApp?.apiURL = url
        case .dialog360:
            configuration.gateways.dialog360 = .init(
                phoneNumberID: "360", apiKey: "k", webhookSecret: GatewaySecret(Self.secret), apiURL: url)
        case .twilioWhatsApp: configuration.gateways.twilioWhatsApp = twilio
        case .sms: configuration.sms = twilio
        case .telegram:
            configuration.gateways.telegram = .init(
                token: "42:abc", secretToken: GatewaySecret(Self.secret), receiving: .webhook, apiURL: url)
        case .chatwoot:
            configuration.gateways.chatwoot = .init(
                url: url, accountID: "1", botToken: "t", webhookSecret: GatewaySecret(Self.secret))
        case .generic: configuration.generic?.callbackURL = url + "/generic"
        }
    }

    /// Has the server know the secret that was in use before.
    func remember(_ previous: String, in configuration: inout Configuration) {
        switch self {
        case .whatsApp: configuration.whatsApp?.appSecret.previous = previous
        case .dialog360: configuration.gateways.dialog360?.webhookSecret.previous = previous
        case .twilioWhatsApp: configuration.gateways.twilioWhatsApp?.authToken.previous = previous
        case .sms: configuration.sms?.authToken.previous = previous
        case .telegram: configuration.gateways.telegram?.secretToken.previous = previous
        case .chatwoot: configuration.gateways.chatwoot?.webhookSecret.previous = previous
        case .generic: configuration.generic?.secret.previous = previous
        }
    }

    var channel: String {
        switch self {
        case .whatsApp, .dialog360, .twilioWhatsApp: "whatsapp"
        default: rawValue
        }
    }

    /// A contact of this gateway; `person` is a number.
    func contact(_ person: Int) -> ContactKey {
        switch self {
        case .whatsApp: ContactKey(channel: channel, gatewayAccount: "100000000000002", address: "+54911\(person)")
        case .dialog360: ContactKey(channel: channel, gatewayAccount: "360", address: "+54911\(person)")
        case .twilioWhatsApp, .sms:
            ContactKey(channel: channel, gatewayAccount: "+541150000000", address: "+54911\(person)")
        case .telegram: ContactKey(channel: channel, gatewayAccount: "42", address: "54911\(person)")
        case .chatwoot: ContactKey(channel: channel, gatewayAccount: "1", address: "54911\(person)")
        case .generic: ContactKey(channel: channel, gatewayAccount: "default", address: "+54911\(person)")
        }
    }

    /// What the gateway posts when a customer writes.
    func body(_ text: String, id: Int, from person: Int) throws -> Data {
        let address = contact(person).address
        switch self {
        case .whatsApp: return try whatsAppBody([("wamid.\(id)", address, text)])
        case .dialog360: return try whatsAppBody([("wamid.\(id)", address, text)], number: "360")
        case .twilioWhatsApp, .sms:
            let network = self == .sms ? "" : "whatsapp:"
            return form([
                "MessageSid": "SM\(id)", "From": network + address, "To": network + "+541150000000", "Body": text,
            ])
        case .telegram:
            let now = Int64(Date().timeIntervalSince1970)
            return Data(
                #"{"update_id":\#(id),"message":{"message_id":\#(id),"from":{"id":\#(address)},"chat":{"id":\#(address),"type":"private"},"date":\#(now),"text":"\#(text)"}}"#
                    .utf8)
        case .chatwoot:
            return Data(
                #"{"event":"message_created","id":\#(id),"account":{"id":1},"content":"\#(text)","message_type":"incoming","private":false,"conversation":{"id":\#(address),"status":"pending","meta":{"sender":{"phone_number":"+\#(address)"}}},"sender":{"id":3,"type":"contact"}}"#
                    .utf8)
        case .generic:
            return try JSONSerialization.data(withJSONObject: ["id": "g\(id)", "from": address, "text": text])
        }
    }

    /// Posts a body, signed as the gateway signs it.
    func post(_ body: Data, to server: Remote, secret: String? = nil) async throws -> Answer {
        switch self {
        case .whatsApp: return try await server.whatsApp(body, secret: secret ?? Remote.appSecret)
        case .dialog360:
            return try await server.send(
                "POST", "/v1/webhooks/d360", body, ["Authorization": "Bearer \(secret ?? Self.secret)"])
        case .twilioWhatsApp, .sms:
            return try await server.twilio(
                self == .sms ? "/v1/webhooks/sms" : "/v1/webhooks/twilio-whatsapp", body,
                signedFor: "https://bot.example/hooks/twilio", token: secret ?? Self.secret)
        case .telegram:
            return try await server.send(
                "POST", "/v1/webhooks/telegram", body, ["X-Telegram-Bot-Api-Secret-Token": secret ?? Self.secret])
        case .chatwoot:
            let now = Int64(Date().timeIntervalSince1970)
            let signed = GenericJSON.signedHeaders(body: body, secret: secret ?? Self.secret, timestamp: now)
            return try await server.send(
                "POST", "/v1/webhooks/chatwoot", body,
                [
                    "X-Chatwoot-Timestamp": String(now),
                    "X-Chatwoot-Signature": "sha256=" + signed["X-Promesa-Signature"]!,
                ])
        case .generic: return try await server.generic(body, secret: secret ?? Remote.genericSecret)
        }
    }

    /// The gateway's report on a message; nil where it makes none.
    func report(_ status: String, on id: String, code: Int? = nil) -> Data? {
        switch self {
        case .whatsApp, .dialog360:
            Data(
                #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1"},"statuses":[{"id":"\#(id)","status":"\#(status)","timestamp":"1795521600","recipient_id":"1","errors":[{"code":\#(code ?? 1)}]}]}}]}]}"#
                    .utf8)
        case .twilioWhatsApp, .sms:
            form(["MessageSid": id, "MessageStatus": status, "ErrorCode": code.map { String($0) } ?? ""])
        case .telegram, .chatwoot, .generic: nil
        }
    }
}

/// A form's body.
func form(_ fields: [String: String]) -> Data {
    func encoded(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
    return Data(fields.map { "\(encoded($0))=\(encoded($1))" }.joined(separator: "&").utf8)
}

extension Remote {
    /// Posts a form, signed for the URL that Twilio was told.
    func twilio(_ path: String, _ body: Data, signedFor url: String, token: String = Gateway.secret) async throws
        -> Answer
    {
        let fields = WebForm.fields(body) ?? [:]
        let text = fields.sorted { $0.key < $1.key }.reduce(url) { $0 + $1.key + $1.value }
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: Data(text.utf8), using: SymmetricKey(data: Data(token.utf8)))
        return try await send(
            "POST", path, body,
            [
                "X-Twilio-Signature": Data(code).base64EncodedString(),
                "Content-Type": "application/x-www-form-urlencoded",
            ])
    }
}
