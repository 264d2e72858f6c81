extension DialogGraph {
    /// For https://mermaid.js.org and for Markdown on GitHub.
    public func mermaid() -> String {
        func quoted(_ text: String) -> String {
            "\"" + text.replacing("\"", with: "#quot;").replacing("\n", with: " ") + "\""
        }
        var lines = ["flowchart LR"]
        for node in nodes {
            let label = quoted(
                node.name + (node.text.isEmpty ? "" : "<br/><small>\(Self.short(node.text, 60))</small>"))
            switch node.kind {
            case .passes: lines.append("  \(id(node.name)){{\(label)}}")
            case .ends: lines.append("  \(id(node.name))([\(label)])")
            case .handsOff: lines.append("  \(id(node.name))[[\(label)]]")
            case .start, .asks, .confirms: lines.append("  \(id(node.name))[\(label)]")
            }
        }
        var drawn = 0
        var missed: [String] = []
        for way in merged {
            lines.append("  \(id(way.from)) -->|\(quoted(way.label))| \(id(way.to))")
            if way.count == 0 { missed.append(String(drawn)) }
            drawn += 1
        }
        func group(_ title: String, _ name: String, _ entries: [Everywhere]) {
            guard !entries.isEmpty else { return }
            lines.append("  subgraph \(name)[\(quoted(title))]")
            for (index, entry) in entries.enumerated() {
                let arrow = entry.target.map { " → \($0)" } ?? " ↩"
                lines.append("    \(name)\(index)(\(quoted(entry.name + arrow)))")
            }
            lines.append("  end")
        }
        group("Desde cualquier estado", "derivaciones", escalations)
        group("Preguntas al paso: contesta y vuelve", "digresiones", digressions)
        group("Límites", "limites", limits)
        lines += [
            "  classDef confirms stroke-width:3px", "  classDef ends fill:#e8f5e9,stroke:#2e7d32",
            "  classDef handsOff fill:#fff3e0,stroke:#e65100", "  classDef missed stroke:#c62828,stroke-dasharray:4",
        ]
        for kind in [Kind.confirms, .ends, .handsOff] {
            let names = nodes.filter { $0.kind == kind }.map { id($0.name) }
            if !names.isEmpty { lines.append("  class \(names.joined(separator: ",")) \(kind.rawValue)") }
        }
        let unseen = nodes.filter { $0.count == 0 }.map { id($0.name) }
        if !unseen.isEmpty { lines.append("  class \(unseen.joined(separator: ",")) missed") }
        if !missed.isEmpty {
            lines.append("  linkStyle \(missed.joined(separator: ",")) stroke:#c62828,stroke-dasharray:4")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// For Graphviz.
    public func dot() -> String {
        func quoted(_ text: String) -> String {
            "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
        }
        var lines = [
            "digraph \(quoted(name)) {", "  rankdir=LR", "  node [shape=box, style=rounded, fontname=Helvetica]",
            "  edge [fontname=Helvetica, fontsize=10]",
        ]
        for node in nodes {
            var attributes = [
                "label=\(quoted(node.name + (node.text.isEmpty ? "" : "\n" + Self.short(node.text, 40))))"
            ]
            switch node.kind {
            case .passes: attributes.append("shape=hexagon")
            case .ends: attributes.append("shape=ellipse, color=\"#2e7d32\"")
            case .handsOff: attributes.append("peripheries=2, color=\"#e65100\"")
            case .confirms: attributes.append("penwidth=3")
            case .start, .asks: break
            }
            if node.count == 0 { attributes.append("color=\"#c62828\", style=\"rounded,dashed\"") }
            lines.append("  \(quoted(node.name)) [\(attributes.joined(separator: ", "))]")
        }
        for way in merged {
            let style = way.count == 0 ? ", color=\"#c62828\", style=dashed" : ""
            lines.append("  \(quoted(way.from)) -> \(quoted(way.to)) [label=\(quoted(way.label))\(style)]")
        }
        func group(_ title: String, _ name: String, _ entries: [Everywhere]) {
            guard !entries.isEmpty else { return }
            let rows = entries.map { $0.name + ($0.target.map { " → \($0)" } ?? " ↩") }.joined(separator: "\n")
            lines.append("  \(quoted(name)) [shape=note, style=\"\", label=\(quoted(title + "\n" + rows))]")
        }
        group("Desde cualquier estado", " derivaciones", escalations)
        group("Preguntas al paso: contesta y vuelve", " digresiones", digressions)
        group("Límites", " limites", limits)
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    private struct MergedWay {
        var from: String
        var to: String
        var label: String
        var count: Int?
    }

    /// The ways between two states as one, in order.
    private var merged: [MergedWay] {
        var ways: [MergedWay] = []
        for node in nodes {
            for row in node.rows {
                if let index = ways.firstIndex(where: { $0.from == node.name && $0.to == row.target }) {
                    ways[index].label += "; " + row.label
                    ways[index].count = ways[index].count.map { $0 + (row.count ?? 0) }
                } else {
                    ways.append(MergedWay(from: node.name, to: row.target, label: row.label, count: row.count))
                }
            }
        }
        return ways
    }

    /// A name that Mermaid takes as an identifier: `end` and others are words of its own.
    private func id(_ name: String) -> String {
        "s_" + name.map { $0.isLetter && $0.isASCII || $0.isNumber || $0 == "_" ? String($0) : "_" }.joined()
    }

    static func short(_ text: String, _ length: Int) -> String {
        let line = text.replacing("\n", with: " ")
        return line.count <= length ? line : line.prefix(length - 1) + "…"
    }
}
