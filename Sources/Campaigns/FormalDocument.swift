import Dialog
import Ledger
import Quantities

/// A document that a person reads, corrects and signs: the bot drafts it and never sends it.
public struct FormalDocument: Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case formalNotice = "carta-documento"
        case mediation = "mediacion"
    }

    public var kind: Kind
    public var account: Account
    /// What is past due on the day of the document.
    public var statement: Statement
    public var payment: PaymentInstructions
    public var attendedHours: String
    public var policyVersion: String
    /// Days that the debtor is given.
    public var days = 10

    /// - Returns: nil where nothing is past due: there is nothing to give notice of.
    public init?(
        _ kind: Kind, account: Account, on day: Day, payment: PaymentInstructions, attendedHours: String,
        policyVersion: String, indices: IndexTables = .none
    ) {
        let owed = account.statement(on: day, indices: indices).demandable
        guard let past = owed.daysPastDue, past > 0 else { return nil }
        self.kind = kind
        self.account = account
        statement = owed
        self.payment = payment
        self.attendedHours = attendedHours
        self.policyVersion = policyVersion
    }

    /// Printable HTML, A4, without anything from outside the file.
    public var html: String {
        """
        <!DOCTYPE html>
        <html lang="es-AR">
        <head>
        <meta charset="utf-8">
        <title>\(title), cuenta \(account.id.markup) (borrador)</title>
        <style>
        @page { size: A4; margin: 20mm; }
        body { font: 11pt/1.45 Georgia, "Times New Roman", serif; max-width: 170mm; margin: 0 auto; color: #111; }
        .draft { border: 2px solid #b00; color: #b00; font-weight: bold; text-align: center; padding: 2mm; letter-spacing: .05em; }
        h1 { font-size: 15pt; margin: 8mm 0 4mm; }
        h2 { font-size: 12pt; margin: 7mm 0 2mm; }
        table { border-collapse: collapse; width: 100%; }
        th, td { border: 1px solid #999; padding: 1.5mm 2mm; text-align: left; vertical-align: top; }
        td.n, th.n { text-align: right; white-space: nowrap; }
        .parties { display: flex; gap: 10mm; }
        .parties > div { flex: 1; }
        .small { font-size: 9pt; color: #444; }
        .sign { margin-top: 22mm; display: flex; gap: 20mm; }
        .sign div { flex: 1; border-top: 1px solid #111; padding-top: 1mm; }
        </style>
        </head>
        <body>
        <p class="draft">BORRADOR: lo firma una persona</p>
        <h1>\(title)</h1>
        <p>Lugar: ______________________ &nbsp; Fecha: \(Self.date(statement.asOf))</p>
        <div class="parties">
        <div><h2>Remitente (acreedor)</h2><p>\(account.creditor.markup)<br>CUIT: ______________________<br>Domicilio: ______________________</p></div>
        <div><h2>Destinatario</h2><p>\(account.fullName.markup)<br>Documento: \(account.document.markup)<br>Domicilio: \(account.postalAddress.map(\.markup) ?? "______________________")</p></div>
        </div>
        \(body)
        <h2>Detalle al \(Self.date(statement.asOf))</h2>
        \(table)
        <h2>De dónde sale cada cifra</h2>
        \(explanation)
        <h2>Fundamento</h2>
        <ul>
        \(legalBasis.map { "<li>\($0)</li>" }.joined(separator: "\n"))
        </ul>
        <div class="sign"><div>Firma</div><div>Aclaración y carácter en que firma</div></div>
        <p class="small">Borrador preparado por Promesa con los datos de la cuenta \(account.id.markup) al \(statement.asOf.iso), política \(policyVersion.markup). No se envía solo: antes de firmarlo lo revisa quien firma, con asesoramiento letrado. Las citas legales son las que suelen corresponder y hay que verificarlas para el caso.</p>
        </body>
        </html>

        """
    }

    private var title: String {
        switch kind {
        case .formalNotice: "Carta documento: requerimiento de pago"
        case .mediation: "Ofrecimiento de mediación"
        }
    }

    private var body: String {
        let creditor = account.creditor.markup
        let total = statement.total.formatted.markup
        let since = statement.nextDueDate.map(Self.date) ?? ""
        let ways =
            "transferencia al alias \(payment.alias.markup) (CBU \(payment.cbu.markup)) con la referencia "
            + "\(account.id.markup), o \(payment.link.replacing("{cuenta}", with: account.id).markup)"
        switch kind {
        case .formalNotice:
            return """
                <p>Por la presente, \(creditor) le hace saber que al día de la fecha registra obligaciones vencidas desde el \(since) por un total de <strong>\(total)</strong>, según el detalle que sigue.</p>
                <p>Le solicitamos que las cancele, o que se comunique con nosotros para acordar cómo hacerlo, dentro de los <strong>\(days) días corridos</strong> de recibida esta comunicación. Puede pagar por \(ways).</p>
                <p>Si ya pagó, o si no reconoce todo o parte de lo que se detalla, háganoslo saber por el mismo medio o por los canales de atención (\(attendedHours.markup)): le responderemos por escrito con la documentación que corresponda. Si el plazo vence sin novedades, el acreedor queda en libertad de ejercer sus derechos por las vías que la ley prevé, previa instancia de mediación. Esta es una comunicación extrajudicial.</p>
                """
        case .mediation:
            return """
                <p>\(creditor) le propone resolver en una mediación, antes de cualquier otra instancia, las obligaciones vencidas desde el \(since) por un total de <strong>\(total)</strong>, según el detalle que sigue.</p>
                <p>La mediación es voluntaria en esta etapa, confidencial y sin costo para usted. Puede proponer otro plazo, otras cuotas o discutir las cifras, con la asistencia de quien usted elija.</p>
                <p>Si acepta, respóndanos dentro de los <strong>\(days) días corridos</strong> por los canales de atención (\(attendedHours.markup)) y acordamos fecha, lugar o videollamada. También puede pagar por \(ways). Esta es una comunicación extrajudicial.</p>
                <p>Fecha propuesta: ______________ &nbsp; Lugar o enlace: ______________________ &nbsp; Mediador/a: ______________________</p>
                """
        }
    }

    private var table: String {
        let rows = statement.lines.map { line in
            "<tr><td>\(line.description.markup)</td><td>\(Self.date(line.dueDate))</td><td class=\"n\">\(max(0, line.daysPastDue))</td>"
                + [
                    line.principal, line.interest + line.punitive + line.interestVAT, line.charge + line.chargeVAT,
                    line.total,
                ]
                .map { "<td class=\"n\">\($0.formatted.markup)</td>" }.joined() + "</tr>"
        }
        let totals = [statement.principal, statement.interest, statement.charges, statement.total]
            .map { "<th class=\"n\">\($0.formatted.markup)</th>" }.joined()
        return """
            <table>
            <tr><th>Concepto</th><th>Venció</th><th class="n">Días</th><th class="n">Capital</th><th class="n">Intereses con IVA</th><th class="n">Cargos con IVA</th><th class="n">Total</th></tr>
            \(rows.joined(separator: "\n"))
            <tr><th colspan="3">Total</th>\(totals)</tr>
            </table>
            """
    }

    private var explanation: String {
        statement.lines.map { line in
            "<p><strong>\(line.description.markup)</strong></p>\n<ul class=\"small\">\n"
                + line.explanation.map { "<li>\($0.markup)</li>" }.joined(separator: "\n") + "\n</ul>"
        }.joined(separator: "\n")
    }

    private var legalBasis: [String] {
        var basis = [
            "Código Civil y Comercial, arts. 886 y 887: mora automática en las obligaciones con plazo determinado.",
            "Código Civil y Comercial, art. 768: intereses moratorios, a la tasa convenida.",
            "Código Civil y Comercial, arts. 900 a 903: imputación de los pagos.",
            "Ley 24.240, arts. 4 y 8 bis: información cierta y detallada, y trato digno.",
        ]
        if statement.charges.isPositive, let notice = account.chargeNotice {
            basis.append(
                "Ley 24.240, arts. 4 y 36: el cargo de gestión se informó el \(Self.date(notice.day)) por \(notice.channel.markup): «\(notice.text.markup)»."
            )
        }
        if kind == .mediation {
            basis.append("Ley 26.589: mediación previa; en relaciones de consumo, ley 26.993 y las normas locales.")
        }
        return basis
    }

    private static func date(_ day: Day) -> String {
        let (year, month, number) = day.components
        return "\(number) de \(Day.monthNames[month - 1]) de \(year)"
    }
}
