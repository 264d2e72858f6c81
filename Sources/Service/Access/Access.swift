import Conversations
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Storage

/// Who may use a route.
enum Access: Hashable, Sendable {
    /// Everybody: it tells nothing that is anybody's own, and changes nothing.
    case anybody
    /// Who signs: a gateway. The route verifies the raw bytes.
    case signed
    /// Who gives a name and a password: the console's login.
    case login
    /// Who has a sealed link: the customer. The route opens the seal.
    case link
    /// This machine only; the route looks at the host.
    case loopback
    /// A bearer token of one of these roles.
    case token(Set<Role>)
    /// Who is logged in to the console with one of these roles.
    case session(Set<Role>)

    /// Every route with who may use it. A route that is not here is used by nobody: ``AccessControl`` refuses it.
    static let table: [String: Access] = [
        "GET /healthz": .anybody, "GET /readyz": .anybody, "GET /metrics": .anybody,
        "GET /v1/webhooks/whatsapp": .signed, "POST /v1/webhooks/whatsapp": .signed,
        "POST /v1/webhooks/d360": .signed, "POST /v1/webhooks/sms": .signed,
        "POST /v1/webhooks/twilio-whatsapp": .signed, "POST /v1/webhooks/telegram": .signed,
        "POST /v1/webhooks/chatwoot": .signed, "POST /v1/webhooks/mail": .signed,
        "POST /v1/webhooks/generic": .signed, "POST /v1/webhooks/voice": .signed,
        "GET /v1/handoffs": .token([.agent, .manager]), "GET /v1/handoffs/stream": .token([.agent, .manager]),
        "GET /v1/handoffs/{id}": .token([.agent, .manager]),
        "POST /v1/handoffs/{id}/{action}": .token([.agent, .manager]),
        "GET /v1/callbacks": .token([.agent, .manager]),
        "GET /v1/agents": .token([.manager]), "POST /v1/presence": .token([.agent, .manager]),
        "POST /v1/payments": .token([.operator]), "POST /v1/imports/{kind}": .token([.operator]),
        "POST /v1/calls": .token([.operator]), "POST /v1/calls/results": .token([.operator]),
        "POST /v1/campaigns": .token([.operator, .manager]),
        "GET /v1/events": .token([.operator]), "GET /v1/events/targets": .token([.operator]),
        "POST /v1/events/replay": .token([.operator]),
        "GET /v1/outbox/dead": .token([.operator]), "POST /v1/outbox/retry": .token([.operator]),
        "POST /v1/outbox/discard": .token([.operator]), "GET /v1/dead-letters": .token([.operator]),
        "GET /v1/dialogs": .token([.operator, .designer]), "POST /v1/dialogs/reload": .token([.operator, .designer]),
        "GET /v1/privacy/requests": .token([.manager]), "POST /v1/privacy/requests": .token([.manager]),
        "POST /v1/privacy/requests/{id}/verify": .token([.manager]),
        "POST /v1/privacy/requests/{id}/done": .token([.manager]),
        "POST /v1/privacy/requests/{id}/refuse": .token([.manager]),
        "GET /v1/tokens": .token([.operator]), "POST /v1/tokens": .token([.operator]),
        "POST /v1/tokens/revoke": .token([.operator]),
        "GET /consola/estilo.css": .anybody, "GET /consola/consola.js": .anybody,
        "GET /consola/entrar": .anybody, "POST /consola/entrar": .login,
        "POST /consola/salir": .session(Set(Role.allCases)),
        "GET /consola": .session(Set(Role.allCases)), "GET /consola/cambios": .session([.agent, .manager]),
        "GET /consola/llamados": .session([.agent, .manager]),
        "GET /consola/presencia": .session([.agent, .manager]),
        "POST /consola/presencia": .session([.agent, .manager]), "GET /consola/equipo": .session([.manager]),
        "GET /consola/casos/{id}": .session([.agent, .manager]),
        "POST /consola/casos/{id}/{action}": .session([.agent, .manager]),
        "GET /consola/cuentas/{id}/historia": .session([.manager]),
        "GET /consola/cuentas/{id}/datos.json": .session([.manager]),
        "GET /consola/privacidad": .session([.manager]), "POST /consola/privacidad": .session([.manager]),
        "POST /consola/privacidad/{id}/{action}": .session([.manager]),
        "GET /tablero": .anybody, "GET /consola/tablero": .session([.manager]),
        "GET /consola/tablero/{subject}": .session([.manager]),
        "GET /consola/tablero/csv/{figure}": .session([.manager]),
        "GET /c/{token}": .link, "GET /c/{token}/resumen.pdf": .link, "GET /c/{token}/retirar": .link,
        "POST /c/{token}/retirar": .link, "POST /c/{token}/persona": .link,
        "GET /playground": .loopback, "POST /playground": .loopback, "GET /playground/style.css": .loopback,
        "GET /playground/{id}": .loopback, "POST /playground/{id}": .loopback,
        "GET /playground/{id}/charla.chat": .loopback,
        // The sandbox gateway is on for demos only; what it shows are its own messages.
        "POST /sandbox/{version}/{number}/messages": .anybody, "POST /sandbox/generic": .anybody,
        "POST /sandbox/2010-04-01/Accounts/{sid}/Messages.json": .anybody, "GET /sandbox/messages": .anybody,
    ]

    private static let paths = table.keys.map { entry in
        let parts = entry.split(separator: " ")
        return (method: String(parts[0]), steps: parts[1].split(separator: "/").map(String.init))
    }

    /// The methods that a path knows, sorted; empty where the table does not know it.
    static func methods(of path: String) -> [String] {
        let steps = path.split(separator: "/")
        let methods = paths.filter { known in
            known.steps.count == steps.count
                && zip(known.steps, steps).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }.map(\.method)
        return (methods.contains("GET") ? methods + ["HEAD"] : methods).sorted()
    }

    /// Who may use a route; whoever may `GET` it may ask for its headers. Nil where the table does not have it.
    static func of(_ method: HTTPRequest.Method, _ path: String) -> Access? {
        table["\(method == .head ? "GET" : method.rawValue) \(path)"]
    }

    /// In words, for `Docs/access.md`.
    var words: String {
        func list(_ roles: Set<Role>) -> String {
            Role.allCases.filter(roles.contains).map(\.rawValue).joined(separator: ", ")
        }
        return switch self {
        case .anybody: "everybody"
        case .signed: "who signs"
        case .login: "name and password"
        case .link: "who has the link"
        case .loopback: "this machine"
        case .token(let roles): "token: \(list(roles))"
        case .session(let roles): "console: \(list(roles))"
        }
    }
}

/// Who a request comes from, once that is known.
struct Caller: Sendable {
    let name: String
    let role: Role
    /// What the forms of a console session carry; empty for a token.
    var csrf = ""
    /// Of who attends cases in the console.
    var presence: AgentPresence.State?
}

/// What a route knows of a request besides the request.
struct RouteContext: RequestContext, RemoteAddressRequestContext {
    var coreContext: CoreRequestContextStorage
    let remoteAddress: SocketAddress?
    /// Set for routes that ask for a token or a session.
    var caller: Caller?
    /// Whether the client speaks TLS, to this server or to a trusted proxy.
    var isHTTPS = false

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
    }

    /// For a request that came over no socket.
    init(logger: Logger) {
        coreContext = .init(source: Socketless(logger: logger))
        remoteAddress = nil
    }

    private struct Socketless: RequestContextSource { let logger: Logger }

    /// - Throws: 401 where the route asks for nobody.
    func requireCaller() throws -> Caller {
        guard let caller else { throw Refusal.unauthorized }
        return caller
    }
}
