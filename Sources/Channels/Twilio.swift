import Conversations
import Crypto
import Foundation
import Quantities

/// The webhooks of Twilio: SMS and WhatsApp that customers send, and reports on those that we sent.
public enum Twilio {
    /// - Parameters:
    ///   - signature: the header `X-Twilio-Signature`: HMAC-SHA1 of the URL and the sorted parameters, in base64.
    ///   - url: as Twilio calls it, with its query; Twilio may sign it with the scheme's usual port or without.
    public static func verify(signature: String?, url: String, fields: [String: String], authToken: String) -> Bool {
        verify(signature: signature, url: url, text: fields.map { ($0, $1) }, authToken: authToken)
    }

    /// The fields of a body that Twilio posted, once its signature is known to be right; nil else. JSON is signed by the
    /// hash of the body that stands in the URL's `bodySHA256`. Of a name that is there more than once the first value.
    public static func fields(of body: Data, signature: String?, url: String, authToken: String) -> [String: String]? {
        if let hash = bodyHash(in: url) {
            guard verify(signature: signature, url: url, text: [], authToken: authToken),
                Signatures.areEqual(hash.lowercased(), Signatures.hexadecimal(Data(SHA256.hash(data: body)))),
                let object = try? UntrustedJSON.parse(LoneSurrogates.removed(from: body) ?? body) as? [String: Any]
            else { return nil }
            return object.compactMapValues { $0 as? String ?? Telegram.integer($0).map { String($0) } }
        }
        guard let pairs = WebForm.pairs(body),
            verify(signature: signature, url: url, text: pairs.map { ($0, $1) }, authToken: authToken)
        else { return nil }
        return Dictionary(pairs.map { ($0, $1) }, uniquingKeysWith: { first, _ in first })
    }

    private static func verify(
        signature: String?, url: String, text pairs: [(String, String)], authToken: String
    ) -> Bool {
        guard let signature, let code = Data(base64Encoded: signature) else { return false }
        let key = SymmetricKey(data: Data(authToken.utf8))
        var signed = ""
        var last: (String, String)?
        // The same value of a name that is there twice counts once.
        for pair in pairs.sorted(by: { $0 < $1 }) where last.map({ $0 != pair }) ?? true {
            signed += pair.0 + pair.1
            last = pair
        }
        // Constant-time comparison by the library.
        return forms(of: url).contains {
            HMAC<Insecure.SHA1>.isValidAuthenticationCode(code, authenticating: Data(($0 + signed).utf8), using: key)
        }
    }

    private static func bodyHash(in url: String) -> String? {
        guard let query = url.firstIndex(of: "?") else { return nil }
        let fields = url[url.index(after: query)...].split(separator: "&").map {
            $0.split(separator: "=", maxSplits: 1)
        }
        return fields.first { $0.count == 2 && $0[0] == "bodySHA256" }.map { String($0[1]) }
    }

    /// A URL as it is, and with its scheme's usual port in or out.
    private static func forms(of url: String) -> [String] {
        guard let scheme = url.range(of: "://") else { return [url] }
        let port = url[..<scheme.lowerBound].lowercased() == "https" ? ":443" : ":80"
        let rest = url[scheme.upperBound...]
        let host = rest.prefix { !"/?#".contains($0) }
        let tail = rest[host.endIndex...]
        let start = String(url[..<scheme.upperBound])
        if host.hasSuffix(port) { return [url, start + host.dropLast(port.count) + tail] }
        return host.contains(":") ? [url] : [url, start + host + port + tail]
    }

    /// A message by SMS or WhatsApp, or a report on one of ours.
    public static func parse(_ fields: [String: String], receivedAt: Moment) -> ParsedWebhook.Item {
        guard let id = fields["MessageSid"] ?? fields["SmsMessageSid"] ?? fields["SmsSid"],
            UntrustedJSON.isIdentifier(id)
        else { return .deadLetter(reason: "no MessageSid", fragment: text(fields)) }
        if let status = fields["MessageStatus"] ?? fields["SmsStatus"], status != "received", status != "receiving" {
            return report(status, on: id, fields)
        }
        guard let from = fields["From"], let to = fields["To"], let customer = address(from),
            let company = address(to)
        else { return .deadLetter(reason: "no From or To that can be answered", fragment: text(fields)) }
        guard let content = content(fields) else { return .ignored(kind: fields["MessageType"] ?? "empty") }
        var message = InboundMessage(
            contact: ContactKey(channel: customer.channel, gatewayAccount: company.number, address: customer.number),
            messageID: id, writtenAt: receivedAt, content: content)
        let referral = [fields["ReferralSourceType"], fields["ReferralSourceId"]].compactMap { $0 }
        message.referral = referral.isEmpty ? nil : String(referral.joined(separator: " ").prefix(200))
        // Twilio writes no more to who used a word of the account's own list, whatever it means to us.
        if fields["OptOutType"] == "STOP" { message.hint = .optOut }
        return .turn(message)
    }

    private static func report(_ status: String, on id: String, _ fields: [String: String]) -> ParsedWebhook.Item {
        let state: MessageStatus.State
        switch status {
        case "sent": state = .sent
        case "delivered": state = .delivered
        case "read": state = .read
        case "failed", "undelivered": state = .failed
        default: return .ignored(kind: status)
        }
        let code = fields["ErrorCode"].flatMap { Int($0) }
        return .status(MessageStatus(gatewayMessageID: id, state: state, error: fields["ErrorCode"], code: code))
    }

    private static func content(_ fields: [String: String]) -> InboundMessage.Content? {
        let body = fields["Body"] ?? ""
        if (fields["NumMedia"].flatMap { Int($0) } ?? 0) > 0 {
            let type = fields["MediaContentType0"]?.split(separator: "/").first.map(String.init) ?? "image"
            return .media(kind: ["image", "audio", "video"].contains(type) ? type : "document")
        }
        if fields["Latitude"] != nil, fields["Longitude"] != nil { return .media(kind: "location") }
        let kind = fields["MessageType"] ?? "text"
        if ["image", "audio", "video", "document", "sticker", "contacts", "location"].contains(kind) {
            return .media(kind: kind)
        }
        if kind == "reaction" { return nil }
        if let id = fields["ButtonPayload"], !id.isEmpty {
            return .tap(id: id, title: fields["ButtonText"] ?? body)
        }
        if let id = fields["ListId"], !id.isEmpty { return .tap(id: id, title: fields["ListTitle"] ?? body) }
        return body.isEmpty ? nil : .text(body)
    }

    /// `whatsapp:+549…` or `+549…`; nil for a network that we do not serve.
    private static func address(_ text: String) -> (channel: String, number: String)? {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let (channel, number) = parts.count == 2 ? (parts[0], parts[1]) : ("sms", text)
        guard ["sms", "whatsapp"].contains(channel), UntrustedJSON.isIdentifier(number) else { return nil }
        return (channel, number)
    }

    static func text(_ fields: [String: String]) -> String { UntrustedJSON.text(fields) }
}
