import Negotiation

/// What leads from one situation to another.
struct SituationGraph {
    struct Edge: Hashable {
        let to: Int
        let did: Stimulus
        /// The only place on the ladder from which it leads there; nil where the place makes no difference.
        let at: Places.Place?
        /// The place on the ladder after it, done from ``at`` or else from the top.
        let after: Places.Place
        /// The dialog had ended: what is done begins another conversation.
        let restarts: Bool
        /// It used up one of the times that something is not understood or countered.
        let raises: Bool
    }

    private(set) var edges: [[Edge]] = []

    /// One more situation, without a way on.
    mutating func grow() { edges.append([]) }

    /// Keeps one of the edges that differ only in what is done.
    mutating func add(_ edge: Edge, from: Int) {
        let isKnown = edges[from].contains {
            $0.to == edge.to && $0.at == edge.at && $0.after == edge.after && $0.raises == edge.raises
        }
        if !isKnown { edges[from].append(edge) }
    }

    /// For each situation, whether one of `goals` can be reached from it.
    func reaching(_ goals: [Int]) -> [Bool] {
        backwards(from: goals, of: edges.count) { visit in
            for (from, edges) in edges.enumerated() { for edge in edges { visit(from, edge.to) } }
        }
    }
}

/// Goes all edges backwards.
private func backwards(from goals: [Int], of count: Int, edges: ((_ from: Int, _ to: Int) -> Void) -> Void) -> [Bool] {
    var predecessors = [[Int]](repeating: [], count: count)
    edges { predecessors[$1].append($0) }
    var reached = [Bool](repeating: false, count: count)
    for goal in goals { reached[goal] = true }
    var waiting = goals
    while let at = waiting.popLast() {
        for from in predecessors[at] where !reached[from] {
            reached[from] = true
            waiting.append(from)
        }
    }
    return reached
}

/// How far down the policy's ladder a conversation may be.
struct Places {
    /// A step, and whether a later conversation goes on from it: what it concedes first is what stood then.
    struct Place: Hashable {
        let step: Int
        let goesOn: Bool
        /// Among all places.
        let number: Int
    }

    /// The top first.
    let all: [Place]
    private let facts: Facts
    private let steps: Int

    init(_ facts: Facts) {
        self.facts = facts
        steps = max(1, facts.ladder.count)
        var all = (0..<steps).map { Place(step: $0, goesOn: false, number: $0) }
        let remembers = steps > 1 && facts.bargain.policy.concessionMemoryDays >= 0
        if remembers { all += (1..<steps).map { [steps] in Place(step: $0, goesOn: true, number: $0 + steps - 1) } }
        self.all = all
    }

    func ladder(at place: Place) -> ConcessionLadder {
        var ladder = ConcessionLadder()
        ladder.shown(facts.ladder[place.step], of: facts.ladder, on: facts.today)
        guard place.goesOn else { return ladder }
        return ladder.resumed(on: facts.today, within: facts.bargain.policy.concessionMemoryDays) ?? ladder
    }

    /// Where a conversation is that was at the top before its last turn, or has its place in its state.
    func place(of state: DialogState) -> Place {
        let ladder = state.standing(on: facts.ladder, today: facts.today)
        let step = min(ladder.step, steps - 1)
        return ladder.goesOn && step > 0 ? goingOn(from: step) : all[step]
    }

    func goingOn(from step: Int) -> Place { all[min(step + steps - 1, all.count - 1)] }
}

/// The situations with the place on the ladder, as one conversation goes through them: what a designer says leads on is
/// looked for here. Nothing is proved by beginning again after the end, nor by being misunderstood or countered, which
/// only goes so often.
struct PlacedGraph {
    private let graph: SituationGraph
    private let places: Places
    /// For each situation at each place, how it is first come to; nil where it is not.
    private var parents: [(from: Int, did: Stimulus?)?]
    /// In the order of coming there.
    private var order: [Int] = []

    init(_ graph: SituationGraph, _ places: Places) {
        self.graph = graph
        self.places = places
        parents = Array(repeating: nil, count: graph.edges.count * places.all.count)
        if graph.edges.isEmpty { return }
        parents[0] = (0, nil)
        order = [0]
        var next = 0
        while next < order.count {
            let node = order[next]
            next += 1
            let (situation, place) = (node / places.all.count, places.all[node % places.all.count])
            for edge in graph.edges[situation] {
                for after in self.places(after: edge, from: place) {
                    let reached = edge.to * places.all.count + after.number
                    guard parents[reached] == nil else { continue }
                    parents[reached] = (node, edge.did)
                    order.append(reached)
                }
            }
        }
    }

    /// The shortest way to where one of `from` is reached and none of `to` can be any more; nil where there is none.
    func firstStuck(from: [Int], to: [Int]) -> [Stimulus]? {
        let goals = Set(to)
        let reached = backwards(
            from: order.filter { goals.contains($0 / places.all.count) }, of: parents.count
        ) { visit in
            for node in order {
                let place = places.all[node % places.all.count]
                for edge in graph.edges[node / places.all.count] where !edge.restarts && !edge.raises {
                    for after in self.places(after: edge, from: place) {
                        visit(node, edge.to * places.all.count + after.number)
                    }
                }
            }
        }
        let starts = Set(from)
        guard let stuck = order.first(where: { starts.contains($0 / places.all.count) && !reached[$0] }) else {
            return nil
        }
        var (way, at): ([Stimulus], Int) = ([], stuck)
        while let (from, did) = parents[at], let did {
            way.append(did)
            at = from
        }
        return way.reversed()
    }

    /// The places after an edge that is gone at a place; none where it does not lead on from there.
    private func places(after edge: SituationGraph.Edge, from place: Places.Place) -> [Places.Place] {
        if let at = edge.at { return at == place ? [edge.after] : [] }
        // Of what was offered before the end only what was conceded is kept.
        if edge.restarts { return [places.all[0]] + (0..<place.step).map { places.goingOn(from: $0 + 1) } }
        return [edge.after.step > 0 && edge.after.step >= place.step ? edge.after : place]
    }
}
