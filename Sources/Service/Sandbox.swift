import Foundation
import Hummingbird
import Synchronization

/// A WhatsApp gateway for demos and tests: accepts what the dispatcher sends, answers as the Graph API would and
/// shows the last thousand messages.
final class Sandbox: Sendable {
    struct Received: Sendable, Encodable {
        var id: String
        var to: String
        var text: String
        var options: [String]
    }

    private let received = Mutex<[Received]>([])
    private let show: @Sendable (Received) -> Void

    init(show: @escaping @Sendable (Received) -> Void) { self.show = show }

    func addRoutes(to router: Router<RouteContext>) {
        router.post("sandbox/:version/:number/messages") { request, _ in
            let data = try await request.bodyBytes()
            guard request.headers[.authorization]?.hasPrefix("Bearer ") == true else { throw Refusal.unauthorized }
            guard let body = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
                let to = body["to"] as? String
            else { throw Refusal(.badRequest, "malformed", "Expected a Graph API message.") }
            let (text, options) = Self.content(of: body)
            let message = Received(id: "wamid.sandbox.\(UUID().uuidString)", to: to, text: text, options: options)
            self.keep(message)
            return try Response.json([
                "messaging_product": GraphAnswer.text("whatsapp"),
                "messages": .list([["id": message.id]]),
            ])
        }
        router.post("sandbox/2010-04-01/Accounts/:sid/Messages.json") { request, _ in
            let body = String(decoding: try await request.bodyBytes(), as: UTF8.self)
            guard request.headers[.authorization]?.hasPrefix("Basic ") == true else { throw Refusal.unauthorized }
            let fields = URLComponents(string: "?" + body)?.queryItems ?? []
            func field(_ name: String) -> String { fields.first { $0.name == name }?.value ?? "" }
            let message = Received(
                id: "SM\(UUID().uuidString)", to: field("To"), text: "[SMS] \(field("Body"))", options: [])
            self.keep(message)
            return try Response.json(["sid": message.id])
        }
        router.post("sandbox/generic") { request, _ in
            guard let body = try? JSONSerialization.jsonObject(with: try await request.bodyBytes()) as? [String: Any],
                let to = body["to"] as? String, let text = body["text"] as? String
            else { throw Refusal(.badRequest, "malformed", "Expected a callback of the generic gateway.") }
            let titles = (body["options"] as? [[String: Any]] ?? []).compactMap { $0["title"] as? String }
            let message = Received(id: body["id"] as? String ?? "", to: to, text: text, options: titles)
            self.keep(message)
            return try Response.json(["status": "accepted"])
        }
        router.get("sandbox/messages") { _, _ in
            try Response.json(self.received.withLock { $0 })
        }
    }

    private func keep(_ message: Received) {
        received.withLock { list in
            list.append(message)
            if list.count > 1000 { list.removeFirst(list.count - 1000) }
        }
        show(message)
    }

    private enum GraphAnswer: Encodable {
        case text(String)
        case list([[String: String]])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .list(let list): try container.encode(list)
            }
        }
    }

    private static func content(of body: [String: Any]) -> (text: String, options: [String]) {
        if let text = (body["text"] as? [String: Any])?["body"] as? String { return (text, []) }
        if let template = body["template"] as? [String: Any], let name = template["name"] as? String {
            let components = template["components"] as? [[String: Any]] ?? []
            let values = components.flatMap { $0["parameters"] as? [[String: Any]] ?? [] }.compactMap {
                $0["text"] as? String
            }
            return ("[plantilla \(name)] " + values.joined(separator: " · "), [])
        }
        guard let interactive = body["interactive"] as? [String: Any] else { return ("", []) }
        let text = (interactive["body"] as? [String: Any])?["text"] as? String ?? ""
        let action = interactive["action"] as? [String: Any] ?? [:]
        let buttons = (action["buttons"] as? [[String: Any]] ?? []).compactMap {
            ($0["reply"] as? [String: Any])?["title"] as? String
        }
        let rows = (action["sections"] as? [[String: Any]] ?? []).flatMap { $0["rows"] as? [[String: Any]] ?? [] }
        return (text, buttons + rows.compactMap { $0["title"] as? String })
    }
}
