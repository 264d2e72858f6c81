import Quantities

/// What a customer may mean by a message. Raw values are the labels of the shared data, where asking for a discount is
/// part of `ask_plan`.
public enum Intent: String, CaseIterable, Codable, Sendable {
    case promise, accept, reject, dispute, complain, insult, greet, thanks, postpone, hardship, affirm, deny, unclear
    case askPlan = "ask_plan"
    /// Wants to pay less: without interest, a discount for paying at once.
    case askDiscount = "ask_discount"
    case chooseOption = "choose_option"
    case partialPayment = "partial_payment"
    case alreadyPaid = "already_paid"
    case cannotPay = "cannot_pay"
    case wrongPerson = "wrong_person"
    case thirdParty = "third_party"
    case askBalance = "ask_balance"
    case askHowToPay = "ask_how_to_pay"
    case askDueDate = "ask_due_date"
    case askHuman = "ask_human"
    case threatenLegal = "threaten_legal"
    case optOut = "opt_out"
    case askIdentityOfBot = "question_identity_of_bot"
    case distress = "self_harm_or_distress"
    case fraudSuspicion = "fraud_suspicion"
    /// The account's holder died; below 0.6 it may be somebody else whom the writer mourns. No label of the shared data.
    case deceased
    /// What happens to who does not pay. Part of `ask_due_date` in the shared data, as are discounts of `ask_plan`.
    case askConsequences = "ask_consequences"
    /// Why what was proposed cannot be. No label of the shared data.
    case askWhy = "ask_why"
    /// Why we want the document. No label of the shared data.
    case askWhyDocument = "ask_why_document"
    /// Excuses itself for being late, and says of no hardship. Part of `hardship` in the shared data.
    case apologises = "apologises"
    /// When somebody attends. Part of `ask_how_to_pay` in the shared data.
    case askHours = "ask_hours"
    /// Will call or write on a day or later. Part of `postpone` in the shared data.
    case comesBack = "comes_back"
    /// Asks that we call. Only patterns know it: in a reading it is ``Understanding/call``.
    case askCall = "ask_call"
}

/// What the bot asked last: decides what a bare "30" or "sí" is.
public enum Question: Hashable, Sendable, Codable {
    case open
    case amount
    case day
    case confirmation
    case identity
    /// Options as the customer sees them, numbered from 1.
    case choice([OfferedChoice])
    /// A reminder of a promise or of a due date was the last thing said.
    case reminder
}

/// One option on the customer's screen.
public struct OfferedChoice: Hashable, Sendable, Codable {
    /// Returned by a tap on its button.
    public var id: String
    public var title: String
    /// Number of instalments of the option, where it is a plan.
    public var instalments: Int?
    /// What each instalment (or the single payment) costs.
    public var amount: Money?
    /// The day that the option stands for.
    public var day: Day?

    public init(id: String, title: String, instalments: Int? = nil, amount: Money? = nil, day: Day? = nil) {
        self.id = id
        self.title = title
        self.instalments = instalments
        self.amount = amount
        self.day = day
    }
}

/// A half-open range of UTF-8 offsets in the message as it was received.
public struct Span: Hashable, Sendable, Codable {
    public var start: Int
    public var end: Int
    public init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = end
    }
}

public struct IntentReading: Hashable, Sendable, Codable {
    public var intent: Intent
    public var span: Span
    /// 0…1: how often readings of this kind are right on the data.
    public var confidence: Double
    /// Which pattern or rule gave it; shown by `:why`.
    public var reason: String
    public init(_ intent: Intent, span: Span, confidence: Double, reason: String) {
        self.intent = intent
        self.span = span
        self.confidence = confidence
        self.reason = reason
    }
}

public struct AmountReading: Hashable, Sendable, Codable {
    public enum Value: Hashable, Sendable, Codable {
        case exact(Money)
        /// A share of what is owed: "la mitad", "el 30 por ciento".
        case share(Percent)
        case all
        /// "lo mínimo".
        case minimum
        /// "el capital", "sin intereses".
        case principalOnly
        /// "entre 20 y 30 mil"; "hasta 40 mil" has no lower bound.
        case range(Money?, Money)
        /// An amount was meant but not said: "algo", "unos mangos".
        case vague
    }
    public enum Role: String, Hashable, Sendable, Codable { case total, perInstalment, downPayment, alreadyPaid }
    public var value: Value
    public var role: Role
    public var span: Span
    public var confidence: Double
    public var reason: String
    /// Two figures or a limit were said, and not one figure.
    public var isRange: Bool { if case .range = value { true } else { false } }
    /// Thousands or currency were supplied by the reader ("20" for 20.000): to be echoed before use.
    public var inferred: Bool
    /// The second best reading, to be offered beside `value` where the confidence is low: the upper end of a range, 30
    /// pesos where "30" was understood as 30.000.
    public var alternative: Value?
    public init(
        _ value: Value, role: Role = .total, span: Span, confidence: Double, reason: String, inferred: Bool = false,
        alternative: Value? = nil
    ) {
        self.alternative = alternative
        self.value = value
        self.role = role
        self.span = span
        self.confidence = confidence
        self.reason = reason
        self.inferred = inferred
    }
}

public struct DayReading: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
        /// A day by which the customer would pay.
        case payBy
        /// Not before this day ("a partir del 20", "cobro el 8").
        case from
        /// A window; `day` is its last day, `first` its first.
        case range
        /// No day can be derived ("cuando cobre"), or only a rough one (`day` non-nil): ask.
        case vague
        /// A day that already passed ("pagué el 20").
        case past
    }
    public var kind: Kind
    public var day: Day?
    public var first: Day?
    public var span: Span
    public var confidence: Double
    public var reason: String
    /// What else it could have been, or what the customer should be warned of (holiday, weekend, past date).
    public var note: String?
    /// The second best day, to be offered beside `day` where the confidence is low.
    public var alternative: Day?
    /// Minutes since midnight where a time of day was said ("a las 10").
    public var minute: Int?
    public init(
        _ kind: Kind, day: Day?, first: Day? = nil, span: Span, confidence: Double, reason: String, note: String? = nil,
        alternative: Day? = nil, minute: Int? = nil
    ) {
        self.alternative = alternative
        self.minute = minute
        self.kind = kind
        self.day = day
        self.first = first
        self.span = span
        self.confidence = confidence
        self.reason = reason
        self.note = note
    }
}

public struct CountReading: Hashable, Sendable, Codable {
    public var count: Int
    public var span: Span
    public var confidence: Double
    public init(_ count: Int, span: Span, confidence: Double) {
        self.count = count
        self.span = span
        self.confidence = confidence
    }
}

/// What an utterance may mean.
public struct Understanding: Hashable, Sendable, Codable {
    /// The message after normalisation (lower case, no accents, abbreviations expanded); for `:why`.
    public var normalised: String
    /// Best first; empty only when nothing was recognised at all (then also no amounts and no days).
    public var intents: [IntentReading]
    public var amounts: [AmountReading]
    public var days: [DayReading]
    /// "3 cuotas".
    public var instalments: CountReading?
    /// The id of the option chosen among those offered.
    public var choice: String?
    /// Digits given where an identity was asked (document number or its end).
    public var documentDigits: String?
    /// That we call, and when.
    public var call: CallRequest?
    /// 0 calm, 1 annoyed, 2 angry, 3 furious.
    public var anger: Int

    public init(
        normalised: String, intents: [IntentReading] = [], amounts: [AmountReading] = [], days: [DayReading] = [],
        instalments: CountReading? = nil, choice: String? = nil, documentDigits: String? = nil, anger: Int = 0
    ) {
        self.normalised = normalised
        self.intents = intents
        self.amounts = amounts
        self.days = days
        self.instalments = instalments
        self.choice = choice
        self.documentDigits = documentDigits
        self.anger = anger
    }

    public func has(_ intent: Intent) -> Bool { intents.contains { $0.intent == intent } }
}
