import Desk

/// Who attends, with what, and the cases that need somebody now.
public func teamPage(_ team: TeamView, for visitor: Visitor, _ notice: Notice? = nil) -> String {
    let members: [HTML] = team.members.map { member in
        let state = ["available": "Disponible", "paused": "En pausa"][member.state] ?? "Ausente"
        let isFull = member.capacity.map { member.load >= $0 } ?? false
        return """
            <tr><th scope="row">\(member.name)</th><td>\(state)\(member.for_seconds.map { " hace \(duration($0))" as HTML })</td>
            <td>\(member.load)\(member.capacity.map { " de \($0)" as HTML })\(isFull ? " (completo)" : nil as HTML?)</td>
            <td>\(member.oldest_wait_seconds.map { "\(duration($0))" as HTML } ?? "nadie espera")</td>
            <td>\(member.skills.isEmpty ? "—" : member.skills.joined(separator: ", "))</td>
            <td>\(member.languages.map(LanguageNames.spanish).joined(separator: ", "))</td></tr>
            """
    }
    let cases: [HTML] = team.urgent.map { entry in
        """
        <tr><th scope="row"><a href="/consola/casos/\(entry.id)">\(entry.account_name ?? "Sin cuenta")</a></th>
        <td>\(words(ofReason: entry.reason))\(asksFor(entry))</td><td>\(words(ofState: entry))\(entry.unassigned.map { ": \($0)" as HTML })</td>
        <td>\(waited(entry))</td><td>\(reassign(entry, team, visitor))</td></tr>
        """
    }
    let nothing: HTML = "<p>Nada está por vencer, y todos los casos tienen quién los tome.</p>"
    let table: HTML = """
        <table class="cards"><thead><tr><th scope="col">Cliente</th><th scope="col">Motivo</th><th scope="col">Estado</th>\
        <th scope="col">Espera</th><th scope="col">Pasar a</th></tr></thead><tbody>\(cases)</tbody></table>
        """
    return page(
        "Equipo", for: visitor, notice,
        """
        <div data-live="/consola/cambios" data-page="/consola/equipo" id="live">
        <section><h2>Personas</h2>
        <table class="cards"><thead><tr><th scope="col">Persona</th><th scope="col">Estado</th><th scope="col">Casos</th>\
        <th scope="col">Espera más larga</th><th scope="col">Sabe de</th><th scope="col">Habla</th></tr></thead><tbody>\(members)</tbody></table></section>
        <section><h2>Para mirar ahora <span class="count">\(team.urgent.count)</span></h2>
        \(cases.isEmpty ? nothing : table)
        </section></div>
        <p class="hint" id="live-status" role="status"></p>
        """)
}

private func reassign(_ entry: QueueEntry, _ team: TeamView, _ visitor: Visitor) -> HTML {
    let names: [HTML] = team.members.filter { $0.name != entry.agent }.map { member in
        "<option value=\"\(member.name)\">\(member.name) (\(member.load))</option>"
    }
    return """
        <form method="post" action="/consola/casos/\(entry.id)/pasar" class="actions">\(hidden(visitor))\
        <input type="hidden" name="desde" value="equipo"><select name="a" aria-label="Pasar el caso de \(entry.account_name ?? entry.id) a">\(names)</select>\
        <button>Pasar<span class="hidden"> el caso de \(entry.account_name ?? entry.id)</span></button></form>
        """
}
