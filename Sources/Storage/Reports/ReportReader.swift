import Conduct
import Conversations
import DatabaseEngine
import Ledger
import Quantities
import Reports

/// Reads what reports need, within one read of the database.
struct ReportReader: ReportData {
    let db: Database
    let zone: Zone

    func rows(
        _ kind: RollupKind, _ days: ClosedRange<Day>, _ filter: ReportFilter, by grain: RollupGrain
    ) throws -> [RollupRow] {
        var conditions = ["kind = ?", "at >= ?", "at < ?", "(n <> 0 OR cents <> 0)"]
        func place(_ day: Day) -> Int64 {
            kind.isHourly ? Moment(day, in: zone).milliseconds / 3_600_000 : Int64(day.number)
        }
        var values: [RowValue] = [
            .text(kind.rawValue), .integer(place(days.lowerBound)),
            .integer(place(days.upperBound.adding(days: 1))),
        ]
        let wanted: [(Dimension, String?)] = [
            (.currency, filter.currency.rawValue), (.segment, filter.segment), (.version, filter.version),
            (.agent, filter.agent.map { $0 == ReportFilter.bot ? "" : $0 }),
        ]
        for (dimension, value) in wanted where kind.dimensions.contains(dimension) {
            guard let value else { continue }
            conditions.append("\(dimension.rawValue) = ?")
            values.append(.text(value))
        }
        // Summed here: a year of hours is many rows, of which few figures look at each.
        let columns: [(RollupGrain, String)] = [(.segment, "segment"), (.version, "version"), (.agent, "agent")]
        let local = "(at * 60 + \(zone.secondsFromUTC / 60))"
        let times: [(RollupGrain, String)] = [
            (.time, "at"), (.day, "\(local) / 1440"), (.slot, "(\(local) / 60) % 168"),
        ]
        let time = times.first { grain.contains($0.0) }?.1
        let told = [time].compactMap(\.self) + columns.filter { grain.contains($0.0) }.map(\.1) + ["detail"]
        let selected = ([time == nil ? "0" : "min(at)"] + columns.map { grain.contains($0.0) ? $0.1 : "''" })
            .joined(separator: ", ")
        return try RowStatement(
            db,
            """
            SELECT \(selected), detail, sum(n), sum(cents) FROM rollup WHERE \(conditions.joined(separator: " AND "))
            GROUP BY \(told.joined(separator: ", "))
            """
        ).all(values) {
            RollupRow(
                at: Int($0.integer(0)), segment: $0.text(1), version: $0.text(2), agent: $0.text(3), detail: $0.text(4),
                count: $0.integer(5), cents: $0.integer(6))
        }
    }

    func portfolio(_ filter: ReportFilter) throws -> [PortfolioRow] {
        try RowStatement(
            db,
            """
            SELECT segment, broken, due, n, cents FROM portfolio
            WHERE currency = ?1 AND (CAST(?2 AS TEXT) IS NULL OR segment = ?2) AND n <> 0
            """
        ).all(.text(filter.currency.rawValue), .text(filter.segment)) {
            PortfolioRow(
                segment: $0.text(0), brokenPromises: Int($0.integer(1)), oldestDue: $0.day(2), accounts: $0.integer(3),
                cents: $0.integer(4))
        }
    }

    func closings(_ days: ClosedRange<Day>, _ filter: ReportFilter) throws -> [ClosingRow] {
        try RowStatement(
            db,
            """
            SELECT month, segment, before, after, n, cents_before, cents_after, billed FROM closings
            WHERE month >= ?1 AND month <= ?2 AND currency = ?3 AND (CAST(?4 AS TEXT) IS NULL OR segment = ?4)
            """
        ).all(
            .day(days.lowerBound), .day(days.upperBound), .text(filter.currency.rawValue), .text(filter.segment)
        ) {
            ClosingRow(
                month: $0.day(0), segment: $0.text(1), before: AgeingBucket(rawValue: Int($0.integer(2))) ?? .current,
                after: AgeingBucket(rawValue: Int($0.integer(3))) ?? .current, accounts: $0.integer(4),
                centsBefore: $0.integer(5), centsAfter: $0.integer(6), billed: $0.integer(7))
        }
    }

    // MARK: Person by person

    /// What is known of one person's contacts.
    private struct Known {
        var contacts: [(row: Int64, contact: Contact)]
        var optedOut: Moment?
        var vulnerable: PersonStanding.Mark?
    }

    func contacts(_ days: ClosedRange<Day>, limit: Int) throws -> [PastContact] {
        let rows = try RowStatement(
            db, "SELECT rowid, account_id, channel, at FROM contacts WHERE at >= ? AND at < ? ORDER BY at DESC LIMIT ?"
        ).all(
            .integer(Moment(days.lowerBound, in: zone).milliseconds),
            .integer(Moment(days.upperBound.adding(days: 1), in: zone).milliseconds), .integer(Int64(limit))
        ) { (row: $0.integer(0), account: $0.text(1), channel: $0.text(2), at: Moment(milliseconds: $0.integer(3))) }
        var persons: [String: Known] = [:]
        return try rows.map { row in
            let known = try persons[row.account] ?? known(ofPersonOf: row.account)
            persons[row.account] = known
            var history = ContactHistory(
                optedOut: known.optedOut.map { $0 < row.at } ?? false, channels: [row.channel])
            history.proactive = known.contacts.filter { ($0.contact.at, $0.row) < (row.at, row.row) }.map(\.contact)
            history.standing.vulnerable = known.vulnerable.flatMap { $0.since < row.at ? $0 : nil }
            return PastContact(
                accountID: row.account, contact: Contact(at: row.at, channel: row.channel), history: history)
        }
    }

    private func known(ofPersonOf accountID: String) throws -> Known {
        let turn = SQLiteTurn(db: db)
        let accounts = try turn.heads(ofPersonOf: accountID)
        var known = Known(contacts: [], vulnerable: try turn.standing(accountID: accountID).vulnerable)
        for id in accounts.isEmpty ? [accountID] : accounts.map(\.id) {
            known.contacts += try RowStatement(
                db, "SELECT rowid, at, channel FROM contacts WHERE account_id = ? ORDER BY at"
            ).all(.text(id)) {
                ($0.integer(0), Contact(at: Moment(milliseconds: $0.integer(1)), channel: $0.text(2)))
            }
        }
        known.contacts.sort { ($0.contact.at, $0.row) < ($1.contact.at, $1.row) }
        known.optedOut = try event("optout", accounts.map(\.id))?.at
        return known
    }

    /// When something first happened to one of a person's accounts, and in which conversation.
    private func event(_ kind: String, _ accounts: [String]) throws -> (at: Moment, conversation: String)? {
        try accounts.compactMap { id in
            try RowStatement(
                db,
                """
                SELECT at, body ->> 'conversationID' FROM audit
                WHERE body ->> 'accountID' = ? AND body ->> 'kind' = ? ORDER BY id LIMIT 1
                """
            ).first(.text(id), .text(kind)) { (at: Moment(milliseconds: $0.integer(0)), conversation: $0.text(1)) }
        }.min { $0.at < $1.at }
    }

    /// The customer's message of that turn.
    private func message(_ event: (at: Moment, conversation: String)?) throws -> String? {
        guard let event else { return nil }
        return try RowStatement(
            db, "SELECT message_id FROM journal WHERE message_id IS NOT NULL AND conversation_id = ? AND at = ?"
        ).first(.text(event.conversation), .integer(event.at.milliseconds)) { $0.text(0) }
    }

    func limits(_ limit: Int) throws -> [ContactLimit] {
        let turn = SQLiteTurn(db: db)
        var found: [ContactLimit] = []
        func add(_ account: String, _ kind: String, _ detail: String, since: Moment?, by event: String) throws {
            let said = try self.event(event, try turn.heads(ofPersonOf: account).map(\.id))
            found.append(
                ContactLimit(
                    accountID: account, kind: kind, detail: detail, since: since ?? said?.at,
                    evidence: try message(said)))
        }
        // Of a person with several accounts, the first.
        let optedOut = try RowStatement(
            db,
            """
            SELECT a.id FROM accounts a WHERE \(SQL.isSet("a.opted_out")) AND (a.document = '' OR NOT EXISTS (
                SELECT 1 FROM accounts b WHERE b.document = a.document AND b.id < a.id AND \(SQL.isSet("b.opted_out"))))
            ORDER BY a.id LIMIT ?
            """
        ).all(.integer(Int64(limit))) { $0.text(0) }
        for id in optedOut {
            try add(id, "baja", "no se le escribe por iniciativa propia", since: nil, by: "optout")
        }
        let standings = try RowStatement(
            db,
            """
            SELECT coalesce((SELECT min(id) FROM accounts WHERE document = person), replace(person, 'cuenta ', '')), body
            FROM standings ORDER BY person LIMIT ?
            """
        ).all(.integer(Int64(limit))) { ($0.text(0), $0.text(1)) }
        for (id, body) in standings {
            let standing: PersonStanding = try JSON.value(body)
            if let mark = standing.ceased {
                try add(id, "cese de la gestión", mark.why, since: mark.since, by: "standing.ceased")
            }
            if let mark = standing.vulnerable {
                try add(id, "vulnerable", mark.why, since: mark.since, by: "standing.vulnerable")
            }
            if let hours = standing.ownHours {
                try add(id, "horario propio", hours.spanish, since: nil, by: "standing.own_hours")
            }
        }
        let others = try RowStatement(
            db,
            """
            SELECT account_id, channel FROM conversations WHERE \(SQL.isTrue("body ->> 'wrongNumber'")) AND account_id IS NOT NULL
            ORDER BY account_id LIMIT ?
            """
        ).all(.integer(Int64(limit))) { ($0.text(0), $0.text(1)) }
        for (id, channel) in others {
            try add(id, "número ajeno", "el número de \(channel) no es del titular", since: nil, by: "wrong_number")
        }
        return Array(found.prefix(limit))
    }
}

/// What can be chosen in the filters.
public struct ReportChoices: Hashable, Sendable {
    public var segments: [String]
    /// Versions of dialogs, and persons who recorded promises, of the period.
    public var versions: [String]
    public var agents: [String]
}

extension ReportReader {
    func choices(_ filter: ReportFilter) throws -> ReportChoices {
        func all(_ sql: String, _ values: RowValue...) throws -> [String] {
            try RowStatement(db, sql).all(values) { $0.text(0) }
        }
        let hours = [filter.from, filter.to.adding(days: 1)].map {
            RowValue.integer(Moment($0, in: zone).milliseconds / 3_600_000)
        }
        return ReportChoices(
            segments: try all("SELECT DISTINCT segment FROM portfolio WHERE n <> 0 ORDER BY 1"),
            versions: try all(
                "SELECT DISTINCT version FROM rollup WHERE kind = 'talk' AND at >= ? AND at < ? AND version <> '' ORDER BY 1",
                hours[0], hours[1]),
            agents: try all(
                "SELECT DISTINCT agent FROM rollup WHERE kind = 'promise' AND at >= ? AND at <= ? AND agent <> '' ORDER BY 1",
                .day(filter.from), .day(filter.to)))
    }
}

extension Store {
    /// One report.
    public func report(_ figure: Figure, _ filter: ReportFilter, _ terms: ReportTerms) async throws -> Report {
        try await pool.read { try figure.report(filter, terms, ReportReader(db: $0, zone: terms.zone)) }
    }

    /// Reports of one moment, and what their filters offer.
    public func reports(_ figures: [Figure], _ filter: ReportFilter, _ terms: ReportTerms) async throws
        -> (reports: [Report], choices: ReportChoices)
    {
        try await pool.read { db in
            let reader = ReportReader(db: db, zone: terms.zone)
            return (try figures.map { try $0.report(filter, terms, reader) }, try reader.choices(filter))
        }
    }

    /// The same of a database that a server may be using.
    /// - Throws: ``StoreError``.
    public static func reports(_ figures: [Figure], _ filter: ReportFilter, _ terms: ReportTerms, in path: String)
        throws -> [Report]
    {
        try reading(path) { db in
            let reader = ReportReader(db: db, zone: terms.zone)
            return try figures.map { try $0.report(filter, terms, reader) }
        }
    }
}
