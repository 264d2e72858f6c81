import Ledger
import Negotiation
import Quantities
import Understanding

/// What a message says to the dialog: names that are heard, and slots that it fills.
extension Turn {
    /// What the message says where the conversation is now.
    func hearings(of heard: Heard) -> Hearings {
        var said = heard.said
        if heard.chosenOffer(in: state) != nil { said.insert(.option) }
        if heard.tapped != nil { return said }
        said.formUnion(filled)
        if state.verified, said.contains(.death), heard.understanding.mournsAnother { said.remove(.death) }
        if state.insults >= 2 || heard.understanding.anger >= 3 { said.insert(.repeatedInsult) }
        if here?.confirms == true, said.contains(.yes), saysAnotherFigure(heard) { said.remove(.yes) }
        return said
    }

    /// The first digression that hears the message.
    func digression(_ heard: Heard, always: Bool = false) -> Digression? {
        let said = hearings(of: heard)
        guard !dialog.sideQuestions.isDisjoint(with: said) else { return nil }
        return dialog.digressions.first { !$0.heard.isDisjoint(with: said) && ($0.always || !always) }
    }

    /// A figure in digits that the proposal does not have: "dale 3" is no yes to six instalments (I3).
    private func saysAnotherFigure(_ heard: Heard) -> Bool {
        guard let proposal = state.proposal, heard.text.utf8.contains(where: isDigit) else {
            return false
        }
        // What the echo says: of a plan how many instalments, what is paid first and the first and highest of them.
        let regular = proposal.regularInstalments
        let highest = regular.max { $0.amount < $1.amount }
        let shown = proposal.instalments.filter { $0.number == 0 } + [regular.first, highest].compactMap(\.self)
        var figures = [regular.count]
        // After a comma, a slash or a hyphen within a figure: cents, month, year.
        var endings: [Int] = []
        for (amount, day) in shown.map({ ($0.amount, $0.dueDay) }) + [(proposal.total, facts.today)] {
            let units = Int(amount.cents / 100)
            figures += [units, units / 1000, day.dayOfMonth]
            endings += [Int(amount.cents % 100), day.month, day.year]
        }
        let text = heard.text.utf8.filter { $0 != UInt8(ascii: ".") }
        var start = 0
        while let first = text[start...].firstIndex(where: isDigit) {
            let end = text[first...].firstIndex { !isDigit($0) } ?? text.endIndex
            let isEnding = first >= 2 && isDigit(text[first - 2]) && ",/-".utf8.contains(text[first - 1])
            guard let figure = Int(String(decoding: text[first..<end], as: UTF8.self)),
                figures.contains(figure) || isEnding && endings.contains(figure)
            else { return true }
            start = end
        }
        return false
    }

    // MARK: Slots

    mutating func fill(from heard: Heard) {
        resolveDoubt(heard)
        guard heard.tapped == nil else { return }
        for case .exact(let each) in heard.understanding.amounts.filter({ $0.role == .perInstalment }).map(\.value) {
            instalmentSaid = each
        }
        let asksAmount = state.pendingSlot == "monto"
        for said in heard.understanding.amounts
        where said.role == .total && said.confidence >= Self.guess && (asksAmount || !heard.onlyAsks) {
            let reading = inCurrency(of: facts.bargain.account, said, heard)
            let amounts = figures(reading)
            guard let amount = amounts.first?.money else {
                if case .exact(let money) = reading.value, money.currency != facts.bargain.account.currency {
                    noteOtherCurrency(money)
                } else if case .vague = reading.value, !filled.contains(.amount), dialog.slots["monto"] != nil {
                    note("monto: no dijo cuánto (\(reading.reason))")
                    state.amount = nil
                    isAmountOpen = true
                    filled.insert(.amount)
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
        if heard.understanding.has(.alreadyPaid) && !heard.understanding.has(.promise) { filled.remove(.amount) }
        // "No, pará, mejor el viernes" right after the end corrects what was noted.
        let corrects = state.verified && state.state == dialog.start && heard.understanding.has(.deny)
        let asked = corrects || state.askingForDay(dialog)
        let week = weekAsked
        for reading in heard.daysToTake(asOf: facts.today, confirming: here?.confirms == true)
        where reading.confidence >= Self.guess && (reading.kind == .payBy || reading.kind == .range) {
            guard let read = reading.day, heard.commits(asked: asked) else { continue }
            let day = inTheWeekAsked(read, heard, week)
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
        askAboutPayDay(heard, asked: asked)
        if let count = heard.understanding.instalments, count.count > 1, count.confidence >= 0.5,
            takes(.number(count.count), for: "cuotas")
        {
            state.instalments = count.count
            filled.insert(.instalments)
            note("cuotas: \(count.count)")
            // Where instalments are for a person to see, so is which of two figures was meant.
            if asksDoubt, facts.plans.isEmpty { (state.doubt, state.pendingSlot) = (nil, nil) }
        }
        if !filled.isEmpty, !state.evidence.contains(heard.messageID) { state.evidence.append(heard.messageID) }
    }

    /// "Cobro el viernes" names no day of payment: whether it is that one is asked, not which.
    private mutating func askAboutPayDay(_ heard: Heard, asked: Bool) {
        guard !filled.contains(.day), state.day == nil, facts.currentPlan?.state != .active,
            heard.commits(asked: asked),
            let reading = heard.understanding.days.first(where: { $0.kind == .from && $0.confidence >= Self.guess }),
            let day = reading.day, day >= facts.today
        else { return }
        doubt(Doubt(days: [day]), reason: reading.reason)
    }

    /// Dollars where the debt is in pesos: said, and the sum asked for.
    private mutating func noteOtherCurrency(_ said: Money) {
        guard dialog.slots["monto"] != nil else { return }
        note("monto: \(said.plain) en otra moneda que la de la cuenta")
        if state.verified, !isAmountOpen {
            texts.append(phrases(facts.bargain.account.currency == .usd ? .inDollars : .inPesos))
        }
        state.amount = nil
        isAmountOpen = true
        filled.insert(.amount)
    }

    /// "el jueves" where the customer's "semana que viene" is asked back, or echoed, is the Thursday of that week.
    private func inTheWeekAsked(_ day: Day, _ heard: Heard, _ week: Day?) -> Day {
        guard let week, (5...(asksDoubt ? 12 : 8)).contains(week - day), heard.namesOnlyTheWeekday(of: day) else {
            return day
        }
        return day.adding(days: 7)
    }

    /// The day that is asked back, or echoed.
    private var weekAsked: Day? { asksDoubt ? state.doubt?.days.first : here?.confirms == true ? state.day : nil }

    /// A slot was filled for sure: what was in doubt about it no longer is.
    private mutating func hear(_ slot: String) {
        filled.formUnion(Hearings(named: slot))
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
    private func figures(_ reading: AmountReading) -> [(money: Money, share: Percent?)] {
        let first = amounts(reading.value)
        return first
            + (reading.alternative.map(amounts) ?? []).filter { other in !first.contains { $0.money == other.money } }
    }

    private func amounts(_ value: AmountReading.Value) -> [(money: Money, share: Percent?)] {
        let total = facts.bargain.statement.total
        let said: [(money: Money?, share: Percent?)] =
            switch value {
            case .exact(let money): [(money, nil)]
            case .share(let share): [(share.of(total), share)]
            case .all: [(total, Percent(basisPoints: 10_000))]
            case .minimum: [(facts.bargain.minimumAmount, nil)]
            case .range(let low, let high): [(low, nil), (high, nil)]
            case .principalOnly, .vague: []
            }
        return said.compactMap { said in said.money.map { ($0, said.share) } }.filter {
            $0.money.currency == facts.bargain.account.currency && $0.money.isPositive
        }
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

private func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
