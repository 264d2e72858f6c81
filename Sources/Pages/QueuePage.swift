import Desk

/// The cases that wait and those that are attended.
public func queuePage(_ entries: [QueueEntry], for visitor: Visitor, _ notice: Notice? = nil) -> String {
    func mine(_ entry: QueueEntry) -> Bool { entry.agent == visitor.name }
    let waiting = entries.filter { $0.agent == nil }
    let others = entries.filter { $0.agent != nil && !mine($0) }
    let lists: HTML = """
        \(table("En la cola", waiting, visitor, empty: "No espera nadie."))
        \(table("Tuyos", entries.filter(mine), visitor, empty: "No tenés ninguno."))
        \(others.isEmpty ? nil : table("De otras personas", others, visitor, empty: ""))
        """
    return page(
        "Casos", for: visitor, notice,
        """
        <div data-live="/consola/cambios" data-page="/consola" id="live">\(lists)</div>
        <p class="hint" id="live-status" role="status"></p>
        """)
}

/// Lines of one list; nobody reads on, and a page of thousands is slow.
private let mostLines = 200

private func table(_ title: String, _ entries: [QueueEntry], _ visitor: Visitor, empty: String) -> HTML {
    if entries.isEmpty { return "<section><h2>\(title)</h2><p>\(empty)</p></section>" }
    let rest: HTML? =
        entries.count > mostLines
        ? "<p class=\"hint\">Acá están los primeros \(mostLines); los demás aparecen a medida que estos se atienden.</p>"
        : nil
    let rows: [HTML] = entries.prefix(mostLines).map { entry in
        """
        <tr><th scope="row"><a href="/consola/casos/\(entry.id)">\(entry.account_name ?? "Sin cuenta")</a></th>
        <td>\(words(ofReason: entry.reason))\(asksFor(entry))</td>
        <td>\(words(ofState: entry))\(visitor.isSupervisor ? entry.unassigned.map { ": \($0)" as HTML } : nil)</td>
        <td>\(waited(entry))</td><td>\(claim(entry, visitor))</td></tr>
        """
    }
    return """
        <section><h2>\(title) <span class="count">\(entries.count)</span></h2>
        <table class="cards"><thead><tr><th scope="col">Cliente</th><th scope="col">Motivo</th><th scope="col">Estado</th>\
        <th scope="col">Espera</th><th scope="col"><span class="hidden">Acción</span></th></tr></thead>
        <tbody>\(rows)</tbody></table>\(rest)</section>
        """
}

/// " (legal; en portugués)".
func asksFor(_ entry: QueueEntry) -> HTML? {
    let asked = [entry.skill, entry.language.map { "en " + LanguageNames.spanish($0) }].compactMap { $0 }
    return asked.isEmpty ? nil : " (\(asked.joined(separator: "; ")))"
}

func waited(_ entry: QueueEntry) -> HTML {
    switch entry.sla {
    case .breached: "<strong class=\"late\">\(duration(entry.attended_seconds)), fuera de término</strong>"
    case .warning: "<strong class=\"soon\">\(duration(entry.attended_seconds)), por vencer</strong>"
    case .within: "\(duration(entry.attended_seconds))"
    case nil: "\(duration(entry.waiting_seconds)) en total"
    }
}

private func claim(_ entry: QueueEntry, _ visitor: Visitor) -> HTML? {
    guard entry.agent == nil else { return nil }
    return """
        <form method="post" action="/consola/casos/\(entry.id)/tomar">\(hidden(visitor))\
        <button>Tomar<span class="hidden"> el caso de \(entry.account_name ?? entry.id)</span></button></form>
        """
}

/// Why the conversation came to a person, in words.
func words(ofReason reason: String) -> String {
    let known = [
        "pide_humano": "Pidió una persona", "pide_llamado": "Pidió que lo llamen", "queja": "Queja",
        "amenaza_legal": "Habló de ir a la justicia",
        "insulto_repetido": "Insultos", "angustia": "Angustia: con cuidado",
        "fallecimiento": "Murió el titular: con cuidado",
        "sospecha_estafa": "Cree que es una estafa",
        "datos_personales": "Pide por sus datos personales", "sin_cuenta": "Número sin cuenta",
        "cuenta_en_agencia": "La cuenta la lleva una agencia",
        "persona_en_gateway": "Alguien escribió desde el canal", "error_del_dialogo": "El bot no supo seguir",
    ]
    if let words = known[reason] { return words }
    let spaced = reason.map { $0 == "_" ? " " : String($0) }.joined()
    return spaced.prefix(1).uppercased() + spaced.dropFirst()
}

func words(ofState entry: QueueEntry) -> String {
    switch (entry.state, entry.agent) {
    case ("queued", _) where entry.call?.state == "pending":
        "Hay que llamar" + (entry.call?.noted_by.map { " (agendó \($0))" } ?? "")
    case ("scheduled", _): "Llamado agendado" + (entry.call?.noted_by.map { " (\($0))" } ?? "")
    case ("queued", _) where entry.absent_agent != nil: "En la cola: \(entry.absent_agent ?? "") se ausentó"
    case ("queued", _): entry.former_agent.map { "Volvió a escribir (atendió \($0))" } ?? "En la cola"
    case ("claimed", let agent?): "Atiende \(agent)"
    case ("onHold", let agent?): "En espera (\(agent))"
    case ("returned", _): "De vuelta con el bot"
    case ("closed", _): "Cerrado"
    default: entry.state
    }
}
