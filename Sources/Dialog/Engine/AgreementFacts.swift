import Negotiation
import Quantities

/// Facts about what was already agreed: open promises, the running plan, what they leave uncovered.
extension Turn {
    func agreement(_ name: String) -> FactValue {
        let bargain = facts.bargain
        switch name {
        case "tono": return .text(bargain.tone)
        case "resto": return .money(bargain.uncovered)
        case "tiene_resto": return .flag(bargain.uncovered.isPositive && !bargain.openPromises.isEmpty)
        case "promesa.detalle": return openDetail.map { .text($0) } ?? .missing
        case "tiene_plan": return .flag(facts.currentPlan?.state == .active)
        case "plan.estado": return facts.currentPlan.map { .text($0.state.spanishName) } ?? .missing
        case "plan.cuota": return nextInstalment.map { .money($0.amount) } ?? .missing
        case "plan.fecha": return nextInstalment.map { .day($0.payBy) } ?? .missing
        case "plan.pagadas": return facts.currentPlan.map { .number($0.settled) } ?? .missing
        case "plan.cuotas":
            return facts.currentPlan.map { plan in .number(bargain.promises.count { $0.planID == plan.planID }) }
                ?? .missing
        case "plan.atraso": return facts.currentPlan.map { .money($0.arrears) } ?? .missing
        case "plan.hasta":
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
            promise.amount.formatted
                + (promise.payBy == today ? " para hoy" : " para el \(promise.payBy.formatted(asOf: today))")
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
