import Desk
import Quantities

/// The customer's own page, under a link that opens nothing else. It speaks as the customer asked for.
public struct CustomerPage: Sendable {
    /// What a customer ordered here, as its answer names it.
    public enum Done: String, Sendable {
        case person = "persona"
        case withdrawal = "retirar"
    }

    let view: CustomerView
    /// Where this page lies, such as `/c/…`.
    let place: String
    private var phrases: Phrases { view.phrases }

    public init(_ view: CustomerView, at place: String) {
        self.view = view
        self.place = place
    }

    /// - Parameter done: what was ordered right before.
    public func rendered(_ done: Done? = nil) -> String {
        let notice = done.map { Notice.done(phrases($0 == .person ? .pagePersonAsked : .pageWithdrawn)) }
        return customerShell(
            phrases(.pageTitle, view.creditor), phrases, notice,
            """
            <p>\(phrases(.pageGreeting, view.name, view.day))</p>
            <section aria-labelledby="saldo"><h2 id="saldo">\(phrases(.pageBalance))</h2>
            <p class="total">\(view.total)</p>\(credit)\(items)
            <p><a href="\(place)/resumen.pdf">\(phrases(.pageDownload))</a></p></section>
            \(agreed)
            <section aria-labelledby="pagar"><h2 id="pagar">\(phrases(.pageHowToPay))</h2>
            <dl><dt>\(phrases(.pageAlias))</dt><dd>\(view.payment.alias)</dd>\
            <dt>\(phrases(.pageBankAccount))</dt><dd>\(view.payment.cbu)</dd>\
            <dt>\(phrases(.pageReference))</dt><dd>\(view.reference)</dd></dl>
            <p><a href="\(view.payment.link)">\(phrases(.pagePayOnline))</a></p></section>
            <section aria-labelledby="persona"><h2 id="persona">\(phrases(.pagePerson))</h2>
            <form method="post" action="\(place)/persona"><p>\(phrases(.pagePersonWrites, view.attendedHours))</p>
            <button>\(phrases(.pageAskPerson))</button></form></section>
            """)
    }

    /// Asks once more before a promise is taken back.
    public func askingToWithdraw() -> String {
        customerShell(
            phrases(.pageWithdraw), phrases, nil,
            """
            \(payables)
            <p>\(phrases(.pageWithdrawMeans))</p>
            <form method="post" action="\(place)/retirar"><button>\(phrases(.pageWithdrawYes))</button></form>
            <p><a href="\(place)">\(phrases(.pageWithdrawNo))</a></p>
            """)
    }

    public var hasPromise: Bool { !view.payable.isEmpty }

    private var credit: HTML? { view.credit.map { "<p>\(phrases(.pageCredit, $0))</p>" } }

    private var items: HTML {
        let rows: [HTML] = view.items.map { item in
            let steps: [HTML] = item.explanation.map { "<li>\($0)</li>" }
            let title = phrases(.pageItem, item.description, item.dueDate)
            return """
                <li><details><summary>\(title) <strong>\(item.total)</strong></summary><ul>\(steps)</ul></details></li>
                """
        }
        return rows.isEmpty ? "<p>\(phrases(.pageNothingOwed))</p>" : "<ul class=\"items\">\(rows)</ul>"
    }

    private var payables: HTML {
        let rows: [HTML] = view.payableLines.map { "<li>\($0)</li>" }
        return "<ul class=\"items\">\(rows)</ul>"
    }

    private var agreed: HTML? {
        guard hasPromise || view.plan != nil else { return nil }
        let plan: HTML? = view.plan.map { "<p>\($0)</p>" }
        let withdraw: HTML? =
            hasPromise ? "<p><a href=\"\(place)/retirar\">\(phrases(.pageCannotPay))</a></p>" : nil
        return """
            <section aria-labelledby="anotado"><h2 id="anotado">\(phrases(.pageAgreed))</h2>\(plan)\(hasPromise ? payables : nil)\(withdraw)</section>
            """
    }
}

extension CustomerView {
    /// Each promise and instalment in words.
    var payableLines: [String] {
        payable.map { phrases($0.isInstalment ? .pageInstalment : .pagePromise, $0.amount, $0.payBy) }
    }
}

/// What anybody sees whose link is wrong or has expired: the same for both, so that nothing can be tried out.
public func expiredLinkPage(in phrases: Phrases) -> String {
    customerShell(phrases(.pageExpired), phrases, nil, "<p>\(phrases(.pageExpiredAsk))</p>")
}

/// What is said to an address that asks too often.
public func busyPage(in phrases: Phrases) -> String {
    customerShell(phrases(.pageBusy), phrases, nil, "<p>\(phrases(.pageBusyWait))</p>")
}

private func customerShell(_ title: String, _ phrases: Phrases, _ notice: Notice?, _ main: HTML) -> String {
    let html: HTML = """
        <!doctype html>
        <html lang="\(phrases.languageTag)"><head><meta charset="utf-8">\
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title)</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/consola/estilo.css"></head>
        <body><main id="main"><h1>\(title)</h1>
        \(notice.map(banner))
        \(main)
        </main></body></html>

        """
    return html.text
}
