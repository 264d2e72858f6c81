import Negotiation
import Quantities
import Reports

/// What a manager may choose in the filters.
public struct DashboardChoices: Sendable {
    public var segments: [String]
    public var versions: [String]
    public var agents: [String]
    public init(segments: [String], versions: [String], agents: [String]) {
        (self.segments, self.versions, self.agents) = (segments, versions, agents)
    }
}

/// One subject of the manager's dashboard: filters, and each figure with its chart, table, definition and CSV.
public struct DashboardPage: Sendable {
    let subject: Subject
    let filter: ReportFilter
    let choices: DashboardChoices
    let visitor: Visitor

    public init(_ subject: Subject, _ filter: ReportFilter, _ choices: DashboardChoices, for visitor: Visitor) {
        (self.subject, self.filter, self.choices, self.visitor) = (subject, filter, choices, visitor)
    }

    public func rendered(_ reports: [Report], _ notice: Notice? = nil) -> String {
        let sections: [HTML] = reports.map(section)
        return page(
            "Tablero: \(subject.title)", for: visitor, notice,
            """
            \(subjects)
            \(form)
            <p class="period">Del \(date(filter.from.iso)) al \(date(filter.to.iso)), en \(filter.currency == .ars ? "pesos" : "dólares").</p>
            \(sections)
            """)
    }

    private var subjects: HTML {
        let links: [HTML] = Subject.allCases.map { other in
            """
            <li><a href="/consola/tablero/\(other.rawValue)?\(filter.query)"\(other == subject ? " aria-current=\"page\"" : nil as HTML?)>\(other.title)</a></li>
            """
        }
        return "<nav aria-label=\"Tablero\" class=\"subjects\"><ul>\(links)</ul></nav>"
    }

    private func options(_ values: [String], _ chosen: String?) -> HTML {
        // What is chosen stays so where the period has none of it.
        let all = chosen.map { values.contains($0) ? values : values + [$0] } ?? values
        let list: [HTML] = all.map {
            "<option\($0 == chosen ? " selected" : nil as HTML?)>\($0)</option>"
        }
        return "<option value=\"\">todos</option>\(list)"
    }

    private var form: HTML {
        let currencies: [HTML] = Currency.allCases.map {
            "<option\($0 == filter.currency ? " selected" : nil as HTML?)>\($0.rawValue)</option>"
        }
        let costs: HTML? =
            subject == .cobranza
            ? """
            <label>Costo de un mensaje <input name="costo_mensaje" inputmode="decimal" value="\(filter.messageCost.plain)"></label>
            <label>Costo de un caso <input name="costo_caso" inputmode="decimal" value="\(filter.caseCost.plain)"></label>
            """ : nil
        return """
            <form method="get" action="/consola/tablero/\(subject.rawValue)" class="filters">
            <label>Desde <input type="date" name="desde" value="\(filter.from.iso)"></label>
            <label>Hasta <input type="date" name="hasta" value="\(filter.to.iso)"></label>
            <label>Moneda <select name="moneda">\(currencies)</select></label>
            <label>Segmento <select name="segmento">\(options(choices.segments, filter.segment))</select></label>
            <label>Versión del diálogo <select name="dialogo">\(options(choices.versions, filter.version))</select></label>
            <label>Quién la tomó <select name="agente">\(options([ReportFilter.bot] + choices.agents, filter.agent))</select></label>
            <label>Etapa <select name="etapa">\(options(Stage.allCases.map(\.spanishName), filter.stage?.spanishName))</select></label>
            \(costs)
            <button>Ver</button></form>
            """
    }

    private func section(_ report: Report) -> HTML {
        let figure = report.figure
        let notes: [HTML] = report.notes.map { "<p>\($0)</p>" }
        let chart = report.chart.map { ChartSVG(chart: $0, id: figure.rawValue, title: figure.title).html }
        return """
            <section aria-labelledby="\(figure.rawValue)"><h2 id="\(figure.rawValue)">\(figure.title)</h2>
            \(chart)
            \(notes)
            \(report.table.rows.isEmpty ? "<p>No hay nada en este período.</p>" : table(report))
            <p class="definition"><strong>Cómo se calcula.</strong> \(figure.definition)</p>
            <p class="export"><a href="/consola/tablero/csv/\(figure.rawValue)?\(filter.query)">Bajar CSV<span class="hidden"> de \(figure.title)</span></a></p>
            </section>
            """
    }

    private func table(_ report: Report) -> HTML {
        let heads: [HTML] = report.table.columns.map { "<th scope=\"col\">\($0)</th>" }
        func cells(_ row: [Cell]) -> HTML {
            let cells: [HTML] = row.enumerated().map { index, cell in
                if index == 0 { return "<th scope=\"row\">\(linked(cell, report.figure))</th>" }
                return cell.isNumber ? "<td class=\"number\">\(cell.formatted)</td>" : "<td>\(cell.formatted)</td>"
            }
            return "<tr>\(cells)</tr>"
        }
        let rows: [HTML] = report.table.rows.map(cells)
        let total: HTML? = report.table.total.map { "<tfoot>\(cells($0))</tfoot>" }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="Tabla: \(report.figure.title)"><table>\
            <thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody>\(total)</table></div>
            """
    }

    /// Accounts lead to all that was said to the person.
    private func linked(_ cell: Cell, _ figure: Figure) -> HTML {
        guard figure == .limites || figure == .infracciones else { return "\(cell.formatted)" }
        return "<a href=\"/consola/cuentas/\(cell.formatted)/historia\">\(cell.formatted)</a>"
    }
}
