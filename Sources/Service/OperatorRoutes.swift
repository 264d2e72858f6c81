import Campaigns
import Conversations
import Foundation
import Hummingbird
import Ledger
import Quantities
import Storage

/// Health, metrics, payments from the ERP and dead letters.
struct OperatorRoutes {
    let backend: Backend

    private struct PaymentsBody: Decodable {
        struct Entry: Decodable {
            let id: String
            let account: String
            /// Decimal text: `24600.00`.
            let amount: String
            let day: String
            let item: String?
            let reversed_on: String?
        }
        let payments: [Entry]
    }

    /// In cents: a payment above it is a mistake, and sums of them would not fit.
    private static let largestPayment: Int64 = 100_000_000_000_000

    func add(to router: Router<RouteContext>) {
        router.get("healthz") { _, _ in Response.text("ok\n") }
        router.get("readyz") { _, _ in
            do {
                try await backend.store.ping()
                return Response.text("ready\n")
            } catch {
                return Response.text("the database does not answer\n", status: .serviceUnavailable)
            }
        }
        router.get("metrics") { _, _ in
            let counts = try await backend.store.counts()
            let asked = try await backend.store.personRequestCounts(
                on: backend.now().day(in: backend.processor.world.zone))
            func sorted(_ values: [String: Int]) -> [(label: String, value: Int)] {
                values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            }
            let text = backend.metrics.rendered(gauges: [
                ("promesa_connections", "Open connections, this one too.", [("", backend.connections.count)]),
                ("promesa_inbox_messages", "Inbound messages on disk.", [("", counts.inbox)]),
                ("promesa_outbox_messages", "Outbound messages by state.", sorted(counts.outbox)),
                ("promesa_promises", "Promises to pay by state.", sorted(counts.promises)),
                ("promesa_handoffs", "Hand-offs by state.", sorted(counts.handoffs)),
                (
                    "promesa_person_requests", "Requests about personal data that were not answered yet.",
                    [("open", asked.open), ("overdue", asked.overdue)]
                ),
            ])
            return Response.text(text, type: "text/plain; version=0.0.4; charset=utf-8")
        }
        router.post("v1/payments") { request, _ in
            try await payments(request)
        }
        router.post("v1/campaigns") { request, context in
            try await runCampaign(request, by: context.requireCaller().name)
        }
        router.get("v1/dead-letters") { _, _ in
            try Response.json(["dead_letters": try await backend.store.deadLetters(limit: 200)])
        }
    }

    /// The body is the campaign's file. What may leave now is in the outbox when the answer comes.
    private func runCampaign(_ request: Request, by name: String) async throws -> Response {
        let source = String(decoding: try await request.bodyBytes(), as: UTF8.self)
        let world = backend.processor.world
        let file = CampaignFile(
            source: source, file: "campaign", segments: world.policy.segments.map(\.name),
            conduct: world.conduct)
        guard let campaign = file.campaign else {
            throw Refusal(
                .badRequest, "invalid_campaign",
                file.findings.map { $0.rendered(source: source) }.joined(separator: "\n"))
        }
        let backend = backend
        let report = try await CampaignRun(store: backend.store, world: world).run(campaign, now: { backend.now() })
        try await backend.record("campaign.run", [name, campaign.name])
        backend.outboxSignal.fire()
        return try Response.json(report)
    }

    /// All or nothing: every wrong entry is reported, and then none is applied.
    private func payments(_ request: Request) async throws -> Response {
        let body = try await request.decoded(PaymentsBody.self)
        var problems: [String] = []
        var byAccount: [String: [Payment]] = [:]
        for (index, entry) in body.payments.enumerated() {
            let place = "payments[\(index)]"
            guard let account = try await backend.store.account(id: entry.account) else {
                problems.append("\(place).account: there is no account `\(entry.account)`")
                continue
            }
            let amount = Money(plain: entry.amount, account.currency)
            let day = Day(entry.day)
            let reversedOn = entry.reversed_on.flatMap { Day($0) }
            if entry.id.allSatisfy(\.isWhitespace) { problems.append("\(place).id: expected the payment's id") }
            if amount.map({ $0.isPositive && $0.cents <= Self.largestPayment }) != true {
                problems.append(
                    "\(place).amount: expected a positive amount such as \"24600.00\", found \"\(entry.amount)\"")
            }
            if day == nil {
                problems.append("\(place).day: expected a day such as \"2026-12-05\", found \"\(entry.day)\"")
            }
            if entry.reversed_on != nil, reversedOn == nil {
                problems.append("\(place).reversed_on: expected a day such as \"2026-12-05\"")
            }
            if let item = entry.item, !account.items.contains(where: { $0.id == item }) {
                problems.append("\(place).item: account `\(account.id)` has no item `\(item)`")
            }
            if let amount, let day {
                byAccount[account.id, default: []].append(
                    Payment(id: entry.id, amount: amount, day: day, reversedOn: reversedOn, chosenItem: entry.item))
            }
        }
        guard problems.isEmpty else {
            throw Refusal(.badRequest, "invalid_payments", problems.joined(separator: "; "))
        }
        let now = backend.now()
        let processor = backend.processor
        let accounts = byAccount.sorted { $0.key < $1.key }
        try await backend.store.submit { tx in
            for (account, payments) in accounts {
                try processor.importPayments(payments, accountID: account, now: now, tx: tx)
            }
        }
        backend.outboxSignal.fire()
        return try Response.json(["imported": body.payments.count])
    }
}
