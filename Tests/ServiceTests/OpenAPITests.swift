import AsyncHTTPClient
import Channels
import Crypto
import DemoCompany
import Foundation
import Logging
import SharedData
import Storage
import Testing
import Yams

@testable import Service

/// `Docs/openapi.yaml` against the server that it describes.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct OpenAPITests {
    struct Operation: Sendable {
        let path: String
        let method: String
        let body: JSON
        var name: String { "\(method) \(path)" }
    }

    private let schema: JSONSchema
    /// In the document's order.
    private let operations: [Operation]

    init() throws {
        let file = SharedData.repository.appendingPathComponent("Docs/openapi.yaml")
        let root = try #require(try Yams.compose(yaml: String(contentsOf: file, encoding: .utf8)))
        schema = JSONSchema(document: JSON(root))
        operations = try #require(root["paths"]?.mapping).flatMap { path, methods in
            (methods.mapping ?? [:]).map { method, body in
                Operation(
                    path: path.string ?? "", method: (method.string ?? "").uppercased(), body: JSON(body))
            }
        }
    }

    @Test("What the server has is documented, and what is documented the server has")
    func complete() async throws {
        try await withTemporaryFolder { folder in
            let configuration = try demoConfiguration(in: folder)
            let store = try Store(path: configuration.database)
            defer { try? store.close() }
            let server = Server(
                configuration: configuration, world: DemoCompany.world, store: store, logger: Logger(label: "test"))
            // Pages for people, and the gateway that only a demo has.
            let pages: Set = ["c", "consola", "tablero", "sandbox", "playground"]
            let served = Set(
                Server.router(server.backend) { _ in }.routes.compactMap { route in
                    let steps = route.path.description.split(separator: "/").map {
                        $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0)
                    }
                    return pages.contains(steps.first ?? "") ? nil : "\(route.method) /\(steps.joined(separator: "/"))"
                })
            let action = "POST /v1/handoffs/{id}/{action}"
            let documented = Set(
                operations.map { operation in
                    operation.method == "POST" && operation.path.hasPrefix("/v1/handoffs/{id}/")
                        ? action : operation.name
                })
            try await server.client.shutdown()
            #expect(served.subtracting(documented).sorted() == [], "served and not documented")
            #expect(documented.subtracting(served).sorted() == [], "documented and not served")
        }
    }

    @Test("Every example is answered as its schema says")
    func examples() async throws {
        try await withServer { server, _ in
            for operation in operations {
                var values = ["campaign": try Self.campaign(), "day": Remote.dayToCall.iso]
                if operation.path.contains("/handoffs/{id}") {
                    let claims = !["GET", "claim"].contains { operation.name.contains($0) }
                    values["handoff"] = try await self.handoff(
                        of: server, claimed: claims,
                        withCall: ["/called", "/cancel-callback"].contains { operation.path.hasSuffix($0) })
                    values["offer"] = try await self.offer(of: server, values["handoff"] ?? "")
                }
                if operation.path.contains("/privacy/requests/{id}") {
                    values["request"] = try await self.request(of: server, verified: operation.path.hasSuffix("/done"))
                }
                let (answer, type) = try await send(operation, values, to: server)
                #expect(answer.status == 200, "\(operation.name): \(answer.text)")
                let content = schema.resolved(operation.body["responses"]?["200"])["content"]?.object ?? [:]
                #expect(
                    content[type] != nil, "\(operation.name) answers \(type), documented is \(content.keys.sorted())")
                guard type == "application/json" else { continue }
                let problems = schema.problems(
                    try answer.decoded(JSON.self), content[type]?["schema"])
                #expect(problems == [], "\(operation.name)")
            }
        }
    }

    @Test("Without its signature or token nothing is done, and the refusal is as documented")
    func refusals() async throws {
        try await withServer { server, _ in
            for operation in operations where operation.body["security"] != nil {
                let path = operation.path.replacingOccurrences(of: "{id}", with: "h1")
                    .replacingOccurrences(of: "{kind}", with: "payments")
                let answer = try await server.send(
                    operation.method, path, operation.method == "GET" ? nil : Data("{}".utf8), [:])
                #expect(answer.status == 401, "\(operation.name): \(answer.text)")
                let content = schema.resolved(operation.body["responses"]?["default"])["content"]
                let problems = schema.problems(
                    try answer.decoded(JSON.self), content?["application/json"]?["schema"])
                #expect(problems == [], "\(operation.name)")
            }
        }
    }

    private static func campaign() throws -> String {
        try String(
            contentsOf: SharedData.repository.appendingPathComponent("Fixtures/campaigns/mora-temprana.yaml"),
            encoding: .utf8)
    }

    /// A case in the queue, after somebody asked for a person where there is none; with Carla, who supervises.
    private func handoff(of server: Remote, claimed: Bool, withCall: Bool = false) async throws -> String {
        func first() async throws -> String? {
            try await server.get("/v1/handoffs", token: "demo-carla").decoded(JSON.self)["handoffs"]?.list.first?["id"]?
                .text
        }
        var id = try await first()
        if id == nil {
            _ = try await server.generic(
                id: UUID().uuidString, from: "+5491100000003", text: "quiero hablar con una persona")
            id = try await first()
        }
        let handoff = try #require(id)
        if claimed { _ = try await server.post("/v1/handoffs/\(handoff)/claim", token: "demo-carla") }
        if withCall {
            let body = #"{"day":"\#(Remote.dayToCall.iso)","time":"11:00"}"#
            for action in ["callback", "claim"] {
                _ = try await server.post("/v1/handoffs/\(handoff)/\(action)", body, token: "demo-carla")
            }
        }
        return handoff
    }

    /// What Raúl asks about his data, with Carla, who supervises.
    private func request(of server: Remote, verified: Bool) async throws -> String {
        let body = #"{"account":"raul","right":"access","channel":"carta"}"#
        let request = try await server.post("/v1/privacy/requests", body, token: "demo-carla").decoded(JSON.self)
        let id = try #require(request["id"]?.text)
        if verified { _ = try await server.post("/v1/privacy/requests/\(id)/verify", token: "demo-carla") }
        return id
    }

    private func offer(of server: Remote, _ handoff: String) async throws -> String {
        try await server.get("/v1/handoffs/\(handoff)", token: "demo-carla").decoded(JSON.self)["offers"]?.list.first?[
            "id"]?.text ?? ""
    }

    /// Sends an operation's examples, signed as its security says.
    private func send(
        _ operation: Operation, _ values: [String: String], to server: Remote
    ) async throws -> (Answer, type: String) {
        func filled(_ example: JSON?) -> String {
            values.reduce(example.map { "\($0.plain)" } ?? "") {
                $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value)
            }
        }
        var path = operation.path
        var query: [String] = []
        for parameter in (operation.body["parameters"]?.list ?? []).map(schema.resolved) {
            guard let name = parameter["name"]?.text, let example = parameter["example"] else { continue }
            if parameter["in"]?.text == "path" {
                path = path.replacingOccurrences(of: "{\(name)}", with: filled(example))
            } else {
                query.append("\(name)=\(filled(example))")
            }
        }
        if !query.isEmpty { path += "?" + query.joined(separator: "&") }
        let content = schema.resolved(operation.body["requestBody"])["content"]?.object ?? [:]
        let (type, media) = content.first ?? ("", .null)
        let example = media["example"]
        let body: Data? =
            switch type {
            case "": operation.method == "GET" ? nil : Data()
            case "application/json":
                try JSONSerialization.data(
                    withJSONObject: (example?.object ?? [:]).mapValues { $0.text == nil ? $0.plain : filled($0) },
                    options: .sortedKeys)
            case "application/x-www-form-urlencoded": form((example?.object ?? [:]).mapValues { filled($0) })
            default: Data(filled(example).utf8)
            }
        var headers = type.isEmpty ? [:] : ["Content-Type": type]
        let security = operation.body["security"]?.list.first ?? .null
        if let scope = security["bearer"]?.list.first?.text {
            headers["Authorization"] =
                "Bearer " + (["agent", "manager"].contains(scope) ? "demo-carla" : "demo-operador")
        }
        headers.merge(signature(body ?? Data(), security, url: server.url + path)) { $1 }
        var request = HTTPClientRequest(url: server.url + path)
        request.method = .init(rawValue: operation.method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(body) }
        let response = try await HTTPClient.shared.execute(request, timeout: .minutes(5))
        let answered = String(response.headers.first(name: "content-type")?.prefix { $0 != ";" } ?? "")
        // The stream of events goes on until the client leaves.
        let bytes = answered == "text/event-stream" ? .init() : try await response.body.collect(upTo: 1 << 22)
        return (Answer(status: Int(response.status.code), body: Data(bytes.readableBytesView)), answered)
    }

    /// The headers of a gateway that knows the demo's secret.
    private func signature(_ body: Data, _ security: JSON, url: String) -> [String: String] {
        func code<Hash: HashFunction>(_ text: Data, _ secret: String, _: Hash.Type) -> Data {
            Data(HMAC<Hash>.authenticationCode(for: text, using: SymmetricKey(data: Data(secret.utf8))))
        }
        if security["signature"] != nil {
            let now = Int64(Date().timeIntervalSince1970)
            return GenericJSON.signedHeaders(body: body, secret: Remote.genericSecret, timestamp: now)
        }
        if security["metaSignature"] != nil {
            let digest = code(body, Remote.appSecret, SHA256.self)
            return ["X-Hub-Signature-256": "sha256=" + digest.map { String(format: "%02x", $0) }.joined()]
        }
        if security["twilioSignature"] != nil {
            let fields = (WebForm.fields(body) ?? [:]).sorted { $0.key < $1.key }
            let text = fields.reduce(url) { $0 + $1.key + $1.value }
            let digest = code(Data(text.utf8), "demo-sms-token", Insecure.SHA1.self)
            return ["X-Twilio-Signature": digest.base64EncodedString()]
        }
        return [:]
    }
}
