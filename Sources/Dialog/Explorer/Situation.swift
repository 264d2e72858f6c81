import Negotiation
import Quantities

/// What the customer sees and the bot remembers, as far as it makes a difference to what can happen:
///
/// - Counters of what was not understood and of counter-offers are left out. Each is only compared with its limit, and
///   what raises it can be done again, so the walk does it once more with the counter at its limit.
/// - Of an amount, a day and instalments that were said only the class counts: under the smallest part, a part,
///   everything; today, within the policy's days, beyond; as a plan of the policy has them, or not.
/// - The answer of the policy is kept only where something can still read it before it is written again; of the
///   greatest discount, that it was offered: nobody is offered it twice.
/// - How often a document was wrong is kept only while some text or condition can still read it: of who is verified, in
///   most dialogs, nothing does before a new conversation, which counts from zero.
/// - How far the policy's ladder was gone down is left out: where a step is conceded the walk takes it from every place,
///   and the graph says from which (see ``Place``).
/// - Of the bot's last words only whether they echo the offer that a yes would record: nothing else reads them.
/// - Of the prices that buttons stand for only the one that a yes or an acceptance on the last message takes: the others
///   are read where an older button is tapped, which means the same at any moment of one day.
/// - Evidence, serials and all that a dialog which ended forgets make no difference. One insult is as far from a hand-off
///   as two: both hand over in the end.
///
/// Two states of a conversation that become one situation thus answer everything alike, up to what is listed here. A
/// violation is walked again from the start without any of this before it is reported.
struct Situation: Hashable {
    var state: DialogState
    var options: [BotMessage.Option]
    /// The bot's last words repeat the offer that waits for a yes, with its amount and its days.
    var isEchoed: Bool

    /// Of what differs most; a comparison looks at the rest.
    func hash(into hasher: inout Hasher) {
        hasher.combine(state.state)
        hasher.combine(state.amount)
        hasher.combine(state.day)
        hasher.combine(state.instalments)
        hasher.combine(state.pendingSlot)
        hasher.combine(state.pendingChoice)
        hasher.combine(state.verified)
        hasher.combine(state.identityAttempts)
        hasher.combine(state.underDiscussion?.total)
        hasher.combine(state.underDiscussion?.instalments.first?.dueDay)
        hasher.combine(state.echoed == nil)
        hasher.combine(state.verdict == nil)
        hasher.combine(state.doubt)
        hasher.combine(state.priced?.last?.offer.total)
        hasher.combine(state.turnsHeard)
        hasher.combine(options.count)
    }

    init(_ state: DialogState, on screen: Screen, memory: Memory) {
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
        let readsAttempts = !state.verified || memory.readsAttempts.contains(state.state)
        self.state.identityAttempts = readsAttempts ? min(memory.attempts, self.state.identityAttempts) : 0
        self.state.idleNudged = false
        let price = state.priced?.last {
            $0.serials.last == state.serial && Properties.yes.contains($0.name) && $0.offer.kind == .payNow
        }
        self.state.priced = price.map {
            [PricedOption(name: $0.name, target: $0.target, offer: $0.offer, serials: [1])]
        }
        (self.state.ladder, self.state.seen) = (nil, nil)
        if !memory.readsVerdict.contains(state.state), self.state.underDiscussion?.purpose == nil {
            let isGreatest = state.underDiscussion.map(memory.isGreatestDiscount) ?? false
            (self.state.proposal, self.state.verdict) = (isGreatest ? state.underDiscussion : nil, nil)
        }
        self.state.amount = self.state.amount.map { memory.representative(of: $0) }
        self.state.day = self.state.day.map { memory.representative(of: $0) }
        self.state.instalments = self.state.instalments.map { memory.representative(ofInstalments: $0) }
        options = screen.options
        isEchoed = self.state.echoed.map { memory.echoes(screen.said, $0) } ?? false
    }
}

/// The bot's last message.
struct Screen {
    var options: [BotMessage.Option] = []
    var said = ""

    /// The same, where the bot said nothing.
    mutating func show(_ messages: [BotMessage]) {
        guard let last = messages.last else { return }
        (options, said) = (last.options, last.text)
    }
}
