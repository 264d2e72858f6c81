import Desk

/// The customer's own page, under a link that opens nothing else.
public struct CustomerPage: Sendable {
    let view: CustomerView
    /// Where this page lies, such as `/c/…`.
    let place: String

    public init(_ view: CustomerView, at place: String) {
        self.view = view
        self.place = place
    }

    public func rendered(_ notice: Notice? = nil) -> String {
        customerShell(
            "Tu cuenta con \(view.creditor)", notice,
            """
            <p>Hola, \(view.name). Esto es lo que hay en tu cuenta al \(view.day).</p>
            <section aria-labelledby="saldo"><h2 id="saldo">Tu saldo</h2>
            <p class="total">\(view.total)</p>\(credit)\(items)
            <p><a href="\(place)/resumen.pdf">Descargar el resumen (PDF)</a></p></section>
            \(agreed)
            <section aria-labelledby="pagar"><h2 id="pagar">Cómo pagar</h2>
            <dl><dt>Alias</dt><dd>\(view.payment.alias)</dd><dt>CBU</dt><dd>\(view.payment.cbu)</dd>\
            <dt>Referencia</dt><dd>\(view.reference)</dd></dl>
            <p><a href="\(view.payment.link)">Pagar por internet</a></p></section>
            <section aria-labelledby="persona"><h2 id="persona">Hablar con una persona</h2>
            <form method="post" action="\(place)/persona"><p>Te escribe alguien del equipo (\(view.attendedHours)).</p>
            <button>Quiero hablar con una persona</button></form></section>
            """)
    }

    /// Asks once more before a promise is taken back.
    public func askingToWithdraw() -> String {
        customerShell(
            "¿Retirás lo que tenías anotado?", nil,
            """
            \(payables)
            <p>Si lo retirás, no te lo recordamos más y no cuenta como promesa. La deuda sigue igual.</p>
            <form method="post" action="\(place)/retirar"><button>Sí, retirarlo</button></form>
            <p><a href="\(place)">No, dejarlo como está</a></p>
            """)
    }

    public var hasPromise: Bool { !view.payable.isEmpty }

    private var credit: HTML? { view.credit.map { "<p>A tu favor: \($0)</p>" } }

    private var items: HTML {
        let rows: [HTML] = view.items.map { item in
            let steps: [HTML] = item.explanation.map { "<li>\($0)</li>" }
            return """
                <li><details><summary>\(item.description), vence el \(item.dueDate): <strong>\(item.total)</strong></summary>\
                <ul>\(steps)</ul></details></li>
                """
        }
        return rows.isEmpty ? "<p>No tenés nada pendiente.</p>" : "<ul class=\"items\">\(rows)</ul>"
    }

    private var payables: HTML {
        let rows: [HTML] = view.payable.map {
            "<li>\($0.isInstalment ? "Cuota de" : "Promesa de") <strong>\($0.amount)</strong> para el \($0.payBy)</li>"
        }
        return "<ul class=\"items\">\(rows)</ul>"
    }

    private var agreed: HTML? {
        guard hasPromise || view.plan != nil else { return nil }
        let plan: HTML? = view.plan.map { "<p>\($0)</p>" }
        let withdraw: HTML? =
            hasPromise ? "<p><a href=\"\(place)/retirar\">No voy a poder: retirarlo</a></p>" : nil
        return """
            <section aria-labelledby="anotado"><h2 id="anotado">Lo que tenés anotado</h2>\(plan)\(hasPromise ? payables : nil)\(withdraw)</section>
            """
    }
}

/// What anybody sees whose link is wrong or has expired: the same for both, so that nothing can be tried out.
public func expiredLinkPage() -> String {
    customerShell(
        "Este enlace no vale", nil,
        "<p>Puede que haya vencido. Escribinos por donde hablamos siempre y te mandamos otro.</p>")
}

/// What is said to an address that asks too often.
public func busyPage() -> String {
    customerShell("Demasiadas visitas", nil, "<p>Esperá un minuto y volvé a abrir el enlace.</p>")
}

private func customerShell(_ title: String, _ notice: Notice?, _ main: HTML) -> String {
    let html: HTML = """
        <!doctype html>
        <html lang="es-AR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title)</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/consola/estilo.css"></head>
        <body><main id="main"><h1>\(title)</h1>
        \(notice.map(banner))
        \(main)
        </main></body></html>

        """
    return html.text
}
