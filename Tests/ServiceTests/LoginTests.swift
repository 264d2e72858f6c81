import AsyncHTTPClient
import DemoCompany
import Foundation
import NIOCore
import Quantities
import Storage
import Testing

@testable import Service

/// Sessions of the console: how they begin, how long they last, how they end, and what guessing gains.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct LoginTests {
    /// A form, with the answer's cookie; redirections are not followed.
    private func post(
        _ server: Remote, _ path: String, _ form: String, _ headers: [String: String] = [:]
    ) async throws -> (status: Int, cookie: String) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        var request = HTTPClientRequest(url: server.url + path)
        request.method = form.isEmpty ? .GET : .POST
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if !form.isEmpty { request.body = .bytes(ByteBuffer(string: form)) }
        do {
            let response = try await client.execute(request, timeout: .minutes(5))
            let cookie = response.headers.first(name: "set-cookie") ?? ""
            try await client.shutdown()
            return (Int(response.status.code), cookie)
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    private func secret(_ cookie: String) -> String {
        String(cookie.dropFirst("promesa_console=".count).prefix { $0 != ";" })
    }

    private func isIn(_ server: Remote, _ secret: String) async throws -> Bool {
        try await server.send("GET", "/consola", nil, ["Cookie": "promesa_console=\(secret)"]).text.contains(
            "En la cola")
    }

    private let ana = "nombre=Ana&clave=demo-ana"

    @Test("A session's cookie is out of scripts' reach, for this site alone, and new for each login")
    func cookie() async throws {
        try await withServer { server, _ in
            let first = try await post(server, "/consola/entrar", ana)
            let second = try await post(server, "/consola/entrar", ana)
            #expect(first.status == 303)
            let flags = first.cookie.drop { $0 != ";" }
            #expect(flags == "; Path=/consola; HttpOnly; SameSite=Strict; Max-Age=43200")
            let secrets = [secret(first.cookie), secret(second.cookie)]
            #expect(secrets.allSatisfy { $0.count == 64 } && secrets[0] != secrets[1])
            #expect(try await isIn(server, secrets[0]))
        }
    }

    @Test("A cookie that somebody else chose is never taken over, and logging in ends the browser's earlier session")
    func fixation() async throws {
        try await withServer { server, _ in
            let chosen = String(repeating: "a", count: 64)
            let first = secret(
                try await post(server, "/consola/entrar", ana, ["Cookie": "promesa_console=\(chosen)"]).cookie)
            #expect(first != chosen)
            #expect(try await isIn(server, chosen) == false)
            #expect(try await isIn(server, first))
            let second = secret(
                try await post(server, "/consola/entrar", ana, ["Cookie": "promesa_console=\(first)"]).cookie)
            #expect(try await isIn(server, first) == false)
            #expect(try await isIn(server, second))
        }
    }

    @Test("Who leaves is out, with that cookie for good")
    func logout() async throws {
        try await withServer { server, _ in
            let secret = secret(try await post(server, "/consola/entrar", ana).cookie)
            let cookie = ["Cookie": "promesa_console=\(secret)"]
            let page = try await server.send("GET", "/consola", nil, cookie).text
            let csrf = try #require(page.firstMatch(of: /name="csrf" value="([0-9a-f]+)"/)).1
            #expect(try await post(server, "/consola/salir", "csrf=otro", cookie).status == 403)
            #expect(try await isIn(server, secret))
            let left = try await post(server, "/consola/salir", "csrf=\(csrf)", cookie)
            #expect(
                left.status == 303 && left.cookie.hasPrefix("promesa_console=; ") && left.cookie.contains("Max-Age=0"))
            #expect(try await isIn(server, secret) == false)
        }
    }

    @Test("A session ends at its time, and with the agent's leaving the configuration")
    func expiry() async throws {
        try await withServer {
            $0.agents.removeAll { $0.name == "Bruno" }
        } _: { server, store in
            func begin(_ agent: String, _ cookie: String, seconds: Int64) async throws {
                let key = Store.hash(ofToken: cookie).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
                try await store.begin(
                    ConsoleSession(agent: agent, csrf: "c", expiresAt: Moment.now.adding(seconds: seconds)),
                    key: key.joined(), now: Moment.now.adding(seconds: -1000))
            }
            try await begin("Ana", "over", seconds: -1)
            try await begin("Ana", "good", seconds: 600)
            try await begin("Bruno", "gone", seconds: 600)
            #expect(try await isIn(server, "over") == false)
            #expect(try await isIn(server, "good"))
            #expect(try await isIn(server, "gone") == false)
        }
    }

    @Test("Guesses that come at once are no more than those that come one by one")
    func parallel() async throws {
        try await withServer { server, store in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<40 {
                    group.addTask { try await post(server, "/consola/entrar", "nombre=Ana&clave=x\(index)").status }
                }
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [401: 5, 429: 35])
            #expect(try await store.auditKinds().filter { $0 == "login.failed" }.count == 5)
        }
    }

    @Test(
        "A form on another site cannot log its visitor in",
        arguments: [("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303)])
    func otherSite(site: String, status: Int) async throws {
        try await withServer { server, _ in
            let answer = try await post(server, "/consola/entrar", ana, ["Sec-Fetch-Site": site])
            #expect(answer.status == status && answer.cookie.isEmpty == (status == 403))
        }
    }

    @Test(
        "Whom a proxy names is believed from a trusted proxy alone", arguments: [("127.0.0.1", 303), ("10.0.0.5", 200)])
    func namedByProxy(proxy: String, status: Int) async throws {
        try await withServer {
            $0.console.trustedHeader = "X-Usuario"
            $0.trustedProxies = [proxy]
        } _: { server, _ in
            let answer = try await post(server, "/consola/entrar", "", ["X-Usuario": "Ana"])
            #expect(answer.status == status && answer.cookie.isEmpty == (status == 200))
        }
    }

    @Test("A new password's hash is scrypt with 2^15 rounds of 8 blocks three times over, and a salt of its own")
    func hash() throws {
        let first = try PasswordHash.new(of: "ñandú")
        let second = try PasswordHash.new(of: "ñandú")
        #expect(first.description.hasPrefix("scrypt$15$8$3$") && first.description != second.description)
        #expect(first.isHash(of: "ñandú") && !first.isHash(of: "nandu") && !first.isHash(of: ""))
        #expect(PasswordHash(first.description)?.isHash(of: "ñandú") == true)
        // One that was made before.
        let earlier =
            "scrypt$15$8$1$1161770401601c6bab8985f316494351$6602d82de7ae5350acf1320d9f6ad62f6b13ab35752e7855ab1f523529ad7aca"
        #expect(PasswordHash(earlier)?.isHash(of: "demo-ana") == true)
    }
}
