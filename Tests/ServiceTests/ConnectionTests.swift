import Foundation
import NIOCore
import NIOPosix
import Quantities
import Synchronization
import Testing

@testable import Service

/// A connection that sends what it is told, byte by byte if need be.
private struct RawConnection: Sendable {
    let channel: any Channel
    private let received: Received

    private final class Received: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let text = Mutex("")
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let part = String(buffer: unwrapInboundIn(data))
            text.withLock { $0 += part }
        }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    init(to server: Remote) async throws {
        let port = try #require(URL(string: server.url)?.port)
        let received = Received()
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(received) }
            }
            .connect(host: "127.0.0.1", port: port).get()
        self.received = received
    }

    var text: String { received.text.withLock { $0 } }

    /// Sends a text. On a slow machine the server may have ended the connection already: what it said tells.
    func send(_ text: String) async { try? await channel.writeAndFlush(ByteBuffer(string: text)).get() }

    /// Sends a byte every tenth of a second until the server ends the connection.
    func drip(_ byte: String) async throws {
        while channel.isActive {
            await send(byte)
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Waits until the server ends the connection.
    func ended() async throws { try await channel.closeFuture.get() }

    /// Waits until the server has said this, or has ended the connection.
    func wait(for words: String) async throws {
        while !text.contains(words), channel.isActive { try await Task.sleep(for: .milliseconds(20)) }
    }

    /// A connection whose first request was answered. A machine that is slower than a server's short deadline has
    /// its connection ended before that, and tries again.
    static func served(by server: Remote) async throws -> RawConnection {
        while true {
            let connection = try await RawConnection(to: server)
            await connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            try await connection.wait(for: "ok\n")
            if connection.text.hasSuffix("ok\n") { return connection }
        }
    }
}

/// What clients that keep the server waiting get: with real sockets. A test that hangs is ended by its limit and fails.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ConnectionTests {
    /// Deadlines short enough to be waited for; the others stay as they are.
    private func withDeadlines(
        _ change: (inout ConnectionDeadlines.Times) -> Void, _ body: @Sendable (Remote) async throws -> Void
    ) async throws {
        try await withServer {
            change(&$0.limits.deadlines)
        } _: { server, _ in
            try await body(server)
        }
    }

    @Test(
        "A request of which two servers could read two is refused, and nothing of the second is done",
        arguments: [
            "Content-Length: 4\r\nTransfer-Encoding: chunked", "Content-Length: 0\r\nContent-Length: 30",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "Transfer-Encoding: xchunked",
            "Content-Length: +5", "Content-Length : 5", "Content-Length: 5, 6",
        ])
    func smuggled(headers: String) async throws {
        try await withServer { server, _ in
            let connection = try await RawConnection(to: server)
            await connection.send(
                "POST /v1/webhooks/generic HTTP/1.1\r\nHost: x\r\n\(headers)\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
            )
            try await connection.ended()
            #expect(connection.text.hasPrefix("HTTP/1.1 400") && !connection.text.contains("HTTP/1.1 200"))
        }
    }

    @Test("Who sends nothing, and who sends headers byte by byte, is cut off")
    func slowHeaders() async throws {
        try await withDeadlines {
            $0.firstHead = .milliseconds(500)
        } _: { server in
            let (silent, slow) = (try await RawConnection(to: server), try await RawConnection(to: server))
            await slow.send("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            try await slow.drip("a")
            try await silent.ended()
            #expect(silent.text == "" && slow.text == "")
            #expect(try await RawConnection.served(by: server).text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test("Who is silent between requests, or slow in the second one's headers, is cut off")
    func idle() async throws {
        try await withDeadlines {
            $0.idle = .milliseconds(500)
        } _: { server in
            for next in ["", "GET /healthz HTTP/1.1\r\nX-Slow: "] {
                let connection = try await RawConnection.served(by: server)
                await connection.send(next)
                if next.isEmpty { try await connection.ended() } else { try await connection.drip("a") }
                #expect(connection.text.hasPrefix("HTTP/1.1 200 OK\r\n") && connection.text.hasSuffix("ok\n"))
            }
        }
    }

    @Test("Who goes on sending a body after the answer is cut off")
    func restOfBody() async throws {
        try await withDeadlines {
            $0.rest = .milliseconds(500)
        } _: { server in
            let connection = try await RawConnection(to: server)
            await connection.send("POST /nada HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
            try await connection.wait(for: "not_found")
            try await connection.drip("a")
            #expect(connection.text.hasPrefix("HTTP/1.1 404 Not Found\r\n"))
        }
    }

    @Test("Who takes nothing of a long answer is cut off")
    func stuckAnswer() async throws {
        try await withServer {
            $0.limits.deadlines.stuckAnswer = .milliseconds(500)
        } _: { server, _ in
            // Requests without end, whose answers nobody takes: sooner or later they fill what lies between.
            let connection = try await RawConnection(to: server)
            try await connection.channel.setOption(.autoRead, value: false).get()
            let requests = String(repeating: "GET /consola/estilo.css HTTP/1.1\r\nHost: x\r\n\r\n", count: 4000)
            await connection.send(requests)
            let gone = try await Self.connections(server, atMost: 1)
            #expect(gone)
            try? await connection.channel.close().get()
        }
    }

    /// Whether sooner or later only so many connections are open, the one that asks included. An answer that the
    /// server's short deadline cut off is asked for again.
    private static func connections(_ server: Remote, atMost most: Int) async throws -> Bool {
        for _ in 0..<6000 {
            let text = (try? await server.get("/metrics").text) ?? ""
            if let match = text.firstMatch(of: /\npromesa_connections (\d+)\n/), let count = Int(match.1), count <= most
            {
                return true
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }

    @Test("Connections beyond the bound wait, and are served when one ends")
    func bound() async throws {
        try await withServer {
            $0.limits.connections = 2
        } _: { server, _ in
            let first = try await RawConnection.served(by: server)
            let second = try await RawConnection.served(by: server)
            let third = try await RawConnection(to: server)
            await third.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            // Not before one of the others ends, however long one waits.
            try await Task.sleep(for: .milliseconds(300))
            #expect(third.text == "")
            try await first.channel.close().get()
            try await third.wait(for: "ok\n")
            #expect(third.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            for connection in [second, third] { try await connection.channel.close().get() }
        }
    }

    @Test(
        "Headers without end are refused and the connection ends",
        arguments: [
            "X-Long: \(String(repeating: "a", count: 100_000))\r\n", String(repeating: "X-A: a\r\n", count: 2000),
        ])
    func largeHeaders(headers: String) async throws {
        try await withServer { server, _ in
            let connection = try await RawConnection(to: server)
            await connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
            try? await connection.ended()
            #expect(!connection.text.hasPrefix("HTTP/1.1 200"))
            #expect(try await server.get("/healthz").status == 200)
        }
    }

    @Test("An upload that ends before it is whole imports nothing", arguments: [500, 0])
    func truncated(missing: Int) async throws {
        try await withServer { server, store in
            let rows = "pago,cuenta,importe,dia\np-cut,marta,100.00,2026-11-21\n"
            let connection = try await RawConnection(to: server)
            await connection.send(
                "POST /v1/imports/payments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer demo-operador\r\n"
                    + "Content-Length: \(rows.utf8.count + missing)\r\n\r\n\(rows)")
            if missing == 0 { try await connection.wait(for: "rows") }
            try await connection.channel.close().get()
            #expect(try await Self.connections(server, atMost: 1))
            let account = try #require(try await store.account(id: "marta"))
            #expect(account.payments.contains { $0.id == "p-cut" } == (missing == 0))
        }
    }

    @Test("Forms are read up to 64 KiB, what gateways post up to a mebibyte")
    func bodies() async throws {
        try await withServer { server, _ in
            let form = Data("nombre=\(String(repeating: "a", count: 65_536))".utf8)
            let refused = try await server.send("POST", "/consola/entrar", form, [:])
            #expect(refused.status == 413 && refused.text.contains("demasiado largo"))
            let long = #"{"id":"g-1","from":"+5491100000003","text":"\#(String(repeating: "a", count: 70_000))"}"#
            #expect(try await server.generic(Data(long.utf8)).status == 200)
            let longer = #"{"id":"g-2","from":"+5491100000003","text":"\#(String(repeating: "a", count: 1 << 20))"}"#
            #expect(try await server.generic(Data(longer.utf8)).status == 413)
        }
    }
}

/// How often an address may ask.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct RequestRatesTests {
    private static let now = Moment(seconds: 1_000_000)

    @Test("So many at once, then one each time that its share has passed; each source has its own")
    func shares() {
        let rates = RequestRates(burst: 3, count: 2, seconds: 1)
        func take(_ source: String, after milliseconds: Int64) -> Int? {
            rates.take(source, now: Moment(milliseconds: Self.now.milliseconds + milliseconds))
        }
        #expect([take("a", after: 0), take("a", after: 0), take("a", after: 0)] == [nil, nil, nil])
        #expect(take("a", after: 0) == 1 && take("b", after: 0) == nil)
        #expect(take("a", after: 499) == 1 && take("a", after: 500) == nil && take("a", after: 500) == 1)
        #expect([0, 1, 2, 3].map { _ in take("a", after: 60_000) } == [nil, nil, nil, 1])
    }

    @Test("Where the clock is set back nobody waits for it")
    func clockBack() {
        let rates = RequestRates(burst: 2, count: 1, seconds: 1)
        #expect(rates.take("a", now: Self.now) == nil)
        #expect(rates.take("a", now: Self.now.adding(seconds: -3600)) == nil)
        let failures = FailedAttempts(allowed: 1, pause: 60)
        failures.failed("a", now: Self.now)
        #expect(failures.wait("a", now: Self.now.adding(seconds: -3600)) == 60)
    }

    @Test("However many addresses ask, memory is bounded")
    func bounded() {
        let rates = RequestRates(burst: 5, count: 1, seconds: 60)
        for index in 0..<(RequestRates.remembered + 50) { #expect(rates.take("\(index)", now: Self.now) == nil) }
        #expect(rates.count == RequestRates.remembered)
    }

    @Test(
        "An address that opens customers' pages or posts to webhooks too often gets 429; others and this machine do not"
    )
    func routes() async throws {
        try await withServer {
            $0.trustedProxies = ["127.0.0.1"]
            $0.limits.webhooksPerSecond = 1
            $0.limits.customerPagePerMinute = 3
        } _: { server, _ in
            @Sendable func ask(_ method: String, _ path: String, from address: String?) async throws -> Answer {
                try await server.send(
                    method, path, method == "GET" ? nil : Data("{}".utf8),
                    address.map { ["X-Forwarded-For": $0] } ?? [:])
            }
            var pages: [Int] = []
            for _ in 0..<4 { pages.append(try await ask("GET", "/c/nada", from: "9.9.9.9").status) }
            #expect(pages == [404, 404, 404, 429])
            let busy = try await ask("GET", "/c/nada", from: "9.9.9.9")
            #expect(busy.text.contains("Esperá un minuto"))
            #expect(try await ask("GET", "/c/nada", from: "8.8.8.8").status == 404)
            // Four at once, then one a second: of forty that come together most are too many.
            let posts = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<40 {
                    group.addTask { try await ask("POST", "/v1/webhooks/generic", from: "9.9.9.9") }
                }
                return try await group.reduce(into: [Answer]()) { $0.append($1) }
            }
            #expect(posts.count { $0.status != 429 } >= 4)
            #expect(posts.contains { $0.status == 429 && $0.text.contains("too_many_requests") })
            for _ in 0..<10 {
                let own = try await ask("GET", "/c/nada", from: nil)
                #expect(own.status == 404)
            }
        }
    }
}
