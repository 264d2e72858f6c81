import Conversations
import DemoCompany
import Dialog
import Ledger
import Negotiation
import Quantities

/// One customer's conversation over the store in memory, with its own clock.
final class Talk {
    let store = MemoryStore(accounts: DemoCompany.accounts)
    let processor: TurnProcessor
    let account: String
    let contact: ContactKey
    var now = DemoCompany.morning
    private var serial = 0
    private(set) var screen: [BotMessage.Option] = []

    init(_ account: String = "marta", channel: String = "whatsapp", world: World = DemoCompany.world) {
        self.account = account
        contact = DemoCompany.contact(account, channel: channel)
        processor = TurnProcessor(world: world)
    }

    var conversation: Conversation { store.conversation(for: contact)! }
    var promises: [PromiseToPay] { store.promises(accountID: account) }
    var openHandoff: Handoff? { store.openHandoff(conversationID: conversation.id) }
    var outbox: [OutboxMessage] { store.contents.outbox }
    var transcript: [TranscriptEntry] { store.transcript(of: conversation.id, limit: 1000) }

    @discardableResult
    func hear(
        _ content: InboundMessage.Content, id: String? = nil, writtenAt: Moment? = nil, hint: InboundMessage.Hint? = nil
    ) throws -> TurnReply {
        serial += 1
        var message = InboundMessage(
            contact: contact, messageID: id ?? "u\(serial)", writtenAt: writtenAt ?? now, content: content)
        message.hint = hint
        let reply = try store.transaction { try processor.receive(message, now: now, tx: $0) }
        if let last = reply.messages.last { screen = last.options }
        return reply
    }

    @discardableResult
    func say(_ text: String, id: String? = nil, writtenAt: Moment? = nil) throws -> TurnReply {
        try hear(.text(text), id: id, writtenAt: writtenAt)
    }

    /// Greets and proves who writes.
    func verify() throws {
        try say("hola")
        try say(DemoCompany.proof(account))
    }

    /// Verified, with a promise for the day written.
    func promise(_ text: String = "el viernes te pago todo") throws {
        try verify()
        try say(text)
        try say("sí, confirmo")
    }

    /// Lets time pass and fires what falls due on the way, at its moment.
    @discardableResult
    func advance(days: Int) throws -> [BotMessage] {
        let target = now.adding(seconds: Int64(days) * 86_400)
        var messages: [BotMessage] = []
        while let timer = store.takeTimer(dueAt: target) {
            now = max(now, timer.at)
            messages += try store.transaction { try processor.fire(timer, now: now, tx: $0) }.messages
        }
        now = target
        return messages
    }

    func pay(cents: Int64, id: String = "pago", reversed: Bool = false) throws {
        let day = now.day(in: .argentina)
        let payment = Payment(id: id, amount: Money(cents: cents), day: day, reversedOn: reversed ? day : nil)
        try store.transaction { try processor.importPayments([payment], accountID: account, now: now, tx: $0) }
    }

    @discardableResult
    func order(_ command: AgentCommand, by agent: String = "Ana") throws -> Handoff {
        guard let handoff = openHandoff else { throw AgentRefusal.unknownHandoff }
        return try store.transaction {
            try processor.command(command, by: agent, handoffID: handoff.id, now: now, tx: $0)
        }
    }
}
