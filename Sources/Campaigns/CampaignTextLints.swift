import Conduct
import Dialog
import Yams

extension CampaignReader {
    /// Words that tell a stranger that there is a debt (I4), without accents.
    private static let disclosing: Set<String> = [
        "deuda", "deudas", "deudor", "deudora", "debe", "debes", "debiendo", "adeuda", "adeudas", "adeudado", "mora",
        "moroso", "morosa", "vencida", "vencido", "vencidas", "vencidos", "vencio", "vence", "vencen", "vencimiento",
        "impaga", "impago", "impagas", "saldo", "saldos", "cobranza", "cobranzas", "cobro", "factura", "facturas",
        "pagar", "pago", "pagos", "paga", "pagas", "cuota", "cuotas", "atraso", "atrasado", "atrasada", "intimacion",
        "intimamos", "juicio", "judicial", "embargo", "extrajudicial", "regularizar", "regulariza", "cancelar",
    ]

    /// A text with placeholders; one for who was not verified may not name the debt.
    mutating func campaignText(_ fields: [String: Node], _ name: String, _ parent: Node, verified: Bool) -> CampaignText
    {
        let text = required(fields, name, parent)
        guard let node = fields[name], !text.isEmpty else { return CampaignText(parts: []) }
        reportForbiddenWording(in: text, node)
        var parts: [CampaignText.Part] = []
        var rest = Substring(text)
        func literal(_ text: Substring) { if !text.isEmpty { parts.append(.text(String(text))) } }
        while let open = rest.firstIndex(of: "{") {
            literal(rest[..<open])
            if !verified { reportDisclosingWords(in: rest[..<open], node) }
            guard let close = rest[open...].firstIndex(of: "}") else {
                source.report(
                    "C2", at: source.find("{", near: node), "falta cerrar la llave `{`",
                    advice: "Un dato se escribe entre llaves: `{nombre}`.")
                return CampaignText(parts: parts)
            }
            if let part = placeholder(String(rest[rest.index(after: open)..<close]), node, verified: verified) {
                parts.append(.placeholder(part))
            }
            rest = rest[rest.index(after: close)...]
        }
        literal(rest)
        if !verified { reportDisclosingWords(in: rest, node) }
        return CampaignText(parts: parts)
    }

    private mutating func placeholder(_ name: String, _ node: Node, verified: Bool) -> CampaignText.Placeholder? {
        guard let placeholder = CampaignText.Placeholder(rawValue: name) else {
            source.report(
                "C2", at: source.find("{\(name)}", near: node), length: name.count + 2, "no conozco el dato {\(name)}",
                advice: source.suggestion(for: name, among: CampaignText.Placeholder.allCases.map(\.rawValue)))
            return nil
        }
        if !verified, placeholder.disclosesDebt {
            source.report(
                "C3", at: source.find("{\(name)}", near: node), length: name.count + 2,
                "{\(name)} nombra la deuda ante quien todavía no dijo quién es", advice: Self.forVerified)
        }
        return placeholder
    }

    private static let forVerified =
        "Pasalo a `verificado: { texto: … }`; acá va algo como \"Hola {nombre}, tenemos un mensaje de {acreedor} para vos.\""

    /// Whoever reads a text for those who were not verified may read us for the first time.
    mutating func reportMissingDisclosures(in wording: Wording, _ node: Node) {
        let creditor = "acreedor"
        let text = [wording.subject, wording.text].compactMap(\.self)
            .map { $0.rendered { $0 == .creditor ? creditor : "x" } }.joined(separator: " ")
        let missing = conduct.missingDisclosures(inFirst: text, creditor: creditor)
        guard !missing.isEmpty else { return }
        source.report(
            "C6", at: source.position(node),
            "este texto puede abrir la conversación y no se presenta: "
                + missing.map { "\($0.why) (\($0.id))" }.joined(separator: "; "),
            advice:
                "Por ejemplo \"Hola {nombre}, soy el asistente virtual de {acreedor}. Hay un mensaje sobre tu cuenta; si preferís una persona, escribí *asesor*.\""
        )
    }

    private mutating func reportForbiddenWording(in text: String, _ node: Node) {
        for finding in conduct.findings(in: text) where finding.isForbidden {
            source.report(
                "C5", at: source.find(finding.words, near: node), length: finding.words.count,
                "\"\(finding.words)\" no se dice: \(finding.rule.why) (\(finding.rule.id))",
                advice: "Decilo de otra forma.")
        }
    }

    private mutating func reportDisclosingWords(in text: Substring, _ node: Node) {
        for word in text.split(whereSeparator: { !$0.isLetter }) {
            let folded = String(word.lowercased().map { Self.plain[$0] ?? $0 })
            guard Self.disclosing.contains(folded) else { continue }
            source.report(
                "C3", at: source.find(String(word), near: node), length: word.count,
                "\"\(word)\" da a entender que hay una deuda, y esto lo lee quien todavía no dijo quién es",
                advice: Self.forVerified)
        }
    }

    private static let plain: [Character: Character] = ["á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ü": "u"]
}
