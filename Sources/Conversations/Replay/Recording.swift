import Ledger
import Negotiation
import Quantities

/// All that was lived with one person: what came in, in order, and what came of it.
public struct Recording: Sendable {
    public struct Turn: Hashable, Sendable {
        public var turn: RecordedTurn
        /// The account before the turn, where it is not as it was at the last one.
        public var account: Account?

        public init(_ turn: RecordedTurn, account: Account?) {
            self.turn = turn
            self.account = account
        }
    }

    /// What of a conversation is needed to live it again, as it stands at the end: its dialog's state, with all offers on
    /// the screen, is not.
    public struct Talk: Hashable, Sendable {
        public var id: String
        public var contact: ContactKey
        public var accountID: String?
        /// The name of its dialog; nil where none ever answered.
        public var dialog: String?
        public var turns: Int

        public init(id: String, contact: ContactKey, accountID: String?, dialog: String?, turns: Int) {
            self.id = id
            self.contact = contact
            self.accountID = accountID
            self.dialog = dialog
            self.turns = turns
        }
    }

    public var turns: [Turn]
    public var conversations: [Talk]
    /// By conversation, oldest first.
    public var transcripts: [String: [TranscriptEntry]]
    public var promises: [PromiseToPay]
    public var handoffs: [Handoff]
    /// What became due by then has happened.
    public var endsAt: Moment

    public init(
        turns: [Turn], conversations: [Talk], transcripts: [String: [TranscriptEntry]],
        promises: [PromiseToPay], handoffs: [Handoff], endsAt: Moment
    ) {
        self.turns = turns
        self.conversations = conversations
        self.transcripts = transcripts
        self.promises = promises
        self.handoffs = handoffs
        self.endsAt = endsAt
    }

    /// How many turns were processed to the end: what waited for more was not.
    var completeTurns: Int {
        turns.count { if case .part = $0.turn.input { false } else { true } }
    }

    /// Whether every message of every conversation was written down: those of earlier versions of Promesa were not.
    var isComplete: Bool {
        var messages: [String: Int] = [:]
        for turn in turns {
            if turn.turn.input.message != nil { messages[turn.turn.conversationID ?? "", default: 0] += 1 }
        }
        return conversations.allSatisfy { messages[$0.id, default: 0] == $0.turns }
    }

    /// Promises from before the recording or from an import: no message that is recorded gave them.
    var earlierPromises: [PromiseToPay] {
        let messages = Set(turns.compactMap { $0.turn.input.message?.messageID })
        return promises.filter { $0.evidence.allSatisfy { !messages.contains($0) } }
    }
}

extension MemoryStore {
    /// What was lived in this store up to a moment.
    public func recording(until moment: Moment) -> Recording {
        var last: [String: Account] = [:]
        let turns = contents.recorded.map { turn in
            guard let account = turn.account, last[account.id] != account else {
                return Recording.Turn(turn.turn, account: nil)
            }
            last[account.id] = account
            return turn
        }
        return Recording(
            turns: turns,
            conversations: contents.conversations.values.sorted { $0.id < $1.id }.map {
                Recording.Talk(
                    id: $0.id, contact: $0.contact, accountID: $0.accountID, dialog: $0.dialog?.dialog, turns: $0.turns)
            },
            transcripts: contents.transcripts, promises: contents.promises.values.sorted { $0.id < $1.id },
            handoffs: contents.handoffs.values.sorted { $0.id < $1.id }, endsAt: moment)
    }
}
