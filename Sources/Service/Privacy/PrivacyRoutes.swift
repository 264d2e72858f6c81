import Conduct
import Conversations
import Desk
import Foundation
import Hummingbird
import Pages
import Quantities
import Storage

/// What people ask about their personal data: the manager's page, and the same for programs.
struct PrivacyRoutes {
    let backend: Backend

    private struct Wish: Decodable {
        let account: String
        let right: String
        let channel: String
        let asked_by: String?
        let asked_on: String?
    }

    private struct Note: Decodable {
        var note: String?
    }

    func add(to router: Router<RouteContext>) {
        router.get("v1/privacy/requests") { _, _ in
            try Response.json(["requests": try await backend.desk.personRequests(now: backend.now())])
        }
        router.post("v1/privacy/requests") { request, context in
            let wish = try await request.decoded(Wish.self)
            let day = try Self.day(wish.asked_on ?? "")
            guard let right = DataRight(rawValue: wish.right) else {
                let all = DataRight.allCases.map(\.rawValue).joined(separator: ", ")
                throw Refusal(.badRequest, "invalid_right", "Field `right` must be one of \(all).")
            }
            let by = try context.requireCaller().name
            return try Response.json(
                try await Self.refusing {
                    try await backend.desk.register(
                        right, accountID: wish.account, channel: wish.channel, askedBy: wish.asked_by ?? "",
                        askedOn: day, by: by, now: backend.now())
                })
        }
        for order in PersonRequestOrder.allCases {
            router.post("v1/privacy/requests/:id/\(order.rawValue)") { request, context in
                let body = try await request.bodyBytes()
                let note = body.isEmpty ? Note() : try JSONDecoder().decode(Note.self, from: body)
                let (id, by) = (try context.parameters.require("id"), try context.requireCaller().name)
                return try Response.json(
                    try await Self.refusing { try await carryOut(order, id, note.note ?? "", by: by) })
            }
        }
        router.get("consola/privacidad") { request, context in
            let done = request.uri.queryParameters["hecho"].flatMap { Self.done[String($0)] }
            return try await page(Visitor(context.requireCaller()), done.map { .done($0) })
        }
        router.post("consola/privacidad") { request, context in
            try await write(ConsoleRoutes.posted(request, context))
        }
        router.post("consola/privacidad/:id/:action") { request, context in
            let posted = try await ConsoleRoutes.posted(request, context)
            return try await act(
                context.parameters.require("id"), context.parameters.require("action"), posted)
        }
        router.get("consola/cuentas/:id/datos.json") { _, context in
            let (id, name) = (try context.parameters.require("id"), try context.requireCaller().name)
            guard let data = try await backend.desk.personalData(accountID: id, now: backend.now()) else {
                throw Refusal(.notFound, "unknown_account", "There is no account `\(id)`.")
            }
            try await backend.record("person.exported", [name], account: id)
            var response = Response.raw(Data(data), type: "application/json; charset=utf-8")
            response.headers[.contentDisposition] = "attachment; filename=\"datos-personales.json\""
            return response
        }
    }

    private func carryOut(
        _ order: PersonRequestOrder, _ id: String, _ note: String, by name: String
    ) async throws -> PersonRequestView {
        let view = try await backend.desk.order(order, requestID: id, note: note, by: name, now: backend.now())
        if view.erased != nil { backend.metrics.add(.erasures) }
        return view
    }

    /// - Throws: 400 where it is no day; nil for none.
    private static func day(_ text: String) throws -> Day? {
        if text.isEmpty { return nil }
        guard let day = Day(text) else {
            throw Refusal(.badRequest, "invalid_day", "Expected a day such as 2026-12-05, not `\(text)`.")
        }
        return day
    }

    private static func refusing<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let refusal as PersonRequestRefusal {
            throw Refusal(refusal)
        } catch let error as StoreError {
            throw Refusal(error)
        }
    }

    // MARK: The page

    private func page(
        _ visitor: Visitor, _ notice: Notice?, typed: [String: String] = [:], status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let now = backend.now()
        let today = now.day(in: backend.processor.world.zone)
        let page = PrivacyPage(try await backend.desk.personRequests(now: now), for: visitor, today: today)
        return ConsoleRoutes.html(page.rendered(notice, typed: typed), status: status)
    }

    private func write(_ posted: ConsoleRoutes.Posted) async throws -> Response {
        let fields = posted.fields
        func refused(_ why: String) async throws -> Response {
            try await page(posted.visitor, .refused(why), typed: fields, status: .unprocessableContent)
        }
        guard let right = fields["derecho"].flatMap(DataRight.init) else {
            return try await refused("Elegí qué derecho ejerce.")
        }
        let today = backend.now().day(in: backend.processor.world.zone)
        guard let day = Day(fields["dia"] ?? ""), day <= today else {
            return try await refused("El día «\(fields["dia"] ?? "")» no se entiende, o todavía no llegó.")
        }
        do {
            let account = (fields["cuenta"] ?? "").trimmingCharacters(in: .whitespaces)
            _ = try await backend.desk.register(
                right, accountID: account, channel: fields["canal"] ?? "", askedBy: fields["quien"] ?? "",
                askedOn: day, by: posted.visitor.name, now: backend.now())
        } catch let refusal as PersonRequestRefusal {
            return try await refused(refusal.spanish)
        }
        return Response.seeOther("/consola/privacidad?hecho=anotar")
    }

    private func act(_ id: String, _ action: String, _ posted: ConsoleRoutes.Posted) async throws -> Response {
        let orders: [String: PersonRequestOrder] = ["verificar": .verify, "cumplir": .done, "denegar": .refuse]
        guard let order = orders[action] else {
            throw Refusal(.notFound, "unknown_action", "There is no action `\(action)`.")
        }
        do {
            let view = try await carryOut(order, id, posted.fields["nota"] ?? "", by: posted.visitor.name)
            let done = view.erased == nil ? action : view.kept?.isEmpty == false ? "suprimir-parte" : "suprimir"
            return Response.seeOther("/consola/privacidad?hecho=\(done)")
        } catch let refusal as PersonRequestRefusal {
            return try await page(posted.visitor, .refused(refusal.spanish), status: Refusal(refusal).status)
        }
    }

    /// What is said of an order that was carried out.
    private static let done = [
        "anotar": "El pedido quedó anotado.", "verificar": "La identidad quedó verificada.",
        "cumplir": "El pedido quedó cumplido.", "denegar": "El pedido quedó denegado, con su motivo.",
        "suprimir": "Sus datos se borraron.",
        "suprimir-parte":
            "Sus datos se borraron. Queda, sin nombre, lo que debe y lo que pagó: el contrato y los libros lo exigen (art. 16 inc. 5).",
    ]
}

extension Refusal {
    init(_ refusal: PersonRequestRefusal) {
        let (status, code): (HTTPResponse.Status, String) =
            switch refusal {
            case .unknownRequest: (.notFound, "unknown_request")
            case .unknownAccount: (.notFound, "unknown_account")
            case .noReason: (.badRequest, "no_reason")
            case .wrongState: (.conflict, "wrong_state")
            case .openHandoffs: (.conflict, "open_handoffs")
            case .openRequests: (.conflict, "open_requests")
            case .messagesWaiting: (.conflict, "messages_waiting")
            case .wroteMeanwhile: (.conflict, "wrote_meanwhile")
            }
        self.init(status, code, refusal.spanish)
    }
}
