import Conversations
import Ledger
import Negotiation
import Quantities
import Storage

/// What a customer sees of the own account, and nothing besides.
public struct CustomerView: Sendable {
    public struct Item: Sendable {
        public let description: String
        public let dueDate: String
        public let total: String
        /// How the figure came about, step by step.
        public let explanation: [String]
    }
    /// A promise, or an instalment of a plan, that is still to be paid.
    public struct Payable: Sendable {
        public let amount: String
        public let payBy: String
        public let isInstalment: Bool
    }

    public let name: String
    public let creditor: String
    public let reference: String
    public let day: String
    public let total: String
    /// In favour of the customer; nil where there is nothing.
    public let credit: String?
    public let items: [Item]
    public let payable: [Payable]
    /// A plan that broke: what is lacking, and until when it can be brought back, in words.
    public let plan: String?
    public let payment: (alias: String, cbu: String, link: String)
    public let attendedHours: String

    init(_ account: Account, promises: [PromiseToPay], world: World, on today: Day) {
        let bargain = world.bargain(account, promises: promises, on: today)
        let statement = bargain.statement
        name = account.firstName
        creditor = account.creditor
        reference = account.id
        day = today.formatted(asOf: today) + "/\(today.year)"
        total = statement.total.formatted
        credit = statement.credit.isPositive ? statement.credit.formatted : nil
        items = statement.lines.map {
            Item(
                description: $0.description, dueDate: $0.dueDate.formatted(asOf: today), total: $0.total.formatted,
                explanation: $0.explanation)
        }
        let open = promises.filter { $0.state == .open }.sorted { ($0.payBy, $0.id) < ($1.payBy, $1.id) }
        payable = open.map {
            Payable(
                amount: $0.amount.formatted, payBy: $0.payBy.formatted(asOf: today), isInstalment: $0.planID != nil)
        }
        plan = bargain.currentPlan.flatMap { standing in
            guard case .broken(_, let until) = standing.state else { return nil }
            let arrears = "Tu plan está caído: faltan \(standing.arrears.formatted)."
            return until.map { "\(arrears) Si lo pagás hasta el \($0.formatted(asOf: today)), vuelve." } ?? arrears
        }
        let due = open.first?.amount ?? statement.total
        payment = (world.payment.alias, world.payment.cbu, world.payment.link(account: account.id, amount: due))
        attendedHours = world.attendedHours
    }
}

extension Desk {
    /// What the customer of an account sees; nil where there is no such account.
    public func customer(accountID: String, now: Moment) async throws -> CustomerView? {
        let world = processor.world
        return try await store.read { tx in
            try tx.account(id: accountID).map {
                CustomerView(
                    $0, promises: try tx.promises(accountID: accountID), world: world, on: now.day(in: world.zone))
            }
        }
    }

    /// What a customer orders on the own page, durable when this returns.
    public func take(_ order: PageOrder, accountID: String, now: Moment) async throws {
        let processor = processor
        try await store.submit { try processor.receive(order, accountID: accountID, now: now, tx: $0) }
    }
}
