import Quantities

/// Lines of a table of rules or wordings that cannot be read: all of them.
public struct ConductFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `file:line:column: what was expected`.
    public let problems: [String]
    public var description: String { problems.joined(separator: "\n") }
}

/// A table cut at its tabulators; collects what is wrong with it.
struct ConductTable {
    struct Line {
        let number: Int
        let fields: [String]
        /// Where a field begins, from 1.
        func column(_ field: Int) -> Int { fields[..<field].reduce(1) { $0 + $1.count + 1 } }
    }

    let file: String
    private(set) var lines: [Line] = []
    var problems: [String] = []

    /// - Parameter columns: what each column holds, for the reader of an error.
    init(_ text: String, file: String, columns: [String]) {
        self.file = file
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let entry = Line(number: index + 1, fields: fields)
            if fields.count == columns.count {
                lines.append(entry)
            } else {
                report(
                    entry, field: min(fields.count, columns.count),
                    "se esperaban \(columns.count) columnas separadas por tabulador (\(columns.joined(separator: ", "))) y hay \(fields.count)"
                )
            }
        }
    }

    mutating func report(_ line: Line, field: Int, _ problem: String) {
        problems.append("\(file):\(line.number):\(line.column(field)): \(problem)")
    }
}

extension ConductRules {
    /// Reads a table of rules: id, kind, value, source, why; `#` opens a comment line.
    /// - Parameters:
    ///   - phrases: the wordings that `presentacion`, `no_decir` and `evitar` name.
    ///   - completing: rules that hold as well, such as the country's for a table of the company; the strictest decides.
    /// - Throws: ``ConductFileError`` with every line that is wrong.
    public static func parse(
        _ text: String, file: String, phrases: PhraseTable, completing base: ConductRules? = nil
    ) throws -> ConductRules {
        var table = ConductTable(text, file: file, columns: ["id", "regla", "valor", "fuente", "por qué no"])
        var rules = base?.rules ?? []
        for line in table.lines {
            for (field, name) in [(0, "el id"), (3, "la fuente"), (4, "por qué no")]
            where line.fields[field].allSatisfy(\.isWhitespace) {
                table.report(line, field: field, "falta \(name)")
            }
            if rules.contains(where: { $0.id == line.fields[0] }) {
                table.report(line, field: 0, "el id `\(line.fields[0])` ya está más arriba")
            }
            switch kind(line.fields[1], line.fields[2], phrases) {
            case .success(let kind):
                rules.append(
                    ConductRule(id: line.fields[0], kind: kind, source: line.fields[3], why: line.fields[4]))
            case .failure(let problem): table.report(line, field: problem.field, problem.text)
            }
        }
        if base == nil, table.problems.isEmpty {
            let covered = rules.reduce(into: Set<Weekday>()) { days, rule in
                switch rule.kind {
                case .hours(let weekdays, _, _), .noWeekdays(let weekdays): days.formUnion(weekdays)
                default: break
                }
            }
            let missing = Weekday.allCases.filter { !covered.contains($0) }
            if !missing.isEmpty {
                table.problems.append(
                    "\(file):1:1: ningún `horario` ni `sin_contacto` dice qué pasa los días \(missing.map(\.spanishName).joined(separator: ", "))"
                )
            }
        }
        guard table.problems.isEmpty else { throw ConductFileError(problems: table.problems) }
        return ConductRules(rules: rules, phrases: phrases)
    }

    private struct Problem: Error {
        /// 1: the kind; 2: its value.
        let field: Int
        let text: String
    }

    private static let kinds = [
        "horario", "sin_contacto", "maximo", "separacion", "un_canal", "canal_autorizado", "horario_propio", "baja",
        "cese", "numero_ajeno", "vulnerable", "presentacion", "cargo_informado", "no_decir", "evitar",
    ]

    private static func kind(_ name: String, _ value: String, _ phrases: PhraseTable)
        -> Result<ConductRule.Kind, Problem>
    {
        func expected(_ what: String) -> Result<ConductRule.Kind, Problem> {
            .failure(Problem(field: 2, text: "`\(name)` espera \(what), no `\(value)`"))
        }
        func numbers(_ words: String...) -> [Int]? {
            let parts = value.split(separator: " ").map(String.init)
            guard parts.count == words.count else { return nil }
            var found: [Int] = []
            for (part, word) in zip(parts, words) {
                if word == "N" {
                    guard let number = Int(part), (1...366).contains(number) else { return nil }
                    found.append(number)
                } else if part != word {
                    return nil
                }
            }
            return found
        }
        func bare(_ kind: ConductRule.Kind) -> Result<ConductRule.Kind, Problem> {
            value == "-" ? .success(kind) : expected("`-`, porque no lleva valor")
        }
        func wordings(_ kind: (String) -> ConductRule.Kind) -> Result<ConductRule.Kind, Problem> {
            phrases.has(value)
                ? .success(kind(value))
                : expected("una de las listas de frases (\(phrases.names.joined(separator: ", ")))")
        }
        switch name {
        case "horario":
            let parts = value.split(separator: " ")
            guard parts.count == 2, let days = weekdays(parts[0]), let (from, to) = window(parts[1]) else {
                return expected("días y horas como `lun-vie 08:00-20:00`")
            }
            return .success(.hours(days, from: from, to: to))
        case "sin_contacto":
            if value == "feriado" { return .success(.noHolidays(.nationalHoliday)) }
            if value == "no_laborable" { return .success(.noHolidays(.nonWorkingDay)) }
            guard let days = weekdays(value[...]) else {
                return expected("días como `dom` o `sab,dom`, `feriado` o `no_laborable`")
            }
            return .success(.noWeekdays(days))
        case "maximo":
            guard let found = numbers("N", "en", "N", "dias") else {
                return expected("una cantidad y un plazo como `3 en 7 dias`")
            }
            return .success(.atMost(found[0], days: found[1]))
        case "separacion":
            guard let found = numbers("N", "dias") else { return expected("un plazo como `2 dias`") }
            return .success(.apart(days: found[0]))
        case "un_canal":
            guard let found = numbers("N", "dias") else { return expected("un plazo como `7 dias`") }
            return .success(.oneChannel(days: found[0]))
        case "canal_autorizado": return bare(.knownChannel)
        case "horario_propio": return bare(.ownHours)
        case "baja": return bare(.optedOut)
        case "cese": return bare(.ceased)
        case "numero_ajeno": return bare(.wrongNumber)
        case "vulnerable": return bare(.vulnerable)
        case "cargo_informado": return bare(.chargeInformed)
        case "presentacion": return wordings { .disclosure($0) }
        case "no_decir": return wordings { .forbidden($0) }
        case "evitar": return wordings { .avoided($0) }
        default:
            return .failure(
                Problem(field: 1, text: "no existe la regla `\(name)`; puede ser \(kinds.joined(separator: ", "))"))
        }
    }

    private static let shortNames = ["lun", "mar", "mie", "jue", "vie", "sab", "dom"]

    /// `lun-vie`, `sab`, `sab,dom`.
    private static func weekdays(_ text: Substring) -> [Weekday]? {
        var days: [Weekday] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
                shortNames.firstIndex(of: String($0))
            }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last
            else { return nil }
            days += (first...last).map { Weekday(rawValue: $0 + 1)! }
        }
        return days
    }

    /// `08:00-20:00` in minutes of the day.
    private static func window(_ text: Substring) -> (Int, Int)? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { clock -> Int? in
            let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hour = Int(parts[0]),
                let minute = Int(parts[1]), (0...24).contains(hour), (0..<60).contains(minute)
            else { return nil }
            return hour * 60 + minute
        }
        guard ends.count == 2, let from = ends[0], let to = ends[1], from < to, to <= 1440 else { return nil }
        return (from, to)
    }
}

extension ConductRules {
    /// Wordings in Spanish, of the countries below.
    static let spanish = try! PhraseTable.parse(
        String(decoding: PackageResources.phrases_es_tsv, as: UTF8.self), file: "phrases_es.tsv")

    /// The rules that we ship, by ISO 3166 code. Each comes from `Resources/conduct_….tsv`.
    public static let countries: [String: ConductRules] = [
        "AR": shipped(PackageResources.conduct_ar_tsv, "conduct_ar.tsv"),
        "CL": shipped(PackageResources.conduct_cl_tsv, "conduct_cl.tsv"),
        "CO": shipped(PackageResources.conduct_co_tsv, "conduct_co.tsv"),
        "MX": shipped(PackageResources.conduct_mx_tsv, "conduct_mx.tsv"),
        "PE": shipped(PackageResources.conduct_pe_tsv, "conduct_pe.tsv"),
        "US": shipped(PackageResources.conduct_us_tsv, "conduct_us.tsv"),
    ]

    public static let argentina = countries["AR"]!

    private static func shipped(_ bytes: [UInt8], _ file: String) -> ConductRules {
        try! parse(String(decoding: bytes, as: UTF8.self), file: file, phrases: spanish)
    }
}
