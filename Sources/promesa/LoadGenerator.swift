import Foundation
import NIOCore
import NIOPosix

/// Requests over kept connections, each as soon as the one before it was answered; from one thread, so that a server on the
/// same machine has the rest.
struct LoadGenerator {
    struct Figures {
        let rate: Double
        /// Microseconds, ascending.
        let latencies: [Int]

        /// In milliseconds.
        func percentile(_ percent: Int) -> Double {
            guard !latencies.isEmpty else { return 0 }
            return Double(latencies[min(latencies.count - 1, latencies.count * percent / 100)]) / 1000
        }
    }

    /// On loopback.
    let port: Int
    let connections: Int
    let seconds: Int

    /// - Parameter request: the bytes of each connection's next request.
    /// - Throws: where the server answers anything but 200, or the connection ends.
    func run(
        _ request: @escaping @Sendable (_ connection: Int, _ serial: Int) -> ByteBuffer
    ) async throws -> Figures {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        // Half a second does not count.
        let begin = NIODeadline.now() + .milliseconds(500)
        let end = begin + .seconds(Int64(seconds))
        do {
            let latencies = try await withThrowingTaskGroup(of: [Int].self) { tasks in
                for connection in 0..<connections {
                    tasks.addTask { [port] in
                        let done = group.next().makePromise(of: [Int].self)
                        let channel: any Channel
                        do {
                            channel = try await ClientBootstrap(group: group)
                                .channelInitializer { channel in
                                    channel.eventLoop.makeCompletedFuture {
                                        try channel.pipeline.syncOperations.addHandler(
                                            LoadConnection(begin: begin, end: end, done: done) {
                                                request(connection, $0)
                                            })
                                    }
                                }
                                .connect(host: "127.0.0.1", port: port).get()
                        } catch {
                            done.fail(error)
                            throw error
                        }
                        let latencies = try await done.futureResult.get()
                        try await channel.close()
                        return latencies
                    }
                }
                return try await tasks.reduce(into: []) { $0 += $1 }
            }
            try await group.shutdownGracefully()
            return Figures(rate: Double(latencies.count) / Double(seconds), latencies: latencies.sorted())
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }
}

/// One connection of a ``LoadGenerator``, on its event loop.
private final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    struct Failure: Error, CustomStringConvertible { let description: String }

    private let begin: NIODeadline
    private let end: NIODeadline
    private let done: EventLoopPromise<[Int]>
    private let request: (Int) -> ByteBuffer
    private var received = ByteBuffer()
    private var sent = NIODeadline.now()
    private var serial = 0
    private var latencies: [Int] = []

    init(begin: NIODeadline, end: NIODeadline, done: EventLoopPromise<[Int]>, request: @escaping (Int) -> ByteBuffer) {
        (self.begin, self.end, self.done, self.request) = (begin, end, done, request)
    }

    func channelActive(context: ChannelHandlerContext) { send(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var data = unwrapInboundIn(data)
        received.writeBuffer(&data)
        guard let (status, length) = Self.answer(in: received) else { return }
        guard status == "200" else { return fail("the server answered \(status)", context) }
        received.moveReaderIndex(forwardBy: length)
        received.discardReadBytes()
        if sent >= begin { latencies.append(Int((NIODeadline.now() - sent).nanoseconds / 1000)) }
        if NIODeadline.now() < end { send(context) } else { done.succeed(latencies) }
    }

    func channelInactive(context: ChannelHandlerContext) { fail("the server closed the connection", context) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail("\(error)", context) }

    private func send(_ context: ChannelHandlerContext) {
        sent = NIODeadline.now()
        context.writeAndFlush(wrapOutboundOut(request(serial)), promise: nil)
        serial += 1
    }

    private func fail(_ reason: String, _ context: ChannelHandlerContext) {
        done.fail(Failure(description: reason))
        context.close(promise: nil)
    }

    /// Status and bytes of the first answer, once it is all there.
    private static func answer(in buffer: ByteBuffer) -> (status: String, length: Int)? {
        let bytes = buffer.readableBytesView
        guard let head = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let text = String(decoding: bytes[..<head.lowerBound], as: UTF8.self).lowercased()
        let status = text.split(separator: " ", maxSplits: 2).dropFirst().first.map(String.init) ?? "nothing"
        guard let field = text.firstRange(of: "content-length:") else { return (status, bytes.count) }
        let size = Int(text[field.upperBound...].prefix { $0 != "\r\n" }.filter(\.isNumber)) ?? 0
        let length = head.upperBound - bytes.startIndex + size
        return bytes.count >= length ? (status, length) : nil
    }
}
