import Conduct
import Conversations
import Quantities
import Storage

/// A request about personal data as a manager sees it.
public struct PersonRequestView: Codable, Sendable {
    public struct Step: Codable, Sendable {
        public var state: PersonRequest.State
        /// ISO 8601.
        public var at: String
        public var by: String
        public var note: String
    }

    public var id: String
    public var right: DataRight
    public var state: PersonRequest.State
    public var account: String?
    public var conversation: String?
    /// The holder of the account; nil for a number without one, and once the person was erased.
    public var name: String?
    public var channel: String
    public var asked_by: String
    public var asked_on: String
    public var due: String
    public var overdue: Bool
    public var steps: [Step]
    public var pseudonym: String?
    /// Only in the answer to an erasure: rows that are gone, by table; accounts that stay without a name; whether the
    /// database's log is empty of them too, and whether the file was written anew, so that nothing of them is left in it;
    /// else it is at night.
    public var erased: [String: Int]?
    public var kept: [String]?
    public var log_emptied: Bool?
    public var rewritten: Bool?

    public var isOpen: Bool { state.isOpen }

    public init(_ request: PersonRequest, name: String?, zone: Zone, now: Moment) {
        id = request.id
        right = request.right
        state = request.state
        account = request.accountID
        conversation = request.conversationID
        self.name = name
        channel = request.channel
        asked_by = request.askedBy
        asked_on = request.askedOn.iso
        due = request.due.iso
        overdue = request.isOverdue(on: now.day(in: zone))
        steps = request.steps.map {
            Step(state: $0.state, at: $0.at.iso(in: zone), by: $0.by, note: $0.note)
        }
        pseudonym = request.pseudonym
    }
}

/// What a manager does with a request.
public enum PersonRequestOrder: String, Sendable, CaseIterable {
    /// Who asks is the person, or speaks for them.
    case verify
    /// It was answered; of an erasure: erase them now.
    case done
    /// It is not done, and why.
    case refuse
}

extension Desk {
    /// Open ones first, by the day on which they are due; then those that were answered, latest first.
    public func personRequests(now: Moment) async throws -> [PersonRequestView] {
        try await store.personRequests().map {
            PersonRequestView($0.request, name: $0.name, zone: processor.world.zone, now: now)
        }
    }

    /// Writes down a request that came otherwise than in a chat.
    /// - Parameter askedOn: the day on which it came; today where it is nil.
    /// - Throws: ``PersonRequestRefusal``.
    public func register(
        _ right: DataRight, accountID: String, channel: String, askedBy: String, askedOn: Day?, by name: String,
        now: Moment
    ) async throws -> PersonRequestView {
        let processor = processor
        let day = askedOn ?? now.day(in: processor.world.zone)
        let (request, holder) = try await store.submit { tx in
            let request = try processor.register(
                right, accountID: accountID, channel: channel, askedBy: askedBy, askedOn: day, by: name, now: now,
                tx: tx)
            return (request, try tx.account(id: accountID)?.fullName)
        }
        return PersonRequestView(request, name: holder, zone: processor.world.zone, now: now)
    }

    /// Carries out an order on a request; an erasure erases.
    /// - Throws: ``PersonRequestRefusal``.
    public func order(
        _ order: PersonRequestOrder, requestID: String, note: String, by name: String, now: Moment
    ) async throws -> PersonRequestView {
        let processor = processor
        let zone = processor.world.zone
        let right = try await store.read { try $0.personRequest(id: requestID)?.right }
        if order == .done, right == .erasure {
            let report = try await store.erase(requestID: requestID, by: name, now: now)
            var view = PersonRequestView(report.request, name: nil, zone: zone, now: now)
            (view.erased, view.kept) = (report.erased, report.kept)
            (view.log_emptied, view.rewritten) = (report.log_emptied, report.rewritten)
            return view
        }
        let state: PersonRequest.State =
            switch order {
            case .verify: .verified
            case .done: .done
            case .refuse: .refused
            }
        let (request, holder) = try await store.submit { tx in
            let request = try processor.move(requestID, to: state, note: note, by: name, now: now, tx: tx)
            return (request, try request.accountID.flatMap { try tx.account(id: $0)?.fullName })
        }
        return PersonRequestView(request, name: holder, zone: zone, now: now)
    }

    /// Everything that is held about the person of an account, as JSON; nil where there is no such account.
    public func personalData(accountID: String, now: Moment) async throws -> [UInt8]? {
        try await store.personalData(accountID: accountID, now: now).map(Array.init)
    }
}
