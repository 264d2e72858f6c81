import Quantities

/// How an account has paid, told from its items and payments up to a day.
public struct PaymentHistory: Hashable, Sendable {
    /// Items that fell due before the day.
    public var itemsDue: Int
    /// Of those, the share that was settled in time; nil where none fell due.
    public var onTime: Percent?
    /// Mean days from the due day to the day on which an item was settled, half up, 0 where it was in time; an item that
    /// is still owed counts up to the day. Nil where none fell due.
    public var averageDelay: Int?
    /// Days since the last payment that stands; nil where there is none.
    public var daysSincePayment: Int?
    /// Days since the oldest item that is still owed fell due; 0 where none is past due.
    public var daysPastDue: Int

    public init(itemsDue: Int, onTime: Percent?, averageDelay: Int?, daysSincePayment: Int?, daysPastDue: Int) {
        self.itemsDue = itemsDue
        self.onTime = onTime
        self.averageDelay = averageDelay
        self.daysSincePayment = daysSincePayment
        self.daysPastDue = daysPastDue
    }
}

extension Account {
    /// The payment history as it stood on `day`: nothing that happened later shows.
    /// - Parameter graceDays: days after the due day that still count as in time, for weekends and the time a transfer
    ///   takes.
    public func paymentHistory(on day: Day, graceDays: Int = 3, indices: IndexTables = .none) -> PaymentHistory {
        let due = AccountHistory(self, on: day, indices: indices).items
            .filter { $0.item.dueDate < day && $0.item.principal.isPositive }
        let delays = due.map { max(0, ($0.closedOn ?? day) - $0.item.dueDate) }
        let inTime = zip(due, delays).count { $0.closedOn != nil && $1 <= graceDays }
        let last = payments.filter { $0.stands(on: day) }.map(\.day).max()
        let count = Int128(due.count)
        return PaymentHistory(
            itemsDue: due.count,
            onTime: due.isEmpty ? nil : Percent(basisPoints: roundedHalfUp(Int128(inTime) * 10_000, over: count)),
            averageDelay: due.isEmpty ? nil : Int(roundedHalfUp(delays.reduce(0) { $0 + Int128($1) }, over: count)),
            daysSincePayment: last.map { day - $0 },
            daysPastDue: due.first { $0.closedOn == nil }.map { day - $0.item.dueDate } ?? 0)
    }
}
