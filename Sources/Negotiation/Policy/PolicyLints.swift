import Quantities

extension Policy {
    /// What a manager may not have meant, in Spanish: terms that can be read but contradict each other or never apply.
    public var warnings: [String] {
        var warnings: [String] = []
        let ofStages = Stage.allCases.compactMap { stage in
            terms[stage].map { (name: "etapa \(stage.spanishName)", terms: $0) }
        }
        let ofSegments = Stage.allCases.flatMap { stage in
            (segmentTerms[stage] ?? [:]).sorted { $0.key < $1.key }
                .map { (name: "etapa \(stage.spanishName), segmento \($0.key)", terms: $0.value) }
        }
        for (name, terms) in ofStages + ofSegments {
            if let limit = authority.maximumDiscount {
                for discount in terms.discounts where discount > limit {
                    warnings.append(
                        "\(name): el descuento de \(discount.formatted) pasa la autoridad del bot (\(limit.formatted)); solo lo concede una persona"
                    )
                }
            }
            if let limit = authority.maximumInstalments {
                for plan in terms.plans where plan.instalments > limit {
                    warnings.append(
                        "\(name): el plan de \(plan.instalments) cuotas pasa la autoridad del bot (\(limit)); solo lo concede una persona"
                    )
                }
            }
            let counts = terms.plans.map(\.instalments)
            for count in Set(counts).sorted() where counts.count(where: { $0 == count }) > 1 {
                warnings.append("\(name): hay dos planes de \(count) cuotas; el cliente no puede distinguirlos")
            }
            if terms.discountScope == .total, let greatest = terms.discounts.last,
                greatest >= Percent(basisPoints: 5000)
            {
                warnings.append("\(name): el descuento llega a \(greatest.formatted) del total, capital incluido")
            }
            if terms.horizonDays == 0 {
                warnings.append("\(name): con `plazo_dias: 0` solo se puede prometer para hoy")
            }
        }
        let order = ofStages.map(\.terms)
        for (earlier, later) in zip(order, order.dropFirst()) where later.horizonDays < earlier.horizonDays {
            warnings.append("el plazo baja de \(earlier.horizonDays) a \(later.horizonDays) días al avanzar de etapa")
        }
        if judging.graceDays > 10 {
            warnings.append("\(judging.graceDays) días de gracia: la promesa se juzga mucho después de vencer")
        }
        if planLifecycle.reinstatementDays == 0 {
            warnings.append("un plan que se cae no se puede rehabilitar (`planes: rehabilitar_dias`)")
        }
        return warnings
    }
}
