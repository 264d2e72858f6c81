import Quantities

extension Bargain {
    /// The concession ladder, best for the creditor first, the floor last; empty where nothing is owed: everything today
    /// with the smallest discount; everything later; everything today with each greater discount; plans from the fewest
    /// instalments; the smallest part. Time is conceded before money.
    public func offers() -> [Offer] { ladder(asAdviser: false) }

    /// The ladder with what only a person may grant.
    public func adviserOffers() -> [Offer] { ladder(asAdviser: true) }

    private func ladder(asAdviser: Bool) -> [Offer] {
        guard statement.total.isPositive else { return [] }
        var ladder = [payNow(step: 0, asAdviser: asAdviser), singlePayment(nil, on: latestDay)]
        for step in discounts(asAdviser: asAdviser).indices.dropFirst() {
            ladder.append(payNow(step: step, asAdviser: asAdviser))
        }
        ladder += plans(asAdviser: asAdviser)
        let part = minimumAmount(asAdviser: asAdviser)
        if part < statement.total { ladder.append(singlePayment(part, on: latestDay)) }
        return ladder
    }
}

/// What a request for something better gets.
public enum Concession: Hashable, Sendable, Codable {
    /// The next step down.
    case granted(Offer)
    /// One was granted in this turn: what stands.
    case oneATurn(Offer)
    /// The last step stands: beyond it only a person can decide.
    case floor(Offer, why: String)
    /// Nothing is owed.
    case nothingOwed
}

/// How far a conversation has come down the ladder: begins at the best offer for the creditor, concedes one step at a
/// time, at most one in a turn, and never below the last.
public struct ConcessionLadder: Hashable, Sendable, Codable {
    /// The step that stands, 0 for the first.
    public private(set) var step = 0
    /// The turn of the last concession or counter-offer.
    public private(set) var concededIn: Int?
    /// Concessions granted so far.
    public private(set) var conceded = 0
    /// The day on which the step was reached; nil before the first and in ladders of earlier versions.
    public private(set) var reachedOn: Day?
    /// It goes on from an earlier conversation: the next concession is what stood then.
    private var isResumed: Bool?

    public init() {}

    /// Whether it goes on from an earlier conversation: the next concession is what stood then.
    public var goesOn: Bool { isResumed == true }

    /// The same place on the ladder, whenever it was reached.
    public var timeless: ConcessionLadder {
        var copy = self
        (copy.concededIn, copy.conceded, copy.reachedOn) = (nil, 0, nil)
        return copy
    }

    /// The ladder with which a later conversation goes on: nobody comes down it again from the top by writing anew.
    /// - Parameter days: for how long the step is kept.
    /// - Returns: nil where it was not left, or too long ago.
    public func resumed(on day: Day, within days: Int) -> ConcessionLadder? {
        guard step > 0, let reachedOn, day - reachedOn <= days else { return nil }
        var ladder = timeless
        (ladder.reachedOn, ladder.isResumed) = (reachedOn, true)
        return ladder
    }

    /// The offer that stands; nil where nothing is owed.
    /// - Parameter offers: the ladder as priced today; it may have become shorter since the last turn.
    public func standing(in offers: [Offer]) -> Offer? { offers.isEmpty ? nil : offers[min(step, offers.count - 1)] }

    /// The customer has seen this offer, because they asked for it: what comes before it is no concession any more.
    public mutating func shown(_ offer: Offer, of offers: [Offer], on day: Day) {
        guard let index = offers.lastIndex(where: { $0.id == offer.id }), index >= step else { return }
        isResumed = nil
        if index > step { reach(index, on: day) }
    }

    private mutating func reach(_ index: Int, on day: Day) { (step, reachedOn, isResumed) = (index, day, nil) }

    /// A counter-offer was made in this turn: it is that turn's concession.
    public mutating func countered(turn: Int) { concededIn = turn }

    /// Concedes one step, or says why not.
    /// - Parameters:
    ///   - turn: the number of the turn, which grows.
    ///   - day: the day of the turn.
    ///   - phrases: in whose words it says why not.
    public mutating func concede(
        _ offers: [Offer], turn: Int, on day: Day, in phrases: Phrases = .argentina
    ) -> Concession {
        guard let standing = standing(in: offers) else { return .nothingOwed }
        if concededIn == turn { return .oneATurn(standing) }
        if isResumed == true {
            (isResumed, concededIn) = (nil, turn)
            conceded += 1
            return .granted(standing)
        }
        guard step < offers.count - 1 else {
            return .floor(standing, why: phrases(.floor))
        }
        reach(step + 1, on: day)
        concededIn = turn
        conceded += 1
        return .granted(offers[step])
    }

    /// Concedes the next discount for paying at once, to who asks for one: time and instalments that the ladder has before
    /// it stay to be had.
    /// - Returns: nil where the ladder has no discount.
    public mutating func concedeDiscount(
        _ offers: [Offer], turn: Int, on day: Day, in phrases: Phrases = .argentina
    ) -> Concession? {
        let discounts = offers.indices.filter { offers[$0].isImmediateDiscount }
        guard let greatest = discounts.last, let standing = standing(in: offers) else { return nil }
        if concededIn == turn { return .oneATurn(standing) }
        guard let next = discounts.first(where: { $0 > step }) else {
            return .floor(offers[greatest], why: phrases(.greatestDiscount))
        }
        reach(next, on: day)
        concededIn = turn
        conceded += 1
        return .granted(offers[next])
    }
}

extension Offer {
    /// In a few words, what is conceded by it.
    public func concession(in phrases: Phrases) -> String {
        switch kind {
        case .payNow: phrases(.concedesDiscount)
        case .promise: phrases(.concedesTime)
        case .plan: phrases(.concedesPlan)
        case .partial: phrases(.concedesPart)
        }
    }
}
