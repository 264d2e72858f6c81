import ArgumentParser
import Channels
import Conversations
import Foundation
import Hummingbird
import Ledger
import Logging
import NIOCore
import Quantities
import Service
import Storage
import Synchronization

/// Durable requests a second: signed messages over loopback HTTP, each answered once it is on disk.
struct BenchWebhook: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook",
        abstract: "Durable requests a second over loopback HTTP, beside a bare Hummingbird that says hello.",
        discussion: """
            The server is the real one, a process of its own, with the demo company, signatures and a database that syncs each
            commit. What sends the requests shares the machine with it. With --peer the same load goes to a bot of Microsoft's
            Bot Framework (Benchmarks/peers/botframework_app.py PORT), which keeps nothing on disk.
            """)

    @Option(parsing: .upToNextOption, help: "Connections at once; several are measured one after the other.")
    var connections = [1, 16, 64, 256]
    @Option(help: "How long each measure takes.")
    var seconds = 5
    @Option(help: "Accounts in the database, of which a thousand write.")
    var accounts = 1000
    @Option(help: "The port of a peer that runs on this machine.")
    var peer: Int?
    @Option(help: "The port of the bare server, which is all that this process then is.")
    var bare: Int?

    func run() async throws {
        if let bare { return try await serveHello(on: bare) }
        guard accounts > 0, seconds > 0, !connections.isEmpty, connections.allSatisfy({ $0 > 0 }) else {
            throw refuse("--accounts, --seconds and --connections must be positive")
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("promesa-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = folder.appendingPathComponent("bench.sqlite").path
        let file = try demoConfigurationPath()
        try await fill(database, Configuration.load(file: file, environment: [:]), folder)
        let (port, barePort) = (try Self.freePort(), try Self.freePort())
        let server = try Self.start(
            ["serve", "--config", file], ["PROMESA_PORT": String(port), "PROMESA_DATABASE": database])
        defer { server.terminate() }
        let hello = try Self.start(["bench", "webhook", "--bare", String(barePort)], [:])
        defer { hello.terminate() }
        let signals = Self.ending([server, hello])
        defer { signals.forEach { $0.cancel() } }
        do {
            for port in [port, barePort] { try await ready(port) }
            print("\(accounts) accounts, \(size(of: database)) MB on disk; the server idle: \(resident(server)) MB")
            fflush(nil)
            try await measure(
                port, barePort, secret: Configuration.load(file: file, environment: [:]).generic?.secret.current ?? "")
        } catch {
            let told = Self.toldToEnd.load(ordering: .relaxed)
            throw told == 0 ? error : ExitCode(128 + told)
        }
        print("after it: \(resident(server)) MB, \(size(of: database)) MB on disk")
    }

    // MARK: What is measured

    private func measure(_ port: Int, _ barePort: Int, secret: String) async throws {
        print(
            "connections   durable req/s   p50 ms   p99 ms   bare req/s   ratio"
                + (peer == nil ? "" : "   peer req/s   times"))
        for count in connections {
            func load(_ port: Int, _ request: @escaping @Sendable (Int, Int) -> ByteBuffer) async throws
                -> LoadGenerator.Figures
            {
                try await LoadGenerator(port: port, connections: count, seconds: seconds).run(request)
            }
            let hello = Self.request("GET", "/", [:], "")
            let bare = try await load(barePort) { _, _ in hello }
            let (accounts, round) = (accounts, UUID().uuidString.prefix(8))
            let durable = try await load(port) { connection, serial in
                let writer = (connection + serial * count) % 1000 * max(1, accounts / 1000)
                let body =
                    #"{"id":"\#(round)-\#(count)-\#(connection)-\#(serial)","from":"\#(Self.phone(writer % accounts))","text":"el viernes te pago 20 lucas"}"#
                let headers = GenericJSON.signedHeaders(
                    body: Data(body.utf8), secret: secret, timestamp: Int64(Date().timeIntervalSince1970))
                return Self.request("POST", "/v1/webhooks/generic", headers, body)
            }
            var line =
                Self.padded("\(count)", 11) + Self.padded("\(Int(durable.rate))", 16)
                + Self.padded(Self.tenths(durable.percentile(50)), 9)
                + Self.padded(Self.tenths(durable.percentile(99)), 9)
                + Self.padded("\(Int(bare.rate))", 13) + Self.padded(BenchTurns.ratio(durable.rate, bare.rate), 8)
            if let peer {
                let bot = try await load(peer) { connection, serial in
                    let person = (connection + serial * count) % 1000
                    return Self.request(
                        "POST", "/api/messages", ["Content-Type": "application/json"],
                        #"{"type":"message","id":"m\#(serial)","timestamp":"2026-11-24T10:00:00Z","serviceUrl":"http://127.0.0.1:9","channelId":"test","deliveryMode":"expectReplies","from":{"id":"u\#(person)"},"conversation":{"id":"c\#(person)"},"recipient":{"id":"bot"},"text":"el viernes te pago 20 lucas"}"#
                    )
                }
                line += Self.padded("\(Int(bot.rate))", 13) + Self.padded(Self.tenths(durable.rate / bot.rate), 8)
            }
            print(line)
            fflush(nil)
        }
    }

    private static func request(_ method: String, _ path: String, _ headers: [String: String], _ body: String)
        -> ByteBuffer
    {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if !body.isEmpty { text += "Content-Length: \(body.utf8.count)\r\n" }
        return ByteBuffer(string: text + "\r\n" + body)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    // MARK: What is measured on

    private static func phone(_ row: Int) -> String { "+549110\(1_000_000 + row)" }

    /// A database with accounts that owe one bill each.
    private func fill(_ database: String, _ configuration: Configuration, _ folder: URL) async throws {
        let store = try Store(path: database)
        let processor = TurnProcessor(world: try configuration.loadWorld())
        let heads = [
            ImportKind.accounts:
                "cuenta;acreedor;nombre;nombre_completo;documento;telefono;segmento;tna;iva_interes;moneda\n",
            .items: "cuenta;item;descripcion;capital;vencimiento\n",
        ]
        for (kind, head) in heads.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            var text = head
            for row in 0..<accounts {
                text +=
                    kind == .accounts
                    ? "c\(row);Red Fibra;María;María Núñez;\(20_000_000 + row);\(Self.phone(row));olvidadizo;60;21;ARS\n"
                    : "c\(row);f\(row);Internet de octubre 2026;30.000,00;10/10/2026\n"
            }
            let file = folder.appendingPathComponent("\(kind.rawValue).csv").path
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            _ = try await store.run(ImportJob(kind: kind, file: file), processor: processor, now: Moment.now)
        }
        try store.close()
    }

    /// This program once more, with other arguments.
    private static func start(_ arguments: [String], _ environment: [String: String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// The signal that told this program to end; 0 before.
    private static let toldToEnd = Atomic<Int32>(0)

    /// Where this program is told to end, what it started ends first: with nobody to answer, no measure goes on.
    private static func ending(_ processes: [Process]) -> [any DispatchSourceSignal] {
        let identifiers = processes.map(\.processIdentifier)
        return [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                toldToEnd.store(number, ordering: .relaxed)
                for identifier in identifiers { kill(identifier, SIGTERM) }
            }
            source.resume()
            return source
        }
    }

    private func ready(_ port: Int) async throws {
        for _ in 0..<200 where Self.toldToEnd.load(ordering: .relaxed) == 0 {
            let probe = Self.request("GET", "/healthz", [:], "")
            if (try? await LoadGenerator(port: port, connections: 1, seconds: 0).run { _, _ in probe }) != nil {
                return
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw refuse("the server on port \(port) did not start")
    }

    private func resident(_ process: Process) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) / 1024
    }

    private func size(of database: String) -> Int {
        [database, database + "-wal"].reduce(0) { sum, path in
            sum + ((try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0)
        } / 1_000_000
    }

    private func serveHello(on port: Int) async throws {
        let router = Router()
        for path in ["", "healthz"] { router.get(RouterPath(path)) { _, _ in "hello" } }
        var logger = Logger(label: "bare")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            logger: logger)
        try await application.runService()
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
