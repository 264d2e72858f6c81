import Quantities
import Yams

/// Everything that is wrong with a policy file, each with its place and what was expected.
public struct PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    public let problems: [String]
    public var description: String { problems.joined(separator: "\n") }
}

extension Policy {
    /// Reads and checks a policy.
    /// - Throws: ``PolicyError`` with every problem found, as `file:line:column: …`.
    public static func load(yaml: String, file: String) throws -> Policy {
        var reader = PolicyReader(file: file)
        let root: Node?
        do {
            root = try Parser(yaml: yaml, resolver: .basic).singleRoot()
        } catch {
            throw PolicyError(problems: ["\(file): \(error)"])
        }
        guard let root else { throw PolicyError(problems: ["\(file):1:1: el archivo está vacío"]) }
        var top = reader.fields(root, "la política", ["version", "etapas", "promesas", "minimo_cuota"])
        let version = reader.text(top, "version", root)
        let minimumInstalment = reader.money(top, "minimo_cuota", root)
        let promises = reader.child(&top, "promesas", root)
        let promiseFields = reader.fields(
            promises, "promesas", ["gracia_dias", "gracia", "tolerancia", "tolerancia_minima", "rotas_maximo"])
        let judging = JudgingTerms(
            graceDays: reader.integer(promiseFields, "gracia_dias", promises, 0...30),
            graceInBusinessDays: reader.word(promiseFields, "gracia", promises, ["corridos", "habiles"]) == "habiles",
            tolerance: reader.percent(promiseFields, "tolerancia", promises),
            toleranceMinimum: reader.money(promiseFields, "tolerancia_minima", promises))
        let maximumBroken = reader.integer(promiseFields, "rotas_maximo", promises, 0...100)
        let stages = reader.child(&top, "etapas", root)
        let stageFields = reader.fields(stages, "etapas", Stage.allCases.map(\.spanishName))
        var terms: [Stage: StageTerms] = [:]
        var fromDays = 0
        var fromBroken = 0
        for stage in Stage.allCases {
            guard let node = stageFields[stage.spanishName] else {
                reader.report(stages, "falta la etapa `\(stage.spanishName)`")
                continue
            }
            var allowed = ["plazo_dias", "minimo", "minimo_importe", "descuento", "descuento_sobre", "cuotas"]
            if stage == .extrajudicial { allowed += ["desde_dias", "desde_promesas_rotas"] }
            let fields = reader.fields(node, stage.spanishName, allowed)
            if stage == .extrajudicial {
                fromDays = reader.integer(fields, "desde_dias", node, 1...3650)
                fromBroken = reader.integer(fields, "desde_promesas_rotas", node, 1...100)
            }
            terms[stage] = StageTerms(
                horizonDays: reader.integer(fields, "plazo_dias", node, 0...365),
                minimumShare: reader.percent(fields, "minimo", node),
                minimumAmount: reader.money(fields, "minimo_importe", node),
                discount: reader.percent(fields, "descuento", node),
                discountScope: DiscountScope(
                    rawValue: reader.word(fields, "descuento_sobre", node, DiscountScope.allCases.map(\.rawValue)))
                    ?? .total,
                plans: reader.plans(fields["cuotas"], node))
        }
        guard reader.problems.isEmpty else { throw PolicyError(problems: reader.problems) }
        let hash = yaml.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return Policy(
            version: version + "-" + String(hash & 0xffff_ffff, radix: 16), extrajudicialFrom: fromDays,
            extrajudicialBrokenPromises: fromBroken, terms: terms, judging: judging,
            maximumBrokenPromises: maximumBroken, minimumInstalment: minimumInstalment)
    }
}

/// Reads nodes and collects problems, in the manager's words.
private struct PolicyReader {
    let file: String
    var problems: [String] = []

    init(file: String) { self.file = file }

    mutating func report(_ node: Node?, _ message: String) {
        problems.append("\(file):\(node?.mark?.line ?? 1):\(node?.mark?.column ?? 1): \(message)")
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
    mutating func money(_ fields: [String: Node], _ key: String, _ parent: Node?) -> Money {
        let value = text(fields, key, parent)
        let digits = value.filter { $0 != "." && $0 != "$" && $0 != " " }.map { $0 == "," ? "." : $0 }
        if let money = Money(plain: String(digits)), money.cents >= 0 { return money }
        if !value.isEmpty { report(fields[key], "`\(key)` tiene que ser un importe como `5.000`, no `\(value)`") }
        return .zero()
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
}
