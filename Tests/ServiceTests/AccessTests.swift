import DemoCompany
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Quantities
import SharedData
import Storage
import Testing

@testable import Service

/// Who may use which route.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct AccessTests {
    private struct Route: Hashable {
        let method, path: String
        var entry: String { "\(method) \(path)" }
        /// With something in the place of each parameter.
        var url: String {
            path.replacing(/\{[a-z]+\}/, with: "x")
        }
    }

    /// What a server with every gateway, the playground and the sandbox serves.
    private static func routes() async throws -> Set<Route> {
        try await withTemporaryFolder { folder in
            var configuration = try demoConfiguration(in: folder)
            for gateway in Gateway.allCases { gateway.configure(&configuration, "http://127.0.0.1:1") }
            configuration.gateways.voice = VoiceTests.voice
            configuration.gateways.mailIn = .init(
                mailbox: "a@fibra.example", webhookSecret: GatewaySecret(Gateway.secret))
            configuration.playground = true
            let store = try Store(path: configuration.database)
            let current = CurrentWorld(DemoCompany.world)
            let logger = Logger(label: "test")
            let backend = Backend(
                configuration: configuration, store: store, current: current,
                dialogs: LiveDialogs(configuration: configuration, store: store, current: current, logger: logger),
                metrics: Metrics(), logger: logger, outboxSignal: Signal(), connections: OpenConnections(most: 1))
            let routes = Server.router(backend) { _ in }.routes
            try store.close()
            return Set(routes.map { Route(method: $0.method.rawValue, path: $0.path.description) })
        }
    }

    @Test("Every route is in the table of access, and the table has no others")
    func complete() async throws {
        let routes = Set(try await Self.routes().map(\.entry))
        let table = Set(Access.table.keys)
        #expect(routes.subtracting(table).sorted() == [], "a route without an entry is used by nobody")
        #expect(table.subtracting(routes).sorted() == [], "an entry without a route")
    }

    @Test("Docs/access.md has the table as it is")
    func documented() throws {
        let file = SharedData.repository.appendingPathComponent("Docs/access.md")
        let rows = Access.table.sorted { ($0.key.drop { $0 != " " }, $0.key) < ($1.key.drop { $0 != " " }, $1.key) }
            .map { "| `\($0.key)` | \($0.value.words) |" }
        let written = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter {
            $0.hasPrefix("| `")
        }
        #expect(written.map(String.init) == rows, "\(rows.joined(separator: "\n"))")
    }

    @Test("A token opens the routes of its role and no others; without one there is 401")
    func tokens() async throws {
        try await withServer { server, store in
            var secrets: [Role: String] = [:]
            for role in Role.allCases {
                secrets[role] = try await store.newToken("de \(role)", role, days: 1, by: "test", now: .now).secret
            }
            for (entry, access) in Access.table.sorted(by: { $0.key < $1.key }) {
                guard case .token(let roles) = access else { continue }
                let parts = entry.split(separator: " ").map(String.init)
                let route = Route(method: parts[0], path: parts[1])
                // A stream has no end to wait for.
                if route.path.hasSuffix("/stream") { continue }
                #expect(try await server.send(route.method, route.url, nil, [:]).status == 401, "\(entry)")
                for role in Role.allCases {
                    let status = try await server.send(
                        route.method, route.url, nil, ["Authorization": "Bearer \(secrets[role]!)"]
                    ).status
                    if roles.contains(role) {
                        #expect(status != 401 && status != 403 && status != 429 && status < 500, "\(entry) \(role)")
                    } else {
                        #expect(status == 403, "\(entry) \(role)")
                    }
                }
            }
        }
    }

    @Test("A session opens the pages of its role and no others; without one there is the login or 401")
    func sessions() async throws {
        let cookies = Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0, "cookie-\($0.rawValue)") })
        try await withServer { configuration in
            configuration.agents = Role.allCases.map { .init(name: $0.rawValue, role: $0) }
        } _: { server, store in
            for (role, cookie) in cookies {
                let key = Store.hash(ofToken: cookie).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
                try await store.begin(
                    ConsoleSession(agent: role.rawValue, csrf: "c", expiresAt: Moment.now.adding(seconds: 600)),
                    key: key.joined(), now: .now)
            }
            for (entry, access) in Access.table.sorted(by: { $0.key < $1.key }) {
                guard case .session(let roles) = access, entry != "GET /consola/cambios" else { continue }
                let parts = entry.split(separator: " ").map(String.init)
                let route = Route(method: parts[0], path: parts[1])
                let stranger = try await server.send(route.method, route.url, nil, [:])
                #expect(
                    route.method == "GET" ? stranger.text.contains("Contraseña") : stranger.status == 401, "\(entry)")
                for role in Role.allCases {
                    let answer = try await server.send(
                        route.method, route.url, nil, ["Cookie": "promesa_console=\(cookies[role]!)"])
                    let isForbidden = answer.status == 403 && !answer.text.contains("otra sesión")
                    #expect(isForbidden != roles.contains(role), "\(entry) \(role): \(answer.status)")
                    #expect(answer.status != 401 && answer.status < 500, "\(entry) \(role): \(answer.status)")
                }
            }
        }
    }

    @Test("HEAD is answered as GET is, to the same people, without a body; where there is no GET it is 405")
    func head() async throws {
        try await withServer { server, _ in
            for path in ["/healthz", "/readyz", "/metrics", "/consola/entrar", "/v1/dialogs", "/nada"] {
                for headers in [[:], ["Authorization": "Bearer demo-operador"]] {
                    let get = try await server.send("GET", path, nil, headers)
                    let head = try await server.send("HEAD", path, nil, headers)
                    #expect(head.status == get.status && head.body.isEmpty && !get.body.isEmpty, "\(path)")
                }
            }
            #expect(try await server.send("HEAD", "/v1/payments", nil, [:]).status == 405)
            #expect(
                Access.methods(of: "/healthz") == ["GET", "HEAD"] && Access.methods(of: "/v1/payments") == ["POST"])
        }
    }

    @Test("Who writes dialogs and who runs the server find what is theirs at the console's door, and no case")
    func doors() async throws {
        try await withServer { configuration in
            configuration.agents = Role.allCases.map { .init(name: $0.rawValue, role: $0) }
        } _: { server, store in
            func page(_ role: Role) async throws -> String {
                let key = Store.hash(ofToken: role.rawValue).map {
                    String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
                }
                try await store.begin(
                    ConsoleSession(agent: role.rawValue, csrf: "c", expiresAt: Moment.now.adding(seconds: 600)),
                    key: key.joined(), now: .now)
                return try await server.send(
                    "GET", "/consola", nil, ["Cookie": "promesa_console=\(role.rawValue)"]
                ).text
            }
            let (designer, runner) = (try await page(.designer), try await page(.operator))
            #expect(designer.contains("<h1>Diálogos</h1>") && designer.contains("empieza las charlas"))
            #expect(runner.contains("<h1>Servidor</h1>") && runner.contains("promesa outbox list"))
            for text in [designer, runner] {
                #expect(!text.contains("/consola/llamados") && !text.contains("/consola/tablero"))
            }
            #expect(try await page(.agent).contains("En la cola"))
        }
    }

    @Test("A token that has expired, was revoked or never was is 401; a revoked one at once")
    func revoked() async throws {
        try await withServer { server, store in
            let long = try await store.newToken("erp", .operator, days: 1, by: "test", now: .now)
            let old = try await store.newToken(
                "viejo", .operator, days: 1, by: "test", now: Moment.now.adding(seconds: -86_401))
            #expect(try await server.get("/v1/dialogs", token: long.secret).status == 200)
            #expect(try await server.get("/v1/dialogs", token: old.secret).status == 401)
            #expect(try await server.get("/v1/dialogs", token: long.secret + "0").status == 401)
            let name = #"{"name":"erp"}"#
            #expect(try await server.post("/v1/tokens/revoke", name, token: "demo-operador").status == 200)
            #expect(try await server.get("/v1/dialogs", token: long.secret).status == 401)
            #expect(try await server.post("/v1/tokens/revoke", name, token: "demo-operador").status == 404)
        }
    }

    @Test("A token is made over HTTP, shown once, and kept as its hash")
    func made() async throws {
        try await withServer { server, store in
            let wish = #"{"name":"Diego","role":"agent","days":90}"#
            let answer = try await server.post("/v1/tokens", wish, token: "demo-operador")
            let made: NewToken = try answer.decoded()
            #expect(made.secret.hasPrefix("promesa_") && made.secret.count == 72)
            #expect(try await server.get("/v1/handoffs", token: made.secret).status == 200)
            let list = try await server.get("/v1/tokens", token: "demo-operador").text
            #expect(list.contains("Diego") && !list.contains(made.secret))
            #expect(try await server.post("/v1/tokens", wish, token: "demo-operador").status == 409)
            for wrong in [
                #"{"name":"","role":"agent","days":90}"#, #"{"name":"x","role":"jefe","days":90}"#,
                #"{"name":"x","role":"agent","days":0}"#,
            ] {
                #expect(try await server.post("/v1/tokens", wrong, token: "demo-operador").status == 400)
            }
            let kinds = try await store.auditKinds()
            #expect(kinds.contains("token.created") && !kinds.contains("token.revoked"))
        }
    }
}

/// Where requests come from, and how often they may fail.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct FailureLimitTests {
    private func source(_ forwarded: [String], peer: String?, proxies: Set<String>) -> String {
        var request = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/")
        for value in forwarded { request.headerFields.append(.init(name: .init("X-Forwarded-For")!, value: value)) }
        return RequestSource.name(
            of: Request(head: request, body: RequestBody(buffer: ByteBuffer())), peer: peer, behind: proxies)
    }

    @Test("X-Forwarded-For is read only from a proxy of ours, and only what our proxies wrote")
    func sources() throws {
        #expect(source(["9.9.9.9"], peer: "1.2.3.4", proxies: []) == "1.2.3.4")
        #expect(source(["9.9.9.9"], peer: "1.2.3.4", proxies: ["1.2.3.4"]) == "9.9.9.9")
        #expect(source(["6.6.6.6, 9.9.9.9"], peer: "1.2.3.4", proxies: ["1.2.3.4"]) == "9.9.9.9")
        #expect(
            source(["6.6.6.6", "9.9.9.9, 1.2.3.5"], peer: "1.2.3.4", proxies: ["1.2.3.4", "1.2.3.5"]) == "9.9.9.9")
        #expect(source(["no es una dirección"], peer: "1.2.3.4", proxies: ["1.2.3.4"]) == "1.2.3.4")
        #expect(source([], peer: "1.2.3.4", proxies: ["1.2.3.4"]) == "1.2.3.4")
        #expect(source([], peer: nil, proxies: []) == "unknown")
        let six = source([], peer: "2001:db8:0:1::1", proxies: [])
        #expect(six == source([], peer: "2001:db8:0:1:ffff::2", proxies: []))
        #expect(six != source([], peer: "2001:db8:0:2::1", proxies: []))
        #expect(source([], peer: "::ffff:1.2.3.4", proxies: []) == "1.2.3.4")
    }

    @Test("After twenty wrong tokens an address waits, also with the right one; another does not")
    func tokens() async throws {
        try await withServer {
            $0.trustedProxies = ["127.0.0.1"]
        } _: { server, _ in
            func ask(_ token: String, from address: String) async throws -> Answer {
                try await server.send(
                    "GET", "/v1/dialogs", nil, ["Authorization": "Bearer \(token)", "X-Forwarded-For": address])
            }
            for _ in 0..<20 {
                let answer = try await ask("no", from: "9.9.9.9")
                #expect(answer.status == 401)
            }
            #expect(try await ask("demo-operador", from: "9.9.9.9").status == 429)
            #expect(try await ask("demo-operador", from: "8.8.8.8").status == 200)
        }
    }

    @Test("After twenty wrong signatures an address gets 429 for a wrong one, and a right one still passes")
    func signatures() async throws {
        try await withServer { server, _ in
            let body = Data(#"{"id":"g-1","from":"+5491100000003","text":"hola"}"#.utf8)
            for _ in 0..<20 {
                let answer = try await server.generic(body, secret: "otro")
                #expect(answer.status == 401)
            }
            #expect(try await server.generic(body, secret: "otro").status == 429)
            #expect(try await server.generic(body).status == 200)
        }
    }

    @Test(
        "Who forges signatures shuts nobody at the same address out of the console or the API, nor the other way round")
    func apart() async throws {
        try await withServer { server, _ in
            let body = Data(#"{"id":"g-1","from":"+5491100000003","text":"hola"}"#.utf8)
            for _ in 0..<25 { _ = try await server.generic(body, secret: "otro") }
            #expect(try await server.get("/v1/dialogs", token: "demo-operador").status == 200)
            func logIn(_ name: String) async throws -> Int {
                try await server.send("POST", "/consola/entrar", Data("nombre=\(name)&clave=x".utf8), [:]).status
            }
            #expect(try await logIn("n1") == 401)
            for _ in 0..<25 { _ = try await server.get("/v1/dialogs", token: "no") }
            #expect(try await server.get("/v1/dialogs", token: "demo-operador").status == 429)
            #expect(try await logIn("n2") == 401)
        }
    }

    @Test("After twenty wrong logins, whatever the names, an address waits")
    func logins() async throws {
        try await withServer { server, store in
            for index in 0..<20 {
                let form = Data("nombre=n\(index)&clave=x".utf8)
                let answer = try await server.send("POST", "/consola/entrar", form, [:])
                #expect(answer.status == 401)
            }
            let right = Data("nombre=Ana&clave=demo-ana".utf8)
            #expect(try await server.send("POST", "/consola/entrar", right, [:]).status == 429)
            #expect(try await store.auditKinds().filter { $0 == "login.failed" }.count == 20)
        }
    }

    @Test("However many addresses fail, memory is bounded")
    func bounded() {
        let failures = FailedAttempts(allowed: 2, pause: 60)
        for index in 0..<(FailedAttempts.remembered + 50) {
            failures.failed("\(index)", now: Moment(seconds: Int64(index)))
        }
        #expect(failures.count == FailedAttempts.remembered)
    }

    @Test("A pause ends, and then it counts anew")
    func pause() {
        let failures = FailedAttempts(allowed: 2, pause: 60)
        let now = DemoCompany.morning
        failures.failed("a", now: now)
        #expect(failures.wait("a", now: now) == nil)
        failures.failed("a", now: now)
        #expect(failures.wait("a", now: now) == 60 && failures.wait("b", now: now) == nil)
        #expect(failures.wait("a", now: now.adding(seconds: 60)) == nil)
        failures.failed("a", now: now.adding(seconds: 60))
        #expect(failures.wait("a", now: now.adding(seconds: 60)) == nil)
    }
}
