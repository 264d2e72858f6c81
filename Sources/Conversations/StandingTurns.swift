import Conduct
import Dialog
import Quantities

/// What a person asks of us or tells us that limits how they may be contacted from then on.
extension TurnProcessor {
    /// A wish of hours that was written down, and what else the message said.
    struct NotedWish {
        let hours: OwnHours
        let rest: String
    }

    /// Writes down when the person wants to be written to, for every channel and account of theirs; nil where the
    /// message says no such thing.
    func noteOwnHours(
        in message: InboundMessage, _ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws -> NotedWish? {
        guard case .text(let text) = message.content, let account = conversation.accountID,
            let wish = world.conduct.ownHours(in: text)
        else { return nil }
        var standing = try tx.standing(accountID: account)
        standing.ownHours = standing.ownHours?.joined(with: wish.hours) ?? wish.hours
        try tx.save(standing, accountID: account)
        try audit("standing.own_hours", [wish.hours.spanish], conversation, now, tx)
        let bytes = Array(text.utf8)
        let rest = String(decoding: bytes[..<wish.span.start] + bytes[wish.span.end...], as: UTF8.self)
        return NotedWish(hours: wish.hours, rest: rest)
    }

    /// Says that a wish was written down; what else the message said goes to the dialog.
    func answer(
        _ wish: NotedWish, to message: InboundMessage, _ conversation: inout Conversation, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws -> TurnReply {
        let answered = world.answersInResponse.contains(message.contact.channel)
        let noted = BotMessage(text: world.phrases(.ownHours, wish.hours.spanish))
        var reply = TurnReply(
            duplicate: false, messages: [try say(noted, conversation, answered: answered, now, tx)],
            trace: ["pidió que se le escriba solo \(wish.hours.spanish): rige para todos sus canales y cuentas"])
        let rest = world.reader.read(wish.rest, at: message.writtenAt, zone: world.zone, asked: .open)
        let saysMore = rest.intents.contains { $0.intent != .unclear } || !rest.amounts.isEmpty || !rest.days.isEmpty
        if saysMore, let id = conversation.accountID, let account = try tx.account(id: id) {
            var message = message
            message.content = .text(wish.rest)
            let turn = try dialogTurn(&conversation, account, message, now, tx)
            reply.messages += turn.messages
            reply.trace += turn.trace
            reply.passages += turn.passages
        }
        return reply
    }

    /// Marks the person, once: the first mark stays until a person lifts it.
    func mark(
        _ mark: WritableKeyPath<PersonStanding, PersonStanding.Mark?> & Sendable, _ why: String,
        _ conversation: Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        guard let account = conversation.accountID else { return }
        var standing = try tx.standing(accountID: account)
        guard standing[keyPath: mark] == nil else { return }
        standing[keyPath: mark] = PersonStanding.Mark(since: now, why: why)
        try tx.save(standing, accountID: account)
        try audit(mark == \.vulnerable ? "standing.vulnerable" : "standing.ceased", [why], conversation, now, tx)
    }

    /// An agent marks the person, or lifts a mark; nil leaves it as it is.
    func mark(
        ceased: Bool?, vulnerable: Bool?, by agent: String, _ conversation: Conversation, _ now: Moment,
        _ tx: any TurnTransaction
    ) throws {
        guard let account = conversation.accountID else { return }
        for (wanted, path, name) in [
            (ceased, \PersonStanding.ceased, "ceased"), (vulnerable, \.vulnerable, "vulnerable"),
        ] {
            guard let wanted else { continue }
            if wanted {
                try mark(path, "lo marcó \(agent)", conversation, now, tx)
            } else {
                var standing = try tx.standing(accountID: account)
                guard standing[keyPath: path] != nil else { continue }
                standing[keyPath: path] = nil
                try tx.save(standing, accountID: account)
                try audit("standing.\(name).lifted", [agent], conversation, now, tx)
            }
        }
    }
}
