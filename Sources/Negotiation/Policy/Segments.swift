import Ledger
import Quantities

/// One segment of the policy: what an account's payment history must show to belong to it. A condition that is nil asks
/// for nothing.
public struct SegmentRule: Hashable, Sendable {
    public var name: String
    public var minimumOnTime: Percent?
    /// Days.
    public var maximumDelay: Int?
    /// Of the promises that were judged; an account without any fulfils it.
    public var minimumKept: Percent?
    public var maximumDaysSincePayment: Int?

    public init(
        name: String, minimumOnTime: Percent? = nil, maximumDelay: Int? = nil, minimumKept: Percent? = nil,
        maximumDaysSincePayment: Int? = nil
    ) {
        self.name = name
        self.minimumOnTime = minimumOnTime
        self.maximumDelay = maximumDelay
        self.minimumKept = minimumKept
        self.maximumDaysSincePayment = maximumDaysSincePayment
    }

    /// Whether the rule asks for nothing: the segment of the rest.
    public var takesAll: Bool {
        minimumOnTime == nil && maximumDelay == nil && minimumKept == nil && maximumDaysSincePayment == nil
    }

    /// Each condition, in Spanish, and whether the history fulfils it.
    func conditions(_ history: PaymentHistory, kept: Percent?) -> [(text: String, holds: Bool)] {
        var conditions: [(String, Bool)] = []
        if let minimumOnTime {
            let value = history.onTime
            conditions.append(
                (
                    "pagó a término \(value?.formatted ?? "nada todavía") (se pide \(minimumOnTime.formatted))",
                    value.map { $0 >= minimumOnTime } ?? false
                ))
        }
        if let maximumDelay {
            let value = history.averageDelay
            conditions.append(
                (
                    "atraso medio \(value.map { "\($0) días" } ?? "sin datos") (se admite \(maximumDelay))",
                    value.map { $0 <= maximumDelay } ?? false
                ))
        }
        if let minimumKept {
            conditions.append(
                (
                    "promesas cumplidas \(kept?.formatted ?? "ninguna juzgada") (se pide \(minimumKept.formatted))",
                    kept.map { $0 >= minimumKept } ?? true
                ))
        }
        if let maximumDaysSincePayment {
            let value = history.daysSincePayment
            conditions.append(
                (
                    "último pago \(value.map { "hace \($0) días" } ?? "nunca") (se admite \(maximumDaysSincePayment))",
                    value.map { $0 <= maximumDaysSincePayment } ?? false
                ))
        }
        return conditions
    }
}

/// The segment of an account and why, in Spanish.
public struct SegmentFinding: Hashable, Sendable {
    public var segment: String
    public var reasons: [String]
}

extension Policy {
    /// The first segment whose conditions the account's history fulfils on `day`; the one it was imported with where the
    /// policy has no segments or nothing has fallen due yet.
    public func segment(of account: Account, promises: [PromiseToPay], on day: Day, indices: IndexTables = .none)
        -> SegmentFinding
    {
        guard !segments.isEmpty else {
            return SegmentFinding(segment: account.segment, reasons: ["el importado con la cuenta"])
        }
        let history = account.paymentHistory(on: day, indices: indices)
        guard history.itemsDue > 0 else {
            return SegmentFinding(
                segment: account.segment, reasons: ["el importado con la cuenta: todavía no venció nada"])
        }
        let kept = promises.count { $0.state == .kept }
        let judged = kept + promises.count { $0.state == .broken || $0.state == .partiallyKept }
        let ratio =
            judged == 0 ? nil : Percent(basisPoints: roundedHalfUp(Int128(kept) * 10_000, over: Int128(judged)))
        var reasons: [String] = []
        for rule in segments {
            let conditions = rule.conditions(history, kept: ratio)
            if conditions.allSatisfy(\.holds) {
                reasons.append(
                    "\(rule.name): " + (rule.takesAll ? "los demás" : conditions.map(\.text).joined(separator: ", ")))
                return SegmentFinding(segment: rule.name, reasons: reasons)
            }
            reasons.append("no es \(rule.name): " + conditions.filter { !$0.holds }.map(\.text).joined(separator: ", "))
        }
        return SegmentFinding(segment: account.segment, reasons: reasons + ["el importado con la cuenta"])
    }
}
