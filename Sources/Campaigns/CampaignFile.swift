import Conduct
import Dialog
import Negotiation
import Quantities
import Yams

/// What reading a campaign file gave: the campaign where it has no error, and everything there is to say about the file.
public struct CampaignFile: Sendable {
    public var campaign: Campaign?
    public var findings: [CampaignFinding]

    /// Reads and checks a file. Any text is answered with findings, never with a crash.
    /// - Parameters:
    ///   - segments: the policy's segments; where there are any, a campaign may name no other.
    ///   - conduct: the rules whose forbidden wordings no text may have.
    public init(source: String, file: String, segments: [String] = [], conduct: ConductRules = .argentina) {
        var reader = CampaignReader(
            source: CampaignSource(file: file, source: source), segments: segments, conduct: conduct)
        let campaign = reader.read(source)
        findings = reader.source.findings.sorted {
            ($0.position.line, $0.position.column, $0.code) < ($1.position.line, $1.position.column, $1.code)
        }
        self.campaign = findings.isEmpty ? campaign : nil
    }
}

/// Reads a campaign out of the tree of its file.
struct CampaignReader {
    var source: CampaignSource
    let segments: [String]
    let conduct: ConductRules

    mutating func read(_ text: String) -> Campaign? {
        let root: Node?
        do {
            root = try Parser(yaml: text, resolver: .basic).singleRoot()
        } catch let error as YamlError {
            report("C1", nil, "el archivo no se puede leer: \(error)", "Revisá la sangría y las comillas de esa línea.")
            return nil
        } catch {
            report("C1", nil, "el archivo no se puede leer: \(error)", "Revisá la sangría y las comillas.")
            return nil
        }
        guard let root else {
            report("C1", nil, "el archivo está vacío", "Empezá por `campaña: nombre`.")
            return nil
        }
        let fields = source.fields(
            root, in: "la campaña",
            allowed: ["campaña", "version", "cuentas", "dia_cero", "pasos", "si_contesta", "si_paga", "cierre"])
        let name = required(fields, "campaña", root)
        if name.contains("/") {
            report("C2", fields["campaña"], "el nombre no puede tener `/`", "Por ejemplo `mora-temprana`.")
        }
        let version = required(fields, "version", root)
        let audience = audience(fields["cuentas"], root)
        let dayZero = word(
            fields["dia_cero"], "dia_cero", DayZero.allCases.map(\.rawValue), default: DayZero.dueDate.rawValue)
        let steps = steps(fields["pasos"], root)
        let reply = reply(fields["si_contesta"])
        let payment = word(fields["si_paga"], "si_paga", ["cualquier_importe", "todo"], default: "cualquier_importe")
        let closing = closing(fields["cierre"], after: steps.last?.day)
        let hash = stableHash(text)
        return Campaign(
            name: name, version: version + "-" + String(hash & 0xffff_ffff, radix: 16), audience: audience,
            dayZero: DayZero(rawValue: dayZero) ?? .dueDate, steps: steps, resumesAfterReply: reply,
            endsOnAnyPayment: payment == "cualquier_importe", closing: closing)
    }

    // MARK: Sections

    private mutating func audience(_ node: Node?, _ root: Node) -> Audience {
        guard let node else {
            report(
                "C1", root, "falta `cuentas`: a quiénes se escribe", "Por ejemplo `cuentas: { etapa: administrativa }`."
            )
            return Audience(stages: [], segments: [])
        }
        let fields = source.fields(node, in: "cuentas", allowed: ["etapa", "segmento", "atraso", "saldo", "moneda"])
        let names = Stage.allCases.map(\.spanishName)
        let stages = source.texts(fields["etapa"], "etapa").compactMap { entry -> Stage? in
            if let stage = Stage.allCases.first(where: { $0.spanishName == entry.text }) { return stage }
            report(
                "C2", entry.node, "no conozco la etapa `\(entry.text)`",
                source.suggestion(for: entry.text, among: names), entry.text.count)
            return nil
        }
        let chosen = source.texts(fields["segmento"], "segmento")
        for entry in chosen where !segments.isEmpty && !segments.contains(entry.text) {
            report(
                "C2", entry.node, "la política no tiene el segmento `\(entry.text)`",
                source.suggestion(for: entry.text, among: segments), entry.text.count)
        }
        let currencies = Currency.allCases.map(\.rawValue)
        let currency = fields["moneda"].map { word($0, "moneda", currencies, default: currencies[0]) }
        let days = range(fields["atraso"], "atraso", example: "1 a 59", lowest: -365, highest: 36_500) { Int64($0) }
        return Audience(
            stages: stages, segments: chosen.map(\.text),
            daysPastDue: days.map { Int($0.lowerBound)...Int($0.upperBound) },
            balance: range(fields["saldo"], "saldo", example: "5.000 a 500.000", lowest: 0, highest: .max, Self.cents),
            currency: currency.flatMap(Currency.init(rawValue:)))
    }

    private mutating func steps(_ node: Node?, _ root: Node) -> [CampaignStep] {
        guard let node, let sequence = node.sequence, !sequence.isEmpty else {
            report(
                "C1", node ?? root, "faltan los `pasos`: una lista de contactos",
                "Cada paso tiene `dia`, `horario` y `canales`.")
            return []
        }
        var steps: [CampaignStep] = []
        for entry in sequence {
            let fields = source.fields(entry, in: "un paso", allowed: ["dia", "horario", "canales"])
            if fields["dia"] == nil {
                report(
                    "C1", entry, "al paso le falta `dia`",
                    "Los días desde el día cero: `dia: 4`, o `dia: -3` para antes.")
            }
            let day = source.number(fields["dia"], "dia", in: -365...3650)
            if let last = steps.last, day <= last.day {
                report(
                    "C4", fields["dia"], "el día \(day) no viene después del \(last.day) del paso anterior",
                    "Los pasos van en orden y no hay dos el mismo día.")
            }
            steps.append(
                CampaignStep(
                    day: day, hours: hours(fields["horario"], entry), messages: messages(fields["canales"], entry)))
        }
        return steps
    }

    private mutating func messages(_ node: Node?, _ step: Node) -> [CampaignMessage] {
        guard let sequence = node?.sequence, !sequence.isEmpty else {
            report(
                "C1", node ?? step, "al paso le faltan los `canales`, en el orden en que se prueban",
                "Por ejemplo `canales: [ { canal: sms, texto: \"…\" } ]`.")
            return []
        }
        var messages: [CampaignMessage] = []
        for entry in sequence {
            let fields = source.fields(
                entry, in: "un canal", allowed: ["canal", "verificado"] + Self.wordingFields)
            let names = ContactChannel.allCases.map(\.rawValue)
            guard let node = fields["canal"] else {
                report("C1", entry, "falta `canal`", "Se puede usar: \(names.joined(separator: ", ")).")
                continue
            }
            guard let channel = ContactChannel(rawValue: word(node, "canal", names, default: "")) else { continue }
            if messages.contains(where: { $0.channel == channel }) {
                report(
                    "C4", fields["canal"], "`\(channel.rawValue)` está dos veces en el paso",
                    "Dejá uno, o hacé otro paso.")
            }
            let known = source.findings.count
            let wording = wording(fields, entry, channel, verified: false)
            // What is said in a call a person says.
            if channel != .voice, source.findings.count == known, let text = fields["texto"] {
                reportMissingDisclosures(in: wording, text)
            }
            var verifiedWording: Wording?
            if let node = fields["verificado"] {
                let own = source.fields(node, in: "verificado", allowed: Self.wordingFields)
                verifiedWording = self.wording(own, node, channel, verified: true)
            }
            messages.append(CampaignMessage(channel: channel, wording: wording, verifiedWording: verifiedWording))
        }
        return messages
    }

    private mutating func wording(
        _ fields: [String: Node], _ node: Node, _ channel: ContactChannel, verified: Bool
    ) -> Wording {
        let text = campaignText(fields, "texto", node, verified: verified)
        var subject: CampaignText?
        if channel == .mail {
            subject = campaignText(fields, "asunto", node, verified: verified)
        } else if let wrong = fields["asunto"] {
            report("C1", wrong, "solo un mail lleva `asunto`", "Borrá la línea.")
        }
        var template: Wording.TemplateName?
        if channel == .whatsapp {
            let name = required(fields, "plantilla", node)
            if !name.isEmpty, !name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }) {
                report(
                    "C2", fields["plantilla"], "`\(name)` no es un nombre de plantilla de WhatsApp",
                    "Minúsculas, números y `_`, como la aprobó Meta.", name.count)
            }
            template = Wording.TemplateName(name: name, language: source.text(fields["idioma"], "idioma") ?? "es_AR")
        } else {
            for key in Self.templateFields {
                if let wrong = fields[key] { report("C1", wrong, "solo WhatsApp lleva `\(key)`", "Borrá la línea.") }
            }
        }
        return Wording(
            text: text, subject: subject, template: template,
            header: template == nil ? nil : header(fields, node, verified: verified),
            buttons: template == nil ? nil : buttons(fields["botones"], verified: verified))
    }

    private static let templateFields = ["plantilla", "idioma", "encabezado", "botones"]
    private static let wordingFields = ["asunto", "texto"] + templateFields

    /// A text, or the https address of a picture, a video or a PDF.
    private mutating func header(_ fields: [String: Node], _ node: Node, verified: Bool) -> TemplateHeader<
        CampaignText
    >? {
        guard let node = fields["encabezado"], let text = source.text(node, "encabezado") else { return nil }
        guard text.hasPrefix("https://") else {
            return .text(campaignText(fields, "encabezado", node, verified: verified))
        }
        switch text.split(separator: ".").last?.lowercased() {
        case "jpg", "jpeg", "png": return .image(text)
        case "mp4", "3gp": return .video(text)
        default: return .document(text)
        }
    }

    /// Each as it stands in the template: `fijo`, or what varies of it.
    private mutating func buttons(_ node: Node?, verified: Bool) -> [TemplateButton<CampaignText>]? {
        guard let node else { return nil }
        let advice =
            "Uno por botón de la plantilla: `fijo`, `{ url: \"{cuenta}\" }`, `{ respuesta: asesor }` o `{ codigo: … }`."
        guard let sequence = node.sequence else {
            report("C1", node, "`botones` es una lista", advice)
            return nil
        }
        return sequence.map { entry in
            guard entry.mapping != nil else {
                if source.text(entry, "botones") != "fijo" { report("C2", entry, "no conozco este botón", advice) }
                return .fixed
            }
            let fields = source.fields(entry, in: "un botón", allowed: ["url", "respuesta", "codigo"])
            if fields["url"] != nil { return .url(campaignText(fields, "url", entry, verified: verified)) }
            if fields["codigo"] != nil { return .code(campaignText(fields, "codigo", entry, verified: verified)) }
            return .reply(required(fields, "respuesta", entry))
        }
    }

    private mutating func closing(_ node: Node?, after last: Int?) -> Closing? {
        guard let node else { return nil }
        let fields = source.fields(node, in: "cierre", allowed: ["dia", "accion"])
        if fields["dia"] == nil {
            report("C1", node, "al cierre le falta `dia`", "Los días desde el día cero, después del último paso.")
        }
        let day = source.number(fields["dia"], "dia", in: 0...3650)
        if let last, day <= last {
            report(
                "C4", fields["dia"] ?? node, "el cierre es el día \(day), y el último paso el \(last)",
                "El cierre viene después del último paso.")
        }
        let actions = Closing.Action.allCases.map(\.rawValue)
        if fields["accion"] == nil {
            report("C1", node, "al cierre le falta `accion`", "Se puede usar: \(actions.joined(separator: ", ")).")
        }
        return Closing.Action(rawValue: word(fields["accion"], "accion", actions, default: actions[0])).map {
            Closing(day: day, action: $0)
        }
    }

    // MARK: Values

    private mutating func hours(_ node: Node?, _ step: Node) -> Range<Int> {
        let fallback = 600..<1080
        guard let node else {
            report("C1", step, "al paso le falta `horario`", "Por ejemplo `horario: 10:00 a 18:00`.")
            return fallback
        }
        guard let text = source.text(node, "horario") else { return fallback }
        let ends = text.components(separatedBy: " a ").map(Self.minutes)
        if ends.count == 2, let start = ends[0], let end = ends[1], start < end { return start..<end }
        report(
            "C2", node, "`horario` va de una hora a otra, no `\(text)`", "Por ejemplo `horario: 10:00 a 18:00`.",
            text.count)
        return fallback
    }

    private static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(parts.count), let hour = parts[0], (0...24).contains(hour) else { return nil }
        guard let minute = parts.count == 2 ? parts[1] : 0, (0..<60).contains(minute), hour < 24 || minute == 0 else {
            return nil
        }
        return hour * 60 + minute
    }

    private mutating func reply(_ node: Node?) -> Int? {
        guard let node, let text = source.text(node, "si_contesta"), text != "termina" else { return nil }
        let words = text.split(separator: " ")
        if words.count == 3, words[0] == "espera", words[2].hasPrefix("día") || words[2].hasPrefix("dia"),
            let days = Int(words[1]), (1...90).contains(days)
        {
            return days
        }
        report(
            "C2", node, "`si_contesta` es `termina` o `espera N dias`, no `\(text)`",
            "Por ejemplo `si_contesta: espera 5 dias`.", text.count)
        return nil
    }

    /// `5.000` or `5.000,50`, in cents.
    private static func cents(_ text: String) -> Int64? {
        let plain = text.filter { $0 != "." && $0 != "$" && $0 != " " }.map { $0 == "," ? "." : $0 }
        return Money(plain: String(plain)).flatMap { $0.cents >= 0 ? $0.cents : nil }
    }

    /// `A a B`, `desde A` or `hasta B`.
    private mutating func range(
        _ node: Node?, _ name: String, example: String, lowest: Int64, highest: Int64, _ value: (String) -> Int64?
    ) -> ClosedRange<Int64>? {
        guard let node, let text = source.text(node, name) else { return nil }
        let ends: (Int64?, Int64?)
        if text.hasPrefix("desde ") {
            ends = (value(String(text.dropFirst(6))), highest)
        } else if text.hasPrefix("hasta ") {
            ends = (lowest, value(String(text.dropFirst(6))))
        } else {
            let parts = text.components(separatedBy: " a ")
            ends = parts.count == 2 ? (value(parts[0]), value(parts[1])) : (nil, nil)
        }
        if let low = ends.0, let high = ends.1, low <= high, low >= lowest, high <= highest { return low...high }
        report(
            "C2", node, "`\(name)` es un rango, no `\(text)`",
            "Por ejemplo `\(name): \(example)`, `desde …` o `hasta …`.", text.count)
        return nil
    }

    private mutating func word(_ node: Node?, _ name: String, _ allowed: [String], default fallback: String) -> String {
        guard let node, let text = source.text(node, name) else { return fallback }
        if allowed.contains(text) { return text }
        report("C2", node, "`\(name)` no puede ser `\(text)`", source.suggestion(for: text, among: allowed), text.count)
        return fallback
    }

    mutating func required(_ fields: [String: Node], _ name: String, _ parent: Node) -> String {
        if let text = source.text(fields[name], name), !text.isEmpty { return text }
        if fields[name]?.string != nil || fields[name] == nil {
            report("C1", fields[name] ?? parent, "falta `\(name)`", "Escribí `\(name): …`.")
        }
        return ""
    }

    mutating func report(_ code: String, _ node: Node?, _ message: String, _ advice: String, _ length: Int = 1) {
        source.report(code, at: source.position(node), length: length, message, advice: advice)
    }
}

extension String {
    /// The pieces between the occurrences of `separator`.
    fileprivate func components(separatedBy separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map { String($0) }
    }
}
