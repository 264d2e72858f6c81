import Conduct
import Desk
import Quantities

/// Where a manager sees, writes down and answers what people ask about their personal data.
public struct PrivacyPage: Sendable {
    /// How a request can come, besides the chats.
    public static let channels = [
        "mostrador", "teléfono", "carta", "mail", "Agencia de Acceso a la Información Pública",
    ]

    let requests: [PersonRequestView]
    let visitor: Visitor
    let today: Day

    public init(_ requests: [PersonRequestView], for visitor: Visitor, today: Day) {
        (self.requests, self.visitor, self.today) = (requests, visitor, today)
    }

    /// - Parameter typed: what stood in the form for a new request, where it was refused.
    public func rendered(_ notice: Notice? = nil, typed: [String: String] = [:]) -> String {
        let open = requests.filter(\.isOpen)
        let late = open.count { $0.overdue }
        let cards: [HTML] = open.map(card)
        let rows: [HTML] = requests.filter { !$0.isOpen }.map(row)
        return page(
            "Datos personales", for: visitor, notice,
            """
            <p>Pedidos de acceso, rectificación y supresión (Ley 25.326, artículos 14 a 16). El acceso se responde en diez días \
            corridos; la rectificación y la supresión, en cinco días hábiles.</p>
            \(late == 0 ? nil : "<p class=\"notice refused\"><strong>\(late == 1 ? "Un pedido está" : "\(late) pedidos están") fuera de término.</strong></p>" as HTML?)
            <section><h2>Abiertos <span class="count">\(open.count)</span></h2>
            \(cards.isEmpty ? "<p>No hay ninguno.</p>" : nil as HTML?)\(cards)</section>
            \(form(typed))
            <section><h2 id="respondidos">Respondidos</h2>
            \(rows.isEmpty ? "<p>Todavía ninguno.</p>" : table(rows))</section>
            """)
    }

    private func table(_ rows: [HTML]) -> HTML {
        """
        <table class="cards" aria-labelledby="respondidos"><thead><tr><th scope="col">Pedido</th><th scope="col">Quién</th>\
        <th scope="col">Pedido el</th><th scope="col">Vencía</th><th scope="col">Resultado</th></tr></thead>\
        <tbody>\(rows)</tbody></table>
        """
    }

    private func who(_ request: PersonRequestView) -> String {
        if let pseudonym = request.pseudonym { return pseudonym }
        if let name = request.name { return "\(name) (cuenta \(request.account ?? ""))" }
        return "Un número sin cuenta (charla \(request.conversation ?? ""))"
    }

    private func card(_ request: PersonRequestView) -> HTML {
        let steps: [HTML] = request.steps.map { step in
            let note: HTML? = step.note.isEmpty ? nil : ": \(step.note)"
            return "<li>\(date(step.at)), \(step.state.spanishName) (\(step.by))\(note)</li>"
        }
        let due: HTML =
            request.overdue
            ? "<strong class=\"late\">\(date(request.due)), fuera de término</strong>" : "\(date(request.due))"
        let asked: HTML? =
            request.asked_by.isEmpty ? nil : "<dt>Lo pide</dt><dd>\(request.asked_by)</dd>"
        return """
            <section class="request" aria-labelledby="p-\(request.id)"><h3 id="p-\(request.id)">\(Self.title(request.right)): \(who(request))</h3>
            <dl><dt>Número</dt><dd>\(request.id)</dd><dt>Vino por</dt><dd>\(request.channel), el \(date(request.asked_on))</dd>\(asked)
            <dt>Vence</dt><dd>\(due)</dd><dt>Estado</dt><dd>\(request.state.spanishName)</dd></dl>
            <ul>\(steps)</ul>
            \(data(request))
            <div class="actions">\(orders(request))</div></section>
            """
    }

    /// What helps to answer it.
    private func data(_ request: PersonRequestView) -> HTML? {
        guard let account = request.account else { return nil }
        return """
            <p><a href="/consola/cuentas/\(account)/historia">Todo lo que se le dijo, para imprimir</a> · \
            <a href="/consola/cuentas/\(account)/datos.json" download>Todo lo que tenemos, en un archivo</a></p>
            """
    }

    private func orders(_ request: PersonRequestView) -> HTML {
        func form(_ action: String, _ content: HTML) -> HTML {
            """
            <form method="post" action="/consola/privacidad/\(request.id)/\(action)" class="stacked">\(hidden(visitor))\(content)</form>
            """
        }
        let name: HTML = "<span class=\"hidden\"> el pedido \(request.id)</span>"
        let refusal = form(
            "denegar",
            "<label>Motivo <input name=\"nota\" required></label><button class=\"plain\">Denegar\(name)</button>")
        if request.state == .received {
            return """
                \(form("verificar", "<label>Cómo se verificó quién es <input name=\"nota\" required placeholder=\"con su DNI\"></label><button>Identidad verificada\(name)</button>"))
                \(refusal)
                """
        }
        if request.right == .erasure {
            return """
                \(form("cumplir", "<label class=\"check\"><input type=\"checkbox\" name=\"seguro\" value=\"si\" required> Ya se le contestó, y sé que no se puede deshacer</label><button>Suprimir sus datos\(name)</button>"))
                \(refusal)
                """
        }
        return """
            \(form("cumplir", "<label>Qué se hizo <input name=\"nota\" required placeholder=\"se le mandó el archivo por mail\"></label><button>Cumplido\(name)</button>"))
            \(refusal)
            """
    }

    private func form(_ typed: [String: String]) -> HTML {
        let rights: [HTML] = DataRight.allCases.map {
            "<option value=\"\($0.rawValue)\"\(typed["derecho"] == $0.rawValue ? " selected" : nil as HTML?)>\($0.spanishName)</option>"
        }
        let channels: [HTML] = Self.channels.map {
            "<option\(typed["canal"] == $0 ? " selected" : nil as HTML?)>\($0)</option>"
        }
        return """
            <section><h2>Anotar un pedido</h2>
            <p>Los que se escriben en un chat se anotan solos.</p>
            <form method="post" action="/consola/privacidad" class="filters">\(hidden(visitor))
            <label>Cuenta <input name="cuenta" required value="\(typed["cuenta"] ?? "")"></label>
            <label>Derecho <select name="derecho">\(rights)</select></label>
            <label>Vino por <select name="canal">\(channels)</select></label>
            <label>Quién lo pide <input name="quien" placeholder="la titular" value="\(typed["quien"] ?? "")"></label>
            <label>Llegó el <input type="date" name="dia" value="\(typed["dia"] ?? today.iso)"></label>
            <button>Anotar</button></form></section>
            """
    }

    private func row(_ request: PersonRequestView) -> HTML {
        let last = request.steps.last
        let note: HTML? = last.flatMap { $0.note.isEmpty ? nil : ": \($0.note)" }
        return """
            <tr><th scope="row">\(Self.title(request.right)) \(request.id)</th><td>\(who(request))</td>\
            <td>\(date(request.asked_on))</td><td>\(date(request.due))</td>\
            <td>\(request.state.spanishName)\(last.map { " el \(date($0.at)) por \($0.by)" as HTML })\(note)</td></tr>
            """
    }

    private static func title(_ right: DataRight) -> String {
        right.spanishName.prefix(1).uppercased() + right.spanishName.dropFirst()
    }
}
