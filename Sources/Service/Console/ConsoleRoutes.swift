import Channels
import Conversations
import Desk
import Foundation
import Hummingbird
import NIOCore
import Negotiation
import Pages
import Quantities
import ServiceLifecycle
import Storage

/// The agents' console: pages that the server renders, in Spanish.
struct ConsoleRoutes {
    let backend: Backend
    let login: ConsoleLogin

    func add(to router: Router<RouteContext>) {
        DashboardRoutes(backend: backend).add(to: router)
        PrivacyRoutes(backend: backend).add(to: router)
        router.get("consola/estilo.css") { _, _ in Self.asset(PageAssets.style, "text/css; charset=utf-8") }
        router.get("consola/consola.js") { _, _ in Self.asset(PageAssets.script, "text/javascript; charset=utf-8") }
        router.get("consola/entrar") { request, context in
            let name = login.namedByProxy(request, peer: context.remoteAddress?.ipAddress)
            let wanted = request.uri.queryParameters["volver"].map(String.init)
            guard let name else { return Self.html(loginPage(wanted: wanted)) }
            return Response.seeOther(
                ConsoleRefusal.place(wanted), cookie: try await login.begin(name, request, isHTTPS: context.isHTTPS))
        }
        router.post("consola/entrar") { request, context in try await logIn(request, context) }
        router.post("consola/salir") { request, context in
            let visitor = try await Self.posted(request, context).visitor
            let cookie = try await login.end(request, isHTTPS: context.isHTTPS)
            if visitor.presence != nil { try await backend.note(.absent, of: visitor.name) }
            return Response.seeOther("/consola/entrar", cookie: cookie)
        }
        router.get("consola") { request, context in
            let caller = try context.requireCaller()
            let visitor = Visitor(caller)
            switch caller.role {
            case .designer: return Self.html(dialogsPage(try await dialogs(), for: visitor))
            case .operator: return Self.html(serverPage(try await server(), for: visitor))
            case .agent, .manager: break
            }
            let done = request.uri.queryParameters["hecho"].flatMap { Self.done[String($0)] }
            return try await queue(visitor, done.map { .done($0) })
        }
        router.get("consola/presencia") { _, context in
            try Response.json(["state": try context.requireCaller().presence?.rawValue ?? ""])
        }
        router.post("consola/presencia") { request, context in
            let posted = try await Self.posted(request, context)
            guard
                let state = ["pausa": AgentPresence.State.paused, "disponible": .available][
                    posted.fields["estado"] ?? ""]
            else { throw Refusal(.badRequest, "malformed", "Field `estado`: expected pausa or disponible.") }
            try await backend.note(state, of: posted.visitor.name)
            return Response.seeOther("/consola?hecho=\(state == .paused ? "pausa" : "disponible")")
        }
        router.get("consola/equipo") { request, context in
            let visitor = Visitor(try context.requireCaller())
            let done = request.uri.queryParameters["hecho"].flatMap { Self.done[String($0)] }
            return Self.html(
                teamPage(try await backend.desk.team(now: backend.now()), for: visitor, done.map { .done($0) }))
        }
        router.get("consola/llamados") { _, context in
            Self.html(
                callsPage(
                    try await backend.desk.calls(now: backend.now()), for: Visitor(try context.requireCaller())))
        }
        router.get("consola/cambios") { request, _ in
            return try await HandoffStream(store: backend.store).response(
                to: request, only: request.uri.queryParameters["caso"].map(String.init))
        }
        router.get("consola/casos/:id") { request, context in
            try await showCase(context.parameters.require("id"), Visitor(context.requireCaller()), request)
        }
        router.get("consola/cuentas/:id/historia") { _, context in
            let visitor = Visitor(try context.requireCaller())
            let id = try context.parameters.require("id")
            guard let history = try await backend.desk.history(accountID: id) else {
                return try await queue(visitor, .refused("No hay una cuenta «\(id)»."))
            }
            try await backend.record("history.read", [visitor.name], account: id)
            return Self.html(historyPage(history, for: visitor, made: backend.now()))
        }
        router.post("consola/casos/:id/:action") { request, context in
            try await act(
                context.parameters.require("id"), context.parameters.require("action"),
                try await Self.posted(request, context))
        }
    }

    struct Posted {
        let visitor: Visitor
        let fields: [String: String]
    }

    /// A form of a visitor, with the token that only our own pages have.
    /// - Throws: 401 and 403.
    static func posted(_ request: Request, _ context: RouteContext) async throws -> Posted {
        let visitor = Visitor(try context.requireCaller())
        let fields = WebForm.fields(try await request.bodyBytes(.form)) ?? [:]
        guard Signatures.areEqual(fields["csrf"] ?? "", visitor.csrf) else {
            throw Refusal(.forbidden, "csrf", "The form is not from this session: open the page again.")
        }
        return Posted(visitor: visitor, fields: fields)
    }

    private func logIn(_ request: Request, _ context: RouteContext) async throws -> Response {
        // A page of another site must not log its visitor in as somebody else.
        if let site = request.headers[.init("Sec-Fetch-Site")!], site != "same-origin", site != "none" {
            throw Refusal(.forbidden, "other_origin", "This form is of another page.")
        }
        let fields = WebForm.fields(try await request.bodyBytes(.form)) ?? [:]
        let outcome = try await login.logIn(
            name: fields["nombre"] ?? "", password: fields["clave"] ?? "", request, isHTTPS: context.isHTTPS)
        switch outcome {
        case .welcome(let cookie): return Response.seeOther(ConsoleRefusal.place(fields["volver"]), cookie: cookie)
        case .wrong:
            return Self.html(
                loginPage(.refused("El nombre o la contraseña no son correctos."), wanted: fields["volver"]),
                status: .unauthorized)
        case .wait(let seconds): return Self.tooManyAttempts(seconds)
        }
    }

    static func tooManyAttempts(_ seconds: Int) -> Response {
        var response = html(
            loginPage(.refused("Demasiados intentos. Probá de nuevo en \(seconds) segundos.")),
            status: .tooManyRequests)
        response.headers[.retryAfter] = String(seconds)
        return response
    }

    // MARK: Pages

    private func dialogs() async throws -> DialogsView {
        let status = try await backend.dialogs.status()
        return DialogsView(
            versions: status.dialogs.map { dialog in
                let use = ["entry": "empieza las charlas", "experiment": "a prueba"][dialog.role ?? ""] ?? "a mano"
                return .init(
                    name: dialog.name, version: dialog.version,
                    use: use + (dialog.share.map { " (\($0) %)" } ?? ""), conversations: dialog.results.conversations,
                    handoffs: dialog.results.handoffs, promises: dialog.results.promises.values.reduce(0, +))
            }, refused: Self.refused(status), hasPlayground: backend.configuration.playground)
    }

    private func server() async throws -> ServerView {
        let outbox = try await backend.store.waitingMessages()
        let targets = try await backend.store.eventTargets(backend.configuration.events.map(\.name))
        return ServerView(
            pendingMessages: outbox.pending, deadMessages: outbox.dead,
            unreadable: try await backend.store.deadLetters(limit: 1000).count,
            targets: targets.map { .init(name: $0.name, waiting: $0.waiting, dead: $0.dead) },
            refused: Self.refused(try await backend.dialogs.status()))
    }

    private static func refused(_ status: LiveDialogs.Status) -> [DialogsView.Refused] {
        status.refused.map { .init(file: $0.file, why: $0.why) }
    }

    private func queue(_ visitor: Visitor, _ notice: Notice?) async throws -> Response {
        Self.html(queuePage(try await backend.desk.list(for: visitor.name, now: backend.now()), for: visitor, notice))
    }

    private func showCase(_ id: String, _ visitor: Visitor, _ request: Request) async throws -> Response {
        let query = request.uri.queryParameters
        func typed(_ name: Substring) -> String { query[name].map(String.init) ?? "" }
        var quote = Quote(amount: typed("importe"), day: typed("dia"), instalments: typed("cuotas"))
        if !(quote.amount + quote.day + quote.instalments).isEmpty {
            quote.answer = try await answer(to: quote, id)
        }
        let done = Self.done[typed("hecho")]
        return try await casePage(id, visitor, quote: quote, done.map { .done($0) })
    }

    private func casePage(
        _ id: String, _ visitor: Visitor, quote: Quote = Quote(), draft: String = "", call: CallForm = CallForm(),
        _ notice: Notice?, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        do {
            let view = try await backend.desk.read(id, now: backend.now())
            let names = backend.configuration.attendants
            let world = backend.processor.world
            let account = view.account.flatMap { $0.verified ? $0.id : nil }
            let page = account.flatMap { world.customerPage?($0, backend.now().day(in: world.zone)) }
            return Self.html(
                CasePage(
                    view, for: visitor, colleagues: names, quote: quote, draft: draft, call: call,
                    customerPage: page
                ).rendered(notice), status: status)
        } catch AgentRefusal.unknownHandoff {
            let entries = try await backend.desk.list(for: visitor.name, now: backend.now())
            return Self.html(
                queuePage(entries, for: visitor, .refused("Ese caso no existe.")), status: .notFound)
        }
    }

    private func answer(to quote: Quote, _ id: String) async throws -> Notice {
        let today = backend.now().day(in: backend.processor.world.zone)
        do {
            switch try await backend.desk.quote(try Self.proposal(quote), handoffID: id, now: backend.now()) {
            case .admissible(let offer): return .done("Se puede: \(offer.summary(asOf: today)).")
            case .counter(let offer, let why): return .refused("\(why) Lo más cercano: \(offer.summary(asOf: today)).")
            case .needsHuman(let why): return .refused(why)
            }
        } catch let refusal as AgentRefusal {
            return .refused(Self.words(refusal))
        } catch let problem as Unreadable {
            return .refused(problem.reason)
        }
    }

    // MARK: Orders

    private func act(_ id: String, _ action: String, _ posted: Posted) async throws -> Response {
        let fields = posted.fields
        let quote = Quote(
            amount: fields["importe"] ?? "", day: fields["dia"] ?? "", instalments: fields["cuotas"] ?? "")
        func refused(_ why: String, _ status: HTTPResponse.Status) async throws -> Response {
            try await casePage(
                id, posted.visitor, quote: quote, draft: action == "responder" ? fields["texto"] ?? "" : "",
                call: CallForm(
                    day: fields["dia_llamado"] ?? "", time: fields["hora"] ?? "", phone: fields["telefono"] ?? "",
                    about: fields["motivo"] ?? ""), .refused(why), status: status)
        }
        do {
            _ = try await backend.desk.command(
                try command(action, fields, quote), by: posted.visitor.name,
                supervising: posted.visitor.isSupervisor,
                epoch: action == "responder" ? fields["epoca"].flatMap { Int($0) } : nil, handoffID: id,
                now: backend.now())
        } catch let refusal as AgentRefusal {
            return try await refused(Self.words(refusal), Refusal(refusal).status)
        } catch let problem as Unreadable {
            return try await refused(problem.reason, .unprocessableContent)
        }
        backend.outboxSignal.fire()
        if fields["desde"] == "equipo" { return Response.seeOther("/consola/equipo?hecho=\(action)") }
        let leaves = ["soltar", "devolver", "cerrar", "pasar", "agendar"].contains(action)
        return Response.seeOther((leaves ? "/consola" : "/consola/casos/\(id)") + "?hecho=\(action)")
    }

    /// What was typed and cannot be understood.
    private struct Unreadable: Error {
        let reason: String
    }

    private func command(_ action: String, _ fields: [String: String], _ quote: Quote) throws -> AgentCommand {
        func text(_ what: String) throws -> String {
            let text = fields["texto"] ?? ""
            if text.allSatisfy(\.isWhitespace) { throw Unreadable(reason: "Escribí \(what).") }
            return text
        }
        let note = fields["texto"].flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
        switch action {
        case "tomar": return .claim
        case "esperar": return .hold
        case "soltar": return .release
        case "devolver": return .returnToBot(note: note)
        case "cerrar": return .close(note: note)
        case "responder": return .reply(try text("la respuesta"))
        case "anotar": return .note(try text("la nota"))
        case "vulnerable": return .mark(ceased: nil, vulnerable: true)
        case "levantar-vulnerable": return .mark(ceased: nil, vulnerable: false)
        case "cese": return .mark(ceased: true, vulnerable: nil)
        case "levantar-cese": return .mark(ceased: false, vulnerable: nil)
        case "pasar":
            guard let name = fields["a"], backend.configuration.attendants.contains(name) else {
                throw Unreadable(reason: "Elegí a quién pasarle el caso.")
            }
            return .transfer(to: name)
        case "agendar":
            guard let moment = try moment(fields) else { throw Unreadable(reason: "Elegí qué día hay que llamar.") }
            return .schedule(at: moment, phone: fields["telefono"] ?? "", about: fields["motivo"] ?? "")
        case "hablamos": return .called(reached: true, next: nil)
        case "no-atendio": return .called(reached: false, next: try moment(fields))
        case "cancelar-llamado": return .cancelCall
        case "acordar":
            if let offer = fields["oferta"] { return .agree(.offer(id: offer)) }
            return .agree(.proposal(try Self.proposal(quote)))
        default: throw Refusal(.notFound, "unknown_action", "There is no action `\(action)`.")
        }
    }

    /// When to call; nil where no day was chosen.
    private func moment(_ fields: [String: String]) throws -> Moment? {
        guard let day = fields["dia_llamado"], !day.isEmpty else { return nil }
        guard let time = fields["hora"], !time.isEmpty else { throw Unreadable(reason: "Elegí a qué hora.") }
        guard let moment = Moment(iso: "\(day)T\(time)", in: backend.processor.world.zone), time.utf8.count == 5 else {
            throw Unreadable(
                reason: "El día «\(day)» y la hora «\(time)» no se entienden: escribilos como 2026-12-05 y 15:30.")
        }
        return moment
    }

    private static func proposal(_ quote: Quote) throws -> Proposal {
        var proposal = Proposal()
        if !quote.amount.isEmpty {
            guard let amount = Money(typed: quote.amount), amount.isPositive else {
                throw Unreadable(reason: "El importe «\(quote.amount)» no se entiende: escribilo como 20.000,00.")
            }
            proposal.amount = amount
        }
        if !quote.day.isEmpty {
            guard let day = Day(quote.day) else {
                throw Unreadable(reason: "El día «\(quote.day)» no se entiende: escribilo como 2026-12-05.")
            }
            proposal.day = day
        }
        if !quote.instalments.isEmpty {
            guard let count = Int(quote.instalments), (1...120).contains(count) else {
                throw Unreadable(reason: "Las cuotas van de 1 a 120.")
            }
            proposal.instalments = count
        }
        return proposal
    }

    private static func words(_ refusal: AgentRefusal) -> String {
        switch refusal {
        case .unknownHandoff: "Ese caso no existe."
        case .claimedBy(let name): "Lo tiene \(name)."
        case .notYours: "Tomá el caso antes."
        case .wrongState: "El caso cambió mientras tanto: mirá cómo quedó."
        case .forbiddenWording(let rule, let words):
            "No se puede mandar «\(words)»: \(rule.why) (\(rule.id)). Decilo de otra manera."
        case .beyondPolicy(let why): why
        case .cannotCall(let why, let nearest): why + (nearest.map { " Lo más cercano: \($0)." } ?? "")
        case .full(let agent, let capacity):
            "\(agent) ya tiene \(capacity) casos, que es su máximo: primero tiene que cerrar, devolver o soltar uno."
        case .stale(let owner):
            "Mientras escribías el caso cambió de manos: \(owner.map { "ahora lo tiene \($0)" } ?? "volvió a la cola"). No se mandó nada; tu borrador está abajo."
        case .noCall: "En este caso no hay ningún llamado pendiente."
        case .onThePhone: "Habló por teléfono y no tiene dónde leerte: llamalo, o agendá un llamado."
        case .callPending: "Hay un llamado pendiente: anotá cómo salió, o cancelalo."
        }
    }

    /// What is said of an order that was carried out.
    private static let done = [
        "tomar": "El caso es tuyo.", "esperar": "Quedó en espera.", "soltar": "El caso volvió a la cola.",
        "devolver": "Sigue el bot.", "cerrar": "El caso quedó cerrado.", "responder": "Se mandó.",
        "anotar": "La nota quedó guardada.", "vulnerable": "Desde ahora le escriben solo personas.",
        "levantar-vulnerable": "El bot puede volver a escribirle.", "cese": "No se le escribe más para cobrar.",
        "levantar-cese": "Se puede volver a escribirle para cobrar.", "pasar": "El caso pasó a la otra persona.",
        "pausa": "Estás en pausa: tus casos siguen siendo tuyos y no te llegan otros.",
        "disponible": "Estás disponible.",
        "agendar": "El llamado quedó agendado.", "hablamos": "Quedó anotado que hablaron.",
        "no-atendio": "Quedó anotado que no atendió.", "cancelar-llamado": "El llamado quedó cancelado.",
        "acordar": "El acuerdo quedó anotado y se le confirmó al cliente.",
    ]

    // MARK: Responses

    static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response.page(text, status: status, sources: "script-src 'self'; connect-src 'self'; img-src data:;")
    }

    private static func asset(_ bytes: [UInt8], _ type: String) -> Response {
        var response = Response.raw(Data(bytes), type: type)
        response.headers[.cacheControl] = "max-age=300"
        return response
    }
}

extension Visitor {
    init(_ caller: Caller) {
        self.init(
            name: caller.name, isSupervisor: caller.role == .manager,
            attends: caller.role == .agent || caller.role == .manager, csrf: caller.csrf,
            presence: caller.presence?.rawValue)
    }
}

extension Money {
    /// Pesos as people type them: `20000`, `20.000`, `20.000,50`, `$ 20.000,5`; nil for anything else.
    init?(typed text: String) {
        let parts = text.filter { !" $".contains($0) }.split(separator: ",", omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= 2 else { return nil }
        let groups = whole.split(separator: ".", omittingEmptySubsequences: false)
        guard groups.dropFirst().allSatisfy({ $0.count == 3 }), groups.count == 1 || (1...3).contains(groups[0].count)
        else { return nil }
        self.init(plain: groups.joined() + (parts.count == 2 ? ".\(parts[1])" : ""))
    }
}
