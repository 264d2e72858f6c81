import Negotiation
import Quantities

/// What the customer sees and the bot remembers, as far as it makes a difference to what can happen:
///
/// - Counters of what was not understood and of counter-offers are left out. Each is only compared with its limit, and
///   what raises it can be done again, so from every situation the walk also repeats it until the limit is passed.
/// - Of an amount and a day that were said only the class counts: under the smallest part, a part, everything; today,
///   within the policy's days, beyond.
/// - The answer of the policy is kept only where something can still read it before it is written again.
/// - How far the policy's ladder was gone down is left out: where a step is conceded the walk takes it from every place.
/// - Evidence, serials, older messages' prices and all that a dialog which ended forgets make no difference. One insult is
///   as far from a hand-off as two: both hand over in the end.
///
/// A violation is walked again from the start without any of this before it is reported.
struct Situation: Hashable {
    var state: DialogState
    var options: [BotMessage.Option]
    /// The bot's last words, where they can be confirmed.
    var said: String

    /// Of what differs most; a comparison looks at the rest.
    func hash(into hasher: inout Hasher) {
        hasher.combine(state.state)
        hasher.combine(state.amount)
        hasher.combine(state.day)
        hasher.combine(state.instalments)
        hasher.combine(state.pendingSlot)
        hasher.combine(state.pendingChoice)
        hasher.combine(state.verified)
        hasher.combine(state.underDiscussion?.total)
        hasher.combine(state.underDiscussion?.instalments.first?.dueDay)
        hasher.combine(state.echoed == nil)
        hasher.combine(state.verdict == nil)
        hasher.combine(state.doubt)
        hasher.combine(state.priced?.count)
        hasher.combine(state.priced?.last?.offer.total)
        hasher.combine(state.turnsHeard)
        hasher.combine(options.count)
    }

    init(_ state: DialogState, _ messages: [BotMessage], before: Situation?, memory: Memory) {
        self.state = state
        if state.ended != nil {
            self.state = DialogState(dialog: state.dialog, version: state.version, state: state.state)
            self.state.ended = state.ended
            self.state.verified = state.verified
        }
        self.state.evidence = []
        self.state.serial = 1
        self.state.turnsHeard = min(1, state.turnsHeard)
        self.state.insults = 0
        self.state.reprompts = 0
        self.state.counterOffers = 0
        self.state.identityAttempts = min(memory.attempts, state.identityAttempts)
        self.state.idleNudged = false
        // Older messages' prices are the same here, where no day passes.
        self.state.priced = state.priced?.filter { $0.serials.last == state.serial }.map {
            PricedOption(name: $0.name, target: $0.target, offer: $0.offer, serials: [1])
        }
        (self.state.ladder, self.state.seen) = (nil, nil)
        if !memory.readsVerdict.contains(state.state), self.state.underDiscussion?.purpose == nil {
            (self.state.proposal, self.state.verdict) = (nil, nil)
        }
        self.state.amount = self.state.amount.map { memory.representative(of: $0) }
        self.state.day = self.state.day.map { memory.representative(of: $0) }
        options = messages.last?.options ?? (messages.isEmpty ? before?.options ?? [] : [])
        said = self.state.echoed == nil ? "" : messages.last?.text ?? before?.said ?? ""
    }
}

/// What of its memory a dialog can still make use of in each state, and the classes of figures that it tells apart.
struct Memory {
    /// States in which, or after which, the policy's last answer is read before it is written again.
    private(set) var readsVerdict: Set<String> = []
    /// Wrong documents after which one more makes no difference: one more than any guard compares with.
    let attempts: Int
    private let facts: Facts

    init(_ dialog: CompiledDialog, _ facts: Facts) {
        self.facts = facts
        let states = dialog.states.values
        let terms = states.flatMap { $0.routes.compactMap(\.when) + $0.choices.compactMap(\.when) }.flatMap(\.terms)
        let compared = terms.filter { $0.fact == .identityAttempts }.compactMap(\.number)
        attempts = (compared.max() ?? -1) + 1
        let anywhere = [dialog.onEscalate, dialog.limits.onLimit]
        let properties = dialog.properties.contains { property in
            switch property.rule {
            case .always(let condition), .never(let condition): condition.readsVerdict
            case .leadsTo: false
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

    func representative(of amount: Money) -> Money {
        let total = facts.bargain.statement.total
        if amount >= total { return total }
        return amount < facts.bargain.minimumAmount ? .units(1, amount.currency) : Stimulus.part(of: facts.bargain)
    }

    func representative(of day: Day) -> Day {
        if day <= facts.today { return facts.today }
        return day > facts.bargain.latestDay ? Stimulus.lateDay(facts.bargain) : Stimulus.goodDay(facts.bargain)
    }
}

extension Action {
    /// What the policy answered before is of no more use after it.
    fileprivate var writesVerdict: Bool {
        [.propose, .proposeRest, .proposePayDay, .proposePayNow, .proposePlan, .concede, .forget].contains(self)
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
