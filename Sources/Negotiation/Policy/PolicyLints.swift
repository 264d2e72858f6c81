import Quantities

extension Policy {
    /// What a manager may not have meant, in Spanish and with its line: terms that can be read but contradict each other
    /// or never apply. In the order of the file.
    public var warnings: [PolicyWarning] {
        var warnings: [PolicyWarning] = []
        func warn(_ section: String, _ field: String, _ text: String) {
            warnings.append(
                PolicyWarning(
                    line: lines["\(section)/\(field)"] ?? 1, text: section.isEmpty ? text : "\(section): \(text)"))
        }
        let ofStages = Stage.allCases.compactMap { stage in
            terms[stage].map { (name: "etapa \(stage.spanishName)", terms: $0) }
        }
        let ofSegments = Stage.allCases.flatMap { stage in
            (segmentTerms[stage] ?? [:]).sorted { $0.key < $1.key }
                .map { (name: "etapa \(stage.spanishName), segmento \($0.key)", terms: $0.value) }
        }
        for (name, terms) in ofStages + ofSegments {
            for (field, text) in problems(of: terms) { warn(name, field, text) }
        }
        for (earlier, later) in zip(ofStages, ofStages.dropFirst())
        where later.terms.horizonDays < earlier.terms.horizonDays {
            warn(
                later.name, "plazo_dias",
                "el plazo baja de \(earlier.terms.horizonDays) a \(later.terms.horizonDays) días al avanzar de etapa")
        }
        if judging.graceDays > 10 {
            warn("promesas", "gracia_dias", "\(judging.graceDays) días de gracia: se juzga mucho después de vencer")
        }
        if planLifecycle.reinstatementDays == 0 {
            warn("", "planes", "un plan que se cae no se puede rehabilitar (`planes: rehabilitar_dias`)")
        }
        return warnings.sorted { ($0.line, $0.text) < ($1.line, $1.text) }
    }

    /// What may not be meant in one stage's terms, each with its field.
    private func problems(of terms: StageTerms) -> [(field: String, text: String)] {
        var problems: [(String, String)] = []
        if let limit = authority.maximumDiscount {
            for discount in terms.discounts where discount > limit {
                problems.append(
                    (
                        "descuento",
                        "el descuento de \(discount.formatted) pasa la autoridad del bot (\(limit.formatted)); solo lo concede una persona"
                    ))
            }
        }
        if let limit = authority.maximumInstalments {
            for plan in terms.plans where plan.instalments > limit {
                problems.append(
                    (
                        "cuotas",
                        "el plan de \(plan.instalments) cuotas pasa la autoridad del bot (\(limit)); solo lo concede una persona"
                    ))
            }
        }
        let counts = terms.plans.map(\.instalments)
        for count in Set(counts).sorted() where counts.count(where: { $0 == count }) > 1 {
            problems.append(("cuotas", "hay dos planes de \(count) cuotas; el cliente no puede distinguirlos"))
        }
        if terms.discountScope == .total, let greatest = terms.discounts.last,
            greatest >= Percent(basisPoints: 5000)
        {
            problems.append(("descuento", "el descuento llega a \(greatest.formatted) del total, capital incluido"))
        }
        if terms.horizonDays == 0 {
            problems.append(("plazo_dias", "con `plazo_dias: 0` solo se puede prometer para hoy"))
        }
        for currency in terms.minimumAmount.currencies where minimumInstalment[currency] == nil && !terms.plans.isEmpty
        {
            problems.append(
                (
                    "minimo_importe",
                    "da un mínimo en \(currency.policyName), pero `minimo_cuota` no: en \(currency.policyName) no habrá cuotas"
                ))
        }
        return problems
    }
}
