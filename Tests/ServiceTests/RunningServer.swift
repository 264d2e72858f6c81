import AsyncHTTPClient
import Campaigns
import Channels
import Conversations
import Crypto
import DemoCompany
import Foundation
import Logging
import NIOCore
import Quantities
import ServiceLifecycle
import Storage
import Synchronization

@testable import Service

/// What came back from a request.
struct Answer: Sendable {
    let status: Int
    let body: Data
    var headers: [String: String] = [:]
    var text: String { String(decoding: body, as: UTF8.self) }
    func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: body)
    }
}

/// A server that listens on loopback, in this process or another.
struct Remote: Sendable {
    static let appSecret = "demo-app-secret"
    static let genericSecret = "demo-generic-secret"
    let url: String

    /// A day on which people may be called at 11 in the morning, and attend: not today nor tomorrow.
    static var dayToCall: Day {
        let tomorrow = Moment.now.adding(seconds: 86_400).day(in: .argentina)
        return AttendedHours.office.opening(
            after: Moment(tomorrow, hour: 20, in: .argentina), calendar: .argentina, zone: .argentina)!.day(
                in: .argentina)
    }

    func get(_ path: String, token: String? = nil) async throws -> Answer {
        try await send("GET", path, nil, token.map { ["Authorization": "Bearer \($0)"] } ?? [:])
    }

    func post(_ path: String, _ body: String = "", token: String? = nil) async throws -> Answer {
        try await send("POST", path, Data(body.utf8), token.map { ["Authorization": "Bearer \($0)"] } ?? [:])
    }

    /// A body signed as Meta signs it.
    func whatsApp(_ body: Data, secret: String = appSecret) async throws -> Answer {
        let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.utf8)))
        let signature = "sha256=" + code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return try await send("POST", "/v1/webhooks/whatsapp", body, ["X-Hub-Signature-256": signature])
    }

    func generic(_ body: Data, secret: String = genericSecret) async throws -> Answer {
        let now = Int64(Date().timeIntervalSince1970)
        return try await send(
            "POST", "/v1/webhooks/generic", body, GenericJSON.signedHeaders(body: body, secret: secret, timestamp: now))
    }

    func generic(id: String, from: String, text: String) async throws -> Answer {
        try await generic(JSONSerialization.data(withJSONObject: ["id": id, "from": from, "text": text]))
    }

    func send(_ method: String, _ path: String, _ body: Data?, _ headers: [String: String]) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(body) }
        let response = try await HTTPClient.shared.execute(request, timeout: .minutes(5))
        let bytes = try await response.body.collect(upTo: 1 << 24)
        return Answer(status: Int(response.status.code), body: Data(bytes.readableBytesView))
    }

    struct SandboxMessage: Decodable, Equatable {
        let to, text: String
        let options: [String]
    }

    /// What the sandbox gateway received, once it is at least `count` messages; fewer where they do not come in a minute.
    func sandbox(atLeast count: Int) async throws -> [SandboxMessage] {
        var messages: [SandboxMessage] = []
        for _ in 0..<6000 {
            messages = try await get("/sandbox/messages").decoded()
            if messages.count >= count { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        return messages
    }
}

/// A webhook of WhatsApp Cloud with these text messages.
func whatsAppBody(
    _ messages: [(id: String, from: String, text: String)], number: String = "100000000000002"
) throws -> Data {
    let now = String(Int64(Date().timeIntervalSince1970))
    let list = messages.map { message in
        [
            "id": message.id, "from": String(message.from.drop { $0 == "+" }), "timestamp": now, "type": "text",
            "text": ["body": message.text],
        ] as [String: Any]
    }
    let value: [String: Any] = [
        "messaging_product": "whatsapp", "metadata": ["phone_number_id": number], "messages": list,
    ]
    let change: [String: Any] = ["field": "messages", "value": value]
    let entry: [String: Any] = ["id": "1", "changes": [change]]
    return try JSONSerialization.data(withJSONObject: ["object": "whatsapp_business_account", "entry": [entry]])
}

/// Ports that tests of this process were given: two that begin at once never get the same.
private let portsGiven = Mutex<Set<Int>>([])

/// A port of loopback that nobody uses now, below those that connections take for themselves.
func freePort() throws -> Int {
    struct NoPort: Error {}
    for _ in 0..<200 {
        let port = Int.random(in: 15_000..<32_000)
        guard portsGiven.withLock({ $0.insert(port).inserted }) else { continue }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if bound == 0 { return port }
    }
    throw NoPort()
}

func withTemporaryFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("promesa-service-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

/// The configuration of the demo company on a free port, with its database in `folder`.
func demoConfiguration(in folder: String) throws -> Configuration {
    var configuration = try Configuration.load(
        file: DemoCompany.folder.appendingPathComponent("demo.yaml").path,
        environment: ["PROMESA_PORT": String(freePort()), "PROMESA_DATABASE": folder + "/promesa.sqlite"], sandbox: true
    )
    configuration.host = "127.0.0.1"
    return configuration
}

/// Runs the server of the demo company in this process while `body` talks to it.
func withServer(
    world: World = DemoCompany.world, campaigns: [Campaign] = [], logger: Logger? = nil,
    _ change: (inout Configuration) -> Void = { _ in }, _ body: @Sendable (Remote, Store) async throws -> Void
) async throws {
    try await withTemporaryFolder {
        try await withServer(in: $0, world: world, campaigns: campaigns, logger: logger, change, body)
    }
}

/// The same on the database that `folder` has or gets.
func withServer(
    in folder: String, world: World = DemoCompany.world, campaigns: [Campaign] = [], logger: Logger? = nil,
    _ change: (inout Configuration) -> Void = { _ in },
    _ body: @Sendable (Remote, Store) async throws -> Void
) async throws {
    struct NotStarted: Error {}
    do {
        var configuration = try demoConfiguration(in: folder)
        change(&configuration)
        let store = try Store(path: configuration.database)
        try await store.importAccounts(DemoCompany.accounts)
        var quiet = Logger(label: "test")
        quiet.logLevel = .critical
        let server = Server(
            configuration: configuration, world: world, store: store, logger: logger ?? quiet, campaigns: campaigns)
        let (started, continuation) = AsyncStream<Int>.makeStream()
        try await serving(
            Serving {
                defer { continuation.finish() }
                try await server.run { continuation.yield($0) }
            }
        ) {
            guard let port = await started.first(where: { _ in true }) else { throw NotStarted() }
            try await body(Remote(url: "http://127.0.0.1:\(port)"), store)
        }
    }
}

/// A service out of a closure.
struct Serving: ServiceLifecycle.Service {
    let serve: @Sendable () async throws -> Void
    func run() async throws { try await serve() }
}

/// Runs `service` while `body` runs, then stops it as SIGTERM would.
func serving(_ service: Serving, while body: @Sendable () async throws -> Void) async throws {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let group = ServiceGroup(
        configuration: .init(services: [.init(service: service, successTerminationBehavior: .ignore)], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        do {
            try await body()
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}
