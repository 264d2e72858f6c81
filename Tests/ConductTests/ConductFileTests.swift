import Conduct
import SharedData
import Testing

/// The tables of rules and wordings, as people write them.
struct ConductFileTests {
    private static let phrases = try! PhraseTable.parse("amenaza\tte _ embargamos\n", file: "frases.tsv")
    private static let week = "x.a\thorario\tlun-dom 08:00-20:00\tcriterio\tfuera de hora\n"

    private func problems(_ text: String) -> [String] {
        do {
            _ = try ConductRules.parse(text, file: "reglas.tsv", phrases: Self.phrases)
            return []
        } catch {
            return (error as? ConductFileError)?.problems ?? ["\(error)"]
        }
    }

    @Test(
        "A wrong line is named with its place and what was expected",
        arguments: [
            ("x.b\thorario\tlun-vie 8-20\tley\tpor algo", "reglas.tsv:2:13:", "lun-vie 08:00-20:00"),
            ("x.b\thorario\tlun-vie 20:00-08:00\tley\tpor algo", "reglas.tsv:2:13:", "días y horas"),
            ("x.b\tmaximo\t0 en 7 dias\tley\tpor algo", "reglas.tsv:2:12:", "3 en 7 dias"),
            ("x.b\tsin_contacto\tdomingo\tley\tpor algo", "reglas.tsv:2:18:", "feriado"),
            ("x.b\tnunca\t-\tley\tpor algo", "reglas.tsv:2:5:", "no existe la regla `nunca`"),
            ("x.b\tbaja\tsi\tley\tpor algo", "reglas.tsv:2:10:", "`-`"),
            ("x.b\tno_decir\tgritos\tley\tpor algo", "reglas.tsv:2:14:", "amenaza"),
            ("x.b\tbaja\t-\tley", "reglas.tsv:2:16:", "5 columnas"),
            ("x.a\tbaja\t-\tley\tpor algo", "reglas.tsv:2:1:", "ya está más arriba"),
            ("x.b\tbaja\t-\t\tpor algo", "reglas.tsv:2:12:", "la fuente"),
        ])
    func wrong(line: String, place: String, expected: String) {
        let found = problems(Self.week + line)
        #expect(found.count == 1 && found[0].hasPrefix(place) && found[0].contains(expected), "\(found)")
    }

    @Test("Every wrong line is reported, not the first only")
    func all() { #expect(problems("a\nb\nc\n").count == 3) }

    @Test("A table that forgets a day of the week is refused")
    func forgotten() {
        let found = problems("x.a\thorario\tlun-vie 08:00-20:00\tley\tpor algo")
        #expect(found == ["reglas.tsv:1:1: ningún `horario` ni `sin_contacto` dice qué pasa los días sábado, domingo"])
    }

    @Test(
        "A wrong wording is named with its place",
        arguments: [
            ("amenaza\tte @todos", "frases.tsv:1:9:", "@todos"),
            ("amenaza\t_ te?", "frases.tsv:1:9:", "ninguna palabra"),
            ("amenaza", "frases.tsv:1:9:", "2 columnas"), ("hora.30\ttarde", "frases.tsv:1:1:", "de 0 a 24"),
        ])
    func wording(line: String, place: String, expected: String) {
        let error = #expect(throws: ConductFileError.self) { try PhraseTable.parse(line, file: "frases.tsv") }
        let found = error?.problems ?? []
        #expect(found.count == 1 && found[0].hasPrefix(place) && found[0].contains(expected), "\(found)")
    }

    @Test(
        "Every rule that we ship has an id of its own, a source and a sentence",
        arguments: ConductRules.countries.keys.sorted())
    func shipped(country: String) throws {
        let rules = try #require(ConductRules.countries[country]).rules
        #expect(Set(rules.map(\.id)).count == rules.count)
        for rule in rules {
            #expect(rule.id.hasPrefix(country.lowercased() + ".") && !rule.source.isEmpty && !rule.why.isEmpty)
        }
    }

    @Test("The company's own table only tightens the country's")
    func company() throws {
        let rules = try ConductRules.parse(
            "propia.tarde\thorario\tlun-vie 09:00-18:00\tla empresa\tla empresa escribe de 9 a 18\n",
            file: "propia.tsv",
            phrases: ConductRules.argentina.phrases, completing: .argentina)
        #expect(rules.rules.count == ConductRules.argentina.rules.count + 1)
        #expect(
            ContactHoursTests.until(ContactHoursTests.permission(at: "2026-11-24T07:00", rules: rules))
                == "2026-11-24T09:00")
        #expect(
            ContactHoursTests.until(ContactHoursTests.permission(at: "2026-11-24T18:30", rules: rules))
                == "2026-11-25T09:00")
    }

    /// Rows such as "Mon-Fri 7-19, Sat 8-15", "not more than once a day", "at most 2 a week, at least 2 days apart".
    @Test(
        "The countries' figures are those of conduct.tsv", .enabled(if: SharedData.has("conduct.tsv")),
        arguments: [
            ("CO", "hours", "Mon-Fri 7-19, Sat 8-15", ["lun-vie 07:00-19:00", "sab 08:00-15:00", "dom", "feriado"]),
            ("CO", "frequency", "not more than once a day, and no more than one channel", ["1 en 1 dias", "7 dias"]),
            ("CL", "hours", "Mon-Sat 8-20", ["lun-sab 08:00-20:00"]),
            ("CL", "frequency", "at most 2 a week, at least 2 days apart", ["2 en 7 dias", "2 dias"]),
        ] as [(String, String, String, [String])])
    func shared(country: String, topic: String, says: String, values: [String]) throws {
        let row = try #require(
            SharedData.rows("conduct.tsv").first { $0["country"] == country && $0["topic"] == topic })
        #expect(row["rule"]?.contains(says) == true)
        let table = try String(
            contentsOf: SharedData.repository.appendingPathComponent(
                "Sources/Conduct/Resources/conduct_\(country.lowercased()).tsv"), encoding: .utf8)
        let written = table.split(separator: "\n").compactMap { line -> String? in
            let fields = line.split(separator: "\t")
            return fields.count == 5 ? String(fields[2]) : nil
        }
        for value in values { #expect(written.contains(value)) }
    }
}
