import Conduct
import Dialog
import Ledger
import Negotiation
import Quantities

/// Who writes to us, where: one lane of turns.
public struct ContactKey: Hashable, Sendable, Codable {
    /// `whatsapp`, `generic`, `repl`, …
    public var channel: String
    /// The company's own address on that gateway, such as WhatsApp's phone_number_id.
    public var gatewayAccount: String
    /// The customer's address: E.164 with `+` where it is a phone, else the gateway's user id.
    public var address: String
    public init(channel: String, gatewayAccount: String, address: String) {
        self.channel = channel
        self.gatewayAccount = gatewayAccount
        self.address = address
    }
}

/// One message as a gateway delivered it.
public struct InboundMessage: Hashable, Sendable, Codable {
    public enum Content: Hashable, Sendable, Codable {
        case text(String)
        case tap(id: String, title: String)
        /// Kind: `audio`, `image`, `sticker`, `location`…; the bot answers that it reads only text.
        case media(kind: String)
        /// A person of the company wrote from the gateway's own app: the bot falls silent.
        case humanEcho(text: String)
        /// The person is there without words: a call that begins, a phone that they shared.
        case opened
        /// The gateway says that the person writes from another address now: whoever answers must be verified again.
        case moved(to: String)
        /// A person opened the conversation in the gateway's own app: people attend it.
        case attended
        /// A person gave the conversation back in the gateway's own app: the bot may speak again.
        case givenBack
    }
    public var contact: ContactKey
    /// Unique per (channel, gateway account).
    public var messageID: String
    public var writtenAt: Moment
    public var content: Content
    /// The person's phone in E.164, where the gateway vouches for it and the address is not one.
    public var phone: String?
    /// The advertisement or post that brought the person, as the gateway names it.
    public var referral: String?
    /// What the gateway tells of it besides what it says.
    public enum Hint: String, Hashable, Sendable, Codable {
        /// A call's speech that was hardly understood: only what must not wait is believed of it.
        case misheard
        /// The gateway itself writes to this person no more, by their wish.
        case optOut
    }
    public var hint: Hint?
    /// Of a mail: what an answer to it goes under.
    public var mail: MailThread?
    /// Where several messages are answered as one: their ids, in the order in which they were written.
    var parts: [String]?
    /// What was typed; empty where nothing was.
    var text: String {
        switch content {
        case .text(let text), .humanEcho(let text): text
        case .tap(_, let title): title
        case .media, .opened, .moved, .attended, .givenBack: ""
        }
    }
    /// A person of the company wrote it.
    var isEcho: Bool { if case .humanEcho = content { true } else { false } }
    public init(contact: ContactKey, messageID: String, writtenAt: Moment, content: Content) {
        self.contact = contact
        self.messageID = messageID
        self.writtenAt = writtenAt
        self.content = content
    }
}

/// What a mail is answered under, so that programs show both together (RFC 5322, 3.6.4).
public struct MailThread: Hashable, Sendable, Codable {
    public var subject: String
    /// Message-IDs of the thread, oldest first; the last is of the mail that is answered.
    public var references: [String]
    public init(subject: String, references: [String]) {
        self.subject = subject
        self.references = references
    }

    /// `Re: …`, once.
    var answerSubject: String {
        subject.isEmpty || subject.lowercased().hasPrefix("re:") ? subject : "Re: \(subject)"
    }
}

/// Who may speak in a conversation.
public enum Owner: Hashable, Sendable, Codable {
    case bot
    case queue
    case agent(String)
}

public struct Conversation: Hashable, Sendable, Codable {
    public var id: String
    public var contact: ContactKey
    public var accountID: String?
    public var owner: Owner
    /// Grows at each change of owner; a bot's message composed under an older epoch is not sent (I7).
    public var epoch: Int
    public var dialog: DialogState?
    /// A wrong number: nothing more is sent on our own initiative, unless the account's holder proves to be there.
    public var wrongNumber: Bool
    public var turns: Int
    /// When the customer last wrote; nil also in conversations of earlier versions.
    public var lastHeardAt: Moment?
    /// The hand-off that a person closed last or put off to a call, until it is opened again or another one is.
    public var closedHandoff: String?
    /// What the customer wrote and waits to be answered; nil where nothing does.
    public var window: QuietWindow?
    /// The customer's last mail; nil in other channels.
    public var mail: MailThread?
    public init(id: String, contact: ContactKey, accountID: String?) {
        self.id = id
        self.contact = contact
        self.accountID = accountID
        owner = .bot
        epoch = 0
        wrongNumber = false
        turns = 0
    }

    /// The form of a message that answers the customer; nil where the channel needs none.
    func answerForm(_ purpose: ContactPurpose?) -> OutboxMessage.Form? {
        guard purpose ?? .reply == .reply, let mail else { return nil }
        return .mail(subject: mail.answerSubject, thread: mail.references)
    }
}

/// A line of the transcript.
public struct TranscriptEntry: Hashable, Sendable, Codable {
    public enum Speaker: Hashable, Sendable, Codable {
        case customer, bot
        case agent(String)
        case note(String)

        /// As people read it: "cliente", "bot", an agent's name, "nota de Ana".
        public var spanishName: String {
            switch self {
            case .customer: "cliente"
            case .bot: "bot"
            case .agent(let name): name
            case .note(let name): "nota de \(name)"
            }
        }
    }
    public var at: Moment
    public var speaker: Speaker
    public var text: String
    public var options: [String]
    public init(at: Moment, speaker: Speaker, text: String, options: [String] = []) {
        self.at = at
        self.speaker = speaker
        self.text = text
        self.options = options
    }
}

/// A conversation given to a human. `queued → claimed ⇄ onHold → returned / closed`; who writes again soon after it was
/// closed is queued again. `claimed → scheduled → queued` where the customer asked to be called later.
public struct Handoff: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable {
        case queued, claimed, onHold, returned, closed, scheduled
        /// Those in which the conversation is people's: at most one hand-off of a conversation is in one of them.
        public static let withPeople: [State] = [.queued, .claimed, .onHold]
    }
    public enum Kind: String, Hashable, Sendable, Codable {
        /// The person is on the phone with the bot, and is called back by somebody of the team.
        case callBack
    }
    public var id: String
    /// Nil, also in hand-offs of earlier versions, where it goes on in the conversation's own channel.
    public var kind: Kind?
    public var conversationID: String
    public var accountID: String?
    public var reason: String
    public var priority: HandoffPriority
    public var state: State
    public var agent: String?
    public var createdAt: Moment
    public var changedAt: Moment
    /// The call that the customer asked for last; of hand-offs on the phone, since when it may be made.
    public var call: CallBack?
    /// When the customer wrote again after it was closed, or its call came due, and who had had it: they see it first.
    public var reopenedAt: Moment?
    public var formerAgent: String?
    /// Who was gone while the customer waited, until somebody takes it.
    public var absentAgent: String?
    /// Since when the customer waits for somebody.
    public var waitsSince: Moment { reopenedAt ?? createdAt }
    public init(
        id: String, conversationID: String, accountID: String?, reason: String, priority: HandoffPriority,
        createdAt: Moment
    ) {
        self.id = id
        self.conversationID = conversationID
        self.accountID = accountID
        self.reason = reason
        self.priority = priority
        state = .queued
        self.createdAt = createdAt
        changedAt = createdAt
    }
}

/// One message waiting to leave.
public struct OutboxMessage: Hashable, Sendable, Codable {
    public enum Author: Hashable, Sendable, Codable {
        case bot
        case agent(String)
    }
    public var id: String
    public var conversationID: String
    public var contact: ContactKey
    public var author: Author
    /// The conversation's epoch when it was composed.
    public var epoch: Int
    public var message: BotMessage
    public var createdAt: Moment
    /// What the channel needs besides the text.
    public var form: Form?
    /// Whether we speak first; nil, also in messages of earlier versions, for an answer.
    public var purpose: ContactPurpose?

    public enum Form: Hashable, Sendable, Codable {
        /// WhatsApp, outside the day after the customer's last message: an approved template, the parameters of its body in
        /// order, its header's and its buttons', in the order of the template.
        case template(
            name: String, language: String, parameters: [String], header: TemplateHeader<String>? = nil,
            buttons: [TemplateButton<String>]? = nil)
        /// - Parameter thread: Message-IDs of the mails that it goes on from, oldest first.
        case mail(subject: String, thread: [String]? = nil)
        /// Says nothing: tells a gateway that has an inbox of its own whether people or the bot attend from here on.
        case attended(byPeople: Bool)
    }

    public init(
        id: String, conversationID: String, contact: ContactKey, author: Author, epoch: Int, message: BotMessage,
        createdAt: Moment, form: Form? = nil, purpose: ContactPurpose? = nil
    ) {
        self.id = id
        self.conversationID = conversationID
        self.contact = contact
        self.author = author
        self.epoch = epoch
        self.message = message
        self.createdAt = createdAt
        self.form = form
        self.purpose = purpose
    }
}

/// Something that must happen later, on disk. One per (kind, key): setting it again moves it.
public struct DueTimer: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
        /// Key: conversation id.
        case idle
        /// Key: conversation id. What waits in the conversation's ``QuietWindow`` is answered.
        case quiet
        /// Key: promise id. The day before the pay-by day, and the day itself.
        case reminderBefore, reminderOnDay
        /// Key: promise id. The day after the deadline.
        case judge
        /// Key: promise id. Tells the customer how the promise ended, when conduct allows it.
        case notice
        /// Key: campaign and account, `mora-temprana/marta`. The next look at the account.
        case campaign
        /// Key: promise id of the instalment that broke a plan. The last day on which the plan can be brought back, and
        /// the day after it.
        case planLastDay, planEnd
        /// Key: hand-off id. The time of its call.
        case callBack
    }
    public var kind: Kind
    public var key: String
    public var at: Moment
    public init(kind: Kind, key: String, at: Moment) {
        self.kind = kind
        self.key = key
        self.at = at
    }
}

/// Who did what, when and why; never personal data beyond ids.
public struct AuditEvent: Hashable, Sendable, Codable {
    public var at: Moment
    public var conversationID: String?
    public var accountID: String?
    /// `turn`, `promise.open`, `promise.kept`, `handoff.queued`, `handoff.claimed`, `optout`…
    public var kind: String
    public var detail: [String]
    public init(at: Moment, conversationID: String?, accountID: String?, kind: String, detail: [String]) {
        self.at = at
        self.conversationID = conversationID
        self.accountID = accountID
        self.kind = kind
        self.detail = detail
    }
}

public enum InboxClaim: Hashable, Sendable {
    case new
    /// Already processed: what was answered then.
    case duplicate([BotMessage])
}
