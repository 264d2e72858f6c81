import DemoCompany
import Foundation
import Logging
import Quantities
import SharedData
import Synchronization
import Testing

@testable import Service
@testable import Storage

/// A log that is read afterwards: all of it, at the most verbose level. Every copy, with metadata of its own, writes to
/// the same lines.
private struct HeardLog: LogHandler {
    final class Lines: Sendable {
        let written = Mutex<[String]>([])
    }

    private let all = Lines()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let line =
            "\(event.message) \(metadata) \(event.metadata ?? [:])" + (event.error.map { " \($0)" } ?? "")
        all.written.withLock { $0.append(line) }
    }

    var lines: [String] { all.written.withLock { $0 } }

    static func logger() -> (Logger, HeardLog) {
        let log = HeardLog()
        var logger = Logger(label: "heard") { _ in log }
        logger.logLevel = .trace
        return (logger, log)
    }
}

/// The log holds nothing of people, whatever gateways post and however it fails.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct LogTests {
    /// What tells somebody in the demo company and in what these tests write.
    private static let traces: [String] =
        DemoCompany.accounts.flatMap { [$0.phone, String($0.phone.dropFirst()), $0.document, $0.fullName] } + [
            "Villa Ort", "20 lucas", "wamid.", "quiero hablar con una persona", "borren mis datos",
        ]

    private func leaks(_ lines: [String], _ traces: [String]) -> [String] {
        traces.flatMap { trace in lines.filter { $0.contains(trace) }.map { "\(trace): \($0)" } }
    }

    @Test("Conversations, refusals, a gateway that fails and a turn that cannot be taken leave no trace of who wrote")
    func conversations() async throws {
        let (logger, log) = HeardLog.logger()
        let failing = MisbehavingGateway { to, _ in to.hasSuffix("10") ? 400 : 500 }
        try await failing.serving { url in
            try await withServer(logger: logger) { configuration in
                for gateway in [Gateway.whatsApp, .sms, .generic] { gateway.configure(&configuration, url) }
            } _: { server, store in
                var serial = 0
                for phone in ["+5491100000003", "+5491100000010", "+5491199999999"] {
                    for text in [
                        "hola, vivo en Villa Ortúzar", "137", "el viernes te tiro 20 lucas", "dale",
                        "quiero hablar con una persona", "borren mis datos",
                    ] {
                        serial += 1
                        let body = try whatsAppBody([("wamid.HBgN\(serial)", phone, text)])
                        #expect(try await server.whatsApp(body).status == 200)
                        #expect(try await server.generic(id: "g\(serial)", from: phone, text: text).status == 200)
                    }
                }
                // What is wrong in every way: signature, body, number, a row that cannot be read.
                _ = try await server.whatsApp(Data("{".utf8))
                _ = try await server.whatsApp(whatsAppBody([("wamid.x", "+5491100000003", "x")]), secret: "otro")
                _ = try await server.generic(Data(#"{"id":"7","from":"+5491100000003","text":7}"#.utf8))
                _ = try await server.post("/v1/payments", #"{"payments":[{"id":"x"}]}"#, token: "demo-operador")
                try await store.write {
                    try $0.execute(
                        sql: "UPDATE conversations SET body = json_set(body, '$.owner', 'nobody +5491100000003')")
                }
                _ = try await server.whatsApp(whatsAppBody([("wamid.broken", "+5491100000003", "20 lucas")]))
                for _ in 0..<6000 where failing.attempts.count < 4 { try await Task.sleep(for: .milliseconds(50)) }
                _ = try await server.get("/consola/cuentas/marta/historia")
            }
        }
        #expect(log.lines.count > 10 && log.lines.contains { $0.contains("set aside") })
        #expect(leaks(log.lines, Self.traces) == [])
    }

    @Test(
        "Every payload of the shared data, on every gateway, leaves no sender, message id or text in the log",
        .enabled(if: SharedData.has("payloads/index.tsv")), arguments: Gateway.allCases)
    func payloads(gateway: Gateway) async throws {
        let names: [Gateway: String] = [
            .whatsApp: "whatsapp", .dialog360: "d360", .sms: "twilio", .twilioWhatsApp: "twilio",
            .telegram: "telegram", .chatwoot: "chatwoot", .generic: "generic",
        ]
        let (logger, log) = HeardLog.logger()
        let rows = SharedData.rows("payloads/index.tsv").filter { $0["gateway"] == names[gateway] }
        let accepting = MisbehavingGateway { _, earlier in earlier.count % 3 == 0 ? 400 : 200 }
        try await accepting.serving { url in
            try await withServer(logger: logger) {
                gateway.configure(&$0, url)
            } _: { server, _ in
                for row in rows {
                    _ = try await gateway.post(SharedData.data("payloads/" + (row["file"] ?? "")), to: server)
                }
            }
        }
        let traces = Set(
            rows.flatMap { [$0["sender"] ?? "", $0["message_id"] ?? "", $0["text"] ?? ""] }.filter { $0.count > 6 })
        #expect(!log.lines.isEmpty && !traces.isEmpty)
        #expect(leaks(log.lines, traces.sorted()) == [])
    }
}
