import Channels
import Conversations
import Crypto
import Foundation
import Ledger
import Negotiation
import Quantities
import Service

/// What gateways, agents and the ERP post: bodies as theirs, signed as theirs.
struct Post: Sendable {
    typealias Request = SocketlessServer.Incoming
    let configuration: Configuration

    // MARK: Messages

    /// The id that the nth message has at its gateway.
    static func messageID(_ number: Int, on channel: String) -> String {
        // Telegram numbers its updates.
        channel == "telegram" ? String(number) : "w\(number)"
    }

    /// Another id, as a gateway would give it that forgot that it delivered the message.
    static func forgotten(_ messageID: String) -> String {
        Int(messageID).map { String($0 + 100_000) } ?? messageID + "-again"
    }

    /// How the server reads a message that arrives now: not every gateway says when it was written.
    static func read(_ message: InboundMessage, at now: Moment) -> InboundMessage {
        var read = message
        switch (message.contact.channel, message.content) {
        case ("sms", _), ("telegram", .tap): read.writtenAt = now
        default: read.writtenAt = min(message.writtenAt, now)
        }
        return read
    }

    /// The request with which a gateway delivers a message.
    func delivering(_ message: InboundMessage, at now: Moment) -> Request {
        switch message.contact.channel {
        case "sms": sms(message)
        case "telegram": telegram(message)
        case "generic": generic(message, now)
        default: whatsApp(message)
        }
    }

    private func seconds(_ moment: Moment) -> Int64 { moment.milliseconds / 1000 }

    private func json(_ object: [String: Any]) -> Data {
        (try? JSONSerialization.data(withJSONObject: object, options: .sortedKeys)) ?? Data()
    }

    private func whatsApp(_ message: InboundMessage) -> Request {
        let digits = String(message.contact.address.drop { $0 == "+" })
        var entry: [String: Any] = [
            "from": digits, "id": message.messageID, "timestamp": String(seconds(message.writtenAt)),
        ]
        var (field, list) = ("messages", "messages")
        switch message.content {
        case .text(let text):
            entry["type"] = "text"
            entry["text"] = ["body": text]
        case .tap(let id, let title):
            entry["type"] = "interactive"
            entry["interactive"] =
                ["type": "button_reply", "button_reply": ["id": id, "title": title]] as [String: Any]
        case .media(let kind):
            entry["type"] = kind
            entry[kind] = ["id": "media-1", "mime_type": "audio/ogg"]
        case .humanEcho(let text):
            (field, list) = ("smb_message_echoes", "message_echoes")
            entry["to"] = digits
            entry["from"] = "5491100000000"
            entry["type"] = "text"
            entry["text"] = ["body": text]
        case .moved(let address):
            entry["type"] = "system"
            entry["system"] = ["type": "user_changed_number", "wa_id": String(address.drop { $0 == "+" })]
        case .opened, .attended, .givenBack: break
        }
        return whatsApp(field: field, list: list, entry, number: message.contact.gatewayAccount)
    }

    private func whatsApp(field: String, list: String, _ entry: [String: Any], number: String) -> Request {
        let value: [String: Any] = [
            "messaging_product": "whatsapp", "metadata": ["phone_number_id": number], list: [entry],
        ]
        let body = json([
            "object": "whatsapp_business_account",
            "entry": [["id": "1", "changes": [["field": field, "value": value] as [String: Any]]] as [String: Any]],
        ])
        let secret = SymmetricKey(data: Data((configuration.whatsApp?.appSecret.current ?? "").utf8))
        let code = HMAC<SHA256>.authenticationCode(for: body, using: secret)
        return Request(
            "POST", "/v1/webhooks/whatsapp",
            headers: ["X-Hub-Signature-256": "sha256=" + Signatures.hexadecimal(Data(code))], body: body)
    }

    private func sms(_ message: InboundMessage) -> Request {
        var fields = [
            "MessageSid": message.messageID, "From": message.contact.address, "To": message.contact.gatewayAccount,
        ]
        switch message.content {
        case .text(let text): fields["Body"] = text
        case .media: fields.merge(["NumMedia": "1", "MediaContentType0": "audio/ogg", "Body": ""]) { $1 }
        default: break
        }
        return sms(fields)
    }

    private func sms(_ fields: [String: String]) -> Request {
        let sorted = fields.sorted { $0.key < $1.key }
        let url = configuration.sms?.webhookURL ?? ""
        let key = SymmetricKey(data: Data((configuration.sms?.authToken.current ?? "").utf8))
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: Data(sorted.reduce(url) { $0 + $1.key + $1.value }.utf8), using: key)
        func encoded(_ text: String) -> String {
            text.utf8.map { byte in
                byte < 128 && (Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber)
                    ? String(UnicodeScalar(byte)) : "%" + Signatures.hexadecimal(Data([byte])).uppercased()
            }.joined()
        }
        return Request(
            "POST", "/v1/webhooks/sms",
            headers: [
                "X-Twilio-Signature": Data(code).base64EncodedString(),
                "Content-Type": "application/x-www-form-urlencoded",
            ], body: Data(sorted.map { "\($0.key)=\(encoded($0.value))" }.joined(separator: "&").utf8))
    }

    private func telegram(_ message: InboundMessage) -> Request {
        let chat: [String: Any] = ["id": Int(message.contact.address) ?? 0, "type": "private"]
        let sender: [String: Any] = ["id": Int(message.contact.address) ?? 0, "is_bot": false]
        var update: [String: Any] = ["update_id": Int(message.messageID) ?? 0]
        var inner: [String: Any] = [
            "message_id": 1, "chat": chat, "from": sender, "date": seconds(message.writtenAt),
        ]
        switch message.content {
        case .text(let text): inner["text"] = text
        case .media: inner["voice"] = ["file_id": "1", "duration": 3] as [String: Any]
        case .opened:
            inner["contact"] =
                [
                    "phone_number": String((message.phone ?? "").drop { $0 == "+" }),
                    "user_id": Int(message.contact.address) ?? 0,
                ] as [String: Any]
        case .tap(let id, let title):
            inner["reply_markup"] = ["inline_keyboard": [[["text": title, "callback_data": id]]]]
            update["callback_query"] = ["id": "q", "from": sender, "data": id, "message": inner] as [String: Any]
        case .humanEcho, .moved, .attended, .givenBack: break
        }
        if update["callback_query"] == nil { update["message"] = inner }
        return Request(
            "POST", "/v1/webhooks/telegram",
            headers: ["X-Telegram-Bot-Api-Secret-Token": configuration.gateways.telegram?.secretToken.current ?? ""],
            body: json(update))
    }

    private func generic(_ message: InboundMessage, _ now: Moment) -> Request {
        var object: [String: Any] = [
            "id": message.messageID, "from": message.contact.address,
            "at": message.writtenAt.iso(in: .argentina),
        ]
        switch message.content {
        case .text(let text): object["text"] = text
        case .tap(let id, let title):
            object["button"] = id
            object["text"] = title
        default: break
        }
        let body = json(object)
        return Request(
            "POST", "/v1/webhooks/generic",
            headers: GenericJSON.signedHeaders(
                body: body, secret: configuration.generic?.secret.current ?? "", timestamp: seconds(now)), body: body)
    }

    /// What the generic gateway reads in a response: a text each.
    static func answer(_ body: Data) -> [String]? {
        let object = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any]
        return (object?["replies"] as? [[String: Any]])?.map { $0["text"] as? String ?? "" }
    }

    /// A gateway's report on one of our messages; nil where the gateway makes none.
    func reporting(_ status: MessageStatus, on channel: String) -> Request? {
        switch channel {
        case "whatsapp":
            var entry: [String: Any] = ["id": status.gatewayMessageID, "status": status.state.rawValue]
            entry["biz_opaque_callback_data"] = status.tracker
            if status.state == .failed {
                entry["errors"] = [["code": 131_026, "title": "Undeliverable"] as [String: Any]]
            }
            return whatsApp(
                field: "messages", list: "statuses", entry, number: configuration.whatsApp?.phoneNumberID ?? "")
        case "sms":
            var fields = ["MessageSid": status.gatewayMessageID, "MessageStatus": status.state.rawValue]
            if status.state == .failed { fields["ErrorCode"] = "30003" }
            return sms(fields)
        default: return nil
        }
    }

    // MARK: The company

    private func authorised(_ token: String?, _ path: String, _ object: [String: Any]) -> Request {
        Request("POST", path, headers: ["Authorization": "Bearer \(token ?? "")"], body: json(object))
    }

    func paying(_ payment: Payment, accountID: String) -> Request {
        var entry = [
            "id": payment.id, "account": accountID, "amount": payment.amount.plain, "day": payment.day.iso,
        ]
        entry["reversed_on"] = payment.reversedOn?.iso
        return authorised(configuration.operatorToken, "/v1/payments", ["payments": [entry]])
    }

    func ordering(_ order: Event.Order, _ agent: Cast.Agent, of cast: Cast, handoffID: String, on today: Day) -> Request
    {
        func post(_ action: String, _ object: [String: Any] = [:]) -> Request {
            authorised(agent.token, "/v1/handoffs/\(handoffID)/\(action)", object)
        }
        switch order {
        case .claim: return post("claim")
        case .hold: return post("hold")
        case .release: return post("release")
        case .returnToBot: return post("return")
        case .close: return post("close", ["note": "listo"])
        case .reply(let text): return post("reply", ["text": text])
        case .note(let text): return post("note", ["text": text])
        case .transfer(let other): return post("transfer", ["to": cast.agents[other].name])
        case .mark(let ceased, let vulnerable):
            var marks: [String: Any] = [:]
            marks["ceased"] = ceased
            marks["vulnerable"] = vulnerable
            return post("mark", marks)
        case .agree(let cents, let days):
            return post(
                "agree", ["amount": Money(cents: cents, .ars).plain, "day": today.adding(days: days).iso])
        case .agreeToOffer(let id): return post("agree", ["offer": id])
        case .schedule(let days, let hour):
            return post("callback", ["day": today.adding(days: days).iso, "time": time(hour), "about": "el saldo"])
        case .called(let reached, let days):
            var body: [String: Any] = ["reached": reached]
            if let days { (body["day"], body["time"]) = (today.adding(days: days).iso, time(Self.secondTry)) }
            return post("called", body)
        case .cancelCall: return post("cancel-callback")
        }
    }

    /// The hour at which whoever did not answer is called again.
    static let secondTry = 10

    private func time(_ hour: Int) -> String { (hour < 10 ? "0" : "") + "\(hour):00" }

    func present(_ state: AgentPresence.State, _ agent: Cast.Agent) -> Request {
        authorised(agent.token, "/v1/presence", ["state": state.rawValue])
    }

    /// A step of a request about personal data.
    func asking(_ step: String, _ body: [String: Any], by agent: Cast.Agent) -> Request {
        authorised(agent.token, "/v1/privacy/requests\(step)", body)
    }

    func importing(_ file: ImportedFile, of kind: ImportKind) -> Request {
        Request(
            "POST", "/v1/imports/\(kind.rawValue)",
            headers: ["Authorization": "Bearer \(configuration.operatorToken ?? "")"], body: Data(file.csv.utf8))
    }
}

/// A file of the ERP, and what it brings to an account.
struct ImportedFile: Sendable {
    enum Content: Sendable {
        case item(Item)
        case payment(Payment)
        case optOut
        case nothing
    }
    var accountID: String
    var kind: ImportKind
    var content: Content
    var csv: String

    /// - Parameter number: tells its row from those of other files.
    init(_ file: Event.Import, into account: Account, number: Int, on today: Day) {
        accountID = account.id
        switch file {
        case .item(let cents, let days):
            let item = Item(
                id: "archivo-\(number)", description: "Internet", principal: Money(cents: cents, account.currency),
                dueDate: today.adding(days: days))
            (kind, content) = (.items, .item(item))
            csv = Self.items(item, account.id)
        case .payment(let cents):
            let payment = Payment(id: "archivo-\(number)", amount: Money(cents: cents, account.currency), day: today)
            (kind, content) = (.payments, .payment(payment))
            csv = "pago,cuenta,importe,dia\n\(payment.id),\(account.id),\(payment.amount.plain),\(payment.day.iso)\n"
        case .optOut:
            (kind, content) = (.accounts, .optOut)
            csv = """
                cuenta,acreedor,nombre,nombre_completo,documento,telefono,baja
                \(account.id),\(account.creditor),\(account.firstName),\(account.fullName),\(account.document),\(account.phone),si

                """
        case .unreadable:
            let item = Item(
                id: "archivo-\(number)", description: "Internet", principal: Money(cents: 100_000, account.currency),
                dueDate: today)
            (kind, content) = (.items, .nothing)
            csv = Self.items(item, account.id) + "nadie,archivo-\(number)-b,Internet,10.00,\(today.iso)\n"
        }
    }

    private static func items(_ item: Item, _ accountID: String) -> String {
        "cuenta,item,descripcion,capital,vencimiento\n"
            + "\(accountID),\(item.id),\(item.description),\(item.principal.plain),\(item.dueDate.iso)\n"
    }

    var words: String {
        switch content {
        case .item(let item): "an item of \(item.principal.formatted) for \(accountID)"
        case .payment(let payment): "a payment of \(payment.amount.formatted) of \(accountID)"
        case .optOut: "\(accountID) as one who wants no messages"
        case .nothing: "a row for \(accountID) and one that cannot be read"
        }
    }
}

extension Event.Order {
    /// The same order as the server reads it.
    func command(_ cast: Cast, on today: Day, in zone: Zone) -> AgentCommand {
        switch self {
        case .claim: .claim
        case .hold: .hold
        case .release: .release
        case .returnToBot: .returnToBot(note: nil)
        case .close: .close(note: "listo")
        case .reply(let text): .reply(text)
        case .note(let text): .note(text)
        case .transfer(let other): .transfer(to: cast.agents[other].name)
        case .mark(let ceased, let vulnerable): .mark(ceased: ceased, vulnerable: vulnerable)
        case .agree(let cents, let days):
            .agree(
                .proposal(Proposal(amount: Money(cents: cents, .ars), day: today.adding(days: days), instalments: nil)))
        case .agreeToOffer(let id): .agree(.offer(id: id))
        case .schedule(let days, let hour):
            .schedule(at: Moment(today.adding(days: days), hour: hour, in: zone), phone: "", about: "el saldo")
        case .called(let reached, let days):
            .called(
                reached: reached,
                next: reached
                    ? nil : days.map { Moment(today.adding(days: $0), hour: Post.secondTry, in: zone) })
        case .cancelCall: .cancelCall
        }
    }

    var words: String {
        switch self {
        case .claim: "claims"
        case .hold: "holds"
        case .release: "releases"
        case .returnToBot: "returns to the bot"
        case .close: "closes"
        case .reply(let text): "replies “\(text)” in"
        case .note(let text): "notes “\(text)” in"
        case .transfer: "transfers"
        case .mark: "marks the person of"
        case .agree(let cents, let days): "agrees to \(Money(cents: cents, .ars).formatted) in \(days) days in"
        case .agreeToOffer(let id): "agrees to the offer \(id) in"
        case .schedule(let days, let hour): "puts a call off to \(hour) o'clock in \(days) days in"
        case .called(let reached, let days):
            reached
                ? "called and spoke to the person of"
                : "called in vain, and \(days.map { "calls again in \($0) days" } ?? "calls no more"), in"
        case .cancelCall: "cancels the call of"
        }
    }
}
