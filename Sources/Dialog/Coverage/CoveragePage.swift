extension CoverageReport {
    /// A page by itself: the graph painted with what was gone through, and what was not as a list.
    public func html() -> String { Self.page([self]) }

    /// One page for several dialogs, one after the other.
    public static func page(_ reports: [CoverageReport]) -> String {
        let names = reports.map { DialogGraph.escaped($0.dialog.name) }
        let contents =
            names.count < 2 ? "" : "<p>" + names.map { "<a href=\"#\($0)\">\($0)</a>" }.joined(separator: " · ") + "</p>\n"
        return """
            <!doctype html>
            <html lang="es"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Cobertura de \(names.joined(separator: ", "))</title>
            <style>
            body { font: 15px/1.4 Helvetica, Arial, sans-serif; margin: 2em; color: #263238 }
            table { border-collapse: collapse } td { padding: .2em 1em .2em 0 }
            .picture { overflow: auto; border: 1px solid #cfd8dc; margin: 1em 0 }
            summary { cursor: pointer; margin-top: .5em }
            .grid td { border: 1px solid #cfd8dc; padding: .1em .5em; text-align: center }
            .grid td:first-child { text-align: left } .yes { background: #c8e6c9 } .no { background: #ffcdd2 }
            </style>
            \(contents)\(reports.map(\.body).joined(separator: "\n"))
            </html>

            """
    }

    private var body: String {
        func escaped(_ text: String) -> String { DialogGraph.escaped(text) }
        let rows = sections.filter { $0.total > 0 }.map { section in
            let share = section.covered * 100 / section.total
            return
                "<tr><td>\(escaped(section.title))</td><td>\(section.covered) de \(section.total)</td><td><progress value=\"\(section.covered)\" max=\"\(section.total)\"></progress> \(share) %</td></tr>"
        }.joined(separator: "\n")
        let missed = sections.filter { !$0.missed.isEmpty }.map { section in
            "<details><summary>\(escaped(section.title)): \(section.missed.count) sin probar</summary><ul>"
                + section.missed.map { "<li>\(escaped($0))</li>" }.joined() + "</ul></details>"
        }.joined(separator: "\n")
        return """
            <h1 id="\(escaped(dialog.name))">Cobertura de \(escaped(dialog.name))</h1>
            <table>
            \(rows)
            </table>
            <div class="picture">
            \(DialogGraph(dialog, coverage: coverage).svg())</div>
            <h2>Sin probar</h2>
            \(missed.isEmpty ? "<p>Nada.</p>" : missed)
            <h2>Digresiones × estado</h2>
            \(grid)
            """
    }

    private var grid: String {
        let states = interruptible
        let head =
            "<tr><td></td>" + dialog.digressions.map { "<td>\(DialogGraph.escaped($0.name))</td>" }.joined() + "</tr>"
        let rows = states.map { state in
            "<tr><td>\(DialogGraph.escaped(state.name))</td>"
                + dialog.digressions.map { digression in
                    if !applies(digression, in: state) { return "<td>–</td>" }
                    let count = coverage.count(.digression(digression.name, state: state.name))
                    return "<td class=\"\(count > 0 ? "yes" : "no")\">\(count)</td>"
                }.joined() + "</tr>"
        }
        return "<table class=\"grid\">\n\(([head] + rows).joined(separator: "\n"))\n</table>"
    }
}
