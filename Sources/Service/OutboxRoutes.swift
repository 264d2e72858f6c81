import Foundation
import Hummingbird
import Storage

/// Messages that were given up, for the operator: see them, send them again, let them go.
struct OutboxRoutes {
    let backend: Backend

    private struct Order: Decodable {
        let ids: [String]?
        let all: Bool?
    }

    func add(to router: Router<RouteContext>) {
        router.get("v1/outbox/dead") { _, _ in
            return try Response.json(["messages": try await backend.store.deadMessages(limit: 1000)])
        }
        for order in [DeadMessageOrder.retry, .discard] {
            router.post("v1/outbox/\(order.rawValue)") { request, context in
                let chosen = try await request.decoded(Order.self)
                guard (chosen.ids != nil) != (chosen.all == true) else {
                    throw Refusal(
                        .badRequest, "invalid_order", "Give either `ids`, a list of messages, or `\"all\": true`.")
                }
                let done = try await backend.store.order(
                    order, chosen.ids, by: context.requireCaller().name, now: backend.now())
                backend.outboxSignal.fire()
                return try Response.json(["done": done])
            }
        }
    }
}
