import AsyncHTTPClient
import DatabaseEngine
import DemoCompany
import Foundation
import Quantities
import Storage
import Testing

@testable import Service

/// What every answer tells a browser.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct SecurityHeadersTests {
    /// Does not follow redirections: they are answers too.
    private func ask(
        _ server: Remote, _ method: String, _ path: String, _ headers: [String: String] = [:], body: Data? = nil
    ) async throws -> (status: Int, headers: [String: String]) {
        try await withClient { client in
            var request = HTTPClientRequest(url: server.url + path)
            request.method = .init(rawValue: method)
            for (name, value) in headers { request.headers.add(name: name, value: value) }
            if let body { request.body = .bytes(body) }
            // The body is not read: a stream has no end.
            let response = try await client.execute(request, timeout: .minutes(5))
            let pairs = response.headers.map { ($0.name.lowercased(), $0.value) }
            return (Int(response.status.code), Dictionary(pairs) { "\($0), \($1)" })
        }
    }

    private func withClient<Value>(_ body: (HTTPClient) async throws -> Value) async throws -> Value {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        return try await HTTPClient.withHTTPClient(configuration: configuration, body)
    }

    /// What is missing or too weak.
    private func problems(_ headers: [String: String], isAsset: Bool = false) -> [String] {
        func has(_ name: String, _ isRight: (String) -> Bool) -> String? {
            isRight(headers[name] ?? "") ? nil : "\(name): \(headers[name] ?? "missing")"
        }
        return [
            has("x-content-type-options") { $0 == "nosniff" },
            has("referrer-policy") { ["no-referrer", "same-origin"].contains($0) },
            has("permissions-policy") { $0.contains("camera=()") && $0.contains("geolocation=()") },
            has("cross-origin-resource-policy") { $0 == "same-origin" },
            has("cross-origin-opener-policy") { $0 == "same-origin" },
            has("cache-control") { isAsset ? $0 == "max-age=300" : $0 == "no-store" },
            has("content-security-policy") {
                $0.hasPrefix("default-src 'none';") && $0.contains("frame-ancestors 'none'")
                    && $0.contains("base-uri 'none'") && $0.contains("form-action") && !$0.contains("unsafe")
                    && !$0.contains("*")
            },
            has("strict-transport-security") { $0.isEmpty },
        ].compactMap(\.self)
    }

    @Test("Every route of the table tells browsers the same, whoever asks and whatever comes of it")
    func everyRoute() async throws {
        try await withServer { configuration in
            for gateway in Gateway.allCases { gateway.configure(&configuration, "http://127.0.0.1:1") }
            configuration.gateways.voice = VoiceTests.voice
            configuration.gateways.mailIn = .init(
                mailbox: "a@fibra.example", webhookSecret: GatewaySecret(Gateway.secret))
            configuration.playground = true
            configuration.agents = Role.allCases.map { .init(name: $0.rawValue, role: $0) }
        } _: { server, store in
            var known: [Role: [String: String]] = [:]
            for role in Role.allCases {
                let token = try await store.newToken("de \(role)", role, days: 1, by: "test", now: .now).secret
                let key = Store.hash(ofToken: token).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
                try await store.begin(
                    ConsoleSession(agent: role.rawValue, csrf: "c", expiresAt: Moment.now.adding(seconds: 600)),
                    key: key.joined(), now: .now)
                known[role] = ["Authorization": "Bearer \(token)", "Cookie": "promesa_console=\(token)"]
            }
            let page = CustomerLinks(.init(secret: "demo-customer-page-secret", url: "", days: 7)).token(
                "marta", Moment.now.day(in: .argentina))
            var statuses: Set<Int> = []
            for (entry, access) in Access.table.sorted(by: { $0.key < $1.key }) {
                let parts = entry.split(separator: " ").map(String.init)
                let isAsset =
                    parts[1].hasPrefix("/consola/") && (parts[1].hasSuffix(".css") || parts[1].hasSuffix(".js"))
                let role =
                    switch access {
                    case .token(let roles), .session(let roles): roles.first
                    default: nil as Role?
                    }
                for token in ["x", page] {
                    let path = parts[1].replacing("{token}", with: token).replacing(/\{[a-z]+\}/, with: "x")
                    for headers in [[:], role.flatMap { known[$0] }].compactMap(\.self) {
                        let answer = try await ask(server, parts[0], path, headers)
                        statuses.insert(answer.status)
                        #expect(problems(answer.headers, isAsset: isAsset) == [], "\(entry) \(answer.status)")
                    }
                    if !parts[1].contains("{token}") { break }
                }
            }
            #expect(statuses.isSuperset(of: [200, 303, 400, 401, 403, 404, 422]), "\(statuses.sorted())")
        }
    }

    @Test("What is no route, another method, too much or our own failure tells browsers the same")
    func errors() async throws {
        try await withServer { server, _ in
            let token = ["Authorization": "Bearer demo-operador"]
            let large = Data(repeating: 0x20, count: (1 << 20) + 1)
            for (expected, method, path, headers, body) in [
                (404, "GET", "/nada", [:], nil), (404, "GET", "/consola/casos", [:], nil),
                (405, "DELETE", "/healthz", [:], nil), (405, "PUT", "/v1/handoffs/h1/claim", [:], nil),
                (413, "POST", "/v1/payments", token, large),
                (413, "POST", "/consola/entrar", [:], Data(repeating: 0x61, count: 65_537)),
                (400, "POST", "/v1/payments", token, Data("{".utf8)),
            ] as [(Int, String, String, [String: String], Data?)] {
                let answer = try await ask(server, method, path, headers, body: body)
                #expect(answer.status == expected, "\(method) \(path)")
                #expect(problems(answer.headers) == [], "\(method) \(path)")
                #expect((answer.headers["allow"] != nil) == (expected == 405), "\(method) \(path)")
            }
        }
    }

    @Test("A failure of ours says under what the log has it, and nothing else")
    func failure() async throws {
        try await withTemporaryFolder { folder in
            try await withServer(in: folder) { server, _ in
                let database = try DatabaseQueue(path: folder + "/promesa.sqlite")
                try await database.write { try $0.execute(sql: "ALTER TABLE dead_letters RENAME TO gone") }
                try database.close()
                let token = ["Authorization": "Bearer demo-operador"]
                let failed = try await ask(server, "GET", "/v1/dead-letters", token)
                #expect(failed.status == 500 && problems(failed.headers) == [])
                let text = try await server.get("/v1/dead-letters", token: "demo-operador").text
                let said = "The server failed at this; its log has it under hb.request.id="
                #expect(text.hasPrefix(#"{"error":{"code":"failed","message":"\#(said)"#), "\(text)")
                #expect(!text.contains("dead_letters"))
            }
        }
    }

    @Test("Other methods of a path are named; a path that only looks alike has none")
    func methods() {
        #expect(Access.methods(of: "/consola/entrar") == ["GET", "HEAD", "POST"])
        #expect(Access.methods(of: "/v1/handoffs/h1/claim") == ["POST"])
        #expect(Access.methods(of: "/v1/handoffs/h1/claim/x") == [])
        #expect(Access.methods(of: "/") == [] && Access.methods(of: "") == [])
    }
}
