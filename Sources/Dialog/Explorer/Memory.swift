import Negotiation
import Quantities

/// What of its memory a dialog can still make use of in each state, and the classes of figures that it tells apart.
struct Memory {
    /// States in which, or after which, the policy's last answer is read before it is written again.
    private(set) var readsVerdict: Set<String> = []
    /// States in which, or after which in the same conversation, how often a verified person's document was wrong is read.
    private(set) var readsAttempts: Set<String> = []
    /// Wrong documents after which one more makes no difference: one more than any guard compares with.
    let attempts: Int
    /// Id of the ladder's offer that takes the most off the debt.
    private let greatestDiscount: String?
    /// How many instalments the policy's plans have.
    private let offered: [Int]
    private let facts: Facts

    init(_ dialog: CompiledDialog, _ facts: Facts) {
        self.facts = facts
        greatestDiscount = facts.ladder.last(where: \.isImmediateDiscount)?.id
        offered = facts.plans.map(\.regularInstalments.count)
        let states = dialog.states.values
        let terms = states.flatMap { $0.routes.compactMap(\.when) + $0.choices.compactMap(\.when) }.flatMap(\.terms)
        let compared = terms.filter { $0.fact == .identityAttempts }.compactMap(\.number)
        attempts = (compared.max() ?? -1) + 1
        let anywhere = [dialog.onEscalate, dialog.limits.onLimit]
        let properties = dialog.properties.contains { $0.condition?.readsVerdict == true }
        let everywhere =
            dialog.properties.contains { $0.condition?.reads(.identityAttempts) == true }
            || dialog.readsAnywhere(.identityAttempts)
        // Where an offer is gone the dialog begins again in the same conversation.
        let entered = anywhere + [dialog.start, "baja"] + DialogVocabulary.ownEscalations
        var grewToo = true
        while grewToo {
            grewToo = false
            for state in states where !readsAttempts.contains(state.name) {
                let reads =
                    everywhere || state.reads(.identityAttempts)
                    || (state.waysOfTheVerified + entered).contains { readsAttempts.contains($0) }
                if reads { grewToo = readsAttempts.insert(state.name).inserted || grewToo }
            }
        }
        var grew = true
        while grew {
            grew = false
            for state in states {
                let reads =
                    properties || state.readsVerdict
                    || state.ways.contains { way in
                        !way.actions.contains(where: \.writesVerdict) && readsOnEntry(dialog.states[way.next])
                    } || anywhere.contains { readsOnEntry(dialog.states[$0]) }
                if reads, readsVerdict.insert(state.name).inserted { grew = true }
            }
        }
    }

    private func readsOnEntry(_ state: DialogStateDefinition?) -> Bool {
        guard let state else { return false }
        return !state.actions.contains(where: \.writesVerdict)
            && (state.readsVerdict || readsVerdict.contains(state.name))
    }

    /// Who asks for a discount beyond this offer is told that there is none; see ``Turn/concedeDiscount()``.
    func isGreatestDiscount(_ offer: Offer) -> Bool { offer.id == greatestDiscount }

    /// The text repeats the offer, with its amount and its days.
    func echoes(_ text: String, _ offer: Offer) -> Bool {
        let (today, phrases) = (facts.today, facts.bargain.phrases)
        return text.contains(offer.summary(asOf: today, in: phrases))
            || text.contains(phrases(offer.total))
                && offer.instalments.allSatisfy { text.contains(phrases($0.dueDay, asOf: today)) }
    }

    func representative(of amount: Money) -> Money {
        let total = facts.bargain.statement.total
        if amount >= total { return total }
        return amount < facts.bargain.minimumAmount ? .units(1, amount.currency) : Stimulus.part(of: facts.bargain)
    }

    func representative(of day: Day) -> Day {
        if day <= facts.today { return facts.today }
        return day > facts.bargain.latestDay ? Stimulus.lateDay(facts.bargain) : Stimulus.goodDay(facts.bargain)
    }

    func representative(ofInstalments count: Int) -> Int { offered.contains(count) ? offered[0] : Stimulus.tooMany }
}

extension Action {
    /// What the policy answered before is of no more use after it.
    fileprivate var writesVerdict: Bool {
        [
            .propose, .proposeRest, .proposePayDay, .proposePayNow, .proposePlan, .concede, .concedeDiscount, .forget,
        ].contains(self)
    }
}

extension Guard {
    fileprivate var readsVerdict: Bool { terms.contains { $0.fact?.isOfProposal == true } }
}

extension Fact {
    fileprivate var isOfProposal: Bool { rawValue.hasPrefix("propuesta.") }
}

extension DialogStateDefinition {
    /// The ways out of it, with what is done on them.
    fileprivate var ways: [(next: String, actions: [Action])] {
        routes.map { ($0.next, []) } + choices.compactMap { choice in choice.next.map { ($0, choice.actions) } }
    }

    fileprivate var readsVerdict: Bool {
        confirms || routes.contains { $0.when?.readsVerdict == true }
            || choices.contains {
                $0.when?.readsVerdict == true || $0.actions.contains(.takeCounterOffer) || $0.actions.contains(.record)
            }
            || (texts + buttons.map(\.text)).contains { text in
                text.parts.contains { if case .placeholder(_, let fact?) = $0 { fact.isOfProposal } else { false } }
            }
    }
}

extension DialogProperty {
    /// What has to hold, or may not, after every turn.
    fileprivate var condition: Guard? {
        switch rule {
        case .always(let condition), .never(let condition): condition
        case .leadsTo: nil
        }
    }
}

extension Guard {
    fileprivate func reads(_ fact: Fact) -> Bool { terms.contains { $0.fact == fact } }
    /// Does not hold of a person who is verified.
    fileprivate var excludesTheVerified: Bool {
        terms.contains { $0.fact == .verified && $0.comparison == .isFalse }
    }
    /// Holds of everybody who is verified.
    fileprivate var takesTheVerified: Bool { terms.allSatisfy { $0.fact == .verified && $0.comparison == .isTrue } }
}

extension Template {
    fileprivate func shows(_ fact: Fact) -> Bool {
        parts.contains { if case .placeholder(_, let shown?) = $0 { shown == fact } else { false } }
    }
}

extension CompiledDialog {
    /// Whether what may be said in any state shows the fact, or a slot's limit is it.
    fileprivate func readsAnywhere(_ fact: Fact) -> Bool {
        let texts =
            digressions.flatMap { [$0.say, $0.unverified].compactMap(\.self) } + [limits.onIdle].compactMap(\.self)
            + slotQuestions.values + slots.values.compactMap(\.invalid)
        return texts.contains { $0.shows(fact) } || slots.values.contains { $0.minimum == fact || $0.maximum == fact }
    }
}

extension DialogStateDefinition {
    /// Where a verified person may go from it.
    fileprivate var waysOfTheVerified: [String] {
        var next = choices.filter { $0.when?.excludesTheVerified != true }.compactMap(\.next)
        for route in routes where route.when?.excludesTheVerified != true {
            next.append(route.next)
            if route.when?.takesTheVerified ?? true { break }
        }
        return next
    }

    fileprivate func reads(_ fact: Fact) -> Bool {
        var conditions = choices.compactMap(\.when)
        // A route after one that a verified person takes in any case is not looked at.
        for route in routes {
            if let condition = route.when { conditions.append(condition) }
            if route.when?.takesTheVerified ?? true { break }
        }
        return conditions.contains { $0.reads(fact) }
            || (texts + buttons.map(\.text) + choices.compactMap(\.say)).contains { $0.shows(fact) }
    }
}
