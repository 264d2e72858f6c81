import Negotiation
import Quantities
import Understanding

/// An option that was put on the customer's screen with its price: the price holds until the offer's stated day, however
/// old the message is by then.
public struct PricedOption: Hashable, Sendable, Codable {
    /// Designer name or id of the offer that a tap carries, without its serial.
    public var name: String
    /// The confirming state that choosing it leads to.
    public var target: String
    public var offer: Offer
    /// The messages on which it was shown, the last ones.
    public var serials: [Int]
}

/// Offers put to the customer: what is conceded, what their price is when they are taken.
extension Turn {
    /// Concedes one step of the ladder, at most one in a turn; at the floor only a person can do more.
    mutating func concede() {
        if case .needsHuman(let why) = facts.bargain.judge(Proposal()) { return settle(.needsHuman(why: why)) }
        // The ladder is for a new agreement, not for what stands beside one or moves it.
        if underDiscussion?.purpose != nil {
            return settle(
                .needsHuman(why: phrases(.agreedStands)))
        }
        var ladder = state.standing(on: facts.ladder, today: facts.today)
        let result = ladder.concede(facts.ladder, turn: state.turnsHeard, on: facts.today, in: phrases)
        switch result {
        case .granted(let offer):
            note("concesión \(ladder.conceded): \(offer.id)")
            (state.ladder, state.seen) = (ladder, nil)
            settle(.counter(offer, why: offer.concession(in: phrases)), isConcession: true)
        case .oneATurn(let offer):
            note("ya hizo una concesión en este turno: sigue la que está")
            settle(.counter(offer, why: ""), isConcession: true)
        case .floor(_, let why): settle(.needsHuman(why: why))
        case .nothingOwed: settle(.needsHuman(why: phrases(.noDebt)))
        }
    }

    /// Answers who asks for a discount about the discount: the next one, the greatest, or that there is none.
    mutating func concedeDiscount() {
        if case .needsHuman(let why) = facts.bargain.judge(Proposal()) { return settle(.needsHuman(why: why)) }
        var ladder = state.standing(on: facts.ladder, today: facts.today)
        switch ladder.concedeDiscount(facts.ladder, turn: state.turnsHeard, on: facts.today, in: phrases) {
        case .granted(let offer):
            note("concesión \(ladder.conceded): \(offer.id)")
            (state.ladder, state.seen) = (ladder, nil)
            settle(.counter(offer, why: offer.concession(in: phrases)), isConcession: true)
        case .floor(let offer, _) where underDiscussion?.id == offer.id:
            settle(.needsHuman(why: phrases(.noMoreDiscount)))
        case .floor(let offer, let why): settle(.counter(offer, why: why), isConcession: true)
        case .oneATurn, .nothingOwed: concede()
        case nil:
            concede()
            let none = phrases(.noDiscount)
            switch state.verdict {
            case .counter(let offer, let why): state.verdict = .counter(offer, why: "\(none) \(why)")
            case .needsHuman(let why): state.verdict = .needsHuman(why: "\(none) \(why)")
            default: break
            }
        }
    }

    /// What the customer was offered before is no concession any more.
    mutating func noteShown(_ offer: Offer) {
        guard offer.purpose == nil, state.seen?.contains(offer.id) != true else { return }
        state.seen = (state.seen ?? []) + [offer.id]
    }

    /// Judges amount, day and instalments as what is under discussion asks: a new agreement, the rest beside the open
    /// promises, or another day for a plan.
    mutating func propose() {
        // Those that this account cannot have were refused when they were asked for.
        if !filled.contains(.instalments), facts.plans.isEmpty { state.instalments = nil }
        var said = Proposal(amount: state.amount, day: state.day, instalments: state.instalments)
        switch underDiscussion?.purpose {
        case .rest: settle(facts.bargain.judgeRest(said))
        case .move where !filled.contains(.amount):
            if let day = state.day { settle(facts.bargain.judgeMove(toPayDay: day.dayOfMonth)) }
        default:
            if said.amount == nil, let moved = movedAmount {
                note("otro día para lo ya anotado: vale su importe")
                (state.amount, said.amount) = (moved, moved)
            }
            settle(answered(facts.bargain.judge(said)))
        }
    }

    /// Another day for a part that is noted moves that part: "mejor el 6" does not promise the whole debt.
    private var movedAmount: Money? {
        guard state.day != nil, state.instalments == nil, facts.bargain.uncovered >= facts.bargain.minimumAmount else {
            return nil
        }
        let noted = facts.bargain.openPromises.filter { $0.planID == nil }
        guard !noted.isEmpty, noted.count == facts.bargain.openPromises.count else { return nil }
        return noted.reduce(Money.zero(facts.bargain.account.currency)) { $0 + $1.amount }
    }

    /// "3 cuotas de 10 lucas": a plan with dearer instalments is another than the one that was asked for.
    private func answered(_ verdict: Verdict) -> Verdict {
        guard let said = instalmentSaid, case .admissible(let offer) = verdict, offer.kind == .plan,
            let highest = offer.regularInstalments.map(\.amount).max(), highest > said
        else { return verdict }
        return .counter(offer, why: phrases(.instalmentsTooLow, phrases(said)))
    }

    var underDiscussion: Offer? { state.underDiscussion }

    /// "Cobro el 10, pasame la cuota al 10."
    mutating func proposePayDay(_ heard: Heard?) {
        (state.proposal, state.verdict, state.echoed) = (nil, nil, nil)
        guard let heard, let day = heard.payDay else { return note("no dijo qué día cobra") }
        (state.amount, state.day, state.instalments) = (nil, nil, nil)
        settle(facts.bargain.judgeMove(toPayDay: day.dayOfMonth))
        if !state.evidence.contains(heard.messageID) { state.evidence.append(heard.messageID) }
    }

    // MARK: Prices on the screen

    /// Makes an offer that was shown the proposal, at the price shown while it holds and with a word where it does not.
    /// False where the option is no longer there: the customer was told, and the dialog began again.
    @discardableResult
    mutating func take(shown offer: Offer) -> Bool {
        switch facts.bargain.accept(offer) {
        case .asShown(let held): settle(.admissible(held))
        case .repriced(let fresh, let why):
            texts.append(why)
            note("el precio ya no vale: se ofrece el de hoy")
            settle(.admissible(fresh))
        case .gone(let why):
            texts.append(why)
            redirected = true
            enter(dialog.start)
            return false
        }
        return true
    }

    /// The price that the button (or the words for it) on the last message stood for.
    func price(of names: [String], _ kind: Offer.Kind) -> Offer? {
        state.priced?.last {
            names.contains($0.name) && $0.serials.contains(state.serial) && $0.offer.kind == kind
        }?.offer
    }

    /// The option that a tapped button stood for on an older message.
    func priced(_ heard: Heard) -> PricedOption? {
        guard let name = heard.tapped, let serial = heard.serial, state.verified else { return nil }
        return state.priced?.last { $0.name == name && $0.serials.contains(serial) }
    }

    /// Takes the option of an older message: its price is confirmed where it holds, else the new one.
    mutating func retake(_ option: PricedOption, _ heard: Heard) {
        note("tocó un botón de un mensaje anterior: vale el precio que muestra, hasta su día")
        guard take(shown: option.offer), let offer = state.proposal else { return finish() }
        setSlots(of: offer)
        state.evidence = [heard.messageID]
        enter(option.target)
        finish()
    }

    /// The slots as if the customer had said the offer.
    mutating func setSlots(of offer: Offer) {
        let count = offer.regularInstalments.count
        if offer.kind == .plan, offer.purpose == nil {
            (state.amount, state.day, state.instalments) = (nil, nil, count)
        } else {
            // What is taken off for paying today is no sum that the customer named: it does not follow to another day.
            let amount = offer.kind == .payNow ? nil : offer.total
            (state.amount, state.day, state.instalments) = (amount, offer.instalments.first?.dueDay, nil)
        }
    }

    /// Remembers which prices the options of this message stand for.
    mutating func rememberPrices(in here: DialogStateDefinition) {
        let planChosen = here.choices.first { $0.actions.contains(.proposePlan) }?.next
        for offer in state.shownOffers {
            remember(offer, as: offer.id, leadingTo: here.confirms ? here.name : planChosen)
        }
        for button in here.pricedButtons {
            guard let index = button.choices.first(where: { holds(here.choices[$0].when) }) else { continue }
            let actions = here.choices[index].actions
            let offer =
                (here.confirms && actions.contains(.record) ? state.proposal : nil)
                ?? (actions.contains(.proposePayNow) ? facts.payNow : nil)
                ?? (actions.contains(.takeCounterOffer) ? underDiscussion : nil)
            guard let offer else { continue }
            remember(offer, as: button.name, leadingTo: here.confirms ? here.name : here.choices[index].next)
        }
    }

    private mutating func remember(_ offer: Offer, as name: String, leadingTo target: String?) {
        guard let target, dialog.states[target]?.confirms == true else { return }
        var priced = state.priced ?? []
        state.priced = nil
        var serials = [state.serial]
        if let index = priced.firstIndex(where: { $0.name == name && $0.target == target && $0.offer == offer }) {
            serials = (priced.remove(at: index).serials + serials).suffix(Self.remembered)
        }
        priced.append(PricedOption(name: name, target: target, offer: offer, serials: serials))
        priced.removeFirst(max(0, priced.count - Self.remembered))
        state.priced = priced
    }

    /// Prices and messages that are remembered.
    private static let remembered = 8

    /// The offer was taken: its buttons mean nothing more.
    mutating func forgetPrice(of offer: Offer) {
        state.priced?.removeAll { $0.offer == offer }
    }
}

extension DialogState {
    /// The proposal, or the counter-offer of the last verdict.
    var underDiscussion: Offer? {
        if case .counter(let offer, _) = verdict { return offer }
        return proposal
    }

    /// How far the conversation came down the ladder, with what was offered since its last step.
    func standing(on offers: [Offer], today: Day) -> ConcessionLadder {
        var ladder = ladder ?? ConcessionLadder()
        for offer in offers where seen?.contains(offer.id) == true { ladder.shown(offer, of: offers, on: today) }
        return ladder
    }
}

extension Heard {
    /// The day on which the customer says that they are paid, or to which they want to move.
    var payDay: Day? {
        let days = understanding.days.filter { $0.confidence >= 0.5 }
        return (days.first { $0.kind == .from && $0.day != nil } ?? days.first { $0.kind == .payBy })?.day
    }
}

extension Understanding {
    /// A day of pay-day was named.
    var namesPayDay: Bool { days.contains { $0.kind == .from && $0.day != nil && $0.confidence >= 0.5 } }
}
