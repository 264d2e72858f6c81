import Negotiation
import Quantities

/// Promises of one segment that are to be paid in one week.
private struct WeekOfSegment: Hashable {
    let week: Day
    let segment: String
}

/// Makes one figure out of what the data says.
struct ReportMaker<Data: ReportData> {
    let figure: Figure
    let filter: ReportFilter
    let terms: ReportTerms
    let data: Data

    var period: ClosedRange<Day> { filter.from...filter.to }

    func rows(_ kind: RollupKind, by grain: RollupGrain) throws -> [RollupRow] {
        try data.rows(kind, period, filter, by: grain)
    }

    func report(_ table: ReportTable, _ chart: Chart?, notes: [String] = []) -> Report {
        Report(figure: figure, chart: table.rows.isEmpty ? nil : chart, table: table, notes: notes + ignored)
    }

    /// Says which of the filters do not touch this figure.
    private var ignored: [String] {
        let set: [(Dimension, String, String?)] = [
            (.segment, "segmento", filter.segment), (.version, "versión del diálogo", filter.version),
            (.agent, "agente", filter.agent),
        ]
        var names = set.filter { $0.2 != nil && !figure.dimensions.contains($0.0) }.map(\.1)
        if filter.stage != nil, figure != .tramos { names.append("etapa") }
        return names.isEmpty ? [] : ["Este cuadro no distingue por \(names.joined(separator: " ni por "))."]
    }

    func money(_ cents: Int64) -> Cell { .money(Money(cents: cents, filter.currency)) }

    /// The Mondays of the period.
    var weeks: [Day] {
        var weeks: [Day] = []
        var week = filter.from.week
        while week <= filter.to {
            weeks.append(week)
            week = week.adding(days: 7)
        }
        return weeks
    }

    /// The first days of the months of the period.
    var months: [Day] {
        var months: [Day] = []
        var month = filter.from.monthStart
        while month <= filter.to {
            months.append(month)
            month = month.adding(months: 1)
        }
        return months
    }

    // MARK: Portfolio

    func buckets() throws -> Report {
        var sums: [AgeingBucket: [Stage: (accounts: Int64, cents: Int64)]] = [:]
        for row in try data.portfolio(filter) {
            let days = terms.today - row.oldestDue
            let stage = terms.stage(daysPastDue: days, broken: row.brokenPromises)
            if let wanted = filter.stage, wanted != stage { continue }
            let sum = sums[AgeingBucket(daysPastDue: days), default: [:]][stage] ?? (0, 0)
            sums[AgeingBucket(daysPastDue: days), default: [:]][stage] = (
                sum.accounts + row.accounts, sum.cents + row.cents
            )
        }
        let all = sums.values.flatMap(\.values)
        let total = all.reduce(0) { $0 + $1.cents }
        var rows: [[Cell]] = []
        for bucket in AgeingBucket.allCases {
            for stage in Stage.allCases {
                guard let sum = sums[bucket]?[stage], sum.accounts != 0 else { continue }
                rows.append([
                    .text(bucket.spanishName), .text(stage.spanishName), .count(sum.accounts), money(sum.cents),
                    .percent(share(sum.cents, of: total)),
                ])
            }
        }
        let table = ReportTable(
            ["Días de mora", "Etapa", "Cuentas", "Capital impago", "% del capital"], rows,
            total: [
                .text("Total"), .text(""), .count(all.reduce(0) { $0 + $1.accounts }), money(total),
                .percent(share(total, of: total)),
            ])
        let series = Stage.allCases.map { stage in
            Chart.Series(stage.spanishName, AgeingBucket.allCases.map { sums[$0]?[stage]?.cents ?? 0 })
        }
        return report(
            table,
            Chart(.stacked, .money(filter.currency), AgeingBucket.allCases.map(\.spanishName), series))
    }

    func segments() throws -> Report {
        var sums: [String: (accounts: Int64, cents: Int64, overdue: Int64)] = [:]
        for row in try data.portfolio(filter) {
            var sum = sums[row.segment] ?? (0, 0, 0)
            sum.accounts += row.accounts
            sum.cents += row.cents
            if row.oldestDue < terms.today { sum.overdue += row.cents }
            sums[row.segment] = sum
        }
        let sorted = sums.filter { $0.value.accounts != 0 }.sorted {
            ($1.value.cents, $0.key) < ($0.value.cents, $1.key)
        }
        let table = ReportTable(
            ["Segmento", "Cuentas", "Capital impago", "En cuentas con mora", "% en mora"],
            sorted.map { name, sum in
                [
                    .text(name), .count(sum.accounts), money(sum.cents), money(sum.overdue),
                    .percent(share(sum.overdue, of: sum.cents)),
                ]
            })
        let series = [
            Chart.Series("con mora", sorted.map(\.value.overdue)),
            Chart.Series("sin mora", sorted.map { $0.value.cents - $0.value.overdue }),
        ]
        return report(table, Chart(.stacked, .money(filter.currency), sorted.map(\.key), series))
    }

    // MARK: Money

    func collected() throws -> Report {
        let sums = Dictionary(grouping: try rows(.payment, by: .time)) { $0.day.week }
        let lines = weeks.map { week in
            let rows = sums[week] ?? []
            return (week: week, count: rows.reduce(0) { $0 + $1.count }, cents: rows.reduce(0) { $0 + $1.cents })
        }
        let table = ReportTable(
            ["Semana del", "Pagos", "Cobrado"],
            lines.map { [.text($0.week.iso), .count($0.count), money($0.cents)] },
            total: [
                .text("Total"), .count(lines.reduce(0) { $0 + $1.count }), money(lines.reduce(0) { $0 + $1.cents }),
            ])
        return report(
            table,
            Chart(
                .stacked, .money(filter.currency), lines.map(\.week.short),
                [Chart.Series("cobrado", lines.map(\.cents))]))
    }

    func forecast() throws -> Report {
        let past = try data.rows(.due, terms.today.adding(days: -365)...terms.today, filter, by: .segment)
        func kept(_ rows: [RollupRow]) -> Percent? {
            let judged = rows.filter { ["kept", "partiallyKept", "broken"].contains($0.detail) }
            return share(
                judged.reduce(0) { $0 + ($1.detail == "kept" ? $1.cents : 0) }, of: judged.reduce(0) { $0 + $1.cents })
        }
        let overall = kept(past)
        let bySegment = Dictionary(grouping: past, by: \.segment).compactMapValues(kept)
        func open(_ kind: RollupKind) throws -> [WeekOfSegment: (count: Int64, cents: Int64)] {
            let days = terms.today.adding(days: -60)...terms.today.adding(days: 400)
            var sums: [WeekOfSegment: (count: Int64, cents: Int64)] = [:]
            for row in try data.rows(kind, days, filter, by: [.time, .segment]) where row.detail == "open" {
                let place = WeekOfSegment(week: row.day.week, segment: row.segment)
                let sum = sums[place] ?? (0, 0)
                sums[place] = (sum.count + row.count, sum.cents + row.cents)
            }
            return sums
        }
        let (weighed, byCard) = (try open(.weighed), try open(.expected))
        var weeks: [Day: (count: Int64, cents: Int64, expected: Int64)] = [:]
        for (place, sum) in try open(.due) where sum.count != 0 {
            // What the risk card did not weigh is worth what its segment kept.
            let weight = bySegment[place.segment] ?? overall ?? Percent(basisPoints: 8000)
            let rest = weight.of(Money(cents: sum.cents - (weighed[place]?.cents ?? 0))).cents
            let week = weeks[place.week] ?? (0, 0, 0)
            weeks[place.week] = (
                week.count + sum.count, week.cents + sum.cents, week.expected + (byCard[place]?.cents ?? 0) + rest
            )
        }
        let sorted = weeks.sorted { $0.key < $1.key }
        let table = ReportTable(
            ["Semana del", "Promesas", "Prometido", "Esperado"],
            sorted.map {
                [.text($0.key.iso), .count($0.value.count), money($0.value.cents), money($0.value.expected)]
            },
            total: [
                .text("Total"), .count(sorted.reduce(0) { $0 + $1.value.count }),
                money(sorted.reduce(0) { $0 + $1.value.cents }), money(sorted.reduce(0) { $0 + $1.value.expected }),
            ])
        let weights = bySegment.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.formatted)" }
        let note =
            weights.isEmpty
            ? "Todavía no hay promesas juzgadas: se supone que se cobra el 80 %."
            : "Peso por segmento: \(weights.joined(separator: ", "))."
        let count = weighed.values.reduce(0) { $0 + $1.count }
        let card = count == 0 ? [] : ["\(grouped(count)) de las promesas abiertas, por la tarjeta de riesgo."]
        return report(
            table,
            Chart(
                .stacked, .money(filter.currency), sorted.map(\.key.short),
                [
                    Chart.Series("esperado", sorted.map(\.value.expected)),
                    Chart.Series("lo demás prometido", sorted.map { $0.value.cents - $0.value.expected }),
                ]), notes: card + [note])
    }

    func cost() throws -> Report {
        let messages = Dictionary(grouping: try rows(.message, by: []), by: \.detail)
            .mapValues { $0.reduce(0) { $0 + $1.count } }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let cases = try rows(.handoff, by: []).reduce(0) { $0 + $1.count }
        let collected = try rows(.payment, by: []).reduce(0) { $0 + $1.cents }
        var lines = messages.map { (name: "mensajes por \($0.key)", count: $0.value, unit: filter.messageCost) }
        lines.append((name: "casos para personas", count: cases, unit: filter.caseCost))
        let total = lines.reduce(0) { $0 + $1.count * $1.unit.cents }
        let table = ReportTable(
            ["Qué", "Cantidad", "Costo de cada uno", "Costo"],
            lines.map { [.text($0.name), .count($0.count), money($0.unit.cents), money($0.count * $0.unit.cents)] },
            total: [.text("Total"), .text(""), .text(""), money(total)])
        let perHundred = collected > 0 ? roundedHalfUp(Int128(total) * 10_000, over: Int128(collected)) : nil
        let result = perHundred.map {
            "Costo cada \(Money.units(100, filter.currency).formatted) cobrados: \(Money(cents: $0, filter.currency).formatted) (cobrado \(Money(cents: collected, filter.currency).formatted))."
        }
        var notes = [result ?? "En el período no se cobró nada."]
        if filter.messageCost.isZero && filter.caseCost.isZero {
            notes.append("Poné en los filtros cuánto cuesta un mensaje y cuánto un caso.")
        }
        return report(
            table, Chart(.bars, .count, lines.map(\.name), [Chart.Series("cantidad", lines.map(\.count))]), notes: notes
        )
    }
}
