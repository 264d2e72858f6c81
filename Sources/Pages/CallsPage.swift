import Desk

/// The calls that customers asked for and that are still to be made.
public func callsPage(_ calls: [QueueEntry], for visitor: Visitor, _ notice: Notice? = nil) -> String {
    let (due, coming) = (calls.filter { $0.call?.is_due == true }, calls.filter { $0.call?.is_due != true })
    return page(
        "Llamados", for: visitor, notice,
        """
        <div data-live="/consola/cambios" id="live">
        \(table("Para hacer ahora", due, empty: "No hay que llamar a nadie todavía."))
        \(table("Agendados", coming, empty: "No hay llamados agendados."))
        </div>
        <p class="hint" id="live-status" role="status"></p>
        """)
}

private func table(_ title: String, _ calls: [QueueEntry], empty: String) -> HTML {
    if calls.isEmpty { return "<section><h2>\(title)</h2><p>\(empty)</p></section>" }
    let rows: [HTML] = calls.map { entry in
        let tries = entry.call?.attempts.count ?? 0
        let waits: HTML = entry.sla == nil ? "" : "; espera \(waited(entry))"
        return """
            <tr><th scope="row"><a href="/consola/casos/\(entry.id)">\(entry.account_name ?? "Sin cuenta")</a></th>
            <td>\(entry.call?.when ?? "")</td><td><a href="tel:\(entry.call?.phone ?? "")">\(entry.call?.phone ?? "")</a></td>
            <td>\(about(entry))</td><td>\(words(ofState: entry))\(waits)\(tries == 0 ? nil : "; ya se intentó \(tries) \(tries == 1 ? "vez" : "veces")" as HTML?)</td></tr>
            """
    }
    return """
        <section><h2>\(title) <span class="count">\(calls.count)</span></h2>
        <table class="cards"><thead><tr><th scope="col">Cliente</th><th scope="col">Cuándo</th><th scope="col">Teléfono</th>\
        <th scope="col">Para qué</th><th scope="col">Estado</th></tr></thead><tbody>\(rows)</tbody></table></section>
        """
}

/// What the call is about; where nobody said it, why the case is here.
private func about(_ entry: QueueEntry) -> String {
    guard let about = entry.call?.about, !about.isEmpty else { return words(ofReason: entry.reason) }
    return about
}
