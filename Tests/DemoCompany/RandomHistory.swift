import Conversations
import Ledger
import Quantities
import SharedData

/// One thing that happens to the company, as both stores can live it.
public enum Step: Sendable {
    case message(InboundMessage)
    /// Taps the option with this index of the contact's last message, where there is one.
    case tap(ContactKey, index: Int, id: String, at: Moment)
    /// Time passes: what is due by then fires.
    case until(Moment)
    case payment(Payment, account: String, at: Moment)
    /// An agent orders something on the oldest open hand-off, where there is one.
    case order(AgentCommand, by: String, at: Moment)

    public var moment: Moment {
        switch self {
        case .message(let message): message.writtenAt
        case .tap(_, _, _, let at), .payment(_, _, let at), .order(_, _, let at), .until(let at): at
        }
    }
}

/// A history made of ``utterances``, taps, payments, agents' orders and time, the same for the same seed.
public func randomHistory(seed: Int, steps: Int, accounts: [String] = ["marta", "juan", "raul"]) -> [Step] {
    var random = SeededRandom(seed: UInt64(seed))
    var now = DemoCompany.morning
    var history: [Step] = []
    for index in 0..<steps {
        now = now.adding(seconds: .random(in: 1...400, using: &random))
        let account = accounts.randomElement(using: &random)!
        let contact = DemoCompany.contact(account, channel: Bool.random(using: &random) ? "whatsapp" : "generic")
        switch Int.random(in: 0..<20, using: &random) {
        case 0:
            now = now.adding(seconds: .random(in: 3600...5 * 86_400, using: &random))
            history.append(.until(now))
        case 1:
            let amount = Money(cents: .random(in: 100_000...3_000_000, using: &random))
            let payment = Payment(id: "pago-\(index)", amount: amount, day: now.day(in: .argentina))
            history.append(.payment(payment, account: account, at: now))
        case 2, 3:
            let orders: [AgentCommand] = [
                .claim, .claim, .reply("Hola, soy Ana."), .note("llamar"), .hold, .release, .returnToBot(note: nil),
                .close(note: "listo"), .called(reached: true, next: nil), .cancelCall,
                .called(reached: false, next: now.adding(seconds: 86_400)),
                .schedule(at: now.adding(seconds: 90_000), phone: "", about: "plan"),
            ]
            history.append(
                .order(
                    orders.randomElement(using: &random)!, by: Bool.random(using: &random) ? "Ana" : "Bruno", at: now))
        case 4...6:
            history.append(.tap(contact, index: .random(in: 0..<3, using: &random), id: "m\(index)", at: now))
        default:
            let content: InboundMessage.Content =
                switch Int.random(in: 0..<30, using: &random) {
                case 0: .media(kind: "audio")
                case 1: .humanEcho(text: "te escribo yo")
                case 2...7: .text(DemoCompany.proof(account))
                case 8:
                    .text(
                        ["quiero hablar con una persona", "esto es una estafa", "no me escriban más", "equivocado"]
                            .randomElement(using: &random)!)
                default: .text(utterances.randomElement(using: &random)!)
                }
            // One in ten repeats an earlier id, as gateways do.
            let id =
                Int.random(in: 0..<10, using: &random) == 0
                ? "m\(Int.random(in: 0...index, using: &random))" : "m\(index)"
            history.append(.message(InboundMessage(contact: contact, messageID: id, writtenAt: now, content: content)))
        }
    }
    return history
}

/// A history lived in memory.
public final class MemoryRun {
    public let store: MemoryStore
    public let processor: TurnProcessor
    /// Every reply, in order.
    public private(set) var replies: [TurnReply] = []

    public init(accounts: [Account] = DemoCompany.accounts, world: World = DemoCompany.world) {
        store = MemoryStore(accounts: accounts)
        processor = TurnProcessor(world: world)
    }

    public func live(_ history: [Step]) throws {
        var screens: [ContactKey: [String]] = [:]
        func receive(_ message: InboundMessage) throws {
            let reply = try store.transaction { try processor.receive(message, now: message.writtenAt, tx: $0) }
            replies.append(reply)
            if let last = reply.messages.last { screens[message.contact] = last.options.map(\.id) }
        }
        for step in history {
            switch step {
            case .message(let message): try receive(message)
            case .tap(let contact, let index, let id, let at):
                guard let options = screens[contact], index < options.count else { continue }
                try receive(
                    InboundMessage(
                        contact: contact, messageID: id, writtenAt: at,
                        content: .tap(id: options[index], title: "opción")))
            case .until(let moment):
                while let timer = store.takeTimer(dueAt: moment) {
                    replies.append(try store.transaction { try processor.fire(timer, now: moment, tx: $0) })
                }
            case .payment(let payment, let account, let at):
                try store.transaction { try processor.importPayments([payment], accountID: account, now: at, tx: $0) }
            case .order(let command, let agent, let at):
                guard let handoff = openHandoffs.first else { continue }
                _ = try? store.transaction {
                    try processor.command(command, by: agent, handoffID: handoff.id, now: at, tx: $0)
                }
            }
        }
    }

    /// Oldest first.
    public var openHandoffs: [Handoff] {
        store.contents.handoffs.values.filter { $0.state != .closed && $0.state != .returned }.sorted { $0.id < $1.id }
    }
}
