import Desk

/// What the offer calculator was asked, as typed, and what it answered.
public struct Quote: Sendable {
    public var amount: String
    public var day: String
    public var instalments: String
    /// In Spanish; nil where nothing was asked.
    public var answer: Notice?
    public init(amount: String = "", day: String = "", instalments: String = "", answer: Notice? = nil) {
        self.amount = amount
        self.day = day
        self.instalments = instalments
        self.answer = answer
    }
}

/// A call as it was typed into the form.
public struct CallForm: Sendable {
    public var day: String
    public var time: String
    public var phone: String
    public var about: String
    public init(day: String = "", time: String = "", phone: String = "", about: String = "") {
        self.day = day
        self.time = time
        self.phone = phone
        self.about = about
    }
    var isEmpty: Bool { (day + time + phone + about).isEmpty }
}

/// One case with everything that is needed to attend it.
public struct CasePage: Sendable {
    let view: CaseView
    let visitor: Visitor
    /// The names of those to whom it can be passed.
    let colleagues: [String]
    let quote: Quote
    /// A reply that was refused, to be mended.
    let draft: String
    /// A call that was refused, to be mended.
    let call: CallForm
    /// The address of the customer's own page; nil where there is none.
    let customerPage: String?

    public init(
        _ view: CaseView, for visitor: Visitor, colleagues: [String], quote: Quote = Quote(), draft: String = "",
        call: CallForm = CallForm(), customerPage: String? = nil
    ) {
        self.view = view
        self.visitor = visitor
        self.colleagues = colleagues
        self.quote = quote
        self.draft = draft
        self.call = call
        self.customerPage = customerPage
    }

    public func rendered(_ notice: Notice? = nil) -> String {
        page(
            view.handoff.account_name ?? "Sin cuenta", for: visitor, notice,
            """
            <p class="lead"><strong>\(words(ofReason: view.handoff.reason))</strong>\(asksFor(view.handoff)) · \(words(ofState: view.handoff)) · \
            \(view.handoff.state == "scheduled" ? nil : "hace \(duration(view.handoff.waiting_seconds))" as HTML?)\
            \(view.mood == .calm ? nil : " · <strong class=\"late\">\(words(of: view.mood))</strong>" as HTML?)</p>
            \(actions)
            <div class="columns">
            <section aria-labelledby="charla"><h2 id="charla">Charla</h2>
            <div data-live="/consola/cambios?caso=\(view.handoff.id)" data-page="/consola/casos/\(view.handoff.id)" id="live">\(transcript)</div>
            <p class="hint" id="live-status" role="status"></p>
            \(isMine ? reply : unsent)
            </section>
            <div>\(account)\(calling)\(isMine ? agreement : nil)\(isMine ? notes : nil)</div>
            </div>
            """)
    }

    private var isOpen: Bool { ["queued", "claimed", "onHold", "scheduled"].contains(view.handoff.state) }
    private var isMine: Bool { isOpen && view.handoff.agent == visitor.name }

    // MARK: What can be done

    private func form(_ action: String, _ content: HTML, class name: String = "inline") -> HTML {
        """
        <form method="post" action="/consola/casos/\(view.handoff.id)/\(action)" class="\(name)">\(hidden(visitor))\(content)</form>
        """
    }

    private var actions: HTML {
        guard isOpen else { return "<p>Este caso ya no está abierto.</p>" }
        let others: [HTML] = colleagues.filter { $0 != visitor.name }.map { "<option>\($0)</option>" }
        let transfer: HTML? =
            others.isEmpty
            ? nil : form("pasar", "<label>Pasar a <select name=\"a\">\(others)</select></label><button>Pasar</button>")
        let pass = visitor.isSupervisor && view.handoff.state != "scheduled" ? transfer : nil
        guard isMine else {
            guard let owner = view.handoff.agent else {
                return
                    "<div class=\"actions\">\(form("tomar", "<button accesskey=\"t\">Tomar el caso</button>"))\(pass)</div>"
            }
            return visitor.isSupervisor
                ? "<div class=\"actions\">\(form("tomar", "<button>Tomarlo de \(owner)</button>"))\(pass)</div>"
                : "<p>Lo atiende \(owner).</p>"
        }
        return """
            <div class="actions">
            \(view.handoff.state == "claimed" ? form("esperar", "<button>En espera</button>") : form("tomar", "<button>Seguir</button>"))
            \(form("soltar", "<button>Soltar</button>"))
            \(form("devolver", "<label>Nota <input name=\"texto\" maxlength=\"500\" placeholder=\"para el equipo\"></label><button>Devolver al bot</button>"))
            \(form("cerrar", "<button>Cerrar</button>"))
            \(transfer)
            </div>
            """
    }

    /// A reply that was refused because the case is somebody else's by now: nothing that was typed is lost.
    private var unsent: HTML? {
        if draft.isEmpty { return nil }
        return """
            <label for="borrador">Lo que habías escrito, que no se mandó</label>
            <textarea id="borrador" rows="3" readonly>\(draft)</textarea>
            """
    }

    private var reply: HTML {
        if view.isOnPhone { return "<p>Habló por teléfono y no tiene dónde leerte: llamalo, o agendá un llamado.</p>" }
        let texts: [HTML] = cannedTexts.map {
            "<button type=\"button\" class=\"plain\" data-insert=\"\($0.text)\">\($0.title)</button>"
        }
        return form(
            "responder",
            """
            <input type="hidden" name="epoca" value="\(view.epoch)">
            <label for="respuesta">Tu respuesta</label>
            <textarea id="respuesta" name="texto" rows="3" required accesskey="r">\(draft)</textarea>
            <div class="texts" role="group" aria-label="Textos hechos">\(texts)</div>
            <button>Enviar</button>
            """, class: "stacked")
    }

    /// Texts that begin a reply.
    private var cannedTexts: [(title: String, text: String)] {
        let name = view.account?.name.split(separator: " ").first.map(String.init)
        let hello = "Hola\(name.map { " " + $0 } ?? ""), soy una persona del equipo. Leí lo que hablaste; "
        return [
            ("Presentarme", hello + "contame en qué te ayudo."),
            ("Ya lo veo", "Lo estoy mirando, dame unos minutos y te contesto por acá."),
            ("Pedir comprobante", "¿Me mandás el comprobante del pago? Con eso lo busco."),
        ]
            + (customerPage.map { [("Mandar su página", "Acá ves tu saldo, lo que tenés anotado y cómo pagar: \($0)")] }
                ?? [])
            + view.offers.map { ("Ofrecer \($0.description)", "Puedo anotarte \($0.description). ¿Te sirve?") }
    }

    // MARK: Calls

    /// The call that the customer asked for, how each try went, and the forms of who has the case.
    private var calling: HTML? {
        guard let call = view.handoff.call else { return isMine ? section(scheduling("Agendar")) : nil }
        let attempts: [HTML] = call.attempts.map {
            "<li>\(Self.time($0.at)), \($0.agent): \($0.reached ? "hablaron" : "no lo encontró")</li>"
        }
        let state: HTML =
            switch call.state {
            case "pending": "<strong class=\"\(call.is_due ? "late" : "")\">Llamar \(call.when)</strong>"
            case "reached": "Se lo llamó y hablaron"
            case "cancelled": "Se canceló"
            default: "Se lo llamó y no se lo encontró"
            }
        let isPending = call.state == "pending"
        return section(
            """
            <p>\(state)\(call.phone.isEmpty ? ", sin teléfono" : " al <a href=\"tel:\(call.phone)\">\(call.phone)</a>" as HTML)\(call.about.isEmpty ? nil : ": \(call.about)" as HTML?)\
            \(isPending ? waitedForCall : nil)</p>
            \(attempts.isEmpty ? nil : "<ul>\(attempts)</ul>")
            \(isMine ? isPending ? outcome : scheduling("Agendar") : nil)
            """)
    }

    private func section(_ content: HTML) -> HTML {
        "<section aria-labelledby=\"llamado\"><h2 id=\"llamado\">Llamado</h2>\(content)</section>"
    }

    private var waitedForCall: HTML? { view.handoff.sla == nil ? nil : " · \(waited(view.handoff))" }

    private var outcome: HTML {
        """
        \(form("hablamos", "<button>Hablamos</button>"))
        \(form("no-atendio", "<p class=\"hint\">Si no atendió, ¿cuándo se lo vuelve a llamar? Vacío: no se lo llama más.</p>\(moment)<button>No atendió</button>", class: "stacked"))
        <details\(call.isEmpty ? nil : " open" as HTML?)><summary>Cambiar la hora</summary>\(scheduling("Cambiar"))</details>
        \(form("cancelar-llamado", "<button class=\"plain\">Cancelar el llamado</button>"))
        """
    }

    private func scheduling(_ button: String) -> HTML {
        form(
            "agendar",
            """
            <p class="hint">Si el cliente pidió que lo llamen. Hasta esa hora lo atiende el bot\(view.isOnPhone ? nil : ", y se le confirma por escrito" as HTML?).</p>
            \(moment)
            <label>Teléfono <input name="telefono" type="tel" value="\(call.phone.isEmpty ? view.handoff.call?.phone ?? view.phone ?? "" : call.phone)"></label>
            <label>Para qué <input name="motivo" value="\(call.about.isEmpty ? view.handoff.call?.about ?? "" : call.about)" maxlength="200"></label>
            <button>\(button)</button>
            """, class: "stacked")
    }

    private var moment: HTML {
        """
        <div class="actions"><label>Qué día <input name="dia_llamado" type="date" value="\(call.day)"></label>
        <label>A qué hora <input name="hora" type="time" value="\(call.time)"></label></div>
        """
    }

    private var notes: HTML {
        """
        <section><h2>Notas y marcas</h2>
        \(form("anotar", "<label for=\"nota\">Nota (el cliente no la ve)</label><textarea id=\"nota\" name=\"texto\" rows=\"2\" required></textarea><button>Guardar nota</button>", class: "stacked"))
        \(marks)</section>
        """
    }

    /// What keeps the bot from writing to this person, or lets it again.
    private var marks: HTML? {
        guard let account = view.account else { return nil }
        return """
            <div class="actions">
            \(account.vulnerable == nil ? form("vulnerable", "<button>Solo personas</button>") : form("levantar-vulnerable", "<button class=\"plain\">Quitar «solo personas»</button>"))
            \(account.ceased == nil ? form("cese", "<button>No contactar más</button>") : form("levantar-cese", "<button class=\"plain\">Quitar «no contactar más»</button>"))
            </div>
            """
    }

    /// What limits contact with this person.
    private func limits(_ account: CaseView.AccountView) -> HTML? {
        func mark(_ name: String, _ mark: CaseView.AccountView.MarkView?) -> HTML? {
            mark.map { "<dd><strong>\(name)</strong>, desde el \(Self.time($0.since)): \($0.why)</dd>" }
        }
        let lines: [HTML] = [
            account.opted_out ? "<dd>Pidió que no le escribamos</dd>" as HTML : nil,
            mark("Solo personas", account.vulnerable), mark("No contactar más", account.ceased),
            account.own_hours.map { "<dd>Escribirle solo \($0)</dd>" as HTML },
        ].compactMap(\.self)
        return lines.isEmpty ? nil : "<dt>Contacto</dt>\(lines)"
    }

    private var agreement: HTML? {
        guard view.account != nil else { return nil }
        let answer: HTML? = quote.answer.map { answer in
            switch answer {
            case .done(let text): "<p class=\"notice\" role=\"status\">\(text)</p>"
            case .refused(let text): "<p class=\"notice refused\" role=\"status\">\(text)</p>"
            }
        }
        return """
            <section><h2 id="acuerdo">Anotar un acuerdo</h2>
            <p class="hint">Queda como promesa o plan\(view.isOnPhone ? "; la confirmación, con los datos para pagar, queda en la charla para decírsela" : ", y el cliente recibe la confirmación con los datos para pagar" as HTML).</p>
            \(answer)
            <form method="post" action="/consola/casos/\(view.handoff.id)/acordar" class="stacked">\(hidden(visitor))
            <label>Importe <input name="importe" inputmode="decimal" value="\(quote.amount)" placeholder="20.000,00"></label>
            <label>Día <input name="dia" type="date" value="\(quote.day)"></label>
            <label>Cuotas <input name="cuotas" inputmode="numeric" value="\(quote.instalments)" placeholder="1"></label>
            <div class="actions"><button formmethod="get" formaction="/consola/casos/\(view.handoff.id)">Calcular</button>
            <button>Anotar</button></div></form></section>
            """
    }

    // MARK: What is known

    private var transcript: HTML {
        let lines: [HTML] = view.transcript.map { entry in
            let kind = entry.speaker == "cliente" ? "customer" : entry.speaker.hasPrefix("nota") ? "note" : "us"
            let options: [HTML] = entry.options.map { "<span class=\"option\">\($0)</span> " }
            return """
                <li class="\(kind)"><span class="who">\(entry.speaker) · <time datetime="\(entry.at)">\(Self.time(entry.at))</time></span>
                <p>\(entry.text)</p>\(options)</li>
                """
        }
        return "<ol class=\"chat\">\(lines)</ol>"
    }

    /// "24/11 10:00" of "2026-11-24T10:00:00-03:00".
    static func time(_ iso: String) -> String {
        let parts = iso.split { "-T:".contains($0) }
        return parts.count > 4 ? "\(parts[2])/\(parts[1]) \(parts[3]):\(parts[4])" : iso
    }

    private var account: HTML {
        guard let account = view.account else {
            return "<section><h2>Cuenta</h2><p>El número no es de ninguna cuenta.</p></section>"
        }
        let items: [HTML] = account.items.map { item in
            let steps: [HTML] = item.explanation.map { "<li>\($0)</li>" }
            return """
                <li><details><summary>\(item.description): <strong>\(item.total)</strong>, vence \(date(item.due_date))</summary>\
                <ul>\(steps)</ul></details></li>
                """
        }
        return """
            <section><h2>Cuenta</h2>
            <dl><dt>Debe hoy</dt><dd><strong>\(account.total)</strong></dd><dt>Cuenta</dt><dd>\(account.id)</dd>
            <dt>Etapa</dt><dd>\(account.stage), \(account.days_past_due) días de mora</dd>
            \(limits(account))</dl>
            <ul class="items">\(items)</ul>
            \(promises)\(offers)
            \(visitor.isSupervisor ? "<p><a href=\"/consola/cuentas/\(account.id)/historia\">Todo lo que se le dijo, y por qué</a></p>" : nil)</section>
            """
    }

    private var promises: HTML {
        if view.promises.isEmpty { return "<h3>Promesas</h3><p>Ninguna.</p>" }
        let rows: [HTML] = view.promises.map {
            "<tr><td>\($0.amount)</td><td>\(date($0.pay_by))</td><td>\(words(ofPromise: $0.state))</td></tr>"
        }
        return """
            <h3 id="promesas">Promesas</h3><table aria-labelledby="promesas"><thead><tr><th scope="col">Importe</th>\
            <th scope="col">Para el</th><th scope="col">Estado</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    private var offers: HTML {
        let rows: [HTML] = view.offers.map { offer in
            let steps: [HTML] = offer.explanation.map { "<li>\($0)</li>" }
            let record: HTML? =
                isMine
                ? form(
                    "acordar",
                    "<input type=\"hidden\" name=\"oferta\" value=\"\(offer.id)\"><button class=\"plain\">Anotar<span class=\"hidden\"> \(offer.description)</span></button>"
                )
                : nil
            return """
                <li><details><summary>\(offer.description)\(offer.offered ? " · ya se le ofreció" : nil as HTML?)</summary><ul>\(steps)</ul></details>\(record)</li>
                """
        }
        return "<h3>Se puede ofrecer</h3>\(rows.isEmpty ? "<p>Nada.</p>" : "<ul class=\"items\">\(rows)</ul>" as HTML)"
    }
}

/// How a customer sounds.
private func words(of mood: CaseView.Mood) -> String {
    switch mood {
    case .calm: "tranquilo"
    case .annoyed: "suena molesto"
    case .angry: "suena enojado"
    case .furious: "suena furioso"
    case .distressed: "suena angustiado: con cuidado"
    }
}
