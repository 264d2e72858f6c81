import Conversations
import Dialog
import Foundation

/// One HTTP request to a gateway.
public struct OutboundRequest: Hashable, Sendable {
    public var url: String
    public var headers: [String: String]
    public var body: Data
}

/// What became of a request.
public enum SendOutcome: Hashable, Sendable {
    case sent(gatewayMessageID: String?)
    /// Try again, after the seconds that the gateway asked for.
    case retry(after: Int?, reason: String)
    case permanent(reason: String)
}

/// Sends through the Graph API: messages in its form and limits, and its answers read.
public struct WhatsAppSender: Sendable {
    let apiURL: String
    let accessToken: String

    public init(apiURL: String, accessToken: String) {
        self.apiURL = apiURL
        self.accessToken = accessToken
    }

    /// Longest body of a text message, and of one with options. Lengths are in UTF-16 units, so that no way of counting
    /// finds more: an emoji of a family is one character to us and up to eleven units to a gateway.
    static let longestText = 4096
    static let longestInteractive = 1024

    /// The requests that say `message`, in order: long texts are split, options go on the last. A template is one request.
    public func requests(
        for message: BotMessage, form: OutboxMessage.Form? = nil, to contact: ContactKey
    ) -> [OutboundRequest] {
        let payloads =
            if case .template(let name, let language, let parameters) = form {
                [Self.templatePayload(name, language, parameters)]
            } else { Self.payloads(for: message) }
        return payloads.map { payload in
            var body = payload
            body["messaging_product"] = "whatsapp"
            body["recipient_type"] = "individual"
            body["to"] = contact.address.hasPrefix("+") ? String(contact.address.dropFirst()) : contact.address
            let data =
                (try? JSONSerialization.data(withJSONObject: body, options: [.sortedKeys, .withoutEscapingSlashes]))
                ?? Data()
            return OutboundRequest(
                url: "\(apiURL)/\(contact.gatewayAccount)/messages",
                headers: ["Authorization": "Bearer \(accessToken)", "Content-Type": "application/json"], body: data)
        }
    }

    /// Up to three short options are buttons, up to ten a list; others are numbered in the text.
    static func payloads(for message: BotMessage) -> [[String: Any]] {
        var text = message.text
        var options = message.options
        let asButtons = options.count <= 3 && options.allSatisfy { $0.title.utf16.count <= 20 && $0.detail == nil }
        let asList =
            options.count <= 10
            && options.allSatisfy { $0.title.utf16.count <= 24 && ($0.detail?.utf16.count ?? 0) <= 72 }
        if !options.isEmpty, !asButtons, !asList {
            for (index, option) in options.enumerated() {
                text += "\n\(index + 1)) \(option.title)" + (option.detail.map { " \($0)" } ?? "")
            }
            options = []
        }
        var parts = split(text, atMost: longestText)
        var last = parts.removeLast()
        if !options.isEmpty, last.utf16.count > longestInteractive {
            var pieces = split(last, atMost: longestInteractive)
            last = pieces.removeLast()
            parts += pieces
        }
        var payloads: [[String: Any]] = parts.map(textPayload)
        if options.isEmpty {
            payloads.append(textPayload(last))
        } else {
            let action: [String: Any] =
                asButtons
                ? [
                    "buttons": options.map {
                        ["type": "reply", "reply": ["id": $0.id, "title": $0.title]] as [String: Any]
                    }
                ]
                : [
                    "button": "Ver opciones",
                    "sections": [["title": "Opciones", "rows": options.map(row)] as [String: Any]],
                ]
            payloads.append([
                "type": "interactive",
                "interactive": ["type": asButtons ? "button" : "list", "body": ["text": last], "action": action]
                    as [String: Any],
            ])
        }
        return payloads
    }

    private static func row(_ option: BotMessage.Option) -> [String: String] {
        var row = ["id": option.id, "title": option.title]
        row["description"] = option.detail
        return row
    }

    private static func textPayload(_ text: String) -> [String: Any] {
        ["type": "text", "text": ["body": text, "preview_url": false] as [String: Any]]
    }

    /// An approved template with the values of its body's `{{1}}`, `{{2}}`…, which may hold no line break nor tab.
    static func templatePayload(_ name: String, _ language: String, _ parameters: [String]) -> [String: Any] {
        var template: [String: Any] = ["name": name, "language": ["code": language]]
        if !parameters.isEmpty {
            let values = parameters.map { value -> [String: String] in
                ["type": "text", "text": value.split(whereSeparator: \.isWhitespace).joined(separator: " ")]
            }
            template["components"] = [["type": "body", "parameters": values] as [String: Any]]
        }
        return ["type": "template", "template": template]
    }

    /// Cuts at the last paragraph, sentence or word that fits.
    static func split(_ text: String, atMost limit: Int) -> [String] {
        var parts: [String] = []
        var rest = Substring(text)
        while rest.utf16.count > limit {
            let window = prefix(of: rest, atMost: limit)
            let cut =
                window.ranges(of: "\n\n").last?.upperBound ?? window.ranges(of: ". ").last?.upperBound
                ?? window.lastIndex(of: " ").map(window.index(after:)) ?? window.endIndex
            let part = rest[..<cut]
            parts.append(part.trimmingCharacters(in: .whitespacesAndNewlines))
            rest = rest[cut...]
        }
        parts.append(String(rest))
        return parts.count > 1 ? parts.filter { !$0.isEmpty } : parts
    }

    /// Whole characters of at most `limit` UTF-16 units; a single character that is longer is cut between its scalars.
    private static func prefix(of text: Substring, atMost limit: Int) -> Substring {
        var end = text.startIndex
        var length = 0
        while end < text.endIndex {
            length += text[end].utf16.count
            if length > limit { break }
            end = text.index(after: end)
        }
        if end > text.startIndex { return text[..<end] }
        length = 0
        var scalars = text.unicodeScalars.startIndex
        while scalars < text.endIndex {
            length += text.unicodeScalars[scalars].utf16.count
            if length > limit { break }
            scalars = text.unicodeScalars.index(after: scalars)
        }
        return text[..<scalars]
    }

    /// Graph error codes that mean "later": rate limits, pair limits, temporary trouble of Meta.
    private static let later: Set<Int> = [1, 2, 4, 80_007, 130_429, 131_000, 131_016, 131_048, 131_056, 133_016]

    /// Reads the Graph API's answer.
    public func classify(status: Int, body: Data, retryAfter: Int?) -> SendOutcome {
        let object = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any]
        if (200..<300).contains(status) {
            let id = (object?["messages"] as? [[String: Any]])?.first?["id"] as? String
            return .sent(gatewayMessageID: id)
        }
        let code = (object?["error"] as? [String: Any])?["code"] as? Int
        let reason = "HTTP \(status)" + (code.map { ", code \($0)" } ?? "")
        if status >= 500 || status == 408 || status == 429 || status == 401 || code.map(Self.later.contains) == true {
            return .retry(after: retryAfter, reason: reason)
        }
        return .permanent(reason: reason)
    }
}
