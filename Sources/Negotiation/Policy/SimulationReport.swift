import Quantities

extension PolicySimulation {
    /// The simulation as a manager reads it.
    /// - Parameter count: how many of the affected accounts to show.
    public func report(on day: Day, showing count: Int) -> String {
        var lines = ["Simulación al \(day.iso): política actual → política nueva", ""]
        for currency in Currency.allCases {
            guard let sides = sides[currency] else { continue }
            lines.append(
                "Cartera en \(currency.rawValue): \(sides.old.accounts) cuentas con deuda, \(sides.old.debt.formatted)")
            func row(_ name: String, _ value: (PolicyOutcome) -> String) {
                let (old, new) = (value(sides.old), value(sides.new))
                let padding = String(repeating: " ", count: max(1, 34 - name.count))
                lines.append("  \(name)\(padding)\(old)" + (old == new ? "" : " → \(new)"))
            }
            for stage in Stage.allCases { row("etapa \(stage.spanishName)") { "\($0.stages[stage] ?? 0) cuentas" } }
            for (kind, name) in Self.kinds { row("ofertas: \(name)") { "\($0.offers[kind] ?? 0)" } }
            row("solo las atiende una persona") { "\($0.needHuman) cuentas" }
            row("recupero esperado (supuesto)") { $0.expectedRecovery.formatted }
            row("descuentos esperados (supuesto)") { $0.expectedDiscounts.formatted }
            row("descuentos si todos los tomaran") { $0.greatestDiscounts.formatted }
            lines.append("")
        }
        lines.append("Cuentas a las que cambia algo: \(affected.count)")
        for account in affected.prefix(count) {
            lines.append("  \(account.accountID)")
            let before = Dictionary(uniqueKeysWithValues: account.before.map { ($0.id, $0.summary(asOf: day)) })
            let after = Dictionary(uniqueKeysWithValues: account.after.map { ($0.id, $0.summary(asOf: day)) })
            for offer in account.before where after[offer.id] != before[offer.id] {
                lines.append("    \(offer.id): \(before[offer.id]!) → \(after[offer.id] ?? "ya no se ofrece")")
            }
            for offer in account.after where before[offer.id] == nil {
                lines.append("    \(offer.id): no se ofrecía → \(after[offer.id]!)")
            }
        }
        if affected.count > count { lines.append("  … y \(affected.count - count) más") }
        lines.append("")
        lines.append(
            "Los supuestos de recupero están en RecoveryAssumptions: sirven para comparar políticas, no para pronosticar."
        )
        return lines.joined(separator: "\n") + "\n"
    }

    private static let kinds: [(Offer.Kind, String)] = [
        (.payNow, "todo hoy"), (.promise, "todo más adelante"), (.plan, "planes"), (.partial, "una parte"),
    ]
}
