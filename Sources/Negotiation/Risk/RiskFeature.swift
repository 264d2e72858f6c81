import Ledger
import Quantities

/// What a scorecard looks at, from the payment history up to a day.
public enum RiskFeature: String, CaseIterable, Sendable {
    /// Share of due items settled in time, in whole percent.
    case onTime = "a_termino"
    /// Mean delay, in days.
    case averageDelay = "atraso_medio"
    /// Days since the last payment.
    case recency = "ultimo_pago"
    /// Days past due of the oldest unpaid item; 0 where nothing is overdue.
    case daysPastDue = "dias_de_mora"
    /// Share of judged promises that were kept, in whole percent.
    case kept = "promesas_cumplidas"

    /// Where each band begins; the first one takes all below the second. Fixed, so that cards can be compared.
    public var bands: [Int] {
        switch self {
        case .onTime: [0, 25, 50, 75, 90]
        case .averageDelay: [0, 4, 11, 31, 61]
        case .recency: [0, 31, 61, 91]
        case .daysPastDue: [0, 1, 16, 31, 61]
        case .kept: [0, 50, 80]
        }
    }

    /// The band of a value; nil where the history says nothing.
    func band(of value: Int?) -> Int? { value.map { value in bands.last { $0 <= value } ?? bands[0] } }

    /// The value in words.
    func words(_ value: Int?) -> String {
        switch self {
        case .onTime: value.map { "pagó a término \($0) % de lo que venció" } ?? "todavía no le venció nada"
        case .averageDelay: value.map { "se atrasa \($0) días en promedio" } ?? "sin atrasos que medir"
        case .recency: value.map { "pagó por última vez hace \($0) días" } ?? "nunca pagó"
        case .daysPastDue: value == 0 ? "no tiene nada vencido" : "lleva \(value ?? 0) días de mora"
        case .kept: value.map { "cumplió \($0) % de sus promesas" } ?? "no tiene promesas juzgadas"
        }
    }
}

/// The values of an account on a day; a feature that is absent has no data.
public struct RiskProfile: Hashable, Sendable {
    public var values: [RiskFeature: Int]

    public init(_ account: Account, promises: [PromiseToPay] = [], on day: Day) {
        let history = account.paymentHistory(on: day)
        values = [.daysPastDue: history.daysPastDue]
        values[.onTime] = history.onTime.map { Int($0.basisPoints / 100) }
        values[.averageDelay] = history.averageDelay
        values[.recency] = history.daysSincePayment
        let judged = promises.filter { [.kept, .broken, .partiallyKept].contains($0.state) && $0.deadline < day }
        if !judged.isEmpty { values[.kept] = judged.count { $0.state == .kept } * 100 / judged.count }
    }
}
