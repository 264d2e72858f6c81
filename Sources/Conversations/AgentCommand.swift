import Conduct
import Dialog
import Negotiation
import Quantities

/// What a human agent orders.
public enum AgentCommand: Hashable, Sendable, Codable {
    case claim
    case reply(String)
    case note(String)
    case hold, release
    /// Back to the bot, optionally with a note shown in the transcript.
    case returnToBot(note: String?)
    case close(note: String?)
    /// To another agent, by name.
    case transfer(to: String)
    /// The waiting case goes to an agent who did not ask for it, by name.
    case assign(to: String)
    /// The agent is gone: the case goes back to its place in the queue.
    case abandon
    /// What the agent and the customer agreed becomes a promise or a plan, and is confirmed to the customer in writing.
    case agree(Agreement)
    /// The customer asked to be called: when, where to (E.164) and what about. Until then the bot attends.
    case schedule(at: Moment, phone: String, about: String)
    /// The call was made; where nobody answered, when it is tried again, nil where it is not.
    case called(reached: Bool, next: Moment?)
    case cancelCall
    /// Collection stops for this person, or only people may contact them; false lifts the mark, nil leaves it.
    case mark(ceased: Bool?, vulnerable: Bool?)
}

/// What an agent agreed with a customer.
public enum Agreement: Hashable, Sendable, Codable {
    /// One of the offers that the policy lets a person make today, by its id.
    case offer(id: String)
    case proposal(Proposal)
}

/// Why an agent's command was refused.
public enum AgentRefusal: Error, Hashable, Sendable {
    case unknownHandoff
    /// Another agent has it: the HTTP answer is 409 with this name.
    case claimedBy(String)
    case notYours
    /// The handoff is already returned or closed, or must be claimed first.
    case wrongState(Handoff.State)
    /// The reply says something that is never said: the rule, and the words.
    case forbiddenWording(ConductRule, words: String)
    /// The policy does not let a person agree to this: why, and what comes nearest, in Spanish.
    case beyondPolicy(why: String)
    /// The call cannot be noted so: why, and the nearest moment at which it could be made, in Spanish.
    case cannotCall(why: String, nearest: String?)
    /// The agent has as many cases as they can attend.
    case full(agent: String, capacity: Int)
    /// The case changed hands since the reply was begun: who has it now; nil: nobody.
    case stale(owner: String?)
    /// No call is pending.
    case noCall
    /// Who called has nowhere to read what is written to them.
    case onThePhone
    /// A call is pending: how it went is to be written down first, or it is to be cancelled.
    case callPending
}

public struct TurnReply: Hashable, Sendable {
    public var duplicate: Bool
    public var messages: [BotMessage]
    /// For `:why`: understanding and the engine's trace, one line each.
    public var trace: [String]
    /// Which parts of the dialog the turn went through; for coverage.
    public var passages: [Passage]
    /// How many messages were answered together with another one.
    public var joined = 0
    public init(duplicate: Bool, messages: [BotMessage], trace: [String], passages: [Passage] = []) {
        self.duplicate = duplicate
        self.messages = messages
        self.trace = trace
        self.passages = passages
    }

    /// With what was answered before it in the same transaction.
    func after(_ earlier: TurnReply) -> TurnReply {
        var both = TurnReply(
            duplicate: duplicate, messages: earlier.messages + messages, trace: earlier.trace + trace,
            passages: earlier.passages + passages)
        both.joined = earlier.joined + joined
        return both
    }
}
