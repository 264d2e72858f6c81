import Quantities

/// The dialog as a picture: a card for each state with all its ways written in it, and lines for those that lead on.
extension DialogGraph {
    private enum Size {
        static let card = 284, header = 24, line = 14, row = 16, padding = 8
        static let between = 90, gap = 26, margin = 24, letters = 44
    }

    private static let colours = [
        "#1565c0", "#6a1b9a", "#00838f", "#ad1457", "#4527a0", "#283593", "#00695c", "#9e5d00", "#5d4037", "#37474f",
        "#b71c1c", "#33691e",
    ]

    public func svg() -> String {
        let heights = nodes.map { height(of: $0) }
        let places = Dictionary(
            nodes.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { a, _ in a })
        var ways: [LayeredLayout.Way] = []
        for (from, node) in nodes.enumerated() {
            for (row, way) in node.rows.enumerated() {
                guard let to = places[way.target], to != from else { continue }
                ways.append(LayeredLayout.Way(from: from, offset: rowCentre(row, in: node), to: to))
            }
        }
        let start = nodes.firstIndex { $0.kind == .start } ?? 0
        // The layout begins at its first box; the file usually begins at the start state, too.
        let order = nodes.isEmpty ? [] : [start] + nodes.indices.filter { $0 != start }
        var rank = [Int](repeating: 0, count: nodes.count)
        for (position, box) in order.enumerated() { rank[box] = position }
        let layout = LayeredLayout(
            heights: order.map { heights[$0] },
            ways: ways.map { LayeredLayout.Way(from: rank[$0.from], offset: $0.offset, to: rank[$0.to]) }, gap: Size.gap
        )
        let titleHeight = 46
        func x(_ box: Int) -> Int { Size.margin + layout.column[rank[box]] * (Size.card + Size.between) }
        func y(_ box: Int) -> Int { Size.margin + titleHeight + layout.top[rank[box]] }

        var lines = ""
        for way in layout.drawn {
            let (from, to) = (order[way.from], order[way.to])
            let row = nodes[from].rows.first {
                places[$0.target] == to && rowCentre(of: $0, in: nodes[from]) == way.offset
            }
            let (x1, y1, x2, y2) = (x(from) + Size.card, y(from) + way.offset, x(to), y(to) + LayeredLayout.entry)
            let missed = row?.count == 0
            lines +=
                "<path class=\"\(missed ? "way missed" : "way")\" stroke=\"\(colour(to))\" d=\"M\(x1) \(y1) C\(x1 + 45) \(y1) \(x2 - 45) \(y2) \(x2 - 4) \(y2)\"/>\n"
        }
        let cards = nodes.indices.map { card(nodes[$0], colour($0), places, x($0), y($0), heights[$0]) }.joined()
        let columns = (layout.column.max() ?? 0) + 1
        let everywhereTop = Size.margin + titleHeight + layout.height + 40
        let (panels, panelHeight, panelWidth) = self.panels(places, y: everywhereTop)
        let width = max(2 * Size.margin + columns * (Size.card + Size.between) - Size.between, panelWidth)
        let bottom = everywhereTop + panelHeight + Size.margin
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(bottom)" width="\(width)" height="\(bottom)" \
            font-family="Helvetica, Arial, sans-serif" font-size="11">
            <style>
            .way { fill: none; stroke-width: 1.6; opacity: .75 }
            .way.missed { stroke-dasharray: 4 3; opacity: .35 }
            .card { fill: #fff; stroke: #90a4ae }
            .card.confirms { stroke-width: 3 }
            .card.missed { fill: #fff5f5; stroke: #c62828; stroke-dasharray: 5 3 }
            .said { fill: #607d8b; font-style: italic }
            .missedtext { fill: #c62828 }
            .seen { fill: #2e7d32; font-weight: bold }
            a:hover { text-decoration: underline }
            </style>
            <rect width="100%" height="100%" fill="#fafafa"/>
            <text x="\(Size.margin)" y="\(Size.margin + 14)" font-size="18" font-weight="bold">\(name.markup)</text>
            <text x="\(Size.margin)" y="\(Size.margin + 32)" fill="#607d8b">\(subtitle.markup)</text>
            \(lines)\(cards)\(panels)</svg>

            """
    }

    private var subtitle: String {
        let ways = nodes.reduce(0) { $0 + $1.rows.count }
        let summary = "versión \(version), \(nodes.count) estados, \(ways) caminos"
        return summary
            + (isCovered ? "; en rojo, lo que ninguna prueba recorre; ×n, las veces que se recorrió" : "")
    }

    // MARK: Cards

    private func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in Self.short(text, 2 * Size.letters - 4).split(separator: " ") {
            if !line.isEmpty, line.count + word.count + 1 > Size.letters {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return line.isEmpty ? lines : lines + [line]
    }

    private func height(of node: Node) -> Int {
        Size.header + wrapped(node.text).count * Size.line + node.rows.count * Size.row
            + (node.rows.isEmpty && node.text.isEmpty ? 0 : Size.padding)
    }

    private func rowCentre(_ row: Int, in node: Node) -> Int {
        Size.header + wrapped(node.text).count * Size.line + row * Size.row + Size.row / 2 + 2
    }

    private func rowCentre(of row: Row, in node: Node) -> Int? {
        node.rows.firstIndex(of: row).map { rowCentre($0, in: node) }
    }

    private func colour(_ index: Int) -> String {
        switch nodes[index].kind {
        case .handsOff: "#e65100"
        case .ends: "#2e7d32"
        default: Self.colours[index % Self.colours.count]
        }
    }

    private func card(
        _ node: Node, _ colour: String, _ places: [String: Int], _ x: Int, _ y: Int, _ height: Int
    ) -> String {
        let missed = node.count == 0
        var text =
            "<g id=\"\(node.name.markup)\"><rect class=\"card \(node.kind.rawValue)\(missed ? " missed" : "")\" x=\"\(x)\" y=\"\(y)\" width=\"\(Size.card)\" height=\"\(height)\" rx=\"6\"/>"
        text +=
            "<path d=\"M\(x) \(y + Size.header - 2)V\(y + 6)a6 6 0 0 1 6 -6h\(Size.card - 12)a6 6 0 0 1 6 6V\(y + Size.header - 2)z\" fill=\"\(missed ? "#c62828" : colour)\"/>"
        text +=
            "<text x=\"\(x + 8)\" y=\"\(y + 15)\" fill=\"#fff\" font-weight=\"bold\" font-size=\"12\">\(node.name.markup)</text>"
        let badge = [Self.mark(node.kind), node.count.map { "×\($0)" } ?? ""].filter { !$0.isEmpty }
        text +=
            "<text x=\"\(x + Size.card - 8)\" y=\"\(y + 15)\" fill=\"#fff\" text-anchor=\"end\">\(badge.joined(separator: " "))</text>"
        var baseline = y + Size.header + 10
        for line in wrapped(node.text) {
            text += "<text class=\"said\" x=\"\(x + 8)\" y=\"\(baseline)\">\(line.markup)</text>"
            baseline += Size.line
        }
        for row in node.rows {
            text += self.row(row, in: node, places, x, baseline + 4)
            baseline += Size.row
        }
        return text + "</g>\n"
    }

    private func row(_ row: Row, in node: Node, _ places: [String: Int], _ x: Int, _ y: Int) -> String {
        let target = row.target == node.name ? "↺" : row.target
        let counted = row.count.map { $0 > 0 ? " ×\($0)" : " ×0" } ?? ""
        let room = Size.letters - target.count - counted.count - 4
        let label = Self.short(row.label, max(8, room))
        let missed = row.count == 0
        var text =
            "<text x=\"\(x + 8)\" y=\"\(y)\"\(missed ? " class=\"missedtext\"" : row.kind == .route ? " fill=\"#455a64\"" : "")>"
        if label != row.label { text += "<title>\(row.label.markup)</title>" }
        text += label.markup + "</text>"
        let fill = missed ? "#c62828" : places[row.target].map { colour($0) } ?? "#000"
        text +=
            "<a href=\"#\(row.target.markup)\"><text x=\"\(x + Size.card - 8)\" y=\"\(y)\" text-anchor=\"end\" fill=\"\(fill)\">→ \(target.markup)\(counted)</text></a>"
        return text
    }

    private static func mark(_ kind: Kind) -> String {
        switch kind {
        case .start: "empieza"
        case .asks: "pregunta"
        case .confirms: "confirma"
        case .passes: "decide"
        case .ends: "termina"
        case .handsOff: "deriva"
        }
    }

    // MARK: What happens everywhere

    private func panels(_ places: [String: Int], y: Int) -> (svg: String, height: Int, width: Int) {
        let width = 420
        var text = ""
        var x = Size.margin
        var tallest = 0
        for (title, entries) in [
            ("Desde cualquier estado", escalations),
            ("Preguntas al paso: contesta y vuelve a la pregunta", digressions),
            ("Límites", limits),
        ] where !entries.isEmpty {
            let height = Size.header + Size.padding + entries.count * Size.row
            text +=
                "<rect class=\"card\" x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" rx=\"6\" fill=\"#fff\"/>"
            text += "<text x=\"\(x + 8)\" y=\"\(y + 16)\" font-weight=\"bold\">\(title)</text>"
            for (index, entry) in entries.enumerated() {
                let baseline = y + Size.header + index * Size.row + 10
                let missed = entry.count == 0
                let counted = entry.count.map { " ×\($0)" } ?? ""
                let right = (entry.target.map { "→ \($0)" } ?? "↩") + counted
                let label = Self.short(entry.name + (entry.text.isEmpty ? "" : ": \(entry.text)"), 68 - right.count)
                text +=
                    "<text x=\"\(x + 8)\" y=\"\(baseline)\"\(missed ? " class=\"missedtext\"" : "")>\(label.markup)</text>"
                text +=
                    "<text x=\"\(x + width - 8)\" y=\"\(baseline)\" text-anchor=\"end\" fill=\"\(missed ? "#c62828" : entry.target.flatMap { places[$0] }.map { colour($0) } ?? "#607d8b")\">\(right.markup)</text>"
            }
            text += "\n"
            tallest = max(tallest, height)
            x += width + Size.gap
        }
        return (text, tallest, x)
    }
}
