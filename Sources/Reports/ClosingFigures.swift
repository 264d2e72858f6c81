import Quantities

extension ReportMaker {
    /// Of the accounts that stood in `before`, those that stood in one of `after` a month later.
    private func part(_ rows: [ClosingRow], _ before: (AgeingBucket) -> Bool, _ after: (ClosingRow) -> Bool)
        -> (moved: Int64, all: Int64)
    {
        let all = rows.filter { before($0.before) }
        return (all.filter(after).reduce(0) { $0 + $1.accounts }, all.reduce(0) { $0 + $1.accounts })
    }

    private func closed() throws -> [(month: Day, rows: [ClosingRow])] {
        Dictionary(grouping: try data.closings(period.lowerBound.monthStart...period.upperBound, filter), by: \.month)
            .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static var nothing: String {
        "Todavía no hay meses cerrados en el período: el servidor cierra cada mes al terminar."
    }

    func rolls() throws -> Report {
        let months = try closed()
        let steps = AgeingBucket.allCases.dropLast()
        func rate(_ bucket: AgeingBucket, _ rows: [ClosingRow]) -> Percent? {
            let part = part(rows, { $0 == bucket }, { $0.after > bucket })
            return share(part.moved, of: part.all)
        }
        let table = ReportTable(
            ["Mes"] + steps.map { "De \($0.spanishName) a peor" },
            months.map { month, rows in [.text(month.monthName)] + steps.map { .percent(rate($0, rows)) } })
        let chart = Chart(
            .lines, .percent, months.map(\.month.monthName),
            steps.map { bucket in
                Chart.Series(bucket.spanishName, months.map { rate(bucket, $0.rows)?.basisPoints })
            })
        return report(table, chart, notes: months.isEmpty ? [Self.nothing] : [])
    }

    func transitions() throws -> Report {
        guard let (month, rows) = try closed().last else {
            return report(ReportTable(["De \\ a"], []), nil, notes: [Self.nothing])
        }
        let lines: [[Cell]] = AgeingBucket.allCases.map { before in
            let counts = AgeingBucket.allCases.map { after in part(rows, { $0 == before }, { $0.after == after }) }
            return [.text(before.spanishName)]
                + counts.flatMap { [.count($0.moved), .percent(share($0.moved, of: $0.all))] }
        }
        return report(
            ReportTable(
                ["Empezó"] + AgeingBucket.allCases.flatMap { ["A \($0.spanishName)", "% a \($0.spanishName)"] }, lines),
            Chart(
                .heat, .percent, AgeingBucket.allCases.map(\.spanishName),
                AgeingBucket.allCases.map { before in
                    Chart.Series(
                        before.spanishName,
                        AgeingBucket.allCases.map { after in
                            let part = part(rows, { $0 == before }, { $0.after == after })
                            return share(part.moved, of: part.all)?.basisPoints
                        })
                }), notes: ["Mes: \(month.monthName)."])
    }

    func cures() throws -> Report {
        let months = try closed().map { month, rows in
            (month: month, part: part(rows, { $0 > .current }, { $0.after == .current }))
        }
        let table = ReportTable(
            ["Mes", "Empezaron con mora", "Se curaron", "Cura"],
            months.map {
                [
                    .text($0.month.monthName), .count($0.part.all), .count($0.part.moved),
                    .percent(share($0.part.moved, of: $0.part.all)),
                ]
            })
        return report(
            table,
            Chart(
                .lines, .percent, months.map(\.month.monthName),
                [Chart.Series("cura", months.map { share($0.part.moved, of: $0.part.all)?.basisPoints })]),
            notes: months.isEmpty ? [Self.nothing] : [])
    }

    func dso() throws -> Report {
        let first = filter.from.monthStart.adding(months: -2)
        let months = Dictionary(grouping: try data.closings(first...filter.to, filter), by: \.month)
        var lines: [(month: Day, open: Int64, billed: Int64, days: Int)] = []
        for month in self.months {
            guard let rows = months[month] else { continue }
            let window = (0...2).map { month.adding(months: -$0) }.filter { months[$0] != nil }
            lines.append(
                (
                    month: month, open: rows.reduce(0) { $0 + $1.centsAfter },
                    billed: window.reduce(0) { $0 + (months[$1] ?? []).reduce(0) { $0 + $1.billed } },
                    days: window.reduce(0) { $0 + Day.length(ofMonth: $1.month, year: $1.year) }
                ))
        }
        func days(_ line: (month: Day, open: Int64, billed: Int64, days: Int)) -> Int64? {
            line.billed > 0 ? roundedHalfUp(Int128(line.open) * Int128(line.days), over: Int128(line.billed)) : nil
        }
        let table = ReportTable(
            ["Mes", "Capital impago al cierre", "Vencido en hasta tres meses", "DSO (días)"],
            lines.map {
                [
                    .text($0.month.monthName), money($0.open), money($0.billed),
                    days($0).map { .count($0) } ?? .text("sin datos"),
                ]
            })
        return report(
            table,
            Chart(.lines, .count, lines.map(\.month.monthName), [Chart.Series("días", lines.map(days))]),
            notes: lines.isEmpty ? [Self.nothing] : [])
    }
}
