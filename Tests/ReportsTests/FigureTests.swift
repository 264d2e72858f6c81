import Conduct
import DemoCompany
import Ledger
import Negotiation
import Quantities
import Testing

@testable import Reports

/// Rows made by hand: a small company whose figures can be worked out with a pencil.
struct SmallCompany: ReportData {
    var sums: [RollupKind: [RollupRow]] = [:]
    var accounts: [PortfolioRow] = []
    var months: [ClosingRow] = []
    var past: [PastContact] = []
    var asked: [ContactLimit] = []

    func rows(
        _ kind: RollupKind, _ days: ClosedRange<Day>, _ filter: ReportFilter, by grain: RollupGrain
    ) -> [RollupRow] {
        (sums[kind] ?? []).filter { row in
            let day = kind.isHourly ? row.local(in: .argentina).day : row.day
            return days.contains(day) && (filter.segment == nil || filter.segment == row.segment)
        }
    }
    func portfolio(_ filter: ReportFilter) -> [PortfolioRow] { accounts }
    func closings(_ days: ClosedRange<Day>, _ filter: ReportFilter) -> [ClosingRow] {
        months.filter { days.contains($0.month) }
    }
    func contacts(_ days: ClosedRange<Day>, limit: Int) -> [PastContact] { Array(past.prefix(limit)) }
    func limits(_ limit: Int) -> [ContactLimit] { Array(asked.prefix(limit)) }
}

/// Each figure, against values that were worked out by hand.
struct FigureTests {
    /// A Tuesday.
    private static let today = Day("2026-11-24")!
    private static let terms = ReportTerms(
        today: today, zone: .argentina, calendar: .argentina, conduct: .argentina, policy: DemoCompany.world.policy)

    private func report(_ figure: Figure, _ data: SmallCompany) throws -> Report {
        try report(figure, ["desde": "2026-11-01", "hasta": "2026-11-30"], data)
    }

    private func report(_ figure: Figure, _ query: [String: String], _ data: SmallCompany) throws -> Report {
        try figure.report(try ReportFilter(query: query, today: Self.today), Self.terms, data)
    }

    /// As a person reads it: cells joined by bars.
    private func lines(_ report: Report) -> [String] {
        (report.table.rows + (report.table.total.map { [$0] } ?? [])).map {
            $0.map(\.formatted).joined(separator: " | ")
        }
    }

    private func row(
        _ day: String, _ detail: String, _ count: Int64, _ cents: Int64, segment: String = "ocasional",
        agent: String = ""
    )
        -> RollupRow
    {
        RollupRow(at: Day(day)!.number, segment: segment, agent: agent, detail: detail, count: count, cents: cents)
    }

    private func hour(_ moment: String, _ detail: String = "", _ count: Int64 = 1) -> RollupRow {
        RollupRow(at: Int(Moment(iso: moment)!.milliseconds / 3_600_000), detail: detail, count: count)
    }

    @Test("An account goes whole to the bucket of its oldest item, and to a stage by days and broken promises")
    func buckets() throws {
        let policy = DemoCompany.world.policy
        let far = Self.today.adding(days: -policy.extrajudicialFrom)
        var data = SmallCompany()
        data.accounts = [
            PortfolioRow(segment: "a", brokenPromises: 0, oldestDue: Self.today, accounts: 3, cents: 300_00),
            PortfolioRow(
                segment: "a", brokenPromises: 0, oldestDue: Self.today.adding(days: -30), accounts: 2, cents: 500_00),
            PortfolioRow(
                segment: "b", brokenPromises: policy.extrajudicialBrokenPromises,
                oldestDue: Self.today.adding(days: -1),
                accounts: 1, cents: 100_00),
            PortfolioRow(segment: "b", brokenPromises: 0, oldestDue: far, accounts: 1, cents: 100_00),
        ]
        let bucket = AgeingBucket(daysPastDue: policy.extrajudicialFrom).spanishName
        #expect(
            lines(try report(.tramos, data)) == [
                "al día | preventiva | 3 | $ 300,00 | 30 %", "1 a 30 | administrativa | 2 | $ 500,00 | 50 %",
                "1 a 30 | extrajudicial | 1 | $ 100,00 | 10 %", "\(bucket) | extrajudicial | 1 | $ 100,00 | 10 %",
                "Total |  | 7 | $ 1.000,00 | 100 %",
            ])
        #expect(
            lines(try report(.tramos, ["etapa": "administrativa"], data)) == [
                "1 a 30 | administrativa | 2 | $ 500,00 | 100 %", "Total |  | 2 | $ 500,00 | 100 %",
            ])
        #expect(
            lines(try report(.segmentos, data)) == [
                "a | 5 | $ 800,00 | $ 500,00 | 62,5 %", "b | 2 | $ 200,00 | $ 200,00 | 100 %",
            ])
    }

    @Test(
        "The edges of the buckets are those of the trade",
        arguments: zip([-5, 0, 1, 30, 31, 60, 61, 90, 91], [0, 0, 1, 1, 2, 2, 3, 3, 4]))
    func edges(days: Int, bucket: Int) { #expect(AgeingBucket(daysPastDue: days).rawValue == bucket) }

    private var promises: SmallCompany {
        var data = SmallCompany()
        data.sums[.promise] = [
            row("2026-11-02", "kept", 3, 300_00), row("2026-11-08", "broken", 1, 300_00, segment: "cronico"),
            row("2026-11-09", "open", 2, 50_00), row("2026-11-10", "partiallyKept", 1, 100_00, agent: "Ana"),
            row("2026-11-10", "withdrawn", 1, 10_00, agent: "Ana"), row("2026-10-30", "kept", 9, 900_00),
        ]
        return data
    }

    @Test("Promises are counted in the week in which they were made, kept against judged")
    func promisesByWeek() throws {
        let report = try report(.promesasPorSemana, ["desde": "2026-11-02", "hasta": "2026-11-15"], promises)
        #expect(
            lines(report) == [
                "2026-11-02 | 4 | 0 | 3 | 0 | 1 | 0 | $ 600,00 | 75 %",
                "2026-11-09 | 4 | 2 | 0 | 1 | 0 | 1 | $ 160,00 | 0 %",
                "Total | 8 | 2 | 3 | 1 | 1 | 1 | $ 760,00 | 60 %",
            ])
        #expect(report.chart?.series.first?.values == [3, 0] && report.chart?.categories == ["2/11", "9/11"])
    }

    @Test("Kept promises are told apart by month, segment and who took them, in number and in money")
    func cohorts() throws {
        #expect(
            lines(try report(.cohortes, ["desde": "2026-10-01", "hasta": "2026-11-30"], promises)) == [
                "octubre 2026 | 9 | 0 | 9 | 0 | 0 | 0 | $ 900,00 | 100 % | 100 %",
                "noviembre 2026 | 8 | 2 | 3 | 1 | 1 | 1 | $ 760,00 | 60 % | 42,86 %",
            ])
        #expect(
            lines(try report(.promesasPorSegmento, promises)) == [
                "ocasional | 7 | 2 | 3 | 1 | 0 | 1 | $ 460,00 | 75 % | 75 %",
                "cronico | 1 | 0 | 0 | 0 | 1 | 0 | $ 300,00 | 0 % | 0 %",
            ])
        #expect(
            lines(try report(.promesasPorAgente, promises)) == [
                "bot | 6 | 2 | 3 | 0 | 1 | 0 | $ 650,00 | 75 % | 50 %",
                "Ana | 2 | 0 | 0 | 1 | 0 | 1 | $ 110,00 | 0 % | 0 %",
            ])
    }

    @Test("The forecast weighs what is open by what the segment kept, else by what everybody did, else by 80 %")
    func forecast() throws {
        var data = SmallCompany()
        let open = [
            row("2026-11-27", "open", 1, 100_00), row("2026-11-30", "open", 1, 100_00, segment: "cronico"),
            row("2026-12-01", "open", 1, 200_00, segment: "nuevo"),
        ]
        data.sums[.due] = open
        #expect(
            lines(try report(.proyeccion, data)) == [
                "2026-11-23 | 1 | $ 100,00 | $ 80,00", "2026-11-30 | 2 | $ 300,00 | $ 240,00",
                "Total | 3 | $ 400,00 | $ 320,00",
            ])
        data.sums[.due] =
            open + [
                row("2026-10-01", "kept", 1, 90_00), row("2026-10-01", "broken", 1, 10_00),
                row("2026-10-02", "broken", 1, 80_00, segment: "cronico"),
                row("2026-10-02", "kept", 1, 20_00, segment: "cronico"),
            ]
        // 90 % of ocasional, 20 % of cronico, 55 % of a segment without a past.
        #expect(
            lines(try report(.proyeccion, data)) == [
                "2026-11-23 | 1 | $ 100,00 | $ 90,00", "2026-11-30 | 2 | $ 300,00 | $ 130,00",
                "Total | 3 | $ 400,00 | $ 220,00",
            ])
    }

    @Test("What the risk card weighed is worth what the card says, and the rest what its segment kept")
    func forecastByCard() throws {
        var data = SmallCompany()
        data.sums[.due] = [
            row("2026-11-27", "open", 2, 300_00), row("2026-10-01", "kept", 1, 90_00),
            row("2026-10-01", "broken", 1, 10_00),
        ]
        // One of the two, of $ 200, with a probability of 30 % that it is paid.
        data.sums[.weighed] = [row("2026-11-27", "open", 1, 200_00)]
        data.sums[.expected] = [row("2026-11-27", "open", 1, 60_00)]
        let report = try report(.proyeccion, data)
        #expect(lines(report).first == "2026-11-23 | 2 | $ 300,00 | $ 150,00")
        #expect(report.notes.contains("1 de las promesas abiertas, por la tarjeta de riesgo."))
    }

    @Test("The cost of a period is what its messages and cases cost, for each hundred collected")
    func cost() throws {
        var data = SmallCompany()
        data.sums[.message] = [hour("2026-11-03T10:00", "whatsapp", 30), hour("2026-11-04T10:00", "sms", 10)]
        data.sums[.handoff] = [hour("2026-11-04T12:00", "queja", 2)]
        data.sums[.payment] = [row("2026-11-05", "", 1, 50_000_00)]
        let report = try report(
            .costo, ["desde": "2026-11-01", "hasta": "2026-11-30", "costo_mensaje": "10", "costo_caso": "300,50"], data)
        #expect(
            lines(report) == [
                "mensajes por whatsapp | 30 | $ 10,00 | $ 300,00", "mensajes por sms | 10 | $ 10,00 | $ 100,00",
                "casos para personas | 2 | $ 300,50 | $ 601,00", "Total |  |  | $ 1.001,00",
            ])
        #expect(report.notes == ["Costo cada $ 100,00 cobrados: $ 2,00 (cobrado $ 50.000,00)."])
    }

    private var closings: SmallCompany {
        func closing(_ month: String, _ before: AgeingBucket, _ after: AgeingBucket, _ n: Int64) -> ClosingRow {
            ClosingRow(
                month: Day(month)!, segment: "a", before: before, after: after, accounts: n, centsBefore: n * 100_00,
                centsAfter: n * 50_00, billed: n * 100_00)
        }
        var data = SmallCompany()
        data.months = [
            closing("2026-09-01", .current, .current, 10), closing("2026-10-01", .current, .current, 80),
            closing("2026-10-01", .current, .upTo30, 20), closing("2026-10-01", .upTo30, .current, 3),
            closing("2026-10-01", .upTo30, .upTo60, 6), closing("2026-10-01", .upTo30, .upTo30, 1),
        ]
        return data
    }

    @Test("Roll rates, cure and days of sales come from how accounts went through the month")
    func closed() throws {
        let october = ["desde": "2026-10-01", "hasta": "2026-10-31"]
        #expect(
            lines(try report(.rodamiento, october, closings)) == [
                "octubre 2026 | 20 % | 60 % | sin datos | sin datos"
            ])
        #expect(lines(try report(.cura, october, closings)) == ["octubre 2026 | 10 | 3 | 30 %"])
        // 110 accounts with $ 50 each; $ 100 × (110 + 10) billed in September and October, which have 61 days.
        #expect(lines(try report(.dso, october, closings)) == ["octubre 2026 | $ 5.500,00 | $ 12.000,00 | 28"])
        #expect(
            lines(try report(.traspasos, october, closings)).prefix(2) == [
                "al día | 80 | 80 % | 20 | 20 % | 0 | 0 % | 0 | 0 % | 0 | 0 %",
                "1 a 30 | 3 | 30 % | 1 | 10 % | 6 | 60 % | 0 | 0 % | 0 | 0 %",
            ])
        #expect(
            try report(.cura, closings).notes == [
                "Todavía no hay meses cerrados en el período: el servidor cierra cada mes al terminar."
            ])
    }

    @Test("Containment is what no person had to attend, of the talks; the funnel is of one version")
    func talks() throws {
        var data = SmallCompany()
        data.sums[.talk] = [hour("2026-11-03T10:00", "", 8), hour("2026-11-08T23:30", "", 2)]
        data.sums[.handoff] = [hour("2026-11-04T10:00", "pide_humano", 1), hour("2026-11-04T11:00", "queja", 2)]
        let week = ["desde": "2026-11-02", "hasta": "2026-11-08"]
        #expect(lines(try report(.contencion, week, data)).first == "2026-11-02 | 10 | 3 | 70 %")
        #expect(
            lines(try report(.motivos, week, data)) == [
                "queja | 2 | 66,67 %", "pide humano | 1 | 33,33 %", "Total | 3 | 100 %",
            ])
        data.sums[.step] = [("v1", "saludo", 4), ("v2", "saludo", 10), ("v2", "confirmar", 5)].map {
            RollupRow(at: hour("2026-11-03T10:00").at, version: $0, detail: $1, count: $2)
        }
        let funnel = try report(.embudo, week, data)
        #expect(lines(funnel) == ["saludo | 10 | 100 %", "confirmar | 5 | 50 %"])
        #expect(funnel.notes == ["Versión v2.", "También hubo charlas con v1."])
    }

    @Test("The best hour is the one whose messages were answered most, on the company's clock")
    func bestHour() throws {
        var data = SmallCompany()
        // Tuesday at 10 and at 18, Wednesday at 10.
        data.sums[.contact] = [
            hour("2026-11-03T10:00", "sms", 4), hour("2026-11-03T18:00", "sms", 5), hour("2026-11-04T10:00", "sms", 3),
        ]
        data.sums[.answer] = [hour("2026-11-03T18:00", "sms", 4), hour("2026-11-04T10:00", "sms", 1)]
        let report = try report(.mejorHora, data)
        #expect(
            lines(report) == [
                "martes | 18 h | 5 | 4 | 80 %", "miércoles | 10 h | 3 | 1 | 33,33 %", "martes | 10 h | 4 | 0 | 0 %",
            ])
        #expect(report.chart?.series[1].values[18] == 8000 && report.chart?.series[0].values[18] == nil)
    }

    @Test("A message that the rules of now would not let pass is named with its rule; the others are not")
    func violations() throws {
        func past(_ moment: String, before: [String] = [], optedOut: Bool = false) -> PastContact {
            PastContact(
                accountID: "marta", contact: Contact(at: Moment(iso: moment)!, channel: "whatsapp"),
                history: ContactHistory(
                    optedOut: optedOut,
                    proactive: before.map { Contact(at: Moment(iso: $0)!, channel: "whatsapp") }, channels: ["whatsapp"]
                ))
        }
        var data = SmallCompany()
        data.past = [
            past("2026-11-24T10:00"), past("2026-11-24T23:00"), past("2026-11-24T11:00", before: ["2026-11-24T10:00"]),
            past("2026-11-24T10:00", optedOut: true),
        ]
        let report = try report(.infracciones, data)
        #expect(report.table.rows.count == 3)
        #expect(report.table.rows.map { $0[1].formatted.dropFirst(11).prefix(5) } == ["23:00", "11:00", "10:00"])
        #expect(report.notes == ["Se miraron 4 mensajes: 3 en infracción."])
    }

    @Test("A filter that a figure does not know is said, not passed over")
    func ignored() throws {
        let report = try report(.cobrado, ["agente": "Ana", "dialogo": "v1"], SmallCompany())
        #expect(report.notes == ["Este cuadro no distingue por versión del diálogo ni por agente."])
    }

    @Test("A file has plain numbers, whatever is in a name")
    func csv() throws {
        var data = SmallCompany()
        data.accounts = [
            PortfolioRow(segment: "uno, \"dos\"", brokenPromises: 0, oldestDue: Self.today, accounts: 1, cents: 1234_50)
        ]
        let bytes = try report(.segmentos, data).table.csv
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "Segmento,Cuentas,Capital impago,En cuentas con mora,% en mora\n\"uno, \"\"dos\"\"\",1,1234.50,0.00,0.00\n"
        )
    }
}

/// Filters as they stand in an address.
struct ReportFilterTests {
    private static let today = Day("2026-11-24")!

    @Test("A filter is read back from its own address")
    func roundTrip() throws {
        let query = [
            "desde": "2026-01-01", "hasta": "2026-02-01", "moneda": "USD", "segmento": "crónico & co",
            "dialogo": "v1", "agente": "Ana", "etapa": "extrajudicial", "costo_mensaje": "1.50", "costo_caso": "10",
        ]
        let filter = try ReportFilter(query: query, today: Self.today)
        #expect(
            filter.query
                == "desde=2026-01-01&hasta=2026-02-01&moneda=USD&segmento=cr%C3%B3nico%20%26%20co&dialogo=v1&agente=Ana&etapa=extrajudicial&costo_mensaje=1.50&costo_caso=10.00"
        )
    }

    @Test("Without one it is the twelve weeks until today; what is empty filters nothing")
    func usual() throws {
        let filter = try ReportFilter(query: ["segmento": "", "etapa": ""], today: Self.today)
        #expect(filter == ReportFilter(today: Self.today))
        #expect(filter.from == Day("2026-09-07")! && filter.to == Self.today)
    }

    @Test(
        "What cannot be used is refused with what would do",
        arguments: [
            (["desde": "ayer"], "2026-11-24"), (["desde": "2026-12-01", "hasta": "2026-11-01"], "antes de empezar"),
            (["moneda": "EUR"], "ARS o USD"), (["etapa": "otra"], "preventiva"), (["costo_caso": "-1"], "12,50"),
            (["desde": "2020-01-01"], "1100 días"),
        ])
    func refused(query: [String: String], words: String) {
        let problem = #expect(throws: ReportFilterProblem.self) { try ReportFilter(query: query, today: Self.today) }
        #expect(problem?.description.contains(words) == true)
    }
}
