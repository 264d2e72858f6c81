import Conversations
import Foundation
import Quantities

/// Posts messages that answer nobody to a company's own server, signed. The `id` of the body is the key by which it can
/// tell one that comes again.
public struct GenericSender: GatewaySender {
    let url: String
    let secret: String
    let now: @Sendable () -> Moment

    public init(url: String, secret: String, now: @escaping @Sendable () -> Moment) {
        self.url = url
        self.secret = secret
        self.now = now
    }

    public func requests(for message: OutboxMessage) -> [OutboundRequest] {
        let body = GenericJSON.callbackBody(message)
        let headers = GenericJSON.signedHeaders(body: body, secret: secret, timestamp: now().milliseconds / 1000)
        return [OutboundRequest(url: url, headers: headers, body: body)]
    }

    public func classify(status: Int, body: Data, retryAfter: Int?) -> SendOutcome {
        // 409: it has a message with this id already.
        if (200..<300).contains(status) || status == 409 { return .sent(gatewayMessageID: nil) }
        return ErrorTable.plain.outcome(status: status, code: nil, retryAfter: retryAfter)
    }
}
