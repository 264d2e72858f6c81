import Channels
import Conversations
import Foundation
import Quantities
import SharedData
import Testing

/// A row of `payloads/index.tsv`: a webhook body and what the receiver must make of it.
struct Payload: Sendable, CustomTestStringConvertible {
    let file, gateway, action, sender, messageID, text: String
    /// Where it lies in no file.
    private var own: Data?
    var testDescription: String { "\(file) → \(action)" }

    init(_ row: [String: String]) {
        func value(_ name: String) -> String { row[name] ?? "" }
        file = value("file")
        gateway = value("gateway")
        action = value("action")
        sender = value("sender")
        messageID = value("message_id")
        text = value("text").replacing("\\0", with: "\0").replacing("\\u0000", with: "\0").replacing("\\n", with: "\n")
    }

    init(
        _ gateway: String, _ kind: String, _ action: String, _ sender: String, _ id: String, _ text: String,
        _ body: String
    ) {
        (file, self.gateway, self.action) = ("\(gateway)/\(kind)", gateway, action)
        (self.sender, messageID, self.text) = (sender, id, text)
        own = Data(body.utf8)
    }

    static func of(_ gateways: String...) -> [Payload] {
        SharedData.rows("payloads/index.tsv").filter { gateways.contains($0["gateway"] ?? "") }.map(Payload.init)
    }

    var body: Data { get throws { try own ?? SharedData.data("payloads/" + file) } }
}

@Suite(.enabled(if: SharedData.has("payloads/index.tsv")))
struct PayloadTests {
    static let now = Moment(iso: "2026-11-24T10:05:00-03:00")!

    /// What the gateway's own route makes of a body; nil where it refuses the whole of it.
    static func items(_ payload: Payload) throws -> [ParsedWebhook.Item]? {
        let body = try payload.body
        switch payload.gateway {
        case "whatsapp": return (try? WhatsAppCloud.parse(body))?.items
        case "d360": return (try? WhatsAppCloud.parse(body, number: "100000000000002"))?.items
        case "telegram": return (try? Telegram.parse(body, bot: "42", receivedAt: now)).map { [$0.item] }
        case "chatwoot": return (try? Chatwoot.parse(body, account: "1", receivedAt: now)).map { [$0] }
        case "generic": return (try? GenericJSON.parse(body, receivedAt: now)).map { [.turn($0)] }
        case "mail": return [MailIn.parse(body, mailbox: "avisos@fibra.example", receivedAt: now)]
        case "twilio":
            guard let fields = WebForm.fields(body) else { return nil }
            guard fields["CallSid"] != nil else { return [Twilio.parse(fields, receivedAt: now)] }
            switch TwilioVoice.parse(fields, step: 0, receivedAt: now) {
            case .turn(let message): return [.turn(message)]
            case .ignored(let kind): return [.ignored(kind: kind)]
            case .silence, .unreadable: return []
            }
        default:
            Issue.record("no gateway reads \(payload.file)")
            return nil
        }
    }

    @Test(
        "A body does what the index says",
        arguments: Payload.of("whatsapp", "d360", "twilio", "telegram", "chatwoot", "generic"))
    func payload(payload: Payload) throws { try Self.check(payload) }

    static func check(_ payload: Payload) throws {
        let items = try items(payload)
        switch payload.action {
        case "reject":
            #expect(items?.allSatisfy { if case .deadLetter = $0 { true } else { false } } ?? true)
        case "ignore":
            // A notice is acknowledged too: nothing is said.
            let all = try #require(items)
            #expect(!all.isEmpty)
            #expect(
                all.allSatisfy {
                    switch $0 {
                    case .ignored, .notice: true
                    default: false
                    }
                }, "\(all)")
        default:
            let all = try #require(items)
            #expect(all.contains { matches($0, payload) }, "\(all)")
        }
    }

    private static func matches(_ item: ParsedWebhook.Item, _ payload: Payload) -> Bool {
        switch (payload.action, item) {
        case ("turn", .turn(let message)):
            // What is typed on a phone is no text to the index.
            (text(of: message) == payload.text || payload.text.isEmpty) && fits(message, payload)
        case ("media", .turn(let message)): isMedia(message) && fits(message, payload)
        // The index names who wrote: the company.
        case ("human", .human(let message)): message.messageID == payload.messageID
        case ("status", .status(let status)): status.gatewayMessageID == payload.messageID
        default: false
        }
    }

    /// Telegram's messages are known by their update, Chatwoot's contacts by their conversation.
    private static func fits(_ message: InboundMessage, _ payload: Payload) -> Bool {
        let sender = payload.sender.replacing("whatsapp:", with: "").drop { $0 == "+" }
        return (payload.gateway == "telegram" || message.messageID == payload.messageID)
            && (payload.gateway == "chatwoot" || message.contact.address.drop { $0 == "+" } == sender)
    }

    private static func text(of message: InboundMessage) -> String? {
        switch message.content {
        case .text(let text), .humanEcho(let text): text
        case .tap(_, let title): title
        case .media, .opened, .moved, .attended, .givenBack: nil
        }
    }

    private static func isMedia(_ message: InboundMessage) -> Bool {
        if case .media = message.content { true } else { false }
    }
}
