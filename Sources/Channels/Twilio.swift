import Conversations
import Crypto
import Foundation
import Quantities

/// The webhooks of Twilio: SMS and WhatsApp that customers send, and reports on those that we sent.
public enum Twilio {
    /// - Parameters:
    ///   - signature: the header `X-Twilio-Signature`: HMAC-SHA1 of the URL and the sorted parameters, in base64.
    ///   - url: as Twilio calls it, with its query.
    public static func verify(signature: String?, url: String, fields: [String: String], authToken: String) -> Bool {
        guard let signature, let code = Data(base64Encoded: signature) else { return false }
        let text = fields.sorted { $0.key < $1.key }.reduce(url) { $0 + $1.key + $1.value }
        // Constant-time comparison by the library.
        return HMAC<Insecure.SHA1>.isValidAuthenticationCode(
            code, authenticating: Data(text.utf8), using: SymmetricKey(data: Data(authToken.utf8)))
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
