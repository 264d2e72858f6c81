import Conversations
import Dialog
import Foundation
import Quantities
import Testing

@testable import Channels

/// What each gateway is sent, and what its answers and its less usual webhooks mean.
struct GatewayFormsTests {
    static let now = Moment(iso: "2026-11-24T10:00:00-03:00")!
    static let options = [
        BotMessage.Option(id: "si#1", title: "Sí"), .init(id: "no#1", title: "No", detail: "otro día"),
    ]

    private func message(
        _ text: String, _ channel: String, _ account: String, _ address: String, options: [BotMessage.Option] = [],
        form: OutboxMessage.Form? = nil
    ) -> OutboxMessage {
        OutboxMessage(
            id: "m1", conversationID: "c1",
            contact: ContactKey(channel: channel, gatewayAccount: account, address: address),
            author: .bot, epoch: 0, message: BotMessage(text: text, options: options), createdAt: Self.now, form: form)
    }

    private func body(_ request: OutboundRequest) -> String { String(decoding: request.body, as: UTF8.self) }

    @Test("Telegram gets an inline keyboard, or numbers where a button could not carry its id")
    func telegram() {
        let sender = TelegramSender(apiURL: "https://api.example", token: "42:abc")
        let requests = sender.requests(for: message("¿Sí?", "telegram", "42", "7001", options: Self.options))
        #expect(requests.map(\.url) == ["https://api.example/bot42:abc/sendMessage"])
        #expect(
            body(requests[0])
                == #"{"chat_id":7001,"reply_markup":{"inline_keyboard":[[{"callback_data":"si#1","text":"Sí"}],[{"callback_data":"no#1","text":"No · otro día"}]]},"text":"¿Sí?"}"#
        )
        let long = [BotMessage.Option(id: String(repeating: "x", count: 65), title: "Sí")]
        #expect(
            body(sender.requests(for: message("¿Sí?", "telegram", "42", "7001", options: long))[0])
                == #"{"chat_id":7001,"text":"¿Sí?\n1) Sí"}"#)
    }

    @Test("Chatwoot gets a selection, and is told who attends")
    func chatwoot() {
        let sender = ChatwootSender(url: "https://cw.example", botToken: "t")
        let said = sender.requests(for: message("¿Sí?", "chatwoot", "1", "88", options: Self.options))[0]
        #expect(said.url == "https://cw.example/api/v1/accounts/1/conversations/88/messages")
        #expect(said.headers["api_access_token"] == "t")
        #expect(
            body(said)
                == #"{"content":"¿Sí?","content_attributes":{"items":[{"title":"Sí","value":"si#1"},{"title":"No · otro día","value":"no#1"}]},"content_type":"input_select","message_type":"outgoing","private":false}"#
        )
        let given = sender.requests(for: message("", "chatwoot", "1", "88", form: .attended(byPeople: true)))[0]
        #expect(given.url == "https://cw.example/api/v1/accounts/1/conversations/88/toggle_status")
        #expect(body(given) == #"{"status":"open"}"#)
    }

    @Test("360dialog gets Meta's form with its own key; who hides the phone is sent to by their user id")
    func dialog360() {
        let sender = WhatsAppSender(dialog360: "https://d360.example", apiKey: "k")
        let request = sender.requests(for: message("hola", "whatsapp", "1", "US.13491208655302741918"))[0]
        #expect(request.url == "https://d360.example/messages" && request.headers["D360-API-KEY"] == "k")
        #expect(body(request).contains(#""recipient":"US.13491208655302741918""#) && !body(request).contains(#""to":"#))
    }

    @Test("Twilio's WhatsApp has numbered options, and templates by their content's id")
    func twilio() {
        let sender = TwilioSender(
            apiURL: "https://api.example", accountSID: "AC1", authToken: "t", statusCallback: "https://b/s")
        let said = sender.requests(for: message("¿Sí?", "whatsapp", "+541", "+542", options: Self.options))[0]
        #expect(
            body(said)
                == "To=whatsapp%3A%2B542&From=whatsapp%3A%2B541&Body=%C2%BFS%C3%AD%3F%0A1%29%20S%C3%AD%0A2%29%20No%20otro%20d%C3%ADa&StatusCallback=https%3A%2F%2Fb%2Fs"
        )
        let template = sender.requests(
            for: message(
                "x", "whatsapp", "+541", "+542", form: .template(name: "HX1", language: "es", parameters: ["Ana"])))[0]
        #expect(body(template).contains("ContentSid=HX1&ContentVariables=%7B%221%22%3A%22Ana%22%7D"))
    }

    @Test("Twilio's variables go through text, header and buttons; what does not vary has none")
    func twilioVariables() {
        let sender = TwilioSender(apiURL: "", accountSID: "AC1", authToken: "t", statusCallback: "")
        let form = OutboxMessage.Form.template(
            name: "HX1", language: "es", parameters: ["Ana"], header: .text("Red"),
            buttons: [.fixed, .url("a-1"), .reply("asesor")])
        let request = sender.requests(for: message("x", "whatsapp", "+541", "+542", form: form))[0]
        let variables = WebForm.fields(request.body)?["ContentVariables"]
        #expect(variables == #"{"1":"Ana","2":"Red","3":"a-1","4":"asesor"}"#)
    }

    @Test(
        "A template of WhatsApp has the values of its header, its text and of those of its buttons that vary",
        arguments: [
            (.text("Ana"), #"{"text":"Ana","type":"text"}"#),
            (.image("https://x.example/a.png"), #"{"image":{"link":"https://x.example/a.png"},"type":"image"}"#),
            (.video("https://x.example/a.mp4"), #"{"type":"video","video":{"link":"https://x.example/a.mp4"}}"#),
            (
                .document("https://x.example/a.pdf"),
                #"{"document":{"link":"https://x.example/a.pdf"},"type":"document"}"#
            ),
        ] as [(TemplateHeader<String>, String)])
    func templateParts(header: TemplateHeader<String>, said: String) {
        let sender = WhatsAppSender(apiURL: "https://graph.example", accessToken: "t")
        let form = OutboxMessage.Form.template(
            name: "aviso", language: "es_AR", parameters: ["$ 20"], header: header,
            buttons: [.fixed, .url("a-1"), .reply("asesor"), .code("XYZ")])
        let request = sender.requests(for: message("x", "whatsapp", "1", "+542", form: form))[0]
        let expected = [
            #"{"parameters":[\#(said)],"type":"header"}"#,
            #"{"parameters":[{"text":"$ 20","type":"text"}],"type":"body"}"#,
            #"{"index":"1","parameters":[{"text":"a-1","type":"text"}],"sub_type":"url","type":"button"}"#,
            #"{"index":"2","parameters":[{"payload":"asesor","type":"payload"}],"sub_type":"quick_reply","type":"button"}"#,
            #"{"index":"3","parameters":[{"coupon_code":"XYZ","type":"coupon_code"}],"sub_type":"copy_code","type":"button"}"#,
        ]
        #expect(body(request).contains(#""components":[\#(expected.joined(separator: ","))]"#))
    }

    @Test("A message that an earlier version wrote is read, without what it did not know")
    func earlierForms() throws {
        func form(_ json: String) throws -> OutboxMessage.Form {
            try JSONDecoder().decode(OutboxMessage.Form.self, from: Data(json.utf8))
        }
        #expect(
            try form(#"{"template":{"name":"a","language":"es","parameters":["x"]}}"#)
                == .template(name: "a", language: "es", parameters: ["x"]))
        #expect(try form(#"{"mail":{"subject":"Hola"}}"#) == .mail(subject: "Hola"))
    }

    @Test(
        "A gateway's refusal has its class",
        arguments: [
            (ErrorTable.whatsApp, 400, 131_047, .useTemplate), (.whatsApp, 400, 131_056, .throttlePair),
            (.whatsApp, 400, 131_026, .permanent), (.whatsApp, 401, 190, .retry), (.whatsApp, 500, nil, .retry),
            (.whatsApp, 403, 10, .retry), (.whatsApp, 403, 250, .retry), (.whatsApp, 403, 368, .throttle),
            (.whatsApp, 400, 131_049, .permanent), (.whatsApp, 400, 131_050, .optOut),
            (.whatsApp, nil, 130_429, .throttle), (.whatsApp, nil, nil, .permanent),
            (.twilio, 400, 63_017, .throttle), (.twilio, nil, 63_038, .throttle), (.plain, 302, nil, .retry),
            (.twilio, 400, 63_016, .useTemplate), (.twilio, 400, 21_610, .optOut), (.twilio, 429, 20_429, .throttle),
            (.telegram, 403, nil, .permanent), (.telegram, 409, nil, .retry), (.telegram, 429, nil, .throttle),
            (.plain, 404, nil, .permanent), (.plain, 502, nil, .retry), (.plain, 413, nil, .permanent),
            (.plain, 408, nil, .retry),
        ] as [(ErrorTable, Int?, Int?, ErrorTable.Class)])
    func classes(table: ErrorTable, status: Int?, code: Int?, expected: ErrorTable.Class) {
        #expect(table.classify(status: status, code: code) == expected)
    }

    @Test("A company's server that has a message already took it", arguments: [200, 204, 409])
    func taken(status: Int) {
        let sender = GenericSender(url: "", secret: "", now: { Self.now })
        #expect(sender.classify(status: status, body: Data(), retryAfter: nil) == .sent(gatewayMessageID: nil))
    }

    @Test("Telegram's wait is in its body")
    func telegramWait() {
        let body = Data(#"{"ok":false,"error_code":429,"parameters":{"retry_after":7}}"#.utf8)
        #expect(
            TelegramSender(apiURL: "", token: "").classify(status: 429, body: body, retryAfter: nil)
                == .throttle(.gateway, after: 7, reason: "HTTP 429"))
    }

    @Test("A tap on Telegram carries the button's title, and the id that ends its busy sign")
    func tap() throws {
        let body =
            #"{"update_id":9,"callback_query":{"id":"q1","from":{"id":7001},"data":"si#1","message":{"message_id":3,"chat":{"id":7001,"type":"private"},"date":1795521600,"reply_markup":{"inline_keyboard":[[{"text":"Sí","callback_data":"si#1"}]]}}}}"#
        let update = try Telegram.parse(Data(body.utf8), bot: "42", receivedAt: Self.now)
        #expect(update.callbackQueryID == "q1")
        guard case .turn(let message) = update.item else {
            Issue.record("\(update.item)")
            return
        }
        #expect(message.content == .tap(id: "si#1", title: "Sí") && message.messageID == "9")
    }

    @Test(
        "Only one's own phone is taken from a contact that is shared on Telegram",
        arguments: [(7001, "+5491100000003"), (8, nil)] as [(Int, String?)])
    func sharedPhone(owner: Int, phone: String?) throws {
        let body =
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001},"chat":{"id":7001,"type":"private"},"date":1795521600,"contact":{"phone_number":"5491100000003","user_id":\#(owner)}}}"#
        guard case .turn(let message) = try Telegram.parse(Data(body.utf8), bot: "42", receivedAt: Self.now).item else {
            Issue.record("it is no turn")
            return
        }
        #expect(message.phone == phone)
    }

    @Test("A selection on Chatwoot is a tap, and giving a conversation back is a notice")
    func chatwootEvents() throws {
        let chosen =
            #"{"event":"message_updated","id":7,"account":{"id":1},"content_type":"input_select","content_attributes":{"submitted_values":[{"title":"Sí","value":"si#1"}]},"message_type":"outgoing","private":false,"conversation":{"id":88,"status":"pending"}}"#
        guard case .turn(let tap) = try Chatwoot.parse(Data(chosen.utf8), account: "1", receivedAt: Self.now) else {
            Issue.record("it is no turn")
            return
        }
        #expect(tap.content == .tap(id: "si#1", title: "Sí") && tap.contact.address == "88")
        let resolved =
            #"{"event":"conversation_status_changed","id":88,"status":"resolved","updated_at":1767603600.123}"#
        guard case .notice(let notice) = try Chatwoot.parse(Data(resolved.utf8), account: "1", receivedAt: Self.now)
        else {
            Issue.record("it is no notice")
            return
        }
        #expect(notice.content == .givenBack && notice.contact == tap.contact)
    }

    @Test("Opening or putting off a conversation on Chatwoot is people attending it", arguments: ["open", "snoozed"])
    func chatwootAttended(status: String) throws {
        let body = #"{"event":"conversation_status_changed","id":88,"status":"\#(status)","updated_at":1767603600}"#
        guard case .notice(let notice) = try Chatwoot.parse(Data(body.utf8), account: "1", receivedAt: Self.now) else {
            Issue.record("it is no notice")
            return
        }
        #expect(notice.content == .attended && notice.contact.address == "88")
    }

    @Test(
        "WhatsApp tells of another user id, and of another telephone behind the same number",
        arguments: [
            (#""type":"user_changed_user_id","previous_user_id":"AR.1","user_id":"AR.2""#, "", "AR.1", "AR.2"),
            (#""type":"user_identity_changed""#, #""from":"549110","#, "+549110", "+549110"),
        ])
    func otherIdentity(system: String, from: String, old: String, new: String) throws {
        let body =
            #"{"entry":[{"changes":[{"field":"messages","value":{"messages":[{\#(from)"id":"w1","timestamp":"1795521600","type":"system","system":{\#(system)}}]}}]}]}"#
        guard case .notice(let notice) = try WhatsAppCloud.parse(Data(body.utf8)).items[0] else {
            Issue.record("it is no notice")
            return
        }
        #expect(notice.contact.address == old && notice.content == .moved(to: new))
    }

    @Test("WhatsApp tells of another number and of the advertisement that somebody came from")
    func whatsAppNotices() throws {
        func cloud(_ message: String) throws -> [ParsedWebhook.Item] {
            try WhatsAppCloud.parse(
                Data(
                    #"{"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1"},"messages":[\#(message)]}}]}]}"#
                        .utf8)
            ).items
        }
        let moved = try cloud(
            #"{"from":"549110","id":"w1","timestamp":"1795521600","type":"system","system":{"type":"user_changed_number","wa_id":"549220"}}"#
        )
        guard case .notice(let notice) = moved[0] else {
            Issue.record("\(moved)")
            return
        }
        #expect(notice.content == .moved(to: "+549220") && notice.contact.address == "+549110")
        let led = try cloud(
            #"{"from":"549110","id":"w2","timestamp":"1795521600","type":"text","text":{"body":"hola"},"referral":{"source_type":"ad","source_id":"77"}}"#
        )
        guard case .turn(let message) = led[0] else {
            Issue.record("\(led)")
            return
        }
        #expect(message.referral == "ad 77" && message.content == .text("hola"))
    }

    @Test("Each turn of a call has its own id, and who says nothing is asked again")
    func calls() {
        var fields = ["CallSid": "CA1", "CallStatus": "in-progress", "From": "+541", "To": "+542"]
        func event(_ step: Int) -> TwilioVoice.Event { TwilioVoice.parse(fields, step: step, receivedAt: Self.now) }
        let contact = ContactKey(channel: "voz", gatewayAccount: "+542", address: "+541")
        func turn(_ id: String, _ content: InboundMessage.Content) -> TwilioVoice.Event {
            .turn(InboundMessage(contact: contact, messageID: id, writtenAt: Self.now, content: content))
        }
        #expect(event(0) == turn("CA1", .opened))
        #expect(event(1) == .silence(contact))
        fields["Digits"] = "1#"
        #expect(event(2) == turn("CA1/2", .text("1")))
        fields["SpeechResult"] = " dale "
        #expect(event(3) == turn("CA1/3", .text("dale")))
        fields["Direction"] = "outbound-api"
        guard case .turn(let called) = event(4) else {
            Issue.record("it is no turn")
            return
        }
        #expect(called.contact == ContactKey(channel: "voz", gatewayAccount: "+541", address: "+542"))
        fields["CallStatus"] = "completed"
        #expect(event(5) == .ignored(kind: "completed"))
    }
}
