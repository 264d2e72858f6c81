import ArgumentParser
import AsyncHTTPClient
import Channels
import Foundation
import Ledger
import Logging
import NIOCore
import Quantities
import Service
import Storage

/// Durable requests a second: signed messages over loopback HTTP, each answered once it is on disk.
struct BenchWebhook: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook",
        abstract:
            "Durable requests a second over loopback HTTP, beside a request that touches no disk; client and server share this machine."
    )

    @Option(help: "Connections at once; several are measured one after the other.")
    var connections = [1, 16, 64]
    @Option(help: "How long each measure takes.")
    var seconds = 5

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("promesa-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try demoConfigurationPath()
        let port = try Self.freePort()
        let database = folder.appendingPathComponent("bench.sqlite").path
        let configuration = try Configuration.load(
            file: file,
            environment: [
                "PROMESA_PORT": String(port), "PROMESA_DATABASE": database,
                "PROMESA_WHATSAPP_API_URL": "http://127.0.0.1:\(port)",
                "PROMESA_SMS_WEBHOOK_URL": "http://127.0.0.1:\(port)/v1/webhooks/sms",
            ], sandbox: false)
        let accounts = try importedAccounts(
            URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("accounts.csv").path)
        let store = try Store(path: database)
        try await store.importAccounts(accounts)
        var logger = Logger(label: "bench")
        logger.logLevel = .critical
        let server = Server(
            configuration: configuration, world: try configuration.loadWorld(), store: store, logger: logger)
        let (started, signal) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { _ in signal.finish() } }
            for await _ in started {}
            try await measure(
                "http://\(configuration.host):\(port)", secret: configuration.generic?.secret ?? "",
                phones: accounts.map(\.phone))
            group.cancelAll()
        }
    }

    private func measure(_ url: String, secret: String, phones: [String]) async throws {
        print("connections   durable req/s   p50 ms   p99 ms   GET /healthz req/s   ratio")
        for count in connections {
            var configuration = HTTPClient.Configuration()
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = count
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            let hello = try await load(client, count) { _, _ in HTTPClientRequest(url: url + "/healthz") }
            let durable = try await load(client, count) { connection, serial in
                let now = Int64(Date().timeIntervalSince1970)
                let phone = phones[(connection + serial * count) % phones.count]
                let body = Data(
                    #"{"id":"\#(count)-\#(connection)-\#(serial)","from":"\#(phone)","text":"el viernes te pago 20 lucas"}"#
                        .utf8)
                var request = HTTPClientRequest(url: url + "/v1/webhooks/generic")
                request.method = .POST
                for (name, value) in GenericJSON.signedHeaders(body: body, secret: secret, timestamp: now) {
                    request.headers.add(name: name, value: value)
                }
                request.body = .bytes(ByteBuffer(bytes: body))
                return request
            }
            func padded(_ text: String, _ width: Int) -> String {
                String(repeating: " ", count: max(0, width - text.count)) + text
            }
            print(
                padded("\(count)", 11), padded("\(Int(durable.rate))", 15), padded(durable.percentile(50), 8),
                padded(durable.percentile(99), 8),
                padded("\(Int(hello.rate))", 20), padded(BenchTurns.ratio(durable.rate, hello.rate), 7))
            try await client.shutdown()
        }
    }

    private struct Load {
        let rate: Double
        /// Microseconds, ascending.
        let latencies: [Int]

        func percentile(_ percent: Int) -> String {
            guard !latencies.isEmpty else { return "-" }
            let tenths = (latencies[min(latencies.count - 1, latencies.count * percent / 100)] + 50) / 100
            return "\(tenths / 10).\(tenths % 10)"
        }
    }

    /// Requests as fast as they are answered, on `count` connections at once, after half a second that does not count.
    private func load(
        _ client: HTTPClient, _ count: Int,
        _ request: @escaping @Sendable (_ connection: Int, _ serial: Int) -> HTTPClientRequest
    ) async throws -> Load {
        let clock = ContinuousClock()
        let begin = clock.now + .milliseconds(500)
        let end = begin + .seconds(seconds)
        let latencies = try await withThrowingTaskGroup(of: [Int].self) { group in
            for connection in 0..<count {
                group.addTask {
                    var latencies: [Int] = []
                    var serial = 0
                    while clock.now < end {
                        let sent = clock.now
                        let response = try await client.execute(request(connection, serial), timeout: .seconds(30))
                        _ = try await response.body.collect(upTo: 1 << 20)
                        guard response.status == .ok else { throw refuse("the server answered \(response.status)") }
                        if sent >= begin { latencies.append(Int((clock.now - sent) / .microseconds(1))) }
                        serial += 1
                    }
                    return latencies
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return Load(rate: Double(latencies.count) / Double(seconds), latencies: latencies.sorted())
    }

    /// A port of the loopback interface that nothing listens on.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard result == 0 else { throw refuse("no free port on loopback") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
