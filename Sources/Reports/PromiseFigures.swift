import Quantities

/// How promises ended.
struct PromiseTally {
    var count: [String: Int64] = [:]
    var cents: [String: Int64] = [:]

    init(_ rows: some Sequence<RollupRow>) {
        for row in rows {
            count[row.detail, default: 0] += row.count
            cents[row.detail, default: 0] += row.cents
        }
    }

    var made: Int64 { count.values.reduce(0, +) }
    var promised: Int64 { cents.values.reduce(0, +) }
    func of(_ states: String...) -> Int64 { states.reduce(0) { $0 + (count[$1] ?? 0) } }
    private static let judgedStates = ["kept", "partiallyKept", "broken"]
    var kept: Percent? { share(count["kept"] ?? 0, of: Self.judgedStates.reduce(0) { $0 + (count[$1] ?? 0) }) }
    var keptMoney: Percent? { share(cents["kept"] ?? 0, of: Self.judgedStates.reduce(0) { $0 + (cents[$1] ?? 0) }) }

    /// Open, kept, kept in part, broken, others.
    var cells: [Cell] {
        [
            .count(made), .count(of("open")), .count(of("kept")), .count(of("partiallyKept")), .count(of("broken")),
            .count(of("withdrawn", "superseded")),
        ]
    }
    static let columns = ["Hechas", "Abiertas", "Cumplidas", "En parte", "Rotas", "Otras"]
}

extension ReportMaker {
    func promisesByWeek() throws -> Report {
        let rows = try rows(.promise, by: .time)
        let byWeek = Dictionary(grouping: rows) { $0.day.week }
        let tallies = weeks.map { ($0, PromiseTally(byWeek[$0] ?? [])) }
        let all = PromiseTally(rows)
        let table = ReportTable(
            ["Semana del"] + PromiseTally.columns + ["Prometido", "Cumplimiento"],
            tallies.map { [.text($0.iso)] + $1.cells + [money($1.promised), .percent($1.kept)] },
            total: [.text("Total")] + all.cells + [money(all.promised), .percent(all.kept)])
        let series = [
            ("cumplidas", ["kept"]), ("en parte", ["partiallyKept"]), ("rotas", ["broken"]), ("abiertas", ["open"]),
            ("otras", ["withdrawn", "superseded"]),
        ].map { name, states in
            Chart.Series(name, tallies.map { tally in states.reduce(0) { $0 + (tally.1.count[$1] ?? 0) } })
        }
        return report(table, Chart(.stacked, .count, tallies.map(\.0.short), series))
    }

    func cohorts() throws -> Report {
        let byMonth = Dictionary(grouping: try rows(.promise, by: .time)) { $0.day.monthStart }
        let tallies = months.map { ($0, PromiseTally(byMonth[$0] ?? [])) }
        let table = ReportTable(
            ["Mes"] + PromiseTally.columns + ["Prometido", "Cumplimiento", "Cumplimiento en plata"],
            tallies.map {
                [.text($0.monthName)] + $1.cells + [money($1.promised), .percent($1.kept), .percent($1.keptMoney)]
            })
        return report(
            table,
            Chart(
                .lines, .percent, tallies.map(\.0.monthName),
                [
                    Chart.Series("cumplimiento", tallies.map { $0.1.kept?.basisPoints }),
                    Chart.Series("en plata", tallies.map { $0.1.keptMoney?.basisPoints }),
                ]))
    }

    func promises(by name: String, _ grain: RollupGrain, _ key: (RollupRow) -> String) throws -> Report {
        let tallies = Dictionary(grouping: try rows(.promise, by: grain), by: key).mapValues { PromiseTally($0) }
            .filter { $0.value.made != 0 }.sorted { ($1.value.made, $0.key) < ($0.value.made, $1.key) }
        let table = ReportTable(
            [name] + PromiseTally.columns + ["Prometido", "Cumplimiento", "Cumplimiento en plata"],
            tallies.map {
                [.text($0.key)] + $0.value.cells
                    + [money($0.value.promised), .percent($0.value.kept), .percent($0.value.keptMoney)]
            })
        return report(
            table,
            Chart(
                .bars, .percent, tallies.map(\.key),
                [Chart.Series("cumplimiento", tallies.map { $0.value.kept?.basisPoints })]))
    }
}
