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
        let known = CampaignText.Placeholder.allCases.map(\.rawValue)
        var parts: [CampaignText.Part] = []
        for part in source.template(text, node).parts {
            switch part {
            case .text(let text):
                parts.append(.text(text))
                if !verified { reportDisclosingWords(in: text, node) }
            case .placeholder(let name):
                guard let placeholder = CampaignText.Placeholder(rawValue: name) else {
                    source.report(
                        code: "C2", at: source.find("{\(name)}", near: node), length: name.count + 2,
                        "no conozco el dato {\(name)}", advice: source.suggestion(for: name, among: known))
                    continue
                }
                parts.append(.placeholder(placeholder))
                if !verified, placeholder.disclosesDebt {
                    source.report(
                        code: "C3", at: source.find("{\(name)}", near: node), length: name.count + 2,
                        "{\(name)} nombra la deuda ante quien todavía no dijo quién es",
                        advice: "Pasalo a `verificado: { texto: … }`; acá va algo como "
                            + "\"Hola {nombre}, tenemos un mensaje de {acreedor} para vos.\"")
                }
            }
        }
        return CampaignText(parts: parts)
    }

    private mutating func reportDisclosingWords(in text: String, _ node: Node) {
        for word in text.split(whereSeparator: { !$0.isLetter }) {
            let folded = String(word.lowercased().map { Self.plain[$0] ?? $0 })
            guard Self.disclosing.contains(folded) else { continue }
            source.report(
                code: "C3", at: source.find(String(word), near: node), length: word.count,
                "\"\(word)\" da a entender que hay una deuda, y esto lo lee quien todavía no dijo quién es",
                advice: "Pasalo a `verificado: { texto: … }`; acá va algo como "
                    + "\"Hola {nombre}, tenemos un mensaje de {acreedor} para vos.\"")
        }
    }

    private static let plain: [Character: Character] = ["á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ü": "u"]
}
