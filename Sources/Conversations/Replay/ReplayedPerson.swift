import Ledger
import Negotiation
import Quantities

/// The first place where a conversation goes another way.
public struct ReplayDifference: Hashable, Sendable, Encodable {
    public var conversation: String
    public var account: String?
    /// What the customer had said last, in both; nil at the beginning.
    public var after: String?
    /// What was said then.
    public var then: [String]
    /// What is said now.
    public var now: [String]

    /// - Parameter index: the place in both transcripts from which they differ.
    init(
        _ conversation: Recording.Talk, at index: Int, recorded: [TranscriptEntry], replayed: [TranscriptEntry]
    ) {
        self.conversation = conversation.id
        account = conversation.accountID
        let said = recorded.prefix(index).lastIndex { $0.speaker == .customer }
        after = said.map { recorded[$0].text }
        let start = said.map { $0 + 1 } ?? 0
        func turn(_ entries: [TranscriptEntry]) -> [String] {
            entries.dropFirst(start).prefix { $0.speaker != .customer }.map(\.line)
        }
        then = turn(recorded)
        now = turn(replayed)
    }
}

extension TranscriptEntry {
    /// In one line, with who spoke unless it was the bot.
    fileprivate var line: String {
        (speaker == .bot ? "" : speaker.spanishName + ": ") + text + options.map { " [\($0)]" }.joined()
    }
}

/// What came of one person's recorded conversations with another dialog.
public struct ReplayedPerson: Sendable {
    public enum Skip: String, Sendable {
        /// They began before turns were written down.
        case incomplete
        case otherDialog
    }

    public struct Promise: Hashable, Comparable, Sendable, Encodable {
        public var account: String
        public var amount: Money
        public var payBy: Day

        init(_ promise: PromiseToPay) {
            (account, amount, payBy) = (promise.accountID, promise.amount, promise.payBy)
        }

        public static func < (a: Self, b: Self) -> Bool {
            (a.account, a.payBy, a.amount.cents) < (b.account, b.payBy, b.amount.cents)
        }
    }

    public struct Case: Hashable, Comparable, Sendable, Encodable {
        /// Nil where somebody without an account asked for a person.
        public var account: String?
        public var reason: String

        init(_ handoff: Handoff) { (account, reason) = (handoff.accountID, handoff.reason) }

        public static func < (a: Self, b: Self) -> Bool { (a.account ?? "", a.reason) < (b.account ?? "", b.reason) }
    }

    public var conversations: Int
    public var turns: Int
    public var skipped: Skip?
    public var differences: [ReplayDifference] = []
    public var promisesGained: [Promise] = []
    public var promisesLost: [Promise] = []
    public var handoffsGained: [Case] = []
    public var handoffsLost: [Case] = []

    init(conversations: Int, turns: Int) {
        self.conversations = conversations
        self.turns = turns
    }

    init(skipped: Skip, _ recording: Recording) {
        self.init(conversations: recording.conversations.count, turns: 0)
        self.skipped = skipped
    }
}
