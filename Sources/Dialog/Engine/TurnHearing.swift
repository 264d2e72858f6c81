import Ledger
import Negotiation
import Quantities
import Understanding

/// What a message says to the dialog: names that are heard, and slots that it fills.
extension Turn {
    func matches(_ names: [String], _ heard: Heard) -> Bool { names.contains { matches($0, heard) } }

    func matches(_ name: String, _ heard: Heard) -> Bool {
        let understanding = heard.understanding
        if let tapped = heard.tapped {
            return tapped == name || (name == "opcion" && state.shownOffers.contains { $0.id == tapped })
        }
        switch name {
        case "monto", "fecha", "cuotas": return filled.contains(name)
        case "opcion": return heard.chosenOffer(in: state) != nil
        case "documento": return understanding.documentDigits != nil
        case "dia_de_cobro": return heard.namesPayDay
        case "insulto_repetido": return state.insults >= 2 || understanding.anger >= 3
        case "otro": return true
        case "si":
            if understanding.has(.deny) || understanding.has(.reject) || understanding.has(.unclear)
                || understanding.has(.postpone)
            {
                return false
            }
            if here?.confirms == true, saysAnotherFigure(heard) { return false }
            return confidence(of: [.affirm, .accept], in: understanding) >= 0.6
        case "queja":
            return confidence(of: [.complain], in: understanding) >= 0.6
        default:
            guard let intents = DialogVocabulary.intents[name] else { return false }
            let threshold = name == "angustia" || name == "pide_humano" ? 0.3 : 0.45
            return confidence(of: intents, in: understanding) >= threshold
        }
    }

    func confidence(of intents: [Intent], in understanding: Understanding) -> Double {
        understanding.intents.filter { intents.contains($0.intent) }.map(\.confidence).max() ?? 0
    }

    /// A figure in digits that the proposal does not have: "dale 3" is no yes to six instalments (I3).
    private func saysAnotherFigure(_ heard: Heard) -> Bool {
        guard let proposal = state.proposal else { return false }
        var own: Set<Int> = [proposal.instalments.count { $0.number > 0 }]
        for (amount, day) in proposal.instalments.map({ ($0.amount, $0.dueDay) }) + [(proposal.total, facts.today)] {
            let units = Int(amount.cents / 100)
            own.formUnion([units, units / 1000, Int(amount.cents % 100), day.dayOfMonth, day.month, day.components.0])
        }
        return heard.text.replacing(".", with: "").split { !("0"..."9").contains($0) }.compactMap { Int($0) }
            .contains { !own.contains($0) }
    }

    // MARK: Slots

    mutating func fill(from heard: Heard) {
        resolveDoubt(heard)
        guard heard.tapped == nil else { return }
        for said in heard.understanding.amounts where said.role == .total && said.confidence >= Self.guess {
            let reading = inCurrency(of: facts.bargain.account, said, heard)
            let amounts = figures(reading)
            guard let amount = amounts.first else {
                if case .vague = reading.value, !filled.contains("monto"), dialog.slots["monto"] != nil {
                    note("monto: no dijo cuánto (\(reading.reason))")
                    state.amount = nil
                    isAmountOpen = true
                    filled.insert("monto")
                }
                continue
            }
            if reading.confidence < Self.sure || reading.isRange {
                doubt(Doubt(amounts: amounts), reason: reading.reason)
                continue
            }
            guard takes(.money(amount), for: "monto") else { continue }
            if state.amount != amount { note("monto: \(amount.plain) (\(reading.reason))") }
            state.amount = amount
            isAmountOpen = false
            hear("monto")
        }
        if heard.understanding.has(.alreadyPaid) && !heard.understanding.has(.promise) { filled.remove("monto") }
        for reading in heard.understanding.days
        where reading.confidence >= Self.guess && (reading.kind == .payBy || reading.kind == .range) {
            guard let day = reading.day, heard.commits(asked: state.askingForDay(dialog)) else { continue }
            if reading.confidence < Self.sure {
                let alternative = reading.alternative.map { $0 >= facts.today ? [$0] : [] } ?? []
                doubt(Doubt(days: [day] + alternative), reason: reading.reason)
                continue
            }
            guard takes(.day(day), for: "fecha") else { continue }
            if state.day != day { note("fecha: \(day.iso) (\(reading.reason))") }
            state.day = day
            hear("fecha")
        }
        if let count = heard.understanding.instalments, count.count > 1, count.confidence >= 0.5,
            takes(.number(count.count), for: "cuotas")
        {
            state.instalments = count.count
            filled.insert("cuotas")
            note("cuotas: \(count.count)")
        }
        if !filled.isEmpty, !state.evidence.contains(heard.messageID) { state.evidence.append(heard.messageID) }
    }

    /// A slot was filled for sure: what was in doubt about it no longer is.
    private mutating func hear(_ slot: String) {
        filled.insert(slot)
        if state.doubt?.slot == slot { state.doubt = nil }
    }

    /// A figure that says no currency is in the account's: "te pago 50" is US$ 50 where the debt is in dollars, and no
    /// thousands were left out of it.
    private func inCurrency(of account: Account, _ reading: AmountReading, _ heard: Heard) -> AmountReading {
        guard account.currency != .ars, !heard.text.contains("peso") else { return reading }
        var reading = reading
        func own(_ money: Money) -> Money {
            guard money.currency == .ars else { return money }
            return Money(cents: reading.inferred ? money.cents / 1000 : money.cents, account.currency)
        }
        switch reading.value {
        case .exact(let money): reading.value = .exact(own(money))
        case .range(let low, let high): reading.value = .range(low.map(own), own(high))
        default: return reading
        }
        if case .exact(let money) = reading.alternative {
            reading.alternative = reading.inferred ? nil : .exact(own(money))
        }
        return reading
    }

    /// What an amount that was read may come to, the likeliest first and once; empty where it says no figure.
    private func figures(_ reading: AmountReading) -> [Money] {
        let first = amounts(reading.value)
        return first + (reading.alternative.map(amounts) ?? []).filter { !first.contains($0) }
    }

    private func amounts(_ value: AmountReading.Value) -> [Money] {
        let total = facts.bargain.statement.total
        let said: [Money?] =
            switch value {
            case .exact(let money): [money]
            case .share(let share): [share.of(total)]
            case .all: [total]
            case .minimum: [facts.bargain.minimumAmount]
            case .range(let low, let high): [low, high]
            case .principalOnly, .vague: []
            }
        return said.compactMap { $0 }.filter { $0.currency == facts.bargain.account.currency && $0.isPositive }
    }

    /// Whether the dialog asks for this slot and the value keeps to its limits; says why where it does not.
    mutating func takes(_ value: FactValue, for name: String) -> Bool {
        guard let slot = dialog.slots[name] else { return false }
        if allows(value, in: slot) { return true }
        note("\(name): fuera de sus límites (línea \(slot.position.line))")
        if let text = slot.invalid, !refused { say(text) }
        refused = true
        return false
    }

    func isFilled(_ slot: String) -> Bool {
        switch slot {
        case "monto": state.amount != nil
        case "fecha": state.day != nil
        case "cuotas": state.instalments != nil
        default: true
        }
    }

    /// Goes on with a choice that was waiting for a slot. True when the turn is done.
}
