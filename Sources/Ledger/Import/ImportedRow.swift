import Quantities

/// One row of an import, read and checked by itself; whether its account is known is seen later.
public struct ImportedRow: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        /// With the row's item, where it has one. Indirect, so that the other rows, of which there are many, stay small.
        indirect case account(Account)
        case item(Item)
        case payment(Payment)
        indirect case promise(ImportedPromise)
        case waiver(Waiver)
    }
    public var accountID: String
    /// Tells the row from the others of its account: the same key again is the same thing, brought up to date.
    public var key: String
    /// The currency that the row states, if it does. Amounts of items, payments and history are in ARS until
    /// ``in(_:)`` gives them their account's.
    public var currency: Currency?
    public var content: Content
}

/// A promise of the past, or of another system, as a file tells it.
public struct ImportedPromise: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, CaseIterable {
        case open = "abierta"
        case kept = "cumplida"
        case partiallyKept = "parcial"
        case broken = "rota"
        case withdrawn = "retirada"
        case superseded = "reemplazada"
    }
    public var id: String
    public var amount: Money
    public var payBy: Day
    public var createdOn: Day
    public var state: State
    /// The policy's where nil.
    public var deadline: Day?
    public var planID: String?
    public var evidence: [String]
    /// The whole promise as Promesa exported it: JSON. The cells above win over it.
    public var record: String?

    public init(
        id: String, amount: Money, payBy: Day, createdOn: Day, state: State, deadline: Day?, planID: String?,
        evidence: [String], record: String?
    ) {
        self.id = id
        self.amount = amount
        self.payBy = payBy
        self.createdOn = createdOn
        self.state = state
        self.deadline = deadline
        self.planID = planID
        self.evidence = evidence
        self.record = record
    }
}

extension ImportedRow {
    /// The same row with its amounts in the account's currency.
    public func `in`(_ currency: Currency) -> ImportedRow {
        guard currency != .ars else { return self }
        func converted(_ money: Money) -> Money { Money(cents: money.cents, currency) }
        var row = self
        switch content {
        case .account: break
        case .item(var item):
            item.principal = converted(item.principal)
            row.content = .item(item)
        case .payment(var payment):
            payment.amount = converted(payment.amount)
            row.content = .payment(payment)
        case .promise(var promise):
            promise.amount = converted(promise.amount)
            row.content = .promise(promise)
        case .waiver(var waiver):
            waiver.amount = waiver.amount.map(converted)
            row.content = .waiver(waiver)
        }
        return row
    }
}

/// One thing that is wrong with a row.
public struct ImportProblem: Hashable, Sendable {
    public var line: Int
    public var column: Int
    /// What was expected, and what was found unless it is personal.
    public var message: String

    public init(line: Int, column: Int, message: String) {
        self.line = line
        self.column = column
        self.message = message
    }

    public func rendered(file: String) -> String { "\(file):\(line):\(column): \(message)" }
}

/// What keeps a file from being imported; then nothing of it was.
public struct ImportFailure: Error, Hashable, Sendable, CustomStringConvertible {
    public let problems: [String]
    /// Of all, also those that are not listed.
    public let count: Int

    public init(problems: [String], count: Int? = nil) {
        self.problems = problems
        self.count = count ?? problems.count
    }

    public var description: String {
        let more = count > problems.count ? "\n… and \(count - problems.count) more" : ""
        return problems.joined(separator: "\n") + more
            + "\nnothing was imported (\(count) problem\(count == 1 ? "" : "s"))"
    }
}
