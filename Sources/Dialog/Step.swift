import Negotiation
import Quantities
import Understanding

/// Where a conversation is in its dialog. Compact, Codable, replayable.
public struct DialogState: Hashable, Sendable, Codable {
    public var dialog: String
    public var version: String
    public var state: String
    public var amount: Money?
    public var day: Day?
    public var instalments: Int?
    /// The slot the engine is asking for on behalf of a choice's `needs:`, with the choice's target.
    public var pendingSlot: String?
    public var pendingChoice: Int?
    /// What the last message may have meant for a slot, until the customer says which.
    public var doubt: Doubt?
    public var verified: Bool
    public var identityAttempts: Int
    public var reprompts: Int
    public var counterOffers: Int
    public var insults: Int
    /// What is on the customer's screen.
    public var shown: [OfferedChoice]
    public var shownOffers: [Offer]
    /// The offer waiting for a yes, and the verdict that gave it.
    public var proposal: Offer?
    public var verdict: Verdict?
    /// How far this conversation came down the policy's ladder; nil before the first step.
    public var ladder: ConcessionLadder?
    /// Ids of the offers that were put to the customer since then: no concession any more.
    public var seen: [String]?
    /// The prices that buttons of the last messages stand for.
    public var priced: [PricedOption]?
    /// Ids of the messages that led to the proposal (evidence).
    public var evidence: [String]
    /// The offer whose echo the customer read last: only a yes to it can record (I3).
    public var echoed: Offer?
    /// Counts messages with options; a tap on an older one is stale.
    public var serial: Int
    /// Messages of the customer in this run of the dialog.
    public var turnsHeard: Int
    public var idleNudged: Bool
    public var ended: String?

    public init(dialog: String, version: String, state: String) {
        self.dialog = dialog
        self.version = version
        self.state = state
        verified = false
        identityAttempts = 0
        reprompts = 0
        counterOffers = 0
        insults = 0
        shown = []
        shownOffers = []
        evidence = []
        serial = 0
        turnsHeard = 0
        idleNudged = false
    }
}

public enum DialogEvent: Hashable, Sendable {
    /// The customer wrote first, or the bot opens; enters the start state.
    case started
    case heard(Understanding, messageID: String)
    /// A tap on a button: the id it carried.
    case tapped(id: String, understanding: Understanding, messageID: String)
    /// Audio, sticker, image…: only text is understood.
    case media(messageID: String)
    case idle
    /// A human gave the conversation back.
    case returned
}

public struct PaymentInstructions: Hashable, Sendable, Codable {
    public var alias: String
    public var cbu: String
    /// May contain `{cuenta}`, `{referencia}` and `{importe}`.
    public var link: String

    /// Where to pay `amount` of an account; `{importe}` in the link is the amount as plain digits.
    public func link(account: String, amount: Money) -> String {
        var (text, rest) = ("", Substring(link))
        while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
            let close = rest[open...].utf8.firstIndex(of: UInt8(ascii: "}"))
        {
            text += rest[..<open]
            switch rest[rest.index(after: open)..<close] {
            case "cuenta", "referencia": text += account
            case "importe": text += amount.plain
            default: text += rest[open...close]
            }
            rest = rest[rest.index(after: close)...]
        }
        return text + rest
    }

    public init(alias: String, cbu: String, link: String) {
        self.alias = alias
        self.cbu = cbu
        self.link = link
    }
}

/// One message of the bot: text, and up to ten options.
public struct BotMessage: Hashable, Sendable, Codable {
    public struct Option: Hashable, Sendable, Codable {
        public var id: String
        public var title: String
        public var detail: String?
        public init(id: String, title: String, detail: String? = nil) {
            self.id = id
            self.title = title
            self.detail = detail
        }
    }
    public var text: String
    public var options: [Option]
    public init(text: String, options: [Option] = []) {
        self.text = text
        self.options = options
    }
}

public enum HandoffPriority: Int, Hashable, Sendable, Codable, Comparable {
    case hardship = 1
    case limitReached, askedForHuman, complaint, legalThreat, distress
    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

public enum Effect: Hashable, Sendable, Codable {
    case say(BotMessage)
    /// The customer said yes to an echo of this offer (I3).
    indirect case record(Offer, evidence: [String])
    case withdrawPromises
    case handoff(reason: String, priority: HandoffPriority)
    case optOut
    case wrongPerson
    case verified
    /// A claim for people to look at: `avisar_pago`, `registrar_reclamo`, `registrar_dificultad`.
    case note(kind: String, text: String)
    case startIdleTimer(minutes: Int)
    case cancelIdleTimer
    case ended(outcome: String)
}

public struct StepResult: Hashable, Sendable {
    public var state: DialogState
    public var effects: [Effect]
    /// In words, why: which rule chose each answer, which figure came from where.
    public var trace: [String]
    /// Which parts of the dialog the turn went through, in order; for coverage.
    public var passages: [Passage]
    public init(state: DialogState, effects: [Effect], trace: [String], passages: [Passage] = []) {
        self.state = state
        self.effects = effects
        self.trace = trace
        self.passages = passages
    }
}
