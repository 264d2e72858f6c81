import Dialog
import Foundation
import SharedData
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

struct GraphTests {
    static let shipped: CompiledDialog = {
        let file = SharedData.repository.appendingPathComponent("Dialogs/cobranza.yaml")
        return compileDialog(source: try! String(contentsOf: file, encoding: .utf8), file: "cobranza.yaml").dialog!
    }()

    static func dialog() throws -> CompiledDialog {
        try #require(compileDialog(source: goodDialog, file: "chico.yaml").dialog)
    }

    @Test("Every state and every way is in the picture")
    func complete() throws {
        let graph = DialogGraph(Self.shipped)
        #expect(graph.nodes.count == Self.shipped.states.count)
        let ways = Self.shipped.states.values.reduce(0) { $0 + $1.routes.count + $1.choices.count }
        #expect(graph.nodes.reduce(0) { $0 + $1.rows.count } == ways)
        let svg = graph.svg()
        for name in Self.shipped.states.keys { #expect(svg.contains("<g id=\"\(name)\">")) }
    }

    @Test("The picture is well-formed XML, whatever the texts say")
    func wellFormed() throws {
        let source = goodDialog.replacing("Perdón por la molestia.", with: "Perdón <&> 'por' la molestia.")
        let dialog = try #require(compileDialog(source: source, file: "chico.yaml").dialog)
        #expect(XMLParser(data: Data(DialogGraph(dialog).svg().utf8)).parse())
        #expect(XMLParser(data: Data(DialogGraph(Self.shipped, coverage: Coverage()).svg().utf8)).parse())
    }

    /// Every card's rectangle as x, y, width, height.
    private func cards(_ svg: String) -> [[Int]] {
        svg.matches(of: /<rect class="card[^"]*" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/).map {
            [Int($0.1)!, Int($0.2)!, Int($0.3)!, Int($0.4)!]
        }
    }

    @Test("No card covers another")
    func apart() throws {
        for dialog in [Self.shipped, try Self.dialog()] {
            let cards = cards(DialogGraph(dialog).svg())
            #expect(cards.count == dialog.states.count + 3 - (dialog.digressions.isEmpty ? 1 : 0))
            for (index, a) in cards.enumerated() {
                for b in cards[(index + 1)...] {
                    let overlap = a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3]
                    #expect(!overlap, "\(a) \(b)")
                }
            }
        }
    }

    @Test("Escalations and digressions stand apart, without a line from each state")
    func everywhere() throws {
        let mermaid = DialogGraph(try Self.dialog()).mermaid()
        #expect(mermaid.contains("subgraph derivaciones[\"Desde cualquier estado\"]"))
        #expect(!mermaid.contains("s_confirmar -->|\"pide_humano"))
        #expect(mermaid.contains("s_confirmar -->|\"si\"| s_anotada"))
    }

    @Test("DOT text names every way, once for each pair of states")
    func dot() throws {
        let dot = DialogGraph(try Self.dialog()).dot()
        #expect(dot.contains("\"inicio\" -> \"negociar\" [label=\"en otro caso\"]"))
        #expect(dot.hasPrefix("digraph \"chico\" {") && dot.hasSuffix("}\n"))
    }

    @Test("What no conversation goes through is painted as missed")
    func coverage() throws {
        let dialog = try Self.dialog()
        let covered = Coverage([
            .entered("inicio"), .route(state: "inicio", 0), .entered("identidad"), .choice(state: "identidad", 0),
        ])
        let svg = DialogGraph(dialog, coverage: covered).svg()
        #expect(svg.contains("<g id=\"perdon\"><rect class=\"card ends missed\""))
        #expect(svg.contains("<g id=\"identidad\"><rect class=\"card asks\""))
        #expect(svg.contains("→ inicio ×1") && svg.contains("→ perdon ×0"))
    }
}
