import Conversations
import DatabaseEngine
import Ledger
import Quantities
import Reports

/// How accounts went from bucket to bucket in each month, worked out from their ledgers.
struct Closings {
    private struct Key: Hashable {
        let month: Day
        let currency: Currency
        let segment: String
        let before: AgeingBucket
        let after: AgeingBucket
    }
    private struct Sum {
        var accounts: Int64 = 0
        var before: Int64 = 0
        var after: Int64 = 0
        var billed: Int64 = 0
    }
    /// A month and the last day of it that is over.
    struct Month: Hashable {
        let first: Day
        let until: Day
    }

    /// Accounts that are read at once.
    private static let part = 1000

    private let months: [Month]
    private var sums: [Key: Sum] = [:]
    /// The last account that was counted.
    private var last = ""

    init(_ months: [Month]) { self.months = months }

    /// The months that are to be closed on a day: of the last `count` and the present one, those that are not closed up
    /// to their end, or to yesterday.
    static func due(_ db: Database, on today: Day, count: Int) throws -> [Month] {
        let closed = try Row.fetchAll(db, sql: "SELECT month, until FROM closed_months").map {
            Month(first: Day(number: $0["month"]), until: Day(number: $0["until"]))
        }
        return (0...count).map { today.monthStart.adding(months: -$0) }.compactMap { first in
            let until = min(first.adding(months: 1), today).adding(days: -1)
            let month = Month(first: first, until: until)
            return until < first || closed.contains(month) ? nil : month
        }
    }

    /// Counts the next accounts by id. All of them, a million, take some tens of seconds.
    /// - Returns: false where no account was left.
    mutating func countMore(_ db: Database) throws -> Bool {
        let turn = SQLiteTurn(db: db)
        let ids = try RowStatement(db, "SELECT id FROM accounts WHERE id > ? ORDER BY id LIMIT \(Self.part)")
            .all(.text(last)) { $0.text(0) }
        guard let end = ids.last else { return false }
        for id in ids {
            if let account = try turn.account(id: id) { count(account) }
        }
        last = end
        return true
    }

    private mutating func count(_ account: Account) {
        var known: [Day: OpenPrincipal] = [:]
        func open(_ day: Day) -> OpenPrincipal {
            let open = known[day] ?? account.openPrincipal(on: day)
            known[day] = open
            return open
        }
        for month in months {
            let eve = month.first.adding(days: -1)
            let (before, after) = (open(eve), open(month.until))
            func bucket(_ open: OpenPrincipal, _ day: Day) -> AgeingBucket {
                AgeingBucket(daysPastDue: open.oldestDue.map { day - $0 } ?? 0)
            }
            let key = Key(
                month: month.first, currency: account.currency, segment: account.segment,
                before: bucket(before, eve), after: bucket(after, month.until))
            var sum = sums[key] ?? Sum()
            sum.accounts += 1
            sum.before += before.cents
            sum.after += after.cents
            sum.billed += account.items.reduce(0) {
                $1.dueDate >= month.first && $1.dueDate <= month.until ? $0 + $1.principal.cents : $0
            }
            sums[key] = sum
        }
    }

    func write(_ db: Database) throws {
        for month in months {
            try db.execute(sql: "DELETE FROM closings WHERE month = ?", arguments: [month.first.number])
            try db.execute(
                sql: SQL.put("closed_months", key: ["month"], ["until"]),
                arguments: [month.first.number, month.until.number])
        }
        let insert = try RowStatement(db, "INSERT INTO closings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for (key, sum) in sums {
            try insert.run(
                .day(key.month), .text(key.currency.rawValue), .text(key.segment), .integer(Int64(key.before.rawValue)),
                .integer(Int64(key.after.rawValue)), .integer(sum.accounts), .integer(sum.before), .integer(sum.after),
                .integer(sum.billed))
        }
    }
}

extension Store {
    /// Closes the months that are over and brings the present one up to yesterday, by the records of now: accounts are read
    /// some at a time beside the writer, and only the result is written.
    /// - Parameters:
    ///   - months: how many past months, at most, where they were not closed yet.
    ///   - rest: waited for after each part, which took that long.
    /// - Returns: how many were closed or brought up to date.
    @discardableResult
    public func closeMonths(
        on today: Day, months count: Int = 6, rest: (Duration) async throws -> Void = { _ in }
    ) async throws -> Int {
        let months = try await pool.read { try Closings.due($0, on: today, count: count) }
        guard !months.isEmpty else { return 0 }
        let clock = ContinuousClock()
        var closings = Closings(months)
        while true {
            let start = clock.now
            let (counted, isMore) = try await pool.read { [closings] db in
                var closings = closings
                let isMore = try closings.countMore(db)
                return (closings, isMore)
            }
            if !isMore { break }
            closings = counted
            try await rest(clock.now - start)
        }
        try await write { [closings] in try closings.write($0) }
        return months.count
    }
}
