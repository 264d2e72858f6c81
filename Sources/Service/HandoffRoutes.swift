import Conversations
import Desk
import Foundation
import Hummingbird
import Negotiation
import Quantities

/// The hand-off queue, for agents with a bearer token.
struct HandoffRoutes {
    let backend: Backend

    private struct Text: Decodable {
        let text: String
        /// The case's when the reply was begun; it is refused where the case changed hands since.
        let epoch: Int?
    }
    private struct State: Decodable { let state: AgentPresence.State }
    private struct OptionalNote: Decodable { let note: String? }
    private struct Marks: Decodable { let ceased, vulnerable: Bool? }
    private struct Recipient: Decodable { let to: String }
    /// `{"offer":"plan_3"}`, or a proposal: `{"amount":"20000.00","day":"2026-12-05","instalments":3}`.
    private struct AgreementBody: Decodable {
        let offer, amount, day: String?
        let instalments: Int?
    }

    /// `{"day":"2026-11-26","time":"15:30"}`; of a call also `phone`, in E.164, and `about`.
    private struct CallBody: Decodable {
        let day, time: String?
        let phone, about: String?
        let reached: Bool?

        /// Nil where no day is given.
        func moment(in zone: Zone) throws -> Moment? {
            guard let day else { return nil }
            guard let moment = Moment(iso: "\(day)T\(time ?? "")", in: zone), let time, time.utf8.count == 5 else {
                throw Refusal(
                    .badRequest, "malformed",
                    "Fields `day` and `time`: expected a day such as \"2026-11-26\" and a time such as \"15:30\".")
            }
            return moment
        }
    }

    func add(to router: Router<RouteContext>) {
        router.get("v1/handoffs") { _, context in
            let caller = try context.requireCaller()
            return try Response.json([
                "handoffs": try await backend.desk.list(for: caller.name, now: backend.now())
            ])
        }
        router.get("v1/handoffs/stream") { request, _ in
            return try await HandoffStream(store: backend.store).response(to: request, only: nil)
        }
        router.get("v1/agents") { _, _ in try Response.json(try await backend.desk.team(now: backend.now())) }
        router.post("v1/presence") { request, context in
            let (state, caller) = (try await request.decoded(State.self).state, try context.requireCaller())
            guard backend.configuration.attendants.contains(caller.name) else {
                throw Refusal(.conflict, "no_agent", "`\(caller.name)` is not among `agents` of the configuration.")
            }
            try await backend.note(state, of: caller.name)
            return try Response.json(["state": state.rawValue])
        }
        router.get("v1/callbacks") { _, _ in
            try Response.json(["callbacks": try await backend.desk.calls(now: backend.now())])
        }
        router.get("v1/handoffs/:id") { request, context in
            let id = try context.parameters.require("id")
            return try await answering { try Response.json(try await backend.desk.read(id, now: backend.now())) }
        }
        router.post("v1/handoffs/:id/:action") { request, context in
            let caller = try context.requireCaller()
            let id = try context.parameters.require("id")
            let (command, epoch) = try await self.command(context.parameters.require("action"), request)
            return try await answering {
                let handoff = try await backend.desk.command(
                    command, by: caller.name, supervising: caller.role == .manager, epoch: epoch, handoffID: id,
                    now: backend.now())
                backend.outboxSignal.fire()
                return try Response.json(handoff)
            }
        }
    }

    private var zone: Zone { backend.processor.world.zone }

    private func command(_ action: String, _ request: Request) async throws -> (AgentCommand, epoch: Int?) {
        if action == "reply" {
            let reply = try await text(request)
            return (.reply(reply.text), reply.epoch)
        }
        return (try await otherCommand(action, request), nil)
    }

    private func otherCommand(_ action: String, _ request: Request) async throws -> AgentCommand {
        switch action {
        case "claim": return .claim
        case "hold": return .hold
        case "release": return .release
        case "note": return .note(try await text(request).text)
        case "return": return .returnToBot(note: try await note(request))
        case "close": return .close(note: try await note(request))
        case "mark":
            let marks = try await request.decoded(Marks.self)
            return .mark(ceased: marks.ceased, vulnerable: marks.vulnerable)
        case "transfer":
            let name = try await request.decoded(Recipient.self).to
            guard backend.configuration.attendants.contains(name) else {
                throw Refusal(.badRequest, "unknown_agent", "Field `to`: there is no agent `\(name)`.")
            }
            return .transfer(to: name)
        case "callback":
            let body = try await request.decoded(CallBody.self)
            guard let moment = try body.moment(in: zone) else {
                throw Refusal(.badRequest, "malformed", "Field `day` is missing.")
            }
            return .schedule(at: moment, phone: body.phone ?? "", about: body.about ?? "")
        case "called":
            let body = try await request.decoded(CallBody.self)
            guard let reached = body.reached else {
                throw Refusal(.badRequest, "malformed", "Field `reached` is missing: true or false.")
            }
            return .called(reached: reached, next: reached ? nil : try body.moment(in: zone))
        case "cancel-callback": return .cancelCall
        case "agree": return .agree(try await agreement(request))
        default:
            throw Refusal(
                .notFound, "unknown_action",
                "There is no action `\(action)`: use claim, reply, note, agree, hold, release, transfer, return, close, mark, callback, called or cancel-callback."
            )
        }
    }

    private func agreement(_ request: Request) async throws -> Agreement {
        let body = try await request.decoded(AgreementBody.self)
        if let offer = body.offer { return .offer(id: offer) }
        let amount = body.amount.flatMap { Money(plain: $0) }
        let day = body.day.flatMap { Day($0) }
        if body.amount != nil, amount?.isPositive != true {
            throw Refusal(.badRequest, "malformed", "Field `amount`: expected a positive amount such as \"24600.00\".")
        }
        if body.day != nil, day == nil {
            throw Refusal(.badRequest, "malformed", "Field `day`: expected a day such as \"2026-12-05\".")
        }
        return .proposal(Proposal(amount: amount, day: day, instalments: body.instalments))
    }

    private func text(_ request: Request) async throws -> Text {
        let text = try await request.decoded(Text.self)
        if text.text.allSatisfy(\.isWhitespace) { throw Refusal(.badRequest, "empty", "Field `text` is empty.") }
        return text
    }

    /// A body is optional here.
    private func note(_ request: Request) async throws -> String? {
        let data = try await request.bodyBytes()
        if data.isEmpty { return nil }
        do {
            return try JSONDecoder().decode(OptionalNote.self, from: data).note
        } catch let error as DecodingError {
            throw Refusal(.badRequest, "malformed", error.reason)
        }
    }

    private func answering(_ body: () async throws -> Response) async throws -> Response {
        do {
            return try await body()
        } catch let refusal as AgentRefusal {
            throw Refusal(refusal)
        }
    }
}

extension Refusal {
    init(_ refusal: AgentRefusal) {
        switch refusal {
        case .unknownHandoff: self.init(.notFound, "unknown_handoff", "There is no such hand-off.")
        case .claimedBy(let name): self.init(.conflict, "claimed", "\(name) has this hand-off.", agent: name)
        case .notYours: self.init(.conflict, "not_yours", "Claim the hand-off before you act on it.")
        case .beyondPolicy(let why): self.init(.unprocessableContent, "beyond_policy", why)
        case .wrongState(let state):
            self.init(.conflict, "wrong_state", "The hand-off is \(state.rawValue); this cannot be done to it now.")
        case .cannotCall(let why, let nearest):
            self.init(
                .unprocessableContent, "cannot_call", why + (nearest.map { " Lo más cercano: \($0)." } ?? ""))
        case .full(let agent, let capacity):
            self.init(.conflict, "full", "\(agent) has \(capacity) cases, as many as they can attend.", agent: agent)
        case .stale(let owner):
            self.init(
                .conflict, "stale",
                "The hand-off changed hands since: \(owner.map { "\($0) has it" } ?? "nobody has it"). Nothing was sent.",
                agent: owner)
        case .noCall: self.init(.conflict, "no_call", "No call is pending for this hand-off.")
        case .onThePhone:
            self.init(
                .conflict, "on_the_phone", "The customer called: there is nowhere to write to. Call them (`callback`).")
        case .callPending:
            self.init(
                .conflict, "call_pending",
                "A call is pending: say how it went (`called`), or cancel it (`cancel-callback`).")
        case .forbiddenWording(let rule, let words):
            self.init(
                .unprocessableContent, "forbidden_wording",
                "No se puede mandar «\(words)»: \(rule.why) (\(rule.id), \(rule.source)). Decilo de otra manera.",
                rule: rule.id)
        }
    }
}
