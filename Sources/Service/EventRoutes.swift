import Conversations
import Foundation
import Hummingbird
import Quantities
import Storage

/// An event as others get it: by webhook, by `GET /v1/events`.
struct WireEvent: Encodable {
    let seq: Int64
    let kind: String
    let at: String
    let account: String?
    let conversation: String?
    let promise: AccountEvent.PromiseFigures?
    let plan: AccountEvent.PlanFigures?
    let payment: AccountEvent.PaymentFigures?
    let handoff: AccountEvent.HandoffFigures?

    init(_ logged: LoggedEvent) {
        let event = logged.event
        seq = logged.seq
        kind = event.kind.rawValue
        at = event.at.iso(in: .argentina)
        account = event.account
        conversation = event.conversation
        promise = event.promise
        plan = event.plan
        payment = event.payment
        handoff = event.handoff
    }

    /// The same bytes each time it is sent.
    var body: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(self)
        } catch {
            preconditionFailure("texts and days always encode: \(error)")
        }
    }
}

/// The event log, for the operator and for systems that rather ask than be told.
struct EventRoutes {
    let backend: Backend

    private struct Page: Encodable {
        let events: [WireEvent]
        /// What to give as `after` next.
        let next: Int64
        let more: Bool
    }

    private struct Replay: Decodable {
        let from: Int64
        let target: String?
    }

    private static let largestPage = 1_000

    func add(to router: Router<RouteContext>) {
        router.get("v1/events") { request, _ in
            let after = try number("after", of: request, in: 0...Int64.max, default: 0)
            let limit = Int(try number("limit", of: request, in: 1...Int64(Self.largestPage), default: 100))
            let found = try await backend.store.events(after: after, limit: limit + 1)
            let page = found.prefix(limit)
            return try Response.json(
                Page(events: page.map(WireEvent.init), next: page.last?.seq ?? after, more: found.count > limit))
        }
        router.get("v1/events/targets") { _, _ in
            let names = backend.configuration.events.map(\.name)
            return try Response.json(["targets": try await backend.store.eventTargets(names)])
        }
        router.post("v1/events/replay") { request, context in
            let replay = try await request.decoded(Replay.self)
            let names = backend.configuration.events.map(\.name)
            guard replay.from >= 1 else {
                throw Refusal(.badRequest, "invalid_from", "Field `from` must be a sequence number, 1 or more.")
            }
            if let target = replay.target, !names.contains(target) {
                throw Refusal(
                    .notFound, "unknown_target",
                    "There is no target `\(target)`; there are: \(names.joined(separator: ", ")).")
            }
            let targets = replay.target.map { [$0] } ?? names
            try await backend.store.replayEvents(from: replay.from, to: targets)
            try await backend.record("events.replay", [context.requireCaller().name, String(replay.from)] + targets)
            return try Response.json(["targets": targets])
        }
    }

    private func number(
        _ name: String, of request: Request, in range: ClosedRange<Int64>, default fallback: Int64
    ) throws -> Int64 {
        guard let text = request.uri.queryParameters[name[...]] else { return fallback }
        guard let value = Int64(text), range.contains(value) else {
            throw Refusal(
                .badRequest, "invalid_\(name)",
                "`\(name)` must be a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }
}
