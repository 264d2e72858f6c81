import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL
import Testing

@testable import Service

/// HTTPS by configuration, with a real client.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct TLSTests {
    /// What a client that trusts only `certificate` gets.
    private func get(
        _ url: String, trusting certificate: TestCertificate, newest: TLSVersion? = nil
    ) async throws -> HTTPClientResponse {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates([try NIOSSLCertificate(bytes: Array(certificate.pem.utf8), format: .pem)])
        tls.minimumTLSVersion = .tlsv1
        tls.maximumTLSVersion = newest
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        // A handshake that is refused is not tried for a minute.
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let response = try await client.execute(HTTPClientRequest(url: url), timeout: .minutes(5))
            try await client.shutdown()
            return response
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    /// A server with TLS; `body` gets its URL and its files.
    private func withTLS(
        _ body: @escaping @Sendable (_ url: String, _ folder: String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let files = try TestCertificate.first.write(to: folder)
            try await withServer(in: folder) {
                $0.tls = .init(certificate: files.certificate, key: files.key)
            } _: { server, _ in
                try await body(server.url.replacing("http://", with: "https://"), folder)
            }
        }
    }

    @Test(
        "A client that trusts the certificate is answered over TLS 1.2 and 1.3, with HSTS",
        arguments: [TLSVersion.tlsv12, .tlsv13])
    func answered(version: TLSVersion) async throws {
        try await withTLS { url, _ in
            let response = try await get(url + "/healthz", trusting: .first, newest: version)
            #expect(response.status == .ok)
            #expect(response.headers.first(name: "strict-transport-security") == "max-age=31536000")
        }
    }

    @Test("Who knows only TLS 1.1, who trusts another certificate and who speaks without TLS gets nothing")
    func refused() async throws {
        try await withTLS { url, _ in
            await #expect(throws: (any Error).self) {
                try await get(url + "/healthz", trusting: .first, newest: .tlsv11)
            }
            await #expect(throws: (any Error).self) { try await get(url + "/healthz", trusting: .renewed) }
            await #expect(throws: (any Error).self) {
                try await Remote(url: url.replacing("https://", with: "http://")).get("/healthz")
            }
        }
    }

    @Test("A session's cookie is Secure over TLS, and behind a trusted proxy that says https; else it is not")
    func cookies() async throws {
        try await withTLS { url, _ in
            var request = HTTPClientRequest(url: url + "/consola/entrar")
            request.method = .POST
            request.body = .bytes(ByteBuffer(string: "nombre=Ana&clave=demo-ana"))
            let cookie = try await cookie(of: request, trusting: .first)
            #expect(cookie.hasSuffix("; Path=/consola; HttpOnly; SameSite=Strict; Max-Age=43200; Secure"), "\(cookie)")
        }
        try await withServer {
            $0.trustedProxies = ["127.0.0.1"]
        } _: { server, _ in
            for (scheme, isSecure) in [("https", true), ("http", false), ("http, https", true), ("https, http", false)]
            {
                var request = HTTPClientRequest(url: server.url + "/consola/entrar")
                request.method = .POST
                request.headers.add(name: "X-Forwarded-Proto", value: scheme)
                request.body = .bytes(ByteBuffer(string: "nombre=Ana&clave=demo-ana"))
                let cookie = try await cookie(of: request)
                #expect(cookie.hasSuffix("; Secure") == isSecure, "\(scheme)")
            }
        }
        try await withServer { server, _ in
            var request = HTTPClientRequest(url: server.url + "/consola/entrar")
            request.method = .POST
            request.headers.add(name: "X-Forwarded-Proto", value: "https")
            request.body = .bytes(ByteBuffer(string: "nombre=Ana&clave=demo-ana"))
            let cookie = try await cookie(of: request)
            #expect(cookie.hasSuffix("; Max-Age=43200"))
        }
    }

    private func cookie(of request: HTTPClientRequest, trusting certificate: TestCertificate? = nil) async throws
        -> String
    {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        if let certificate {
            configuration.tlsConfiguration = .makeClientConfiguration()
            configuration.tlsConfiguration?.trustRoots = .certificates([
                try NIOSSLCertificate(bytes: Array(certificate.pem.utf8), format: .pem)
            ])
        }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let response = try await client.execute(request, timeout: .minutes(5))
            try await client.shutdown()
            return response.headers.first(name: "set-cookie") ?? "no cookie: \(response.status)"
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    @Test("A command that needs the server finds it over TLS and trusts its certificate", .enabled(if: Program.isBuilt))
    func command() async throws {
        try await withTLS { url, folder in
            let program = try Program(
                ["token", "list", "--config", ProgramTests.configuration],
                environment: [
                    "PROMESA_PORT": String(try #require(URL(string: url)?.port)),
                    "PROMESA_DATABASE": folder + "/promesa.sqlite", "PROMESA_SANDBOX": "false",
                    "PROMESA_TLS_CERTIFICATE": folder + "/cert.pem", "PROMESA_TLS_KEY": folder + "/key.pem",
                    "PROMESA_SMS_WEBHOOK_URL": url, "PROMESA_WHATSAPP_API_URL": url, "PROMESA_CUSTOMER_PAGE_URL": url,
                ], output: folder + "/output")
            let status = await program.exitStatus()
            #expect(status == 0 && program.printed.contains("no token was made"), "\(program.printed)")
        }
    }

    @Test(
        "Commands for a server elsewhere believe the authority that --ca names, and no other",
        .enabled(if: Program.isBuilt))
    func authority() async throws {
        try await withTLS { url, folder in
            func run(_ name: String, _ arguments: [String], _ status: Int32, _ said: String) async throws {
                let program = try Program(
                    arguments + ["--url", url], environment: [:], output: folder + "/" + name)
                #expect(await program.exitStatus() == status && program.printed.contains(said), "\(program.printed)")
            }
            let trusting = ["--ca", folder + "/cert.pem"]
            try await run("desk", ["desk", "--token", "demo-ana"] + trusting, 0, "No hay nadie esperando.")
            try await run("alone", ["desk", "--token", "demo-ana"], 0, "El servidor no responde")
            try await run(
                "outbox", ["outbox", "list", "--token", "demo-operador"] + trusting, 0, "no message was given up")
            try await run(
                "key", ["outbox", "list", "--token", "demo-operador", "--ca", folder + "/key.pem"], 2,
                "holds no certificate")
        }
    }

    @Test("A renewed certificate is shown without a restart; half of one changes nothing")
    func renewed() async throws {
        try await withTLS { url, folder in
            #expect(try await get(url + "/healthz", trusting: .first).status == .ok)
            // The certificate comes first: until its key is there too, the earlier pair stays.
            try Data(TestCertificate.renewed.pem.utf8).write(to: URL(fileURLWithPath: folder + "/cert.pem"))
            try await Task.sleep(for: .seconds(3))
            #expect(try await get(url + "/healthz", trusting: .first).status == .ok)
            try TestCertificate.renewed.write(to: folder)
            var answer: HTTPClientResponse?
            for _ in 0..<300 where answer == nil {
                answer = try? await get(url + "/healthz", trusting: .renewed)
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(answer?.status == .ok)
        }
    }

    @Test(
        "A certificate or a key that cannot be used is a sentence that names its file",
        arguments: [
            ("cert.pem", nil, "`tls.certificate`: FOLDER/cert.pem cannot be read"),
            ("cert.pem", "x", "`tls.certificate`: FOLDER/cert.pem holds none"),
            ("key.pem", nil, "`tls.key`: FOLDER/key.pem cannot be read"),
            ("key.pem", "x", "`tls.key`: FOLDER/key.pem holds none"),
            ("key.pem", TestCertificate.renewed.key, "FOLDER/key.pem is not the key of the certificate"),
        ] as [(String, String?, String)])
    func unusable(file: String, content: String?, words: String) async throws {
        try await withTemporaryFolder { folder in
            let files = try TestCertificate.first.write(to: folder)
            try FileManager.default.removeItem(atPath: folder + "/" + file)
            if let content { try Data(content.utf8).write(to: URL(fileURLWithPath: folder + "/" + file)) }
            let error = #expect(throws: ConfigurationError.self) {
                try ServerCertificate(.init(certificate: files.certificate, key: files.key))
            }
            #expect(
                error?.description.contains(words.replacing("FOLDER", with: folder)) == true,
                "\(String(describing: error))")
        }
    }
}
