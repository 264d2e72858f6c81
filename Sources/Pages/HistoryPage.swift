import Desk
import Quantities

/// What was said to one person and why, to read or to print.
/// - Parameters:
///   - visitor: nil for a file of its own.
///   - made: when it was made.
public func historyPage(_ view: HistoryView, for visitor: Visitor?, made: Moment) -> String {
    let limits: [HTML] = view.limits.map { "<li>\($0)</li>" }
    let promises: [HTML] = view.promises.map { promise in
        let steps: [HTML] = promise.explanation.map { "<li>\($0)</li>" }
        return """
            <li><strong>\(promise.summary)</strong>, \(words(ofPromise: promise.state)); cuenta \(promise.account), política \
            \(promise.policy), evidencia: \(promise.evidence.joined(separator: ", "))<ul>\(steps)</ul></li>
            """
    }
    let days: [HTML] = view.days.map { section($0, view.zone) }
    return page(
        "Historia de \(view.name)", for: visitor, nil,
        """
        <p>Cuentas: \(view.accounts.joined(separator: ", ")). Hecho el \(date(made.day(in: view.zone).iso)) a las \(time(made, view.zone)). Los importes de cada día \
        se vuelven a calcular con lo que hoy se sabe de la cuenta; un pago que se conoció después con fecha anterior los cambia.</p>
        \(limits.isEmpty ? nil : "<h2>Límites de contacto</h2><ul>\(limits)</ul>")
        <h2>Promesas y planes</h2>\(promises.isEmpty ? "<p>Ninguno.</p>" : "<ul>\(promises)</ul>" as HTML)
        \(days)
        """)
}

private func section(_ day: HistoryView.Day, _ zone: Zone) -> HTML {
    let lines: [HTML] = day.lines.map { line in
        let clock = time(line.at, zone)
        let options: HTML? =
            line.options.isEmpty ? nil : " <span class=\"who\">[\(line.options.joined(separator: "] ["))]</span>"
        guard let speaker = line.speaker else {
            return "<tr><td>\(clock)</td><td colspan=\"2\"><em>\(line.text)</em></td></tr>"
        }
        return "<tr><td>\(clock)</td><th scope=\"row\">\(speaker)</th><td>\(line.text)\(options)</td></tr>"
    }
    let figures: [HTML] = day.figures.map { figures in
        let items: [HTML] = figures.items.map { item in
            let steps: [HTML] = item.explanation.map { "<li>\($0)</li>" }
            return "<li>\(item.name): \(item.total)<ul>\(steps)</ul></li>"
        }
        return """
            <details><summary>De dónde sale lo que debía la cuenta \(figures.account): \(figures.total)</summary><ul>\(items)</ul></details>
            """
    }
    return """
        <section><h2>\(day.day.weekday.spanishName) \(date(day.day.iso))</h2>
        <table><tbody>\(lines)</tbody></table>\(figures)</section>
        """
}

/// "10:05".
private func time(_ moment: Moment, _ zone: Zone) -> String { String(moment.iso(in: zone).dropFirst(11).prefix(5)) }

/// A promise's state in Spanish.
func words(ofPromise state: String) -> String {
    let words = [
        "open": "abierta", "kept": "cumplida", "partiallyKept": "cumplida en parte", "broken": "rota",
        "withdrawn": "retirada", "superseded": "reemplazada",
    ]
    return words[state] ?? state
}
