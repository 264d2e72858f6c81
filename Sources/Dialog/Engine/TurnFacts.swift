import Ledger
import Negotiation
import Quantities

/// A fact as guards compare it and as texts show it.
enum FactValue: Hashable {
    case money(Money)
    case day(Day)
    case number(Int)
    case text(String)
    case flag(Bool)
    case missing
}

/// What each fact is in a turn.
extension Turn {
    private var today: Day { facts.today }

    func value(_ fact: Fact) -> FactValue {
        switch fact {
        case .firstName: return .text(facts.bargain.account.firstName)
        case .creditor: return .text(facts.bargain.account.creditor)
        case .total: return .money(facts.bargain.statement.total)
        case .overdue: return .money(facts.bargain.statement.overdue)
        case .principal: return .money(facts.bargain.statement.principal)
        case .interest: return .money(facts.bargain.statement.interest)
        case .charges: return .money(facts.bargain.statement.charges)
        case .detail: return .text(detail)
        case .daysPastDue: return .number(max(0, facts.bargain.statement.daysPastDue ?? 0))
        case .nextDueDate: return facts.bargain.statement.nextDueDate.map { .day($0) } ?? .missing
        case .itemCount: return .number(facts.bargain.statement.lines.count)
        case .state: return .text(state.state)
        case .stage: return .text(facts.bargain.stage.spanishName)
        case .segment: return .text(facts.bargain.segment.segment)
        case .verified: return .flag(state.verified)
        case .identityAttempts: return .number(state.identityAttempts)
        case .hasPromise: return .flag(openPromise != nil)
        case .promiseAmount: return openPromise.map { .money($0.amount) } ?? .missing
        case .promiseDay: return openPromise.map { .day($0.payBy) } ?? .missing
        case .brokenPromises: return .number(facts.bargain.brokenPromises)
        case .optedOut: return .flag(facts.bargain.account.optedOut)
        case .owes: return .flag(facts.bargain.statement.total.isPositive)
        case .today: return .day(today)
        case .attended: return .flag(facts.humansAvailable)
        case .minimum: return .money(facts.bargain.minimumAmount)
        case .latestDay: return .day(facts.bargain.latestDay)
        case .mostInstalments:
            return .number(facts.plans.map(\.regularInstalments.count).max() ?? 0)
        case .payNowAmount: return .money(facts.payNow.total)
        case .payNowDiscount: return .money(facts.payNow.discount)
        case .hasDiscount: return .flag(facts.payNow.discount.isPositive)
        case .hasPlans: return .flag(!facts.plans.isEmpty)
        case .hasAmount: return .flag(state.amount != nil)
        case .hasDay: return .flag(state.day != nil)
        case .hasInstalments: return .flag(state.instalments != nil)
        case .amount: return state.amount.map { .money($0) } ?? .missing
        case .day: return state.day.map { .day($0) } ?? .missing
        case .instalments: return state.instalments.map { .number($0) } ?? .missing
        case .proposalState:
            switch state.verdict {
            case .admissible: return .text("admisible")
            case .counter: return .text("contraoferta")
            case .needsHuman: return .text("persona")
            case nil: return .missing
            }
        case .proposalReason:
            switch state.verdict {
            case .counter(_, let why), .needsHuman(let why): return .text(why)
            default: return .text("")
            }
        case .proposalAmount: return underDiscussion.map { .money($0.total) } ?? .missing
        case .proposalDay: return underDiscussion?.instalments.first.map { .day($0.dueDay) } ?? .missing
        case .proposalIsToday:
            return .flag(underDiscussion.map { $0.instalments.allSatisfy { $0.dueDay == today } } ?? false)
        case .proposalInstalments:
            return underDiscussion.map { .number($0.regularInstalments.count) } ?? .missing
        case .proposalDetail: return underDiscussion.map { .text($0.summary(asOf: today, in: phrases)) } ?? .missing
        case .alias: return .text(facts.payment.alias)
        case .cbu: return .text(facts.payment.cbu)
        case .reference: return .text(facts.bargain.account.id)
        case .link:
            let amount =
                underDiscussion?.instalments.first?.amount ?? openPromise?.amount ?? facts.bargain.statement.total
            return .text(facts.payment.link(account: facts.bargain.account.id, amount: amount))
        case .page: return facts.pageAddress.map { .text($0) } ?? value(.link)
        case .attendedHours: return .text(facts.attendedHours)
        case .attendedNext: return .text(facts.opening ?? facts.attendedHours)
        case .plans:
            return .text(
                facts.plans.enumerated().map { "\($0.offset + 1)) \($0.element.summary(asOf: today, in: phrases))" }
                    .joined(
                        separator: "\n"))
        case .proposalIsPlan: return .flag(underDiscussion?.kind == .plan)
        case .proposalSchedule: return underDiscussion.map { .text($0.schedule(asOf: today, in: phrases)) } ?? .missing
        case .tone, .uncovered, .hasUncovered, .promiseDetail, .hasPlan, .planState, .planInstalment, .planDay,
            .planPaid,
            .planInstalments, .planArrears, .planUntil:
            return agreement(fact)
        }
    }

    private var openPromise: PromiseToPay? { facts.bargain.openPromises.min { ($0.payBy, $0.id) < ($1.payBy, $1.id) } }

    func text(of fact: Fact) -> String {
        switch value(fact) {
        case .money(let money): phrases(money)
        case .day(let day): phrases(day, asOf: today)
        case .number(let number): String(number)
        case .text(let text): text
        case .flag(let flag): flag ? "sí" : "no"
        case .missing: "—"
        }
    }

    func holds(_ condition: Guard?) -> Bool {
        guard let condition else { return true }
        for term in condition.terms where !holds(term) { return false }
        return true
    }

    /// Whether a value keeps to its slot's limits; a limit without a value does not limit.
    func allows(_ value: FactValue, in slot: Slot) -> Bool {
        func ordered(_ low: FactValue, _ high: FactValue) -> Bool {
            switch (low, high) {
            case (.money(let low), .money(let high)): low <= high
            case (.day(let low), .day(let high)): low <= high
            case (.number(let low), .number(let high)): low <= high
            default: true
            }
        }
        return ordered(slot.minimum.map { self.value($0) } ?? .missing, value)
            && ordered(value, slot.maximum.map { self.value($0) } ?? .missing)
    }

    private func holds(_ term: Guard.Term) -> Bool {
        guard let fact = term.fact else { return false }
        let value = value(fact)
        func compare<T: Comparable>(_ a: T, _ b: T) -> Bool {
            switch term.comparison {
            case .equal: a == b
            case .notEqual: a != b
            case .less: a < b
            case .lessOrEqual: a <= b
            case .greater: a > b
            case .greaterOrEqual: a >= b
            case .isTrue, .isFalse: false
            }
        }
        switch (value, term.comparison) {
        case (.flag(let flag), .isTrue): return flag
        case (.flag(let flag), .isFalse): return !flag
        case (.missing, .isFalse): return true
        case (_, .isTrue), (_, .isFalse): return (value != .missing) == (term.comparison == .isTrue)
        case (.number(let number), _): return term.number.map { compare(number, $0) } ?? false
        case (.money(let money), _): return term.number.map { compare(Int128(money.cents), Int128($0) * 100) } ?? false
        case (.text(let text), _): return compare(text, term.value ?? "")
        case (.missing, _): return term.comparison == .notEqual
        case (.day, _), (.flag, _): return false
        }
    }

    /// "capital $ 49.200,00, intereses con IVA $ 1.859,35".
    private var detail: String {
        let (principal, interest) = (facts.bargain.statement.principal, facts.bargain.statement.interest)
        let charges = facts.bargain.statement.charges
        var text = "capital " + phrases(principal)
        let units = Set(facts.bargain.account.items.compactMap { $0.indexed?.unit }).sorted()
        if !units.isEmpty { text += " al valor de \(units.joined(separator: " y ")) de hoy" }
        if interest.isPositive { text += ", intereses con IVA " + phrases(interest) }
        if charges.isPositive { text += ", cargo de gestión con IVA " + phrases(charges) }
        return text
    }
}
