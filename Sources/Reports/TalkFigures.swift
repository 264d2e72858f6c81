import Quantities

extension ReportMaker {
    private func byWeek(_ kind: RollupKind) throws -> [Day: Int64] {
        var sums: [Day: Int64] = [:]
        for row in try rows(kind, by: .day) { sums[row.local(in: terms.zone).day.week, default: 0] += row.count }
        return sums
    }

    /// So many things by what they are, the most frequent first.
    private func ranking(_ rows: [RollupRow], _ name: (RollupRow) -> String?) -> [(name: String, count: Int64)] {
        var sums: [String: Int64] = [:]
        for row in rows { if let name = name(row) { sums[name, default: 0] += row.count } }
        return sums.filter { $0.value != 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { (name: $0.key, count: $0.value) }
    }

    private func ranked(_ column: String, _ lines: [(name: String, count: Int64)], notes: [String] = []) -> Report {
        let total = lines.reduce(0) { $0 + $1.count }
        return report(
            ReportTable(
                [column, "Cantidad", "%"],
                lines.map { [.text($0.name), .count($0.count), .percent(share($0.count, of: total))] },
                total: [.text("Total"), .count(total), .percent(share(total, of: total))]),
            Chart(.bars, .count, lines.map(\.name), [Chart.Series("cantidad", lines.map(\.count))]), notes: notes)
    }

    func containment() throws -> Report {
        let (talks, cases) = (try byWeek(.talk), try byWeek(.handoff))
        func contained(_ talks: Int64, _ cases: Int64) -> Percent? { share(max(0, talks - cases), of: talks) }
        let lines = weeks.map { (week: $0, talks: talks[$0] ?? 0, cases: cases[$0] ?? 0) }
        let (allTalks, allCases) = (lines.reduce(0) { $0 + $1.talks }, lines.reduce(0) { $0 + $1.cases })
        return report(
            ReportTable(
                ["Semana del", "Charlas", "Casos para personas", "Contención"],
                lines.map {
                    [.text($0.week.iso), .count($0.talks), .count($0.cases), .percent(contained($0.talks, $0.cases))]
                },
                total: [.text("Total"), .count(allTalks), .count(allCases), .percent(contained(allTalks, allCases))]),
            Chart(
                .lines, .percent, lines.map(\.week.short),
                [Chart.Series("contención", lines.map { contained($0.talks, $0.cases)?.basisPoints })]))
    }

    func reasons() throws -> Report {
        ranked(
            "Motivo", ranking(try rows(.handoff, by: [])) { $0.detail.map { $0 == "_" ? " " : String($0) }.joined() })
    }

    func funnel() throws -> Report {
        let rows = try rows(.step, by: .version)
        let versions = ranking(rows, \.version)
        guard let version = versions.first?.name else {
            return report(ReportTable(["Estado", "Charlas", "% del más alcanzado"], []), nil)
        }
        let states = ranking(rows.filter { $0.version == version }, \.detail)
        let most = states.first?.count ?? 0
        let others = versions.dropFirst().map(\.name)
        return report(
            ReportTable(
                ["Estado", "Charlas", "% del más alcanzado"],
                states.map { [.text($0.name), .count($0.count), .percent(share($0.count, of: most))] }),
            Chart(.bars, .count, states.map(\.name), [Chart.Series("charlas", states.map(\.count))]),
            notes: ["Versión \(version)."]
                + (others.isEmpty ? [] : ["También hubo charlas con \(others.joined(separator: ", "))."]))
    }

    func outcomes() throws -> Report {
        let prefix = "dialog.ended:"
        return ranked(
            "Desenlace",
            ranking(try rows(.event, by: [])) {
                $0.detail.hasPrefix(prefix) ? String($0.detail.dropFirst(prefix.count)) : nil
            })
    }

    // MARK: Contacts

    private struct Slot: Hashable {
        let weekday: Int
        let hour: Int
    }

    private func slots(_ kind: RollupKind) throws -> [Slot: Int64] {
        var sums: [Slot: Int64] = [:]
        for row in try rows(kind, by: .slot) {
            let (day, hour) = row.local(in: terms.zone)
            sums[Slot(weekday: day.weekday.rawValue, hour: hour), default: 0] += row.count
        }
        return sums.filter { $0.value != 0 }
    }

    private func heat(_ unit: Chart.Unit, _ value: (Slot) -> Int64?) -> Chart {
        Chart(
            .heat, unit, (0..<24).map(String.init),
            Weekday.allCases.map { weekday in
                Chart.Series(
                    weekday.spanishName, (0..<24).map { value(Slot(weekday: weekday.rawValue, hour: $0)) })
            })
    }

    private func cells(_ slot: Slot) -> [Cell] {
        [.text(Weekday(rawValue: slot.weekday)?.spanishName ?? ""), .text("\(slot.hour) h")]
    }

    func bestHour() throws -> Report {
        let (sent, answered) = (try slots(.contact), try slots(.answer))
        func rate(_ slot: Slot) -> Percent? { share(answered[slot] ?? 0, of: sent[slot] ?? 0) }
        let best = sent.keys.sorted {
            let (a, b) = (rate($0)?.basisPoints ?? 0, rate($1)?.basisPoints ?? 0)
            return (b, sent[$1] ?? 0, $0.weekday, $0.hour) < (a, sent[$0] ?? 0, $1.weekday, $1.hour)
        }
        return report(
            ReportTable(
                ["Día", "Hora", "Mandados", "Contestados", "Respuesta"],
                best.map {
                    cells($0) + [.count(sent[$0] ?? 0), .count(answered[$0] ?? 0), .percent(rate($0))]
                }), heat(.percent) { rate($0)?.basisPoints })
    }

    func contactsByHour() throws -> Report {
        let sent = try slots(.contact)
        let sorted = sent.sorted { ($0.key.weekday, $0.key.hour) < ($1.key.weekday, $1.key.hour) }
        return report(
            ReportTable(["Día", "Hora", "Mandados"], sorted.map { cells($0.key) + [.count($0.value)] }),
            heat(.count) { sent[$0] })
    }

    func contactsByDay() throws -> Report {
        let rows = try rows(.contact, by: .day)
        let channels = ranking(rows) { $0.detail.isEmpty ? "sin anotar" : $0.detail }.map(\.name)
        var sums: [Day: [String: Int64]] = [:]
        for row in rows where row.count != 0 {
            let channel = row.detail.isEmpty ? "sin anotar" : row.detail
            sums[row.local(in: terms.zone).day, default: [:]][channel, default: 0] += row.count
        }
        let days = sums.keys.sorted()
        return report(
            ReportTable(
                ["Día"] + channels,
                days.map { day in
                    [.text(day.iso)] + channels.map { .count(sums[day]?[$0] ?? 0) }
                },
                total: [.text("Total")]
                    + channels.map { name in .count(days.reduce(0) { $0 + (sums[$1]?[name] ?? 0) }) }),
            Chart(
                .stacked, .count, days.map(\.short),
                channels.map { name in Chart.Series(name, days.map { sums[$0]?[name] ?? 0 }) }))
    }

    func refused() throws -> Report {
        let prefix = "proactive.refused:"
        let rules = Dictionary(terms.conduct.rules.map { ($0.id, $0.why) }) { first, _ in first }
        let lines = ranking(try rows(.event, by: [])) {
            $0.detail.hasPrefix(prefix) ? String($0.detail.dropFirst(prefix.count)) : nil
        }
        return report(
            ReportTable(
                ["Regla", "Por qué", "Frenados"],
                lines.map { [.text($0.name), .text(rules[$0.name] ?? "ya no rige"), .count($0.count)] }),
            Chart(.bars, .count, lines.map(\.name), [Chart.Series("frenados", lines.map(\.count))]))
    }

    func violations() throws -> Report {
        let contacts = try data.contacts(period, limit: terms.mostRows)
        var lines: [[Cell]] = []
        for past in contacts {
            // A receipt may be written to who asked for no collection; which one it was is not on record.
            let permission = terms.conduct.mayContact(
                .receipt, on: past.contact.channel, history: past.history, at: past.contact.at, zone: terms.zone,
                calendar: terms.calendar)
            guard case .refused(let refusal) = permission else { continue }
            lines.append([
                .text(past.accountID), .text(past.contact.at.iso(in: terms.zone)), .text(past.contact.channel),
                .text(refusal.rule.id), .text(refusal.why),
            ])
        }
        var notes = [
            "Se miraron \(grouped(Int64(contacts.count))) mensajes: \(lines.isEmpty ? "ninguno" : grouped(Int64(lines.count))) en infracción."
        ]
        if contacts.count == terms.mostRows {
            notes.append("Son los últimos del período; el CSV y `promesa report infracciones` los miran todos.")
        }
        return report(ReportTable(["Cuenta", "Cuándo", "Canal", "Regla", "Por qué"], lines), nil, notes: notes)
    }

    func limits() throws -> Report {
        let limits = try data.limits(terms.mostRows)
        var notes: [String] = []
        if limits.count == terms.mostRows { notes.append("Son los últimos; el CSV los trae todos.") }
        return report(
            ReportTable(
                ["Cuenta", "Qué", "Detalle", "Desde", "Mensaje que lo prueba"],
                limits.map {
                    [
                        .text($0.accountID), .text($0.kind), .text($0.detail),
                        .text($0.since?.iso(in: terms.zone) ?? "sin fecha"), .text($0.evidence ?? "no consta"),
                    ]
                }), nil, notes: notes)
    }
}
