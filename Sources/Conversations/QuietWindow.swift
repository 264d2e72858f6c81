import Dialog
import Quantities
import Understanding

/// Messages that wait to be answered as one. People send "hola", "el viernes" and "te pago 20 lucas": each is on disk and in
/// the transcript when it comes, and the turn is when nothing more came for a while.
public struct QuietWindow: Hashable, Sendable, Codable {
    /// In the order in which they came.
    public var parts: [InboundMessage]
    /// When the first came.
    public var openedAt: Moment

    /// How many times its length a window stays open at most, however much is written.
    public static let longest: Int64 = 4
    private static let mostParts = 20
    /// What is beyond is not read.
    private static let mostBytes = 4000

    /// Whether a further message belongs to the others. What was written on another day, or much earlier or later, as the
    /// gateway says, does not: a relative day counts from the moment of its message.
    func takes(_ message: InboundMessage, length: Int64, zone: Zone) -> Bool {
        guard let first = parts.first, parts.count < Self.mostParts else { return false }
        let apart = abs(message.writtenAt.milliseconds - first.writtenAt.milliseconds)
        let bytes = (parts + [message]).reduce(0) { $0 + $1.text.utf8.count + 1 }
        // Gateways tell whole seconds.
        return apart <= Self.longest * length + 1000 && bytes <= Self.mostBytes
            && message.writtenAt.day(in: zone) == first.writtenAt.day(in: zone)
    }

    /// All as one message, in the order in which they were written: a line each, from the moment of the first, under the id
    /// of the last.
    func whole(with another: InboundMessage? = nil) -> InboundMessage {
        let all = (parts + [another].compactMap(\.self)).enumerated().sorted {
            ($0.element.writtenAt, $0.offset) < ($1.element.writtenAt, $1.offset)
        }.map(\.element)
        var whole = all[0]
        whole.content = .text(all.map(\.text).joined(separator: "\n"))
        whole.messageID = all[all.count - 1].messageID
        whole.parts = all.map(\.messageID)
        return whole
    }
}

extension TurnProcessor {
    /// What a message does to the quiet window of its conversation.
    enum Place {
        /// Is a turn of its own; what waits is answered before it.
        case alone
        /// Opens a window; what waits in another is answered before it.
        case opens
        case joins
        /// Joins what waits, which is answered with it now.
        case completes
    }

    func place(of message: InboundMessage, in conversation: Conversation) -> Place {
        guard world.quietWindow > 0, conversation.owner == .bot, case .text(let text) = message.content,
            message.hint == nil,
            !world.answersInResponse.contains(message.contact.channel)
        else { return .alone }
        let urgent = urgency(of: text, at: message.writtenAt)
        guard let window = conversation.window, window.takes(message, length: world.quietWindow, zone: world.zone)
        else { return urgent.isEmpty ? .opens : .alone }
        if urgent.isEmpty { return .joins }
        // What counts whatever comes before it (I5, I6) is not risked for one answer less.
        let whole = window.whole(with: message)
        return urgent.isSubset(of: urgency(of: whole.text, at: whole.writtenAt)) ? .completes : .alone
    }

    /// What a text says that must not wait.
    private func urgency(of text: String, at moment: Moment) -> Set<Intent> {
        let heard = world.reader.read(text, at: moment, zone: world.zone, asked: .open)
        return Set(Self.urgent.filter(heard.has))
    }

    /// A message waits for what may come after it.
    func hold(
        _ message: InboundMessage, _ conversation: inout Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws {
        var window = conversation.window ?? QuietWindow(parts: [], openedAt: now)
        window.parts.append(message)
        conversation.window = window
        _ = try record(.part(message), message, conversation, now, tx)
        try append(message, to: conversation, now, tx)
        let latest = window.openedAt.adding(milliseconds: QuietWindow.longest * world.quietWindow)
        try tx.set(
            DueTimer(
                kind: .quiet, key: conversation.id, at: min(now.adding(milliseconds: world.quietWindow), latest)))
        try tx.save(conversation)
    }

    /// Answers what waits, as one turn; nothing where nothing does.
    @discardableResult
    func closeWindow(
        _ conversation: inout Conversation, _ now: Moment, _ tx: any TurnTransaction
    ) throws -> TurnReply {
        guard let window = conversation.window else { return TurnReply(duplicate: false, messages: [], trace: []) }
        conversation.window = nil
        try tx.cancelTimer(.quiet, key: conversation.id)
        let whole = window.whole()
        return try turn(whole, .whole(messageID: whole.messageID), &conversation, now, tx)
    }

    /// Answers what a contact wrote and what still waits.
    @discardableResult
    func closeWindow(of contact: ContactKey, now: Moment, tx: any TurnTransaction) throws -> TurnReply {
        guard var conversation = try tx.conversation(for: contact) else {
            return TurnReply(duplicate: false, messages: [], trace: [])
        }
        return try closeWindow(&conversation, now, tx)
    }

    /// Answers what was written about an account before something else happens to it.
    func closeWindows(accountID: String, _ now: Moment, _ tx: any TurnTransaction) throws {
        for var conversation in try tx.conversations(accountID: accountID) where conversation.window != nil {
            try closeWindow(&conversation, now, tx)
        }
    }
}

extension StepResult {
    /// Where a turn answers several messages, all of them are the evidence.
    mutating func cite(_ parts: [String], for id: String) {
        func cited(_ evidence: [String]) -> [String] { evidence.flatMap { $0 == id ? parts : [$0] } }
        state.evidence = cited(state.evidence)
        effects = effects.map {
            if case .record(let offer, let evidence) = $0 { .record(offer, evidence: cited(evidence)) } else { $0 }
        }
    }
}
