import Quantities

extension CoverageReport {
    /// A page by itself: the graph painted with what was gone through, and what was not as a list.
    public func html() -> String { Self.page([self]) }

    /// One page for several dialogs, one after the other.
    public static func page(_ reports: [CoverageReport]) -> String {
        let names = reports.map { $0.dialog.name.markup }
        let contents =
            names.count < 2
            ? "" : "<p>" + names.map { "<a href=\"#\($0)\">\($0)</a>" }.joined(separator: " · ") + "</p>\n"
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
        let name = dialog.name.markup
        return """
            <h1 id="\(name)">Cobertura de \(name)</h1>
            \(table)
            \(picture)
            <h2>Sin probar</h2>
            \(missed)
            <h2>Digresiones × estado</h2>
            \(grid)
            \(byLocale.map(\.part).joined(separator: "\n"))
            """
    }

    /// One locale of the page.
    private var part: String {
        """
        <h2 lang="\((locale ?? "").replacing("_", with: "-"))">En \((locale ?? "").markup)</h2>
        \(picture)
        \(missed)
        """
    }

    /// A row for each kind of thing: all conversations, and those of each locale.
    private var table: String {
        func share(_ section: Section) -> String {
            let share = section.covered * 100 / section.total
            return
                "<td>\(section.covered) de \(section.total)</td><td><progress value=\"\(section.covered)\" max=\"\(section.total)\"></progress> \(share) %</td>"
        }
        let head =
            byLocale.isEmpty
            ? ""
            : "<tr><th></th><th colspan=\"2\">todas</th>"
                + byLocale.map { "<th colspan=\"2\">\(($0.locale ?? "").markup)</th>" }.joined() + "</tr>\n"
        let rows = sections.indices.filter { sections[$0].total > 0 }.map { index in
            "<tr><td>\(sections[index].title.markup)</td>"
                + ([self] + byLocale).map { share($0.sections[index]) }.joined() + "</tr>"
        }
        return "<table>\n\(head)\(rows.joined(separator: "\n"))\n</table>"
    }

    private var picture: String {
        "<div class=\"picture\">\n\(DialogGraph(dialog, coverage: coverage).svg())</div>"
    }

    private var missed: String {
        let lists = sections.filter { !$0.missed.isEmpty }.map { section in
            "<details><summary>\(section.title.markup): \(section.missed.count) sin probar</summary><ul>"
                + section.missed.map { "<li>\($0.markup)</li>" }.joined() + "</ul></details>"
        }
        return lists.isEmpty ? "<p>Nada.</p>" : lists.joined(separator: "\n")
    }

    private var grid: String {
        let states = interruptible
        let head =
            "<tr><td></td>" + dialog.digressions.map { "<td>\($0.name.markup)</td>" }.joined() + "</tr>"
        let rows = states.map { state in
            "<tr><td>\(state.name.markup)</td>"
                + dialog.digressions.map { digression in
                    if !applies(digression, in: state) { return "<td>–</td>" }
                    let count = coverage.count(.digression(digression.name, state: state.name))
                    return "<td class=\"\(count > 0 ? "yes" : "no")\">\(count)</td>"
                }.joined() + "</tr>"
        }
        return "<table class=\"grid\">\n\(([head] + rows).joined(separator: "\n"))\n</table>"
    }
}
