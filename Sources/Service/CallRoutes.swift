import Campaigns
import Foundation
import Hummingbird
import Storage

/// What a dialler takes from a running server and brings back.
struct CallRoutes {
    let backend: Backend

    func add(to router: Router<RouteContext>) {
        router.post("v1/calls") { _, context in
            let calls = try await backend.store.pendingCalls()
            // In the answer before they are marked: a call may be handed out twice, never lost.
            let csv = CallRow.csv(calls.map(CallRow.init))
            try await backend.store.markCalled(calls)
            try await backend.record("calls.taken", [context.requireCaller().name, "\(calls.count)"])
            return Response.text(csv, type: "text/csv; charset=utf-8")
        }
        router.post("v1/calls/results") { request, _ in
            let text = String(decoding: try await request.bodyBytes(), as: UTF8.self)
            do {
                let results = try CallResult.parse(csv: text, file: "body", zone: backend.processor.world.zone)
                let (news, unknown) = try await backend.store.take(
                    results, with: backend.processor, now: backend.now())
                guard unknown.isEmpty else { throw CallResultError(unknown: unknown) }
                backend.outboxSignal.fire()
                return try Response.json(["results": results.count, "news": news])
            } catch let error as CallResultError {
                throw Refusal(.unprocessableContent, "invalid_results", error.description)
            }
        }
    }
}

extension CallRow {
    public init(_ call: PendingCall) {
        self.init(
            id: call.message.id, phone: call.message.contact.address, fullName: call.account?.fullName ?? "",
            creditor: call.account?.creditor ?? "", accountID: call.account?.id ?? "",
            script: call.message.message.text)
    }
}

extension CallResultError {
    /// Results of calls that are not on any list.
    public init(unknown: [String]) {
        self.init(problems: unknown.map { "no hay una llamada `\($0)`" })
    }
}
