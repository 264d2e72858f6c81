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

/// The facts of a turn by the names of ``DialogVocabulary/facts``.
extension Turn {
    private var bargain: Bargain { facts.bargain }
    private var today: Day { facts.today }

    func value(_ name: String) -> FactValue {
        let statement = bargain.statement
        switch name {
        case "nombre": return .text(bargain.account.firstName)
        case "acreedor": return .text(bargain.account.creditor)
        case "saldo": return .money(statement.total)
        case "vencido": return .money(statement.overdue)
        case "capital": return .money(statement.principal)
        case "intereses": return .money(statement.interest)
        case "cargos": return .money(statement.charges)
        case "detalle": return .text(detail(statement))
        case "dias_mora": return .number(max(0, statement.daysPastDue ?? 0))
        case "vencimiento": return statement.nextDueDate.map { .day($0) } ?? .missing
        case "cantidad_items": return .number(statement.lines.count)
        case "estado": return .text(state.state)
        case "etapa": return .text(bargain.stage.spanishName)
        case "segmento": return .text(bargain.segment.segment)
        case "verificado": return .flag(state.verified)
        case "intentos_identidad": return .number(state.identityAttempts)
        case "tiene_promesa": return .flag(openPromise != nil)
        case "promesa.monto": return openPromise.map { .money($0.amount) } ?? .missing
        case "promesa.fecha": return openPromise.map { .day($0.payBy) } ?? .missing
        case "promesas_rotas": return .number(bargain.brokenPromises)
        case "dado_de_baja": return .flag(bargain.account.optedOut)
        case "debe": return .flag(statement.total.isPositive)
        case "hoy": return .day(today)
        case "en_horario": return .flag(facts.humansAvailable)
        case "politica.minimo": return .money(bargain.minimumAmount)
        case "politica.fecha_limite": return .day(bargain.latestDay)
        case "politica.cuotas_max":
            return .number(facts.plans.map { $0.instalments.count { $0.number > 0 } }.max() ?? 0)
        case "pago_hoy.monto": return .money(facts.payNow.total)
        case "pago_hoy.descuento": return .money(facts.payNow.discount)
        case "tiene_descuento": return .flag(facts.payNow.discount.isPositive)
        case "tiene_planes": return .flag(!facts.plans.isEmpty)
        case "tiene_monto": return .flag(state.amount != nil)
        case "tiene_fecha": return .flag(state.day != nil)
        case "tiene_cuotas": return .flag(state.instalments != nil)
        case "monto": return state.amount.map { .money($0) } ?? .missing
        case "fecha": return state.day.map { .day($0) } ?? .missing
        case "cuotas": return state.instalments.map { .number($0) } ?? .missing
        case "propuesta.estado":
            switch state.verdict {
            case .admissible: return .text("admisible")
            case .counter: return .text("contraoferta")
            case .needsHuman: return .text("persona")
            case nil: return .missing
            }
        case "propuesta.motivo":
            switch state.verdict {
            case .counter(_, let why), .needsHuman(let why): return .text(why)
            default: return .text("")
            }
        case "propuesta.monto": return underDiscussion.map { .money($0.total) } ?? .missing
        case "propuesta.fecha": return underDiscussion?.instalments.first.map { .day($0.dueDay) } ?? .missing
        case "propuesta.es_hoy":
            return .flag(underDiscussion.map { $0.instalments.allSatisfy { $0.dueDay == today } } ?? false)
        case "propuesta.cuotas":
            return underDiscussion.map { .number($0.instalments.count { $0.number > 0 }) } ?? .missing
        case "propuesta.detalle": return underDiscussion.map { .text($0.summary(asOf: today)) } ?? .missing
        case "pago.alias": return .text(facts.payment.alias)
        case "pago.cbu": return .text(facts.payment.cbu)
        case "pago.referencia": return .text(bargain.account.id)
        case "pago.link":
            let amount = underDiscussion?.instalments.first?.amount ?? openPromise?.amount ?? statement.total
            return .text(facts.payment.link(account: bargain.account.id, amount: amount))
        case "atencion.horario": return .text(facts.attendedHours)
        case "planes":
            return .text(
                facts.plans.enumerated().map { "\($0.offset + 1)) \($0.element.summary(asOf: today))" }.joined(
                    separator: "\n"))
        case "propuesta.es_plan": return .flag(underDiscussion?.kind == .plan)
        case "propuesta.cronograma": return underDiscussion.map { .text($0.schedule(asOf: today)) } ?? .missing
        default: return agreement(name)
        }
    }

    private var openPromise: PromiseToPay? { bargain.openPromises.min { ($0.payBy, $0.id) < ($1.payBy, $1.id) } }

    func text(of name: String) -> String {
        switch value(name) {
        case .money(let money): money.formatted
        case .day(let day): day.formatted(asOf: today)
        case .number(let number): String(number)
        case .text(let text): text
        case .flag(let flag): flag ? "sí" : "no"
        case .missing: "—"
        }
    }

    func holds(_ condition: Guard?) -> Bool {
        condition?.terms.allSatisfy(holds) ?? true
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
        let value = value(term.fact)
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
        case (.number(let number), _): return Int(term.value ?? "").map { compare(number, $0) } ?? false
        case (.money(let money), _): return Int64(term.value ?? "").map { compare(money.cents, $0 * 100) } ?? false
        case (.text(let text), _): return compare(text, term.value ?? "")
        case (.missing, _): return term.comparison == .notEqual
        case (.day, _), (.flag, _): return false
        }
    }

    private func detail(_ statement: Statement) -> String {
        let units = Set(bargain.account.items.compactMap { $0.indexed?.unit }).sorted()
        var parts = [
            "capital \(statement.principal.formatted)"
                + (units.isEmpty ? "" : " al valor de \(units.joined(separator: " y ")) de hoy")
        ]
        if statement.interest.isPositive { parts.append("intereses con IVA \(statement.interest.formatted)") }
        if statement.charges.isPositive { parts.append("cargo de gestión con IVA \(statement.charges.formatted)") }
        return parts.joined(separator: ", ")
    }
}
