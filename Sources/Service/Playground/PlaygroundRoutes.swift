import Channels
import Foundation
import HTTPTypes
import Hummingbird
import Quantities

/// The designer's page: a conversation with the bot in a browser of this machine.
struct PlaygroundRoutes {
    let rooms: PlaygroundRooms

    func add(to router: Router<RouteContext>) {
        router.get("playground") { request, _ in
            try Self.requireLoopback(request)
            return Self.page(PlaygroundPage.begin(await rooms.accountIDs).text)
        }
        router.get("playground/style.css") { _, _ in
            Response.text(PlaygroundPage.style, type: "text/css; charset=utf-8")
        }
        router.post("playground") { request, _ in
            let fields = try await Self.fields(request)
            guard let id = await rooms.open(as: fields["account"] ?? "", at: .now) else {
                throw Refusal(.badRequest, "unknown_account", "There is no such account among the fixtures.")
            }
            return Response.seeOther("/playground/\(id)")
        }
        router.get("playground/:id") { request, context in
            try Self.requireLoopback(request)
            guard let page = await rooms.page(of: try context.parameters.require("id")) else {
                return Response.seeOther("/playground")
            }
            return Self.page(page)
        }
        router.post("playground/:id") { request, context in
            let id = try context.parameters.require("id")
            let fields = try await Self.fields(request)
            guard let line = Self.line(fields["do"] ?? "", fields["text"] ?? "") else {
                throw Refusal(.badRequest, "unknown_order", "The page has no such button.")
            }
            return Response.seeOther(await rooms.execute(line, in: id) ? "/playground/\(id)#abajo" : "/playground")
        }
        router.get("playground/:id/charla.chat") { request, context in
            try Self.requireLoopback(request)
            guard let chat = await rooms.chat(of: try context.parameters.require("id")) else {
                throw Refusal(.notFound, "unknown_conversation", "There is no such conversation any more.")
            }
            var response = Response.text(chat)
            response.headers[.contentDisposition] = "attachment; filename=\"charla.chat\""
            return response
        }
    }

    /// Its forms have to name their origin, which is looked at.
    private static func page(_ html: String) -> Response {
        var response = Response.page(html)
        response.headers[.referrerPolicy] = "same-origin"
        return response
    }

    /// What the REPL would be told.
    private static func line(_ order: String, _ text: String) -> String? {
        switch order {
        // A command is typed in the REPL; here words are words.
        case "say": String(text.drop { $0 == ":" || $0.isWhitespace })
        case "what-if": ":what-if \(text)"
        case "goto": ":goto \(text)"
        case "undo": ":undo"
        case "hour": ":clock +1h"
        case "day": ":clock +1d"
        case "reset": ":reset"
        default: nil
        }
    }

    /// A page of elsewhere that a browser of this machine has open must not reach this one by another name.
    private static func requireLoopback(_ request: Request) throws {
        let host = request.head.authority ?? ""
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        guard ["127.0.0.1", "localhost", "[::1]"].contains(String(name)) else {
            throw Refusal(.forbidden, "not_loopback", "The playground is only served to this machine.")
        }
    }

    private static func fields(_ request: Request) async throws -> [String: String] {
        try requireLoopback(request)
        let authority = request.head.authority ?? ""
        if let origin = request.headers[.origin], !["http://\(authority)", "https://\(authority)"].contains(origin) {
            throw Refusal(.forbidden, "other_origin", "This form is of another page.")
        }
        guard let fields = WebForm.fields(try await request.bodyBytes(.form)) else {
            throw Refusal(.badRequest, "malformed", "Expected a form.")
        }
        return fields
    }
}
