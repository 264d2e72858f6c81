import Conversations
import Desk
import Foundation
import Hummingbird
import Pages
import Quantities

/// The customer's own page. Whoever has the link is the customer: it is only given to who was verified.
struct CustomerRoutes {
    let backend: Backend
    let links: CustomerLinks

    func add(to router: Router<RouteContext>) {
        router.get("c/:token") { request, context in
            let done = request.uri.queryParameters["hecho"].flatMap { CustomerPage.Done(rawValue: String($0)) }
            return try await open(context) { page, _ in Self.html(page.rendered(done)) }
        }
        router.get("c/:token/resumen.pdf") { _, context in
            try await open(context) { _, view in
                var response = Response.raw(Data(statementPDF(view)), type: "application/pdf")
                response.headers[.contentDisposition] = "attachment; filename=\"resumen.pdf\""
                return response
            }
        }
        router.get("c/:token/retirar") { _, context in
            try await open(context) { page, _ in Self.html(page.hasPromise ? page.askingToWithdraw() : page.rendered())
            }
        }
        router.post("c/:token/retirar") { _, context in
            try await order(.withdrawPromise, context, done: .withdrawal)
        }
        router.post("c/:token/persona") { _, context in
            try await order(.askForPerson, context, done: .person)
        }
    }

    private func place(_ context: RouteContext) throws -> String {
        "/c/" + (try context.parameters.require("token"))
    }

    private func account(_ context: RouteContext) throws -> String? {
        let day = backend.now().day(in: backend.processor.world.zone)
        return links.account(try context.parameters.require("token"), on: day)
    }

    private func open(
        _ context: RouteContext, _ answer: (CustomerPage, CustomerView) -> Response
    ) async throws -> Response {
        guard let id = try account(context),
            let view = try await backend.desk.customer(accountID: id, now: backend.now())
        else { return closed }
        return Self.discreet(answer(CustomerPage(view, at: try place(context)), view))
    }

    private func order(_ order: PageOrder, _ context: RouteContext, done: CustomerPage.Done) async throws -> Response {
        guard let id = try account(context) else { return closed }
        try await backend.desk.take(order, accountID: id, now: backend.now())
        backend.outboxSignal.fire()
        return Self.discreet(.seeOther("\(try place(context))?hecho=\(done.rawValue)"))
    }

    /// - Parameter seconds: after which to come again.
    static func busy(_ seconds: Int, in phrases: Phrases) -> Response {
        var response = discreet(html(busyPage(in: phrases), status: .tooManyRequests))
        response.headers[.retryAfter] = String(seconds)
        return response
    }

    private var closed: Response {
        Self.discreet(Self.html(expiredLinkPage(in: backend.processor.world.phrases), status: .notFound))
    }

    private static func html(_ page: String, status: HTTPResponse.Status = .ok) -> Response {
        // The empty picture that keeps browsers from asking for one.
        .page(page, status: status, sources: "img-src data:;")
    }

    /// The link is the key: no search engine may keep it, and no page that is left for may learn it.
    private static func discreet(_ response: Response) -> Response {
        var response = response
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.init("X-Robots-Tag")!] = "noindex"
        return response
    }
}
