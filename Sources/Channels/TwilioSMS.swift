import Conversations
import Crypto
import Foundation
import Quantities

/// The webhook of SMS through Twilio: messages that customers send, and reports on those that we sent.
public enum TwilioSMS {
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

    /// The fields of a form; nil where it is not one or a name is there twice.
    public static func fields(_ body: Data) -> [String: String]? {
        guard let text = String(data: body, encoding: .utf8), !text.isEmpty else { return nil }
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&", omittingEmptySubsequences: true) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func decoded(_ part: Substring) -> String? { part.replacing("+", with: " ").removingPercentEncoding }
            guard let name = decoded(parts[0]), let value = decoded(parts.count > 1 ? parts[1] : ""),
                fields.updateValue(value, forKey: name) == nil
            else { return nil }
        }
        return fields
    }

    /// A message, or a report on one of ours.
    public static func parse(_ fields: [String: String], receivedAt: Moment) -> ParsedWebhook.Item {
        guard let id = fields["MessageSid"], UntrustedJSON.isIdentifier(id) else {
            return .deadLetter(reason: "no MessageSid", fragment: "")
        }
        if let status = fields["MessageStatus"] {
            let state: MessageStatus.State
            switch status {
            case "sent": state = .sent
            case "delivered": state = .delivered
            case "read": state = .read
            case "failed", "undelivered": state = .failed
            default: return .ignored(kind: status)
            }
            return .status(MessageStatus(gatewayMessageID: id, state: state, error: fields["ErrorCode"]))
        }
        guard let from = fields["From"], let to = fields["To"], UntrustedJSON.isIdentifier(from),
            UntrustedJSON.isIdentifier(to)
        else { return .deadLetter(reason: "no From or To", fragment: "") }
        let media = (fields["NumMedia"].flatMap { Int($0) } ?? 0) > 0 && (fields["Body"] ?? "").isEmpty
        return .turn(
            InboundMessage(
                contact: ContactKey(channel: "sms", gatewayAccount: to, address: from), messageID: id,
                writtenAt: receivedAt, content: media ? .media(kind: "image") : .text(fields["Body"] ?? "")))
    }
}
