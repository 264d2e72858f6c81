import Dialog
import Ledger
import Negotiation
import Quantities

/// A conversation in memory with its own clock: what the REPL and the `.chat` tests drive.
public final class ChatSession {
    /// What a step of the session brought.
    public struct Heard: Hashable {
        public var messages: [BotMessage]
        public var trace: [String]
        /// Which parts of the dialog it went through.
        public var passages: [Passage] = []
    }

    public let accountID: String
    public let startedAt: Moment
    public private(set) var now: Moment
    public private(set) var store: MemoryStore
    public private(set) var processor: TurnProcessor
    /// The session so far as `.chat` lines.
    public internal(set) var lines: [String] = []
    private let accounts: [Account]
    private var serial = 0
    /// A state was jumped to, as no customer can.
    var hasJumped = false
    /// How it was before each step, oldest first.
    var past: [Past] = []

    /// All of a session that a step changes.
    struct Past {
        let contents: MemoryStore.Contents
        let now: Moment
        let lines: [String]
        let options: [BotMessage.Option]
        let hasJumped: Bool
    }

    public init(world: World, accounts: [Account], accountID: String, at moment: Moment) {
        var world = world
        world.answersInResponse = []
        // Who types here has said all.
        world.quietWindow = 0
        self.accounts = accounts
        self.accountID = accountID
        startedAt = moment
        now = moment
        store = MemoryStore(accounts: accounts)
        processor = TurnProcessor(world: world)
    }

    public var account: Account { store.contents.accounts[accountID]! }
    public var conversation: Conversation? { store.conversation(for: contact) }
    public var promises: [PromiseToPay] { store.promises(accountID: accountID) }
    public var openHandoff: Handoff? { conversation.flatMap { store.openHandoff(conversationID: $0.id) } }
    /// The options on the customer's screen.
    public private(set) var options: [BotMessage.Option] = []

    var contact: ContactKey { ContactKey(channel: "repl", gatewayAccount: "repl", address: account.phone) }

    public func reset() {
        store = MemoryStore(accounts: accounts)
        now = startedAt
        lines = []
        options = []
        hasJumped = false
        past = []
    }

    var moment: Past {
        Past(contents: store.contents, now: now, lines: lines, options: options, hasJumped: hasJumped)
    }

    func remember() { past.append(moment) }

    func restore(_ before: Past) {
        store.restore(before.contents)
        (now, lines, options, hasJumped) = (before.now, before.lines, before.options, before.hasJumped)
    }

    public func say(_ text: String) throws -> Heard { try say([text]) }

    /// Several messages one after the other, answered as one.
    public func say(_ parts: [String]) throws -> Heard {
        remember()
        for (index, part) in parts.enumerated() {
            lines.append((index == 0 ? "user: " : "user+: ") + part.replacing("\n", with: " "))
        }
        guard parts.count > 1 else { return try receive(.text(parts[0])) }
        let messages = parts.map { compose(.text($0)) }
        let reply = try store.transaction { tx in
            for message in messages { _ = try processor.receive(message, waits: true, now: now, tx: tx) }
            return try processor.closeWindow(of: contact, now: now, tx: tx)
        }
        return note(Heard(messages: reply.messages, trace: reply.trace, passages: reply.passages))
    }

    /// What is said over the telephone, as its transcription comes: lower case, without punctuation.
    public func speak(_ text: String) throws -> Heard {
        remember()
        lines.append("voice: " + text)
        return try receive(.text(text.lowercased().filter { !".,;:!?¡¿()\"".contains($0) }))
    }

    /// Taps the option with this title; nil where there is none.
    public func tap(_ title: String) throws -> Heard? {
        guard let option = options.first(where: { $0.title == title }) else { return nil }
        remember()
        lines.append("tap: [\(title)]")
        return try receive(.tap(id: option.id, title: title))
    }

    public func media(_ kind: String) throws -> Heard {
        remember()
        lines.append("media: \(kind)")
        return try receive(.media(kind: kind))
    }

    private func compose(_ content: InboundMessage.Content) -> InboundMessage {
        serial += 1
        return InboundMessage(contact: contact, messageID: "u\(serial)", writtenAt: now, content: content)
    }

    private func receive(_ content: InboundMessage.Content) throws -> Heard {
        let message = compose(content)
        let reply = try store.transaction { try processor.receive(message, now: now, tx: $0) }
        return note(Heard(messages: reply.messages, trace: reply.trace, passages: reply.passages))
    }

    /// Moves the clock and fires, in order, what falls due on the way.
    public func advance(by seconds: Int64, saying text: String) throws -> Heard {
        remember()
        lines.append("clock: \(text)")
        let target = now.adding(seconds: seconds)
        var heard = Heard(messages: [], trace: [])
        while let timer = store.takeTimer(dueAt: target) {
            now = max(now, timer.at)
            let reply = try store.transaction { try processor.fire(timer, now: now, tx: $0) }
            heard.messages += reply.messages
            heard.trace += reply.trace
            heard.passages += reply.passages
        }
        now = target
        return note(heard)
    }

    public func pay(_ amount: Money) throws -> Heard {
        remember()
        lines.append("pay: \(amount.plain)")
        serial += 1
        let payment = Payment(id: "pago\(serial)", amount: amount, day: now.day(in: processor.world.zone))
        let before = store.contents.outbox.count
        try store.transaction { try processor.importPayments([payment], accountID: accountID, now: now, tx: $0) }
        return note(
            Heard(messages: store.contents.outbox.dropFirst(before).map(\.message), trace: ["pago de \(amount.plain)"]))
    }

    /// An order of the agent `ana` on the open hand-off.
    public func agent(_ command: AgentCommand, saying text: String) throws -> Heard {
        guard let handoff = openHandoff else { throw AgentRefusal.unknownHandoff }
        remember()
        lines.append("agent: \(text)")
        let before = store.contents.outbox.count
        _ = try store.transaction { try processor.command(command, by: "ana", handoffID: handoff.id, now: now, tx: $0) }
        return note(Heard(messages: store.contents.outbox.dropFirst(before).map(\.message), trace: []))
    }

    func note(_ heard: Heard) -> Heard {
        for message in heard.messages {
            lines += message.chatLines
            options = message.options
        }
        return heard
    }

    /// The session as a `.chat` test that says what happened.
    public var chatSource: String {
        let world = processor.world
        var text = "account: \(accountID)\nat: \(startedAt.iso(in: world.zone))\n"
        if let locale = world.locale { text += "locale: \(locale)\n" }
        for line in lines { text += line + "\n" }
        for expectation in expectations { text += "expect: \(expectation)\n" }
        return text
    }

    /// What is true now, as `expect:` lines.
    var expectations: [String] {
        var result = promises.sorted { $0.id < $1.id }.map {
            "promise \($0.amount.plain) \($0.payBy.iso) \($0.state.rawValue)"
        }
        if result.isEmpty { result.append("no promise") }
        for entry in conversation.flatMap({ store.contents.transcripts[$0.id] }) ?? [] {
            // What the bot wrote down for people, such as a difficulty.
            guard case .note("bot") = entry.speaker, let kind = entry.text.split(separator: ":").first.map(String.init),
                Action(rawValue: kind) != nil, !result.contains("note \(kind)")
            else { continue }
            result.append("note \(kind)")
        }
        if conversation?.wrongNumber == true { result.append("wrong_number") }
        if let handoff = openHandoff { result.append("handoff \(handoff.reason)") }
        for handoff in store.contents.handoffs.values.sorted(by: { $0.id < $1.id }) {
            guard let call = handoff.call, call.state == .pending else { continue }
            result.append("call \(call.at.iso(in: processor.world.zone).prefix(16))")
        }
        if account.optedOut { result.append("opted_out") }
        if let ended = conversation?.dialog?.ended { result.append("end \(ended)") }
        return result
    }
}
