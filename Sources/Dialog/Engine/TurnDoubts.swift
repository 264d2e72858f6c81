import Negotiation
import Quantities
import Understanding

/// What a message may have meant for one slot where it was not clear enough to be taken.
public struct Doubt: Hashable, Sendable, Codable {
    /// `monto` or `fecha`.
    public var slot: String
    /// The best reading and the second best, likeliest first; of an amount or of a day, as the slot is.
    public var amounts: [Money]
    public var days: [Day]
    /// Which of ``amounts`` are shares of the debt: they move with it.
    public var shares: [Percent?]?

    init(amounts: [(money: Money, share: Percent?)]) {
        let amounts = amounts.prefix(2)
        (slot, self.amounts, days) = ("monto", amounts.map(\.money), [])
        if amounts.contains(where: { $0.share != nil }) { shares = amounts.map(\.share) }
    }
    init(days: [Day]) { (slot, amounts, self.days) = ("fecha", [], Array(days.prefix(2))) }

    /// With shares of what is owed now.
    func repriced(_ total: Money) -> Doubt {
        var doubt = self
        for (index, share) in (shares ?? []).enumerated() { doubt.amounts[index] = share?.of(total) ?? amounts[index] }
        return doubt
    }

    /// The id of the button that stands for none of the readings.
    static let neither = "duda.otro"

    /// The readings as the customer sees them, in order, and then "another".
    func options(asOf today: Day, in phrases: Phrases) -> [OfferedChoice] {
        amounts.enumerated().map {
            OfferedChoice(id: "duda.\($0.offset)", title: phrases($0.element), amount: $0.element)
        }
            + days.enumerated().map {
                // Short: it has to fit a button.
                OfferedChoice(
                    id: "duda.\($0.offset)",
                    title: $0.element == today ? phrases(.todayAlone) : $0.element.formatted(asOf: today),
                    day: $0.element)
            }
            + [OfferedChoice(id: Self.neither, title: phrases(slot == "monto" ? .anotherAmount : .anotherDay))]
    }

    func question(asOf today: Day, in phrases: Phrases) -> String {
        let readings =
            amounts.map { phrases($0) }
            + days.map { phrases.on($0, asOf: today) }
        return phrases(.whichOne, readings.joined(separator: " o "))
    }
}

/// Asks back what was not clear, in one short question with the readings as buttons.
extension Turn {
    /// Readings below this confidence are asked back instead of being taken; the calibration that
    /// `promesa bench understanding` prints tells how often such readings are right.
    static let sure = 0.6
    /// Below this a reading is not even worth asking about.
    static let guess = 0.35

    /// Keeps the readings of a slot for the question; says why where none keeps to the slot's limits.
    mutating func doubt(_ doubt: Doubt, reason: String) {
        guard state.doubt == nil, !filled.contains(Hearings(named: doubt.slot)), let slot = dialog.slots[doubt.slot]
        else {
            return
        }
        var doubt = doubt
        let (amounts, days) = (doubt.amounts, doubt.days)
        let kept = amounts.indices.filter { allows(.money(amounts[$0]), in: slot) }
        doubt.amounts = kept.map { amounts[$0] }
        doubt.shares = doubt.shares.map { shares in kept.map { shares[$0] } }
        doubt.days = days.filter { allows(.day($0), in: slot) }
        if doubt.amounts.isEmpty, doubt.days.isEmpty {
            _ = takes(amounts.first.map { .money($0) } ?? days.first.map { .day($0) } ?? .missing, for: doubt.slot)
            return
        }
        if doubt.slot == "monto" { state.amount = nil } else { state.day = nil }
        state.doubt = doubt
        filled.formUnion(Hearings(named: doubt.slot))
        note("\(doubt.slot): no es seguro (\(reason)): lo pregunta")
    }

    /// The question on the screen is which of two readings was meant: a yes answers no other.
    var asksDoubt: Bool { state.doubt != nil && state.doubt?.slot == state.pendingSlot }

    /// Takes the reading that was chosen, where one is on the screen.
    mutating func resolveDoubt(_ heard: Heard) {
        guard asksDoubt, let doubt = state.doubt else { return }
        let shown = doubt.options(asOf: facts.today, in: phrases).dropLast()
        let onlyOne = shown.count == 1 && heard.tapped == nil && hearings(of: heard).contains(.yes) ? shown.first : nil
        guard let chosen = shown.first(where: { $0.id == (heard.tapped ?? heard.understanding.choice) }) ?? onlyOne
        else { return }
        state.doubt = nil
        if let amount = chosen.amount { state.amount = amount }
        if let day = chosen.day { state.day = day }
        filled.formUnion(Hearings(named: doubt.slot))
        state.evidence.append(heard.messageID)
        note("\(doubt.slot): \(chosen.title) (lo eligió)")
    }

    /// None of the readings was meant: the plain question of the slot is put. True when the turn is done.
    mutating func refusesDoubt(_ heard: Heard) -> Bool {
        guard asksDoubt, let doubt = state.doubt else { return false }
        let only = heard.understanding.intents.allSatisfy { [.deny, .reject].contains($0.intent) }
        guard
            (heard.tapped ?? heard.understanding.choice) == Doubt.neither || (only && hearings(of: heard).contains(.no))
        else {
            return false
        }
        state.doubt = nil
        note("\(doubt.slot): ninguna de las dos")
        ask()
        return true
    }
}
