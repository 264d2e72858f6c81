/// Places boxes in columns from left to right, so that most ways lead one column on; after Sugiyama, Tagawa and Toda (1981),
/// made simple by drawing only the ways between neighbouring columns.
struct LayeredLayout {
    struct Way: Hashable {
        let from: Int
        /// Distance of its start from the top of the box.
        let offset: Int
        let to: Int
    }

    /// Box → column.
    private(set) var column: [Int]
    /// Box → distance from the top.
    private(set) var top: [Int]
    /// Boxes of each column from the top.
    private(set) var columns: [[Int]] = []
    /// The ways that are drawn.
    private(set) var drawn: [Way] = []
    private(set) var height = 0

    /// - Parameters:
    ///   - heights: of the boxes, in the order of the file; the first is where it starts.
    ///   - ways: all of them; those that go back or skip a column are not drawn.
    ///   - gap: between two boxes of a column.
    init(heights: [Int], ways: [Way], gap: Int) {
        column = Self.columns(of: heights.count, ways)
        top = [Int](repeating: 0, count: heights.count)
        let columnOf = column
        drawn = ways.filter { columnOf[$0.to] == columnOf[$0.from] + 1 }
        columns = (0...(column.max() ?? 0)).map { number in heights.indices.filter { columnOf[$0] == number } }
        place(heights, gap)
        for _ in 0..<6 {
            order(by: \.from, \.to, columns.indices.dropFirst())
            place(heights, gap)
            order(by: \.to, \.from, columns.indices.dropLast().reversed())
            place(heights, gap)
        }
        for _ in 0..<4 { align(heights, gap) }
        let highest = top.min() ?? 0
        top = top.map { $0 - highest }
        height = heights.indices.map { top[$0] + heights[$0] }.max() ?? 0
    }

    /// Fewest steps from the start; then the longest way among the ways that lead on, in the order of the file.
    private static func columns(of count: Int, _ ways: [Way]) -> [Int] {
        guard count > 0 else { return [] }
        var steps = [Int](repeating: Int.max, count: count)
        steps[0] = 0
        var waiting = [0]
        var next = 0
        while next < waiting.count {
            let from = waiting[next]
            next += 1
            for way in ways where way.from == from && steps[way.to] == Int.max {
                steps[way.to] = steps[from] + 1
                waiting.append(way.to)
            }
        }
        // What nothing leads to (it is entered from everywhere) stands at the end.
        let last = waiting.map { steps[$0] }.max() ?? 0
        let rank = (0..<count).sorted {
            (min(steps[$0], last + 1), $0) < (min(steps[$1], last + 1), $1)
        }
        var place = [Int](repeating: 0, count: count)
        for (index, box) in rank.enumerated() { place[box] = index }
        var column = [Int](repeating: 0, count: count)
        for box in rank {
            for way in ways where way.from == box && place[way.to] > place[box] {
                column[way.to] = max(column[way.to], column[box] + 1)
            }
        }
        let deepest = rank.filter { steps[$0] != Int.max }.map { column[$0] }.max() ?? 0
        for box in rank where steps[box] == Int.max { column[box] = deepest }
        return column
    }

    /// Sorts the boxes of columns by the mean height of their neighbours' ends.
    private mutating func order(
        by other: KeyPath<Way, Int>, _ own: KeyPath<Way, Int>, _ numbers: some Sequence<Int>
    ) {
        for number in numbers {
            var means: [Int: Int] = [:]
            for box in columns[number] {
                let ends = drawn.filter { $0[keyPath: own] == box }.map { way in
                    top[way[keyPath: other]] + (other == \Way.from ? way.offset : 0)
                }
                means[box] = ends.isEmpty ? top[box] : ends.reduce(0, +) / ends.count
            }
            columns[number].sort { (means[$0]!, $0) < (means[$1]!, $1) }
        }
    }

    private mutating func place(_ heights: [Int], _ gap: Int) {
        for boxes in columns {
            var y = 0
            for box in boxes {
                top[box] = y
                y += heights[box] + gap
            }
        }
    }

    /// Moves the boxes of each column as near as they can be to where their ways come from, in their order and without
    /// touching: least squares under an order, by pooling neighbours (Ayer and others, 1955).
    private mutating func align(_ heights: [Int], _ gap: Int) {
        for boxes in columns.dropFirst() {
            var pools: [(sum: Int, count: Int)] = []
            var above = 0
            for box in boxes {
                let ends = drawn.filter { $0.to == box }.map { top[$0.from] + $0.offset - Self.entry }
                let wanted = ends.isEmpty ? top[box] : ends.reduce(0, +) / ends.count
                pools.append((wanted - above, 1))
                while pools.count > 1, mean(pools[pools.count - 1]) < mean(pools[pools.count - 2]) {
                    let last = pools.removeLast()
                    pools[pools.count - 1].sum += last.sum
                    pools[pools.count - 1].count += last.count
                }
                above += heights[box] + gap
            }
            var settled = pools.flatMap { Array(repeating: mean($0), count: $0.count) }.makeIterator()
            above = 0
            for box in boxes {
                top[box] = (settled.next() ?? 0) + above
                above += heights[box] + gap
            }
        }
    }

    /// Where ways reach a box, from its top.
    static let entry = 12

    private func mean(_ pool: (sum: Int, count: Int)) -> Int { pool.sum / pool.count }
}
