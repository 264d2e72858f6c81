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
        var top = reader.fields(
            root, "la política",
            ["version", "etapas", "promesas", "minimo_cuota", "ofertas", "planes", "autoridad", "segmentos"])
        let version = reader.text(top, "version", root)
        let minimumInstalment = reader.amount(top, "minimo_cuota", root)
        let promises = reader.child(&top, "promesas", root)
        let promiseFields = reader.fields(
            promises, "promesas",
            ["gracia_dias", "gracia", "tolerancia", "tolerancia_minima", "rotas_maximo", "por_mes_maximo"])
        let judging = JudgingTerms(
            graceDays: reader.integer(promiseFields, "gracia_dias", promises, 0...30),
            graceInBusinessDays: reader.word(promiseFields, "gracia", promises, ["corridos", "habiles"]) == "habiles",
            tolerance: reader.percent(promiseFields, "tolerancia", promises),
            toleranceMinimum: reader.amount(promiseFields, "tolerancia_minima", promises))
        let maximumBroken = reader.integer(promiseFields, "rotas_maximo", promises, 0...100)
        let inMonth =
            promiseFields["por_mes_maximo"] == nil
            ? nil : reader.integer(promiseFields, "por_mes_maximo", promises, 1...100)
        let stages = reader.child(&top, "etapas", root)
        let stageFields = reader.fields(stages, "etapas", Stage.allCases.map(\.spanishName))
        let (segments, segmentNames) = reader.segments(top["segmentos"])
        var terms: [Stage: StageTerms] = [:]
        var segmentTerms: [Stage: [String: StageTerms]] = [:]
        var fromDays = 0
        var fromBroken = 0
        for stage in Stage.allCases {
            guard let node = stageFields[stage.spanishName] else {
                reader.report(stages, "falta la etapa `\(stage.spanishName)`")
                continue
            }
            let own = ["plazo_dias", "minimo", "minimo_importe", "descuento", "descuento_sobre", "cuotas", "tono"]
            let allowed =
                own + ["por_segmento"] + (stage == .extrajudicial ? ["desde_dias", "desde_promesas_rotas"] : [])
            let fields = reader.fields(node, stage.spanishName, allowed)
            if stage == .extrajudicial {
                fromDays = reader.integer(fields, "desde_dias", node, 1...3650)
                fromBroken = reader.integer(fields, "desde_promesas_rotas", node, 1...100)
            }
            terms[stage] = reader.stageTerms(fields, node)
            reader.note(fields, in: "etapa \(stage.spanishName)")
            let bySegment = reader.fields(
                fields["por_segmento"], "por_segmento",
                segmentNames ?? fields["por_segmento"]?.mapping?.keys.compactMap(\.string) ?? [])
            for (name, node) in bySegment.sorted(by: { $0.key < $1.key }) {
                let changes = reader.fields(node, name, own)
                segmentTerms[stage, default: [:]][name] = reader.stageTerms(fields.merging(changes) { $1 }, node)
                reader.note(
                    fields.merging(changes) { $1 }, in: "etapa \(stage.spanishName), segmento \(name)")
            }
        }
        reader.note(top, in: "")
        reader.note(promiseFields, in: "promesas")
        let (offerValidDays, memoryDays) = reader.offers(top["ofertas"])
        let planLifecycle = reader.planLifecycle(top["planes"])
        let authority = reader.authority(top["autoridad"])
        guard reader.problems.isEmpty else { throw PolicyError(problems: reader.problems) }
        let hash = stableHash(yaml)
        return Policy(
            version: version + "-" + String(hash & 0xffff_ffff, radix: 16), extrajudicialFrom: fromDays,
            extrajudicialBrokenPromises: fromBroken, terms: terms, segmentTerms: segmentTerms, segments: segments,
            judging: judging,
            maximumBrokenPromises: maximumBroken, maximumAgreementsInMonth: inMonth,
            minimumInstalment: minimumInstalment,
            offerValidDays: offerValidDays, concessionMemoryDays: memoryDays, planLifecycle: planLifecycle,
            authority: authority, lines: reader.lines)
    }
}
