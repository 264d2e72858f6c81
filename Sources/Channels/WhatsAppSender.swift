import Conversations
import Dialog
import Foundation

/// Sends to WhatsApp through Meta's Graph API, or through 360dialog, whose messages have the same form.
public struct WhatsAppSender: GatewaySender {
    let url: @Sendable (ContactKey) -> String
    let headers: [String: String]

    /// - Parameter apiURL: of the Graph API, such as `https://graph.facebook.com/v23.0`.
    public init(apiURL: String, accessToken: String) {
        url = { "\(apiURL)/\($0.gatewayAccount)/messages" }
        headers = ["Authorization": "Bearer \(accessToken)"]
    }

    /// - Parameter apiURL: of 360dialog, such as `https://waba-v2.360dialog.io`.
    public init(dialog360 apiURL: String, apiKey: String) {
        url = { _ in "\(apiURL)/messages" }
        headers = ["D360-API-KEY": apiKey]
    }

    /// Longest body of a text message, and of one with options, in UTF-16 units.
    static let longestText = 4096
    static let longestInteractive = 1024

    /// Long texts are split, options go on the last part. A template is one request. Each carries the message's id and
    /// its part, which come back in Meta's reports.
    public func requests(for message: OutboxMessage) -> [OutboundRequest] {
        let payloads =
            if case .template(let name, let language, let parameters, let header, let buttons) = message.form {
                [Self.templatePayload(name, language, parameters, header, buttons ?? [])]
            } else { Self.payloads(for: message.message) }
        return payloads.enumerated().map { part, payload in
            var body = payload
            body["messaging_product"] = "whatsapp"
            body["recipient_type"] = "individual"
            body["biz_opaque_callback_data"] = MessageStatus.tracker(message.id, part: part)
            let address = message.contact.address
            if address.hasPrefix("+") {
                body["to"] = String(address.dropFirst())
            } else if address.allSatisfy(\.isNumber) {
                body["to"] = address
            } else {
                // The user id of somebody who hides the phone.
                body["recipient"] = address
            }
            return .json(url(message.contact), headers, body)
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
            text = message.numbered
            options = []
        }
        var parts = MessageParts.split(text, atMost: longestText)
        var last = parts.removeLast()
        if !options.isEmpty, last.utf16.count > longestInteractive {
            var pieces = MessageParts.split(last, atMost: longestInteractive)
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

    /// An approved template with the values of its header, of its body's `{{1}}`, `{{2}}`…, and of its buttons.
    private static func templatePayload(
        _ name: String, _ language: String, _ parameters: [String], _ header: TemplateHeader<String>?,
        _ buttons: [TemplateButton<String>]
    ) -> [String: Any] {
        var components: [[String: Any]] = []
        if let header { components.append(["type": "header", "parameters": [parameter(header)]]) }
        if !parameters.isEmpty { components.append(["type": "body", "parameters": parameters.map(textParameter)]) }
        for (index, button) in buttons.enumerated() {
            guard let (kind, parameter) = parameter(button) else { continue }
            components.append(["type": "button", "sub_type": kind, "index": String(index), "parameters": [parameter]])
        }
        var template: [String: Any] = ["name": name, "language": ["code": language]]
        if !components.isEmpty { template["components"] = components }
        return ["type": "template", "template": template]
    }

    /// Which may hold no line break nor tab.
    private static func textParameter(_ value: String) -> [String: Any] {
        ["type": "text", "text": value.split(whereSeparator: \.isWhitespace).joined(separator: " ")]
    }

    private static func parameter(_ header: TemplateHeader<String>) -> [String: Any] {
        func link(_ kind: String) -> [String: Any] { ["type": kind, kind: ["link": header.value]] }
        return switch header {
        case .text(let text): textParameter(text)
        case .image: link("image")
        case .video: link("video")
        case .document: link("document")
        }
    }

    private static func parameter(_ button: TemplateButton<String>) -> (kind: String, [String: Any])? {
        switch button {
        case .fixed: nil
        case .url(let end): ("url", ["type": "text", "text": end])
        case .reply(let payload): ("quick_reply", ["type": "payload", "payload": payload])
        case .code(let code): ("copy_code", ["type": "coupon_code", "coupon_code": code])
        }
    }

    /// Reads the Graph API's answer.
    public func classify(status: Int, body: Data, retryAfter: Int?) -> SendOutcome {
        let object = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any]
        if (200..<300).contains(status) {
            let id = (object?["messages"] as? [[String: Any]])?.first?["id"] as? String
            return .sent(gatewayMessageID: id)
        }
        let code = (object?["error"] as? [String: Any])?["code"] as? Int
        return ErrorTable.whatsApp.outcome(status: status, code: code, retryAfter: retryAfter)
    }
}
