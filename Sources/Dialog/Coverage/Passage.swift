/// A part of a dialog that a turn went through.
public enum Passage: Hashable, Sendable {
    public enum Limit: String, Hashable, Sendable, CaseIterable {
        case reprompts
        case counterOffers = "counter_offers"
        case idle
    }
    case entered(String)
    /// The route with this index was taken.
    case route(state: String, Int)
    /// The choice with this index answered the message.
    case choice(state: String, Int)
    /// The choice answered, and of the names that it hears, by their index, the message said this one alone.
    case heard(state: String, Int, Int)
    /// The choice heard the message, but its `when` did not hold.
    case barred(state: String, Int)
    case digression(String, state: String)
    case escalation(String, state: String)
    /// A limit was reached; for `idle`, the customer was nudged.
    case limit(Limit, state: String)
}

/// How often conversations went through each part of a dialog.
public struct Coverage: Hashable, Sendable {
    public private(set) var counts: [Passage: Int] = [:]

    public init() {}

    public init(_ passages: some Sequence<Passage>) { add(passages) }

    public mutating func add(_ passages: some Sequence<Passage>) {
        for passage in passages { counts[passage, default: 0] += 1 }
    }

    public mutating func add(_ other: Coverage) { counts.merge(other.counts, uniquingKeysWith: +) }

    public func count(_ passage: Passage) -> Int { counts[passage] ?? 0 }

    /// Times that a state was entered and none of its routes taken, so that it spoke.
    func settled(in state: DialogStateDefinition) -> Int {
        count(.entered(state.name)) - state.routes.indices.reduce(0) { $0 + count(.route(state: state.name, $1)) }
    }
}
