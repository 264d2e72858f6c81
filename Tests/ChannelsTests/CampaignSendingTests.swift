import Conversations
import Dialog
import Foundation
import Quantities
import Testing

@testable import Channels

/// Templates of WhatsApp, SMS and mail, as their gateways want them.
struct CampaignSendingTests {
    private func message(
        _ text: String, channel: String, from: String, to: String, form: OutboxMessage.Form? = nil
    ) -> OutboxMessage {
        OutboxMessage(
            id: "m000001", conversationID: "c1",
            contact: ContactKey(channel: channel, gatewayAccount: from, address: to), author: .bot, epoch: 0,
            message: BotMessage(text: text), createdAt: Moment(iso: "2026-11-24T10:00")!, form: form,
            purpose: .proactive)
    }

    @Test("A template is sent by its name, language and parameters, without line breaks in them")
    func template() throws {
        let sender = WhatsAppSender(apiURL: "https://graph.example/v23.0", accessToken: "secret")
        let message = message(
            "Hola", channel: "whatsapp", from: "1000", to: "+5491100000003",
            form: .template(name: "saldo_pendiente", language: "es_AR", parameters: ["Ana\nMaría", "$ 20.000,00"]))
        let request = try #require(
            sender.requests(for: message).first)
        let body = try #require(try JSONSerialization.jsonObject(with: request.body) as? [String: Any])
        #expect(body["type"] as? String == "template" && body["to"] as? String == "5491100000003")
        let template = try #require(body["template"] as? NSDictionary)
        let expected: [String: Any] = [
            "name": "saldo_pendiente", "language": ["code": "es_AR"],
            "components": [
                [
                    "type": "body",
                    "parameters": [["type": "text", "text": "Ana María"], ["type": "text", "text": "$ 20.000,00"]],
                ] as [String: Any]
            ],
        ]
        #expect(template == expected as NSDictionary)
    }

    @Test("An SMS is a form with its fields encoded, and the account's credentials")
    func sms() throws {
        let sender = TwilioSender(
            apiURL: "https://api.example", accountSID: "AC1", authToken: "t", statusCallback: "https://bot.example/sms")
        let requests = sender.requests(
            for: message("Hola Ñandú: 50 % & más", channel: "sms", from: "+541150000000", to: "+5491100000003"))
        #expect(requests.map(\.url) == ["https://api.example/2010-04-01/Accounts/AC1/Messages.json"])
        #expect(
            String(decoding: requests[0].body, as: UTF8.self)
                == "To=%2B5491100000003&From=%2B541150000000&Body=Hola%20%C3%91and%C3%BA%3A%2050%20%25%20%26%20m%C3%A1s&StatusCallback=https%3A%2F%2Fbot.example%2Fsms"
        )
        #expect(requests[0].headers["Authorization"] == "Basic QUMxOnQ=")
    }

    @Test(
        "Twilio's answers",
        arguments: [
            (201, #"{"sid":"SM1"}"#, SendOutcome.sent(gatewayMessageID: "SM1")),
            (429, "", .throttle(.gateway, after: 3, reason: "HTTP 429")),
            (503, "", .retry(after: 3, reason: "HTTP 503")),
            (400, #"{"code":21610}"#, .optedOut(reason: "HTTP 400, code 21610")),
        ])
    func answers(status: Int, body: String, outcome: SendOutcome) {
        let sender = TwilioSender(apiURL: "", accountSID: "", authToken: "", statusCallback: "")
        #expect(sender.classify(status: status, body: Data(body.utf8), retryAfter: 3) == outcome)
    }

    @Test("A mail has its headers encoded and its text in base64")
    func mail() throws {
        let message = message(
            "Hola Ana:\n\n¿Cómo va?", channel: "mail", from: "avisos@fibra.example", to: "ana@example.com")
        let mail = try #require(
            MailMessage(
                message, subject: "Tu factura venció: año 2026 ñandú y un asunto largo",
                at: Moment(iso: "2026-11-24T10:00")!))
        let lines = mail.data.components(separatedBy: "\r\n")
        #expect(lines.contains("To: <ana@example.com>") && lines.contains("Date: Tue, 24 Nov 2026 13:00:00 +0000"))
        #expect(lines.contains("Message-ID: <m000001@fibra.example>") && mail.messageID == "<m000001@fibra.example>")
        #expect(lines.contains("Auto-Submitted: auto-generated"))
        #expect(lines.allSatisfy { $0.utf8.count <= 78 && $0.utf8.allSatisfy { $0 < 128 } })
        let body = try #require(mail.data.components(separatedBy: "\r\n\r\n").last)
        let text = Data(base64Encoded: body, options: .ignoreUnknownCharacters)
        #expect(text.map { String(decoding: $0, as: UTF8.self) } == message.message.text)
    }

    @Test("A mail whose return is read has a Message-ID that only we can make, the same each time")
    func sealedMail() throws {
        let message = message("Hola", channel: "mail", from: "avisos@fibra.example", to: "ana@example.com")
        let ids = try ["s", "s", "t"].map {
            try #require(MailMessage(message, subject: "x", secret: $0, at: Moment(seconds: 0))).messageID
        }
        #expect(ids[0] == ids[1] && ids[1] != ids[2])
        #expect(ids[0].hasPrefix("<m000001.") && ids[0].hasSuffix("@fibra.example>") && ids[0].utf8.count == 48)
    }

    @Test("A mail that answers names the mails that it goes on from; what is no Message-ID makes no header")
    func threadedMail() throws {
        let message = message("Hola", channel: "mail", from: "avisos@fibra.example", to: "ana@example.com")
        let thread = ["<1@a.example>", "<x y@a>", "<2@a>\r\nBcc: <b@c>", "sin corchetes", "<2@b.example>"]
        let mail = try #require(MailMessage(message, subject: "x", thread: thread, at: Moment(seconds: 0)))
        #expect(
            mail.data.contains("\r\nIn-Reply-To: <2@b.example>\r\nReferences: <1@a.example>\r\n <2@b.example>\r\n"))
        #expect(!mail.data.contains("Bcc") && !mail.data.contains("corchetes"))
    }

    @Test("No line break in a subject makes a header")
    func headerInjection() throws {
        let message = message("Hola", channel: "mail", from: "avisos@fibra.example", to: "ana@example.com")
        let subject = "Hola\r\nBcc: todos@example.com\u{2028}X: y\u{85}Z: w\0"
        let mail = try #require(MailMessage(message, subject: subject, at: Moment(seconds: 0)))
        let head = mail.data.components(separatedBy: "\r\n\r\n")[0]
        let names = head.components(separatedBy: "\r\n").filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
        #expect(
            names == [
                "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
                "Content-Transfer-Encoding", "Auto-Submitted", "X-Auto-Response-Suppress",
            ])
    }

    @Test(
        "An address that could not stand in a command is refused", arguments: ["ana", "a@b>\r\nDATA", "a b@c", "ñ@c"])
    func address(text: String) {
        #expect(
            MailMessage(message("x", channel: "mail", from: "a@b", to: text), subject: "x", at: Moment(seconds: 0))
                == nil)
    }

    @Test("What a customer writes by SMS is a turn; reports on ours are statuses; the rest is acknowledged")
    func inbound() throws {
        let now = Moment(iso: "2026-11-24T10:00")!
        let form = "MessageSid=SM1&From=%2B5491100000003&To=%2B541150000000&Body=no+me+escriban+m%C3%A1s&NumMedia=0"
        let fields = try #require(WebForm.fields(Data(form.utf8)))
        let contact = ContactKey(channel: "sms", gatewayAccount: "+541150000000", address: "+5491100000003")
        #expect(
            Twilio.parse(fields, receivedAt: now)
                == .turn(
                    InboundMessage(
                        contact: contact, messageID: "SM1", writtenAt: now, content: .text("no me escriban más"))))
        let report = ["MessageSid": "SM2", "MessageStatus": "undelivered", "ErrorCode": "30005"]
        #expect(
            Twilio.parse(report, receivedAt: now)
                == .status(MessageStatus(gatewayMessageID: "SM2", state: .failed, error: "30005", code: 30_005)))
        #expect(
            Twilio.parse(["MessageSid": "SM2", "MessageStatus": "queued"], receivedAt: now)
                == .ignored(kind: "queued"))
        for broken in ["", "a=%FF", "a=1&a=2", "\u{0}=%", "a=1"] {
            if let fields = WebForm.fields(Data(broken.utf8)) {
                guard case .deadLetter = Twilio.parse(fields, receivedAt: now) else {
                    Issue.record("expected a dead letter for \(broken)")
                    continue
                }
            }
        }
    }
}
