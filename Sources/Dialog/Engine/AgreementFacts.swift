import Negotiation
import Quantities

/// Facts about what was already agreed: open promises, the running plan, what they leave uncovered.
extension Turn {
    func agreement(_ fact: Fact) -> FactValue {
        switch fact {
        case .tone: return .text(facts.bargain.tone)
        case .uncovered: return .money(facts.bargain.uncovered)
        case .hasUncovered: return .flag(facts.bargain.uncovered.isPositive && !facts.bargain.openPromises.isEmpty)
        case .promiseDetail: return openDetail.map { .text($0) } ?? .missing
        case .hasPlan: return .flag(facts.currentPlan?.state == .active)
        case .planState: return facts.currentPlan.map { .text($0.state.spanishName) } ?? .missing
        case .planInstalment: return nextInstalment.map { .money($0.amount) } ?? .missing
        case .planDay: return nextInstalment.map { .day($0.payBy) } ?? .missing
        case .planPaid: return facts.currentPlan.map { .number($0.settled) } ?? .missing
        case .planInstalments:
            return facts.currentPlan.map { plan in .number(facts.bargain.promises.count { $0.planID == plan.planID }) }
                ?? .missing
        case .planArrears: return facts.currentPlan.map { .money($0.arrears) } ?? .missing
        case .planUntil:
            if case .broken(_, let until?) = facts.currentPlan?.state { return .day(until) }
            return .missing
        default: return .missing
        }
    }

    private var nextInstalment: PromiseToPay? {
        guard let plan = facts.currentPlan else { return nil }
        return facts.bargain.openPromises.filter { $0.planID == plan.planID }.min {
            ($0.payBy, $0.id) < ($1.payBy, $1.id)
        }
    }

    /// "$ 20.000,00 para el viernes 27/11 y $ 34.000,00 para el jueves 10/12".
    private var openDetail: String? {
        let today = facts.today
        let open = facts.bargain.openPromises.sorted { ($0.payBy, $0.id) < ($1.payBy, $1.id) }
        let parts = open.prefix(3).map { promise in
            phrases(promise.amount)
                + (promise.payBy == today ? " para hoy" : " para el \(phrases(promise.payBy, asOf: today))")
        }
        guard let last = parts.last else { return nil }
        let rest = open.count > 3 ? " y \(open.count - 3) más" : ""
        if parts.count == 1 { return last }
        return rest.isEmpty
            ? parts.dropLast().joined(separator: ", ") + " y " + last : parts.joined(separator: ", ") + rest
    }
}

extension PlanStanding.State {
    /// As guards compare it.
    var spanishName: String {
        switch self {
        case .active: "activo"
        case .completed: "completo"
        case .broken(_, .some): "caido"
        case .broken: "perdido"
        case .cancelled: "cancelado"
        }
    }
}
