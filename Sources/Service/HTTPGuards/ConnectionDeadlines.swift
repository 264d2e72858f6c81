import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends connections that keep the server waiting. One that is idle between requests, or slow in a later request's headers,
/// is ended by Hummingbird after ``Times/idle``.
final class ConnectionDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct Times: Sendable {
        /// Until the first request's headers are all here, the handshake of TLS included.
        var firstHead = TimeAmount.seconds(20)
        /// Between requests. Longer than the minute for which proxies keep a connection, so that they close it first.
        var idle = TimeAmount.seconds(75)
        /// For the rest of a body of which nobody wants more: its request was answered.
        var rest = TimeAmount.seconds(5)
        /// For a client that takes nothing of its answer.
        var stuckAnswer = TimeAmount.seconds(60)
    }

    private let times: Times
    private var head: Scheduled<Void>?
    private var body: Scheduled<Void>?
    private var answer: Scheduled<Void>?
    private var requestsBegun = 0
    private var requestsAnswered = 0
    private var isReading = false

    init(_ times: Times) { self.times = times }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelAll()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancelAll() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            head?.cancel()
            requestsBegun += 1
            isReading = true
        case .body: break
        case .end:
            body?.cancel()
            isReading = false
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            requestsAnswered += 1
            if isReading, requestsAnswered == requestsBegun { body = end(context, after: times.rest) }
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        answer?.cancel()
        if !context.channel.isWritable { answer = end(context, after: times.stuckAnswer) }
        context.fireChannelWritabilityChanged()
    }

    private func begin(_ context: ChannelHandlerContext) {
        if head == nil { head = end(context, after: times.firstHead) }
    }

    private func end(_ context: ChannelHandlerContext, after delay: TimeAmount) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: delay) { context.close(promise: nil) }
    }

    private func cancelAll() {
        for deadline in [head, body, answer] { deadline?.cancel() }
    }
}

@available(*, unavailable)
extension ConnectionDeadlines: Sendable {}
