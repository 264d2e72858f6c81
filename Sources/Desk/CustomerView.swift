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

    /// The words that the page speaks.
    public let phrases: Phrases
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
        let phrases = world.phrases(for: account)
        let bargain = world.bargain(account, promises: promises, on: today)
        let statement = bargain.statement
        self.phrases = phrases
        name = account.firstName
        creditor = account.creditor
        reference = account.id
        day = phrases.withYear(today)
        total = phrases(statement.total)
        credit = statement.credit.isPositive ? phrases(statement.credit) : nil
        items = statement.lines.map {
            Item(
                description: $0.description, dueDate: phrases($0.dueDate, asOf: today), total: phrases($0.total),
                explanation: $0.explanation(in: phrases))
        }
        let open = promises.filter { $0.state == .open }.sorted { ($0.payBy, $0.id) < ($1.payBy, $1.id) }
        payable = open.map {
            Payable(
                amount: phrases($0.amount), payBy: phrases($0.payBy, asOf: today), isInstalment: $0.planID != nil)
        }
        plan = bargain.currentPlan.flatMap { standing in
            guard case .broken(_, let until) = standing.state else { return nil }
            let arrears = phrases(.pagePlanBroken, phrases(standing.arrears))
            return until.map { "\(arrears) \(phrases(.pagePlanBack, phrases($0, asOf: today)))" } ?? arrears
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
