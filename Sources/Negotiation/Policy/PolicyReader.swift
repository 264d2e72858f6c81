import Quantities
import Yams

/// Reads nodes and collects problems, in the manager's words.
struct PolicyReader {
    let file: String
    var problems: [String] = []
    /// Where each field stands, by its section and name.
    var lines: [String: Int] = [:]

    init(file: String) { self.file = file }

    mutating func report(_ node: Node?, _ message: String) {
        let problem = "\(file):\(node?.mark?.line ?? 1):\(node?.mark?.column ?? 1): \(message)"
        // Terms that a segment takes over from its stage are read twice.
        if !problems.contains(problem) { problems.append(problem) }
    }

    mutating func fields(_ node: Node?, _ name: String, _ allowed: [String]) -> [String: Node] {
        guard let mapping = node?.mapping else {
            if node != nil { report(node, "`\(name)` tiene que ser una lista de `clave: valor`") }
            return [:]
        }
        var result: [String: Node] = [:]
        for (key, value) in mapping {
            let key = (name: key.string ?? "?", node: key)
            if !allowed.contains(key.name) {
                report(
                    key.node, "no conozco `\(key.name)` en \(name); se puede usar: \(allowed.joined(separator: ", "))")
            } else if result[key.name] != nil {
                report(key.node, "`\(key.name)` está dos veces en \(name); dejá una")
            }
            result[key.name] = value
        }
        return result
    }

    /// Remembers where the fields of a section stand.
    mutating func note(_ fields: [String: Node], in section: String) {
        for (name, node) in fields { lines["\(section)/\(name)"] = node.mark?.line }
    }

    mutating func child(_ fields: inout [String: Node], _ key: String, _ parent: Node?) -> Node? {
        if fields[key] == nil { report(parent, "falta `\(key)`") }
        return fields[key]
    }

    mutating func text(_ fields: [String: Node], _ key: String, _ parent: Node?) -> String {
        guard let node = fields[key] else {
            if parent != nil { report(parent, "falta `\(key)`") }
            return ""
        }
        guard let text = node.string, !text.isEmpty else {
            report(node, "`\(key)` está vacío")
            return ""
        }
        return text
    }

    mutating func integer(_ fields: [String: Node], _ key: String, _ parent: Node?, _ range: ClosedRange<Int>) -> Int {
        let value = text(fields, key, parent)
        if let number = Int(value), range.contains(number) { return number }
        if !value.isEmpty {
            report(
                fields[key],
                "`\(key)` tiene que ser un número entero de \(range.lowerBound) a \(range.upperBound), no `\(value)`")
        }
        return range.lowerBound
    }

    mutating func word(_ fields: [String: Node], _ key: String, _ parent: Node?, _ allowed: [String]) -> String {
        let value = text(fields, key, parent)
        if !value.isEmpty, !allowed.contains(value) {
            report(fields[key], "`\(key)` tiene que ser \(allowed.joined(separator: " o ")), no `\(value)`")
        }
        return value
    }

    /// `12 %`, `12,5%` or `0`.
    mutating func percent(_ fields: [String: Node], _ key: String, _ parent: Node?) -> Percent {
        let value = text(fields, key, parent)
        let digits = value.filter { $0 != "%" && $0 != " " }.map { $0 == "," ? "." : $0 }
        if let money = Money(plain: String(digits)), money.cents >= 0, money.cents <= 100_000 {
            return Percent(basisPoints: money.cents)
        }
        if !value.isEmpty { report(fields[key], "`\(key)` tiene que ser un porcentaje como `20 %`, no `\(value)`") }
        return .zero
    }

    /// `5000`, `5.000` or `5.000,50`.
    mutating func money(_ fields: [String: Node], _ key: String, _ parent: Node?, _ currency: Currency = .ars) -> Money
    {
        let value = text(fields, key, parent)
        let digits = value.filter { $0 != "." && $0 != "$" && $0 != " " }.map { $0 == "," ? "." : $0 }
        if let money = Money(plain: String(digits), currency), money.cents >= 0 { return money }
        if !value.isEmpty {
            report(
                fields[key],
                "`\(key)` tiene que ser un importe como `5.000`, o `{ pesos: 5.000, dolares: 10 }`, no `\(value)`")
        }
        return .zero(currency)
    }

    /// Pesos, or an amount for each currency: `{ pesos: 5.000, dolares: 10 }`.
    mutating func amount(_ fields: [String: Node], _ key: String, _ parent: Node?) -> PolicyAmount {
        guard let node = fields[key], node.mapping != nil else { return PolicyAmount(money(fields, key, parent)) }
        let byCurrency = self.fields(node, key, Currency.allCases.map(\.policyName))
        if byCurrency.isEmpty { report(node, "`\(key)` está vacío; por ejemplo `{ pesos: 5.000, dolares: 10 }`") }
        var amount = PolicyAmount()
        for currency in Currency.allCases where byCurrency[currency.policyName] != nil {
            amount.set(money(byCurrency, currency.policyName, node, currency))
        }
        return amount
    }

    mutating func plans(_ node: Node?, _ parent: Node) -> [PlanTerms] {
        guard let node else {
            report(parent, "falta `cuotas` (una lista; `[]` si no se ofrecen)")
            return []
        }
        guard let sequence = node.sequence else {
            report(node, "`cuotas` tiene que ser una lista")
            return []
        }
        return sequence.map { entry in
            let fields = fields(entry, "cuotas", ["cantidad", "tna", "anticipo"])
            return PlanTerms(
                instalments: integer(fields, "cantidad", entry, 2...60), rate: percent(fields, "tna", entry),
                downPayment: percent(fields, "anticipo", entry))
        }
    }

    /// One discount, or a list of them from the smallest to the greatest.
    mutating func discounts(_ fields: [String: Node], _ parent: Node) -> [Percent] {
        guard let node = fields["descuento"], let sequence = node.sequence else {
            return [percent(fields, "descuento", parent)]
        }
        let discounts = sequence.map { percent(["descuento": $0], "descuento", parent) }
        if discounts.isEmpty { report(node, "`descuento` está vacío; si no hay, poné `0 %`") }
        if zip(discounts, discounts.dropFirst()).contains(where: { $0 >= $1 }) {
            report(node, "`descuento` va de menor a mayor: se concede un paso por vez")
        }
        for (entry, discount) in zip(sequence, discounts) where discount > Percent(basisPoints: 10_000) {
            report(entry, "`descuento` no puede pasar de 100 %")
        }
        return discounts
    }

    // MARK: Sections that a policy may leave out

    mutating func offers(_ node: Node?) -> (validDays: Int, memoryDays: Int) {
        let fields = fields(node, "ofertas", ["valen_dias", "memoria_dias"])
        return (
            node == nil ? 0 : integer(fields, "valen_dias", node, 0...30),
            fields["memoria_dias"] == nil ? 30 : integer(fields, "memoria_dias", node, 0...365)
        )
    }

    mutating func planLifecycle(_ node: Node?) -> PlanLifecycleTerms {
        guard node != nil else { return .strict }
        let fields = fields(node, "planes", ["cuotas_impagas", "rehabilitar_dias", "mover_vencimiento_dias"])
        return PlanLifecycleTerms(
            missedInstalments: integer(fields, "cuotas_impagas", node, 1...60),
            reinstatementDays: integer(fields, "rehabilitar_dias", node, 0...365),
            dueDayShift: integer(fields, "mover_vencimiento_dias", node, 0...31))
    }

    mutating func authority(_ node: Node?) -> AuthorityLimits {
        let fields = fields(node, "autoridad", ["descuento_maximo", "cuotas_maximo", "deuda_maxima"])
        var limits = AuthorityLimits()
        if fields["descuento_maximo"] != nil { limits.maximumDiscount = percent(fields, "descuento_maximo", node) }
        if fields["cuotas_maximo"] != nil { limits.maximumInstalments = integer(fields, "cuotas_maximo", node, 0...60) }
        if fields["deuda_maxima"] != nil { limits.maximumDebt = amount(fields, "deuda_maxima", node) }
        return limits
    }

    /// A sentence in the company's voice; never one that frightens (law 24.240, 8 bis).
    private mutating func tone(_ text: String, _ node: Node?) -> String {
        let words = Set(text.lowercased().split { !$0.isLetter }.map(String.init))
        if let harsh = Self.harshWords.first(where: words.contains) {
            report(node, "`tono` dice «\(harsh)», que suena a amenaza; decilo de otra manera")
        }
        return text
    }

    /// One sentence, or one for each locale: `{ es_AR: "…", es_419: "…" }`.
    private mutating func tones(_ fields: [String: Node], _ node: Node) -> [String: String] {
        let locales = [Phrases.argentina.locale, Phrases.latinAmerica.locale]
        guard let given = fields["tono"], given.mapping != nil else {
            return fields["tono"].map { [locales[0]: tone(text(fields, "tono", node), $0)] } ?? [:]
        }
        let said = self.fields(given, "tono", locales)
        if said[locales[0]] == nil { report(given, "a `tono` le falta `\(locales[0])`") }
        return said.keys.reduce(into: [:]) { $0[$1] = tone(text(said, $1, given), said[$1]) }
    }

    private static let harshWords = [
        "moroso", "morosa", "deudor", "deudora", "embargo", "intimación", "intimamos", "juicio", "exigimos",
    ]

    /// The segments in the order in which they are tried, of which only the last one takes the rest, and their names.
    /// A list of names alone means the segments that accounts are imported with.
    /// Without a list every name is as good as another: nil.
    mutating func segments(_ node: Node?) -> ([SegmentRule], names: [String]?) {
        guard node != nil else { return ([], nil) }
        let names = node?.sequence?.map(\.string) ?? []
        if !names.isEmpty, names.allSatisfy({ $0 != nil }) { return ([], names.compactMap { $0 }) }
        let rules = segmentRules(node)
        return (rules, rules.map(\.name))
    }

    private mutating func segmentRules(_ node: Node?) -> [SegmentRule] {
        guard let node else { return [] }
        guard let sequence = node.sequence, !sequence.isEmpty else {
            report(node, "`segmentos` tiene que ser una lista con al menos un segmento")
            return []
        }
        var rules: [SegmentRule] = []
        for (index, entry) in sequence.enumerated() {
            let fields = fields(
                entry, "segmentos",
                ["nombre", "a_termino", "atraso_medio", "promesas_cumplidas", "ultimo_pago_dias"])
            var rule = SegmentRule(name: text(fields, "nombre", entry))
            if fields["a_termino"] != nil { rule.minimumOnTime = percent(fields, "a_termino", entry) }
            if fields["atraso_medio"] != nil { rule.maximumDelay = integer(fields, "atraso_medio", entry, 0...3650) }
            if fields["promesas_cumplidas"] != nil { rule.minimumKept = percent(fields, "promesas_cumplidas", entry) }
            if fields["ultimo_pago_dias"] != nil {
                rule.maximumDaysSincePayment = integer(fields, "ultimo_pago_dias", entry, 0...3650)
            }
            if rules.contains(where: { $0.name == rule.name }) {
                report(entry, "el segmento `\(rule.name)` está dos veces")
            }
            if rule.takesAll != (index == sequence.count - 1) {
                report(
                    entry,
                    rule.takesAll
                        ? "`\(rule.name)` no pide nada: se queda con todos y los que siguen no se usan"
                        : "el último segmento es el de los demás: `\(rule.name)` no puede pedir nada")
            }
            rules.append(rule)
        }
        return rules
    }

    /// The terms of a stage.
    mutating func stageTerms(_ fields: [String: Node], _ node: Node) -> StageTerms {
        let tones = tones(fields, node)
        return StageTerms(
            horizonDays: integer(fields, "plazo_dias", node, 0...365), minimumShare: percent(fields, "minimo", node),
            minimumAmount: amount(fields, "minimo_importe", node), discounts: discounts(fields, node),
            discountScope: DiscountScope(
                rawValue: word(fields, "descuento_sobre", node, DiscountScope.allCases.map(\.rawValue))) ?? .total,
            plans: plans(fields["cuotas"], node), tone: tones[Phrases.argentina.locale] ?? "", tones: tones)
    }
}
